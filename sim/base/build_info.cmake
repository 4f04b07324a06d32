# Run by every build: writes OUT when the commit, the compiler or the flags have changed.
# SPDX-License-Identifier: Apache-2.0
function(git_output result)
    execute_process(COMMAND git --no-optional-locks -c safe.directory=${SOURCE_DIR} -C ${SOURCE_DIR}
            ${ARGN}
        OUTPUT_VARIABLE text OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
    if(failed)
        set(text "")
    endif()
    set(${result} "${text}" PARENT_SCOPE)
endfunction()

set(COMMIT unknown)
# An unpacked archive may lie inside somebody else's repository, whose commit says nothing.
if(EXISTS ${SOURCE_DIR}/.git)
    git_output(head rev-parse --short=12 HEAD)
    if(head)
        set(COMMIT ${head})
        git_output(changes status --porcelain --untracked-files=no)
        if(changes)
            string(APPEND COMMIT -dirty)
        endif()
    endif()
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/build_info.c.in ${OUT} @ONLY)
