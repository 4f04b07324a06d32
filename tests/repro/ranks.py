"""The statistics are the same bytes for 1 to 4 ranks with 1 or 2 threads; one line where mpirun is used wrongly.

The witness is the program without MPI. SPDX-License-Identifier: Apache-2.0
"""
import sys
import tempfile
from pathlib import Path

import _ranks
from _program import PROGRAM, ROOT, SKIPPED, check, must, summary

CASES = ((2, 1), (3, 2), (4, 1))  # ranks, threads: the long test has all eight
SWEEP = f"""base: {ROOT}/configs/emr.yaml
candidates: 700
axes:
  policy.wait_days: [15, 30]
  policy.attempts_per_cycle: [1, 2, 3]
  exam.max_items: [80, 10]
"""


def digest(path):
    return summary(path)["attributes"]["statistics_digest"]


def same(command, source, folder, *words, cases=CASES):
    """Run it without ranks, then with; all digests are equal."""
    whole = folder / f"{command}.h5"
    must(command, source, "-o", whole, *words)
    for ranks, threads in cases:
        out = folder / f"{command}-{ranks}-{threads}.h5"
        _ranks.must(ranks, command, source, "-o", out, "--threads", threads, *words)
        check(digest(out) == digest(whole), f"{command}: {ranks} ranks of {threads} threads: digest {digest(out)}, {digest(whole)}")
        check(not out.with_name(out.name + ".checkpoint").exists(), "a checkpoint was left")
    print(f"{command}: {len(cases)} cases, digest {digest(whole)}")


def refused(status, what, done):
    lines = [line for line in done.stderr.splitlines() if line.startswith("retake:")]
    check(done.returncode == status and len(lines) == 1 and what in lines[0], f"status {done.returncode}: {done.stderr}")


def main():
    if _ranks.missing():
        print(_ranks.missing())
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sweep, scenario = folder / "sweep.yaml", ROOT / "configs/emr.yaml"
        sweep.write_text(SWEEP)
        same("run", scenario, folder, "--candidates", 9001)
        same("sweep", sweep, folder)
        refused(2, "use retake-mpi", _ranks.call(2, "run", scenario, program=PROGRAM))
        refused(2, "not for several ranks", _ranks.call(2, "check", scenario))
        refused(65, "no_such.yaml", _ranks.call(2, "run", folder / "no_such.yaml"))
        refused(65, "policy", _ranks.call(2, "sweep", sweep, "--strict", "-o", folder / "strict.h5"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
