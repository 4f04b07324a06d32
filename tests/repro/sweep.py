"""A sweep is the same bytes however it is cut, stopped and resumed; differences on common random numbers
have errors of their own; a failed policy is a row. SPDX-License-Identifier: Apache-2.0"""
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _program import IS_SANITIZED, PROGRAM, ROOT, call, check, must, summary

BASE = """
title: normal
engine: {candidates: %d, seed: 3}
exam: {form: normal, sem: 0.3}
population: {groups: {urban: {weight: 5, theta_mean: 0.4}, rural: {weight: 3, theta_mean: 0.1}}}
deficits: {knowledge: 0.4, sequence: 0.2}
study: {none: 0.2, broad: 0.4, targeted: 0.4}
policy: {wait_days: 30, attempts_per_cycle: 3, window_days: 365}
"""
SWEEP = """
base: base.yaml
axes:
  wait: {sets: [policy.wait_days, policy.max_attempts], values: [[15, none], [30, none], [60, 2.5]]}
  policy.attempts_per_cycle: [1, 3, 5]
  cut: {sets: [exam.cut_theta, population.competent_theta], values: [[0, 0], [0.3, 0.2]], labels: [low, high]}
where: policy.wait_days * policy.attempts_per_cycle != 75
"""
N = 1_000 if IS_SANITIZED else 8_000


def digest(path):
    return summary(path)["attributes"]["statistics_digest"]


def check_cuts(folder, whole):
    cuts = (["--threads", 1], ["--threads", 3], ["--batch", 1, "--threads", 2], ["--batch", 4])
    for words in cuts[3:] if IS_SANITIZED else cuts:
        must("sweep", "sweep.yaml", "-o", "other.h5", *words, cwd=folder)
        check(digest(folder / "other.h5") == whole, f"{words}: another digest")
    parts = []
    for k in (3, 1, 5, 2, 4):
        parts.append(f"part{k}.h5")
        must("sweep", "sweep.yaml", "-o", parts[-1], "--shard", f"{k}/5", cwd=folder)
    must("merge", "-o", "merged.h5", *parts, cwd=folder)
    check(digest(folder / "merged.h5") == whole, "merged: another digest")
    must("merge", "-o", "again.h5", "merged.h5", cwd=folder)
    check(digest(folder / "again.h5") == whole, "merged again: another digest")
    done = call("merge", "--missing", parts[0], parts[1], parts[4], cwd=folder)
    check((done.returncode, done.stdout) == (75, "2,5\n"), f"--missing: {done.stdout}")
    done = call("merge", "-o", "merged.h5", *parts, parts[2], cwd=folder)
    check(done.returncode == 65 and "overlap" in done.stderr, f"twice: {done.stderr}")
    done = call("merge", "-o", "merged.h5", *parts[1:], cwd=folder)
    check(done.returncode == 65 and "missing: 3" in done.stderr, f"one short: {done.stderr}")
    environment = {**os.environ, "SLURM_ARRAY_TASK_ID": "14", "SLURM_ARRAY_TASK_MIN": "10",
                   "SLURM_ARRAY_TASK_MAX": "18", "SLURM_ARRAY_TASK_STEP": "2", "SLURM_ARRAY_TASK_COUNT": "5"}
    must("sweep", "sweep.yaml", "-o", "auto.h5", "--shard", "auto", cwd=folder, env=environment)
    check(digest(folder / "auto.h5") == digest(folder / "part3.h5"), "--shard auto is another shard")
    done = call("sweep", "sweep.yaml", "-o", "auto.h5", "--shard", "auto", cwd=folder,
                env={**environment, "SLURM_ARRAY_TASK_COUNT": "4"})
    check(done.returncode == 2 and "RETAKE_SHARDS" in done.stderr, f"a gap: {done.stderr}")


def check_kills(folder, whole):
    """Killed at random moments, then told to stop, then resumed to the end."""
    out = folder / "killed.h5"
    command = [PROGRAM, "sweep", "sweep.yaml", "-o", "killed.h5", "--batch", "3", "--checkpoint", "0.02", "--resume"]
    moments = random.Random(1)
    for k in range(5):
        process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.02, 0.3))
        process.send_signal(signal.SIGTERM if k == 4 else signal.SIGKILL)
        check(process.wait() in (0, 75, -signal.SIGKILL, -signal.SIGTERM), f"status {process.returncode}")
    must(*command[1:], cwd=folder)
    check(digest(out) == whole, "killed and resumed: another digest")
    check(not Path(f"{out}.checkpoint").exists(), "the checkpoint is still there")
    done = call(*command[1:], cwd=folder)
    check(done.returncode == 0 and "is finished" in done.stderr, "a finished sweep is not left alone")
    done = call(*command[1:], "--set", "exam.sem=0.4", cwd=folder)
    check(done.returncode == 65 and "exam.sem is 0.3 there" in done.stderr, f"another sweep: {done.stderr}")


