"""Estimates where products of probabilities end below the least number, and where an equation has several maxima;
priors that a grid cannot hold; what check and replay doubt. The right values come from sums of logarithms
(math.fsum) over the same grid. SPDX-License-Identifier: Apache-2.0"""
import csv
import math
import random
import sys
import tempfile
from pathlib import Path

from _program import call, check, must, sets

HEAD = "title: t\nbank: bank.csv\n"
EXAM = "exam: {form: FORM, min_items: N, max_items: N, pilot_items: 0, time_limit_min: none, stop: {rule: fixed}}\n"


# ---- the same in logarithms ----

def log_logistic(z):
    return -math.log1p(math.exp(-z)) if z > 0 else z - math.log1p(math.exp(z))


def log_sum(terms):
    most = max(terms)
    return most + math.log(math.fsum(math.exp(term - most) for term in terms))


def log_p(item, theta):
    """Of each category."""
    model, a, steps, c, d = item
    if model == "gpcm":
        z = [0.0]
        for step in steps:
            z.append(z[-1] + a * (theta - step))
        return [term - log_sum(z) for term in z]
    if model == "grm":
        out = []
        for x in range(len(steps) + 1):
            low = log_logistic(a * (theta - steps[x - 1])) if x > 0 else 0.0
            high = log_logistic(-a * (theta - steps[x])) if x < len(steps) else 0.0
            gap = math.log(-math.expm1(-a * (steps[x] - steps[x - 1]))) if 0 < x < len(steps) else 0.0
            out.append(low + high + gap)
        return out
    z = a * (theta - steps[0])
    right = log_logistic(z) + math.log(d - c)
    wrong = log_logistic(-z) + math.log(d - c)
    return [log_sum([wrong, math.log(1 - d)]) if d < 1 else wrong, log_sum([right, math.log(c)]) if c > 0 else right]


def log_information(item, theta):
    """log sum P'^2/P."""
    model, a, steps, c, d = item
    logs = log_p(item, theta)
    if model == "gpcm":
        mean = math.fsum(x * math.exp(term) for x, term in enumerate(logs))
        slopes = [math.log(a * abs(x - mean)) if x != mean else -1e9 for x in range(len(logs))]
    elif model == "grm":
        s = [1.0, *(math.exp(log_logistic(a * (theta - step))) for step in steps), 0.0]
        slopes = [math.log(max(a * abs((1 - s[x]) - s[x + 1]), 1e-300)) for x in range(len(logs))]
    else:
        z = a * (theta - steps[0])
        slope = math.log(a * (d - c)) + log_logistic(z) + log_logistic(-z)
        slopes = [slope - logs[0], slope - logs[1]]
    return log_sum([term + 2 * slope for term, slope in zip(logs, slopes)])


def eap(items, answers, low, high, points, log_prior):
    grid = [low + q * (high - low) / (points - 1) for q in range(points)]
    weight = [math.fsum(log_p(item, t)[x] for item, x in zip(items, answers)) + log_prior(t) for t in grid]
    weight[0] -= math.log(2)
    weight[-1] -= math.log(2)
    most = max(weight)
    w = [math.exp(term - most) for term in weight]
    total = math.fsum(w)
    mean = math.fsum(a * b for a, b in zip(w, grid)) / total
    return mean, math.sqrt(math.fsum(a * (b - mean) ** 2 for a, b in zip(w, grid)) / total)


def normal(mean, sd):
    return lambda theta: -0.5 * ((theta - mean) / sd) ** 2


def uniform(low, high):
    return lambda theta: 0.0 if low - 1e-9 <= theta <= high + 1e-9 else -math.inf


# ---- the program ----

def write_bank(folder, items):
    with open(folder / "bank.csv", "w", encoding="utf-8") as out:
        out.write("id,model,a,b,c,d,b1,b2,b3\n")
        for k, (model, a, steps, c, d) in enumerate(items):
            tail = f"{steps[0]!r},{c!r},{d!r},,," if model == "4pl" else ",,," + ",".join(map(repr, steps))
            out.write(f"i{k},{model},{a!r},{tail}\n")


def prepare(folder, items, form="linear", extra=""):
    write_bank(folder, items)
    exam = EXAM.replace("FORM", form).replace("N", str(len(items)))
    (folder / "s.yaml").write_text(HEAD + exam + extra, encoding="utf-8")


def write_answers(folder, answers):
    (folder / "r.csv").write_text("who," + ",".join(f"i{k}" for k in range(len(answers))) + "\nA,"
                                  + ",".join(map(str, answers)) + "\n", encoding="utf-8")


def replay(folder, *assignments):
    """The rows of the trace."""
    text = must("replay", folder / "s.yaml", "--responses", folder / "r.csv", *sets(assignments))
    return [row for row in csv.DictReader(text.splitlines())]


def last(folder, *assignments):
    row = replay(folder, *assignments)[-1]
    return float(row["theta"]), float(row["se"])


def expect(found, right, what, tolerance=1e-9):
    """Theta and its standard error, which is the root of a difference."""
    near = abs(found[0] - right[0]) <= tolerance and abs(found[1] ** 2 - right[1] ** 2) <= 10 * tolerance
    check(near, f"{what}: {found}, not {right}")


# ---- underflow ----

def contradicting(rng, n, model, a):
    """Half of it says very low, the other half very high, after another; a of the item or up to it."""
    items, answers = [], []
    for k in range(n):
        b = (-3 if k < n // 2 else 3) + rng.uniform(-0.5, 0.5)
        steepness = a * rng.uniform(0.2, 1)
        if model == "4pl":
            items.append((model, steepness, [b], *((0.0, 1.0) if k % 3 else (0.05, 0.98))))
            answers.append(k >= n // 2)
        else:
            items.append((model, steepness, [b - 0.3, b, b + 0.4], 0.0, 1.0))
            answers.append(3 if k >= n // 2 else 0)
    return items, [int(x) for x in answers]


def check_underflow(folder):
    rng = random.Random(20261130)
    grid = ("exam.estimate.theta_min=-5", "exam.estimate.theta_max=5", "exam.estimate.points=41")
    for n, model, a in ((2000, "4pl", 100), (2000, "4pl", 3), (400, "gpcm", 20), (300, "grm", 60), (2, "4pl", 90)):
        items, answers = contradicting(rng, n, model, a)
        prepare(folder, items)
        write_answers(folder, answers)
        for prior, words in ((normal(0.4, 1.3), ("prior_mean=0.4", "prior_sd=1.3")),
                             (uniform(-2, 5), ("prior=uniform", "prior_min=-2", "prior_max=5"))):
            found = last(folder, *grid, *(f"exam.estimate.{word}" for word in words))
            expect(found, eap(items, answers, -5, 5, 41, prior), f"{n} {model} {a}")
        found = last(folder, *grid, "exam.estimate.prior=jeffreys")
        right = eap(items, answers, -5, 5, 41, lambda t: 0.5 * log_sum([log_information(i, t) for i in items]))
        expect(found, right, f"{n} {model} {a}, Jeffreys")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_underflow(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
