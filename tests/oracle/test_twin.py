"""The engine against its twin: whole journeys, answer by answer.

Every scenario is simulated by journey_dump (the engine) and by twin.py. Items, answers, misses,
decisions, days and outcomes must be identical, real numbers equal within 1e-9 (relative where
above 1). Ends with a count of what was compared. Every day a fifth of the candidates, in
twin_long.py all. SPDX-License-Identifier: Apache-2.0
"""
import json
import math
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import twin

BUILD = Path(os.environ["RETAKE_BUILD_DIR"])
DUMP = BUILD / "tests" / "oracle" / "journey_dump"
TOLERANCE = 1e-9
SHARE = 1 if os.environ.get("RETAKE_LONG") else 5  # one in so many candidates

# ---- banks ----

# Spreads: SD of b and of log a, greatest c and 1 - d.
MODELS = {"rasch": (1.2, 0, 0, 0), "2pl": (1.2, 0.3, 0, 0), "3pl": (1.2, 0.3, 0.25, 0),
          "4pl": (1.2, 0.3, 0.25, 0.05), "at the cut": (0, 0, 0, 0)}


def make_bank(model, n_scored, n_pilots, seed, decimals=6):
    """CSV text; difficulties rounded to `decimals`, so that one decimal makes ties."""
    spread_b, spread_a, max_c, max_lapse = MODELS[model]
    lines = ["id,a,b,c,d,domain,pilot,time_intensity,time_discrimination,"
             "demand_sequence,demand_scope,demand_reading"]
    for i in range(n_scored + n_pilots):
        stream = twin.Stream.keyed(seed, i, 0, "pool")
        z = [twin.quantile(stream.unit()) for _ in range(4)]
        u = [stream.unit() for _ in range(5)]
        lines.append(
            f"{'P' if i >= n_scored else 'S'}{i:04d},{math.exp(spread_a * z[0]):.6f},"
            f"{spread_b * z[1]:.{decimals}f},{max_c * u[0]:.6f},{1 - max_lapse * u[1]:.6f},"
            f"d{i % 5},{int(i >= n_scored)},{3.54 + 0.33 * z[2]:.6f},"
            f"{max(0.5, 2.02 + 0.27 * z[3]):.6f},{u[2] ** 2:.4f},{u[3] ** 2:.4f},{u[4] ** 2:.4f}")
    return "\n".join(lines) + "\n"


# ---- scenarios: name -> (candidates in twin_long.py, bank, changes to the defaults) ----

PEOPLE = {
    "population.groups.urban.weight": 2, "population.groups.urban.theta_mean": 0.6,
    "population.groups.urban.theta_sd": 0.8, "population.groups.urban.speed_mean": -0.05,
    "population.groups.rural.weight": 1, "population.groups.rural.theta_mean": 0.2,
    "population.groups.rural.theta_sd": 1.1, "population.groups.rural.speed_sd": 0.3,
    "population.groups.rural.theta_speed_corr": -0.4,
    "population.first_test_days.mean": 30, "population.first_test_days.sd": 20,
    "deficits.knowledge": 0.3, "deficits.sequence": 0.2, "deficits.scope": 0.15,
    "deficits.reading": 0.1, "deficits.pacing": 0.1, "study.repair_per_hour": 0.05,
    "study.course_gain": 0.3, "leave.after_fail": 0.15,
}
PLAIN = {"population.groups.all.theta_mean": 0.1, "leave.after_fail": 0.1}
NO_TIME = {"exam.time_limit_min": twin.NONE}
EVEN = {"population.groups.all.theta_mean": 0, "population.groups.all.theta_sd": 0,
        "leave.after_fail": 0, "exam.min_items": 40, "exam.max_items": 50, "exam.pilot_items": 0,
        "engine.seed": 5}

