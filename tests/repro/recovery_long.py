"""Standard errors of a fit are what they say: parameters are recovered from the rates of small simulated
cohorts, 60 times. Of z = (estimate - truth)/s.e., the mean is 0 and the mean square 1, within 4 standard
errors of sampling (a mean square of n values of chi-square(1) has standard error sqrt(2/n)), and at
least 85 % of the 95 % intervals hold the truth. SPDX-License-Identifier: Apache-2.0
"""
import json
import math
import sys
import tempfile
from pathlib import Path

from _program import check, must, summary

SCENARIO = """engine: {candidates: 50000, seed: 5}
exam: {form: normal, sem: 0.3333, cut_theta: 0}
population: {groups: {all: {theta_mean: 1, theta_sd: 1}}}
deficits: {knowledge: 1, cv: 0.5}
study: {none: 0, broad: 1, targeted: 0}
policy: {attempts_per_cycle: 3, max_cycles: 1}
leave: {after_fail: 0.3}
"""
MEAN, GAIN = "population.groups.all.theta_mean", "study.repair_per_hour"
TRUTH = {MEAN: 1.4, GAIN: 0.1}
N_FITS, N_COHORT = 60, 2000


def fit(folder, seed):
    """Parameters fitted to the rates of one simulated cohort."""
    words = [word for key, value in TRUTH.items() for word in ("--set", f"{key}={value}")]
    must("run", "s.yaml", "-o", "truth.h5", "--candidates", N_COHORT, "--seed", seed, *words, cwd=folder)
    found = summary(folder / "truth.h5")
    rates, n = found["cumulative_pass_rate"][0], found["n_attempted"][0][0]
    rows = [f"cumulative_pass_rate[attempt={k}],{rates[k - 1]},{n}" for k in (1, 2, 3)]
    (folder / "t.csv").write_text("\n".join(["statistic,value,n", *rows]) + "\n")
    out = must("calibrate", "s.yaml", "--targets", "t.csv", "--free", f"{MEAN}=0:3:1", "--free", f"{GAIN}=0:0.4:0.2",
               "-o", "f.yaml", "--json", "--candidates", 60000, cwd=folder)
    return json.loads(out)


def main():
    z = {MEAN: [], GAIN: []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "s.yaml").write_text(SCENARIO)
        for seed in range(1000, 1000 + N_FITS):
            for parameter in fit(folder, seed)["parameters"]:
                z[parameter["key"]].append((parameter["estimate"] - TRUTH[parameter["key"]]) / parameter["se"])
    for key, values in z.items():
        mean, square = sum(values) / N_FITS, sum(value * value for value in values) / N_FITS
        covered = sum(abs(value) < 1.96 for value in values) / N_FITS
        print(f"{key}: mean z {mean:+.2f}, mean z^2 {square:.2f}, 95 % intervals hold the truth in {covered:.0%}")
        check(abs(mean) < 4 / math.sqrt(N_FITS), f"{key}: biased, mean z {mean:.2f}")
        check(abs(square - 1) < 4 * math.sqrt(2 / N_FITS), f"{key}: mean z^2 {square:.2f}")
        check(covered >= 0.85, f"{key}: coverage {covered:.0%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
