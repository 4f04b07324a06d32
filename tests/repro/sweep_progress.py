"""A sweep or run that is stopped again and again ends all the same, with the same bytes; where it cannot,
it says so. SPDX-License-Identifier: Apache-2.0"""
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _program import IS_SANITIZED, PROGRAM, ROOT, SKIPPED, call, check, must, summary

QUICK = f"""
base: {ROOT}/configs/exact/emr.yaml
sessions: exact
axes:
  policy.wait_days: [9, 33, 45]
  policy.attempts_per_cycle: [2, 3]
"""
SLOW = f"""
base: {ROOT}/configs/exact/emr.yaml
sessions: exact
set: {{study.course_gain: 0.4, leave.per_year_since_course: 0.2}}
axes:
  policy.wait_days: [10, 25]
  policy.attempts_per_cycle: [3]
"""
SIMULATED = """
base: normal.yaml
candidates: 3000
axes:
  policy.wait_days: [9, 21, 45]
"""
NORMAL = "engine: {candidates: 100000, seed: 8}\nexam: {form: normal, sem: 0.31}\n"


def digest(path):
    return summary(path)["attributes"]["statistics_digest"]


def done_of(line):
    """The number in "stopped after 3 of 8 policies"."""
    return int(line.split("stopped after ")[1].split()[0])


def check_limits(folder, name, n_most):
    """A limit of time below everything: each call does one thing, never none."""
    must("sweep", f"{name}.yaml", "-o", f"{name}.h5", "--threads", "1", cwd=folder)
    reached = [-1]
    for _ in range(n_most):
        done = call("sweep", f"{name}.yaml", "-o", "limited.h5", "--resume", "--max-time", "1e-6", "--threads", "1",
                    "--batch", "2", cwd=folder)
        if done.returncode == 0:
            break
        check(done.returncode == 75, f"{name}: status {done.returncode}: {done.stderr}")
        reached.append(done_of(done.stderr))
    check(done.returncode == 0, f"{name}: not done after {n_most} calls: {reached}")
    check(reached == sorted(reached), f"{name}: went back: {reached}")
    check(digest(folder / "limited.h5") == digest(folder / f"{name}.h5"), f"{name}: another digest")
    (folder / "limited.h5").unlink()
    return reached


def check_exact(folder):
    reached = check_limits(folder, "quick", 10)
    check(len(set(reached)) >= 6, f"a call solves one policy, and keeps it: {reached}")


def check_simulated(folder):
    """The chunks of a batch are kept: 3 policies and 3,000 candidates are 3 chunks of a batch of 2, and of 1."""
    check_limits(folder, "simulated", 9)


def check_kills(folder):
    """Of what was solved nothing but what came after the last checkpoint is lost."""
    moments, most = random.Random(3), 0
    words = ["sweep", "quick.yaml", "-o", "killed.h5", "--resume", "--checkpoint", "0.001", "--threads", "1"]
    for _ in range(3):
        process = subprocess.Popen([PROGRAM, *words], cwd=folder, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.05, 0.15))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (folder / "killed.h5.checkpoint").exists():
            here = len(summary(folder / "killed.h5.checkpoint").get("scenario", []))
            check(here >= most, f"{here} policies after {most}")
            most = here
    must(*words, cwd=folder)
    check(digest(folder / "killed.h5") == digest(folder / "quick.h5"), "killed: another digest")


def check_fruitless(folder):
    """A policy of seconds under a limit of less: the second time in a row it is no 75 any more."""
    seen = []
    for k in range(2):
        process = subprocess.Popen([PROGRAM, "sweep", "slow.yaml", "-o", "slow.h5", "--resume", "--checkpoint", "60",
                                    "--threads", "1"], cwd=folder, stderr=subprocess.PIPE, text=True)
        while not (folder / "slow.h5.lock").exists():
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(signal.SIGUSR1)
        line = process.communicate(timeout=60)[1].strip().splitlines()[-1]
        seen.append((process.returncode, line))
    check(seen[0][0] == 75 and "stopped after 0 of 2" in seen[0][1], f"first: {seen[0]}")
    check(seen[1][0] == 130 and "2nd time in a row" in seen[1][1] and "one policy takes longer" in seen[1][1],
          f"second: {seen[1]}")


def check_run(folder):
    """A limit below the time that a run takes to start."""
    words = ["run", "normal.yaml", "-o", "run.h5", "--threads", "1"]
    must(*words, cwd=folder)
    whole, reached = digest(folder / "run.h5"), []
    (folder / "run.h5").unlink()
    for _ in range(2):
        done = call(*words, "--resume", "--max-time", "1e-6", cwd=folder)
        check(done.returncode == 75, f"run: status {done.returncode}: {done.stderr}")
        reached.append(done_of(done.stderr))
    check(0 < reached[0] < reached[1], f"run: {reached}")
    must(*words, "--resume", cwd=folder)
    check(digest(folder / "run.h5") == whole, "run: another digest")


def main():
    if IS_SANITIZED:
        print("the release build's clock is meant: skipped")
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in (("quick", QUICK), ("slow", SLOW), ("simulated", SIMULATED), ("normal", NORMAL)):
            (folder / f"{file}.yaml").write_text(text)
        for part in (check_exact, check_simulated, check_kills, check_fruitless, check_run):
            began = time.monotonic()
            part(folder)
            print(f"{part.__name__}: {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
