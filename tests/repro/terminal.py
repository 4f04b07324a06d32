"""What is printed fits where it is printed: lines as wide as COLUMNS or the terminal, ASCII where the locale has no UTF-8,
no escapes where none are obeyed; files and pipes keep a row on a line. Help and version by all their names, a file of
another kind, whole numbers as people write them, keys by other names, names that are listed, rates of none or all.
SPDX-License-Identifier: Apache-2.0
"""
import json
import math
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from fcntl import ioctl
from pathlib import Path

from _program import IS_SANITIZED, PROGRAM, ROOT, call, check, must, sets, summary

EMR = ROOT / "configs/emr.yaml"
NORMAL = ROOT / "configs/exact/emr.yaml"
BANK = ROOT / "configs/banks/emr.csv"
SWEEP = "base: {}\ncandidates: 512\naxes:\n  policy.wait_days: [15, 40]\n  policy.max_cycles: [1, 3]\n".format(EMR)
TARGETS = "statistic,value,n\ncumulative_pass_rate[attempt=1],0.69,465\ncumulative_pass_rate[attempt=3],0.81,465\n"
NARROW = (41, 80) if not IS_SANITIZED else (57,)


def environment(**own):
    kept = {name: value for name, value in os.environ.items()
            if name not in ("COLUMNS", "LANG", "LC_CTYPE", "LC_ALL", "NO_COLOR", "TERM")}
    return {**kept, "LC_ALL": "C.UTF-8", "TERM": "xterm", **own}


def make(folder):
    (folder / "sweep.yaml").write_text(SWEEP)
    (folder / "targets.csv").write_text(TARGETS)
    must("run", EMR, "--candidates", 3000, "-o", folder / "run.h5")
    must("sweep", folder / "sweep.yaml", "-o", folder / "sweep.h5")


def commands(folder):
    solve = ("solve", NORMAL, "--free", "exam.cut_theta=-1:1", "--target", "cumulative_pass_rate[attempt=2]=0.7")
    fit = ("calibrate", NORMAL, "--targets", folder / "targets.csv", "--free", "population.groups.all.theta_mean=0:3",
           "--candidates", 2000, "-o", folder / "fit.yaml")
    return [("summary", folder / "run.h5"), ("summary", folder / "sweep.h5"), ("check", EMR), ("bank", "info", BANK),
            ("trace", EMR, "--candidate", 18), ("bank", "adequacy", EMR, "--candidates", 256), solve, fit]


def unpadded(text):
    """Cells alone: blanks, ends of lines, bars and the heads that are repeated are of no account."""
    return sorted(re.findall(r"\d[\d,.]*", text))


def check_widths(folder):
    for words in commands(folder):
        free = must(*words, env=environment())
        for columns in NARROW:
            text = must(*words, env=environment(COLUMNS=str(columns)))
            long = [line for line in text.splitlines() if len(line) > columns and " " in line.strip()]
            check(not long, f"{words[0]} in {columns} columns: {long[:3]}")
            check(not any(line != line.rstrip() for line in text.splitlines()), f"{words[0]}: blanks at an end")
            lost = set(unpadded(free)) - set(unpadded(text))
            check(not lost, f"{words[0]} in {columns} columns lacks {sorted(lost)[:9]}")
        ascii_text = must(*words, env=environment(LC_ALL="C"))
        check(ascii_text.isascii(), f"{words[0]}: {[c for c in ascii_text if not c.isascii()][:5]}")
    free = must("summary", folder / "run.h5", env=environment())
    for columns in ("", "many", "-3", "0"):
        check(free == must("summary", folder / "run.h5", env=environment(COLUMNS=columns)), f"COLUMNS={columns} is none")
    rows = [line for line in free.splitlines() if line[:10] == " " * 8 + "1 "]
    check(len(rows) >= 3 and len(rows[0].split()) == 15, f"a pipe keeps a row on a line: {rows}")
    for own in ({"LC_ALL": "", "LANG": "de_DE.utf8"}, {"LC_ALL": "en_GB.UTF-8"}, {"LC_ALL": "", "LC_CTYPE": "UTF-8"}):
        check("±" in must("summary", folder / "run.h5", env=environment(**own)), f"{own} has UTF-8")
    for own in ({"LC_ALL": ""}, {"LC_ALL": "POSIX", "LANG": "C.UTF-8"}, {"LC_ALL": "de_DE.ISO-8859-1"}):
        check("+-" in must("summary", folder / "run.h5", env=environment(**own)), f"{own} has no UTF-8")
    check("±" in must("summary", folder / "run.h5", "--format", "md", env=environment(LC_ALL="C")), "Markdown is UTF-8")


