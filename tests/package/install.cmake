# What `cmake --install` leaves for programs that embed retake: the library, two headers, a CMake
# package (retake::retake) and a pkg-config file. tests/package/consumer.sh uses both.
# SPDX-License-Identifier: Apache-2.0
include(CMakePackageConfigHelpers)

foreach(header IN ITEMS retake.h retake/rule.h)
    if(EXISTS ${CMAKE_SOURCE_DIR}/include/${header})
        cmake_path(GET header PARENT_PATH folder)
        install(FILES include/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder})
    endif()
endforeach()
install(TARGETS retake_shared EXPORT retake LIBRARY)
install(TARGETS retake_static ARCHIVE)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/retake)
install(EXPORT retake FILE retakeConfig.cmake NAMESPACE retake:: DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/retakeConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/retakeConfigVersion.cmake DESTINATION ${package_dir})

file(RELATIVE_PATH to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH to_library ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH to_include ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/retake.pc @ONLY CONTENT [[
prefix=${pcfiledir}/@to_prefix@
libdir=${prefix}/@to_library@
includedir=${prefix}/@to_include@

Name: retake
Description: @PROJECT_DESCRIPTION@
Version: @PROJECT_VERSION@
Cflags: -I${includedir}
Libs: -L${libdir} -lretake
Requires.private: @HDF5_MODULE_NAME@ yaml-0.1 jansson libxxhash nlopt
Libs.private: -lhdf5_hl @OpenMP_C_FLAGS@ -lm
]])
install(FILES ${CMAKE_BINARY_DIR}/retake.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
