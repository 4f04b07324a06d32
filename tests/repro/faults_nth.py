"""A sample of the allocations and of the calls of input and output of seven commands fails, one at a time; all of
them do in faults_nth_long.py. SPDX-License-Identifier: Apache-2.0"""
import sys
import tempfile
from pathlib import Path

from _fail_nth import LIBRARY, Table, commands, make_inputs
from _program import SKIPPED, check

FAILURES = {"memory": (4, 7), "io": (2, 6)}  # how many at the beginning, how many over the rest
LONG = {"run, microdata, resumed", "merge, microdata", "summary md", "summary text", "trace"}  # left to faults_nth_long.py


def main():
    if not LIBRARY.exists():
        print("nothing lets calls fail in this build: skipped")
        return SKIPPED
    table = Table()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        make_inputs(Path(folder))
        for command in commands(Path(folder)):
            if command.name in LONG:
                continue
            for what, (n_first, n_more) in FAILURES.items():
                table.fill(command, what, n_first, n_more)
    table.print()
    check(not table.wrong, f"{len(table.wrong)} wrong outcomes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
