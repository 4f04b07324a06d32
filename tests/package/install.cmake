# What `cmake --install` leaves for programs that embed retake: the library, two headers, a CMake
# package (retake::retake; retake::static as a component) and a pkg-config file. tests/package/consumer.sh
# uses all of them.
# SPDX-License-Identifier: Apache-2.0
include(CMakePackageConfigHelpers)

foreach(header IN ITEMS retake.h retake/rule.h)
    if(EXISTS ${CMAKE_SOURCE_DIR}/include/${header})
        cmake_path(GET header PARENT_PATH folder)
        install(FILES include/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder})
    endif()
endforeach()
install(TARGETS retake_shared EXPORT retake LIBRARY)
install(FILES ${CMAKE_BINARY_DIR}/libretake.a DESTINATION ${CMAKE_INSTALL_LIBDIR})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/retake)
install(EXPORT retake FILE retakeTargets.cmake NAMESPACE retake:: DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/retakeConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/retakeConfigVersion.cmake DESTINATION ${package_dir})

# retake::static needs the libraries that retake itself uses, so it is there only where it is asked for.
file(RELATIVE_PATH to_packages ${CMAKE_INSTALL_FULL_LIBDIR}/cmake/retake ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/retakeConfig.cmake @ONLY CONTENT [[
# find_package(retake) gives retake::retake; with COMPONENTS static also retake::static.
include(${CMAKE_CURRENT_LIST_DIR}/retakeTargets.cmake)
if("static" IN_LIST retake_FIND_COMPONENTS AND NOT TARGET retake::static)
    find_package(PkgConfig REQUIRED)
    set(ENV{PKG_CONFIG_PATH} "${CMAKE_CURRENT_LIST_DIR}/@to_packages@:$ENV{PKG_CONFIG_PATH}")
    pkg_check_modules(retake_static REQUIRED QUIET retake)
    find_library(retake_archive NAMES libretake.a PATHS ${retake_static_LIBDIR} NO_DEFAULT_PATH REQUIRED)
    list(FILTER retake_static_STATIC_LDFLAGS EXCLUDE REGEX "^-lretake$")
    add_library(retake::static STATIC IMPORTED)
    set_target_properties(retake::static PROPERTIES IMPORTED_LOCATION ${retake_archive}
        INTERFACE_INCLUDE_DIRECTORIES "${retake_static_INCLUDE_DIRS}"
        INTERFACE_LINK_LIBRARIES "${retake_static_STATIC_LDFLAGS}")
    set(retake_static_FOUND TRUE)
endif()
]])
install(FILES ${CMAKE_BINARY_DIR}/retakeConfig.cmake DESTINATION ${package_dir})

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
Requires.private: @HDF5_MODULE_NAME@ yaml-0.1 jansson libxxhash zlib nlopt
Libs.private: -lhdf5_hl @OpenMP_C_FLAGS@ -lm
]])
install(FILES ${CMAKE_BINARY_DIR}/retake.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
