# The options of a command, from what `retake COMMAND --help` prints: "--option" and what it takes, with a tab
# between; a line for each pair. Options stand at the head of indented lines, in the usage, and after "also".
# SPDX-License-Identifier: Apache-2.0

function found(option, takes) {
    if (!((option, takes) in seen))
        print option "\t" takes
    seen[option, takes] = 1
}

# "--output OUT.h5", "--microdata[=FILE]", "-h"
function take(text,    takes) {
    if (match(text, /^--?[a-z][a-z-]*/)) {
        takes = substr(text, RLENGTH + 1)
        if (takes ~ /^\[=/) # --option=FILE alone
            takes = ""
        gsub(/^[ \['=]+|['\]]+$|\.\.\.$/, "", takes)
        sub(/^--?.*/, "", takes)
        found(substr(text, 1, RLENGTH), takes)
    }
}

function take_all(text,    rest) {
    rest = text
    while (match(rest, /(^|[ \[])--?[a-z][a-z-]*( [A-Za-z][^] ]*)?/)) {
        text = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        sub(/^[ \[]/, "", text)
        take(text)
    }
}

BEGIN { found("--help", "") }
/^usage:/ { in_usage = 1 }
in_usage && (/^usage:/ || /^       /) {
    text = $0
    sub(/^[ a-z:]*retake[ a-z]*/, "", text)
    sub(/[a-z0-9\].]   +[A-Za-z].*$/, "", text)
    take_all(text)
    next
}
{ in_usage = 0 }
/^  ? ?-/ {
    text = $0
    sub(/^ +/, "", text)
    if (at = match(text, /  +/))
        text = substr(text, 1, at - 1)
    n = split(text, parts, ", ")
    last = parts[n]
    sub(/^[^ ]+ ?/, "", last)
    for (k = 1; k <= n; k++)
        take(parts[k] ~ /^-[a-z]$/ && last != "" ? parts[k] " " last : parts[k])
}
match($0, /also --[a-z-]+/) { take(substr($0, RSTART + 5, RLENGTH - 5)) }