def on_terminal(columns, *words, **own):
    """What a terminal of so many columns gets, standard error too."""
    leader, follower = pty.openpty()
    ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen([PROGRAM, *map(str, words)], stdin=follower, stdout=follower, stderr=follower,
                             env=environment(**own))
    os.close(follower)
    read = b""
    while True:
        try:
            more = os.read(leader, 65536)
        except OSError:
            break
        if not more:
            break
        read += more
    os.close(leader)
    check(child.wait() == 0, f"{words}: {read!r}")
    return read.decode()


def check_terminal(folder):
    text = on_terminal(66, "summary", folder / "run.h5").replace("\r\n", "\n")
    check(text == must("summary", folder / "run.h5", env=environment(COLUMNS="66")), "a terminal is as wide as it says")
    solve = commands(folder)[6]
    drawn = on_terminal(70, *solve)
    check("\033[K" in drawn, f"nothing is drawn over: {drawn!r}")
    check(all(len(re.sub(r"\033\[K", "", part)) <= 70 for part in re.split("[\r\n]", drawn)), f"a line is broken: {drawn!r}")
    for own in ({"TERM": "dumb"}, {"NO_COLOR": "1"}, {"TERM": ""}):
        plain = on_terminal(70, *solve, **own)
        check("\033" not in plain and "at " in plain, f"{own}: {plain!r}")
    check(on_terminal(70, *solve, LC_ALL="C").isascii(), "a search in ASCII")


def check_names(folder):
    check(must("help", "run") == must("run", "--help") and must("help", "bank", "info") == must("bank", "info", "--help"),
          "help of a command")
    check(must("help") == must("--help") == must("-h"), "help alone")
    listed = [line.split("\t")[0] for line in must("--commands").splitlines()]
    verbs = re.findall(r"retake bank (\w+) ", must("bank", "--help").split("\n\n")[0])
    check(len(listed) > 10 and len(verbs) > 4, f"{listed} {verbs}")
    for words in [("help",), ("version",), ("params",), *(("help", name) for name in listed), *(("help", "bank", verb) for verb in verbs)]:
        for columns in (53, 80):
            text = must(*words, env=environment(COLUMNS=str(columns)))
            check(max(map(len, text.splitlines())) <= columns, f"{words} in {columns} columns: {text}")
            check(text.split() == must(*words).split(), f"{words} in {columns} columns has other words: {text}")
    check(must("-V") == must("version") == must("--version"), "version")
    done = call("help", "sumary")
    check(done.returncode == 2 and "did you mean 'summary'" in done.stderr, done.stderr)


