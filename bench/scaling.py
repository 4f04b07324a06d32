"""How time goes with threads and ranks: python3 bench/scaling.py BUILD [CANDIDATES [REPEATS]]

Strong: one run, the same candidates. Weak: candidates grow with the workers. The best of REPEATS wall times, and the processor
time of that try, launcher included. Plain text on standard output. SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LAUNCH = ["mpirun", "--oversubscribe", "--allow-run-as-root", "--bind-to", "none", "-n"]
SHAPES = ((1, 1), (1, 2), (2, 1))  # ranks, threads


def timed(words):
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(words, check=True, capture_output=True)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def words_of(build, ranks, threads, candidates, out):
    program = [str(build / "retake")] if ranks == 1 else [*LAUNCH, str(ranks), str(build / "retake-mpi")]
    return [*program, "run", str(ROOT / "configs/emr.yaml"), "-o", str(out), "--candidates", str(candidates), "--threads", str(threads)]


def main():
    build = Path(sys.argv[1]).resolve()
    candidates = int(sys.argv[2]) if len(sys.argv) > 2 else 400000
    repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors\n{'':8}{'ranks':>6}{'threads':>8}{'candidates':>12}{'wall s':>8}"
          f"{'cpu s':>8}{'candidates/cpu s':>18}")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, factor in ("strong", lambda workers: 1), ("weak", lambda workers: workers):
            for ranks, threads in SHAPES:
                n = candidates * factor(ranks * threads)
                wall, cpu = min(timed(words_of(build, ranks, threads, n, Path(folder, "out.h5"))) for _ in range(repeats))
                rows.append({"kind": kind, "ranks": ranks, "threads": threads, "candidates": n, "wall_s": wall, "cpu_s": cpu})
                print(f"{kind:8}{ranks:6}{threads:8}{n:12}{wall:8.2f}{cpu:8.2f}{n / cpu:18.0f}", flush=True)
    if os.environ.get("RETAKE_BENCH_JSON"):
        Path(os.environ["RETAKE_BENCH_JSON"]).write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
