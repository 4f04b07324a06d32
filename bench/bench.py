"""Runs the benches: a table with the floor, a history, and the comparison of two revisions.

A bench prints sections: a heading whose columns are two or more spaces apart, one of them "x floor" (times
the floor kernel, measured in turns with the row), then rows. The column counts; absolute times wander.

    bench.py BUILD [--record] [--long] [NAME...]     run the benches of a build; --record adds to bench/history.csv
    bench.py BUILD --compare OTHER [NAME...]         run those of two builds in turns, row by row

SPDX-License-Identifier: Apache-2.0
"""
import argparse
import csv
import datetime
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HISTORY = ROOT / "bench/history.csv"
FIELDS = ["date", "commit", "machine", "bench", "row", "value", "unit", "x floor"]
ROUNDS = 5


def benches(build, names):
    """The bench programs of a build: the kernel first, the long table of rules only when named."""
    found = sorted((build / "bench").glob("bench_*"), key=lambda p: (p.name != "bench_kernel", p.name))
    found = [p for p in found if os.access(p, os.X_OK) and p.is_file()]
    if names:
        return [p for p in found if any(name in p.name for name in names)]
    return [p for p in found if p.name != "bench_rules"]


def parse(text):
    """Rows of a bench's output: {section, name: (first number, its unit, x floor or None)}."""
    rows, titles, previous = {}, [], ""
    for line in text.splitlines():
        cells = re.split(r"\s{2,}", line.strip())
        numbers = []
        for cell in cells[1:]:
            try:
                numbers.append(float(cell))
            except ValueError:
                break
        if len(cells) > 1 and not numbers:
            titles = cells
        elif numbers and titles:
            floor = None
            if "x floor" in titles and titles.index("x floor") <= len(numbers):
                floor = numbers[titles.index("x floor") - 1]
            indent = "" if not line.startswith(" ") else previous + ", "
            name = indent + cells[0]
            previous = previous if indent else cells[0]
            rows[f"{titles[0]}: {name}"] = (numbers[0], titles[1], floor)
    return rows


def run(program):
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{program.name}: status {done.returncode}: {done.stderr}")
    return done.stdout


def machine():
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return f"{model.group(1).strip() if model else 'unknown'}, {os.cpu_count()} processors"


def commit():
    told = subprocess.run(["git", "describe", "--always", "--dirty", "--abbrev=10"], cwd=ROOT, capture_output=True, text=True)
    return told.stdout.strip() or "unknown"


# ---- whole processes ----

def process(program, *words):
    """Seconds on the wall and of the processors, and the most memory [KiB], of one run."""
    began = time.monotonic()
    pid = os.posix_spawn(program, [str(program), *map(str, words)], os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{' '.join(map(str, words))}: status {status}")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def whole(build, is_long):
    """What ./dev run costs as a process, and that memory does not grow with the candidates."""
    rows, emr = {}, ROOT / "configs/emr.yaml"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.h5")
        wall, cpu, _ = process(build / "retake", "run", emr, "-o", out)
        rows["whole process: 1,000,000 journeys of emr, wall"] = (wall, "s", None)
        rows["whole process: 1,000,000 journeys of emr, user and system"] = (cpu, "s", None)
        rows["whole process: journeys per second"] = (1e6 / wall, "1/s", None)
        few, many = 10**6, 10**8 if is_long else 10**7
        normal = ["run", emr, "--set", "exam.form=normal", "-o", out, "--candidates"]
        least, most = process(build / "retake", *normal, few)[2], process(build / "retake", *normal, many)[2]
        rows[f"whole process: memory of {many:.0e} candidates over that of {few:.0e}"] = (most / least, "1", None)
        rows["whole process: memory"] = (most / 1024, "MiB", None)
    for name, (value, unit, _) in rows.items():
        print(f"{name:<75} {value:12.4g} {unit}")
    return rows


def record(bench, rows):
    is_new = not HISTORY.exists()
    with HISTORY.open("a", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        if is_new:
            out.writerow(FIELDS)
        for name, (value, unit, floor) in rows.items():
            out.writerow([datetime.date.today(), commit(), machine(), bench, name, f"{value:.6g}", unit, floor])


def show(build, names, is_recorded, is_long):
    print(f"retake {commit()}, {machine()}\n")
    for program in benches(build, names):
        text = run(program)
        print(text, flush=True)
        if is_recorded:
            record(program.name, parse(text))
    if not names or "whole" in names:
        rows = whole(build, is_long)
        if is_recorded:
            record("whole", rows)


# ---- two builds ----

def compare(build, other, names):
    """In turns, so that what the machine does meanwhile meets both; ratios of the times to the floor."""
    theirs = {program.name: program for program in benches(other, names)}
    print(f"{'row (x floor; medians of ' + str(ROUNDS) + ' pairs)':<70} {'here':>9} {'there':>9} {'here/there':>11}   range")
    for program in benches(build, names):
        if program.name not in theirs:
            print(f"{program.name}: not in the other revision")
            continue
        pairs = []
        for k in range(ROUNDS):
            order = [program, theirs[program.name]][:: 1 if k % 2 else -1]
            told = {p: parse(run(p)) for p in order}
            pairs.append((told[program], told[theirs[program.name]]))
        for row in pairs[0][0]:
            if row not in pairs[0][1] or pairs[0][0][row][2] is None:
                continue
            here, there = ([pair[side][row][2] for pair in pairs] for side in (0, 1))
            ratio = [a / b for a, b in zip(here, there)]
            print(f"{row:<70} {statistics.median(here):9.2f} {statistics.median(there):9.2f} {statistics.median(ratio):11.3f}"
                  f"   {min(ratio):.3f} to {max(ratio):.3f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("--compare", type=Path, metavar="OTHER_BUILD")
    parser.add_argument("--record", action="store_true", help="add the rows to bench/history.csv")
    parser.add_argument("--long", action="store_true", help="memory at 10^8 candidates, not 10^7")
    parser.add_argument("names", nargs="*", help="benches whose names hold one of these; 'whole' for whole processes")
    told = parser.parse_intermixed_args()
    if told.compare:
        compare(told.build, told.compare, told.names)
    else:
        show(told.build, told.names, told.record, told.long)
    return 0


if __name__ == "__main__":
    sys.exit(main())