SCENARIOS = {
    "eap, fisher, pilots, time, deficits, study, refresher": (
        300, ("rasch", 220, 60, 1),
        PEOPLE | {"exam.time_limit_min": 75, "leave.per_attempt": 0.3,
                  "leave.per_100_points_short": 0.4, "policy.refresher.p_completed": 0.9}),
    "eap, five best of a Rasch pool, two cycles, skills after the pass": (
        300, ("rasch", 300, 40, 2),
        PEOPLE | {"exam.select.randomesque": 5, "gates.skills.parallel": False,
                  "exam.start.theta": -0.5, "policy.wait_days": 30.5, "leave.per_attempt": -0.5,
                  "policy.window_days": 200, "policy.refresher.renews_window": True,
                  "policy.refresher.p_completed": 1, "policy.results_business_days": 7}),
    "ml, random": (
        120, ("rasch", 200, 50, 3),
        PLAIN | NO_TIME | {"exam.estimate.rule": "ml", "exam.select.rule": "random",
                           "exam.tie_passes": False, "policy.attempts_per_cycle": 2}),
    "ml, random, out of time before the minimum": (
        120, ("2pl", 150, 30, 4),
        PEOPLE | {"exam.estimate.rule": "ml", "exam.select.rule": "random", "exam.min_items": 40,
                  "exam.time_limit_min": 40, "exam.out_of_time.rule": "fail_below_minimum"}),
    "ml, fisher, 2PL": (
        80, ("2pl", 200, 30, 5),
        PLAIN | NO_TIME | {"exam.estimate.rule": "ml", "exam.cut_theta": 0.25,
                           "exam.estimate.theta_min": -8, "exam.estimate.theta_max": 8}),
    "ml, 3PL, random, fixed length": (
        60, ("3pl", 150, 20, 6),
        PLAIN | NO_TIME | {"exam.estimate.rule": "ml", "exam.select.rule": "random",
                           "exam.stop.rule": "fixed", "exam.min_items": 30, "exam.max_items": 40,
                           "exam.pilot_items": 10}),
    "eap, ten best of a 3PL pool, last 60 estimates": (
        200, ("3pl", 250, 50, 7),
        PEOPLE | {"exam.select.randomesque": 10, "exam.exclude_seen": "last",
                  "exam.time_limit_min": 85, "exam.out_of_time.rule": "last_60",
                  "population.groups.urban.theta_mean": 1.2}),
    "eap, fisher, 4PL, fine grid, random start": (
        200, ("4pl", 250, 50, 8),
        PEOPLE | {"exam.start.rule": "random", "exam.estimate.points": 97,
                  "exam.estimate.prior_mean": 0.3, "exam.estimate.prior_sd": 0.8,
                  "exam.stop.level": 0.9, "exam.time_limit_min": 100000,
                  "population.competent_theta": -0.3}),
    "no item twice, until the pool is dry": (
        200, ("2pl", 190, 70, 9),
        PLAIN | {"exam.exclude_seen": "all", "leave.after_fail": 0, "exam.time_limit_min": 90,
                 "policy.attempts_per_cycle": 6, "policy.max_cycles": 1,
                 "population.groups.all.theta_mean": -0.3}),
    "difficulties that tie, Rasch": (
        100, ("rasch", 200, 30, 10, 1), PLAIN | NO_TIME),
    "difficulties that tie, five best": (
        100, ("rasch", 200, 30, 11, 1), PLAIN | NO_TIME | {"exam.select.randomesque": 5}),
    "ties at the cut pass, ml": (
        100, ("at the cut", 90, 0, 12),
        PLAIN | NO_TIME | EVEN | {"exam.estimate.rule": "ml", "exam.select.rule": "random"}),
    "ties at the cut pass, eap": (100, ("at the cut", 90, 0, 12), PLAIN | NO_TIME | EVEN),
    "ties at the cut fail, eap": (
        100, ("at the cut", 90, 0, 12), PLAIN | NO_TIME | EVEN | {"exam.tie_passes": False}),
    "skewed and mixed abilities, correlated deficits by domain, a log misread, rushing": (
        300, ("3pl", 220, 40, 13),
        PEOPLE | {"exam.time_limit_min": 70, "exam.select.randomesque": 3,
                  "population.groups.urban.theta_shape": "skew_normal",
                  "population.groups.urban.theta_skew": -4,
                  "population.groups.rural.theta_shape": "mixture",
                  "population.groups.rural.theta_mixture.share": 0.3,
                  "population.groups.rural.theta_mixture.offset": -2,
                  "population.groups.rural.theta_mixture.sd": 0.5,
                  "population.groups.rural.deficits": 1.5,
                  "deficits.correlation": 0.4, "deficits.domain_spread": 0.6,
                  "deficits.misread": 0.3, "pacing.rush_speedup": 3, "pacing.rush_after": 0.5,
                  "pacing.rush_loss": 0.7, "pacing.guess": 0.2, "study.targeted_buckets": 1,
                  "study.plan": "per_candidate", "study.repair_power": 0.6,
                  "study.repair.knowledge": 0.5, "study.repair.pacing": 2}),
    "gamma deficits, correlated": (
        300, ("rasch", 220, 40, 14),
        PEOPLE | {"deficits.distribution": "gamma", "deficits.cv": 1.6,
                  "deficits.correlation": 0.3, "pacing.rush_speedup": 10,
                  "exam.time_limit_min": 60, "study.repair.scope": 0, "leave.after_fail": 0}),
    "a normal error, many short cycles": (
        2000, None,
        PEOPLE | {"exam.form": "normal", "exam.sem": 0.4, "exam.cut_theta": 0.2,
                  "policy.wait_days": 0, "policy.results_business_days": 0,
                  "policy.attempts_per_cycle": 2, "policy.max_cycles": 5,
                  "policy.max_attempts": 7, "policy.refresher.days": 12.5,
                  "policy.refresher.renews_window": True, "policy.window_days": 60,
                  "policy.horizon_days": 400, "gates.licensure.probability": 0.7,
                  "population.course_ends.first": "2027-02-26",
                  "population.course_ends.spread_days": 9,
                  "population.first_test_days.mean": 40}),
    "a normal error, lists, courses, a raised cut, seats, authorisations, tries, holidays": (
        2000, None,
        PEOPLE | {"exam.form": "normal", "exam.sem": 0.4, "policy.wait_days": [15, 40.5, 20],
                  "policy.attempts_per_cycle": 2, "policy.max_cycles": 4,
                  "policy.cycle_wait_days": [10, 70], "policy.max_attempts_per_year": 3,
                  "policy.retake_cut_raise": [0.1, 0.2], "policy.after_cycle": ["refresher", "course"],
                  "policy.course.p_completed": 0.9, "policy.window_days": 500,
                  "policy.horizon_days": 1500, "leave.per_year_since_course": 0.8,
                  "calendar.holidays": ["2026-05-25", "2026-07-03", "2026-09-07", "2026-11-26"],
                  "population.first_test_days.mean": 40, "population.first_test_days.sd": 30,
                  "gates.authorization.valid_days": 60, "gates.authorization.delay_days.mean": 4,
                  "gates.authorization.delay_days.sd": 3, "gates.seat.delay_days.mean": 12,
                  "gates.seat.delay_days.sd": 15, "gates.skills.p_pass": 0.6,
                  "gates.skills.max_tries": 2, "gates.skills.retake_days.sd": 9,
                  "gates.skills.parallel": False}),
    "a normal error, no licence, everybody returns": (
        2000, None,
        PLAIN | {"exam.form": "normal", "gates.licensure.required": False, "leave.after_fail": 0,
                 "policy.results_business_days": 1, "policy.horizon_days": 60,
                 "study.none": 0, "study.broad": 0, "study.targeted": 1,
                 "deficits.knowledge": 0.5, "deficits.reading": 0.5, "deficits.cv": 0}),
}


