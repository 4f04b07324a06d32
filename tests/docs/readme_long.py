"""What README.md shows of `./dev run` is what it prints: each line of the sample, in its order, with the digest; commit and
date alone are of another day. A million candidates: a minute on two cores. SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
RETAKE = Path(os.environ.get("RETAKE", ROOT / "build/release/retake"))


def lines_of(text):
    """Without blanks at the ends, and without what changes from day to day."""
    text = re.sub(r"^(retake \S+) \(\S+\), \S+,", r"\1 (COMMIT), DATE,", text, flags=re.M)
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def main():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    wanted = lines_of(re.search(r"## What `\./dev run` prints.*?\n```\n(.*?)\n```", readme, re.S)[1])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "emr.h5"
        subprocess.run([RETAKE, "run", ROOT / "configs/emr.yaml", "-o", out], check=True, stderr=subprocess.DEVNULL)
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        environment.pop("COLUMNS", None)
        printed = lines_of(subprocess.run([RETAKE, "summary", out], check=True, capture_output=True, text=True, env=environment).stdout)
    rest = iter(printed)
    missing = [line for line in wanted if line not in rest]  # in order
    print("\n".join(f"README.md: not printed, or not there: {line}" for line in missing) or f"{len(wanted)} lines of README.md")
    return 1 if missing or len(wanted) < 40 else 0


if __name__ == "__main__":
    sys.exit(main())
