"""Exposure parameters: the same from every calibration of an exam and a population, whatever the policy,
the seed of the run and the threads; and a run with their file is the run that calibrates itself.

SPDX-License-Identifier: Apache-2.0
"""
import csv
import sys
import tempfile
from pathlib import Path

from _program import IS_SANITIZED, ROOT, call, check, must, sets, summary

EMR = ROOT / "configs/emr.yaml"
N = 400 if IS_SANITIZED else 1500
EXAM = ["exam.exposure.rule=sympson_hetter", "exam.exposure.target=0.2", f"exam.exposure.candidates={N}",
        "exam.select.randomesque=1",
        "exam.min_items=20", "exam.max_items=40", "exam.pilot_items=5"]
SAME = {  # what must not matter
    "threads": ([], ["--threads", 3]),
    "seed": (["engine.seed=5"], []),
    "candidates": (["engine.candidates=77"], []),
    "policy": (["policy.wait_days=60", "policy.attempts_per_cycle=6", "policy.window_days=400",
                "policy.horizon_days=500", "leave.after_fail=0"], []),
    "gates": (["gates.verification.probability=0.5"], []),
    "a file named": (["exam.exposure.file=none.csv"], []),
}
OTHER = {  # what must
    "seed of the calibration": ["exam.exposure.seed=2"],
    "target": ["exam.exposure.target=0.3"],
    "population": ["population.groups.all.theta_mean=0"],
    "rule": ["exam.exposure.rule=eligibility"],
}


def parameters(out, assignments, options=()):
    must("bank", "exposure", EMR, "-o", out, *sets([*EXAM, *assignments]), *options)
    return out.read_text()


def run(out, assignments):
    must("run", EMR, "-o", out, "--candidates", 300 if IS_SANITIZED else 3000, *sets([*EXAM, *assignments]))
    return summary(out)


def check_runs(folder, file):
    made = run(folder / "made.h5", [])
    read = run(folder / "read.h5", [f"exam.exposure.file={file}"])
    free = run(folder / "free.h5", ["exam.exposure.rule=none"])
    check(made["attributes"]["statistics_digest"] == read["attributes"]["statistics_digest"],
          "a run with the file differs from one that calibrates")
    check("item_exposure_parameter" not in free, "parameters without control")
    rows = {row["id"]: float(row["probability"]) for row in csv.DictReader(file.open())}
    stored = made["item_exposure_parameter"]
    check(sorted(value for value in stored if value < 1) == sorted(p for p in rows.values() if p < 1),
          "the results hold other parameters than the file")
    check(made["attributes"]["exposure_greatest_rate_before"] == 1, "the first item was the same for all")
    check(made["attributes"]["exposure_greatest_rate"] < 0.2 + 5 * (0.2 * 0.8 / N) ** 0.5, "greatest rate")
    print(f"in the run and from the file: {made['attributes']['statistics_digest']}")


def check_refusals(folder, file):
    bad = folder / "bad.csv"
    lines = file.read_text().splitlines()
    for name, text, says in [("no row", lines[:-1], "no row for item"),
                             ("0", [*lines[:-1], lines[-1].split(",")[0] + ",0"], "out of range")]:
        bad.write_text("\n".join(text) + "\n")
        done = call("run", EMR, *sets([*EXAM, f"exam.exposure.file={bad}"]))
        check(done.returncode == 65 and says in done.stderr and done.stderr.count("\n") == 1,
              f"{name}: {done.returncode}, {done.stderr}")
    done = call("bank", "exposure", EMR, "-o", bad, "--target", 0.01, *sets(EXAM))
    check(done.returncode == 65 and "on average" in done.stderr, f"target: {done.stderr}")
    check(call("bank", "exposure", EMR).returncode == 2, "no -o")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "parameters.csv"
        base = parameters(file, [])
        check(base.count("\n") == 1001 and base.startswith("id,probability\n"), "every scored item once")
        for what, (assignments, options) in () if IS_SANITIZED else SAME.items():
            check(parameters(folder / "other.csv", assignments, options) == base, f"{what} matters")
        for what, assignments in () if IS_SANITIZED else OTHER.items():
            check(parameters(folder / "other.csv", assignments) != base, f"{what} does not matter")
        check_runs(folder, file)
        check_refusals(folder, file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
