"""Published rates of a run by library against one by simulation. SPDX-License-Identifier: Apache-2.0"""
import math
from collections import namedtuple

Score = namedtuple("Score", "name at z drawn simulated error")
LEAST = 400  # sittings behind a rate: below, its standard error is itself uncertain
DENOMINATORS = {"pass_rate": "n_attempted", "pass_rate_theta": "n_theta", "theta_bias": "n_theta",
                "theta_rmse": "n_theta", "theta_se": "n_theta", "session_minutes_mean": "n_attempted",
                "cumulative_pass_rate": "n_attempted", "false_pass_rate": "n_attempted", "false_fail_rate": "n_attempted"}


def flat(values):
    if isinstance(values, list):
        for value in values:
            yield from flat(value)
    else:
        yield values


def tail(t, n):
    """P(|T| > t) of Student's t with n degrees of freedom, by Simpson's rule over the angle."""
    edge, steps = math.atan(t / math.sqrt(n)), 2000
    width = (math.pi / 2 - edge) / steps
    weights = [1 if k in (0, steps) else 4 if k % 2 else 2 for k in range(steps + 1)]
    area = sum(w * math.cos(edge + k * width) ** (n - 1) for k, w in enumerate(weights)) * width / 3
    return 2 * area * math.exp(math.lgamma((n + 1) / 2) - math.lgamma(n / 2)) / math.sqrt(math.pi)


def greatest_z(n_statistics, freedom, level=0.01):
    low, high = 1.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle, freedom) > level / n_statistics else (low, middle)
    return high


def compare(drawn, simulated, n_replicates):
    """z-scores of every rate that rests on enough sittings in both; and of counts by outcome and the like, whose
    shares have standard errors that the blocks of the simulation bound from below: those are left to the rates."""
    scores = []
    for name, denominator in DENOMINATORS.items():
        if name not in drawn and name not in simulated:  # minutes of a test without a clock
            continue
        columns = [list(flat(result[key])) for key in (name, f"{name}_mcse", denominator)
                   for result in (drawn, simulated)]
        for at, (a, b, a_error, b_error, a_n, b_n) in enumerate(zip(*columns, strict=True)):
            if None in (a, b, a_error, b_error) or min(a_n, b_n) < max(LEAST, 8 * n_replicates):
                continue
            events = min(a, 1 - a) * a_n if 0 <= a <= 1 and "rate" in name else LEAST
            error = math.hypot(a_error, b_error)
            if error > 0 and events > 5 * n_replicates:
                scores.append(Score(name, at, (a - b) / error, a, b, error))
    return scores
