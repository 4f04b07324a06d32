"""A policy in words is what the scenario's keys say: for every file of configs/, and for others. What the sentence
promises is read back into facts about each attempt; what is right is derived here from the keys alone, by following one
who always fails. The same sentence stands on the terminal, in JSON and on the page.
SPDX-License-Identifier: Apache-2.0
"""
import json
import random
import re
import sys
import tempfile
from pathlib import Path

import _yaml
from _program import IS_SANITIZED, ROOT, call, check, must, sets, summary

CONFIGS = ROOT / "configs"
KINDS = {"refresher": "a refresher course", "course": "a whole new course"}
DAYS = r"(\d[\d.e+]*) days?"
MONEY = r"\$([\d,.]*\d)"


def defaults():
    """{key: value} of all parameters."""
    return {m[1]: _yaml.value_of(m[2]) for m in re.finditer(r"^(policy\.\S+|gates\.auth\S+): (\S+)", must("params"), re.M)}


# ---- what is right ----

def at(value, k):
    values = value if isinstance(value, list) else [value]
    return values[min(k, len(values) - 1)]


def expected(policy):
    in_cycle, most = int(policy["policy.attempts_per_cycle"]), policy["policy.max_attempts"]
    n = in_cycle * int(policy["policy.max_cycles"])
    n = n if most == "none" else min(n, int(most))
    facts = {"attempts": n, "gaps": {}, "required": {}, "cycle_waits": {}, "raises": {}}
    kinds = set()
    for attempt in range(1, n):  # what follows the failed attempt
        facts["gaps"][attempt] = at(policy["policy.wait_days"], attempt - 1)
        facts["raises"][attempt + 1] = at(policy["policy.retake_cut_raise"], attempt - 1)
        if attempt % in_cycle == 0:
            cycle = attempt // in_cycle - 1
            kind = at(policy["policy.after_cycle"], cycle)
            kinds.add(kind)
            facts["required"][attempt] = (KINDS[kind], policy[f"policy.{kind}.days"], policy[f"policy.{kind}.fee"])
            facts["cycle_waits"][attempt] = at(policy["policy.cycle_wait_days"], cycle)
    for what in ("raises", "cycle_waits"):
        facts[what] = {k: x for k, x in facts[what].items() if x}
    yearly, valid = policy["policy.max_attempts_per_year"], policy["gates.authorization.valid_days"]
    facts["yearly"] = None if yearly == "none" or yearly >= n else yearly
    facts["window"] = policy["policy.window_days"]
    facts["renewed by"] = {"course"} & kinds | ({"refresher"} & kinds if policy["policy.refresher.renews_window"] else set())
    facts["fee"], facts["followed"] = policy["policy.fee"], policy["policy.horizon_days"]
    facts["result"] = policy["policy.results_business_days"] or None
    facts["valid"] = None if valid == "none" else valid
    facts["new authorisation"] = None if valid == "none" else policy["gates.authorization.fee"] or None
    return facts


# ---- what is said ----

def number(text):
    return float(text.replace(",", ""))


def attempts_of(text):
    """"attempts 1 to 4, 7 and 9", "attempts 3 to 30 in steps of 3" -> their numbers."""
    out = []
    for part in re.split(r", | and ", re.sub(r"^attempts? ", "", text)):
        found = re.fullmatch(r"(\d+)(?: to (\d+)(?: in steps of (\d+))?)?", part)
        check(found, f"what attempts are {text!r}?")
        first = int(found[1])
        out += range(first, int(found[2] or first) + 1, int(found[3] or 1))
    return out


SOME = r"\d+(?: to \d+)?(?: in steps of \d+)?"
ATTEMPTS = rf"(attempts? {SOME}(?:(?:, | and ){SOME})*)"


def one(pattern, text):
    found = re.findall(pattern, text)
    check(len(found) <= 1, f"{pattern} twice in {text!r}")
    return number(found[0]) if found else None


def said(text):
    head = re.match(r"(?:One attempt|Up to (\d+) attempts)", text)
    check(head, text)
    facts = {"attempts": int(head[1] or 1), "gaps": {}, "required": {}, "cycle_waits": {}, "raises": {}}
    first = text.split(". ")[0].split(";")[0]
    apart, at_once = re.search(f"at least {DAYS} apart", first), "without a wait" in first
    if apart or at_once:
        facts["gaps"] = dict.fromkeys(range(1, facts["attempts"]), number(apart[1]) if apart else 0)
    for days, which in re.findall(f"at least {DAYS} after {ATTEMPTS}", first):
        facts["gaps"].update(dict.fromkeys(attempts_of(which), number(days)))
    for what, days, fee, which in re.findall(rf"(a[\w ]* course) of {DAYS} \({MONEY}\) is required after {ATTEMPTS}", text):
        facts["required"].update(dict.fromkeys(attempts_of(which), (what, number(days), number(fee))))
    for days, which in re.findall(f"next cycle begins at least {DAYS} after {ATTEMPTS}", text):
        facts["cycle_waits"].update(dict.fromkeys(attempts_of(which), number(days)))
    for raised, which in re.findall(rf"passing point is ([\d.]+) logit higher in {ATTEMPTS}", text):
        facts["raises"].update(dict.fromkeys(attempts_of(which), number(raised)))
    facts["yearly"] = one(r"no more than (\d+) within any 365 days", text)
    facts["window"] = one(f"allowed within {DAYS} of the course", text)
    renewed = (re.search(r"of the course([^.]*)\.", text) or ["", ""])[1]
    facts["renewed by"] = {"": set(), ", the first or a new one": {"course"}, " or of the last refresher": {"refresher"},
                           " or of the last repeated course of either kind": {"course", "refresher"}}[renewed]
    facts["fee"], facts["followed"] = one(f"A sitting costs {MONEY}", text), one(f"followed for {DAYS}", text)
    facts["result"] = one(r"Results come after (\d+) business days?", text)
    facts["valid"], facts["new authorisation"] = one(f"valid for {DAYS}", text), one(f"a new one costs {MONEY}", text)
    return facts


