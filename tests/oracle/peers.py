"""Step by step against other programs: the same items, estimates, standard errors and ends of tests.

For every recording one line says how many steps agreed of how many, and how many sessions left the program's
path at a near-tie between two items; what follows in such a session cannot be compared. A session that leaves
the path otherwise, a number beyond its tolerance, another length or reason of the end, or too many near-ties
fail. Arguments: another folder of recordings in the same form, and a part of the names to compare alone.
SPDX-License-Identifier: Apache-2.0
"""
import math
import sys
from collections import namedtuple
from pathlib import Path

import _peers
from _criteria import CRITERIA

HERE = Path(__file__).resolve().parent
# For the record only: rules of mirtCAT that rest on its own integration, and an inaccurate search.
RECORDED = {("mirtCAT", word) for word in ("MLWI", "MPWI", "MEI", "MEPV")} | {("jsCAT", "MLE")}
LEAST_AGREED = 0.9  # of the steps of a recording
OFFSETS = {"closest": 0.481}
DELTA, GRID = 0.5, (-6, 6, 33)  # of catIrt's rules

# theta, se; gap: relative difference of two criteria that the program's accuracy may turn round.
Tolerance = namedtuple("Tolerance", "theta se gap")
EXACT, STOCK_GAP = Tolerance(1e-7, 1e-7, 1e-9), 1e-4


def tolerance_of(recording):
    """Of the tight columns where there are any, and of whole sessions otherwise."""
    program, estimator = recording.program, recording.estimator
    if program == "mirtCAT" and estimator != "EAP":
        return Tolerance(1e-5, 1e-3, STOCK_GAP)
    if (program, estimator) == ("jsCAT", "MLE"):
        return Tolerance(2.2e-2, 5e-2, 5e-2)
    if program == "catsim":
        return Tolerance(5e-6, 5e-6, STOCK_GAP)
    if estimator == "EAP" or recording.is_tight:
        return EXACT._replace(gap=STOCK_GAP) if recording.rule == "MEI" else EXACT
    if not recording.is_trace:
        return Tolerance(5e-5, 5e-5, STOCK_GAP)
    if program == "catIrt" and estimator in ("MLE", "BME"):
        return Tolerance(1e-6, 1e-6, STOCK_GAP)
    return EXACT._replace(gap=STOCK_GAP)


def differs(ours, theirs, tolerance):
    """By more than the tolerance, relative above 1; NA there is inf here."""
    if math.isnan(theirs):
        return math.isfinite(ours)
    return not abs(ours - theirs) <= tolerance * max(1, abs(theirs))


class Comparison:
    """One recording against the replays."""

    def __init__(self, recording, replayed, items):
        self.recording, self.replayed, self.items = recording, replayed, items
        self.tolerance = tolerance_of(recording)
        self.faults = []
        self.n_steps = self.n_agreed = self.n_ties = self.n_after = 0
        self.worst_theta = self.worst_se = 0.0

    def fault(self, examinee, text):
        self.faults.append(f"{self.recording.name()}: examinee {examinee}: {text}")

    def line(self):
        ties = f", {self.n_ties} near-ties ({self.n_after} steps after them)" if self.n_ties else ""
        return (f"{self.recording.name():44} {self.n_agreed:5d} of {self.n_steps:5d} steps agree, theta within "
                f"{self.worst_theta:.0e}, se within {self.worst_se:.0e}{ties}")

    def agrees(self, theta, se, goal_theta, goal_se):
        """And remember the worst."""
        slack = 2 if self.recording.program == "catsim" and abs(theta) == 6 else 1  # its search ends nearby
        if (differs(theta, goal_theta, slack * self.tolerance.theta) or
                differs(se, goal_se, slack * self.tolerance.se)):
            return False
        self.worst_theta = max(self.worst_theta, abs(theta - goal_theta))
        if math.isfinite(se):
            self.worst_se = max(self.worst_se, abs(se - goal_se) / max(1, se))
        return True

    def gap(self, history, ours, theirs, theta):
        """Between the two items at theta, by the criterion written plainly; relative."""
        rule = self.recording.rule if self.recording.is_trace and history else "MFI"
        criterion = CRITERIA[rule]
        answers = [(self.items[item], response == "1") for item, response in history]
        mine, other = (criterion(self.items[item], theta + OFFSETS.get(rule, 0), answers, DELTA, GRID)
                       for item in (ours, theirs))
        return abs(mine - other) / max(abs(mine), abs(other))

    def leave(self, examinee, k, n, ours, theirs, gap):
        """Their path is left at step k of n (from 0)."""
        self.n_after += n - k
        if ours and gap <= self.tolerance.gap:
            self.n_ties += 1
        else:
            self.fault(examinee, f"step {k + 1}: item {ours}, not {theirs} (gap {gap:.3g})")


