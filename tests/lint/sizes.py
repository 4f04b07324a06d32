"""A .c file stays under 500 lines, a header under 150, a function within 80.

A header of the tests is a fixture, so it counts as code. SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
FOLDERS = ("sim", "include", "tests", "bench")
MAX_CODE, MAX_HEADER, MAX_FUNCTION = 499, 149, 80


def long_files(files):
    for path in files:
        where = path.relative_to(ROOT)
        most = MAX_HEADER if path.suffix == ".h" and where.parts[0] != "tests" else MAX_CODE
        n_lines = len(path.read_text().splitlines())
        if n_lines > most:
            yield f"{where}: {n_lines} lines, at most {most}"


def functions(files):
    """One dict per function: name, path, first line, last line."""
    text = subprocess.run(
        ["ctags", "--language-force=C", "--kinds-C=f", "--fields=+ne", "--output-format=json",
         "-f", "-", *map(str, files)], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in text.splitlines() if line]


def long_functions(files):
    for tag in functions(files):
        n_lines = tag.get("end", tag["line"]) - tag["line"] + 1
        if n_lines > MAX_FUNCTION:
            where = Path(tag["path"]).relative_to(ROOT)
            yield f"{where}:{tag['line']}: {tag['name']} has {n_lines} lines, at most {MAX_FUNCTION}"


def main():
    if not shutil.which("ctags"):
        return 77
    files = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.[ch]"))
    complaints = [*long_files(files), *long_functions(files)]
    print("\n".join(complaints) or f"sizes: {len(files)} files")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
