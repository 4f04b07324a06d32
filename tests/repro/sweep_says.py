"""What a sweep says: which policies failed and why, what is doubtful, which values no policy can have and where they stand;
words in conditions; a damaged part; environment; standard output. SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import _ranks
from _program import IS_SANITIZED, PROGRAM, ROOT, call, check, must, summary

EXACT = ROOT / "configs/exact/emr.yaml"
BASE = """
engine: {candidates: 700, seed: 3}
exam: {form: normal, sem: 0.3}
policy: {wait_days: 30, attempts_per_cycle: 3, window_days: 365}
"""
CAT = f"""
bank: {ROOT}/configs/banks/emr.csv
engine: {{candidates: 500}}
exam: {{min_items: 5, max_items: 9, pilot_items: 0, time_limit_min: none, estimate: {{points: 9}}}}
"""
FAILING = "axes: {policy.max_attempts: [%s]}"  # a limit takes parts of a number, the policy does not


def sweep(folder, text, *words, base="base.yaml", **options):
    (folder / "t.yaml").write_text(f"base: {base}\n{text}\n")
    return call("sweep", "t.yaml", *words, cwd=folder, **options)


def expect(done, status, *words):
    check(done.returncode == status, f"{done.args}: status {done.returncode}, not {status}: {done.stderr}")
    check(all(word in done.stderr for word in words), f"{done.stderr!r} does not say {words}")


def check_failed(folder):
    done = sweep(folder, FAILING % "4, 2.5, 3.5", "-o", "some.h5")
    line = "2 of 3 policies cannot be run; the first: policy 2 (policy.max_attempts 2.5): policy.max_attempts=2.5: expected"
    expect(done, 0, f"retake: {line}")
    check(line in summary(folder / "some.h5")["attributes"]["policies_failed"], "no attribute")
    check(line in must("summary", "some.h5", cwd=folder), "the summary does not say it")
    none = sweep(folder, FAILING % "2.5, 3.5", "-o", "none.h5")
    expect(none, 65, "retake: 2 of 2 policies cannot be run; the first: policy 1 (policy.max_attempts 2.5)")
    check(none.stderr.count("\n") == 1 and (folder / "none.h5").exists(), f"{none.stderr!r}")
    expect(sweep(folder, FAILING % "2.5, 3.5", "-o", "none.h5", "--resume"), 65, "is finished", "2 of 2 policies")
    for k, status in ((1, 0), (2, 0)):  # a shard is never the whole
        expect(sweep(folder, FAILING % "2.5, 3.5", "-o", f"p{k}.h5", "--shard", f"{k}/2"), status, "1 of 1 policy cannot")
    expect(call("merge", "-o", "whole.h5", "p1.h5", "p2.h5", cwd=folder), 65, "2 of 2 policies cannot be run")
    for k in (1, 2):
        sweep(folder, FAILING % "4, 2.5", "-o", f"p{k}.h5", "--shard", f"{k}/2")
    expect(call("merge", "-o", "whole.h5", "p1.h5", "p2.h5", cwd=folder), 0, "1 of 2 policies cannot be run")


def promised_most(lines):
    """What --dry-run says a result takes at most, in bytes."""
    row = next(line.split() for line in lines.splitlines() if line.startswith("result "))
    check(row[1:3] == ["at", "most"], f"{row}")
    return float(row[3]) * {"KB": 1e3, "MB": 1e6}[row[4]]


def check_dry_run(folder):
    """It tries policies as the sweep does, and says the same of them; without any it has no estimate."""
    for base in ("base.yaml", EXACT):
        done = sweep(folder, FAILING % "2.5, 3.5", "--dry-run", base=base)
        expect(done, 65, "retake: t.yaml: 2 of 2 policies tried cannot be run; the first: policy 1: policy.")
        check(done.stdout == "" and done.stderr.count("\n") == 1, f"{done.stdout!r} {done.stderr!r}")
    done = sweep(folder, FAILING % "4, 2.5, 3.5", "--dry-run")
    words = "warning      2 of 3 policies tried cannot be run; the first: policy 2: policy.max_attempts=2.5: expected"
    check(done.returncode == 0 and words in done.stdout, f"{done.stdout!r}")
    for base in ("base.yaml", EXACT):  # a shard may be without policies
        text = "axes: {policy.wait_days: [20, 40, 60]}"
        done = sweep(folder, text, "--dry-run", "-o", "e.h5", "--shard", "5/5", base=base)
        check(done.returncode == 0 and "policies     0\ntime         0 s," in done.stdout, f"{done.returncode} {done.stdout!r}")
        most = promised_most(sweep(folder, text, "--dry-run", base=base).stdout)
        expect(sweep(folder, text, "-o", "e.h5", base=base), 0)
        size = (folder / "e.h5").stat().st_size
        check(size <= most < 3 * size, f"a result of {size} bytes, at most {most} promised")


def check_warnings(folder):
    """Nine points from -4 to 4 are 1 logit apart, ten .89: by the rule of .8 too coarse below standard errors of .8 and .71."""
    (folder / "cat.yaml").write_text(CAT)
    text = "axes: {exam.estimate.points: [9, 81, 10]}\nset: {exam.estimate.points: 81}"
    done = sweep(folder, text, "-o", "w.h5", base="cat.yaml")
    head = "policies 1,3 (2 of 3): exam.estimate.points: the grid is spaced 1 logits"
    expect(done, 0, f"retake: warning: {head}")
    whole = summary(folder / "w.h5")
    check(whole["attributes"]["warning"].startswith(head), whole["attributes"]["warning"])
    check([bool(text) for text in whole["policy_warning"]] == [True, False, True], f"{whole['policy_warning']}")
    one = call("run", "cat.yaml", "-o", "one.h5", cwd=folder)
    check(whole["policy_warning"][0] in one.stderr, "the run of policy 1 warns of something else")
    parts = [f"w{k}.h5" for k in (1, 2, 3)]
    for k, part in enumerate(parts):
        sweep(folder, text, "-o", part, "--shard", f"{k + 1}/3", base="cat.yaml")
    expect(call("merge", "-o", "m.h5", *reversed(parts), cwd=folder), 0, f"warning: {head}")
    merged = summary(folder / "m.h5")["attributes"]
    check(all(merged[name] == whole["attributes"][name] for name in ("warning", "statistics_digest")), "merged: another")


# What is refused before anything is run, and the place and words of the message.
REFUSED = (
    ("axes: {policy.wait_days: [14, soon]}", "t.yaml:2:31: policy.wait_days: expected a number", "not 'soon'"),
    ("axes: {policy.wait_days: [14, 9999]}", "t.yaml:2:31: policy.wait_days: '9999' is out of range"),
    ("axes: {policy.wait_days: [14, 21, 14.0]}", "t.yaml:2:35: policy.wait_days: '14.0' is there twice: values 1 and 3"),
    ("axes: {policy.attempts_per_cycle: {from: 1, to: 3, n: 4}}", "t.yaml:2:35: policy.attempts_per_cycle:", "whole steps"),
    ("axes: {exam.form: {from: 0, to: 1, by: 1}}", "t.yaml:2:19: exam.form: expected one of cat, linear, normal"),
    ("axes: {policy.wait_days: {from: 60, to: 20, by: 10}}", "t.yaml:2:", "20 is below 60, so by is below 0"),
    ("axes: {policy.wait_days: {from: 20, to: 60, by: 0}}", "by is 0"),
    ("axes: {policy: {wait_days: [14, 21]}}", "t.yaml:2:16: policy: ", "write policy.wait_days: [14, 21]"),
    ("axes: {population.groups: [{urban: {theta_sd: 1}}]}", "write population.groups.urban.theta_sd: [...]"),
    ("axes: {policy: [1, 2]}", "it is a section: name a key of it, such as policy.wait_days"),
    ("axes: {population.groups.rural.theta_sd: [1, 2]}", "t.yaml:2:43: population.groups.rural.theta_sd: no group is named"),
    ("axes: {a: {sets: [policy.wait_days, exam.sem], values: [[1, .2], [2, .2]], labels: [x, x]}}", "t.yaml:2:88: a:",
     "the label 'x' is there twice"),
    ("axes: {a: {sets: [policy.wait_days, exam.sem], values: [[1, .2], [1.0, 0.2]]}}", "a: value 2 is value 1 again"),
    ("design: {rule: lhs, n: 3}\naxes: {exam.form: {uniform: [0, 1]}}", "t.yaml:3:19: exam.form: expected one of"),
    ("design: {rule: lhs, n: 3}\naxes: {policy.attempts_per_cycle: {uniform: [0.5, 3]}}", "whole ends"),
    ("design: {rule: rows, file: twice.csv}", "twice.csv:4:1: ", "policy 3 is policy 1 again"),
    ("design: {rule: rows, file: wrong.csv}", "wrong.csv:3:1: ", "not 'x'"),
    ("set: {exam.sem: wide}\naxes: {policy.wait_days: [14, 21]}", "t.yaml:2:17: exam.sem: expected a number"),
    ("axes: {policy.wait_days: [14, 21]}\nwhere: policy.wait_days == long", "t.yaml:3:28: where:", "never 'long'"),
)
AXES = "axes: {policy.wait_days: [14, 21, 28], cut: {sets: [exam.cut_theta, exam.sem], values: [[0, .3], [.2, .3]], " \
    "labels: [today, raised]}}\nwhere: "
WHERE = {"cut == raised": 3, "cut in [today, raised]": 6, "cut not in ['today']": 3, "exam.form == normal": 6, "not (cut == today)": 3,
         "policy.max_attempts == none and policy.wait_days-7 > 13": 4, "cut == raised or policy.wait_days in [14, 28]": 5}
WORDS = {"cut == rised": "t.yaml:3:15: where: cut is never 'rised'; did you mean 'raised'?",
         "exam.form == cta": "t.yaml:3:21: where: exam.form is never 'cta'; did you mean 'cat'?",
         "cute == raised": "unknown parameter or axis 'cute'", "cut < 2": "'today' is not a number", "cut in today": "expected ["}


def check_values(folder):
    (folder / "twice.csv").write_text("policy.wait_days\n14\n21\n14.0\n")
    (folder / "wrong.csv").write_text("policy.wait_days\n14\nx\n")
    for text, *words in REFUSED[:4] if IS_SANITIZED else REFUSED:
        expect(sweep(folder, text, "-o", "no.h5"), 65, *words)
        check(not (folder / "no.h5").exists(), "a file was written")
    for condition, n in WHERE.items():
        done = sweep(folder, AXES + condition, "-o", "where.h5")
        expect(done, 0)
        found = len(summary(folder / "where.h5")["scenario"])
        check(found == n, f"{condition}: {found} policies, not {n}")
    for condition, words in WORDS.items():
        expect(sweep(folder, AXES + condition, "-o", "no.h5"), 65, words)


def check_sensitivity(folder):
    """The share that passes first does not depend on what comes after: exactly, so it has no indices."""
    text = "design: {rule: saltelli, n: 8, seed: 5}\nsensitivity: ['cumulative_pass_rate[attempt=1]', 'false_pass_rate[attempt=3]']\n" \
        "axes: {policy.refresher.days: {uniform: [15, 50]}, leave.after_fail: {uniform: [0.1, 0.4]}}"
    expect(sweep(folder, text, "-o", "s.h5", base=EXACT), 0)
    found = summary(folder / "s.h5")
    check(found["sobol_variance"][0] == 0 and found["sobol_variance"][1] > 0, f"{found['sobol_variance']}")
    for name in ("sobol_first", "sobol_total", "sobol_first_low", "sobol_total_high"):
        check(found[name][0] == [None, None] and None not in found[name][1], f"{name}: {found[name]}")
    check("attempt=1]: does not vary" in must("summary", "s.h5", cwd=folder), "the summary has indices")
    text = text.replace("policy.refresher.days: {uniform: [15, 50]}", "policy.refresher.p_completed: {normal: {mean: 4, sd: 0.2}}")
    expect(sweep(folder, text, "-o", "none.h5", base=EXACT), 65, "retake: no base point can be run; the first: policy 1",
           "out of range 0 to 1")


def check_part(folder):
    """The recipe of docs/cluster.md, with a part that is damaged; strangers' files stay."""
    text = "axes: {policy.wait_days: {from: 10, to: 60, by: 10}}"
    parts = [f"o.part-{k}.h5" for k in (1, 2, 3)]
    for k, part in enumerate(parts):
        expect(sweep(folder, text, "-o", part, "--shard", f"{k + 1}/3"), 0)
    good, part = (folder / parts[1]).read_bytes(), folder / parts[1]
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 4
    for k, bad in enumerate((good[:3000], bytes(flipped), b"")):
        part.write_bytes(bad)
        expect(sweep(folder, text, "-o", part.name, "--shard", "2/3", "--checkpoint", "300", "--resume"), 0, "run anew",
               part.name + ".damaged" + (f"-{k + 1}" if k else ""))
    kept = sorted(path.name for path in folder.glob("o.part-2.h5.*"))
    check(len(kept) == 3 and (folder / "o.part-2.h5.damaged").read_bytes() == good[:3000], f"kept: {kept}")
    check(call("merge", "--missing", *parts, cwd=folder).returncode == 0, "a part is still missing")
    must("merge", "-o", "o.h5", *parts, cwd=folder)
    part.write_bytes(b"my notes\n")
    expect(sweep(folder, text, "-o", part.name, "--shard", "2/3", "--resume"), 65, "not an HDF5 file that retake wrote")
    check(part.read_bytes() == b"my notes\n", "a stranger's file was touched")


