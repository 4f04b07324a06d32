"""Step by step against other programs: the same items, estimates, standard errors and ends of tests.

For every recorded file one line says how many steps agreed of how many, and how many sessions left the
program's path at a near-tie between two items. A session that leaves it otherwise, or a number beyond its
tolerance, fails. The argument is another folder of recordings in the same form.
SPDX-License-Identifier: Apache-2.0
"""
import math
import sys
from pathlib import Path

import _peers
from _criteria import CRITERIA

HERE = Path(__file__).resolve().parent
STOCK = 1e-4  # relative gap of two criteria that a search of the program's accuracy may turn round
EXACT = 1e-9
GRIDS = {"catIrt": (-6, 6, 33)}
# For the record only: rules that were not written again independently, and an inaccurate search.
RECORDED = {("mirtCAT", rule) for rule in ("IKLP",)} | {("jsCAT", "MLE")}


def tolerances(recording):
    """(theta, se, relative gap of a near-tie); the first two apply to the tight columns where there are any."""
    program, estimator = recording.program, recording.estimator
    if program == "catR":
        exact = recording.is_tight or estimator == "EAP"
        gap = STOCK if recording.rule == "MEI" or not exact else EXACT
        return 1e-7, 1e-7, gap
    if program == "catIrt":
        tight = 1e-7 if estimator in ("EAP", "WLE") else 1e-6
        return tight, tight, EXACT if estimator == "EAP" else STOCK
    if program == "catsim":
        return 5e-6, 5e-6, STOCK
    if program == "mirtCAT" and estimator != "EAP":
        return 1e-5, 1e-3, STOCK
    return 1e-7, 1e-7, EXACT


def differs(ours, theirs, tolerance):
    """By more than the tolerance, relative above 1; 'NA' there is 'inf' here."""
    if math.isnan(theirs):
        return math.isfinite(ours)
    return not abs(ours - theirs) <= tolerance * max(1, abs(theirs))


class Count:
    def __init__(self, name):
        self.name, self.faults = name, []
        self.n_steps = self.n_agreed = self.n_ties = self.n_after = 0
        self.worst_theta = self.worst_se = 0.0

    def fault(self, text):
        self.faults.append(f"{self.name}: {text}")

    def line(self):
        return (f"{self.name:34} {self.n_agreed:5d} of {self.n_steps:5d} steps agree, {self.n_ties:3d} near-ties "
                f"({self.n_after:4d} steps after them), theta within {self.worst_theta:.1g}, se within "
                f"{self.worst_se:.1g}, {len(self.faults)} faults")


def gap_at(recording, items, history, ours, theirs, theta):
    """By how much their item falls short of ours in our own terms, relative."""
    criterion = CRITERIA[recording.rule]
    answers = [(items[step.item], step.response == "1") for step in history]
    offset = 0.481 if recording.rule == "closest" else 0
    mine, other = (criterion(items[item], theta + offset, answers, 0.5, GRIDS.get(recording.program))
                   for item in (ours, theirs))
    return (mine - other) / max(abs(mine), abs(other))


def is_near_tie(recording, items, history, step, ours, gap):
    if not math.isnan(step.crit):
        return abs(step.crit - step.runner_up) <= gap * max(abs(step.crit), abs(step.runner_up))
    if recording.rule not in CRITERIA:
        return False
    return abs(gap_at(recording, items, history, ours, step.item, step.theta_before)) <= gap


def compare_session(recording, items, theirs, ours, count):
    theta_tolerance, se_tolerance, gap = tolerances(recording)
    count.n_steps += len(theirs)
    for k, step in enumerate(theirs):
        if k >= len(ours) or ours[k]["item"] != step.item:
            if k < len(ours) and is_near_tie(recording, items, theirs[:k], step, ours[k]["item"], gap):
                count.n_ties += 1
                count.n_after += len(theirs) - k
            else:
                count.fault(f"examinee {ours[0]['examinee']} step {k + 1}: item "
                            f"{ours[k]['item'] if k < len(ours) else 'none'}, not {step.item} "
                            f"({step.crit:.17g}, next {step.runner_up:.17g})")
            return
        theta, se = float(ours[k]["theta"]), float(ours[k]["se"])
        is_exact = not math.isnan(step.theta_tight) and not math.isnan(step.se)  # else a rule, no search
        goal = (step.theta_tight, step.se_tight) if is_exact else (step.theta, step.se)
        if differs(theta, goal[0], theta_tolerance) or differs(se, goal[1], se_tolerance):
            count.fault(f"examinee {ours[0]['examinee']} step {k + 1}: theta {theta:.10f} se {se:.10f}, not "
                        f"{goal[0]:.10f} and {goal[1]:.10f}")
            continue
        count.n_agreed += 1
        count.worst_theta = max(count.worst_theta, abs(theta - goal[0]))
        if math.isfinite(se):
            count.worst_se = max(count.worst_se, abs(se - goal[1]))


def compare_trace(recording, folder, table):
    count = Count(recording.name())
    ours, items = _peers.replay(recording, folder, table)
    for examinee, steps in recording.steps().items():
        compare_session(recording, items, steps, ours[examinee], count)
    return count


# ---- tests of variable length ----

def says(rows):
    last = rows[-1]["stop_reason"]
    return "rule" if last == "stop_rule" else "maximum" if last == "max_items" else last


def compare_end(recording, end, rows, count):
    tolerance = 1e-7 if recording.estimator == "EAP" else 5e-5
    items = [row["item"] for row in rows]
    last, examinee = rows[-1], rows[0]["examinee"]
    count.n_steps += len(end.items)
    n_same = 0
    while n_same < min(len(items), len(end.items)) and items[n_same] == end.items[n_same]:
        n_same += 1
    if n_same < len(end.items) and n_same < len(items):
        count.n_ties += 1
        count.n_after += len(end.items) - n_same
        count.n_agreed += n_same
        count.paths.append((examinee, n_same))
        return
    if len(items) != len(end.items):
        count.fault(f"examinee {examinee}: {len(items)} items, not {len(end.items)} ({last['theta']} "
                    f"{last['se']} against {end.theta} {end.se})")
        return
    if end.why and says(rows) not in end.why.split("+"):
        count.fault(f"examinee {examinee}: {says(rows)}, not {end.why}")
    if differs(float(last["theta"]), end.theta, tolerance) or differs(float(last["se"]), end.se, tolerance):
        count.fault(f"examinee {examinee}: theta {last['theta']} se {last['se']}, not {end.theta} {end.se}")
    count.n_agreed += len(items)
    count.worst_theta = max(count.worst_theta, abs(float(last["theta"]) - end.theta))
    if math.isfinite(float(last["se"])):
        count.worst_se = max(count.worst_se, abs(float(last["se"]) - end.se))


def compare_stop(recording, folder, table):
    count = Count(recording.name())
    count.paths = []
    ours, _ = _peers.replay(recording, folder, table)
    for examinee, end in recording.ends().items():
        compare_end(recording, end, ours[examinee], count)
    return count


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    table, faults = _peers.read_settings(), []
    for recording in _peers.recordings(folder):
        if len(sys.argv) > 2 and sys.argv[2] not in recording.name():
            continue
        if recording.is_trace and (recording.program, recording.rule) in RECORDED:
            continue
        if (recording.program, recording.estimator) in RECORDED:
            continue
        compare = compare_trace if recording.is_trace else compare_stop
        count = compare(recording, folder, table)
        print(count.line(), flush=True)
        faults += count.faults
    print("\n".join(faults))
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
