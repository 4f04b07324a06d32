"""Every scenario of configs/ is one that runs: checked, simulated in small, its table printed.

What each policy allows is held against the attempts that its result has rows for.
SPDX-License-Identifier: Apache-2.0
"""
import json
import sys
import tempfile
from pathlib import Path

from _program import IS_SANITIZED, ROOT, call, check, must

CONFIGS = ROOT / "configs"
N = 600 if IS_SANITIZED else 2000
# Attempts that the policy leaves room for, and sittings that a year does.
ATTEMPTS = {"emr": 6, "emr-new-course": 6, "emt": 12, "nclex": 25, "usmle": 4, "no-limit": 49}


def run(path, folder):
    out = Path(folder, path.stem + ".h5")
    must("run", path, "-o", out, "--candidates", N)
    return json.loads(must("summary", out, "--json"))


def sums_to(found, name):
    return sum(found[name][0])


def check_scenario(path, folder):
    must("check", path)
    head = path.read_text().split("title:")[0]
    check(head.count("\n") >= 3, f"{path.name}: the head does not say what it is")
    found = run(path, folder)
    check(sums_to(found, "n_outcome") == N, f"{path.name}: outcomes {found['n_outcome']}")
    check(len(found["n_attempted"][0]) == ATTEMPTS.get(path.stem, len(found["n_attempted"][0])),
          f"{path.name}: {len(found['n_attempted'][0])} attempts")
    outcomes = dict(zip(found["outcome"], found["n_outcome"][0]))
    gates = dict(zip(found["gate"], found["n_awaiting_by_gate"][0]))
    check(gates["result"] + gates["skills"] == outcomes["awaiting_gate"], f"{path.name}: {gates}")
    check(gates["licensure"] <= outcomes["certified_only"], f"{path.name}: {gates}")
    return found


def check_tables(folder):
    usmle, emt = (must("summary", Path(folder, name + ".h5")) for name in ("usmle", "emt"))
    check("at least 60 days after attempts 1 and 2, at least 183 days after attempt 3" in usmle, usmle)
    for text in ("held up by a gate", "new courses, cycle 2", "course fees", "authorisations forfeited"):
        check(text in emt, f"{text}: {emt}")


def check_trace(path, folder):
    """Candidate by candidate, a trace ends as the run counts."""
    n = 8 if IS_SANITIZED else 24
    out = Path(folder, "traced.h5")
    must("run", path, "-o", out, "--candidates", n)
    found = json.loads(must("summary", out, "--json"))
    counts = dict.fromkeys(found["outcome"], 0)
    n_sittings = 0
    for candidate in range(n):
        journey = json.loads(must("trace", path, "--candidate", candidate, "--json"))
        counts[journey["outcome"]] += 1
        n_sittings += len(journey["sittings"])
    check(list(counts.values()) == found["n_outcome"][0], f"{path.name}: {counts}, {found['n_outcome']}")
    check(n_sittings == found["seats"][0], f"{path.name}: {n_sittings} sittings, {found['seats']}")
    done = call("trace", path)
    check(done.returncode == 2 and "--candidate" in done.stderr, done.stderr)


def check_holidays(folder):
    """A file of holidays in place, and one line for each malformed one."""
    emr = CONFIGS / "usmle.yaml"
    for content, what in (("date,name\n2026-12-25,Christmas\n2026-13-01,none\n",
                           "holidays.csv:3:1: column date: expected a date as YYYY-MM-DD, not '2026-13-01'"),
                          ("day\n2026-12-25\n", "holidays.csv:1:1: not a file of holidays, with a column date"),
                          ("date,name\n2026-12-25\n", "holidays.csv:2:")):
        path = Path(folder, "holidays.csv")
        path.write_text(content)
        done = call("check", emr, "--set", f"calendar.holidays_file={path}")
        check(done.returncode == 65 and what in done.stderr and done.stderr.count("\n") == 1,
              f"{content!r}: {done.stderr}")
    path.write_text("date,name\n2026-12-25,Christmas\n2027-01-01,New Year\n")
    must("check", emr, "--set", f"calendar.holidays_file={path}")
    done = call("check", emr, "--set", "calendar.holidays_file=none.csv")
    check(done.returncode == 65 and "calendar.holidays_file" in done.stderr, done.stderr)


def check_files_from_here(folder):
    """The name of a file after --set is meant from the working directory, whatever the key."""
    emr = CONFIGS / "emr.yaml"
    for key, content in (("bank", (CONFIGS / "banks/emr.csv").read_text()), ("calendar.holidays_file", "date\n2026-12-25\n"),
                         ("population.candidates_file", "id,theta\na,0\n")):
        Path(folder, "own.csv").write_text(content)
        must("check", emr, "--set", f"{key}=own.csv", cwd=folder)
    Path(folder, "sweep.yaml").write_text(f"base: {emr}\naxes: {{policy.wait_days: [15]}}\n")
    Path(folder, "own.csv").write_text("id,theta\na,0\n")
    must("sweep", "sweep.yaml", "-o", "own.h5", "--candidates", 256, "--set", "population.candidates_file=own.csv", cwd=folder)
    check(json.loads(must("summary", Path(folder, "own.h5"), "--json"))["attributes"].get("candidates_digest"),
          "a sweep has not read the candidates")


def main():
    with tempfile.TemporaryDirectory() as folder:
        found = {path.stem: check_scenario(path, folder) for path in sorted(CONFIGS.glob("*.yaml"))}
        check(len(found) >= 7, f"{len(found)} scenarios")
        check(sums_to(found["emr-new-course"], "n_courses") > 0, "no new course")
        check(sums_to(found["emr-new-course"], "n_refreshers") == 0, "a refresher")
        check(found["emt"]["n_courses"][0][0] == 0 < found["emt"]["n_refreshers"][0][0], "after the first cycle")
        check(found["emt"]["n_refreshers"][0][1] == 0 < found["emt"]["n_courses"][0][1], "after the second cycle")
        check(found["emt"]["n_authorizations_forfeited"][0] > 0, "no authorisation ran out")
        check(found["usmle"]["attributes"]["policy.wait_days"] == "[60, 60, 183]", "a list in the provenance")
        check("n_stop_reason" not in found["usmle"], "a stop reason without items")
        check_tables(folder)
        check_holidays(folder)
        check_files_from_here(folder)
        check_trace(CONFIGS / "usmle.yaml", folder)
    print(f"{len(found)} scenarios")
    return 0


if __name__ == "__main__":
    sys.exit(main())
