"""Memory does not grow with the number of candidates. SPDX-License-Identifier: Apache-2.0"""
import subprocess
import sys
import time
from pathlib import Path

from _program import IS_SANITIZED, PROGRAM, ROOT, SKIPPED, check

FEW, MANY = 20_000, 400_000
EXAMS = {"normal": ["--set", "exam.form=normal"],
         "adaptive, nothing twice": ["--set", "exam.exclude_seen=all", "--set", "exam.max_items=60",
                                     "--set", "exam.pilot_items=0", "--set", "exam.select.rule=random"]}


def high_water_bytes(pid):
    """0 once the process has given its memory back."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return max((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), default=0)


def peak_bytes(candidates, words):
    """Asked while it runs: ru_maxrss, to be had at the end, includes what Python held before exec."""
    peak = 0
    process = subprocess.Popen([PROGRAM, "run", ROOT / "configs/emr.yaml", "--threads", "2",
                                "--candidates", str(candidates), *words],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, high_water_bytes(process.pid))
        time.sleep(0.002)
    check(process.returncode == 0, f"{candidates} candidates: status {process.returncode}")
    return peak


def main():
    if IS_SANITIZED:
        print("a sanitizer has its own memory: skipped")
        return SKIPPED
    for name, words in EXAMS.items():
        few, many = peak_bytes(FEW, words), peak_bytes(MANY, words)
        print(f"{name}: {few / 1e6:.1f} MB for {FEW}, {many / 1e6:.1f} MB for {MANY} candidates")
        check(many < 1.05 * few + 1e6, f"{name}: memory grows with candidates")
    return 0


if __name__ == "__main__":
    sys.exit(main())
