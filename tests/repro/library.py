"""The session library: what it refuses, when its file is used, replaced or another one made, that nothing
depends on threads, pauses or sweeps, and that it agrees with simulation.

The witness of agreement is full simulation of the same policy with other random numbers: each published
rate has a standard error on both sides, and the greatest of all z-scores is held to a limit that chance
passes once in 100 times (Bonferroni; Student's t for the replicates of the library).

SPDX-License-Identifier: Apache-2.0
"""
import sys
import tempfile
from pathlib import Path

from _library import compare, greatest_z
from _program import IS_SANITIZED, ROOT, SKIPPED, call, check, must, sets, summary

EMR = ROOT / "configs/emr.yaml"
# short tests, so that a small library is built at once
EXAM = ["exam.min_items=8", "exam.max_items=12", "exam.pilot_items=3", "exam.time_limit_min=none",
        "engine.library.sittings=8", "engine.library.replicates=32"]
TIMED = "exam.time_limit_min=11"
LIBRARY = [*EXAM, "engine.sessions=library"]
REFUSED = {  # what must be named
    "exam.exclude_seen": ["exam.exclude_seen=all"],
    "engine.sessions": ["exam.form=normal"],
    "deficits.domain_spread": ["deficits.domain_spread=2", "deficits.knowledge=1"],
    "engine.library.sittings": ["policy.max_cycles=9"],
    "where the clock binds": ["exam.time_limit_min=11", "population.groups.all.speed_mean=-.4", "policy.max_cycles=4",
                                 "engine.library.sittings=16"],
}
POLICY = ["policy.wait_days=45", "leave.after_fail=0.1"]


def run(out, assignments, *options):
    done = call("run", EMR, "-o", out, "--candidates", 20000, *sets([*LIBRARY, *assignments]), *options)
    check(done.returncode == 0, done.stderr)
    return summary(out)["attributes"]["statistics_digest"], done.stderr


def check_refusals(folder):
    for word, assignments in REFUSED.items():
        done = call("run", EMR, "-o", folder / "refused.h5", "--candidates", 1000, *sets([*LIBRARY, *assignments]))
        check(done.returncode == 65, f"{word}: status {done.returncode}: {done.stderr}")
        check(word in done.stderr.splitlines()[-1], f"{word}: {done.stderr}")
        check(not (folder / "refused.h5").exists(), f"{word}: a result in spite of the refusal")


def check_file(folder):
    kept = [f"engine.library.folder={folder}"]
    digest, said = run(folder / "first.h5", kept)
    check("built the session library" in said, said)
    file, = folder.glob("library-*.h5")
    again, said = run(folder / "again.h5", kept)
    check(again == digest and f"using the session library {file}" in said, said)
    alone, _ = run(folder / "alone.h5", [])
    check(alone == digest, "a library from a file is another one")
    file.write_bytes(file.read_bytes()[:-100])
    damaged, said = run(folder / "damaged.h5", kept)
    check(damaged == digest and "built anew" in said, said)
    other = folder / "other.txt"
    other.write_text("of another")
    file.unlink()
    file.symlink_to(other)  # a stranger's folder may have it
    linked, said = run(folder / "linked.h5", kept)
    check(linked == digest and "built anew" in said, said)
    check(other.read_text() == "of another" and not file.is_symlink(), "a library is written through a link")
    run(folder / "seed.h5", [*kept, "engine.seed=3", "policy.wait_days=20", "population.groups.all.theta_mean=0"])
    check(len(list(folder.glob("library-*.h5"))) == 1, "seed, policy or population made another library")
    run(folder / "domains.h5", [*kept, "deficits.domain_spread=0.2"])
    check(len(list(folder.glob("library-*.h5"))) == 2, "knowledge spread over domains did not make another library")
    other, said = run(folder / "others.h5", [*kept, "deficits.domain_spread=0.2"])
    alone, _ = run(folder / "alone.h5", ["deficits.domain_spread=0.2"])
    check(other == alone and "using the session library" in said, "a library with domains from a file is another one")
    run(folder / "cut.h5", [*kept, "exam.cut_theta=0.1"])
    check(len(list(folder.glob("library-*.h5"))) == 3, "another cut did not make another library")
    return digest


def check_threads(folder, digest):
    other, _ = run(folder / "threads.h5", [f"engine.library.folder={folder}"], "--threads", 3)
    check(other == digest, "threads matter")
    alone, _ = run(folder / "building.h5", [], "--threads", 1)
    check(alone == digest, "threads matter to the building")


def check_resume(folder, digest):
    """A run goes on from its checkpoint, with the values that it began with."""
    kept = sets([*LIBRARY, f"engine.library.folder={folder}"])
    out, options = folder / "resumed.h5", ("--candidates", 20000, "--threads", 1)
    done = call("run", EMR, "-o", out, *options, *kept, "--checkpoint", 60, "--max-time", 0.000001)
    check(done.returncode == 75, f"stopped with {done.returncode}: {done.stderr}")
    done = call("run", EMR, "-o", out, *options, *kept, "--resume")
    check(done.returncode == 0 and "resumed at" in done.stderr, done.stderr)
    found = summary(out)["attributes"]
    check(found["statistics_digest"] == digest, "resumed, the run is another one")
    check(len(found["library_statistics_digest"]) == 32, "the result does not name its library's values")


