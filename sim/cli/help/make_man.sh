#!/bin/sh
# Man pages from what the program says of itself.
# usage: make_man.sh RETAKE FOLDER. SPDX-License-Identifier: Apache-2.0
set -eu
retake=$1
folder=$2
here=$(dirname "$0")
version=$("$retake" --version | sed -n '1s/retake //p')
mkdir -p "$folder"
rm -f "$folder"/*.1

page() { # COMMAND DOC: the help on standard input
    name=retake${1:+-$1}
    awk -v command="$1" -v doc="$2" -v version="$version" -f "$here/man.awk" >"$folder/$name.1"
}

help_of() { # COMMAND: with the help of its verbs, where it has some
    "$retake" "$1" --help
    "$retake" "$1" --help | sed -n "s/^[ a-z:]*retake $1 \\([a-z][a-z]*\\)  *[A-Z-].*/\\1/p" | while read -r verb; do
        echo "@@ retake $1 $verb"
        "$retake" "$1" "$verb" --help
    done
}

tab=$(printf '\t')
"$retake" --commands | while IFS="$tab" read -r command usage doc; do
    help_of "$command" | page "$command" "$doc"
done
{
    echo "usage: retake COMMAND ..."
    echo "       retake COMMAND --help"
    echo "       retake --version"
    echo
    sed -n '/^retake is a Monte Carlo/,/^$/p' "$here/../../../README.md" | sed 's/[*]//g'
    echo @commands
    "$retake" --commands
    echo
    "$retake" --help | sed -n '/^Exit status:/,$p'
} | page "" "Monte Carlo engine for exam policy"
# retake-mpi takes the same commands.
echo ".so man1/retake.1" >"$folder/retake-mpi.1"
