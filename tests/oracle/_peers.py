"""Recorded sessions of other programs, and the same sessions by `retake replay`.

The settings come from the tables of docs/peers.md. SPDX-License-Identifier: Apache-2.0
"""
import csv
import itertools
import os
import re
import subprocess
import tempfile
from collections import namedtuple
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
PROGRAM = os.environ.get("RETAKE") or str(ROOT / "build/release/retake")
FOLDERS = {"catR": "catR", "catIrt": "catIrt", "catsim": "catsim", "jscat": "jsCAT", "mirtCAT": "mirtCAT"}
MODELS = {"R": "Rasch", "W": "Rasch", "T": "2PL", "U": "3PL", "F": "4PL"}  # of banks, by their first letter
SCENARIO = """title: a peer
bank: bank.csv
exam: {pilot_items: 0, time_limit_min: none, start: {theta: 0}, stop: {rule: fixed}}
"""

Item = namedtuple("Item", "a b c d")
# One answer; theta and se after it. The others are NAN where the program does not give them.
Step = namedtuple("Step", "item response theta se crit runner_up theta_tight se_tight")
# One recorded test of variable length: why is 'rule', 'maximum' or 'rule+maximum'.
End = namedtuple("End", "items responses theta se why")

NAN = float("nan")


def number(text):
    return NAN if text in (None, "", "NA") else float(text)


# ---- settings ----

def read_settings():
    """{(program, word): [assignment, ...]} from docs/peers.md."""
    settings, program = {}, ""
    for line in (ROOT / "docs/peers.md").read_text().splitlines():
        if line.startswith("## "):
            program = line[3:].split()[0]
        row = re.fullmatch(r"\| (\S+) \| `(.*)` \|", line)
        if row:
            settings[program, row[1]] = ["exam." + word for word in row[2].split()]
    return settings


# ---- what was recorded ----

class Recording:
    """Sessions of one bank, estimator and rule, which their name says."""

    def __init__(self, program, name, rows):
        self.program, self.file, self.rows = program, name, rows
        name = name.replace("MLgolden2_1e-9", "MLgolden2-1e-9")
        words = [word.replace("-1e-9", "_1e-9") for word in name.split("_")]
        self.is_trace = words[0] == "trace"
        self.is_tight = words[-1] == "tight"
        self.bank, self.estimator, self.rule = words[1:4]
        self.extra = [word for word in words[4:] if word != "tight"]

    def name(self):
        words = [self.program, MODELS[self.bank[0]], self.bank, self.estimator, self.rule, *self.extra]
        return " ".join(words + ["tight"] * self.is_tight)

    def steps(self):
        """{examinee: [Step, ...]}"""
        out = {}
        for row in self.rows:
            real = [number(row.get(key)) for key in ("theta", "se", "crit", "crit_runnerup", "theta_tight",
                                                     "se_tight")]
            out.setdefault(row["examinee"], []).append(Step(row["item"], row["response"], *real))
        return out

    def ends(self):
        """{examinee: End}, of a file about stopping."""
        out = {}
        for row in self.rows:
            out[row["examinee"]] = End(row["items"].split(";"), row["resp"], number(row["theta"]),
                                       number(row["se"]), self.why(row))
        return out

    @staticmethod
    def why(row):
        """What the program says; NAN-like '' where it does not."""
        if "rule" in row:  # catR
            words = row["rule"].split("+")
            return "+".join(sorted({"maximum" if word == "length" else "rule" for word in words}, reverse=True))
        if "term" in row:  # catIrt
            return "rule" if row["term"] == "class" else "maximum"
        if "decision" in row:  # mirtCAT
            return "maximum" if row["decision"] == "no decision" else "rule"
        return ""

    def settings(self, table):
        out = list(table[self.program, "always"])
        if self.is_trace:
            n = max(int(row["step"]) for row in self.rows)
            words = [*self.extra, self.estimator, self.rule]
            out += [f"exam.min_items={n}", f"exam.max_items={n}", "exam.stop.rule=fixed"]
        else:
            n = dict(re.findall(r"(min|max|delta|precision)([\d.]+)", self.file))
            first = {"catR": "MFI", "catIrt": "UWFI", "mirtCAT": "MI"}.get(self.program, "MFI")
            words = [self.estimator, first, re.sub(r"^precision.*", "precision", self.rule)]
            out += [f"exam.min_items={n.get('min', 1)}", f"exam.max_items={n['max']}", "exam.cut_theta=-0.5"]
            out += [f"exam.stop.{key}={n[word]}" for key, word in (("delta", "delta"), ("se", "precision"))
                    if word in n]
        for word in words:
            out += table[self.program, word]
        return out


def read_rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def recordings(folder):
    """From a file of each, or from traces.csv with many, whose column `file` has the name."""
    for place, program in FOLDERS.items():
        for path in sorted((folder / place).glob("*.csv")):
            if path.name == "traces.csv":
                for name, rows in itertools.groupby(read_rows(path), lambda row: row["file"]):
                    yield Recording(program, name, list(rows))
            elif path.stem.startswith(("trace_", "stop_")):
                yield Recording(program, path.stem, read_rows(path))


# ---- the same by retake ----

def first_lines(path, n):
    lines = path.read_text().splitlines()
    return lines[:n + 1] if n else lines


def bank_files(folder, bank):
    """(lines of the bank, rows of the responses); R1100 is the first 100 items of R1."""
    cut = re.fullmatch(r"(..)100", bank)
    n = 100 if cut else None
    name = cut[1] if cut else bank
    lines = first_lines(folder / "banks" / f"bank_{name}.csv", n)
    with open(folder / "banks" / f"responses_{name}.csv", newline="") as file:
        rows = [row[:n + 1] if n else row for row in csv.reader(file)]
    return lines, rows


def read_items(lines):
    return {row["id"]: Item(*(float(row[key]) for key in "abcd")) for row in csv.DictReader(lines)}


def replay(recording, folder, table):
    """({examinee: [row of the trace, ...]}, {id: Item})"""
    lines, rows = bank_files(folder, recording.bank)
    wanted = {row["examinee"] for row in recording.rows}
    with tempfile.TemporaryDirectory() as place:
        place = Path(place)
        (place / "scenario.yaml").write_text(SCENARIO)
        (place / "bank.csv").write_text("\n".join(lines) + "\n")
        with open(place / "responses.csv", "w", newline="") as file:
            csv.writer(file).writerows([rows[0]] + [row for row in rows[1:] if row[0] in wanted])
        command = [PROGRAM, "replay", place / "scenario.yaml", "--responses", place / "responses.csv",
                   "-o", place / "trace.csv"]
        for assignment in recording.settings(table):
            command += ["--set", assignment]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        out = {}
        with open(place / "trace.csv", newline="") as file:
            for row in csv.DictReader(file):
                out.setdefault(row["examinee"], []).append(row)
    return out, read_items(lines)
