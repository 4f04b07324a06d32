# key=word for the parameters that take one of a few words, from `retake params`.
# SPDX-License-Identifier: Apache-2.0
/^[a-z][a-z0-9_.]*: / {
    key = substr($1, 1, length($1) - 1)
    if (!match($0, /   \(.*\)  \[/))
        next
    text = substr($0, RSTART + 4, RLENGTH - 8)
    sub(/^one of /, "", text)
    sub(/^true or false$/, "true, false", text)
    if (text ~ /^[a-z_0-9]+(, [a-z_0-9]+)+$/) {
        n = split(text, words, ", ")
        for (k = 1; k <= n; k++)
            print key "=" words[k]
    }
}
