"""The statistics are the same bytes on every code path of the one program: qemu shows it processors without and with AVX2 (its
disassembly tells which path was taken), and the processor at hand takes the widest that it has.

SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _program import IS_SANITIZED, PROGRAM, ROOT, SKIPPED, check, sets, summary

EMULATOR = "qemu-x86_64"
PATHS = {"x86-64-v2": ("Nehalem", False), "x86-64-v3": ("Haswell", True)}
TEST = ["exam.min_items=10", "exam.max_items=20", "exam.pilot_items=5"]
CASES = {  # candidates, parameters: whole pools are scanned slowly under an emulator
    "emr": (257, []),
    "maximum likelihood, untimed": (65, ["exam.estimate.rule=ml", "exam.time_limit_min=none"]),
    "kl": (9, [*TEST, "exam.select.rule=kl"]),
    "mepv": (9, [*TEST, "exam.select.rule=mepv"]),
    "normal": (2049, ["exam.form=normal"]),
}


def run(case, out, *under):
    candidates, assignments = CASES[case]
    words = ["run", ROOT / "configs/emr.yaml", "-o", out, "--candidates", candidates, "--threads", 1, *sets(assignments)]
    done = subprocess.run([*under, PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300)
    check(done.returncode == 0, f"{case} under {' '.join(under) or 'this processor'}: {done.stderr}")
    return summary(out)["attributes"]["statistics_digest"]


def takes_wide_path(model, folder):
    """Whether products of doubles ran in registers of 256 bits."""
    log = Path(folder, "code")
    run("emr", Path(folder, "log.h5"), EMULATOR, "-cpu", model, "-d", "in_asm", "-D", str(log))
    with log.open(encoding="utf-8", errors="replace") as lines:
        return any("vmulpd" in line and "%ymm" in line for line in lines)


def main():
    if IS_SANITIZED:
        print("a sanitized build has one path")
        return SKIPPED
    if not shutil.which(EMULATOR):
        print(f"{EMULATOR} is missing")
        return 1 if os.environ.get("RETAKE_REQUIRE_INTEROP") else SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.h5")
        for path, (model, is_wide) in PATHS.items():
            check(takes_wide_path(model, folder) == is_wide, f"{model} does not take the path {path}")
        for case in CASES:
            here = run(case, out)
            for path, (model, _) in PATHS.items():
                check(run(case, out, EMULATOR, "-cpu", model) == here, f"{case}: {path} gives another digest")
            print(f"{case}: {here}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
