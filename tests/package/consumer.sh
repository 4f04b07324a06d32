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

# ---- rules from outside the tree: in a program, and in a shared object for the command line ----
cp "$RETAKE_SOURCE_DIR"/tests/package/outside/* "$folder"
"$RETAKE" bank generate -o "$folder/bank.csv" --items 200 --pilots 0 --model 2pl --seed 3 >/dev/null
"$compiler" -Wall -Wextra -Werror "$folder/outside_rules.c" "$folder/outside_program.c" \
    -o "$folder/outside" $flags -Wl,-rpath,"$library" -lm
"$folder/outside" "$folder/outside.yaml"

cd "$folder"
"$compiler" -shared -fPIC outside_rules.c -o rules.so -I"$prefix/include"
"$compiler" -shared -fPIC outside_rules.c -Dretake_rules=other_name -o other.so -I"$prefix/include"
sed 's/"after_61"/"fixed"/' outside_rules.c >taken.c
"$compiler" -shared -fPIC taken.c -o taken.so -I"$prefix/include"

statistics() { # SETTING...: the digest of all statistics of a run
    "$RETAKE" run outside.yaml --rules rules.so -o out.h5 "$@" 2>/dev/null
    "$RETAKE" summary out.h5 --json | grep -o "\"statistics_digest\": *\"[0-9a-f]*\""
}
statistics --set exam.select.rule=nearest >nearest.json
statistics --set exam.select.rule=closest_difficulty >closest.json
cmp nearest.json closest.json
"$RETAKE" check outside.yaml --rules ./rules.so --set exam.stop.rule=after_61 >/dev/null

refuse() { # FILE MESSAGE: status 65 and one line that has the message
    local status=0
    "$RETAKE" run outside.yaml --rules "$1" 2>refused >/dev/null || status=$?
    if [ $status -ne 65 ] || [ "$(wc -l <refused)" -ne 1 ] || ! grep -qF -- "--rules $1: $2" refused; then
        echo "--rules $1: status $status, not 65 and '$2': $(cat refused)" >&2
        exit 1
    fi
}
refuse none.so "cannot be loaded: cannot open shared object file"
refuse outside.yaml "cannot be loaded: "
refuse other.so "does not export"
refuse taken.so "stop rule 'fixed': retake has a rule of this name"
cd - >/dev/null

rm "$library"/libretake.so*
flags=$(pkg-config --static --cflags --libs retake)
"$compiler" "$sources/consumer.c" -o "$folder/static" $flags
expect_version "$folder/static"
