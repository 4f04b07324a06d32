"""Ten thousand changed files of each kind, or [N [KIND...]] (_mutants.py). With RETAKE_MUTANTS_KEPT=FOLDER those that
failed are kept there. SPDX-License-Identifier: Apache-2.0"""
import sys

from _mutants import KINDS, report, try_all
from _program import IS_SANITIZED, SKIPPED

N_PER_KIND = 10_000


def main():
    if IS_SANITIZED:
        return SKIPPED
    n = int(sys.argv[1]) if len(sys.argv) > 1 else N_PER_KIND
    return 0 if report(try_all(n, sys.argv[2:] or tuple(KINDS))) else 1


if __name__ == "__main__":
    sys.exit(main())
