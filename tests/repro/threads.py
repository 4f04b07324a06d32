"""The statistics are the same bytes for 1, 2, 3 and 8 threads, whatever the exam.

Candidates fill no whole number of blocks (256) nor of chunks (1,024). SPDX-License-Identifier: Apache-2.0
"""
import sys
import tempfile
from pathlib import Path

from _program import IS_SANITIZED, ROOT, check, must, sets, summary

EMR, CREDENTIAL = ROOT / "configs/emr.yaml", ROOT / "configs/credential.yaml"
TWO_GROUPS = f"""bank: {ROOT}/configs/banks/emr.csv
exam: {{exclude_seen: all, min_items: 20, max_items: 40, pilot_items: 5}}
population:
  groups:
    full_time: {{weight: 2, theta_mean: 0.5}}
    part_time: {{weight: 1, theta_mean: -0.5, theta_sd: 1.1}}
"""
THREADS = (3,) if IS_SANITIZED else (1, 2, 3, 8)
CONTROL = ["exam.exposure.target=0.2", f"exam.exposure.candidates={300 if IS_SANITIZED else 1500}"]

CASES = {
    "emr": (EMR, 5001, []),
    "maximum likelihood, nothing twice": (EMR, 3333, ["exam.estimate.rule=ml", "exam.exclude_seen=last"]),
    "credential": (CREDENTIAL, 5001, []),
    "two groups": (None, 8193, []),
    "Sympson-Hetter": (None, 5001, [*CONTROL, "exam.exposure.rule=sympson_hetter"]),
    "eligibility": (None, 5001, [*CONTROL, "exam.exposure.rule=eligibility"]),
    "normal": (EMR, 9001, ["exam.form=normal"]),
    "normal, two groups": (None, 9001, ["exam.form=normal"]),
    "one candidate": (EMR, 1, []),
    "no spread in ability": (EMR, 2049, ["population.groups.all.theta_sd=0", "exam.select.rule=random"]),
}


def digest(scenario, candidates, assignments, threads, out):
    must("run", scenario, "-o", out, "--candidates", candidates, "--threads", threads, *sets(assignments))
    return summary(out)["attributes"]["statistics_digest"]


def main():
    seen = set()
    with tempfile.TemporaryDirectory() as folder:
        two_groups, out = Path(folder, "two_groups.yaml"), Path(folder, "out.h5")
        two_groups.write_text(TWO_GROUPS)
        for name, (scenario, candidates, assignments) in CASES.items():
            if IS_SANITIZED and candidates > 1:
                candidates = 1025
            digests = {digest(scenario or two_groups, candidates, assignments, threads, out) for threads in THREADS}
            check(len(digests) == 1, f"{name}: digests {sorted(digests)}")
            print(f"{name}: {candidates} candidates, {min(digests)}")
            seen |= digests
    check(len(seen) == len(CASES), "different scenarios have the same digest")
    return 0


if __name__ == "__main__":
    sys.exit(main())
