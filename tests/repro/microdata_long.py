"""Memory does not grow with the rows of microdata: 4 million candidates have 115 MB more of them than 1 million,
and a block, of which one or two more may be under way at the worst moment, has 3 MB. SPDX-License-Identifier: Apache-2.0"""
import sys
import tempfile

from _program import IS_SANITIZED, SKIPPED, check
from memory import EXAMS, peak_bytes

FEW, MANY = 1_000_000, 4_000_000


def main():
    if IS_SANITIZED:
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        few, many = (peak_bytes(n, [*EXAMS["normal"], f"--microdata={folder}/micro.h5"]) for n in (FEW, MANY))
    print(f"{few / 1e6:.1f} MB for {FEW}, {many / 1e6:.1f} MB for {MANY} candidates")
    check(many < 1.05 * few + 6e6, "memory grows with candidates")
    return 0


if __name__ == "__main__":
    sys.exit(main())