def check_dry_runs(folder):
    """Each value of the first policies is seen, beside the policy's number; the rows that are left are counted."""
    values = {"leave.after_fail": [0.123456789012, 0.234567890123], "policy.refresher.p_completed": [0.345678901234, 0.456789012345],
              "population.groups.all.theta_mean": [0.567890123456, 0.678901234567, 0.789012345678]}
    (folder / "wide.yaml").write_text(f"base: {NORMAL}\ncandidates: 256\naxes:\n" + "".join(f"  {key}: {of}\n" for key, of in values.items()))
    for columns in (48, 80, None):
        text = must("sweep", folder / "wide.yaml", "--dry-run", env=environment(**({"COLUMNS": str(columns)} if columns else {})))
        check(all(len(line) <= (columns or 999) for line in text.splitlines()), f"a dry run in {columns} columns: {text}")
        rows = re.findall(r"^ *(\d+) +(0\..*)$", text, re.M)
        found = {k: [x for number, cells in rows if int(number) == k for x in map(float, cells.split())] for k in range(1, 11)}
        wanted = [[a, b, c] for a in values["leave.after_fail"] for b in values["policy.refresher.p_completed"]
                  for c in values["population.groups.all.theta_mean"]]
        check(list(found.values()) == wanted[:10], f"{found}, not {wanted[:10]}")
        check("... and 2 more" in text and all(key in text for key in values), text)
    cut = sets(("validate.cut_step=100", "validate.score_step=100", "validate.sittings=10"))
    text = must("validate", EMR, "--dry-run", "--candidates", 256, *cut, env=environment(COLUMNS="50"))
    check(max(map(len, text.splitlines())) <= 50, text)


def check_kinds(folder):
    sweep, run = folder / "sweep.yaml", folder / "run.h5"
    bare = folder / "flat.yaml"
    bare.write_text("title: t\npolicy.wait_days: 20\n")
    for words, what in [
            (("run", sweep), "a sweep, not a scenario; retake sweep runs it"),
            (("check", sweep), "a sweep, not a scenario; retake sweep runs it"),
            (("validate", sweep, "-o", folder / "x.h5"), "a sweep, not a scenario"),
            (("trace", sweep, "--candidate", 1), "a sweep, not a scenario"),
            (("run", run), "an HDF5 file, not a scenario; retake summary shows a result"),
            (("sweep", EMR), "a scenario, not a sweep; retake run runs it"),
            (("sweep", bare), "a scenario, not a sweep"),
            (("sweep", run), "an HDF5 file, not a sweep"),
            (("summary", EMR), "a scenario, not a result"),
            (("summary", sweep), "a sweep, not a result; retake sweep runs it"),
            (("report", sweep, "-o", folder / "x.html"), "a sweep, not a result"),
            (("merge", "-o", folder / "x.h5", EMR), "a scenario, not a result"),
            *((("bank", verb, path, *more), f"{what}, not a bank") for verb, more in (("info", ()), ("check", ()), ("convert", ("-o", folder / "x.csv")))
              for path, what in ((sweep, "a sweep"), (EMR, "a scenario"), (run, "an HDF5 file")))]:
        done = call(*words)
        check(done.returncode == 65 and what in done.stderr and done.stderr.count("\n") == 1, f"{words}: {done.stderr}")
    done = call("summary", BANK)
    check(done.returncode == 65 and "not an HDF5 file" in done.stderr, done.stderr)
    done = call("run", EMR, "--set", "policy.wait_dais=3")
    check("did you mean 'policy.wait_days'" in done.stderr, f"a scenario keeps its own message: {done.stderr}")


def check_numbers(folder):
    digests = set()
    for k, text in enumerate(("1200", "1.2e3", "1_200", "12e2", "1200.0")):
        must("run", NORMAL, "--set", "engine.sessions=simulate", "--candidates", text, "-o", folder / f"n{k}.h5")
        digests.add(summary(folder / f"n{k}.h5")["attributes"]["statistics_digest"])
    check(len(digests) == 1, f"{digests}")
    for text in ("1.5", "12e-1", "1__0", "_1", "1_", "0x10", "1e30", "-3", "nan", ""):
        done = call("run", NORMAL, "--candidates", text)
        check(done.returncode == 2 and "a whole number from 1" in done.stderr, f"{text}: {done.stderr}")
    check(call("check", NORMAL, "--set", "engine.candidates=2_000_000").returncode == 0, "a key with gaps")


