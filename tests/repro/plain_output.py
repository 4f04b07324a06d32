"""What is printed is plain. A scenario, a bank and results whose title, names and ids hold escape sequences, controls
of both sets, bidirectional controls, forged tables and formulas; everything that a command prints of them, on either
stream, moves no cursor, turns no direction and forges no line. SPDX-License-Identifier: Apache-2.0
"""
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from _program import PROGRAM, ROOT, check

TITLE = r"red \e[31mESC\e[0m \e]0;pwned\a \x9b31m bell\a \u202Egnp.exe\n━━ forged ━━ </script><img src=x onerror=alert(1)> | `x`"
IDS = ['=HYPERLINK("http://evil","x")', "@SUM(1)", "+1", "</script><img src=x onerror=alert(1)>", "a\nb", "x\x1b[31mred\x1b[0m\a", "\u202eright\u200f"]
# C0 but the end of a line, DEL, C1, separators, what turns the direction of writing, byte order mark
BAD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def prints(words, status=0, folder=None):
    """What a command prints on both streams; every byte of it is looked at."""
    done = subprocess.run([PROGRAM, *words], capture_output=True, cwd=folder, timeout=120)
    what = b" ".join(w if isinstance(w, bytes) else str(w).encode() for w in words)
    check(done.returncode == status, f"{what}: status {done.returncode}, not {status}: {done.stderr}")
    texts = [stream.decode("utf-8") for stream in (done.stdout, done.stderr)]  # fails where it is not UTF-8
    for text in texts:
        found = BAD.search(text)
        check(not found, f"{what}: prints {found and found.group()!r}: {text[max(0, found.start() - 40) if found else 0:][:80]!r}")
    return texts[0], texts[1]


def make_inputs(folder):
    rows = io.StringIO()
    table = csv.writer(rows, lineterminator="\n")
    table.writerow(["id", "model", "a", "b", "domain"])
    for k, name in enumerate(IDS):
        table.writerow([name, "2pl", 1, round(-1 + 0.3 * k, 2), "@d" if k % 2 else "=d"])
    (folder / "bank.csv").write_text(rows.getvalue(), encoding="utf-8")
    head = f'title: "{TITLE}"\n'
    (folder / "cat.yaml").write_text(head + "bank: bank.csv\nexam: {min_items: 2, max_items: 3, pilot_items: 0}\n", encoding="utf-8")
    (folder / "form.yaml").write_text(head + "exam: {form: normal}\n", encoding="utf-8")
    (folder / "sweep.yaml").write_text(f'base: form.yaml\ntitle: "{TITLE}"\naxes: {{title: ["{TITLE}", b]}}\n', encoding="utf-8")
    answers = io.StringIO()
    table = csv.writer(answers, lineterminator="\n", quoting=csv.QUOTE_ALL)
    table.writerow(["examinee", *IDS])
    for name in ("=1+1", "-2+3", "n\x1b[5m\u202e", "@a\rb"):
        table.writerow([name, *[k % 2 for k in range(len(IDS))]])
    (folder / "answers.csv").write_text(answers.getvalue(), encoding="utf-8", newline="")


