"""The n-th allocation, or the n-th call of input and output, of a command fails (fail_nth.c). What must come is the
answer of the undisturbed command with status 0, or status 1 or 74 with one line; after a failure no output is half
there, and a checkpoint still leads to the answer. Lines of progress come before, and what cannot be removed may be
left. For faults_nth.py and faults_nth_long.py.
SPDX-License-Identifier: Apache-2.0"""
import collections
import os
import re
import shutil
import struct
import subprocess
from pathlib import Path

from _program import BUILD, PROGRAM, SKIPPED, call, check, must

LIBRARY = BUILD / "tests/repro/fail_nth.so"
LIMIT_S = 20
MORE = ("--candidates", 3000)
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
PROGRESS = re.compile(r"retake: (\d+ (candidates|policies) in|resumed (at|after)) ")  # what is no error
LEFT = (".lock", ".checkpoint", ".segment", ".tail")  # where it cannot be removed, it does no harm
GOOD = ("answer", "status 1", "status 74")

SCENARIO = """title: small
bank: bank.csv
exam: {min_items: 5, max_items: 8, pilot_items: 0}
population: {groups: {urban: {}, rural: {}}}
calendar: {holidays_file: holidays.csv}
engine: {candidates: 600, seed: 3}
"""
SWEEP = """base: small.yaml
axes: {policy.wait_days: [15, 30]}
"""


def make_inputs(folder):
    """In folder/in, which no command changes."""
    inputs = folder / "in"
    inputs.mkdir(parents=True)
    (inputs / "small.yaml").write_text(SCENARIO)
    (inputs / "sweep.yaml").write_text(SWEEP)
    (inputs / "holidays.csv").write_text("date\n2026-12-25\n")
    must("bank", "generate", "--items", 60, "--model", "2pl", "--seed", 7, "-o", inputs / "bank.csv")
    small, sweep = (inputs / "small.yaml", "--threads", 1), (inputs / "sweep.yaml", "--threads", 1)
    must("run", *small, "-o", inputs / "result.h5", env=ENVIRONMENT)
    for k in (1, 2):
        must("run", *small, "--shard", f"{k}/2", "-o", inputs / f"part{k}.h5", "--microdata", env=ENVIRONMENT)
    stopped = {"run": ("run", *small, *MORE), "micro": ("run", *small, *MORE, "--microdata"),
               "sweep": ("sweep", *sweep, *MORE, "--batch", 1)}
    for stem, words in stopped.items():
        leave_checkpoint(inputs / f"{stem}.h5", words)


def leave_checkpoint(out, words):
    """Of a command that is stopped early, but not at its very beginning where the machine lets it."""
    for seconds in ("0.06", "0.03", "0.01", "0.001"):
        done = call(*words, "-o", out, "--max-time", seconds, env=ENVIRONMENT)
        if done.returncode == 75:
            return
        check(done.returncode == 0, f"{words}: {done.returncode} {done.stderr}")
        for path in out.parent.glob(f"{out.stem}.*h5*"):
            path.unlink()
    check(False, f"{words}: cannot be stopped")


def said(path):
    """All that a result says, its provenance included."""
    return must("summary", path, "--json")


