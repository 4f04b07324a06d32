"""sweep_memory.py with 1,000 to 15,000 policies. SPDX-License-Identifier: Apache-2.0"""
import sys

import sweep_memory

if __name__ == "__main__":
    sys.exit(sweep_memory.main())