def yaml_value(value):
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value == twin.NONE else str(value)


def yaml_text(scenario):
    """Every parameter that the twin knows, so that the engine's defaults do not matter."""
    flat = dict(twin.DEFAULTS) | scenario
    tree = {}
    for key, value in flat.items():
        *folders, leaf = key.split(".")
        at = tree
        for folder in folders:
            at = at.setdefault(folder, {})
        at[leaf] = value

    def flow(node):
        if not isinstance(node, dict):
            return yaml_value(node) if node != "" else "''"
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in node.items()) + "}"

    return "".join(f"{key}: {flow(value)}\n" for key, value in tree.items())


def engine_journeys(scenario, bank_text, n):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bank.csv").write_text(bank_text)
        path = Path(folder) / "scenario.yaml"
        path.write_text(yaml_text(scenario | {"bank": "bank.csv" if bank_text else ""}))
        done = subprocess.run([DUMP, path, "0", str(n)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stderr}{yaml_text(scenario)}")
    return [json.loads(line) for line in done.stdout.splitlines()]


# ---- comparison ----

class Comparison:
    def __init__(self, name):
        self.name = name
        self.n = {"journeys": 0, "sittings": 0, "answers": 0, "real numbers": 0}
        self.differences = []
        self.seen = set()  # ends and stop reasons that occurred
        self.worst = 0.0

    def exact(self, where, engine, own):
        if engine != own:
            self.differences.append(f"{where}: engine {engine}, twin {own}")

    def close(self, where, engine, own, tolerance=TOLERANCE):
        self.n["real numbers"] += 1
        if engine == own:
            return
        error = abs(engine - own) / max(1, abs(own))
        self.worst = max(self.worst, error if tolerance == TOLERANCE else 0)
        if not error <= tolerance:
            self.differences.append(f"{where}: engine {engine!r}, twin {own!r}")

    def journey(self, engine, own):
        where = f"candidate {own.candidate}"
        self.n["journeys"] += 1
        self.seen.add(own.end)
        for name in ("candidate", "group", "end", "n_refreshers", "certified_day", "licensed_day"):
            self.exact(f"{where} {name}", engine[name], getattr(own, name))
        self.exact(f"{where} window_open", bool(engine["window_open"]), own.window_open)
        self.exact(f"{where} sittings", len(engine["sittings"]), len(own.sittings))
        for k, (left, right) in enumerate(zip(engine["sittings"], own.sittings)):
            self.sitting(f"{where} sitting {k + 1}", left, right)

    def sitting(self, where, engine, own):
        self.n["sittings"] += 1
        self.seen.add(own.stop)
        for name in ("day", "result_day", "n_scored", "stop", "misses", "items", "again", "answers"):
            self.exact(f"{where} {name}", engine[name], getattr(own, name))
        for name in ("passed", "competent"):
            self.exact(f"{where} {name}", bool(engine[name]), getattr(own, name))
        for name in ("proficiency", "theta", "se", "score"):
            self.close(f"{where} {name}", engine[name], getattr(own, name))
        self.close(f"{where} minutes", engine["minutes"], own.elapsed_s / 60, 1e-6)  # a float
        if engine["items"] == own.items:
            self.steps(where, engine, own)

    def steps(self, where, engine, own):
        self.n["answers"] += len(own.answers)
        for i in range(len(own.answers)):
            self.close(f"{where} elapsed after {i + 1}", engine["elapsed"][i], own.elapsed[i])
            if self.is_lazy and sum(item[0] == "S" for item in own.items[:i + 1]) < self.min_items:
                continue
            self.close(f"{where} theta after {i + 1}", engine["thetas"][i], own.thetas[i])
            self.close(f"{where} se after {i + 1}", engine["ses"][i], own.ses[i])


def compare(name):
    n, bank, changes = SCENARIOS[name]
    n //= SHARE
    bank_text = make_bank(*bank) if bank else ""
    out = Comparison(name)
    # Where no rule reads an estimate before min_items, the engine does not make it.
    out.is_lazy = (changes.get("exam.estimate.rule") == "ml"
                   and changes.get("exam.select.rule") == "random")
    out.min_items = changes.get("exam.min_items", twin.DEFAULTS["exam.min_items"])
    for engine, own in zip(engine_journeys(changes, bank_text, n),
                           twin.simulate(changes, bank_text, range(n)), strict=True):
        out.journey(engine, own)
    return out


def uncovered(seen):
    """Ends and stop reasons that no scenario reached."""
    every = {"licensed", "certified_only", "awaiting_gate", "withdrew", "attempts_exhausted",
             "window_expired", "never_tested", "stop_rule", "max_items", "time", "no_item"}
    return sorted(every - seen)


def main():
    names = sys.argv[1:] or list(SCENARIOS)
    total, n_wrong, seen = {}, 0, set()
    with multiprocessing.Pool(2) as pool:
        for result in pool.imap(compare, names):
            counts = ", ".join(f"{n} {what}" for what, n in result.n.items())
            print(f"{result.name}: {counts}; largest error {result.worst:.1e}; "
                  f"{len(result.differences)} differences; {' '.join(sorted(result.seen))}",
                  flush=True)
            for line in result.differences[:10]:
                print("   ", line[:2000])
            n_wrong += len(result.differences)
            seen |= result.seen
            for what, n in result.n.items():
                total[what] = total.get(what, 0) + n
    print("compared " + ", ".join(f"{n} {what}" for what, n in total.items())
          + f" in {len(names)} scenarios: {n_wrong} differences")
    missing = [] if sys.argv[1:] else uncovered(seen)
    if missing:
        print("reached by no scenario: " + ", ".join(missing))
    return 1 if n_wrong or missing else 0


if __name__ == "__main__":
    sys.exit(main())
