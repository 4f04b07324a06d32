"""A figure of a cut study: false passes and false fails at every cut, for one attempt and over the pathway, with the
threshold of competence at population.competent_theta; the figures of docs/cut-study.md.

    python3 docs/figures/cut_study.py RETAKE CUT.h5 > FIGURE.svg

Bands are 95 % intervals. SPDX-License-Identifier: Apache-2.0
"""
import json
import subprocess
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 660, 360, 56, 170, 24, 52
LINES = [("false_pass_rate", 0, "#b5523b", "6 4", "false pass, one attempt"),
         ("false_pass_rate", -1, "#b5523b", "", "false pass, pathway"),
         ("false_fail_rate", 0, "#1b4965", "6 4", "false fail, one attempt"),
         ("false_fail_rate", -1, "#1b4965", "", "false fail, pathway")]


def curve(data, name, attempt):
    """[(cut, value, half-width)] at the threshold of competence nearest to population.competent_theta."""
    given = data["attributes"]["population.competent_theta"]
    at = min(range(len(data["competence"])), key=lambda k: abs(data["competence"][k] - given))
    return [(cut, rows[at][attempt], 1.96 * errors[at][attempt])
            for cut, rows, errors in zip(data["cut"], data[name], data[f"{name}_mcse"])]


def svg(data):
    curves = [curve(data, name, attempt) for name, attempt, *_ in LINES]
    x0, x1 = data["cut"][0], data["cut"][-1]
    highest = max(value for points in curves for _, value, _ in points)
    y1 = next(y for y in (0.2, 0.4, 0.6, 0.8, 1) if y >= highest)

    def at(x, y):
        return (LEFT + (WIDTH - LEFT - RIGHT) * (x - x0) / (x1 - x0), TOP + (HEIGHT - TOP - BOTTOM) * (1 - y / y1))

    def path(points):
        return " ".join(f"{px:.1f},{py:.1f}" for px, py in (at(x, y) for x, y in points))

    said = "false passes of those not competent, false fails of those competent, by cut"
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
           'font-family="sans-serif" font-size="12" fill="#333">',
           f'<title>{said}</title>', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    for k in range(5):
        y = y1 * k / 4
        py = at(x0, y)[1]
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{py:.1f}" y2="{py:.1f}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{py + 4:.1f}" text-anchor="end">{100 * y:g} %</text>')
    for k in range(5):
        x = x0 + (x1 - x0) * k / 4
        out.append(f'<text x="{at(x, 0)[0]:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:g}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">cut, score points</text>')
    px, py = at(data["attributes"]["exam.scale.cut"], y1)
    out.append(f'<line x1="{px:.1f}" x2="{px:.1f}" y1="{py:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#333" stroke-dasharray="2 3"/>'
               f'<text x="{px + 4:.1f}" y="{py + 10:.1f}">the cut in force</text>')
    for points, (_, _, paint, dashes, label) in zip(curves, LINES):
        band = [(x, min(y1, v + e)) for x, v, e in points] + [(x, max(0, v - e)) for x, v, e in reversed(points)]
        out.append(f'<polygon points="{path(band)}" fill="{paint}" fill-opacity="0.18"/>')
        out.append(f'<polyline points="{path((x, v) for x, v, _ in points)}" fill="none" stroke="{paint}" '
                   f'stroke-width="2"{f" stroke-dasharray={chr(34)}{dashes}{chr(34)}" if dashes else ""}/>')
    for k, (_, _, paint, dashes, label) in enumerate(LINES):
        y = TOP + 20 + 22 * k
        x = WIDTH - RIGHT + 8
        out.append(f'<line x1="{x}" x2="{x + 22}" y1="{y - 4}" y2="{y - 4}" stroke="{paint}" stroke-width="2"'
                   f'{f" stroke-dasharray={chr(34)}{dashes}{chr(34)}" if dashes else ""}/>'
                   f'<text x="{x + 27}" y="{y}" font-size="10">{label}</text>')
    return "\n".join([*out, "</svg>"])


def main():
    program, result = sys.argv[1:]
    text = subprocess.run([program, "summary", result, "--json"], check=True, capture_output=True, text=True).stdout
    print(svg(json.loads(text)))


if __name__ == "__main__":
    main()
