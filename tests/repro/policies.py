"""retake summary --format table: a row for each policy, which csv, R's read.csv and pandas (where it is there) open as it is.
Each number is that of --json; failed policies say why; sorting; Markdown; the columns' own table; a run is one row.
SPDX-License-Identifier: Apache-2.0
"""
import csv
import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _program import ROOT, call, check, must, summary

SWEEP = f"""base: {ROOT / "configs/emr.yaml"}
candidates: 700
axes:
  policy.attempts_per_cycle: [2, 5]
  policy.wait_days: [10, 21.5, [30, 60]]
  exam.estimate.rule: [map, eap]
"""
STATS = ("cumulative_pass_rate[attempt=4]", "cumulative_pass_rate_difference[attempt=4,group=all]", "n_lapsed",
         "n_failed_all/n_attempted[attempt=1]", "cost_per_candidate", "n_passed[attempt=2]", "false_pass_rate_base[attempt=1]")


def table(*words):
    rows = list(csv.DictReader(io.StringIO(must("summary", *words, "--format", "table"))))
    check(rows and all(None not in row and None not in row.values() for row in rows), f"{words}: cells that no column has")
    return rows


def number(cell):
    return float(cell) if cell else None


def stats(*names):
    return [word for name in names for word in ("--stat", name)]


def check_numbers(path):
    rows, data = table(path, *stats(*STATS)), summary(path)
    check([row["policy"] for row in rows] == [str(n) for n in data["scenario"]], "policies in order")
    names = ["policy", "policy.attempts_per_cycle", "policy.wait_days", "exam.estimate.rule", STATS[0],
             "cumulative_pass_rate_mcse[attempt=4]", STATS[1], "cumulative_pass_rate_difference_mcse[attempt=4,group=all]", STATS[2],
             STATS[3], f"mcse({STATS[3]})", STATS[4], "cost_per_candidate_mcse", STATS[5], STATS[6], "false_pass_rate_base_mcse[attempt=1]",
             "failed"]
    check(list(rows[0]) == names, f"columns: {list(rows[0])}")
    for k, row in enumerate(rows):
        ratio = data["n_failed_all"][k][0] / data["n_attempted"][k][0][0]
        expected = {STATS[0]: data["cumulative_pass_rate"][k][0][3], names[5]: data["cumulative_pass_rate_mcse"][k][0][3],
                    STATS[1]: data["cumulative_pass_rate_difference"][k][0][3],
                    names[7]: data["cumulative_pass_rate_difference_mcse"][k][0][3], STATS[2]: data["n_lapsed"][k][0],
                    STATS[3]: ratio, STATS[4]: data["cost_per_candidate"][k][0], STATS[5]: data["n_passed"][k][0][1],
                    STATS[6]: data["false_pass_rate_base"][0][0]}
        for name, value in expected.items():
            check(number(row[name]) == value, f"policy {k + 1}: {name}: {row[name]}, not {value}")
        error = (ratio * (1 - ratio) / data["n_attempted"][k][0][0]) ** 0.5
        check(abs(number(row[names[10]]) - error) < 1e-12, "the error of a ratio of counts")
        check(row["exam.estimate.rule"] == data["exam.estimate.rule"][k] and row["failed"] == "", "axes and none failed")
    default = table(path)
    last = data["attempt"][-1]
    check(f"cumulative_pass_rate_difference[attempt={last}]" in default[0] and "days_to_certification_mean" in default[0], "default")


def check_order(path):
    name = STATS[0]
    for sign in ("", "-"):
        values = [number(row[name]) for row in table(path, *stats(name), "--sort", sign + name)]
        check(values == sorted(values, reverse=bool(sign)), f"by {sign}{name}: {values}")
    words = [row["exam.estimate.rule"] for row in table(path, "--sort", "exam.estimate.rule")]
    check(words == sorted(words), f"by a word: {words}")
    numbers = [row["policy"] for row in table(path, "--sort", "exam.estimate.rule") if row["exam.estimate.rule"] == "eap"]
    check(numbers == sorted(numbers, key=int), "ties stay in order")


