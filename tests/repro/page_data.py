"""What a page holds: parameters, seeds and coordinates as the result has them, figures alone rounded; no folder of the
machine; the title that was asked for; the evidence that the scenario states, beside "set here". Read from the file, so
that no browser is needed. SPDX-License-Identifier: Apache-2.0
"""
import html
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

import _yaml
from _program import ROOT, SKIPPED, call, check, must, sets, summary

CONFIGS = ROOT / "configs"
BANK = ROOT / "configs/banks/emr.csv"
GRADES = ("rule", "published", "assumed", "technical", "tuned")
QUICK = ("exam.form=normal", "exam.time_limit_min=none")
SEED, LARGE_SEED = 20261127, 2**62 + 12345  # one that seven digits cannot hold, one that a double cannot


def page_of(*words, folder):
    out = folder / "page.html"
    must("report", *words, "-o", out)
    return out.read_text(encoding="utf-8")


def data_of(text):
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1])
    return data["exact"], data["figures"]


def close(a, b, digits):
    return a == b or abs(a - b) <= 0.5000001 * 10 ** (1 - digits) * abs(b)


def flat(values):
    return [x for part in values for x in flat(part)] if isinstance(values, list) else [values]


def check_sweep(folder):
    """Axis values of twelve digits, a seed, counts."""
    values = [0.330000000001, 0.123456789012]
    sweep = folder / "sweep.yaml"
    sweep.write_text(f"base: base.yaml\naxes: {{leave.after_fail: {values}, policy.refresher.fee: [449.95, 1234567.25]}}\n")
    (folder / "base.yaml").write_text("exam: {form: normal, time_limit_min: none}\nexam.scale.cut: 950.0000125\n")
    for seed in (SEED, LARGE_SEED):
        must("sweep", sweep, "-o", folder / "sweep.h5", "--candidates", 1024, "--seed", seed)
        found = summary(folder / "sweep.h5")
        exact, figures = data_of(page_of(folder / "sweep.h5", folder=folder))
        result = exact["results"][0]
        shown, is_right = result["attributes"], found["attributes"]
        check(int(shown["engine.seed"]) == seed == int(is_right["engine.seed"]), f"seed {shown['engine.seed']}, {seed} is right")
        for key in ("exam.scale.cut", "engine.candidates", "statistics_digest", "date_created"):
            check(shown[key] == is_right[key], f"{key}: {shown[key]}, {is_right[key]} is right")
    for key in ("leave.after_fail", "policy.refresher.fee"):
        check(result["vars"][key]["data"] == found[key], f"{key}: {result['vars'][key]['data']}, {found[key]} is right")
    check(figures[0], "no figures")
    for name, figure in figures[0].items():
        have, want = figure["data"], flat(found[name])
        check(name.endswith("_mcse") or name + "_mcse" in found, f"{name} has no error, and is rounded")
        check(len(have) == len(want) and all((a is None) == (b is None) and (a is None or close(a, b, 7))
                                             for a, b in zip(have, want)), f"{name}: {have[:5]}, {want[:5]}")
    table = must("summary", folder / "sweep.h5", "--format", "md")
    check(all(str(x) in table for x in (*values, 1234567.25)), f"the terminal rounds a parameter: {table}")


