"""Many parts: merged to the bytes of the whole, at a price a part; bad ones hurt nobody else.
SPDX-License-Identifier: Apache-2.0"""
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from _program import IS_SANITIZED, ROOT, SKIPPED, call, check, must, summary

LONG = bool(os.environ.get("RETAKE_LONG"))
N_PARTS, N_READS = (1_000, 1_000) if LONG else (8, 200)
MOST_S = 0.03  # of processor a part: .011 at first
SCENARIO = f"""
bank: {ROOT}/configs/banks/emr.csv
engine: {{candidates: {256 * N_PARTS}, seed: 12}}
exam: {{min_items: 10, max_items: 15, pilot_items: 0, time_limit_min: none}}
"""
SWEEP = f"""
base: scenario.yaml
candidates: 256
axes:
  policy.wait_days: {{from: 1, to: {min(N_PARTS, 100)}, by: 1}}
"""


def digest(path):
    return summary(path)["attributes"]["statistics_digest"]


def processor_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def make_parts(folder, command, file, n, *words):
    paths = [f"{command}-{k}.h5" for k in range(1, n + 1)]
    for k, path in enumerate(paths, 1):
        must(command, file, "-o", path, "--shard", f"{k}/{n}", "--threads", "1", *words, cwd=folder)
    return paths


def check_price(folder, paths):
    """The same parts again and again: what is read is what counts."""
    many = [paths[k % len(paths)] for k in range(N_READS)]
    began, wall = processor_s(), time.monotonic()
    done = call("merge", "--missing", *many, cwd=folder)
    spent, wall = (processor_s() - began) / N_READS, time.monotonic() - wall
    check((done.returncode, done.stdout) == (0, ""), f"--missing: {done.returncode} {done.stdout}{done.stderr}")
    print(f"{N_READS} parts: {1e3 * spent:.1f} ms of processor each, {wall:.1f} s")
    check(spent < MOST_S, f"{1e3 * spent:.1f} ms of processor a part")


def check_bad(folder, paths):
    """Lines in the order of the names; the others count."""
    bytes_ = bytearray((folder / paths[1]).read_bytes())
    bytes_[len(bytes_) // 2] ^= 255
    (folder / "damaged.h5").write_bytes(bytes_)
    (folder / "short.h5").write_bytes(bytes_[:5000])
    words = [paths[0], "damaged.h5", "nowhere.h5", *paths[2:], "short.h5"]
    done = call("merge", "--missing", *words, cwd=folder)
    check((done.returncode, done.stdout) == (75, "2\n"), f"--missing: {done.returncode} {done.stdout}")
    names = [line.split()[1] for line in done.stderr.splitlines()]
    check(names == ["damaged.h5:", "nowhere.h5:", "short.h5:"], f"lines: {done.stderr}")
    done = call("merge", "-o", "bad.h5", *words, cwd=folder)
    check(done.returncode == 65 and "damaged.h5" in done.stderr, f"merge: {done.stderr}")


def check_one_by_one(folder, paths, whole):
    """Where each may take more than half of the machine they are read one after the other: none waits for the next."""
    environment = {**os.environ, "RETAKE_READ_MEMORY": str(10**6)}
    must("merge", "-o", "slow.h5", *paths, cwd=folder, env=environment)
    check(digest(folder / "slow.h5") == whole, "one by one: another digest")


def main():
    if IS_SANITIZED:
        print("builds with a sanitizer read by no other process: skipped")
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "scenario.yaml").write_text(SCENARIO)
        (folder / "sweep.yaml").write_text(SWEEP)
        for command, file, n in (("run", "scenario.yaml", N_PARTS), ("sweep", "sweep.yaml", min(N_PARTS, 100))):
            must(command, file, "-o", "whole.h5", cwd=folder)
            paths = make_parts(folder, command, file, n)
            began = time.monotonic()
            must("merge", "-o", "merged.h5", *reversed(paths), cwd=folder)
            print(f"{command}: {n} parts merged in {time.monotonic() - began:.1f} s")
            check(digest(folder / "merged.h5") == digest(folder / "whole.h5"), f"{command}: another digest")
            if command == "run":
                check_price(folder, paths)
            if not LONG:
                check_one_by_one(folder, paths, digest(folder / "whole.h5"))
            check_bad(folder, paths)
    return 0


if __name__ == "__main__":
    sys.exit(main())