class Command:
    """A command whose files go to a folder of its own, OUT.
    goes_on: from what is called so in folder/in."""

    def __init__(self, folder, name, words, goes_on):
        self.name, self.own, inputs = name, folder / name.replace(" ", "-").replace(",", ""), folder / "in"
        self.out, self.tally = self.own / "out", self.own / "tally"
        self.words = [str(word).replace("IN/", f"{inputs}/").replace("OUT/", f"{self.out}/") for word in words]
        self.left = [path for path in inputs.iterdir() if goes_on and path.name.startswith(f"{goes_on}.")]
        self.answer = None

    def prepare(self):
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir(parents=True)
        for path in self.left:
            shutil.copy(path, self.out)

    def files(self):
        return {path.name: path.read_bytes() for path in self.out.iterdir()}

    def run(self, what, at, goes_on=False):
        """(status or "hang", standard output, standard error, files, calls, failures)"""
        self.prepare()
        self.tally.write_bytes(bytes(16))
        environment = {**ENVIRONMENT, "LD_PRELOAD": str(LIBRARY), "FAIL_WHAT": what, "FAIL_AT": str(at),
                       "FAIL_ON": str(int(goes_on)), "FAIL_TALLY": str(self.tally)}
        try:
            done = subprocess.run([PROGRAM, *self.words], capture_output=True, stdin=subprocess.DEVNULL,
                                  env=environment, timeout=LIMIT_S, check=False)
            status, output, errors = done.returncode, done.stdout, done.stderr.decode(errors="replace")
        except subprocess.TimeoutExpired:
            status, output, errors = "hang", b"", ""
        return status, output, errors, self.files(), *struct.unpack("qq", self.tally.read_bytes())

    def count(self, what):
        """The undisturbed command: how many calls there are; None: they cannot be counted here."""
        status, output, errors, files, n_calls, _ = self.run(what, 0)
        if status == SKIPPED or "this build has no charts" in errors:
            return None
        check(status == 0, f"{self.words}: status {status}: {errors}")
        if self.answer is None:
            self.answer = output, files
        check(self.answer == (output, files), f"{self.words}: another answer when run again")
        return n_calls

    def are_same(self, files):
        """Whether these are the files of the answer. HDF5 stores what it has no memory to compress as it is: then
        what a result says is compared."""
        answer = self.answer[1]
        files = {name: content for name, content in files.items() if not name.endswith(LEFT)}
        return files.keys() == answer.keys() and all(
            content == answer[name] or (name.endswith(".h5") and said(self.out / name) == self.said(name))
            for name, content in files.items())

    def said(self, name):
        copy = self.own / "answer.h5"
        copy.write_bytes(self.answer[1][name])
        return said(copy)

    def leads_on(self):
        """Whether what a failure left leads to the answer and to nothing else."""
        done = subprocess.run([PROGRAM, *self.words], capture_output=True, env=ENVIRONMENT, check=False)
        return done.returncode == 0 and self.are_same(self.files())

    def outcome(self, what, at, goes_on=False):
        """(one of GOOD, or what is wrong; what was said)"""
        status, output, errors, files, _, _ = self.run(what, at, goes_on)
        lines = [line for line in errors.split("\n") if line and not PROGRESS.match(line)]
        if status == 0:
            return "answer" if output == self.answer[0] and self.are_same(files) else "WRONG WITH 0", errors
        if status == "hang":
            return "hang", ""
        if status not in (1, 74):
            return f"signal {-status}" if status < 0 else f"status {status}", errors
        if len(lines) != 1 or not errors.endswith("\n"):
            return "lines", errors
        made = {name: content for name, content in files.items() if name in self.answer[1]}
        if not self.are_same({**self.answer[1], **made}):
            return "half an output", errors
        # Where all fails from one call on, removing does too: the next command does it.
        if any(name.endswith(".tmp") for name in files) and not (goes_on and self.leads_on()):
            return "left", errors + " ".join(files)
        if self.left and not self.leads_on():
            return "checkpoint lost", errors
        return f"status {status}", errors


def commands(folder):
    small, sweep, parts = ("IN/small.yaml", "--threads", 1), ("IN/sweep.yaml", "--threads", 1), ("IN/part1.h5", "IN/part2.h5")
    rows = {
        "check": ("check", "IN/small.yaml"),
        "run": ("run", *small, "-o", "OUT/run.h5"),
        "run, printed": ("run", *small),
        "run, 2 threads": ("run", *small[:-1], 2, *MORE, "-o", "OUT/run.h5"),
        "run, resumed": ("run", *small, *MORE, "-o", "OUT/run.h5", "--resume"),
        "run, microdata, resumed": ("run", *small, *MORE, "-o", "OUT/micro.h5", "--microdata", "--resume"),
        "run, microdata": ("run", *small, "-o", "OUT/run.h5", "--microdata"),
        **{f"summary {kind}": ("summary", "IN/result.h5", "--format", kind) for kind in ("text", "md", "csv", "json")},
        "report": ("report", "IN/result.h5", "-o", "OUT/page.html"),
        "trace": ("trace", "IN/small.yaml", "--candidate", 7),
        "trace json": ("trace", "IN/small.yaml", "--candidate", 7, "--json"),
        "merge": ("merge", "-o", "OUT/whole.h5", *parts),
        "merge, microdata": ("merge", "-o", "OUT/whole.h5", "--microdata", *parts),
        "sweep": ("sweep", *sweep, "-o", "OUT/sweep.h5"),
        "sweep, resumed": ("sweep", *sweep, *MORE, "--batch", 1, "-o", "OUT/sweep.h5", "--resume"),
    }
    return [Command(folder, name, words, Path(words[words.index("-o") + 1]).stem if "resumed" in name else None) for name, words in rows.items()]


def spread(n_calls, n_first, n_more):
    """The first ones, and so many evenly over the rest."""
    rest = range(n_first + 1, n_calls + 1)
    return [*range(1, min(n_first, n_calls) + 1), *rest[::max(1, -(-len(rest) // n_more))]]


class Table:
    """Outcomes by command and kind of failure; each that is wrong."""

    def __init__(self):
        self.rows, self.wrong = {}, []

    def fill(self, command, what, n_first, n_more, goes_on=False):
        n_calls = command.count(what)
        if n_calls is None:
            print(f"{command.name}, {what}: not to be had here: left out")
            return
        key = command.name, what + (" on" if goes_on else "")
        row = self.rows[key] = collections.Counter()
        for at in spread(n_calls, n_first, n_more):
            outcome, said_then = command.outcome(what, at, goes_on)
            row[outcome] += 1
            if outcome not in GOOD:
                self.wrong.append((*key, at, outcome, said_then))

    def print(self):
        for (name, what), row in self.rows.items():
            counts = ", ".join(f"{outcome} {n}" for outcome, n in sorted(row.items()))
            print(f"{name:18} {what:10} {sum(row.values()):5} tried: {counts}")
        for name, what, at, outcome, said_then in self.wrong:
            print(f"  {name}, {what} {at}: {outcome}: {said_then!r}"[:400])
