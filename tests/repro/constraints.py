"""Limits and targets on sets of items that cross each other (exam.content.constraints): each test meets them, whatever the
rules, counted here anew from the items of replayed examinees; what no test can meet is refused; what a retaker's tests miss is
counted. SPDX-License-Identifier: Apache-2.0
"""
import csv
import os
import random
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from _program import call, check, must, sets, summary

LEVELS, AGES, TYPES = ("recall", "apply", "higher order"), ("infant", "child", "adult"), ("MC", "DRAG", "FILL", "HOT")
# condition, the same in Python over an item i, least, most
LIMITS = [
    ("level = recall", lambda i: i["level"] == "recall", 4, 6),
    ("level = 'higher order'", lambda i: i["level"] == "higher order", 5, 5),
    ("age in (infant, child)", lambda i: i["age"] in ("infant", "child"), 6, 9),
    ("age = infant and dok >= 2", lambda i: i["age"] == "infant" and int(i["dok"]) >= 2, 2, 99),
    ("type = DRAG or type = HOT", lambda i: i["type"] in ("DRAG", "HOT"), 3, 4),
    ("not (type = MC) and domain = airway", lambda i: i["type"] != "MC" and i["domain"] == "airway", 1, 3),
    ("flag != ''", lambda i: i["flag"] != "", 1, 2),
    ("id in (q3, q4)", lambda i: i["id"] in ("q3", "q4"), 0, 1),
    ("words > 55", lambda i: float(i["words"]) > 55, 0, 0),
]
DOMAINS = {"airway": (4, 7), "trauma": (4, 8), "medical": (0, 99)}
BASE = """bank: bank.csv
engine: {candidates: 600, seed: 3}
exam:
  min_items: 15
  max_items: 15
  pilot_items: 0
  content:
    domains: {airway: {min_items: 4, max_items: 7}, trauma: {min_items: 4, max_items: 8}}
    constraints:
"""


def make_inputs():
    draw = random.Random(5)
    items = [{"id": f"q{k}", "domain": draw.choice(list(DOMAINS)), "level": draw.choice(LEVELS),
              "age": draw.choice(AGES), "dok": str(draw.randint(1, 3)), "type": draw.choice(TYPES),
              "flag": draw.choice(("", "NA", "", "x")), "words": str(draw.randint(20, 60)),
              "enemy": f"e{k % 40}" if k % 3 == 0 else "", "b": round(draw.gauss(0, 1), 3),
              "a": round(draw.uniform(0.6, 1.8), 3)} for k in range(240)]
    with open("bank.csv", "w", newline="", encoding="utf-8") as file:
        own = ("id", "domain", "enemy", "a", "b")
        names = [*own, *(f"attribute_{name}" for name in ("level", "age", "dok", "type", "flag", "words"))]
        rows = csv.writer(file)
        rows.writerow(names)
        rows.writerows([item[name.removeprefix("attribute_")] for name in names] for item in items)
    for item in items:
        item["flag"] = item["flag"].replace("NA", "")
    text = "".join('      "%s": {%s%s}\n' % (condition, f"min_items: {least}", "" if most == 99 else f", max_items: {most}")
                   for condition, _, least, most in LIMITS)
    Path("s.yaml").write_text(BASE + text)
    with open("answers.csv", "w", encoding="utf-8") as file:
        file.write("examinee," + ",".join(item["id"] for item in items) + "\n")
        for k in range(40):
            file.write(f"e{k}," + ",".join(str(int(draw.random() < k / 40)) for _ in items) + "\n")
    return {item["id"]: item for item in items}


