#!/usr/bin/env bash
# Installs retake, moves the installation, and builds programs against it in four ways: the CMake
# package, shared and static, pkg-config, and pkg-config --static; docs/example.c in all of them. Also holds
# that the libraries show retake_* alone, and cannot print or end a program.
# SPDX-License-Identifier: Apache-2.0
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

fail() { # MESSAGE
    echo "$1" >&2
    exit 1
}

# ---- what the example program does: six figures with errors, a file, one line of an error ----
expect_example() { # PROGRAM
    local status=0
    (cd "$folder" && "$1" "$RETAKE_SOURCE_DIR/configs/emr.yaml" engine.candidates=2000 >example.txt 2>example.err) ||
        fail "$1: $(cat "$folder/example.err")"
    [ "$(grep -cE '^  [a-z_]+\[attempt=[13]\] +[0-9]+\.[0-9]{2} \+- [0-9]+\.[0-9]{2} %$' "$folder/example.txt")" -eq 6 ] ||
        fail "$1 prints: $(cat "$folder/example.txt")"
    cmp "$folder/example.txt" "${expected_example:-$folder/example.txt}"
    grep -q '100 %$' "$folder/example.err" || fail "$1: no progress"
    "$RETAKE" summary "$folder/wait30.h5" --format csv | grep '^"cumulative_pass_rate\[group=all,attempt=3\]",' >/dev/null ||
        fail "$1: no wait30.h5"
    "$1" "$RETAKE_SOURCE_DIR/configs/emr.yaml" policy.wait_day=1 >"$folder/out" 2>"$folder/err" || status=$?
    [ $status -eq 65 ] && [ ! -s "$folder/out" ] && [ "$(wc -l <"$folder/err")" -eq 1 ] &&
        grep -q "^example: .*did you mean 'policy.wait_days'?" "$folder/err" ||
        fail "$1: status $status, not 65 and one line: $(cat "$folder/out" "$folder/err")"
}

# ---- symbols: what the library shows, and what it asks of others ----
expect_symbols() { # LIBRARY NM-OPTION...
    local library=$1 shown public
    shift
    shown=$(nm "$@" --defined-only "$library" | awk 'NF == 3 {print $3}' | sort)
    public=$(sed -n 's/^RETAKE_API .*[ *]\(retake_[a-z_]*\)(.*/\1/p' "$RETAKE_SOURCE_DIR/include/retake.h" | sort)
    [ "$shown" = "$public" ] || fail "$library shows: $(comm -3 <(echo "$shown") <(echo "$public"))"
    # A broken invariant ends the program through __assert_fail; nothing else may, nor print.
    shown=$(nm "$@" --undefined-only "$library" | awk '{print $NF}' | sed 's/@.*//' |
        grep -xE 'exit|_Exit|quick_exit|abort|stdout|stderr|v?printf|__v?printf_chk|puts|putchar|perror|psignal|v?warnx?|v?errx?|v?syslog' || true)
    [ -z "$shown" ] || fail "$library uses: $shown"
}

# The program alone asks for processes of their own (base/apart.c, base/guard_*.c), which end by _exit.
expect_no_end() { # ARCHIVE
    local users
    users=$(nm -A -g --undefined-only "$1" 2>/dev/null | grep -E ' U (_exit|signal|sigaction)(@|$)' |
        sed 's/.*[:(]\([a-z0-9_]*\)\.c\.o.*/\1/' | sort -u | grep -vE '^(apart|guard_[a-z]+)$' || true)
    [ -z "$users" ] || fail "end the program, or change a signal: $users"
}

cmake --install "$RETAKE_BUILD_DIR" --prefix "$folder/first" >/dev/null
mv "$folder/first" "$folder/prefix"
prefix=$folder/prefix

cmake -G "$(cached CMAKE_GENERATOR)" -S "$sources" -B "$folder/cmake" -DCMAKE_PREFIX_PATH="$prefix" \
    -DEXAMPLE="$RETAKE_SOURCE_DIR/docs/example.c" >/dev/null
cmake --build "$folder/cmake" >/dev/null
expect_version "$folder/cmake/consumer"
expect_example "$folder/cmake/example"
mv "$folder/example.txt" "$folder/expected.txt"
expected_example=$folder/expected.txt
expect_example "$folder/cmake/example_static"

packages=$(dirname "$(find "$prefix" -name retake.pc)")
export PKG_CONFIG_PATH=$packages${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
compiler=$(cached CMAKE_C_COMPILER)
library=$(pkg-config --variable=libdir retake)
flags=$(pkg-config --cflags --libs retake)
"$compiler" "$sources/consumer.c" -o "$folder/shared" $flags -Wl,-rpath,"$library"
expect_version "$folder/shared"
"$compiler" -Wall -Wextra -Wpedantic -Werror "$RETAKE_SOURCE_DIR/docs/example.c" -o "$folder/example" $flags -Wl,-rpath,"$library"
expect_example "$folder/example"
expect_symbols "$library/libretake.so" --dynamic
expect_symbols "$library/libretake.a" --extern-only
expect_no_end "$RETAKE_BUILD_DIR/libretake_rooms.a"

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
refuse none.so "cannot be loaded: cannot open: No such file or directory"
refuse outside.yaml "cannot be loaded: "
refuse other.so "does not export"
refuse taken.so "stop rule 'fixed': retake has a rule of this name"
cd - >/dev/null

rm "$library"/libretake.so*
flags=$(pkg-config --static --cflags --libs retake)
"$compiler" "$sources/consumer.c" -o "$folder/static" $flags
expect_version "$folder/static"
"$compiler" "$RETAKE_SOURCE_DIR/docs/example.c" -o "$folder/example" $flags
expect_example "$folder/example"
"$compiler" -Wall -Wextra -Werror "$folder/outside_rules.c" "$folder/outside_program.c" -o "$folder/outside" $flags
"$folder/outside" "$folder/outside.yaml"