def check_hints(folder):
    for key, meant in {"exam.content.domains.scene.share": "exam.content.domains.scene.target", "policy.wait": "policy.wait_days",
                       "exam.content.domains.scene.max": "exam.content.domains.scene.max_items", "exam.min": "exam.min_items",
                       "attempts": "policy.attempts_per_cycle", "exam.pass_mark": "exam.cut_theta", "n": "engine.candidates",
                       "exam.scale.cut_score": "exam.scale.cut", "seed": "engine.seed",
                       "population.groups.all.share": "population.groups.all.weight"}.items():
        done = call("check", EMR, "--set", f"{key}=3")
        check(done.returncode == 65 and f"did you mean '{meant}'" in done.stderr, f"{key}: {done.stderr}")
    for words, names in [
            (("summary", folder / "sweep.h5", "--format", "table", "--stat", "zzz"), ("cumulative_pass_rate", "n_attempted")),
            (("summary", folder / "sweep.h5", "--format", "table", "--stat", "pass_rate[attempt=1,group=zzz]"), ("all",)),
            (("summary", folder / "sweep.h5", "--format", "table", "--sort", "zzz"), ("policy.max_cycles", "failed"))]:
        done = call(*words)
        check(done.returncode == 65 and "there are " in done.stderr and all(name in done.stderr for name in names), done.stderr)
    (folder / "bank.csv").write_text("id,b,zzz\nA,0,1\nB,1,2\n")
    done = call("bank", "check", folder / "bank.csv")
    check(done.returncode == 65 and "there are id, model, a, b" in done.stderr, done.stderr)
    (folder / "wrong.csv").write_text("statistic,value,zzz\npass_rate[attempt=1],0.7,3\n")
    done = call("calibrate", NORMAL, "--targets", folder / "wrong.csv", "--free", "exam.sem=0.1:1", "-o", folder / "x.yaml")
    check(done.returncode == 65 and "there are statistic, value" in done.stderr, done.stderr)


def limits(k, n, level=0.95):
    """Clopper and Pearson from the binomial sum itself: the p at which the tail is half of what is left."""
    def tail(p, upper):
        terms, term = [], (1 - p) ** n
        for i in range(n + 1):
            terms.append(term)
            term *= (n - i) / (i + 1) * p / (1 - p)
        return sum(terms[k:]) if upper else sum(terms[:k + 1])

    def root(upper):
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if (tail(middle, upper) < (1 - level) / 2) == upper else (low, middle)
        return low
    return (root(True) if k else 0.0), (root(False) if k < n else 1.0)


def check_intervals(folder):
    """0 of 7 is not 0 +- 0. The limits are those of the binomial; where there is an error it is what is shown."""
    must("run", EMR, "--candidates", 300, "--seed", 5, "-o", folder / "few.h5")
    few, n_seen = summary(folder / "few.h5"), 0
    limit = few["intervals"]
    for rows in zip(few["n_pass_theta"], few["n_theta"], limit["pass_rate_theta"]["low"], limit["pass_rate_theta"]["high"]):
        for k, n, a, b in zip(*rows):
            if n > 0 and k in (0, n):
                expected = limits(k, n)
                check(abs(a - expected[0]) < 1e-9 and abs(b - expected[1]) < 1e-9, f"{k} of {n}: {a} {b}, not {expected}")
                n_seen += 1
    check(n_seen > 10, f"only {n_seen} cells of none or all")
    check(limit["pass_rate"]["low"][0][0] < few["pass_rate"][0][0] < limit["pass_rate"]["high"][0][0], "a rate within")
    text = must("summary", folder / "few.h5")
    check(" 0.00 ± 0.00" not in text and "100.00 ± 0.00" not in text and re.search(r"0\.00 to \d", text), text)
    must("validate", EMR, "-o", folder / "cut.h5", "--candidates", 256,
         *sets(("validate.sittings=20", "validate.panel_se=0", "validate.cut_step=50", "validate.score_step=100")))
    cut, n_seen = summary(folder / "cut.h5"), 0
    limit = cut["intervals"]["false_pass_rate"]
    for k, of_cut in enumerate(cut["n_not_competent"]):
        for j, of_threshold in enumerate(of_cut):
            if cut["false_pass_rate"][k][j][0] == 0:
                expected = limits(0, of_threshold[0])[1]
                check(abs(limit["high"][k][j][0] - expected) < 1e-9, f"cut {k}, {j}: {limit['high'][k][j][0]}, not {expected}")
                n_seen += 1
    text = must("summary", folder / "cut.h5")
    check(n_seen > 0 and f"0.00 to {100 * limits(0, 20)[1]:.2f}" in text and " 0.00 ± 0.00" not in text, text)
    exact = must("run", NORMAL)
    check("± 0.00" in exact and not re.search(r"\d to \d+\.\d\d ", exact.split("Attempts used")[0].split("By attempt")[-1]), exact)


