"""test_twin.py with all candidates. SPDX-License-Identifier: Apache-2.0"""
import sys

import test_twin

if __name__ == "__main__":
    sys.exit(test_twin.main())