def check_names(folder):
    """A bank and other files by absolute paths, also with blanks, and a policy that cannot be run for want of a file."""
    secret = folder / "of somebody" / "private"
    secret.mkdir(parents=True)
    shutil.copy(BANK, secret / "pool.csv")
    (secret / "days off.csv").write_text("date\n2027-01-01\n")
    scenario = folder / "files.yaml"
    scenario.write_text(f"title: A pool\nbank: {secret}/pool.csv  # assumed: from {secret}/pool.csv, not public\n"
                        f"calendar.holidays_file: \"{secret}/days off.csv\"\nexam: {{max_items: 61, time_limit_min: none}}\n")
    must("run", scenario, "-o", folder / "files.h5", "--candidates", 256)
    must("sweep", write(folder / "missing.yaml", f"base: {scenario}\naxes: {{bank: [{secret}/pool.csv, {secret}/none.csv]}}\n"),
         "-o", folder / "missing.h5", "--candidates", 256)
    must("validate", scenario, "-o", folder / "cut.h5", "--candidates", 256, *sets(
        ("validate.cut_step=100", "validate.sittings=10", "validate.score_step=400", "validate.more_items=0",
         "validate.stage_items=0", "validate.bank_gain=1", "validate.competence_step=0.4")))
    for name in ("files", "missing", "cut"):
        text = html.unescape(page_of(folder / f"{name}.h5", folder=folder))
        data = json.dumps(data_of(text))
        for part in (str(folder), str(folder.resolve()), "of somebody", "private"):
            check(part not in text and part not in data, f"{name}: {part!r} is on the page")
        check("pool.csv" in data, f"{name}: the name of the bank is not")
    check("days off.csv" in json.dumps(data_of(page_of(folder / "files.h5", folder=folder))), "a name with a blank is cut")


def write(path, text):
    path.write_text(text)
    return path


def check_titles(folder):
    must("run", write(folder / "t.yaml", "title: 'Pass/fail at 1/2 </script>'\nexam: {form: normal}\n"), "-o", folder / "t.h5",
         "--candidates", 256)
    exact, _ = data_of(page_of(folder / "t.h5", folder=folder))
    check(exact["title"] is None and exact["results"][0]["attributes"]["title"] == "Pass/fail at 1/2 </script>", exact["title"])
    asked = "What </script> a longer wait does & why: 60/40"
    exact, _ = data_of(page_of(folder / "t.h5", "--title", asked, folder=folder))
    check(exact["title"] == asked, exact["title"])
    done = call("report", folder / "t.h5", "--title")
    check(done.returncode == 2 and "--title" in done.stderr, done.stderr)


def check_looks(folder):
    """Whether tests go on while the decision is open: the rules of which one looks at the cut, in an exam that is adaptive."""
    exams = (("any(se, all(information, sprt))", "cat", True), ("glr", "cat", True), ("any(information,se)", "cat", False),
             ("fixed", "cat", False), ("confidence", "linear", False))
    for k, (rule, form, right) in enumerate(exams):
        must("run", write(folder / "looks.yaml", f"bank: {BANK}\nexam: {{form: {form}, stop.rule: \"{rule}\", max_items: 61}}\n"),
             "-o", folder / f"looks{k}.h5", "--candidates", 64)
        exact, _ = data_of(page_of(folder / f"looks{k}.h5", folder=folder))
        check(exact["results"][0]["looks_at_cut"] is right, f"{rule}, {form}: {exact['results'][0]['looks_at_cut']}")


def check_evidence(path, by_default, folder):
    """Each value that is not the default: its grade is what the comment behind it begins with."""
    must("run", path, "-o", folder / "e.h5", "--candidates", 256, "--seed", 20261123)
    evidence = summary(folder / "e.h5")["evidence"]
    exact, _ = data_of(page_of(folder / "e.h5", folder=folder))
    check(exact["results"][0]["evidence"] == evidence, f"{path.name}: the page says otherwise")
    listed, n = must("summary", folder / "e.h5", "--parameters", "--format", "md"), 0
    for key, (value, comment) in _yaml.read(path).items():
        if key in ("title", "engine.candidates", "engine.seed") or key not in evidence:
            continue
        has = evidence[key]
        if not has["set_here"]:
            check(by_default.get(key, value) == value, f"{path.name}: {key} {value} is called the default")
            continue
        grades = [g for g in GRADES if re.match(rf"{g}\b", comment)]
        others = [g for g in GRADES if re.search(rf"[:;] {g}\b", comment)]
        check(has["grade"].split(", ")[0] == (grades + others + [""])[0], f"{path.name}: {key}: {has}, said is {comment!r}")
        check(set(has["grade"].split(", ")) == set(grades + others) or not grades + others, f"{path.name}: {key}: {has}: {comment}")
        check(comment.endswith(has["source"]), f"{path.name}: {key}: source {has['source']!r} of {comment!r}")
        row = [cell.strip() for line in listed.splitlines() if f" {key} " in line for cell in line.split(" | ")]
        check(row and row[2].strip("|- ") == has["grade"], f"{path.name}: {key}: the terminal says {row}")
        n += 1
    return n


