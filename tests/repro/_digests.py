"""The statistics of small runs of every kind, as other builds of the program give them. SPDX-License-Identifier: Apache-2.0"""
import subprocess
from pathlib import Path

from _program import PROGRAM, ROOT, check, sets, summary

EMR = ROOT / "configs/emr.yaml"
SHORT = ["exam.min_items=8", "exam.max_items=12", "exam.pilot_items=3", "exam.time_limit_min=none"]
COARSE = ["validate.cut_step=25", "validate.score_step=50", "validate.sittings=20"]
SENSITIVITY = f"""base: {ROOT}/configs/exact/emr.yaml
design: {{rule: saltelli, n: 8, seed: 3}}
axes:
  exam.cut_theta: {{uniform: [-0.5, 0.5]}}
  leave.after_fail: {{uniform: [0.1, 0.6]}}
sensitivity:
  - cumulative_pass_rate[attempt=3]
"""
SIMULATED = {  # scenario, candidates, parameters
    "emr": (EMR, 1025, []),
    "maximum likelihood": (EMR, 300, ["exam.estimate.rule=ml"]),
    "Kullback-Leibler": (EMR, 60, ["exam.select.rule=kl"]),
    "expected variance": (EMR, 20, [*SHORT, "exam.select.rule=mepv"]),
    "exposure": (EMR, 300, ["exam.exposure.rule=sympson_hetter", "exam.exposure.candidates=300", "exam.exposure.iterations=3"]),
    "normal, gamma, Sobol'": (EMR, 2049, ["exam.form=normal", "engine.sampling=sobol", "deficits.distribution=gamma",
                                           "deficits.correlation=0.3"]),
    "credential": (ROOT / "tests/golden/credential/scenario.yaml", 500, []),
    "seen": (ROOT / "tests/golden/seen/scenario.yaml", 500, []),
    "library": (EMR, 2000, [*SHORT, "engine.sessions=library", "engine.library.sittings=8", "engine.library.replicates=32"]),
}


def cases(folder):
    """name: words"""
    sensitivity = Path(folder, "sensitivity.yaml")
    sensitivity.write_text(SENSITIVITY)
    out = {name: ["run", scenario, "--candidates", n, *sets(assignments)]
           for name, (scenario, n, assignments) in SIMULATED.items()}
    return out | {
        "exact": ["run", ROOT / "configs/exact/emr.yaml"],
        "sweep": ["sweep", ROOT / "configs/sweeps/attempts-and-wait.yaml", "--candidates", 300],
        "sensitivity": ["sweep", sensitivity],
        "validate": ["validate", EMR, "--candidates", 300, *sets(COARSE)],
        "validate, normal": ["validate", EMR, "--candidates", 3000, *sets([*COARSE, "exam.form=normal"])],
    }


def digest(program, words, folder):
    """Of what PROGRAM (words that start it) makes; the release build reads it."""
    out = Path(folder, "out.h5")
    out.unlink(missing_ok=True)
    done = subprocess.run([*map(str, program), *map(str, words), "-o", out], capture_output=True, text=True, timeout=1200)
    check(done.returncode == 0, f"{program[-1]} {' '.join(map(str, words))}: status {done.returncode}: {done.stderr}")
    return summary(out)["attributes"]["statistics_digest"]


def differing(program, words_of, folder, expected):
    """Names of those whose digest is not that of the release build; expected keeps what was computed."""
    wrong = []
    for name, words in words_of.items():
        if name not in expected:
            expected[name] = digest([PROGRAM], words, folder)
        found = digest(program, words, folder)
        print(f"{name}: {found}" + ("" if found == expected[name] else f" and not {expected[name]}"), flush=True)
        wrong += [name] if found != expected[name] else []
    return wrong
