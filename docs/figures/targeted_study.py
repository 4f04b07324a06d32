"""The figure of docs/study.md: what targeted study gains over broad study, by how the deficits are
concentrated and how clean the log is.

    python3 docs/figures/targeted_study.py RETAKE > docs/figures/targeted_study.svg

Every point is two runs of configs/emr.yaml that differ in the kind of study alone, on common random
numbers: the same candidates, the same first sitting. SPDX-License-Identifier: Apache-2.0
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

SCENARIO = Path(__file__).resolve().parents[2] / "configs" / "emr.yaml"
CONCENTRATIONS = (0, 0.5, 1, 1.5, 2, 3)  # deficits.cv: 0 = the five deficits are equal
NOISES = (0, 0.2, 0.4, 0.6, 0.8)  # deficits.misread: 0.8 = the log says nothing
COMMON = {
    "engine.candidates": 40000, "deficits.distribution": "gamma", "study.none": 0,
    "deficits.knowledge": 0.3, "deficits.sequence": 0.3, "deficits.scope": 0.3,
    "deficits.reading": 0.3, "deficits.pacing": 0.3, "population.groups.all.theta_mean": 0.9,
    "study.targeted_buckets": 1, "study.course_gain": 0, "leave.after_fail": 0,
    "policy.attempts_per_cycle": 2, "policy.max_cycles": 1,
}
COLOURS = ("#1b4965", "#3d7ea6", "#7aa5bf", "#c2a878", "#b5523b")


def second_pass_rate(program, settings):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.h5"
        sets = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        subprocess.run([program, "run", SCENARIO, "-o", out, *sets], check=True,
                       stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        text = subprocess.run([program, "summary", out, "--json"], check=True,
                              capture_output=True, text=True).stdout
    found = json.loads(text)
    return found["n_passed"][0][1] / found["n_attempted"][0][1]


def gain(program, concentration, noise):
    """Points of the pass rate at the second attempt."""
    settings = COMMON | {"deficits.cv": concentration, "deficits.misread": noise}
    targeted = second_pass_rate(program, settings | {"study.broad": 0, "study.targeted": 1})
    broad = second_pass_rate(program, settings | {"study.broad": 1, "study.targeted": 0})
    return 100 * (targeted - broad)


WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 400, 64, 150, 24, 56


def svg(curves):
    low = min(-2, *(y for ys in curves.values() for y in ys)) - 1
    high = max(2, *(y for ys in curves.values() for y in ys)) + 1

    def x_of(x):
        return LEFT + (WIDTH - LEFT - RIGHT) * x / CONCENTRATIONS[-1]

    def y_of(y):
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - y) / (high - low)

    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
             'font-family="sans-serif" font-size="12" fill="#333">',
             "<title>Targeted less broad study, points of the pass rate at the second attempt</title>",
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    step = 5 if high - low > 12 else 2
    for tick in range(-100, 100, step):
        if low <= tick <= high:
            lines.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_of(tick):.1f}" '
                         f'y2="{y_of(tick):.1f}" stroke="{"#333" if tick == 0 else "#ddd"}"/>')
            lines.append(f'<text x="{LEFT - 8}" y="{y_of(tick) + 4:.1f}" text-anchor="end">'
                         f"{tick:+d}</text>")
    for x in CONCENTRATIONS:
        lines.append(f'<text x="{x_of(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:g}'
                     "</text>")
    lines.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">'
                 "concentration: coefficient of variation of the deficits</text>")
    lines.append(f'<text transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" '
                 'text-anchor="middle">targeted less broad, points</text>')
    lines.append(f'<text x="{WIDTH - RIGHT + 10}" y="{TOP + 4}">misses misread</text>')
    for k, ((noise, ys), colour) in enumerate(zip(curves.items(), COLOURS)):
        points = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in zip(CONCENTRATIONS, ys))
        lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" '
                     'stroke-width="2"/>')
        y = TOP + 24 + 20 * k
        lines.append(f'<line x1="{WIDTH - RIGHT + 10}" x2="{WIDTH - RIGHT + 34}" y1="{y - 4}" '
                     f'y2="{y - 4}" stroke="{colour}" stroke-width="2"/>'
                     f'<text x="{WIDTH - RIGHT + 42}" y="{y}">{100 * noise:.0f} %</text>')
    return "\n".join([*lines, "</svg>"])


def main():
    program = sys.argv[1]
    curves = {noise: [gain(program, cv, noise) for cv in CONCENTRATIONS] for noise in NOISES}
    for noise, ys in curves.items():
        print(f"misread {noise:.1f}: " + " ".join(f"{y:+.2f}" for y in ys), file=sys.stderr)
    print(svg(curves))


if __name__ == "__main__":
    main()
