# bash completion for retake: made by sim/cli/help/make_completion.sh. SPDX-License-Identifier: Apache-2.0
# Readline cuts words at = and : too; here a word is what stands between blanks.

# The words of the list that begin with $cur.
_retake_offer() {
    local word
    for word; do
        [[ $word != "$cur"* ]] || COMPREPLY+=("$word")
    done
}

# Files whose name ends so, and folders.
_retake_offer_files() { # [ENDING]
    local name
    compopt -o filenames 2>/dev/null || :
    while IFS= read -r name; do
        if [[ -d $name || -z $1 || $name == *.$1 ]]; then
            COMPREPLY+=("$name")
        fi
    done < <(compgen -f -- "$cur")
}

# Words that go on: no blank behind them.
_retake_offer_open() {
    compopt -o nospace 2>/dev/null || :
    _retake_offer "$@"
}

# What an option or a command takes.
_retake_offer_kind() {
    case $1 in
    key=value)
        if [[ $cur == *=* ]]; then
            _retake_offer "${_retake_assignments[@]}"
        else
            _retake_offer_open "${_retake_keys[@]/%/=}"
        fi
        ;;
    KEY=*) _retake_offer_open "${_retake_keys[@]/%/=}" ;;
    KEY) _retake_offer "${_retake_keys[@]}" ;;
    ADDRESS=*) _retake_offer_open "${_retake_addresses[@]/%/=}" ;;
    I/N) _retake_offer auto ;;
    FILE) _retake_offer_files ;;
    *.*[a-z]*) _retake_offer_files "${1##*.}" ;;
    *[A-Z]* | '') ;;
    *) _retake_offer ${1//|/ } ;;
    esac
}

# The command on the line so far: "run", or with its verb "bank info".
_retake_command() { # WORD...
    if [[ -n ${_retake_verbs[$1]-} ]]; then
        [[ -n ${2-} ]] && echo "$1 $2"
    else
        echo "$1"
    fi
}

_retake_offer_options() { # COMMAND
    local key
    for key in "${!_retake_takes[@]}"; do
        [[ $key != "$1 --"* ]] || _retake_offer "${key#"$1 "}"
    done
}

_retake_complete_word() { # WORD...: those before $cur
    local command kind last=${!#}
    if [ $# -eq 0 ]; then
        _retake_offer "${_retake_commands[@]}" --help --version
        return
    fi
    command=$(_retake_command "$@")
    if [ -z "$command" ]; then
        _retake_offer ${_retake_verbs[$1]} --help
    elif [[ $last == -* && ${_retake_takes["$command $last"]-} == *[^\ ]* ]]; then
        for kind in ${_retake_takes["$command $last"]}; do
            _retake_offer_kind "$kind"
        done
    elif [[ $cur == -* ]]; then
        _retake_offer_options "$command"
    else
        _retake_offer_kind "${_retake_takes[$command]-}"
    fi
}

_retake() {
    local line=${COMP_LINE:0:COMP_POINT} cur words before
    COMPREPLY=()
    cur=${line##*[[:blank:]]}
    read -ra words <<<"${line%"$cur"}"
    before=$cur
    cur=${cur#[\'\"]}
    _retake_complete_word "${words[@]:1}"
    # Of an unquoted word readline replaces what is behind the last = or :
    if [[ $before == "$cur" && $cur == *[=:]* ]]; then
        before=${cur%"${cur##*[=:]}"}
        COMPREPLY=("${COMPREPLY[@]#"$before"}")
    fi
}

complete -F _retake retake retake-mpi
