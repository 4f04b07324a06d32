"""200 kills with SIGKILL in a row, as kill.py does it 10 times: simulated sessions, normal form, a shard.
SPDX-License-Identifier: Apache-2.0
"""
import sys
import tempfile
from pathlib import Path

from _durable import NORMAL, SMALL_CAT, survive
from _program import check

CASES = {"small adaptive test": (SMALL_CAT, 300_000, 200, 0.1),
         "normal": (NORMAL, 1_000_000, 100, 0.05),
         "shard": ((*SMALL_CAT, "--shard", "2/3"), 300_000, 50, 0.1)}


def main():
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, (words, candidates, n_kills, longest_s)) in enumerate(CASES.items()):
            print(name, flush=True)
            n_resumed = survive(Path(folder, f"{number}.h5"), words, candidates, n_kills, longest_s, number)
            check(n_resumed > n_kills / 2, f"{name}: only {n_resumed} times there was a checkpoint")
    return 0


if __name__ == "__main__":
    sys.exit(main())
