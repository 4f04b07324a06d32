"""Selection criteria of logistic items, written plainly from their definitions: what decides whether two
programs that choose different items were near a tie. The greater value is better.

A criterion is called with the item, theta, the answers so far as (item, response), and the delta and the grid
of selection (low, high, points). SPDX-License-Identifier: Apache-2.0
"""
import math


def p_right(item, theta):
    return item.c + (item.d - item.c) / (1 + math.exp(-item.a * (theta - item.b)))


def information(item, theta):
    p = p_right(item, theta)
    s = 1 / (1 + math.exp(-item.a * (theta - item.b)))
    slope = item.a * (item.d - item.c) * s * (1 - s)
    return slope * slope / (p * (1 - p))


def divergence(item, at, towards):
    p, q = p_right(item, at), p_right(item, towards)
    return p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))


def nodes(grid):
    low, high, points = grid
    return [low + k * (high - low) / (points - 1) for k in range(points)]


def likelihood(answers, theta):
    product = 1
    for item, response in answers:
        p = p_right(item, theta)
        product *= p if response else 1 - p
    return product


def density(theta):
    return math.exp(-theta * theta / 2)


def trapezoid(values):
    return sum(values) - (values[0] + values[-1]) / 2


def fisher(item, theta, answers, delta, grid):
    return information(item, theta)


def nearest(item, theta, answers, delta, grid):
    return -abs(item.b - theta)


def weighted_information(item, theta, answers, delta, grid):
    return trapezoid([likelihood(answers, t) * information(item, t) for t in nodes(grid)])


def posterior_information(item, theta, answers, delta, grid):
    return trapezoid([likelihood(answers, t) * density(t) * information(item, t) for t in nodes(grid)])


def between_points(item, theta, answers, delta, grid):
    return divergence(item, theta + delta, theta - delta)


def between_near_points(item, theta, answers, delta, grid):
    return between_points(item, theta, answers, delta / math.sqrt(len(answers)), grid)


def over_interval(item, theta, answers, delta, grid):
    near = (theta - delta, theta + delta, 33)
    return trapezoid([divergence(item, t, theta) for t in nodes(near)]) * 2 * delta / 32


def over_near_interval(item, theta, answers, delta, grid):
    return over_interval(item, theta, answers, delta / math.sqrt(len(answers)), grid)


CRITERIA = {"MFI": fisher, "UWFI": fisher, "MI": fisher, "Urry": nearest, "closest": nearest,
            "LWFI": weighted_information, "PWFI": posterior_information, "FPKL": between_points,
            "VPKL": between_near_points, "FIKL": over_interval, "VIKL": over_near_interval}
