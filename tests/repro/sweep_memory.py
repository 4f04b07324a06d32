"""What `sweep --dry-run` promises of memory is what the sweep takes: within a factor of 1.3, for sweeps that
simulate and for exact ones, and a policy takes little more than its values. Larger with RETAKE_LONG.
SPDX-License-Identifier: Apache-2.0"""
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _program import IS_SANITIZED, PROGRAM, ROOT, SKIPPED, check, must

LONG = bool(os.environ.get("RETAKE_LONG"))
MOST = 1.3
FLOOR = 3e6  # pages of libraries that one of the two happens not to need
BASES = {
    "normal": "engine: {candidates: 16}\nexam: {form: normal, sem: 0.3}\n",
    "adaptive": f"bank: {ROOT}/configs/banks/emr.csv\nengine: {{candidates: 24}}\n"
                "exam: {min_items: 12, max_items: 25, pilot_items: 3, time_limit_min: none}\n",
    "exact": f"{(ROOT / 'configs/exact/emr.yaml').read_text()}",
}
FACTORS = {"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9}
SIZES = {"normal": (200, 1_200), "adaptive": (120,), "exact": (40,)}
LONG_SIZES = {"normal": (1_000, 5_000, 15_000), "adaptive": (1_000, 5_000, 15_000), "exact": (1_000, 5_000)}


def sweep_write(folder, base, n):
    (folder / f"{base}.yaml").write_text(BASES[base])
    waits = 100 if n % 100 == 0 else 20
    (folder / "sweep.yaml").write_text(f"base: {base}.yaml\naxes:\n"
                                       f"  policy.wait_days: {{from: 1, to: {waits}, by: 1}}\n"
                                       f"  policy.refresher.days: {{from: 1, to: {n // waits}, by: 1}}\n")


def promised_bytes(folder):
    for line in must("sweep", "sweep.yaml", "--dry-run", "--threads", "2", cwd=folder).splitlines():
        if line.startswith("memory"):
            value, unit = line.split()[1:3]
            return float(value) * FACTORS[unit]
    raise AssertionError("no line of memory")


def peak_bytes(folder):
    """Of the program, and of the processes that it starts."""
    process = subprocess.Popen([PROGRAM, "sweep", "sweep.yaml", "-o", "out.h5", "--threads", "2"], cwd=folder,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    check(process.returncode == 0, f"status {process.returncode}")
    return 1024 * usage.ru_maxrss


def main():
    if IS_SANITIZED:
        print("a sanitizer has its own memory: skipped")
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for base, sizes in (LONG_SIZES if LONG else SIZES).items():
            peaks = []
            for n in sizes:
                began = time.monotonic()
                sweep_write(folder, base, n)
                promised, peak = promised_bytes(folder), peak_bytes(folder)
                peaks.append(peak)
                print(f"{base}, {n} policies: promised {promised / 1e6:.1f} MB, took {peak / 1e6:.1f} MB, "
                      f"{time.monotonic() - began:.1f} s", flush=True)
                check(promised / MOST - FLOOR <= peak <= promised * MOST, f"{base}, {n} policies: beyond a factor of {MOST}")
            growth = (peaks[-1] - peaks[0]) / max(sizes[-1] - sizes[0], 1)
            check(growth < 6_000, f"{base}: {growth:.0f} bytes a policy, whose values are 1,456")
    return 0


if __name__ == "__main__":
    sys.exit(main())
