"""Estimates where products of probabilities end below the least number, and where an equation has several maxima;
priors that a grid cannot hold; what check and replay doubt. The right values come from sums of logarithms
(math.fsum) over the same grid. SPDX-License-Identifier: Apache-2.0"""
import csv
import math
import random
import sys
import tempfile
from pathlib import Path

from _program import call, check, must, sets, summary

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


# ---- several maxima ----

def parts(items, answers, t, rule):
    """Log-likelihood with what has a closed form, the slope of the whole, and r where it has none; 3PL."""
    log_like = slope = information = j = d_information = 0.0
    for (a, b, c), x in zip(items, answers):
        s = math.exp(log_logistic(a * (t - b)))
        u = math.exp(log_logistic(-a * (t - b)))
        p, q, d, ratio = c + (1 - c) * s, (1 - c) * u, a * (1 - c) * s * u, a * (u - s)
        log_like += math.log(p if x else q)
        slope += d / p if x else -d / q
        information += d * d / (p * q)
        j += d * d / (p * q) * ratio
        d_information += d * d / (p * q) * (2 * ratio - d * (q - p) / (p * q))
    if rule == "wl":
        return log_like, slope + j / (2 * information), j / (2 * information)
    if rule == "map":
        return log_like - t * t / 2, slope - t, 0.0
    if rule == "jeffreys":
        return log_like + math.log(information) / 2, slope + d_information / (2 * information), 0.0
    return log_like, slope, 0.0


def highest(items, answers, rule, n=800):
    """The highest of the local maxima over -4 .. 4 and by how much it is: each refined by bisection."""
    points = [-4 + 8 * k / n for k in range(n + 1)]
    values = [parts(items, answers, t, rule) for t in points]
    rest, peaks, heights = 0.0, [], []
    for k, t in enumerate(points):
        if k and rule == "wl":
            middle = parts(items, answers, t - 4 / n, rule)[2]
            rest += 8 / n / 6 * (values[k - 1][2] + 4 * middle + values[k][2])
        heights.append((values[k][0] + rest, rest))
    for k, t in enumerate(points):
        if (k and heights[k][0] <= heights[k - 1][0]) or (k < n and heights[k][0] < heights[k + 1][0]):
            continue
        low, high = points[max(k - 1, 0)], points[min(k + 1, n)]
        while high - low > 1e-12:
            middle = (low + high) / 2
            low, high = (middle, high) if parts(items, answers, middle, rule)[1] > 0 else (low, middle)
        found = parts(items, answers, low, rule)
        peaks.append((found[0] + heights[k][1] + (low - t) * (found[2] + values[k][2]) / 2, low))
    peaks.sort(reverse=True)
    return peaks[0][1], peaks[0][0] - peaks[1][0] if len(peaks) > 1 else math.inf


# Found by search among 3,840 patterns: of each, a lower maximum has a grid point .25 apart that is the higher one.
PATTERNS = [("wl", 33, 1.5, 5, "10101"), ("wl", 41, 1.5, 5, "00101"), ("wl", 56, 1.5, 5, "01110"),
            ("map", 20, 4, 12, "11111"), ("map", 4, 6, 30, "11111"), ("jeffreys", 12, 2, 8, "01110"),
            ("ml", 14, 3, 12, "11010"), ("ml", 14, 3, 12, "11100")]


def check_maxima(folder):
    for rule, seed, low, high, pattern in PATTERNS:
        rng = random.Random(seed)
        items = [(rng.uniform(low, high), rng.uniform(-2.5, 2.5), rng.uniform(0.1, 0.35)) for _ in range(5)]
        answers = [int(x) for x in pattern]
        prepare(folder, [("4pl", a, [b], c, 1.0) for a, b, c in items])
        write_answers(folder, answers)
        words = {"jeffreys": ("exam.estimate.rule=map", "exam.estimate.prior=jeffreys")}
        found = last(folder, *words.get(rule, (f"exam.estimate.rule={rule}",)))[0]
        right, by = highest(items, answers, rule)
        check(by > 1e-5 and abs(found - right) < 1e-9, f"{rule} {seed} {pattern}: {found}, not {right} (by {by})")


# ---- selection and stop rules that read the same products ----

