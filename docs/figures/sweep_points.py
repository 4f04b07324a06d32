"""A figure of a sweep: one point a policy with its 95 % interval; the figures of docs/three-or-six.md and
docs/refresher.md.

    python3 docs/figures/sweep_points.py RETAKE SWEEP.h5 X Y [COLOUR] > FIGURE.svg

X and Y are axes or differences from the base (cumulative_pass_rate, false_pass_rate: the last attempt, group all, in
points); COLOUR is an axis cut in thirds; without one each point has its policy beside it. SPDX-License-Identifier:
Apache-2.0
"""
import json
import subprocess
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 400, 64, 170, 24, 56
COLOURS = ("#1b4965", "#c2a878", "#b5523b")
NAMES = {"cumulative_pass_rate": "passed in the end, points more than the base",
         "false_pass_rate": "false passes, points more than the base"}


def values(data, name):
    """[(value, half-width)] by policy."""
    if name not in NAMES:
        return [(x, 0) for x in data[name]]
    differ, error = (data[f"{name}_difference{suffix}"] for suffix in ("", "_mcse"))
    return [(100 * d[0][-1], 196 * e[0][-1]) for d, e in zip(differ, error)]


def ticks(low, high):
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if (high - low) / s <= 8)
    first = int(low // step)
    return [round(step * k, 6) for k in range(first, int(high // step) + 2) if low <= step * k <= high]


def svg(data, x_name, y_name, colour):
    xs, ys = values(data, x_name), values(data, y_name)
    axes = data["attributes"]["coordinates"].split()

    def span(points):
        low, high = min(v - e for v, e in points), max(v + e for v, e in points)
        return low - 0.08 * (high - low), high + 0.08 * (high - low)

    (x0, x1), (y0, y1) = span(xs), span(ys)

    def at(x, y):
        return (LEFT + (WIDTH - LEFT - RIGHT) * (x - x0) / (x1 - x0), TOP + (HEIGHT - TOP - BOTTOM) * (y1 - y) / (y1 - y0))

    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
             'font-family="sans-serif" font-size="12" fill="#333">',
             f"<title>{NAMES.get(y_name, y_name)}, by {NAMES.get(x_name, x_name)}</title>",
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    for y in ticks(y0, y1):
        py = at(x0, y)[1]
        lines.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{py:.1f}" y2="{py:.1f}" stroke="{"#333" if y == 0 else "#ddd"}"/>'
                     f'<text x="{LEFT - 8}" y="{py + 4:.1f}" text-anchor="end">{y:g}</text>')
    for x in ticks(x0, x1):
        lines.append(f'<text x="{at(x, y0)[0]:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:g}</text>')
    lines.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{NAMES.get(x_name, x_name)}</text>')
    lines.append(f'<text transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">'
                 f"{NAMES.get(y_name, y_name)}</text>")
    ranked = sorted(data[colour]) if colour else []
    cuts = [ranked[len(ranked) // 3], ranked[2 * len(ranked) // 3]] if colour else []
    for k, ((x, ex), (y, ey)) in enumerate(zip(xs, ys)):
        px, py = at(x, y)
        third = sum(data[colour][k] >= c for c in cuts) if colour else 0
        paint = COLOURS[third]
        for a, b in ((at(x - ex, y), at(x + ex, y)), (at(x, y - ey), at(x, y + ey))):
            lines.append(f'<line x1="{a[0]:.1f}" y1="{a[1]:.1f}" x2="{b[0]:.1f}" y2="{b[1]:.1f}" stroke="{paint}"/>')
        lines.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="{paint}"/>')
        if not colour:
            said = ", ".join(f"{data[a][k]:g} {a.split('.')[-1].replace('_', ' ')}" for a in axes)
            side = ("end", -8) if px > (LEFT + WIDTH - RIGHT) / 2 else ("start", 8)
            lines.append(f'<text x="{px + side[1]:.1f}" y="{py - 8:.1f}" text-anchor="{side[0]}">{said}</text>')
    for k, paint in enumerate(COLOURS if colour else ()):
        y = TOP + 24 + 20 * k
        said = (f"below {cuts[0]:.2g}", f"{cuts[0]:.2g} to {cuts[1]:.2g}", f"from {cuts[1]:.2g}")[k]
        lines.append(f'<circle cx="{WIDTH - RIGHT + 16}" cy="{y - 4}" r="4" fill="{paint}"/>'
                     f'<text x="{WIDTH - RIGHT + 28}" y="{y}">{said}</text>')
    if colour:
        lines.append(f'<text x="{WIDTH - RIGHT + 10}" y="{TOP + 4}">{colour.split(".", 1)[-1]}</text>')
    return "\n".join([*lines, "</svg>"])


def main():
    program, sweep, x_name, y_name, *colour = sys.argv[1:]
    told = subprocess.run([program, "summary", sweep, "--json"], check=True, capture_output=True, text=True).stdout
    print(svg(json.loads(told), x_name, y_name, colour[0] if colour else None))


if __name__ == "__main__":
    main()
