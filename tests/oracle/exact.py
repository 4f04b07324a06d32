"""Exact values of the checks V6, V7 and V8 of the project, by dynamic programming and quadrature.

V6  The confidence-interval rule on Rasch items at the cut. After n answers, R of them right, the
    maximum-likelihood estimate is ln(R/(n - R)) and its standard error sqrt(n/(R (n - R))), so
    (n, R) is a Markov chain: each answer is right with P = 1/(1 + exp(-theta)). From min_items on
    a sitting ends when |estimate| > z SE, at max_items it ends anyway; an estimate of at least 0
    passes (a tie passes).
V7  Retakes with a normal error of measurement: at theta an attempt passes with
    p = Phi((theta - cut)/se), within K attempts with 1 - (1 - p)^K, over theta ~ N(0, 1).
V8  V6 with retakes, over theta ~ N(.411, .8).

Run as a script it checks itself against the published figures of the project, to the digits given.
SPDX-License-Identifier: Apache-2.0
"""
import math
import sys
from statistics import NormalDist

NORMAL = NormalDist()
MIN_ITEMS, MAX_ITEMS, Z = 60, 80, 1.96


def has_stopped(n, right, z=Z):
    """Whether the interval excludes the cut 0; without an error or a right answer it always does."""
    if right in (0, n):
        return True
    return abs(math.log(right / (n - right))) > z * math.sqrt(n / (right * (n - right)))


def ci_rule(theta, z=Z, min_items=MIN_ITEMS, max_items=MAX_ITEMS):
    """P(pass), mean and variance of the length of one sitting."""
    p = 1 / (1 + math.exp(-theta))
    going = [1.0]  # probability of each R among sittings that go on
    p_pass = mean = square = 0.0
    for n in range(1, max_items + 1):
        shifted = [0.0] + going
        going = [(1 - p) * stay + p * up for stay, up in zip(going + [0.0], shifted)]
        if n < min_items:
            continue
        for right in range(n + 1):
            if n < max_items and not has_stopped(n, right, z):
                continue
            p_pass += going[right] if 2 * right >= n else 0.0
            mean += n * going[right]
            square += n * n * going[right]
            going[right] = 0.0
    return p_pass, mean, square - mean * mean


def legendre(n):
    """Nodes and weights of Gauss-Legendre quadrature on [-1, 1], by Newton's method."""
    out = []
    for i in range(n):
        x = math.cos(math.pi * (i + 0.75) / (n + 0.5))
        for _ in range(100):
            before, value = 1.0, x
            for k in range(2, n + 1):
                before, value = value, ((2 * k - 1) * x * value - (k - 1) * before) / k
            slope = n * (x * value - before) / (x * x - 1)
            step = value / slope
            x -= step
            if abs(step) < 1e-15:
                break
        out.append((x, 2 / ((1 - x * x) * slope * slope)))
    return out


GAUSS = legendre(40)


def integral(function, low, high, n_panels):
    """Of a function that returns a tuple."""
    total = None
    width = (high - low) / n_panels
    for k in range(n_panels):
        middle = low + (k + 0.5) * width
        for x, weight in GAUSS:
            terms = [0.5 * width * weight * y for y in function(middle + 0.5 * width * x)]
            total = terms if total is None else [a + b for a, b in zip(total, terms)]
    return total


def retakes(p_pass, mean, sd, cut, attempts):
    """{K: (passed, false pass among theta < cut, false fail among theta >= cut)} within K attempts
    for theta ~ N(mean, sd), p_pass(theta) at each attempt, all return, nothing is learnt."""
    population = NormalDist(mean, sd)

    def terms(theta):
        density, p = population.pdf(theta), p_pass(theta)
        return [density * (1 - (1 - p) ** k) for k in attempts]

    low, high = mean - 10 * sd, mean + 10 * sd
    below, above = integral(terms, low, cut, 12), integral(terms, cut, high, 12)
    incompetent = population.cdf(cut)
    return {k: (below[j] + above[j], below[j] / incompetent, 1 - above[j] / (1 - incompetent))
            for j, k in enumerate(attempts)}


V7_CUT, V7_SE = -NORMAL.inv_cdf(0.7) / math.sqrt(0.9), math.sqrt(0.1 / 0.9)
V8_MEAN, V8_SD = 0.411, 0.8


def v7(attempts=(1, 2, 3, 6)):
    return retakes(lambda theta: NORMAL.cdf((theta - V7_CUT) / V7_SE), 0, 1, V7_CUT, attempts)


