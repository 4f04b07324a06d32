"""Every command as its user sees it: help, wrong options (2), bad input (65), places that cannot be
written (74); what stands under the name of a result before and after. SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _program import IS_SANITIZED, PROGRAM, ROOT, call, check, must

EMR, BANK = ROOT / "configs/emr.yaml", ROOT / "configs/banks/emr.csv"
COMMANDS = ("run", "replay", "summary", "trace", "check", "calibrate", "params", "bank")
QUICK = ("--candidates", 500, "--set", "exam.form=normal")

# words, what standard error says
USAGE_ERRORS = [
    (["rnu"], "unknown command 'rnu'; did you mean 'run'?"),
    (["--bogus"], "unknown command '--bogus'"),
    (["run"], "exactly one scenario is needed"),
    (["run", "a.yaml", "b.yaml"], "exactly one scenario is needed"),
    (["run", EMR, "--ouput", "x"], "unknown option --ouput; did you mean --output?"),
    (["run", EMR, "-xo", "y"], "unknown option -x;"),
    (["run", EMR, "-o"], "an argument is missing after -o"),
    (["run", EMR, "--candidates", "0"], "--candidates 0: a whole number from 1"),
    (["run", EMR, "--candidates", "1.5e0"], "--candidates 1.5e0: a whole number from 1"),
    (["run", EMR, "--seed", "-1"], "--seed -1: a whole number from 0"),
    (["run", EMR, "--seed", "99999999999999999999"], "a whole number from 0"),
    (["run", EMR, "--threads", "0"], "--threads 0: a whole number from 1"),
    (["run", EMR, "--set", "policy.wait_days"], "--set policy.wait_days: expected KEY=VALUE"),
    (["replay"], "exactly one scenario is needed"),
    (["replay", EMR], "--responses is needed"),
    (["replay", EMR, "--respnses", "x"], "unknown option --respnses; did you mean --responses?"),
    (["replay", EMR, "--responses", "x", "--missing", "skip"], "--missing skip: error or unavailable"),
    (["check"], "exactly one scenario is needed"),
    (["check", EMR, "--st=a"], "unknown option --st=a; did you mean --set?"),
    (["summary"], "exactly one result is needed"),
    (["summary", "x.h5", "--jsn"], "unknown option --jsn; did you mean --json?"),
    (["summary", "x.h5", "--json=3"], "--json=3: no argument is taken"),
    (["params", "policy.wait_day"], "unknown key 'policy.wait_day'; did you mean 'policy.wait_days'?"),
    (["params", "a", "b"], "one key at most"),
    (["params", "--bogus"], "unknown option --bogus"),
    (["bank"], "info, adequacy, check, convert, exposure or generate is needed"),
    (["bank", "info"], "exactly one bank is needed"),
    (["bank", "adequacy"], "exactly one scenario is needed"),
    (["bank", "adequacy", EMR, "--vlume", "3"], "unknown option --vlume; did you mean --volume?"),
    (["bank", "adequacy", EMR, "--candidates", "0"], "--candidates 0: a whole number from 1"),
    (["bank", "generate"], "-o BANK.csv is needed"),
    (["bank", "generate", "-o", "x", "--model", "5pl"], "--model 5pl: rasch, 2pl or 3pl"),
    (["bank", "generate", "-o", "x", "--items", "0"], "--items 0: a whole number from 1"),
    (["bank", "generate", "-o", "x", "--b-sd", "nan"], "--b-sd nan: a number from 0"),
    (["bank", "generate", "-o", "x", "--domains", "a"], "--domains needs NAME=WEIGHT"),
    (["bank", "info", BANK, "--ct=1"], "unknown option --ct=1; did you mean --cut?"),
]

# name, YAML, what the one line says after "retake: s.yaml:"
BAD_SCENARIOS = [
    ("unknown key", "policy: {wait_day: 3}", "2:10: policy.wait_day: unknown key; did you mean 'policy.wait_days'?"),
    ("unknown section", "polcy: {wait_days: 3}", "2:1: polcy: unknown key; did you mean 'policy'?"),
    ("repeated key", "policy:\n  wait_days: 3\n  wait_days: 4",
     "4:3: policy.wait_days: repeated key; it stands at line 3"),
    ("mistyped", "policy: {wait_days: three}", "2:21: policy.wait_days: expected a number or a list of numbers, not 'three'"),
    ("mistyped flag", "exam: {tie_passes: maybe}", "2:20: exam.tie_passes: expected true or false, not 'maybe'"),
    ("out of range", "policy: {wait_days: 99999}", "2:21: policy.wait_days: '99999' is out of range 0 to 3650 day"),
    ("unknown choice", "exam: {form: catt}", "2:14: exam.form: expected one of cat, linear, normal, not 'catt'"),
    ("unknown rule", "exam: {select: {rule: fishr}}",
     "2:23: exam.select.rule: unknown rule 'fishr'; did you mean 'fisher'?"),
    ("two keys at odds", "exam: {min_items: 90}", "2:19: exam.min_items: 90 must be at most exam.max_items (80)"),
    ("shares beyond 1", "study: {none: 0.9}",
     "2:15: study.none: study.none + study.broad + study.targeted is 1.7, must be 1"),
    ("a value for a section", "policy: 3", "2:9: policy: a section"),
    ("key of a group", "population: {groups: {a: {wieght: 1}}}",
     "2:27: population.groups.a.wieght: unknown key; did you mean 'population.groups.a.weight'?"),
    ("not YAML", "policy: [", "3:1: not valid YAML"),
    ("bank too small", "exam: {max_items: 2000}", "2:19: exam.max_items: 2000, but "),
]

# name, CSV, what the one line says after "retake: bank.csv:"
BAD_BANKS = [
    ("wrong cell", "id,b\nI1,0\nI2,x\n", "3:4: column b: expected a number, not 'x'"),
    ("not a number", "id,b\nI1,0\nI2,nan\n", "3:4: column b: expected a number, not 'nan'"),
    ("out of range", "id,a\nI1,-1\n", "2:4: column a: -1 is negative"),
    ("repeated id", "id,b\nI1,0\nI1,1\n", "3:1: column id: repeated id 'I1'"),
    ("empty id", "id,b\n,0\n", "2:1: column id: "),
    ("short row", "id,b\nI1,0\nI2\n", "3:1: a row of 1 cell, where the header has 2"),
    ("unknown column", "id,domian\nI1,a\n", "1:4: column domian: unknown column; did you mean 'domain'?"),
    ("unknown model", "id,model\nI1,5PL\n", "2:4: column model: unknown model '5PL'"),
    ("empty", "", "1:1: "),
]


def expect(done, status, message, what):
    """This status, nothing on standard output, one line on standard error that says so."""
    lines = done.stderr.splitlines()
    check(done.returncode == status, f"{what}: status {done.returncode}, not {status}: {done.stderr}")
    check(done.stdout == "", f"{what}: standard output: {done.stdout}")
    check(len(lines) == 1 and lines[0].startswith("retake: "), f"{what}: not one line: {done.stderr}")
    check(message in lines[0], f"{what}: no '{message}' in: {lines[0]}")


def files(folder):
    return sorted(path.name for path in Path(folder).iterdir())


def check_help():
    for words in (["--help"], ["-h"], ["help"]):
        check(all(f"\n  {command} " in must(*words) for command in COMMANDS), f"{words}: a command is missing")
    for command in COMMANDS:
        for option in ("--help",) if IS_SANITIZED else ("--help", "-h"):
            done = call(command, option)
            check(done.returncode == 0 and done.stderr == "", f"{command} {option}: {done.stderr}")
            check(done.stdout.startswith(f"usage: retake {command} "), f"{command} {option}: {done.stdout}")
    version = must("--version").splitlines()
    words = ["retake", "commit", "compiler", "flags", "reading", "libraries", "threads"]
    check([line.split()[0] for line in version] == words, f"--version: {version}")
    bare = call()
    check(bare.returncode == 2 and bare.stdout == "" and "usage: retake" in bare.stderr, "retake alone")


def check_usage_errors(folder):
    for words, message in USAGE_ERRORS:
        expect(call(*words, cwd=folder), 2, message, words)
    check(files(folder) == [], f"usage errors left {files(folder)}")


def check_bad_input(folder):
    """A scenario or a bank that is wrong: run and check say the same."""
    old = folder / "old.h5"
    old.write_text("old")
    cases = [(name, f"bank: {BANK}\n{text}\n", "", f"s.yaml:{line}") for name, text, line in BAD_SCENARIOS]
    cases += [(name, "bank: bank.csv\n", bank, f"bank.csv:{line}") for name, bank, line in BAD_BANKS]
    cases += [("no bank", "bank: none.csv\n", "", "s.yaml:1:7: bank: none.csv: cannot open"),
              ("no bank named", "policy: {wait_days: 3}\n", "", "s.yaml: bank: form cat needs an item bank"),
              ("empty", "", "", "s.yaml:1:1: empty")]
    for name, text, bank, line in cases:
        (folder / "s.yaml").write_text(text)
        (folder / "bank.csv").write_text(bank)
        before = files(folder)
        both = (["run", "s.yaml", "-o", "old.h5" if bank else "out.h5"], ["check", "s.yaml"])
        for words in both[:1] if IS_SANITIZED else both:
            expect(call(*words, cwd=folder), 65, f"retake: {line}", f"{name}: {words[0]}")
        check(files(folder) == before and old.read_text() == "old", f"{name}: left {files(folder)}")
    for words, message in ((["run", "none.yaml"], "none.yaml: cannot open"), (["run", folder], "not a regular file"),
                           (["run", EMR, "--set", "policy.wait_day=3"], "did you mean 'policy.wait_days'?"),
                           (["run", EMR, "--set", "policy.wait_days=-3"], "out of range 0 to 3650 day"),
                           (["summary", "none.h5"], "none.h5: cannot open"),
                           (["summary", EMR], "a scenario, not a result"), (["bank", "info", "none.csv"], "cannot open")):
        expect(call(*words, cwd=folder), 65, message, words)


def check_results(folder):
    """A result replaces the one that exists, and nothing else; damaged ones are refused."""
    out, link = folder / "out.h5", folder / "link.h5"
    out.write_text("an older result")
    link.symlink_to("out.h5")
    with open(out) as reader:
        inode = out.stat().st_ino
        must("run", EMR, "-o", link, *QUICK)
        check(reader.read() == "an older result", "the old file was overwritten in place")
    check(out.stat().st_ino != inode and link.is_symlink(), "not replaced by a new file")
    check(files(folder) == ["link.h5", "out.h5"], f"left {files(folder)}")
    printed = call("summary", out)
    check(printed.returncode == 0 and "First attempt" in printed.stdout, "summary")
    without_file = must("run", EMR, *QUICK).splitlines()
    check(without_file[5:] == printed.stdout.splitlines()[5:], "run without -o prints the summary")
    data = out.read_bytes()
    changed = data[:5000] + bytes([data[5000] ^ 1]) + data[5001:]
    for name, damaged in (("cut", data[:len(data) // 2]), ("changed", changed)):
        (folder / name).write_bytes(damaged)
        expect(call("summary", name, cwd=folder), 65, f"{name}: ", f"a {name} result")


def check_beside_the_clone(folder):
    """Results are read where a file or a folder is called retake; HDF5 once took it for theirs."""
    must("run", EMR, "-o", "out.h5", *QUICK, cwd=folder)
    for make in (Path.mkdir, Path.touch):
        make(folder / "retake")
        check("First attempt" in must("summary", "out.h5", cwd=folder), f"beside retake, made by {make}")
        (folder / "retake").rmdir() if make is Path.mkdir else (folder / "retake").unlink()


def check_json(folder):
    out = folder / "out.h5"
    must("run", EMR, "-o", out, "--candidates", 300)
    text = must("summary", out, "--json")
    found = json.loads(text, object_pairs_hook=no_repeats)
    check(found["n_candidates"] == [300] and "statistics_digest" in found["attributes"], "JSON")
    if not shutil.which("h5ls"):
        print("h5ls is not installed: names of variables not compared")
        return
    listing = subprocess.run(["h5ls", out], check=True, capture_output=True, text=True)
    names = {line.split()[0] for line in listing.stdout.splitlines()} - {"bounds_edge"}
    check(names == found.keys() - {"attributes", "policy", "evidence", "intervals"}, f"h5ls and JSON differ in {names ^ found.keys()}")


def no_repeats(pairs):
    check(len(dict(pairs)) == len(pairs), "a JSON object repeats a key")
    return dict(pairs)


def check_unwritable(folder):
    for words, message in ((["-o", folder / "none/out.h5"], "cannot write: No such file"),
                           (["-o", folder], "is a folder"), (["-o", f"{folder}/"], "is a folder"),
                           (["-o", "/dev/full"], "not a regular file"), (["-o", "/proc/out.h5"], "cannot write")):
        expect(call("run", EMR, *words), 74, message, words)
        expect(call("bank", "generate", *words), 74, message, ["bank", "generate", *words])
    if os.geteuid() != 0:
        folder.chmod(0o555)
        expect(call("run", EMR, "-o", folder / "out.h5"), 74, "cannot write", "a read-only folder")
        folder.chmod(0o755)
    check(files(folder) == [], f"left {files(folder)}")


def check_full(folder, what, **options):
    """Nothing more fits: the old file stays, nothing is left beside it."""
    out = folder / "out.h5"
    for old in (None, "an older result"):
        if old:
            out.write_text(old)
        done = call("run", EMR, "-o", out, *QUICK, **options)
        lines = [line for line in done.stderr.splitlines() if "candidates in" not in line]
        check(done.returncode == 74 and len(lines) == 1, f"{what}: status {done.returncode}: {done.stderr}")
        check(f"{out}: cannot write" in lines[0], f"{what}: {lines[0]}")
        check(files(folder) == (["out.h5"] if old else []), f"{what}: left {files(folder)}")
        check(not old or out.read_text() == old, f"{what}: the old file has changed")


def check_full_disk(folder):
    # Python ignores SIGXFSZ, and so does the program when it inherits that.
    check_full(folder / "limited", "a limit on file sizes", restore_signals=False,
               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    disk = folder / "disk"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], capture_output=True)
    if mounted.returncode != 0:
        print("a full disk was not tried: tmpfs cannot be mounted")
        return
    try:
        check_full(disk, "a full disk")
    finally:
        subprocess.run(["umount", disk], check=True)


def check_full_standard_output(folder):
    out = folder / "out.h5"
    must("run", EMR, "-o", out, *QUICK)
    for words in (["--help"], ["--version"], ["run", "--help"], ["run", EMR, *QUICK], ["check", EMR], ["params"],
                  ["summary", out], ["summary", out, "--json"], ["bank", "info", BANK]):
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, *map(str, words)], stdout=full, stderr=subprocess.PIPE, text=True)
        check(done.returncode == 74, f"{words} to a full disk: status {done.returncode}")
        check("cannot write" in done.stderr, f"{words} to a full disk: {done.stderr}")


def check_others(folder):
    check(must("check", EMR).startswith(f"{EMR}: ok\n"), "check")
    everything, one = must("params"), must("params", "policy.wait_days")
    check("exam.cut_theta" in everything and "policy.wait_days" in everything, "params")
    check(one.count("policy.wait_days") == 1 and "exam." not in one, f"params KEY: {one}")
    check("exam.stop.level" in must("params", "exam.stop"), "params SECTION")
    check("treatment_transport" in must("bank", "info", BANK), "bank info")
    generated = folder / "emr.csv"
    check(must("bank", "generate", "-o", generated) == "", "bank generate prints")
    check(generated.read_bytes() == BANK.read_bytes(), "bank generate does not reproduce configs/banks/emr.csv")
    must("bank", "generate", "-o", generated, "--model", "3pl", "--items", 40, "--pilots", 5, "--domains", "a=1,b=3")
    rows = generated.read_text().splitlines()
    check(len(rows) == 46 and sum(",b," in row for row in rows[1:41]) == 30, "bank generate with options")


def main():
    check_help()
    for step in (check_usage_errors, check_bad_input, check_results, check_beside_the_clone, check_json, check_unwritable,
                 check_full_standard_output, check_others):
        with tempfile.TemporaryDirectory() as folder:
            step(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        for name in ("limited", "disk"):
            Path(folder, name).mkdir()
        check_full_disk(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