def check_read_only(folder):
    """As somebody who may not write there; root may."""
    closed = folder / "closed"
    closed.mkdir()
    must("run", "base.yaml", "-o", closed / "o.h5", cwd=folder)
    words = ["run", "base.yaml", "-o", "closed/o.h5", "--resume"]
    prefix = [] if os.getuid() else ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    for path in (folder, folder / "base.yaml", closed / "o.h5"):
        path.chmod(path.stat().st_mode | stat.S_IROTH | stat.S_IXOTH)
    closed.chmod(0o555)
    try:
        if prefix and (not shutil.which("setpriv") or
                       subprocess.run([*prefix, PROGRAM, "--version"], capture_output=True).returncode != 0):
            return  # nobody else may run the program
        for more, status, text in (([], 0, "is finished"), (["--seed", "9"], 74, "Permission denied")):
            done = subprocess.run([*prefix, PROGRAM, *words, *more], cwd=folder, capture_output=True, text=True)
            expect(done, status, text)
    finally:
        closed.chmod(0o755)


def check_environment(folder):
    array = {"SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_MAX": "2"}
    text = "axes: {policy.wait_days: [14, 21]}"
    for own, status, words in (({"RETAKE_SHARDS": ""}, 0, "1 policy in "), ({"RETAKE_SHARDS": "two"}, 2, "RETAKE_SHARDS two"),
                               ({"SOURCE_DATE_EPOCH": ""}, 0, "1 policy in "), ({"SOURCE_DATE_EPOCH": "1e9"}, 2, "SOURCE_DATE_EPOCH"),
                               ({"SLURM_CPUS_PER_TASK": "all"}, 2, "SLURM_CPUS_PER_TASK all")):
        expect(sweep(folder, text, "-o", "e.h5", "--shard", "auto", env={**os.environ, **array, **own}), status, words)
    (folder / "many.yaml").write_text("base: base.yaml\naxes: {policy.wait_days: {from: 1, to: 200, by: 1}}\n")
    years = must("sweep", "many.yaml", "--dry-run", "--candidates", 10**12, cwd=folder)
    check(" years, from " in years, years)


