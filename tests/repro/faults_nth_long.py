"""The table of outcomes: each of the first 2,000 allocations and calls of input and output of seven commands fails,
then a sample of the rest; also all from one on, and threads that do not start. With names of commands: these alone.
SPDX-License-Identifier: Apache-2.0"""
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from _fail_nth import LIBRARY, Table, commands, make_inputs
from _program import SKIPPED, check

FIRST, MORE = 2_000, 500
FAILURES = (("memory", FIRST, MORE, False), ("memory", 100, 100, True), ("io", FIRST, MORE, False),
            ("room", FIRST, MORE, False), ("room", 50, 50, True), ("thread", FIRST, MORE, False))


def main():
    if not LIBRARY.exists():
        print("nothing lets calls fail in this build: skipped")
        return SKIPPED
    table = Table()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        make_inputs(Path(folder))
        chosen = [command for command in commands(Path(folder)) if command.name in sys.argv[1:] or not sys.argv[1:]]

        def fill(command):
            for what, n_first, n_more, goes_on in FAILURES:
                table.fill(command, what, n_first, n_more, goes_on)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(fill, chosen))
    table.print()
    check(not table.wrong, f"{len(table.wrong)} wrong outcomes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