def v8(attempts=(1, 2, 3, 6)):
    return retakes(lambda theta: ci_rule(theta)[0], V8_MEAN, V8_SD, 0, attempts)


def v8_length():
    """Mean and variance of the length of a first attempt over the population of V8."""
    population = NormalDist(V8_MEAN, V8_SD)

    def terms(theta):
        density, (_, mean, variance) = population.pdf(theta), ci_rule(theta)
        return density * mean, density * (variance + mean * mean)

    mean, square = integral(terms, V8_MEAN - 10 * V8_SD, V8_MEAN + 10 * V8_SD, 24)
    return mean, square - mean * mean


def within(p, k):
    return 1 - (1 - p) ** k


# ---- the published figures, as printed ----

V6 = {-0.5: (".017033", "68.0527"), -0.25: (".156669", "75.3914"), 0: (".544461", "78.4131"),
      0.25: (".891005", "75.3914"), 0.5: (".990456", "68.0527")}
V7 = {1: (".70000", ".13616", ".06946"), 2: (".76241", ".23002", ".01991"),
      3: (".79101", ".29709", ".00704"), 6: (".82980", ".41469", ".00047")}
V8 = {1: (".70017", ".1311"), 2: (".75316", ".2179"), 3: (".77779", ".2782"), 6: (".81188", ".3811")}
V8_LENGTH = "67.17"
CUT_CAT = {2: ".792", 3: ".905", 6: ".991"}  # V6 at the cut, within K attempts
BELOW = {1: ".159", 2: ".292", 3: ".404", 6: ".645"}  # 1 SEM below the cut, normal error


class Check:
    """Counts figures and prints each with more digits than it is known by."""

    def __init__(self):
        self.n = self.n_wrong = 0

    def figure(self, name, value, printed):
        digits = len(printed.split(".")[1])
        is_right = f"{value:.{digits}f}" == f"{float(printed):.{digits}f}"
        self.n += 1
        self.n_wrong += not is_right
        print(f"{name:42} {value:.12f} {printed:>8} {'' if is_right else 'WRONG'}")


def check_sittings(check):
    for theta, (p_pass, length) in V6.items():
        exact = ci_rule(theta)
        check.figure(f"V6 theta {theta}: P(pass)", exact[0], p_pass)
        check.figure(f"V6 theta {theta}: mean length", exact[1], length)
        print(f"{'':10} SD of the length {math.sqrt(exact[2]):.9f}")
    for k, printed in CUT_CAT.items():
        check.figure(f"V6 at the cut within {k}", within(ci_rule(0)[0], k), printed)
    check.figure("V6 at the cut, a tie fails", 1 - ci_rule(0)[0], ".456")
    for k, printed in BELOW.items():
        check.figure(f"1 SEM below the cut within {k}", within(NORMAL.cdf(-1), k), printed)
        check.figure(f"at the cut within {k}", within(NORMAL.cdf(0), k), f"{1 - 2.0 ** -k:.6f}")


def check_retakes(check):
    for name, printed, exact in (("V7", V7, v7()), ("V8", V8, v8())):
        for k, texts in printed.items():
            for what, value, text in zip(("passed", "false pass", "false fail"), exact[k], texts):
                check.figure(f"{name} within {k}: {what}", value, text)
            if len(texts) < 3:
                print(f"{name} within {k}: false fail{'':20} {exact[k][2]:.12f}")
    mean, variance = v8_length()
    check.figure("V8 mean length of the first attempt", mean, V8_LENGTH)
    print(f"{'':10} SD of the length {math.sqrt(variance):.9f}")


def check_quantile(check):
    """z = 1.96 and the quantile 1.95996 must stop the same sittings."""
    exact_z = NORMAL.inv_cdf(0.975)
    cells = [(n, right) for n in range(MIN_ITEMS, MAX_ITEMS) for right in range(n + 1)]
    differ = [cell for cell in cells if has_stopped(*cell) != has_stopped(*cell, exact_z)]
    check.n += 1
    check.n_wrong += bool(differ)
    print(f"z = 1.96 and z = {exact_z:.6f} differ in {len(differ)} of {len(cells)} cells")


def main():
    check = Check()
    check_sittings(check)
    check_retakes(check)
    check_quantile(check)
    print(f"{check.n} figures, {check.n_wrong} wrong")
    return 1 if check.n_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