def replayed(*assignments):
    must("replay", "s.yaml", "--responses", "answers.csv", "-o", "trace.csv", *sets(assignments))
    tests = defaultdict(list)
    with open("trace.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            tests[row["examinee"]].append(row["item"])
    return tests


def check_tests(items, tests, shortest, longest, what):
    lengths = set()
    for examinee, names in tests.items():
        test = [items[name] for name in names]
        lengths.add(len(test))
        check(shortest <= len(test) <= longest, f"{what}: {examinee} has {len(test)} items")
        for condition, holds, least, most in LIMITS:
            n = sum(map(holds, test))
            check(least <= n <= most, f"{what}: {examinee}: {n} items of {condition}")
        for domain, (least, most) in DOMAINS.items():
            n = sum(item["domain"] == domain for item in test)
            check(least <= n <= most, f"{what}: {examinee}: {n} items of {domain}")
        enemies = [item["enemy"] for item in test if item["enemy"]]
        check(len(enemies) == len(set(enemies)), f"{what}: {examinee} met two enemies")
    return lengths


def test_every_test_meets_every_limit(items):
    for rules in (["exam.select.rule=fisher"], ["exam.select.rule=random"],
                  ["exam.select.randomesque=8"], ["exam.select.rule=progressive", "exam.start.theta=1"]):
        check_tests(items, replayed(*rules), 15, 15, rules)


def test_a_test_may_end_at_any_length(items):
    lengths = check_tests(items, replayed("exam.max_items=18", "exam.stop.rule=se", "exam.stop.se=0.47"), 15, 18, "se")
    check(len(lengths) > 1, f"lengths {lengths}")


def test_exposure_control(items):
    must("run", "s.yaml", "-o", "free.h5")
    must("run", "s.yaml", "-o", "held.h5", "--set", "exam.exposure.rule=sympson_hetter", "--set", "exam.exposure.target=0.7",
         "--set", "exam.exposure.candidates=400")
    free, held = summary("free.h5"), summary("held.h5")
    check(max(held["item_exposure_rate"]) < max(free["item_exposure_rate"]), "exposure control does nothing")
    for result in (free, held):
        check(sum(map(sum, result["n_missed_limits"])) == 0 and "warning" not in result["attributes"], "missed limits")


def shares(tests, items, name, value):
    return [sum(items[item][name] == value for item in names) for names in tests.values()]


def test_targets_of_two_attributes(items):
    Path("t.yaml").write_text(Path("s.yaml").read_text())
    targets = [f'exam.content.constraints."type = {name}".target={share}' for name, share in
               zip(TYPES, (0.4, 0.2, 0.2, 0.2))]
    targets += [f'exam.content.constraints."age = {name}".target={share}' for name, share in zip(AGES, (0.2, 0.4, 0.4))]
    off = {"kingsbury_zara": 0, "modified_multinomial": 0}
    for rule in off:
        bare = [f"exam.content.constraints.{quoted(condition)}.{key}" for condition, *_ in LIMITS
                for key in ("min_items=0", "max_items=none")]
        tests = replayed(f"exam.content.rule={rule}", *targets, *bare)
        for name, values, wanted in (("type", TYPES, (6, 3, 3, 3)), ("age", AGES, (3, 6, 6))):
            for value, n in zip(values, wanted):
                got = shares(tests, items, name, value)
                check(all(abs(one - n) <= 1 for one in got), f"{rule}: {value}: {got}, wanted {n}")
                off[rule] += sum(one != n for one in got)
    check(off["kingsbury_zara"] < 20, f"targets in whole items are missed: {off}")


def quoted_key(assignment):
    head, condition, rest = "exam.content.constraints.", *assignment.removeprefix("exam.content.constraints.").rsplit(".", 1)
    return f"{head}{quoted(condition)}.{rest}"


def quoted(condition):
    return condition if not set(condition) & set('.=",[]') else '"%s"' % condition.replace('"', '""')


def test_targets_without_a_rule(items):
    """They would do nothing, which check says."""
    for table, target in (("constraints", 'exam.content.constraints."type = MC".target=0.4'),
                          ("domains", "exam.content.domains.airway.target=0.4")):
        said = " ".join(must("check", "s.yaml", *sets([target])).split())
        check(f"exam.content.rule: nothing works towards the targets of exam.content.{table}: take" in said, said)
    check("warning" not in must("check", "s.yaml"), "a doubt where there is no target")


def test_refusals(items):
    rows = [
        ("levl = recall", 1, "bank.csv has no column attribute_levl; did you mean 'level'?"),
        ("level = recal", 1, "no item of bank.csv has the value 'recal'; did you mean 'recall'?"),
        ("level >= 2", 1, "is no number to compare"),
        ("level = ", 1, "expected a value"),
        ("level recall", 1, "expected = or another sign"),
        ("(level = recall", 1, "expected )"),
        ("level = recall and", 1, "expected an attribute"),
        ("id in (q1, q2)", 3, "3 items are wanted, but the bank has 2 that one test can use"),
        ("level != recall", 12, "no test of 15 to 15 items was found that meets all limits"),
    ]
    for condition, least, line in rows:
        done = call("check", "s.yaml", *sets([f"exam.content.constraints.{quoted(condition)}.min_items={least}"]))
        check(done.returncode == 65 and line in done.stderr and done.stderr.count("\n") == 1, f"{condition}: {done.stderr}")
    done = call("check", "s.yaml", "--set", "exam.form=linear")
    check(done.returncode == 65 and "but the linear form of bank.csv has" in done.stderr, done.stderr)
    limit = "exam.content.constraints.dok >= 2.min_items=1"
    Path("one.yaml").write_text("bank: bank.csv\nexam: {min_items: 5, max_items: 5, pilot_items: 0, form: linear}\n")
    must("check", "one.yaml", "--set", quoted_key(limit))


def test_what_retakers_miss(items):
    words = ("--set", "exam.exclude_seen=all", "--set", "leave.after_fail=0", "--set", "exam.cut_theta=2",
             "--set", "policy.max_cycles=4")
    done = call("run", "s.yaml", "-o", "many.h5", *words)
    check(done.returncode == 0, done.stderr)
    missed = summary("many.h5")["n_missed_limits"][0]
    check(missed[0] == 0 and missed[-1] > 0, f"missed by attempt: {missed}")
    check(f"warning: {sum(missed)} sittings miss limits of exam.content" in done.stderr, done.stderr)
    check(call("run", "s.yaml", "-o", "one.h5", "--threads", 1, *words).returncode == 0, "one thread")
    digests = {summary(name)["attributes"]["statistics_digest"] for name in ("many.h5", "one.h5")}
    check(len(digests) == 1, "threads change the statistics")


def test_bank_commands(items):
    shown = must("bank", "info", "bank.csv")
    for name in ("level", "higher order", "(none)", "words: 41 values"):
        check(name in shown, f"bank info does not show {name}")
    must("bank", "convert", "bank.csv", "-o", "again.csv")
    must("bank", "convert", "again.csv", "-o", "twice.csv")
    check(Path("again.csv").read_bytes() == Path("twice.csv").read_bytes(), "convert changes a converted bank")
    check("attribute_level" in Path("again.csv").read_text().splitlines()[0], "convert loses attributes")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        items = make_inputs()
        for name, test in list(globals().items()):
            if name.startswith("test_"):
                test(items)


if __name__ == "__main__":
    sys.exit(main())
