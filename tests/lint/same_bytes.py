"""Nothing on the way to a statistic depends on the processor or the C library: no long double, whose width differs,
and of the library of mathematics only functions whose result is exact.

The sources are read, for a compiler may fold a call or put an instruction in its place; so are the object files of the
release build, which know every macro and builtin. What the library has is asked of the library. SPDX-License-Identifier: Apache-2.0
"""
import re
import subprocess
import sys
from pathlib import Path

from prefixes import BUILD, ROOT, object_of, symbols
from rooms import FLOOR, room_of

EXACT = {"sqrt", "fabs", "floor", "ceil", "nearbyint", "llrint", "nextafterf"}  # one rounding by IEEE 754, or none
PRINTS = FLOOR["report"]  # from this room upwards numbers are only printed
COMMENT_OR_TEXT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
WIDE = re.compile(r"\blong\s+double\b|\b_Float\w+|\b__float\w+")
WIDE_RUNTIME = re.compile(r"^__\w+[xt]f\d?$")  # what a compiler calls for them: __floattixf, __multf3
CALL = re.compile(r"(?<![\w.>])(?:__builtin_)?([a-z]\w*)\s*\(")


def library_names():
    """What the C library's mathematics exports, without what begins with _."""
    cache = (BUILD / "CMakeCache.txt").read_text()
    compiler = re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$", cache, re.MULTILINE).group(1)
    path = subprocess.run([compiler, "-print-file-name=libm.so.6"], check=True, capture_output=True, text=True).stdout.strip()
    text = subprocess.run(["nm", "-D", "--defined-only", "--format=posix", path], check=True, capture_output=True, text=True).stdout
    return {name for line in text.splitlines() if not (name := line.split()[0].split("@")[0]).startswith("_")}


def complaints_of_source(path, forbidden):
    prints = FLOOR.get(room_of(path), 0) >= PRINTS
    text = COMMENT_OR_TEXT.sub(lambda match: "\n" * match.group().count("\n"), path.read_text())
    for number, line in enumerate(text.splitlines(), 1):
        found = [match.group() for match in WIDE.finditer(line)]
        found += [] if prints else [name for name in CALL.findall(line) if name in forbidden]
        for name in found:
            yield f"{path.relative_to(ROOT)}:{number}: {name} may not lead to a statistic"


def main():
    names = library_names()
    if not {"exp", "fmin", "lgamma"} <= names:
        print("the names of the library of mathematics could not be read")
        return 1
    forbidden = names - EXACT
    sources = [path for folder in ("sim", "include") for path in sorted((ROOT / folder).rglob("*.[ch]"))]
    complaints = [text for path in sources for text in complaints_of_source(path, forbidden)]
    objects = {object_of(path): path for path in sources
               if path.suffix == ".c" and FLOOR[room_of(path)] < PRINTS and object_of(path)}
    for place, (_, needed) in symbols(list(objects)).items():
        complaints += [f"{objects[place].relative_to(ROOT)}: needs {name}" for name in sorted(needed)
                       if name in forbidden or WIDE_RUNTIME.match(name)]
    print("\n".join(complaints) or f"same bytes: {len(sources)} sources, {len(objects)} object files")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
