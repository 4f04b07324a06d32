"""Ranks in full: every number of ranks and threads; a rank killed in the middle; signals to mpirun; a limit of time. What is left
each time goes on with --resume, with another number of ranks, to the digest of the undivided run.

SPDX-License-Identifier: Apache-2.0
"""
import signal
import sys
import tempfile
from pathlib import Path

import _ranks
from _program import ROOT, SKIPPED, check, must, summary
from ranks import SWEEP, digest, same

EIGHT = [(ranks, threads) for ranks in (1, 2, 3, 4) for threads in (1, 2)]
LIBRARY = SWEEP.replace("candidates: 700", "candidates: 20000\nsessions: library").replace("  exam.max_items: [80, 10]\n", "")
SMALL_LIBRARY = ("--set", "engine.library.replicates=8", "--set", "engine.library.sittings=16")
LARGE = f"""base: {ROOT}/configs/emr.yaml
candidates: 6000
axes:
  policy.wait_days: {{from: 10, to: 33, by: 1}}
  policy.attempts_per_cycle: [1, 2, 3, 4]
"""
ENDS = {"a rank killed": (_ranks.kill_rank(1), None),
        "USR1": (_ranks.tell(signal.SIGUSR1), 75),
        "TERM": (_ranks.tell(signal.SIGTERM), None)}


def broken(command, source, folder, expected, *words):
    for what, (act, status) in ENDS.items():
        out = folder / f"{command}-{what.split()[-1]}.h5"
        checkpoint = out.with_name(out.name + ".checkpoint")
        launcher = _ranks.start(3, command, source, "-o", out, "--threads", 1, "--checkpoint", 0.3, *words)
        left, printed = _ranks.after_checkpoint(launcher, checkpoint, act)
        check(left not in (0, None) and checkpoint.exists() and not out.exists(), f"{what}: status {left}: {printed}")
        check(status in (None, left), f"{what}: status {left}, expected {status}: {printed}")
        done = summary(checkpoint)["attributes"]["unfinished"]
        again = _ranks.must(2, command, source, "-o", out, "--threads", 1, "--resume", *words)
        check("resumed" in again.stderr, again.stderr)
        check(digest(out) == expected, f"{what}: digest {digest(out)}, undivided {expected}")
        print(f"{command}: {what}: status {left}, went on after {done}")


def limited(command, source, folder, expected, *words):
    out = folder / f"{command}-limited.h5"
    for _ in range(200):
        done = _ranks.call(2, command, source, "-o", out, "--max-time", 4, "--resume", "--threads", 1, *words)
        check(done.returncode in (0, 75), f"status {done.returncode}: {done.stderr}")
        if done.returncode == 0:
            break
    check(digest(out) == expected, f"limited: digest {digest(out)}, undivided {expected}")


def main():
    if _ranks.missing():
        print(_ranks.missing())
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scenario = ROOT / "configs/emr.yaml"
        for file, text in ("sweep", SWEEP), ("library", LIBRARY), ("large", LARGE):
            (folder / f"{file}.yaml").write_text(text)
        same("run", scenario, folder, "--candidates", 40001, cases=EIGHT)
        same("sweep", folder / "sweep.yaml", folder, cases=EIGHT)
        same("sweep", folder / "library.yaml", folder, *SMALL_LIBRARY, cases=EIGHT)
        for command, source, words in ("run", scenario, ("--candidates", 400000)), ("sweep", folder / "large.yaml", ()):
            whole = folder / f"{command}-whole.h5"
            must(command, source, "-o", whole, *words)
            broken(command, source, folder, digest(whole), *words)
        limited("run", scenario, folder, digest(folder / "run-whole.h5"), "--candidates", 400000)
        limited("sweep", folder / "large.yaml", folder, digest(folder / "sweep-whole.h5"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