def with_error(value, error):
    """The rule of the Particle Data Group, from its text: two digits of the error where its first three are 100 to 354, one
    where they are 355 to 949; from 950 on the error is 1000 and has two."""
    lead, exponent = f"{error:.2e}".split("e")
    first, exponent = round(100 * float(lead)), int(exponent)
    digits = 1 if 355 <= first <= 949 else 2
    places = max(0, digits - 1 - exponent - (1 if first >= 950 else 0))
    return f"{value:.{places}f} ± {error:.{places}f}"


def check_digits(folder):
    """Each rate by attempt on the terminal has the digits that its error allows."""
    must("run", write(folder / "d.yaml", "exam: {form: normal}\npolicy.attempts_per_cycle: 6\n"), "-o", folder / "d.h5",
         "--candidates", 3000)
    found, n = summary(folder / "d.h5"), 0
    rows = {line.split(" | ")[0].strip("| "): [cell.strip(" |") for cell in line.split(" | ")]
            for line in must("summary", folder / "d.h5", "--format", "md").split("### By attempt")[1].split("###")[0].splitlines()}
    for k, attempt in enumerate(found["attempt"]):
        for column, name in enumerate(("pass_rate", "cumulative_pass_rate", "false_pass_rate", "false_fail_rate"), 3):
            value, error = found[name][0][k], found[name + "_mcse"][0][k]
            if value is None or not error or str(attempt) not in rows:
                continue
            right = with_error(100 * value, 100 * error)
            check(rows[str(attempt)][column] == right, f"{name}, attempt {attempt}: {rows[str(attempt)][column]}, {right} is right")
            n += 1
    check(n >= 20, f"{n} rates")


def check_set_otherwise(folder):
    """What the scenario says of one value does not hold for another."""
    scenario = write(folder / "o.yaml", "exam: {form: normal}\npolicy: {wait_days: 20, fee: 5}  # published (B): C\n")
    must("run", scenario, "-o", folder / "o.h5", "--candidates", 256, "--set", "policy.wait_days=21")
    evidence = summary(folder / "o.h5")["evidence"]
    for key, right in (("policy.wait_days", (True, "", "")), ("policy.fee", (True, "published", "(B): C"))):
        has = evidence[key]
        check((has["set_here"], has["grade"], has["source"]) == right, f"{key}: {has}")
    check(evidence["policy.max_cycles"]["grade"] == "assumed" and not evidence["policy.max_cycles"]["set_here"], "a default")


def defaults():
    return {m[1].replace(".*.", ".all."): _yaml.value_of(m[2]) for m in re.finditer(r"^(\S+): (\S+)", must("params"), re.M)}


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        must("run", write(folder / "s.yaml", "exam: {form: normal}\n"), "-o", folder / "s.h5", "--candidates", 256)
        done = call("report", folder / "s.h5", "-o", folder / "s.html")
        if "no charts" in done.stderr:
            print(done.stderr.strip())
            return SKIPPED
        for step in (check_sweep, check_names, check_titles, check_looks, check_set_otherwise, check_digits):
            step(folder)
        by_default = defaults()
        n = {path.name: check_evidence(path, by_default, folder) for path in sorted(CONFIGS.glob("*.yaml"))
             if "validate:" not in path.read_text(encoding="utf-8")}
        check(n["emt.yaml"] >= 30, f"values set in emt.yaml: {n}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
