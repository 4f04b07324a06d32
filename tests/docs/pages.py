"""The code in docs/ runs and prints what the pages say, but for the digits. SPDX-License-Identifier: Apache-2.0"""
import sys

import _pages

if __name__ == "__main__":
    sys.exit(_pages.main(full=False))