def check_output(folder):
    for words in (("run", "base.yaml"), ("sweep", "t.yaml"), ("merge", "e.h5")):
        expect(call(*words, "-o", "-", cwd=folder), 2, "does not go to standard output")
        expect(call(*words, "-o", "", cwd=folder), 2, "the name is empty")
    expect(call("run", "base.yaml", "--microdata=-", cwd=folder), 2, "does not go to standard output")
    must("bank", "generate", "--items", 4, "--pilots", 0, "-o", "b.csv", cwd=folder)
    printed = must("bank", "generate", "--items", 4, "--pilots", 0, "-o", "-", cwd=folder)
    check(printed == (folder / "b.csv").read_text(), "-o - is another bank")
    check(not (folder / "-").exists() and not list(folder.glob("-*")), "a file named - was written")
    expect(call("bank", "convert", "b.csv", "-o", "", cwd=folder), 2, "the name is empty")


def check_ranks(folder):
    if IS_SANITIZED or _ranks.missing():
        return
    for n in (2, 3):
        done = _ranks.call(n, "run", folder / "base.yaml", "-o", folder / "absent/x.h5")
        check(done.returncode == 74 and done.stderr.count("retake: ") == 1, f"{n} ranks: {done.returncode}: {done.stderr}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "base.yaml").write_text(BASE)
        for part in (check_failed, check_dry_run, check_warnings, check_values, check_sensitivity, check_part,
                     check_read_only, check_environment, check_output, check_ranks):
            part(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