# ---- traces ----

def gap_at(comparison, steps, k, ours):
    """As the program reports it, else computed."""
    step = steps[k]
    if not math.isnan(step.crit):
        return abs(step.crit - step.runner_up) / max(abs(step.crit), abs(step.runner_up))
    if comparison.recording.rule not in CRITERIA:
        return math.inf
    history = [(one.item, one.response) for one in steps[:k]]
    return comparison.gap(history, ours, step.item, steps[k - 1].theta if k else 0)


def compare_trace(comparison):
    for examinee, steps in comparison.recording.steps().items():
        ours = comparison.replayed[examinee]
        comparison.n_steps += len(steps)
        for k, step in enumerate(steps):
            item = ours[k]["item"] if k < len(ours) else None
            if item != step.item:
                gap = gap_at(comparison, steps, k, item) if item else math.inf
                comparison.leave(examinee, k, len(steps), item, step.item, gap)
                break
            is_searched = not math.isnan(step.theta_tight) and not math.isnan(step.se)
            goal = (step.theta_tight, step.se_tight) if is_searched else (step.theta, step.se)
            theta, se = float(ours[k]["theta"]), float(ours[k]["se"])
            if comparison.agrees(theta, se, *goal):
                comparison.n_agreed += 1
            else:
                comparison.fault(examinee, f"step {k + 1}: theta {theta} se {se}, not {goal[0]} and {goal[1]}")


# ---- tests of variable length ----

REASONS = {"stop_rule": "rule", "max_items": "maximum"}


def compare_end(comparison, examinee, end):
    ours = comparison.replayed[examinee]
    items = [row["item"] for row in ours]
    n_same = 0
    while n_same < min(len(items), len(end.items)) and items[n_same] == end.items[n_same]:
        n_same += 1
    comparison.n_steps += len(end.items)
    comparison.n_agreed += n_same
    if n_same < min(len(items), len(end.items)):
        theta = float(ours[n_same - 1]["theta"]) if n_same else 0
        gap = comparison.gap([], items[n_same], end.items[n_same], theta)
        comparison.leave(examinee, n_same, len(end.items), items[n_same], end.items[n_same], gap)
        return
    reason = REASONS.get(ours[-1]["stop_reason"])
    if len(items) != len(end.items):
        comparison.fault(examinee, f"{len(items)} items, not {len(end.items)}")
    elif end.why and reason not in end.why.split("+"):
        comparison.fault(examinee, f"{reason}, not {end.why}")
    elif not comparison.agrees(float(ours[-1]["theta"]), float(ours[-1]["se"]), end.theta, end.se):
        comparison.fault(examinee, f"theta {ours[-1]['theta']} se {ours[-1]['se']}, not {end.theta} and {end.se}")


def compare_stop(comparison):
    for examinee, end in comparison.recording.ends().items():
        compare_end(comparison, examinee, end)


# ---- all ----

def compare(recording, folder, table):
    """(faults, line, comparison, or None for what is only for the record)"""
    comparison = Comparison(recording, *_peers.replay(recording, folder, table))
    (compare_trace if recording.is_trace else compare_stop)(comparison)
    line, faults = comparison.line(), comparison.faults
    if {(recording.program, recording.rule), (recording.program, recording.estimator)} & RECORDED:
        return [], line + " (for the record)", None
    if comparison.n_agreed < LEAST_AGREED * comparison.n_steps:
        faults.append(f"{recording.name()}: {comparison.n_agreed} of {comparison.n_steps} steps agree")
    return faults, line, comparison


def print_totals(comparisons):
    for program in dict.fromkeys(one.recording.program for one in comparisons):
        mine = [one for one in comparisons if one.recording.program == program]
        n_agreed, n_steps, n_ties = (sum(getattr(one, key) for one in mine)
                                     for key in ("n_agreed", "n_steps", "n_ties"))
        print(f"{program:8} {n_agreed:6d} of {n_steps:6d} steps agree in {len(mine)} recordings; {n_ties} near-ties")


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    table, faults, comparisons = _peers.read_settings(), [], []
    for recording in _peers.recordings(folder):
        if part not in recording.name() or recording.rule == "IKLP":  # a rule that retake does not have
            continue
        more, line, comparison = compare(recording, folder, table)
        print(line, flush=True)
        faults += more
        comparisons += [comparison] if comparison else []
    print_totals(comparisons)
    print("\n".join(faults + [f"{len(faults)} faults"]))
    return 1 if faults or not comparisons else 0


if __name__ == "__main__":
    sys.exit(main())