def check_forms(path, folder):
    text = must("summary", path, "--format", "table-md", *stats(*STATS))
    lines = [line for line in text.splitlines() if line.startswith("|")]
    check(len(lines) == 2 + 12 and len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1, text)
    check("cost_per_candidate [USD]" in lines[0] and " ± " in lines[2], text)
    columns = list(csv.DictReader(io.StringIO(must("summary", path, "--format", "table-columns", *stats(*STATS)))))
    check([row["column"] for row in columns] == list(table(path, *stats(*STATS))[0]), "a row for each column")
    units = {row["column"]: row["unit"] for row in columns}
    check(units["policy.wait_days"] == "day" and units["cost_per_candidate"] == "USD" and units[STATS[0]] == "1", f"{units}")
    must("summary", path, "--format", "table", "-o", folder / "t.csv")
    check((folder / "t.csv").read_text() == must("summary", path, "--format", "table"), "-o is what is printed")


def check_failed(folder):
    """Two of four cannot be run: the least number of items is above the greatest."""
    (folder / "failing.yaml").write_text(f"base: {ROOT / 'configs/emr.yaml'}\ncandidates: 300\n"
                                         "axes:\n  exam.max_items: [80, 50]\n  policy.wait_days: [9, 30]\n")
    call("sweep", folder / "failing.yaml", "-o", folder / "failing.h5")
    rows = table(folder / "failing.h5", "--sort", "-pass_rate[attempt=1]")
    check([bool(row["failed"]) for row in rows] == [False, False, True, True], f"failed come last: {rows}")
    for row in rows:
        given = [bool(row[name]) for name in row if "rate" in name or "cost" in name]
        check(not any(given) if row["failed"] else all(given), f"{row}")
        check(row["exam.max_items"] in ("80", "50"), "axes of a policy that failed")


def check_others(folder):
    must("run", ROOT / "configs/exact/emr.yaml", "-o", folder / "run.h5")
    rows, data = table(folder / "run.h5", *stats("pass_rate[attempt=2]")), summary(folder / "run.h5")
    check(len(rows) == 1 and rows[0]["policy"] == "1" and number(rows[0]["pass_rate[attempt=2]"]) == data["pass_rate"][0][1], f"{rows}")
    for words, status, said in [(("--stat", "pass_rate[attempt=2]"), 2, "is for --format table"),
                                (("--format", "table", "--stat", "pass_rate"), 65, "which attempt"),
                                (("--format", "table", "--stat", "pass_rate[attempt=99]"), 65, "they are 1 to"),
                                (("--format", "tabel"), 2, "is not one of text, md")]:
        done = call("summary", folder / "run.h5", *words)
        check(done.returncode == status and said in done.stderr and not done.stdout, f"{words}: {done.returncode} {done.stderr}")


READERS = {"Rscript": ['a <- read.csv("t.csv"); stopifnot(nrow(a) == 12, is.numeric(a$pass_rate.attempt.1.), is.numeric(a$policy))'],
           sys.executable: ["import pandas; a = pandas.read_csv('t.csv'); assert len(a) == 12 and a['pass_rate[attempt=1]'].dtype == float"]}


def check_readers(folder):
    for program, (code,) in READERS.items():
        if not shutil.which(program):
            continue
        done = subprocess.run([program, "-e" if program == "Rscript" else "-c", code], cwd=folder, capture_output=True, text=True, check=False)
        check(done.returncode == 0 or "No module named 'pandas'" in done.stderr, f"{program}: {done.stderr}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sweep.yaml").write_text(SWEEP)
        must("sweep", folder / "sweep.yaml", "-o", folder / "sweep.h5")
        check_numbers(folder / "sweep.h5")
        check_order(folder / "sweep.h5")
        check_forms(folder / "sweep.h5", folder)
        check_failed(folder)
        check_others(folder)
        check_readers(folder)
    print("numbers, order, forms, failed policies, runs, readers")
    return 0


if __name__ == "__main__":
    sys.exit(main())
