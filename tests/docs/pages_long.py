"""The code in docs/ prints every digit that the pages show. SPDX-License-Identifier: Apache-2.0"""
import sys

import _pages

if __name__ == "__main__":
    sys.exit(_pages.main(full=True))
