#!/bin/sh
# Completion for bash from what the program says of itself: commands, options, parameters and their words, and
# the addresses of statistics of a short run.
# usage: make_completion.sh RETAKE SCENARIO.yaml > retake. SPDX-License-Identifier: Apache-2.0
set -eu
retake=$1
scenario=$2
here=$(dirname "$0")
tab=$(printf '\t')
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

quoted() { sed "s/^/    '/; s/\$/'/"; }

verbs_of() { # COMMAND
    "$retake" "$1" --help | sed -n "s/^[ a-z:]*retake $1 \\([a-z][a-z]*\\)  *[A-Z-].*/\\1/p"
}

files_of() { # COMMAND [VERB]: what stands in its usage without an option
    "$retake" "$@" --help | sed -n "s/^usage: retake $*//p" |
        sed 's/\[-[^]]*\]//g; s/--*[a-z-]* [A-Z][^ ]*//g' | grep -oE '[A-Z0-9]+\.[a-z0-9]+|KEY' | head -n 1 || true
}

tables_of() { # COMMAND [VERB]
    "$retake" "$@" --help | awk -f "$here/options.awk" | while IFS="$tab" read -r option takes; do
        printf "    ['%s %s']+=' %s'\n" "$*" "$option" "$takes"
    done
    printf "    ['%s']='%s'\n" "$*" "$(files_of "$@")"
}

sed -n '1,/^$/p' "$here/completion.bash"
echo "_retake_commands=("
"$retake" --commands | cut -f 1 | quoted
echo ")"
echo "declare -gA _retake_verbs=("
"$retake" --commands | cut -f 1 | while read -r command; do
    printf "    ['%s']='%s'\n" "$command" "$(verbs_of "$command" | tr '\n' ' ')"
done
echo ")"
# What follows a command, or one of its options: words, or the kind of a file or value.
echo "declare -gA _retake_takes=()"
echo "_retake_takes+=("
"$retake" --commands | cut -f 1 | while read -r command; do
    verbs=$(verbs_of "$command")
    [ -n "$verbs" ] || tables_of "$command"
    for verb in $verbs; do
        tables_of "$command" "$verb"
    done
done
echo ")"
echo "_retake_keys=("
"$retake" params | sed -n 's/^\([a-z][a-z0-9_.*]*\): .*/\1/p' | sed 's/^population\.groups\.\*/population.groups.all/' |
    grep -v '[*]' | quoted
echo ")"
echo "_retake_assignments=("
"$retake" params | awk -f "$here/assignments.awk" | quoted
echo ")"
# Those with a standard error and few coordinates: what --precision and --target are asked for.
echo "_retake_addresses=("
"$retake" run "$scenario" --candidates 512 -o "$scratch/run.h5" 2>/dev/null
"$retake" summary "$scratch/run.h5" --format csv | awk -F '"' -f "$here/addresses.awk" | quoted
echo ")"
sed '1,/^$/d' "$here/completion.bash"
