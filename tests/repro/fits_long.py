"""The published rates of configs/fits: each fit reaches its targets, within their standard errors where n is
published and within one point where it is not; what is fitted on one seed holds on another; the third
attempt of NCLEX-RN in Oregon is predicted. SPDX-License-Identifier: Apache-2.0
"""
import json
import sys
import tempfile
from pathlib import Path

from _program import ROOT, check, must, summary

FITS = ROOT / "configs/fits"
GAIN, RETURN, ABILITY = "ability_and_gain.csv", "ability_and_return.csv", "ability.csv"
# scenario, targets, free parameters, candidates
CASES = [
    (FITS / "emt.yaml", "emt_college.csv", GAIN, 400000),
    (FITS / "emt.yaml", "emt_college.csv", RETURN, 400000),
    (FITS / "emt.yaml", "emt_2015_top.csv", GAIN, 400000),
    (FITS / "emt.yaml", "emt_2015_bottom.csv", GAIN, 400000),
    (FITS / "paramedic.yaml", "paramedic_2015_top.csv", GAIN, 400000),
    (FITS / "paramedic.yaml", "paramedic_2015_bottom.csv", GAIN, 400000),
    (FITS / "nclex_oregon.yaml", "nclex_oregon.csv", GAIN, 400000),
    (ROOT / "configs/emr.yaml", "emr_connecticut.csv", ABILITY, 50000),
]


def fit(folder, scenario, targets, free, candidates):
    return json.loads(must("calibrate", scenario, "--targets", FITS / targets, "--free", FITS / free,
                           "-o", folder / "fitted.yaml", "--json", "--candidates", candidates))


def check_fit(folder, case):
    found = fit(folder, *case)
    scenario, targets, free, candidates = case
    must("run", folder / "fitted.yaml", "-o", folder / "fitted.h5", "--seed", 4, "--candidates", candidates)
    rates = summary(folder / "fitted.h5")["cumulative_pass_rate"][0]
    for target in found["targets"]:
        attempt = int(target["statistic"].split("attempt=")[1].rstrip("]"))
        print(f"{targets} by {free}: {target['statistic']} {target['published']:.4f}, fitted {target['fitted']:.4f}, "
              f"another seed {rates[attempt - 1]:.4f}, z {target['z']:+.2f}{' predicted' * target['predicted']}")
        if not target["predicted"]:
            for rate in (target["fitted"], rates[attempt - 1]):
                check(abs(rate - target["published"]) <= target["se"], f"{targets}: {target}: {rate}")
    for parameter in found["parameters"]:
        print(f"    {parameter['key']} {parameter['estimate']} +- {parameter['se']}, identified "
              f"{parameter['identified']}")
        check(not parameter["at_bound"], f"{targets}: {parameter}")
    no_freedom = len(found["parameters"]) >= sum(not target["predicted"] for target in found["targets"])
    said = any("says nothing for the model" in warning for warning in found["warnings"])
    check(said == no_freedom, f"{targets}: {found['warnings']}")


def check_prediction(folder):
    """Published 98.0 %: the figure depends on who returns, which the tool must not hide."""
    predictions = {}
    for leave in (0, 0.05, 0.1):
        found = json.loads(must("calibrate", FITS / "nclex_oregon.yaml", "--targets", FITS / "nclex_oregon.csv",
                                "--free", FITS / GAIN, "-o", folder / "f.yaml", "--json", "--set",
                                f"leave.after_fail={leave}"))
        held_out = [target for target in found["targets"] if target["predicted"]]
        check(len(held_out) == 1 and any("was held out" in text for text in found["warnings"]), found["warnings"])
        predictions[leave] = held_out[0]["fitted"]
    print(f"Oregon, third attempt by share who leave: {predictions}")
    check(predictions[0] > predictions[0.05] > predictions[0.1], f"{predictions}")
    check(predictions[0.1] < 0.98 < predictions[0] and 0.97 < predictions[0.1], f"{predictions}")


def check_both(folder):
    """Gain and who returns, both free: it says so."""
    found = json.loads(must("calibrate", FITS / "emt.yaml", "--targets", FITS / "emt_college.csv", "--free",
                            FITS / GAIN, "--free", "leave.after_fail=0.05:0.9", "-o", folder / "f.yaml", "--json"))
    check("gain and who returns are not separately identifiable" in found["warnings"][0], found["warnings"])
    check([parameter["identified"] for parameter in found["parameters"]] == [True, False, False], found["parameters"])


def main():
    with tempfile.TemporaryDirectory() as name:
        for case in CASES:
            check_fit(Path(name), case)
        check_prediction(Path(name))
        check_both(Path(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
