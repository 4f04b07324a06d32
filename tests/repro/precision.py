"""retake run --precision: the same end for any number of threads and after stops and resumptions; a plain run of
as many candidates has the same statistics; what falls short says so; refusals.

SPDX-License-Identifier: Apache-2.0
"""
import tempfile
from pathlib import Path

from _program import IS_SANITIZED, call, check, must, summary

SCENARIO = """engine: {candidates: 1000, seed: 4, sampling: stratified}
exam: {form: normal, time_limit_min: none}
population: {groups: {all: {theta_mean: 0.4, theta_sd: 1}}}
policy: {attempts_per_cycle: 3, max_cycles: 1}
"""
WIDTH = 0.004 if IS_SANITIZED else 0.0012
FIRST, SECOND = f"cumulative_pass_rate[attempt=3]={WIDTH}", f"pass_rate[attempt=1]={WIDTH * 5 / 3}"
N_SHORT = 4000 if IS_SANITIZED else 20000
RUN = ("run", "scenario.yaml", "--precision", FIRST, "--precision", SECOND)


def numbers(path):
    return {name: value for name, value in summary(path).items() if isinstance(value, list)}


def check_same_end(folder):
    must(*RUN, "--threads", 1, "-o", "one.h5", cwd=folder)
    must(*RUN, "--threads", 2, "-o", "two.h5", cwd=folder)
    one = numbers(folder / "one.h5")
    check(numbers(folder / "two.h5") == one, "two threads: other numbers")
    n = one["n_candidates"][0]
    check(n >= 50 * 256 and n % 1024 == 0, f"{n} candidates")
    half = 1.97 * one["cumulative_pass_rate_mcse"][0][2]
    check(half < WIDTH, f"half-width {half}")
    must("run", "scenario.yaml", "--candidates", n, "-o", "plain.h5", cwd=folder)
    check(numbers(folder / "plain.h5") == one, "a plain run of as many candidates: other numbers")


def check_resumed(folder):
    options = (*RUN, "-o", "stopped.h5", "--resume", "--threads", 2)
    for n_stops in range(20):
        done = call(*options, "--max-time", 0.01 * 2**n_stops, cwd=folder)
        if done.returncode == 0:
            break
        check(done.returncode == 75, f"status {done.returncode}: {done.stderr}")
    check(0 < n_stops < 19, f"{n_stops} stops")
    check(numbers(folder / "stopped.h5") == numbers(folder / "one.h5"), "stopped and resumed: other numbers")
    done = call(*options, cwd=folder)
    check(done.returncode == 0 and "is finished" in done.stderr, done.stderr)


def check_other_goal(folder):
    first = ("run", "scenario.yaml", "--precision", "pass_rate[attempt=1]=0.0001", "-o", "other.h5")
    done = call(*first, "--max-time", 0.05, cwd=folder)
    check(done.returncode == 75, f"status {done.returncode}: {done.stderr}")
    done = call(*RUN, "-o", "other.h5", "--resume", cwd=folder)
    check(done.returncode == 65 and "precision" in done.stderr, f"status {done.returncode}: {done.stderr}")


def check_short(folder):
    done = call(*RUN, "--candidates", N_SHORT, "-o", "short.h5", cwd=folder)
    check(done.returncode == 0, done.stderr)
    check(f"not reached with {N_SHORT} candidates" in done.stderr, done.stderr)
    check("Warning: the precision asked for was not reached" in must("summary", "short.h5", cwd=folder), "summary")


def check_refusals(folder):
    for words, status, text in (
        (("--precision", "pass_rate[attempt=1]"), 2, "ADDRESS=HALFWIDTH"),
        (("--precision", "pass_rate[attempt=1]=0"), 2, "positive"),
        (("--precision", FIRST, "--shard", "1/2", "-o", "part.h5"), 2, "--shard"),
        (("--precision", "pas_rate[attempt=1]=0.1"), 65, "did you mean 'pass_rate'?"),
        (("--precision", "n_passed[attempt=1]=5"), 65, "no standard error"),
    ):
        done = call("run", "scenario.yaml", *words, cwd=folder)
        check(done.returncode == status and text in done.stderr, f"{words}: {done.returncode}: {done.stderr}")


with tempfile.TemporaryDirectory() as name:
    place = Path(name)
    (place / "scenario.yaml").write_text(SCENARIO)
    check_same_end(place)
    check_resumed(place)
    check_other_goal(place)
    check_short(place)
    check_refusals(place)
