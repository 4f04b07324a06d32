# What Debian hardens a build with, as far as the compiler and the processor have it. Sets retake_hardening and
# retake_hardening_link. A sanitizer has checks of its own. SPDX-License-Identifier: Apache-2.0
include(CheckCCompilerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)
set(retake_hardening "")
set(retake_hardening_link "")
if(RETAKE_HARDENING AND NOT RETAKE_SANITIZE)
    # The last two: x86-64 (CET) and 64-bit ARM. clang only warns of an option that it does not use.
    set(CMAKE_REQUIRED_FLAGS -Werror)
    foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection -fcf-protection -mbranch-protection=standard)
        string(MAKE_C_IDENTIFIER "RETAKE_HAS${flag}" has)
        check_c_compiler_flag(${flag} ${has})
        if(${has})
            list(APPEND retake_hardening ${flag})
        endif()
    endforeach()
    unset(CMAKE_REQUIRED_FLAGS)
    # Without optimisation there is nothing to fortify, and glibc warns. Some distributions define it themselves.
    if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
        list(APPEND retake_hardening -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
    endif()
    set(retake_hardening_link -Wl,-z,relro,-z,now)
endif()