def check_solve():
    """What is computed has no error; a share of none of those simulated has the limits of the binomial."""
    cut = ("--free", "exam.cut_theta=-1:1.5", "--target")
    text = must("solve", NORMAL, *cut, "false_pass_rate[attempt=2]=0.3")
    check("±" not in text and re.search(r"^  reached: 0\.300000 \(exact\)$", text, re.M) and re.search(r"= -?\d\.\d+  \(exact\)$", text, re.M), text)
    done = call("solve", NORMAL, *sets(("engine.sessions=simulate", "leave.after_fail=0", "gates.verification.probability=1")),
                "--free", "exam.cut_theta=-2:8", "--target", "cumulative_pass_rate[attempt=1]=0.4", "--candidates", 320, "--json")
    check(done.returncode == 0 and "0.000000 ± " not in done.stdout + done.stderr, done.stdout + done.stderr)
    none = [at for at in json.loads(done.stdout)["scan"] if at["value"] == 0]
    check(none and all(at["low"] == 0 and 0.001 < at["high"] < 0.05 for at in none), f"{none}")
    n = math.log(0.025) / math.log1p(-none[0]["high"])  # (1 - high)^n = 2.5 %
    check(abs(n - round(n)) < 1e-6 and f"at {none[0]['x']:.10g}: 0.000000, from 0.000000 to {none[0]['high']:.6f}" in done.stderr, f"{n} {done.stderr}")


def check_counts(folder):
    """One is one."""
    must("run", EMR, "--candidates", 1, "-o", folder / "one.h5")
    texts = [must("summary", folder / "one.h5"), call("run", EMR, "--candidates", 1, "-o", folder / "x.h5").stderr]
    (folder / "items.csv").write_text("id,a,b\nA,1,0\nB,-1,0\n")
    texts.append(call("bank", "check", folder / "items.csv", "--drop", "-o", folder / "one.csv").stdout)
    texts += [call("bank", "info", folder / "one.csv").stdout, call("check", EMR, "--set", f"bank={folder / 'one.csv'}").stderr]
    (folder / "lone.yaml").write_text(f"base: {NORMAL}\ncandidates: 256\naxes: {{policy.wait_days: [15]}}\n")
    texts += [must("sweep", folder / "lone.yaml", "--dry-run"), must("sweep", folder / "lone.yaml")]
    texts.append(must("check", EMR, *sets(("policy.attempts_per_cycle=1", "policy.max_cycles=1", "engine.candidates=1"))))
    for text in texts:
        wrong = re.search(r"(?<![\d.,])1 (?:scored |pilot )?(?:candidate|polic|item|attempt|error|doubt|pilot|domain|sitting|value|parameter|iteration|day)(?:s|ies)\b.*", text)
        check(not wrong, f"{wrong and wrong[0]} in {text}")
    check("all: 1 candidate " in texts[0] and "1 item, without 1 that has errors" in texts[2] and "only 1 scored item\n" in texts[4], texts)


def main():
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        steps = (check_widths, check_terminal, check_names, check_dry_runs, check_kinds, check_numbers, check_hints, check_intervals,
                 check_counts)
        for step in steps[:2] if IS_SANITIZED else steps:  # of the others the release alone is asked
            step(Path(folder))
    if not IS_SANITIZED:
        check_solve()
    print("widths, terminals, names, dry runs, kinds, numbers, hints, intervals, counts, solve")
    return 0


if __name__ == "__main__":
    sys.exit(main())
