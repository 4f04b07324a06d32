# Turns what `retake COMMAND --help` prints into a man page.
# variables: command, "" for retake itself; doc, what it does in a few words; version.
# Lines: "usage:" and what is indented below it; options and words by two blanks, their text behind two or
# more; what is not indented is a paragraph, which ends with a line that ends with a full stop. "Exit status:"
# has its section; "@@ TITLE" begins the help of a verb; "@commands" and rows of name, usage and doc stand for
# the list of commands.
# SPDX-License-Identifier: Apache-2.0

function plain(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    gsub(/~/, "\\(ti", text)
    gsub(/\^/, "\\(ha", text)
    if (text ~ /^[.']/)
        text = "\\&" text
    return text
}

function section(title) {
    print ".SH " toupper(title)
    open_section = title
}

function status_list(text,    n, k, part, parts) {
    section("exit status")
    has_status = 1
    sub(/^Exit status: */, "", text)
    sub(/\.$/, "", text)
    # an item ends where a comma or semicolon is followed by the next number
    gsub(/[,;] [0-9]+ /, "\n&", text)
    n = split(text, parts, "\n")
    for (k = 1; k <= n; k++) {
        part = parts[k]
        sub(/^[,;] /, "", part)
        match(part, /^[0-9]+/)
        printf ".TP\n\\fB%s\\fR\n%s\n", substr(part, 1, RLENGTH), plain(substr(part, RLENGTH + 2))
    }
}

function flush_paragraph(    text) {
    if (paragraph == "")
        return
    text = paragraph
    paragraph = ""
    if (text ~ /^Exit status:/) {
        status_list(text)
        return
    }
    if (open_section == "synopsis" || open_section == "exit status" || open_section == "name")
        section(open_section == "exit status" ? "notes" : "description")
    else
        print ".PP"
    print plain(text)
}

function usage_line(text) {
    sub(/^usage: */, "", text)
    sub(/^ +/, "", text)
    while (match(text, /^retake [a-z]+ [a-z]+  /)) # the verbs of a command are padded
        text = substr(text, 1, RLENGTH - 1) substr(text, RLENGTH + 1)
    sub(/  +.*$/, "", text) # a verb's description in a column of its own
    if (open_section == "synopsis")
        print ".br"
    else
        section("synopsis")
    if (match(text, /^retake( [a-z]+)*/))
        printf "\\fB%s\\fR%s\n", plain(substr(text, 1, RLENGTH)), plain(substr(text, RLENGTH + 1))
    else
        print plain(text)
}

function option_line(text,    at) {
    flush_paragraph()
    if (open_section == "synopsis" || open_section == "description")
        section("options")
    sub(/^ +/, "", text)
    at = match(text, /  +/)
    printf ".TP\n\\fB%s\\fR\n", plain(at ? substr(text, 1, at - 1) : text)
    if (at)
        print plain(substr(text, at + RLENGTH))
}

BEGIN {
    name = command == "" ? "retake" : "retake-" command
    printf ".TH %s 1 \"\" \"retake %s\" \"retake\"\n", toupper(plain(name)), version
    section("name")
    printf "%s \\- %s\n", plain(name), plain(doc)
}

/^@@ / {
    flush_paragraph()
    section(substr($0, 4))
    is_usage = is_verb = 1
    next
}
/^@commands$/ {
    flush_paragraph()
    section("commands")
    is_rows = 1
    next
}
is_rows && /\t/ {
    split($0, row, "\t")
    printf ".TP\n\\fBretake %s\\fR %s\n%s: see \\fBretake\\-%s\\fR(1)\n", row[1], plain(row[2]), plain(row[3]), row[1]
    next
}
/^usage:/ {
    if (is_verb) {
        sub(/^usage: */, "")
        printf "\\fB%s\\fR\n", plain($0)
        open_section = "verb"
        next
    }
    usage_line($0)
    is_usage = 1
    next
}
is_usage && !is_verb && /^       / { usage_line($0); next }
/^$/ { is_usage = 0; flush_paragraph(); next }
/^        / && paragraph == "" { sub(/^ +/, ""); print plain($0); is_usage = 0; next }
/^  / { is_usage = 0; option_line($0); next }
{
    is_usage = 0
    if (/^Exit status:/ || paragraph ~ /\.$/)
        flush_paragraph()
    paragraph = paragraph (paragraph == "" ? "" : "\n") $0
    if (paragraph ~ /^Exit status:/)
        gsub(/\n/, " ", paragraph)
}
END {
    flush_paragraph()
    if (!has_status) {
        section("exit status")
        print "As of \\fBretake\\fR(1)."
    }
    section("see also")
    if (command != "")
        print "\\fBretake\\fR(1)\n.PP"
    print plain("Pages called docs/... are installed in share/doc/retake; docs/README.md is their index.")
}
