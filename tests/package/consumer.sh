#!/usr/bin/env bash
# Installs retake, moves the installation, and builds a program against it in three ways: the CMake
# package, pkg-config, and pkg-config --static. SPDX-License-Identifier: Apache-2.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sources=$RETAKE_SOURCE_DIR/tests/package/consumer

cached() { # NAME: what the build uses
    sed -n "s/^$1:[A-Z]*=//p" "$RETAKE_BUILD_DIR/CMakeCache.txt"
}
expected=$(cached CMAKE_PROJECT_VERSION)

expect_version() { # PROGRAM
    local version
    version=$("$1")
    if [ "$version" != "$expected" ]; then
        echo "$1 prints '$version', not '$expected'" >&2
        exit 1
    fi
}

cmake --install "$RETAKE_BUILD_DIR" --prefix "$folder/first" >/dev/null
mv "$folder/first" "$folder/prefix"
prefix=$folder/prefix

cmake -G "$(cached CMAKE_GENERATOR)" -S "$sources" -B "$folder/cmake" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$folder/cmake" >/dev/null
expect_version "$folder/cmake/consumer"

packages=$(dirname "$(find "$prefix" -name retake.pc)")
export PKG_CONFIG_PATH=$packages${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
compiler=$(cached CMAKE_C_COMPILER)
library=$(pkg-config --variable=libdir retake)
flags=$(pkg-config --cflags --libs retake)
"$compiler" "$sources/consumer.c" -o "$folder/shared" $flags -Wl,-rpath,"$library"
expect_version "$folder/shared"

rm "$library"/libretake.so*
flags=$(pkg-config --static --cflags --libs retake)
"$compiler" "$sources/consumer.c" -o "$folder/static" $flags
expect_version "$folder/static"
