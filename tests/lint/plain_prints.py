"""Whatever a command or a report prints of others' text goes through base/plain.h: plain_print, plain_write, or the
functions of sheet.c. So in the rooms that print, no %s in a printf that writes to a stream, and no fputs or puts of
what is not written in the source.

Files named *_csv.c and *_json.c write other forms, with quotes and escapes of their own; note.c writes a scenario.
SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import sys
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
ROOMS = ("cli", "report")
OTHER_FORMS = re.compile(r"_(csv|json)\.c$|json_out\.c$|note\.c$")
CALL = re.compile(r"\b(v?f?printf|d?printf|fputs|puts)\s*\(")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
OWN = re.compile(r"usage")  # a text of the program itself


def arguments(source, begin):
    """The text between the parenthesis at begin and its partner."""
    depth, at, quoted = 0, begin, False
    while True:
        c = source[at]
        if quoted:
            at += c == "\\"
            quoted = c != '"' or source[at] != '"'
        elif c == '"':
            quoted = True
        elif c in "()":
            depth += 1 if c == "(" else -1
            if depth == 0:
                return source[begin + 1:at]
        at += 1


def is_careless(name, text):
    if name in ("puts", "fputs"):
        without_strings = STRING.sub("", text)
        chosen = re.sub(r"[\w>.\-]+\s*\?", "", without_strings)  # a choice between own texts
        first = chosen.split(",")[0] if name == "fputs" else chosen
        return bool(re.search(r"\w", first)) and not OWN.search(first)
    format_text = "".join(STRING.findall(text))
    return name.startswith("v") or bool(re.search(r"%[-+ #0-9.*]*s", format_text))


def complaints(path):
    source = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), path.read_text(encoding="utf-8"), flags=re.S)
    for match in CALL.finditer(source):
        if source[:match.start()].endswith("format("):
            continue  # an attribute
        if is_careless(match.group(1), arguments(source, match.end() - 1)):
            line = source.count("\n", 0, match.start()) + 1
            yield f"{path.relative_to(ROOT)}:{line}: {match.group(1)} of a text that may be another's: plain_print"


def main():
    # The lint finds what it looks for.
    assert is_careless("fprintf", 'out, "%-*s\\n", 3, title') and is_careless("puts", "title")
    assert not is_careless("fputs", 'k ? "," : "[", out') and not is_careless("printf", '"%zu\\n", n')
    found = [c for room in ROOMS for path in sorted((ROOT / "sim" / room).glob("*.c"))
             if not OTHER_FORMS.search(path.name) for c in complaints(path)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