def hold(text, policy, name):
    is_right, is_said = expected(policy), said(text)
    for what in is_right:
        check(is_said[what] == is_right[what], f"{name}: {what}: {is_right[what]} is right, said is {is_said[what]}: {text}")


# ---- every shipped scenario ----

def sentence(output, what="Policy"):
    found = re.findall(rf"^ *{what}: (.*(?:\n {{4,}}.*)*)$", output, re.M)
    check(len(found) == 1, f"{len(found)} sentences in {output}")
    return " ".join(found[0].split())


def embedded(path):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', path.read_text(encoding="utf-8"),
                                re.S)[1])


def result_of(path, folder):
    """A small result of a shipped file, by the command that it is for."""
    out = folder / f"{'-'.join(path.relative_to(CONFIGS).parts)}.h5"
    text = path.read_text(encoding="utf-8")
    if "base:" in text:
        small = folder / path.name
        base = (path.parent / re.search(r"^base: *(\S+)", text, re.M)[1]).resolve()
        text = re.sub(r"^candidates: .*", "candidates: 256", text, flags=re.M).replace("n: 256", "n: 2")
        small.write_text(re.sub(r"^base: .*", f"base: {base}", text, flags=re.M))
        must("sweep", small, "-o", out)
    elif "validate:" in text:
        must("validate", path, "-o", out, "--candidates", 256, *sets(
            ("validate.cut_step=100", "validate.sittings=10", "validate.score_step=400", "validate.more_items=0",
             "validate.stage_items=0", "validate.bank_gain=1", "validate.competence_step=0.4")))
    else:
        must("run", path, "-o", out, "--candidates", 256)
    return out


def check_shipped(path, by_default, folder):
    values = _yaml.read(path)
    is_sweep = "base" in values
    scenario = (path.parent / values["base"][0]).resolve() if is_sweep else path
    policy = {**by_default, **{k: v for k, (v, _) in _yaml.read(scenario).items() if k in by_default}}
    text = sentence(must("check", scenario))
    hold(text, policy, path.name)
    out = result_of(path, folder)
    check(summary(out)["policy"] == text, f"{path.name}: JSON: {summary(out)['policy']}")
    shown = sentence(must("summary", out, "--format", "md"), "Base policy" if is_sweep else "Policy")
    check(shown.replace("\\", "") == text, f"{path.name}: on the terminal: {shown}")
    done = call("report", out, "-o", folder / "page.html")
    if done.returncode == 0:  # a build without charts has no page
        found = embedded(folder / "page.html")["exact"]["results"][0]["policy"]
        check(found == text, f"{path.name}: on the page: {found}")


# ---- others ----

def some_policy(draw):
    def several(*among):
        return draw.choice([draw.choice(among), [draw.choice(among) for _ in range(draw.randint(2, 5))]])

    return {"policy.attempts_per_cycle": draw.randint(1, 5), "policy.max_cycles": draw.randint(1, 9),
            "policy.max_attempts": draw.choice(["none", 1, 4, 7, 23]), "policy.wait_days": several(0, 1, 15, 40),
            "policy.max_attempts_per_year": draw.choice(["none", 1, 3, 8]), "policy.cycle_wait_days": several(0, 0, 60, 120),
            "policy.retake_cut_raise": several(0, 0, 0.1, 0.25), "policy.after_cycle": several("refresher", "course"),
            "policy.refresher.days": draw.choice([1, 14]), "policy.refresher.fee": draw.choice([0, 99.5, 1234567]),
            "policy.course.days": draw.choice([45, 200]), "policy.course.fee": 2500, "policy.fee": draw.choice([70, 1104.25]),
            "policy.refresher.renews_window": draw.choice([True, False]), "policy.window_days": draw.choice([365, 1000.5]),
            "policy.results_business_days": draw.choice([0, 1, 5]), "policy.horizon_days": 3000,
            "gates.authorization.valid_days": draw.choice(["none", 30]), "gates.authorization.fee": draw.choice([0, 35])}


def yaml_text(value):
    return str(value).lower() if isinstance(value, bool) else str(value).replace("'", "")


def check_others(by_default, folder):
    draw = random.Random(14)
    scenario = folder / "some.yaml"
    for k in range(40):
        policy = {**by_default, **some_policy(draw)}
        scenario.write_text("exam: {form: normal}\n" + "".join(f"{key}: {yaml_text(x)}\n" for key, x in policy.items()))
        hold(sentence(must("check", scenario)), policy, f"policy {k}")


def check_room(folder):
    """Where the window leaves no time for all attempts it is said so."""
    scenario = folder / "room.yaml"
    for n, is_short in ((24, False), (25, True)):  # the 25th is on day 24 * 15 = 360 at the earliest, when it has closed
        scenario.write_text(f"exam: {{form: normal}}\npolicy: {{window_days: 360, attempts_per_cycle: {n}, max_cycles: 1}}\n")
        text = sentence(must("check", scenario))
        check(("more than the window leaves time for" in text) == is_short, text)


def main():
    by_default = defaults()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        shipped = sorted(CONFIGS.glob("**/*.yaml"))
        check(len(shipped) >= 16, f"{shipped}")
        for path in shipped[::4] if IS_SANITIZED else shipped:
            check_shipped(path, by_default, folder)
        check_others(by_default, folder)
        check_room(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
