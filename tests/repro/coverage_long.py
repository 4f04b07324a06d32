"""Nominal 95 % intervals cover in 93 to 97 % of 1,000 small runs, under each engine.sampling, on an exam with
normal error and on a short adaptive test, and for runs that end at a precision (coverage_runs.c).

SPDX-License-Identifier: Apache-2.0
"""
import os
import subprocess
import sys
import tempfile

program = os.path.join(os.environ["RETAKE_BUILD_DIR"], "tests", "repro", "coverage_runs")
with tempfile.TemporaryDirectory() as folder:
    sys.exit(subprocess.run([program, "1000"], cwd=folder).returncode)
