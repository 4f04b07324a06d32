"""A number that is said with its noun is "1 policy" and "2 policies": base/wording.h makes both. So no format of sim/ has a
plural behind a number, but where the number cannot be 1, which a comment on that line says: /* never 1 */.
SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import sys
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
NUMBER = r"%[-+ 0-9.*]*(?:zu|llu|lld|lu|ld|u|d|i|\.0f)"
NO_NOUN = ("is|was|has|does|as|this|its|needs|makes|gives|says|takes|stands|lies|leaves|differs|others|"
           "runs|passes|in")
PLURAL = re.compile(rf"{NUMBER} (?:(?!(?:of|in|that|or|sent)\b)[a-z]+ )?(?!(?:{NO_NOUN})\b)[a-z]{{2,}}(?<!s)s\b(?!')")
STRINGS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')


def complaints(path, text):
    text = re.sub(r"/\*(?! never 1 \*/).*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)
    for found in STRINGS.finditer(text):
        said = re.sub(r'"\s*"', "", found.group())
        match = PLURAL.search(re.sub(rf"(more than|at most) {NUMBER}", "", said))
        lines = text[text.rfind("\n", 0, found.start()) + 1:(text + "\n").find("\n", found.end())]
        if match and "/* never 1 */" not in lines:
            yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: '{match.group()}' where there may be one: wording_count"


def main():
    assert list(complaints("x", 'f("stopped after %zu of "\n  "%zu policies", n);')) and list(complaints("x", '"%s: %llu scored items"'))
    assert not list(complaints("x", '"policy %zu is policy %zu again"')) and not list(complaints("x", '"%zu cuts" /* never 1 */'))
    found = [c for path in sorted((ROOT / "sim").rglob("*.c")) for c in complaints(path.relative_to(ROOT), path.read_text(encoding="utf-8"))]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