def check_texts(folder):
    few = ("--candidates", "300", "--threads", "1")
    for name in ("cat", "form"):
        out, _ = prints(["check", f"{name}.yaml"], folder=folder)
        check("red ?[31mESC?[0m ?]0;pwned? ?31m bell? ?gnp.exe?━━ forged" in out, f"check: {out}")
        for more in ((), ("--json",)):
            prints(["trace", f"{name}.yaml", "--candidate", "3", *more], folder=folder)
        prints(["run", f"{name}.yaml", *few, "-o", f"{name}.h5"], folder=folder)
        text, _ = prints(["summary", f"{name}.h5"], folder=folder)
        check(not any(line.startswith("━━ forged") for line in text.splitlines()), f"summary: a forged heading: {text}")
        marked, _ = prints(["summary", f"{name}.h5", "--format", "md"], folder=folder)
        check(r"\</script>\<img" in marked and r"\| \`x\`" in marked, f"summary: Markdown that does something: {marked[:300]}")
        whole = json.loads(prints(["summary", f"{name}.h5", "--json"], folder=folder)[0])
        check(whole["attributes"]["title"].startswith("red \x1b[31mESC\x1b[0m \x1b]0;pwned\a \x9b31m bell\a \u202egnp.exe\n━━"),
              f"summary --json does not hold the same title: {whole['attributes']['title']!r}")
        lines = list(csv.reader(io.StringIO(prints(["summary", f"{name}.h5", "--format", "csv"], folder=folder)[0])))
        check(all(len(line) == 3 and line[0][:1] not in "=+-@" for line in lines), "summary --format csv: broken")
    prints(["bank", "info", "bank.csv"], folder=folder)
    prints(["bank", "check", "bank.csv"], folder=folder)
    prints(["bank", "adequacy", "cat.yaml", "--candidates", "300"], folder=folder)
    prints(["sweep", "sweep.yaml", "--dry-run"], folder=folder)
    prints(["sweep", "sweep.yaml", *few, "-o", "sweep.h5"], folder=folder)
    prints(["summary", "sweep.h5"], folder=folder)
    prints(["run", "form.yaml", *few, "--shard", "1/2", "-o", "part\x1b[31m.h5"], folder=folder)
    prints(["merge", "--missing", "part\x1b[31m.h5"], 75, folder=folder)
    (folder / "part\u202e\n.h5").write_bytes(b"\x1b[2J")
    prints(["merge", "--missing", "part\u202e\n.h5"], 65, folder=folder)


def check_messages(folder):
    bad = "x\x1b[31m\u202e\n"
    for words, status in (
            ([bad], 2), (["run", bad], 65), (["params", bad], 2), (["bank", bad], 2), (["run", "--" + bad], 2),
            (["run", "form.yaml", "--set", f"policy.{bad}=1"], 65), (["run", "form.yaml", "--candidates", bad], 2),
            (["report", "form.h5", "-o", f"no/{bad}.html"], None), (["summary", bad], 65), ([b"\x9b31m\xff"], 2),
            (["check", b"\x9b31m\xff.yaml"], 65)):
        done = subprocess.run([PROGRAM, *words], capture_output=True, cwd=folder, timeout=120)
        _, message = prints(words, done.returncode, folder)
        check(message.count("\n") == 1 and status in (None, done.returncode), f"{words}: {done.returncode}, {message!r}")
    out, err = prints(["report", "form.h5", "-o", f"{bad}.html"], 1 if not has_charts() else 0, folder)
    check(err.count("\n") == 1, f"report: {err!r}")


def has_charts():
    return os.path.exists(ROOT / "build/npm/node_modules/echarts/dist/echarts.min.js")


def check_csv(folder):
    """Formulas are quoted where a spreadsheet may open the file; retake reads them as they were."""
    def ids(path, column=0):
        return [row[column] for row in csv.reader(open(folder / path, encoding="utf-8", newline=""))][1:]

    prints(["bank", "convert", "bank.csv"], folder=folder)
    prints(["bank", "convert", "bank.csv", "-o", "plain.csv"], folder=folder)
    quoted = [("'" if i[0] in "=+-@\t\r" else "") + i for i in IDS]
    check(ids("plain.csv") == quoted, f"bank convert: {ids('plain.csv')}")
    prints(["bank", "convert", "plain.csv", "-o", "again.csv"], folder=folder)
    check((folder / "plain.csv").read_bytes() == (folder / "again.csv").read_bytes(), "bank convert: not the same bank when read again")
    prints(["replay", "cat.yaml", "--responses", "answers.csv"], folder=folder)
    prints(["replay", "cat.yaml", "--responses", "answers.csv", "-o", "steps.csv"], folder=folder)
    check({*ids("steps.csv")} - {""} == {"'=1+1", "'-2+3", "n\x1b[5m\u202e", "'@a\rb"}, f"replay: {ids('steps.csv')}")
    check({*ids("steps.csv", 2)} <= {*quoted}, f"replay: items {ids('steps.csv', 2)}")
    prints(["replay", "cat.yaml", "--bank", "plain.csv", "--responses", "answers.csv", "-o", "other.csv"], folder=folder)
    check((folder / "steps.csv").read_bytes() == (folder / "other.csv").read_bytes(), "replay: other steps on the converted bank")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_inputs(folder)
        check_texts(folder)
        check_messages(folder)
        check_csv(folder)


if __name__ == "__main__":
    sys.exit(main())
