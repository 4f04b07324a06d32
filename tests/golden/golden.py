"""What small scenarios came to: exact integers and the digest of all statistics.

tests/golden/CASE/scenario.yaml is run and compared with tests/golden/CASE/expected.json. The release
build runs vector code chosen by processor, the sanitized build plain code from another optimiser: one
expected digest for both shows that neither changes a bit.

A change that means to change results, or adds a statistic (then the digest alone differs), writes the
expected values anew, to be read in the diff before the commit:

    python3 tests/golden/golden.py --write

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = os.environ.get("RETAKE", str(HERE.parents[1] / "build/release/retake"))
NAMES = ("n_candidates", "n_attempted", "n_passed", "n_by_attempts_used", "n_outcome", "n_refreshers",
         "n_failed_all", "n_eligible_for_retest", "n_lapsed", "n_stop_reason", "n_decision", "seats")


def run(*words):
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}: {done.stderr}")
    return done.stdout


def figures(case):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.h5")
        run("run", case / "scenario.yaml", "-o", out, "--threads", 2)
        found = json.loads(run("summary", out, "--json"))
    digest = {"statistics_digest": found["attributes"]["statistics_digest"]}
    return {name: found[name] for name in NAMES if name in found} | digest


def write(path, values):
    lines = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in values.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def differences(expected, found):
    for name in expected.keys() | found.keys():
        if expected.get(name) != found.get(name):
            yield f"  {name}: expected {expected.get(name)}\n  {' ' * len(name)}     found {found.get(name)}"


def main():
    failed = False
    for scenario in sorted(HERE.glob("*/scenario.yaml")):
        case = scenario.parent
        found = figures(case)
        if sys.argv[1:] == ["--write"]:
            write(case / "expected.json", found)
            continue
        wrong = sorted(differences(json.loads((case / "expected.json").read_text()), found))
        failed = failed or bool(wrong)
        print(f"{case.name}: {'differs' if wrong else found['statistics_digest']}", *wrong, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
