#!/usr/bin/env bash
# Completes words as bash would and looks at what it offers. SPDX-License-Identifier: Apache-2.0
set -euo pipefail
script=$RETAKE_BUILD_DIR/help/completion/retake
if [ ! -e "$script" ]; then
    echo "no completion in this build"
    exit 77
fi
set +u
# shellcheck disable=SC1090
. "$script"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir results
touch emr.yaml emr.h5 bank.csv rules.so notes.txt results/wait.h5
n_checked=0

offered() { # LINE: what TAB at its end offers, one a line, sorted
    COMP_LINE=$1
    COMP_POINT=${#COMP_LINE}
    COMPREPLY=()
    _retake
    printf '%s\n' "${COMPREPLY[@]}" | sort -u
}

complain() {
    echo "after '$1': $2; offered: $(offered "$1" | head -n 20 | tr '\n' ' ')" >&2
    exit 1
}

exactly() { # LINE WORD...
    local line=$1 expected
    shift
    expected=$(printf '%s\n' "$@" | sort -u)
    [ "$(offered "$line")" = "$expected" ] || complain "$line" "not exactly '$*'"
    n_checked=$((n_checked + 1))
}

among() { # LINE WORD...
    local line=$1 word words
    words=$(offered "$1")
    shift
    for word; do
        [[ $'\n'$words$'\n' == *$'\n'"$word"$'\n'* ]] || complain "$line" "no '$word'"
    done
    n_checked=$((n_checked + 1))
}

complete -p retake | grep -- '-F _retake' >/dev/null
# Commands and verbs, all that the program has.
among "retake " $("$RETAKE" --commands | cut -f 1) --help --version
exactly "retake sw" sweep
exactly "retake su" summary
exactly "retake bank ge" generate
among "retake bank " info check convert exposure generate
# Options.
exactly "retake run emr.yaml --ch" --checkpoint
among "retake run --" --set --output --precision --microdata-keep --resume --shard
among "retake check emr.yaml --" --set --rules --help
exactly "retake trace emr.yaml --cand" --candidate
among "retake bank generate --" --model --items --b-sd --domains
exactly "retake summary emr.h5 --j" --json
# Files by what the command or the option reads.
among "retake run " emr.yaml results
exactly "retake run e" emr.yaml
exactly "retake summary e" emr.h5
exactly "retake summary results/" results/wait.h5
exactly "retake run emr.yaml --rules " results rules.so
exactly "retake replay emr.yaml --bank b" bank.csv
exactly "retake bank info b" bank.csv
exactly "retake merge -o all.h5 e" emr.h5
exactly "retake run emr.yaml -o e" emr.h5
# Words.
exactly "retake summary emr.h5 --format " text md csv json table table-md table-columns
exactly "retake replay emr.yaml --missing " error unavailable
exactly "retake bank generate --model " rasch 2pl 3pl
exactly "retake sweep s.yaml --shard " auto
# Parameters: every key that the program lists, and the words of those that take one of a few.
exactly "retake run emr.yaml --set policy.wait_d" policy.wait_days=
exactly "retake run emr.yaml --set policy.wait_days=3 --set exam.fo" exam.form=
exactly "retake run emr.yaml --set exam.form=" cat linear normal
exactly "retake run emr.yaml --set exam.form=li" linear
exactly "retake run emr.yaml --set 'exam.form=li" exam.form=linear
exactly "retake run emr.yaml --set exam.tie_passes=" true false
exactly "retake params policy.wait_d" policy.wait_days
exactly "retake solve emr.yaml --free exam.cut_t" exam.cut_theta=
among "retake calibrate emr.yaml --free population.groups.all." \
    population.groups.all.theta_mean= population.groups.all.theta_sd=
"$RETAKE" params | sed -n 's/^\([a-z][a-z0-9_.]*\): .*/\1=/p' >keys
offered "retake run --set " >offered_keys
[ "$(wc -l <keys)" -gt 100 ]
[ -z "$(sort -u keys | comm -23 - offered_keys)" ] || complain "retake run --set " "a key is missing"
# Statistics.
among "retake run emr.yaml --precision " 'cumulative_pass_rate[attempt=3]=' 'false_pass_rate[attempt=1]='
exactly "retake run emr.yaml --precision 'cumulative_pass_rate[attempt=3" "cumulative_pass_rate[attempt=3]="
exactly "retake run emr.yaml --precision cumulative_pass_rate[attempt=3" "3]="
among "retake solve emr.yaml --target false_fail" 'false_fail_rate[attempt=2]='
# Nothing where nothing is known.
exactly "retake run emr.yaml --seed " ""
exactly "retake nonsense " ""
echo "$n_checked completions"
