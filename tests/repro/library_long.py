"""The session library against full simulation over many policies, and over every published count.

1. Policies: 24 that differ in all that a library does not depend on, and some in what it does (then another
   library is built). Every published rate is compared with a full simulation of other candidates; the
   greatest z-score of the whole family is held to the limit that chance passes once in 100 times.
2. Counts have no published standard errors. Sixteen runs, each with a library and candidates of its own,
   against sixteen simulations, give the errors of every count's share: Welch's t, again for the family.

SPDX-License-Identifier: Apache-2.0
"""
import math
import random
import statistics
import sys
import tempfile
from pathlib import Path

from _library import compare, flat, greatest_z
from _program import IS_SANITIZED, ROOT, SKIPPED, check, must, sets, summary

EMR = ROOT / "configs/emr.yaml"
N = 200000
POLICIES = [
    [], ["policy.wait_days=30"], ["policy.wait_days=90", "policy.attempts_per_cycle=6"],
    ["policy.attempts_per_cycle=2", "policy.max_cycles=4"], ["policy.max_attempts=3"],
    ["policy.max_attempts_per_year=2", "leave.after_fail=0.1"], ["leave.per_100_points_short=1"],
    ["policy.retake_cut_raise=[0.1, 0.3]"], ["policy.refresher.repairs=1", "policy.refresher.days=60"],
    ["policy.after_cycle=course"], ["study.none=1", "study.broad=0", "study.targeted=0"],
    ["study.none=0", "study.broad=0", "study.targeted=1"], ["study.repair_per_hour=1", "study.half_life_days=60"],
    ["population.groups.all.theta_mean=0", "population.groups.all.theta_sd=1.2"],
    ["population.groups.all.speed_mean=-0.3", "population.groups.all.speed_sd=0.4"],
    ["population.competent_theta=0.4"], ["deficits.knowledge=1", "deficits.cv=0.5"],
    ["deficits.sequence=0.4", "deficits.scope=0.3", "deficits.reading=0.5", "deficits.cv=0.5"],
    ["deficits.correlation=0.6", "deficits.misread=0.3"], ["deficits.pacing=0.2"],
    ["deficits.domain_spread=0.4"], ["deficits.knowledge=0.6", "deficits.cv=0.5", "deficits.domain_spread=0.3"], ["gates.skills.parallel=false", "gates.authorization.valid_days=90"],
    ["policy.window_days=200", "policy.horizon_days=300"],
    ["exam.cut_theta=0.3", "policy.wait_days=45"], ["pacing.rush_speedup=3", "exam.time_limit_min=80"],
    ["exam.stop.rule=se", "exam.time_limit_min=none"],
]
# hard items take longer, so that the clock binds for the able long before it does near the cut
LONGER = ["exam.pilot_items=0", "exam.time_limit_min=120", "exam.out_of_time.rule=fail_below_minimum",
          "population.groups.all.theta_sd=1"]
SHORT = ["exam.min_items=8", "exam.max_items=12", "exam.pilot_items=3", "exam.time_limit_min=11",
         "pacing.rush_speedup=2", "engine.library.sittings=8", "engine.library.replicates=8"]
COUNTS = ("n_outcome", "n_score", "n_session_length", "n_session_minutes", "n_stop_reason", "n_decision",
          "n_misses_by_bucket", "n_rushed_answers", "n_by_attempts_used", "n_refreshers",
          "n_days_to_certification", "n_failed_all", "n_eligible_for_retest", "n_lapsed", "seats")
N_RUNS, N_SHORT = 16, 20000


def bank_whose_hard_items_take_longer(folder):
    draw = random.Random(1)
    rows = []
    for k in range(500):
        b = draw.uniform(-4, 4)
        rows.append(f"I{k},rasch,1,{b:.6f},{3.6 + 0.4 * b + draw.gauss(0, 0.2):.6f},2,"
                    + ",".join(f"{draw.random():.3f}" for _ in range(3)))
    path = folder / "longer.csv"
    path.write_text("id,model,a,b,time_intensity,time_discrimination,demand_sequence,demand_scope,demand_reading\n"
                    + "\n".join(rows) + "\n")
    return path


def check_policies(folder):
    scores = []
    policies = [*POLICIES, [f"bank={bank_whose_hard_items_take_longer(folder)}", *LONGER]]
    for number, policy in enumerate(policies):
        drawn, simulated = folder / "drawn.h5", folder / "simulated.h5"
        must("run", EMR, "-o", drawn, "--candidates", N,
             *sets([*policy, "engine.sessions=library", f"engine.library.folder={folder}"]), timeout=3000)
        must("run", EMR, "-o", simulated, "--candidates", N, "--seed", 1000 + number, *sets(policy), timeout=3000)
        found = compare(summary(drawn), summary(simulated), n_replicates=64)
        worst = max(found, key=lambda score: abs(score.z))
        spread = math.sqrt(statistics.fmean(score.z ** 2 for score in found))
        print(f"{' '.join(policy) or 'base'}: {len(found)} rates, rms z {spread:.2f}, farthest {worst.name} "
              f"{worst.z:.2f}", flush=True)
        scores += found
    limit = greatest_z(len(scores), 63)
    beyond = [score for score in scores if abs(score.z) > limit]
    print(f"{len(scores)} rates of {len(policies)} policies: limit {limit:.2f}, beyond {beyond}", flush=True)
    check(len(policies) >= 20 and len(scores) > 1000, "too little was compared")
    check(not beyond, f"beyond {limit}: {beyond}")


def shares(folder, assignments, number):
    out = folder / "short.h5"
    must("run", EMR, "-o", out, "--candidates", N_SHORT, *sets([*SHORT, *assignments]), "--seed", number)
    found = summary(out)
    return {(name, at): value / N_SHORT for name in COUNTS for at, value in enumerate(flat(found[name]))}


def check_counts(folder):
    drawn = [shares(folder, ["engine.sessions=library", f"engine.library.seed={k}"], k) for k in range(N_RUNS)]
    simulated = [shares(folder, [], 5000 + k) for k in range(N_RUNS)]
    scores = {}
    for key in drawn[0]:
        a, b = [run[key] for run in drawn], [run[key] for run in simulated]
        if min(statistics.fmean(a), statistics.fmean(b)) * N_SHORT < 20:
            continue
        error = math.sqrt((statistics.variance(a) + statistics.variance(b)) / N_RUNS)
        scores[key] = (statistics.fmean(a) - statistics.fmean(b)) / error if error > 0 else 0.0
    limit = greatest_z(len(scores), N_RUNS - 1)
    worst = max(scores, key=lambda key: abs(scores[key]))
    spread = math.sqrt(statistics.fmean(z * z for z in scores.values()))
    print(f"{len(scores)} counts: rms t {spread:.2f}, farthest {worst} {scores[worst]:.2f}, limit {limit:.2f}", flush=True)
    check(len(scores) > 300, f"only {len(scores)} counts")
    check(abs(scores[worst]) < limit, f"{worst}: {scores[worst]}")


def main():
    if IS_SANITIZED:
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as name:
        check_counts(Path(name))
        check_policies(Path(name))


main()
