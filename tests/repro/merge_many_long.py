"""merge_many.py with 1,000 parts. SPDX-License-Identifier: Apache-2.0"""
import sys

import merge_many

if __name__ == "__main__":
    sys.exit(merge_many.main())