def criterion(rule, weights, grid, item, theta):
    """Of an item at theta, the answers so far being in weights."""
    p = [[math.exp(term) for term in log_p(item, t)] for t in grid]
    here = [math.exp(term) for term in log_p(item, theta)]
    total = math.fsum(weights)
    if rule == "mpwi":
        return math.fsum(w * math.exp(log_information(item, t)) for w, t in zip(weights, grid)) / total
    if rule == "gdip":
        mean = math.fsum(w * x[1] for w, x in zip(weights, p)) / total
        return math.fsum(w * (x[1] - mean) ** 2 for w, x in zip(weights, p)) / total
    if rule == "klp":
        logs = [log_p(item, t) for t in grid]
        return math.fsum(here[x] * math.fsum(w * (math.log(here[x]) - term[x]) for w, term in zip(weights, logs))
                         for x in (0, 1)) / total
    value = 0.0
    for x in (0, 1):  # mepv
        after = [w * row[x] for w, row in zip(weights, p)]
        mean = math.fsum(w * t for w, t in zip(after, grid)) / math.fsum(after)
        value -= here[x] * math.fsum(w * (t - mean) ** 2 for w, t in zip(after, grid)) / math.fsum(after)
    return value


def check_selection(folder):
    """Which item is next, where the end of the scale that was out by e^-1000 has come back."""
    rng = random.Random(7)
    n, n_points = 27, 13
    grid = [-3 + 6 * q / (n_points - 1) for q in range(n_points)]
    items = [("4pl", rng.uniform(18, 25), [(3 if k < 8 else -3) + rng.uniform(-0.4, 0.4)], 0.0, 1.0)
             for k in range(n - 3)]
    items += [("4pl", rng.uniform(0.5, 2), [rng.uniform(-1, 1)], 0.1, 1.0) for _ in range(3)]
    answers = [int(k < 8 or k >= n - 3) for k in range(n)]
    prepare(folder, items, "cat", "")
    write_answers(folder, answers)
    for rule in ("mpwi", "gdip", "klp", "mepv"):
        rows = replay(folder, f"exam.select.rule={rule}", "exam.estimate.theta_min=-3", "exam.estimate.theta_max=3",
                      f"exam.estimate.points={n_points}", "exam.start.rule=closest_difficulty", "exam.start.theta=9")
        logs = [-0.5 * t * t - (math.log(2) if q in (0, n_points - 1) and rule != "gdip" else 0)
                for q, t in enumerate(grid)]
        given = [int(row["item"][1:]) for row in rows]
        for step, item in enumerate(given):
            if step > 0:
                weights = [math.exp(term - max(logs)) for term in logs]
                theta = float(rows[step - 1]["theta"])
                left = [k for k in range(n) if k not in given[:step]]
                values = {k: criterion(rule, weights, grid, items[k], theta) for k in left}
                best = max(values.values())
                check(values[item] >= best - 1e-9 * max(abs(best), 1e-3), f"{rule}, step {step + 1}: {item}, {values}")
            logs = [term + log_p(items[item], t)[answers[item]] for term, t in zip(logs, grid)]


def check_ratios(folder):
    """One wrong answer to an item that is 20 logits too easy decides: ln L(.2)/L(-.2) = -36."""
    prepare(folder, [("4pl", 90.0, [-20.0 - k], 0.0, 1.0) for k in range(3)], "cat", "")
    write_answers(folder, [0, 0, 0])
    for rule in ("sprt", "glr"):
        rows = replay(folder, "exam.min_items=1", f"exam.stop.rule={rule}")
        check(len(rows) == 1 and rows[0]["stop_rules"] == rule, f"{rule}: {rows}")


def check_close_thresholds(folder):
    """A graded item whose middle category has a probability of 1e-18: it is rare, not impossible."""
    items = [("grm", 1.0, [1e-18, 3e-18, 1.0], 0.0, 1.0), ("4pl", 1.3, [0.4], 0.0, 1.0)]
    prepare(folder, items)
    write_answers(folder, [1, 1])
    expect(last(folder), eap(items, [1, 1], -4, 4, 33, normal(0, 1)), "close thresholds")


# ---- priors ----

def refused(folder, *assignments, words=()):
    for command in (("check", folder / "s.yaml"), ("replay", folder / "s.yaml", "--responses", folder / "r.csv"),
                    ("run", folder / "s.yaml", "--candidates", 300)):
        done = call(*command, *sets(assignments))
        check(done.returncode == 65 and done.stderr.count("\n") == 1, f"{assignments}: {done.returncode} {done.stderr}")
        check(all(word in done.stderr for word in words), f"{assignments}: {done.stderr!r} does not say {words}")


