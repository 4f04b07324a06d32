"""Exact runs and sweeps, solve and sensitivity through the program: files, exit status, shards.

The statistics themselves are checked in tests/unit/test_exact_solver.c, test_solve.c and
test_sobol_indices.c; here that what is written can be used. SPDX-License-Identifier: Apache-2.0
"""
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import NormalDist

PROGRAM = os.environ.get("RETAKE", "retake")
PHI = NormalDist()

BASE = """engine: {candidates: 1000000, sessions: exact}
exam: {form: normal, sem: 0.5, time_limit_min: none}
population:
  groups:
    all: {theta_mean: 0.2, theta_sd: 1}
policy: {attempts_per_cycle: 3, max_cycles: 1}
study: {none: 1, broad: 0, targeted: 0}
leave: {after_fail: 0.3}
"""

SENSITIVITY = """base: base.yaml
design: {rule: saltelli, n: 32, seed: 3}
axes:
  exam.cut_theta: {uniform: [-0.5, 0.5]}
  leave.after_fail: {uniform: [0.1, 0.6]}
sensitivity:
  - pass_rate[attempt=1]
  - cumulative_pass_rate[attempt=3]
"""

GRID = """base: base.yaml
axes: {policy.attempts_per_cycle: [2, 3, 6]}
"""

n_wrong = 0


def expect(good, what):
    global n_wrong
    n_wrong += not good
    print("ok   " if good else "WRONG", what)


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)


def summary(path):
    return json.loads(run("summary", "--json", path).stdout)


def check_run(folder):
    base, out = folder / "base.yaml", folder / "run.h5"
    expect(run("run", base, "-o", out).returncode == 0, "an exact run is written")
    data = summary(out)
    first = PHI.cdf(0.2 / math.sqrt(1.25))
    expect(abs(data["pass_rate"][0][0] - first) < 1e-8, "its first pass rate is Phi(mean/sd)")
    expect(all(x == 0 for x in data["pass_rate_mcse"][0]), "without error")
    expect(run("run", base).returncode == 0, "and printed")
    wrong = run("run", base, "--set", "deficits.knowledge=0.3")
    expect(wrong.returncode == 65 and "deficits.cv" in wrong.stderr, "what is random is refused")
    expect(run("run", base, "-o", out, "--shard", "1/2").returncode == 65, "as are shards")


def check_sweep(folder):
    (folder / "grid.yaml").write_text(GRID)
    out = folder / "grid.h5"
    expect(run("sweep", folder / "grid.yaml", "-o", out).returncode == 0, "an exact sweep")
    data = summary(out)
    rates, steps = data["cumulative_pass_rate"], data["cumulative_pass_rate_difference"]
    expect(len(rates) == 3 and rates[2][0][5] > rates[1][0][2] > rates[0][0][1], "three policies")
    expect(abs(steps[2][0][5] - (rates[2][0][5] - rates[1][0][2])) < 1e-14, "and differences")
    one = folder / "six.h5"
    run("run", folder / "base.yaml", "--set", "policy.attempts_per_cycle=6", "-o", one)
    expect(summary(one)["cumulative_pass_rate"][0] == rates[2][0], "as a run of each")


def check_refusals(folder):
    """A policy that cannot be solved is a row that says so; the others are what they are without it."""
    (folder / "refused.yaml").write_text("base: base.yaml\naxes:\n  deficits.knowledge: [0, 0.3]\n"
                                         "  policy.attempts_per_cycle: [2, 3, 6]\n")
    out = folder / "refused.h5"
    expect(run("sweep", folder / "refused.yaml", "-o", out).returncode == 0, "a sweep with policies that are refused")
    data, grid = summary(out), summary(folder / "grid.h5")
    expect(data["policy_status"] == [0, 0, 0, 1, 1, 1], "has rows that failed")
    expect(all("deficits.cv" in text for text in data["policy_message"][3:]), "and say why")
    expect(data["cumulative_pass_rate"][:3] == grid["cumulative_pass_rate"], "beside those that did not")
    expect(all(x is None for x in data["cumulative_pass_rate"][3][0]), "whose rates are missing")
    strict = run("sweep", folder / "refused.yaml", "-o", folder / "strict.h5", "--strict")
    expect(strict.returncode == 65 and "policy 4" in strict.stderr and not (folder / "strict.h5").exists(),
           "--strict ends it")


def check_solve(folder):
    out = folder / "solved.yaml"
    done = run("solve", folder / "base.yaml", "--free", "exam.cut_theta=-2:2", "--target",
               "pass_rate[attempt=1]=0.75", "-o", out, "--json")
    found = json.loads(done.stdout)
    cut = 0.2 - PHI.inv_cdf(0.75) * math.sqrt(1.25)
    expect(abs(found["value"] - cut) < 1e-8, "solve finds the cut")
    run("run", out, "-o", folder / "solved.h5")
    rate = summary(folder / "solved.h5")["pass_rate"][0][0]
    expect(abs(rate - 0.75) < 1e-8, "and writes a scenario that runs")
    expect(run("solve", folder / "base.yaml", "--free", "exam.cut_theta=1:2", "--target",
               "pass_rate[attempt=1]=0.75").returncode == 65, "a target out of reach is refused")
    threads = [run("solve", folder / "base.yaml", "--set", "engine.sessions=simulate", "--free",
                   "exam.cut_theta=-2:2", "--target", "pass_rate[attempt=1]=0.75", "--candidates",
                   "20000", "--threads", n, "--json").stdout for n in (1, 2)]
    expect(threads[0] == threads[1] != "", "threads change nothing")


def check_sensitivity(folder):
    sweep, whole = folder / "sensitivity.yaml", folder / "whole.h5"
    sweep.write_text(SENSITIVITY)
    expect(run("sweep", sweep, "-o", whole).returncode == 0, "a sweep for sensitivity")
    parts = [folder / f"part{k}.h5" for k in (1, 2)]
    for k in (1, 2):
        run("sweep", sweep, "-o", parts[k - 1], "--shard", f"{k}/2")
    merged = folder / "merged.h5"
    run("merge", "-o", merged, *parts)
    a, b = summary(whole), summary(merged)
    expect(a["sobol_total"] == b.get("sobol_total"), "shards give the same indices")
    # the first attempt does not know of leaving
    expect(a["sobol_total"][0][1] == 0 and abs(a["sobol_total"][0][0] - 1) < 0.3,
           "what has no part has index 0, what is alone 1")
    text = run("summary", whole).stdout
    expect("leave.after_fail" in text and "█" in text, "the tornado")
    bad = folder / "bad.yaml"
    bad.write_text(SENSITIVITY.replace("pass_rate[attempt=1]", "pass_rat[attempt=1]"))
    expect(run("sweep", bad, "-o", folder / "bad.h5").returncode == 65, "a wrong address")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "base.yaml").write_text(BASE)
        for check in (check_run, check_sweep, check_refusals, check_solve, check_sensitivity):
            check(folder)
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
