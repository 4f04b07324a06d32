"""What microdata cost: a run with them against the same run without, in pairs.

usage: microdata.py [CANDIDATES [PAIRS]]. CPU is user and system time of all threads.
SPDX-License-Identifier: Apache-2.0
"""
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = os.environ.get("RETAKE", ROOT / "build/release/retake")


def timed(folder, candidates, *words):
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([PROGRAM, "run", ROOT / "configs/emr.yaml", "--candidates", str(candidates), "-o", folder / "out.h5", *words],
                   check=True, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - began


def main():
    candidates, pairs = (int(word) for word in (sys.argv[1:] + ["1000000", "3"][len(sys.argv) - 1:])[:2])
    ratios = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(pairs):
            without, having = timed(folder, candidates), timed(folder, candidates, "--microdata")
            ratios.append((having[0] / without[0], having[1] / without[1]))
            print(f"CPU {without[0]:.2f} s, with microdata {having[0]:.2f} s; wall {without[1]:.2f} s, {having[1]:.2f} s", flush=True)
        size = (folder / "out.micro.h5").stat().st_size
    print(f"median ratio of CPU {statistics.median(r[0] for r in ratios):.3f}, of wall time "
          f"{statistics.median(r[1] for r in ratios):.3f}; {size / 1e6:.1f} MB, {size / candidates:.1f} bytes a candidate")


if __name__ == "__main__":
    main()
