"""A test in a file test_NAME.c belongs to the suite NAME: ctest runs the suite of each file.

SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import sys
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
SUITE = re.compile(r"^(?:Test|ParameterizedTest|Theory)\(\s*(?:[^,()]*\*\s*\w+,|\([^)]*\),)?\s*(\w+)", re.MULTILINE)


def main():
    complaints = [f"{path.relative_to(ROOT)}: the suite {suite}, not {path.stem[5:]}"
                  for folder in ("unit", "stat") for path in sorted((ROOT / "tests" / folder).glob("test_*.c"))
                  for suite in SUITE.findall(path.read_text()) or ["none"] if suite != path.stem[5:]]
    print("\n".join(complaints) or "suites: as their files")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
