# Man pages and completion, made by the program that they describe.
# SPDX-License-Identifier: Apache-2.0
set(help_folder ${CMAKE_SOURCE_DIR}/sim/cli/help)
file(GLOB help_sources CONFIGURE_DEPENDS ${help_folder}/*.awk ${help_folder}/*.sh ${help_folder}/*.bash)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/help/man/retake.1 ${CMAKE_BINARY_DIR}/help/completion/retake
    DEPENDS retake ${help_sources} ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/configs/emr.yaml
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/help/completion
    COMMAND sh ${help_folder}/make_man.sh $<TARGET_FILE:retake> ${CMAKE_BINARY_DIR}/help/man
    COMMAND sh ${help_folder}/make_completion.sh $<TARGET_FILE:retake> ${CMAKE_SOURCE_DIR}/configs/emr.yaml
        > ${CMAKE_BINARY_DIR}/help/completion/retake
    COMMENT "Man pages and completion" VERBATIM)
add_custom_target(retake_help ALL
    DEPENDS ${CMAKE_BINARY_DIR}/help/man/retake.1 ${CMAKE_BINARY_DIR}/help/completion/retake)

install(DIRECTORY ${CMAKE_BINARY_DIR}/help/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
    FILES_MATCHING PATTERN "*.1")
install(FILES ${CMAKE_BINARY_DIR}/help/completion/retake
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_BINARY_DIR}/help/completion/retake
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME retake-mpi)
# The pages that they name.
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}
    FILES_MATCHING PATTERN "*.md" PATTERN "*.svg" PATTERN "*.c")