def check_sweep(folder):
    """A policy of a sweep is the policy of a run."""
    sweep = folder / "sweep.yaml"
    sweep.write_text(f"base: {EMR}\naxes:\n  policy.wait_days: [15, 45]\n  leave.after_fail: [0.1, 0.33]\n"
                     "  policy.window_days: [400, 730]\n")
    must("sweep", sweep, "-o", folder / "sweep.h5", "--candidates", 20000,
         *sets([*LIBRARY, f"engine.library.folder={folder}"]))
    found = summary(folder / "sweep.h5")
    run(folder / "one.h5", [*POLICY, "policy.window_days=400", f"engine.library.folder={folder}"])
    one = summary(folder / "one.h5")
    at = [k for k in range(8) if (found["policy.wait_days"][k], found["leave.after_fail"][k],
                                  found["policy.window_days"][k]) == (45, 0.1, 400)]
    check(len(at) == 1, "the policy is not in the sweep")
    for name in ("n_attempted", "pass_rate_mcse", "cumulative_pass_rate", "false_pass_rate", "n_outcome"):
        check(found[name][at[0]] == one[name], f"{name} of the sweep is not that of the run")


LIMITS = {"policy.wait_days": [15, 40], "policy.attempts_per_cycle": [1, 2, 4], "policy.max_cycles": [1, 2],
          "policy.max_attempts": [3, 100], "policy.retake_cut_raise": [0, 0.2]}
ALONE = [(15, 1, 1, 3, 0), (15, 1, 2, 100, 0.2), (40, 2, 2, 3, 0), (40, 4, 2, 100, 0.2), (15, 4, 2, 100, 0), (40, 4, 1, 3, 0)]
YEAR = "policy.max_attempts_per_year=2"


def check_limits(folder):
    """Policies that part at a limit on attempts share what comes before; each is still the policy of a run, in
    every count and error, whether a sweep keeps all statistics or leaves out those of sessions."""
    axes = "".join(f"  {key}: {values}\n" for key, values in LIMITS.items())
    kept = [*LIBRARY, f"engine.library.folder={folder}", YEAR]
    for name, outputs in (("all", "all"), ("some", "[cumulative_pass_rate, n_outcome, seats_per_candidate, n_passed]")):
        sweep = folder / "limits.yaml"
        sweep.write_text(f"base: {EMR}\noutputs: {outputs}\naxes:\n{axes}")
        must("sweep", sweep, "-o", folder / f"{name}.h5", "--candidates", 3000, "--threads", 2, *sets(kept))
    found = {name: summary(folder / f"{name}.h5") for name in ("all", "some")}
    for point in ALONE:
        at, = [k for k in range(48) if tuple(found["all"][key][k] for key in LIMITS) == point]
        must("run", EMR, "-o", folder / "one.h5", "--candidates", 3000,
             *sets([*kept, *(f"{key}={value}" for key, value in zip(LIMITS, point))]))
        one = summary(folder / "one.h5")
        for which in found:
            names = [name for name in one if len(found[which].get(name, ())) == 48 and "_bin" not in name]
            check(len(names) >= 4, f"{which}: only {names}")
            for name in names:
                check(starts_alike(found[which][name][at], one[name]), f"{point}: {name} of the sweep ({which}) is "
                      f"not that of the run: {found[which][name][at]} and {one[name]}")


def starts_alike(longer, shorter):
    """Equal as far as the shorter goes: a sweep has the attempts of its longest policy."""
    if isinstance(shorter, list) and isinstance(longer, list):
        return len(longer) >= len(shorter) and all(map(starts_alike, longer, shorter))
    return longer == shorter


def check_agreement(folder, assignments, candidates):
    run(folder / "drawn.h5", assignments, "--candidates", candidates)
    must("run", EMR, "-o", folder / "simulated.h5", "--candidates", candidates, "--seed", 99, *sets([*EXAM, *assignments]))
    n_replicates = min(32, candidates // 1024 + 1)
    scores = compare(summary(folder / "drawn.h5"), summary(folder / "simulated.h5"), n_replicates)
    check(len(scores) > 60, f"only {len(scores)} statistics compared")
    worst = max(scores, key=lambda score: abs(score.z))
    check(abs(worst.z) < greatest_z(len(scores), n_replicates - 1), f"{len(scores)} statistics, the farthest {worst}")


def bank_that_asks_above_the_cut(folder):
    """What the mean item asks then says little of what decides."""
    head, *rows = [line.split(",") for line in (ROOT / "configs/banks/emr.csv").read_text().splitlines()]
    first = head.index("demand_sequence")
    for row in rows:
        row[first:first + 3] = ["1" if float(row[head.index("b")]) > 0 else "0", "0", "0"]
    path = folder / "above.csv"
    path.write_text("\n".join(",".join(row) for row in [head, *rows]) + "\n")
    return path


def bank_with_domains_by_difficulty(folder):
    """Knowledge spread over domains is then spread over easy and hard items."""
    head, *rows = [line.split(",") for line in (ROOT / "configs/banks/emr.csv").read_text().splitlines()]
    rows.sort(key=lambda row: float(row[head.index("b")]))
    for number, row in enumerate(rows):
        row[head.index("domain")] = f"part{5 * number // len(rows)}"
    path = folder / "sorted.csv"
    path.write_text("\n".join(",".join(row) for row in [head, *rows]) + "\n")
    return path


def main():
    if IS_SANITIZED:
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_refusals(folder)
        digest = check_file(folder)
        check_threads(folder, digest)
        check_resume(folder, digest)
        check_sweep(folder)
        check_limits(folder)
        check_agreement(folder, [TIMED, *POLICY], 20000)
        check_agreement(folder, [f"bank={bank_that_asks_above_the_cut(folder)}", "deficits.sequence=.5", "deficits.cv=.2"], 60000)
        check_agreement(folder, [f"bank={bank_with_domains_by_difficulty(folder)}", "deficits.knowledge=.9", "deficits.cv=.2",
                                 "deficits.domain_spread=.4", "engine.library.sittings=64"], 400000)


main()