def check_priors(folder):
    items = [("4pl", 1.1, [b], 0.0, 1.0) for b in (-1.2, 0.1, 0.9)]
    prepare(folder, items)
    write_answers(folder, [1, 1, 1])
    uniform_of = "exam.estimate.prior=uniform"
    for low, high, what in ((6, 9, "no point"), (0.06, 0.2, "no point"), (-0.2, 0.2, "only one point")):
        refused(folder, uniform_of, f"exam.estimate.prior_min={low}", f"exam.estimate.prior_max={high}",
                words=(f"exam.estimate.prior_max={high}", what, "theta_min", f"{low} .. {high}"))
    refused(folder, "exam.estimate.rule=map", uniform_of, "exam.estimate.prior_min=6", "exam.estimate.prior_max=9",
            words=("do not overlap",))
    for mean, sd in ((0.1, 0.002), (5, 0.1), (15, 0.01), (9, 1)):
        refused(folder, f"exam.estimate.prior_mean={mean}", f"exam.estimate.prior_sd={sd}",
                words=("exam.estimate.prior_sd", "narrower"))
    refused(folder, "exam.form=cat", "exam.select.rule=mpwi", "exam.select.points=5",
            words=("exam.select.points", "narrower"))
    (folder / "s.yaml").write_text(HEAD + EXAM.replace("FORM", "linear").replace("N", "3").replace(
        "stop:", "estimate: {prior_sd: .01},\n  stop:"), encoding="utf-8")
    refused(folder, words=("s.yaml:3:", "exam.estimate.prior_sd"))
    prepare(folder, items)
    for mean, sd, points in ((0.1, 0.01, 1001), (6, 1, 33), (-3, 0.25, 33), (20, 0.8, 1001), (0.3, 1000, 33)):
        found = last(folder, f"exam.estimate.prior_mean={mean}", f"exam.estimate.prior_sd={sd}",
                     f"exam.estimate.points={points}")
        expect(found, eap(items, [1, 1, 1], -4, 4, points, normal(mean, sd)), f"prior {mean} {sd}")


# ---- doubts ----

def warnings(folder, *assignments):
    text = must("check", folder / "s.yaml", *sets(assignments))
    return " ".join(" ".join(text.split("warning:")[1:]).split())


def check_doubts(folder):
    prepare(folder, [("4pl", 1.2, [(k - 5) / 4], 0.0, 1.0) for k in range(12)])
    check(not warnings(folder), "a doubt about nothing")
    ml = ("exam.estimate.rule=ml",)
    for assignments, words in (
            (("exam.cut_theta=4.5",), ("exam.cut_theta", "-4 .. 4", "nobody can pass")),
            (("exam.cut_theta=-4.5",), ("-4 .. 4", "everybody passes")),
            (("exam.cut_theta=1", "policy.retake_cut_raise=[0.5, 3.5]"), ("policy.retake_cut_raise", "attempt 3", "nobody")),
            (("exam.cut_theta=1", "policy.retake_cut_raise=2.5"), ("attempt 2", "every answer right fails")),
            (("exam.cut_theta=2.5",), ("every answer right fails",)),
            (("exam.estimate.prior=uniform", "exam.estimate.prior_max=1.5", "exam.cut_theta=2"), ("prior's range", "nobody")),
            ((*ml, "exam.estimate.constant=start", "exam.start.theta=0.5", "exam.cut_theta=0.5"),
             ("exam.estimate.constant", "every answer wrong passes by the tie")),
            ((*ml, "exam.cut_theta=-4"), ("everybody passes",)),
            (("exam.estimate.points=9",), ("exam.estimate.points=9: the grid is spaced 1 logits", "take at least"))):
        found = warnings(folder, *assignments)
        check(all(word in found for word in words), f"{assignments}: {found!r} does not say {words}")
    check(not warnings(folder, *ml, "exam.estimate.constant=start", "exam.tie_passes=false", "exam.cut_theta=0.5",
                       "exam.start.theta=0.4").count("wrong passes"), "a pass where there is none")
    check(not warnings(folder, *ml, "exam.estimate.points=5"), "a grid that nobody uses")