def check_files(folder):
    """A file that an axis names is an input: where it has changed, old rows are not taken for new ones."""
    holidays = folder / "mine.csv"
    holidays.write_text("date\n2026-07-03\n")
    (folder / "files.yaml").write_text("base: base.yaml\naxes: {calendar.holidays_file: ['', mine.csv]}\n")
    command = ["sweep", "files.yaml", "-o", "files.h5", "--candidates", 1000, "--resume"]
    must(*command, cwd=folder)
    first = summary(folder / "files.h5")["attributes"]["axis_files_digest"]
    done = call(*command, cwd=folder)
    check(done.returncode == 0 and "is finished" in done.stderr, f"the same files: {done.stderr}")
    holidays.write_text("date\n2026-07-06\n")
    done = call(*command, cwd=folder)
    check(done.returncode == 65 and f"axis_files_digest is {first} there" in done.stderr, f"another: {done.stderr}")


def check_values(folder, whole):
    """Rows against runs of their own, and errors against independent ones."""
    row = whole["scenario"].index(3)
    must("run", "base.yaml", "-o", "one.h5", "--set", "policy.wait_days=15", "--set", "policy.attempts_per_cycle=3",
         cwd=folder)
    one = summary(folder / "one.h5")
    for name in ("cumulative_pass_rate", "cumulative_pass_rate_mcse"):
        mine, other = whole[name][row][0], one[name][0]
        check(mine[:len(other)] == other and all(x == other[-1] for x in mine[len(other):]), f"{name}: another value")
    check(whole["n_passed"][row][0][:len(one["n_passed"][0])] == one["n_passed"][0], "n_passed: another count")
    base = whole["cumulative_pass_rate_base"][0][-1]
    difference = whole["cumulative_pass_rate_difference"][row][0][-1]
    check(abs(whole["cumulative_pass_rate"][row][0][-1] - base - difference) < 1e-12, "not the difference")
    same = [k for k in range(len(whole["scenario"]))
            if (whole["policy.wait_days"][k], whole["policy.attempts_per_cycle"][k], whole["cut"][k]) == (30, 3, "low")]
    check(whole["cumulative_pass_rate_difference_mcse"][same[0]][0][-1] == 0, "the base differs from itself")
    common = whole["cumulative_pass_rate_difference_mcse"][row][0][-1]
    apart = math.hypot(whole["cumulative_pass_rate_mcse"][row][0][-1], whole["cumulative_pass_rate_base_mcse"][0][-1])
    check(0 < common < apart / 2, f"errors: {common} on common random numbers, {apart} without")
    must("sweep", "sweep.yaml", "-o", "free.h5", "--set", "engine.seed=3", cwd=folder)
    (folder / "free.yaml").write_text(SWEEP + "common_random_numbers: false\n")
    must("sweep", "free.yaml", "-o", "free.h5", cwd=folder)
    free = summary(folder / "free.h5")["cumulative_pass_rate_difference_mcse"][row][0][-1]
    # Of independent seeds the variance is the sum; an estimate from B blocks has a relative error
    # of sqrt(1/(2 (B - 1))), and so has the sum: four of both.
    limit = 4 * 2 * math.sqrt(1 / (2 * (N / 256 - 1)))
    check(abs(free / apart - 1) < limit, f"independent: {free} where {apart} is expected")


def check_failures(folder, whole):
    status = dict(zip(whole["scenario"], whole["policy_status"]))
    failed = [k for k, days in zip(whole["scenario"], whole["policy.wait_days"]) if days == 60]
    check(failed and all(status[k] == (k in failed) for k in status), f"status {status}")
    message = whole["policy_message"][whole["scenario"].index(failed[0])]
    check("policy.max_attempts=2.5: expected a whole number" in message, message)
    check(all(x is None for x in whole["pass_rate"][whole["scenario"].index(failed[0])][0]), "a rate of a failed policy")
    done = call("sweep", "sweep.yaml", "-o", "strict.h5", "--strict", cwd=folder)
    check(done.returncode == 65 and not (folder / "strict.h5").exists(), f"--strict: {done.stderr}")


def check_xarray(folder):
    try:
        import xarray
    except ImportError:
        return
    data = xarray.open_dataset(folder / "whole.h5")
    check("policy.wait_days" in data.coords and "cut" in data.coords, "axes are no coordinates")
    grid = data.set_index(scenario=["policy.wait_days", "policy.attempts_per_cycle", "cut"]).unstack("scenario")
    rate = grid.cumulative_pass_rate.sel({"group": "all", "attempt": 3, "policy.wait_days": 15,
                                          "policy.attempts_per_cycle": 3, "cut": "low"}).item()
    mine = data.cumulative_pass_rate.sel(group="all", attempt=3, scenario=3).item()
    check(rate == mine, f"unstacked: {rate}, not {mine}")


def check_shipped(folder):
    shipped = sorted((ROOT / "configs/sweeps").glob("*.yaml"))
    check(len(shipped) >= 2, "no shipped sweeps")
    for path in shipped:
        done = must("sweep", path, "--dry-run", "--candidates", 256, cwd=folder)
        check("policies" in done, f"{path.name}: {done}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "base.yaml").write_text(BASE % N)
        (folder / "sweep.yaml").write_text(SWEEP)
        must("sweep", "sweep.yaml", "-o", "whole.h5", cwd=folder)
        whole = summary(folder / "whole.h5")
        check("16 policies" in must("summary", "whole.h5", cwd=folder), "summary: no table")
        check_cuts(folder, whole["attributes"]["statistics_digest"])
        check_kills(folder, whole["attributes"]["statistics_digest"])
        check_files(folder)
        check_failures(folder, whole)
        if IS_SANITIZED:
            return 0
        check_values(folder, whole)
        check_xarray(folder)
        check_shipped(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
