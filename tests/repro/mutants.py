"""A few changed files of every kind (_mutants.py); mutants_long.py tries thousands. SPDX-License-Identifier: Apache-2.0"""
import sys

from _mutants import report, try_all
from _program import IS_SANITIZED, SKIPPED

N_PER_KIND = 18


def main():
    if IS_SANITIZED:
        print("the program reads in its own process under a sanitizer: HDF5 would crash it")
        return SKIPPED
    return 0 if report(try_all(N_PER_KIND)) else 1


if __name__ == "__main__":
    sys.exit(main())