def check_reach(folder):
    """A cut beyond all estimates is said where it is used, not only by check; a result keeps it, through shards too."""
    prepare(folder, [("4pl", 1.2, [(k - 5) / 4], 0.0, 1.0) for k in range(12)])
    write_answers(folder, [1] * 12)
    (folder / "w.yaml").write_text("base: s.yaml\naxes:\n  exam.cut_theta: [0, 4.5, 0.5, -7]\n", encoding="utf-8")
    run, many = ("run", folder / "s.yaml", "--candidates", 600), ("--candidates", 300)
    play = ("replay", folder / "s.yaml", "--responses", folder / "r.csv")
    ml = ("exam.estimate.rule=ml", "exam.estimate.constant=start", "exam.start.theta=6")
    for assignments, word in ((("exam.cut_theta=4.5",), "nobody can pass"), (("exam.cut_theta=-7",), "everybody passes"),
                              (("exam.cut_theta=3", "exam.estimate.prior=uniform", "exam.estimate.prior_max=2"), "nobody"),
                              (("exam.cut_theta=5.5", *ml), None), (("exam.cut_theta=3.9",), None)):
        for command in (run, play):
            done = call(*command, *sets(assignments))
            check(done.returncode == 0, done.stderr)
            found = "warning: exam.cut_theta: " in done.stderr and word in done.stderr if word else "cut_theta" not in done.stderr
            check(found, f"{command[0]} {assignments}: {done.stderr}")
    raised = sets(("exam.cut_theta=1", "policy.retake_cut_raise=3.5"))
    check("policy.retake_cut_raise: the cut of attempt 2" in call(*run, *raised).stderr, "a raised cut")
    check("warning" not in call(*play, *raised).stderr, "a replay is a first attempt")
    done = call("sweep", folder / "w.yaml", "-o", folder / "w.h5", *many)
    for line in ("policies 2,4 (2 of 4): exam.cut_theta: 4.5 lies outside",):
        check(line in done.stderr, f"{line!r} is not in {done.stderr!r}")
    for part in (1, 2):
        must(*run, "--shard", f"{part}/2", "-o", folder / f"{part}.h5", *sets(("exam.cut_theta=6",)))
    must("merge", "-o", folder / "m.h5", folder / "1.h5", folder / "2.h5")
    check("nobody can pass" in summary(folder / "m.h5")["attributes"]["warning"], "a merged run keeps the warning")


def check_replay_grid(folder):
    """The words of run, on stderr, once, and not of a grid that is fine."""
    prepare(folder, [("4pl", 2.5, [(k - 30) / 15], 0.0, 1.0) for k in range(60)])
    write_answers(folder, [int(k < 33) for k in range(60)])
    said = "exam.estimate.points: the grid is spaced 0.25 logits, but standard errors reach"
    command = ("replay", folder / "s.yaml", "--responses", folder / "r.csv", "-o", folder / "t.csv")
    done = call(*command)
    check(done.returncode == 0 and done.stderr.count(said) == 1, f"no warning: {done.stderr}")
    check(said in call("run", folder / "s.yaml", "--candidates", 500).stderr, "run does not say the same")
    fine = call(*command, *sets(("exam.estimate.points=161",)))
    check(fine.returncode == 0 and "warning" not in fine.stderr, f"{fine.stderr}")


def check_candidates(folder):
    """Command line and scenario mean the same number of candidates."""
    prepare(folder, [("4pl", 1.0, [(k - 10) / 8], 0.0, 1.0) for k in range(20)], extra="engine: {candidates: 700}\n")
    for words, n in (((), 700), (sets(("engine.candidates=512",)), 512), (("--candidates", 300), 300)):
        text = must("bank", "adequacy", folder / "s.yaml", *words)
        check(f"{n} candidates simulated" in " ".join(text.split()), f"{words}: {text[:300]}")
    solve = ("solve", folder / "s.yaml", "--free", "exam.cut_theta=-1:1", "--target", "pass_rate[attempt=1]=0.6", "--json")
    check(must(*solve, *sets(("engine.candidates=2048",))) == must(*solve, "--candidates", 2048), "solve")


def check_no_answer(folder):
    """An examinee without an answer: the start is at the cut and ties pass, yet nobody passes unseen."""
    prepare(folder, [("4pl", 1.0, [0.0], 0.0, 1.0)])
    (folder / "r.csv").write_text("who,i0\nA,\n", encoding="utf-8")
    rows = list(csv.DictReader(must("replay", folder / "s.yaml", "--responses", folder / "r.csv",
                                    "--missing", "unavailable").splitlines()))
    check([(row["step"], row["theta"], row["passed"]) for row in rows] == [("0", "0", "0")], f"{rows}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in (check_underflow, check_maxima, check_selection, check_ratios, check_close_thresholds, check_priors,
                     check_doubts, check_reach, check_replay_grid, check_candidates, check_no_answer):
            each(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
