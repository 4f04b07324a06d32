"""What a cut study says of a test, and while it is at work: Lee's index is of a form that content rules and enemies allow
(Lord & Wingersky's recursion written out here); nobody is undecided under a stop rule that decides nothing; which scores a bank
decides is one sentence, of which no part is empty; the time is told beforehand, and what is left of it counts all of the work.
SPDX-License-Identifier: Apache-2.0"""
import json
import math
import os
import pty
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _program import IS_SANITIZED, PROGRAM, call, check, must, summary

POPULATION = "population: {competent_theta: 0.3, groups: {all: {theta_mean: 0.1, theta_sd: 0.9}}}\n"
EXAM = "  pilot_items: 0\n  time_limit_min: none\n  cut_theta: 0.3\n"
QUICK = ("--set", "validate.cut_step=100", "--set", "validate.sittings=20", "--set", "validate.panel_se=0")
ALONE = (*QUICK, "--set", "validate.more_items=0", "--set", "validate.stage_items=0", "--set", "validate.bank_gain=1")
N_ITEMS, N_CANDIDATES = 12, 1_500


def items():
    """Domain A informs far more than B and C; most of A are enemies."""
    out = []
    for k in range(60):
        domain = "ABC"[k % 3]
        out.append({"id": f"I{k:02}", "a": {"A": 1.9, "B": 0.7, "C": 0.4}[domain] + 0.004 * k, "b": -1.5 + 0.05 * k,
                    "c": 0.1 + 0.002 * k, "domain": domain, "enemy": "twins" if domain == "A" and 18 <= k < 54 else ""})
    return out


def write_bank(path, rows):
    path.write_text("id,model,a,b,c,domain,enemy\n" + "".join(
        f"{i['id']},3PL,{i['a']:.4f},{i['b']:.4f},{i['c']:.4f},{i['domain']},{i['enemy']}\n" for i in rows))


# ---- Lee's index, by the slow and obvious way ----

def p_right(item, theta):
    return item["c"] + (1 - item["c"]) / (1 + math.exp(-item["a"] * (theta - item["b"])))


def information(item, theta):
    p, c = p_right(item, theta), item["c"]
    return (item["a"] * (p - c) / (1 - c)) ** 2 * (1 - p) / p


def best_form(pool, theta, owed, most, with_enemies):
    """By falling information: first what domains are owed, then the rest as far as they have room."""
    ranked = sorted(pool, key=lambda item: -information(item, theta))
    form = []

    def take(n, allowed):
        for item in ranked:
            clash = with_enemies and item["enemy"] and any(other["enemy"] == item["enemy"] for other in form)
            if n > 0 and item not in form and not clash and allowed(item["domain"]):
                form.append(item)
                n -= 1

    for domain, n in owed.items():
        take(n, lambda of, domain=domain: of == domain)
    take(N_ITEMS - len(form), lambda of: sum(item["domain"] == of for item in form) < most.get(of, N_ITEMS))
    return form


def p_pass(form, theta, least):
    scores = [1.0]
    for item in form:
        p = p_right(item, theta)
        scores = [(scores[s] * (1 - p) if s < len(scores) else 0) + (scores[s - 1] * p if s else 0)
                  for s in range(len(scores) + 1)]
    return sum(scores[least:])


def consistency(form, cut):
    """Over the population's normal abilities; under maximum likelihood a score passes from the expected one at the cut on."""
    least = math.ceil(sum(p_right(item, cut) for item in form) - 1e-9)
    total = weight = 0
    for k in range(-50, 51):
        w, p = math.exp(-0.5 * (k / 10) ** 2), p_pass(form, 0.1 + 0.9 * k / 10, least)
        total, weight = total + w * (p * p + (1 - p) ** 2), weight + w
    return total / weight


CONTENT = {
    "none": ("", {}, {}, True),
    "targets": ("  content: {rule: kingsbury_zara, domains: {A: {target: 0.25}, B: {target: 0.5}, C: {target: 0.25}}}\n",
                {"A": 3, "B": 6, "C": 3}, {}, True),
    "limits": ("  content: {domains: {A: {max_items: 4}, C: {min_items: 5}}}\n", {"C": 5}, {"A": 4}, True),
}


def check_lee(folder):
    pool = items()
    write_bank(folder / "bank.csv", pool)
    for name, (text, owed, most, with_enemies) in CONTENT.items():
        (folder / "s.yaml").write_text(
            f"bank: bank.csv\nexam:\n  min_items: {N_ITEMS}\n  max_items: {N_ITEMS}\n{EXAM}  stop: {{rule: fixed}}\n"
            f"  estimate: {{rule: ml}}\n{text}{POPULATION}")
        must("validate", folder / "s.yaml", "-o", folder / "c.h5", "--candidates", N_CANDIDATES, *ALONE)
        found = summary(folder / "c.h5")["lee_consistency"]
        for value, cut in zip(found, (-0.2, 0.3, 0.8)):
            form = best_form(pool, cut, owed, most, with_enemies)
            expected, free = consistency(form, cut), consistency(best_form(pool, cut, {}, {}, False), cut)
            check(abs(expected - free) > 0.02, f"{name}: the witness cannot tell: {expected} {free}")
            # the abilities are a sample; of each P(alike | theta) lies in .5 .. 1, with a standard deviation below .2
            check(abs(value - expected) < 4 * 0.2 / math.sqrt(N_CANDIDATES) / 2, f"{name}: cut {cut}: {value}, {expected}")


# ---- undecided, and which scores the bank decides ----

DECIDES_NOTHING = [["exam.stop.rule=fixed"], ["exam.stop.rule=se"], ["exam.stop.rule=any(information, fixed, se)"],
                   ["exam.form=linear"], ["exam.form=normal"]]
# what a test at the cut ends as: confidence and the like decide hardly anybody there in 12 items
DECIDES = [["exam.stop.rule=confidence"], ["exam.stop.rule=glr"], ["exam.stop.rule=all(se, confidence)"],
           ["exam.stop.rule=any(confidence, se)", "exam.stop.se=0.45"], ["exam.stop.rule=any(fixed, sprt)"]]


def study(folder, *assignments):
    words = [word for text in assignments for word in ("--set", text)]
    must("validate", folder / "s.yaml", "-o", folder / "c.h5", "--candidates", 300, *ALONE, *words)
    return summary(folder / "c.h5"), must("summary", folder / "c.h5", "--format", "text")


def check_undecided(folder):
    for assignments in DECIDES_NOTHING:
        found, text = study(folder, *assignments)
        for name in ("undecided_rate", "undecided_rate_mcse", "undecided_rate_given_theta"):
            check(all(value is None for value in found[name]), f"{assignments}: {name} {found[name]}")
        check("the stop rule decides nothing, so no test ends undecided" in flat(text), f"{assignments}: {text}")
    for assignments in DECIDES:
        found, text = study(folder, *assignments)
        at_cut = found["undecided_rate_given_theta"][found["score_point"].index(950)]
        check(at_cut >= 0.5 and all(0 <= value <= 1 for value in found["undecided_rate"]), f"{assignments}: {at_cut}")
        check("decides nothing" not in text, text)
    trace = must("trace", folder / "s.yaml", "--candidate", 1, "--set", "exam.stop.rule=se", "--set", "exam.stop.se=0.6")
    check("the stop rule ended it" in trace and "decision was clear" not in trace, trace)


def flat(text):
    return " ".join(text.split())


# assignments, the sentence
SENTENCES = [
    (["exam.stop.rule=se", "exam.stop.se=0.9"], r"decides every score: it has the information that the stop rule asks for"),
    (["exam.stop.rule=se", "exam.stop.se=0.01"], r"decides no score: it never has the information that the stop rule asks for"),
    (["exam.stop.rule=fixed"], r"the stop rule asks for no information, so no score is decided by it"),
    (["exam.stop.rule=confidence"], r"decides scores up to (\S+) and from (\S+) on, not those between"),
    # a scale of logits: what is between is a part of a point
    (["exam.stop.rule=confidence", "exam.stop.level=0.5", "exam.scale.cut=0.3", "exam.scale.per_logit=0.1", "exam.scale.min=-1",
      "exam.scale.max=2", "validate.cut_from=0.2", "validate.cut_to=0.4", "validate.cut_step=0.1", "validate.score_step=0.1",
      "validate.band_width=0.1"], r"decides scores up to (\S+) and from (\S+) on, not those between"),
]


def check_sentence(folder):
    for assignments, pattern in SENTENCES:
        _, text = study(folder, *assignments)
        words = [word for a in assignments for word in ("--set", a)]
        adequacy = must("bank", "adequacy", folder / "s.yaml", "--candidates", 300, *words)
        must("report", folder / "c.h5", "-o", folder / "c.html")
        said = re.search(pattern, flat(text))
        check(said, f"{assignments}: no '{pattern}' in {text}")
        check(said.group() in flat(adequacy), f"{assignments}: bank adequacy says another thing: {adequacy}")
        check(said.group() in (folder / "c.html").read_text(), f"{assignments}: the page says another thing")
        if said.groups():
            below, above = map(float, said.groups())
            check(below < above, f"{assignments}: nothing is between: {said.group()}")
            check(math.isclose(below + above, 2 * (0.3 if above < 100 else 950), abs_tol=0.4 * (above - below)), said.group())


# ---- time ----

def seconds_of(text):
    number, unit = re.search(r"about (\S+) (s|min|h)\b", text).groups()
    return float(number) * {"s": 1, "min": 60, "h": 3600}[unit]


def used():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


WORK = ("--threads", 1, "--set", "exam.estimate.rule=map", "--set", "exam.min_items=12", "--set", "validate.sittings=100",
        "--set", "validate.cut_step=50", "--candidates", 600)


def check_dry_run(folder):
    before = sorted(folder.iterdir())
    text = must("validate", folder / "s.yaml", "--dry-run", *WORK)
    check(sorted(folder.iterdir()) == before, "--dry-run wrote something")
    check(re.search(r"cuts +5, from 850 to 1050", text) and "score points 141, each with 100 sittings" in text, text)
    check("on 1 thread," in text, text)
    done = call("validate", folder / "s.yaml")
    check(done.returncode == 2 and "-o CUT.h5 is needed" in done.stderr, done.stderr)
    return seconds_of(text)


def watch(words):
    """What a terminal is shown, as the last state of its line after each drawing."""
    here, there = pty.openpty()
    process = subprocess.Popen([PROGRAM, *map(str, words)], stderr=there, stdout=subprocess.DEVNULL,
                               env={**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"})
    os.close(there)
    shown = b""
    while True:
        try:
            part = os.read(here, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(here)
    check(process.wait() == 0, shown.decode())
    return shown.decode()


def check_progress(folder, promised):
    began, clock = used(), time.monotonic()
    shown = watch(("validate", folder / "s.yaml", "-o", folder / "t.h5", *WORK))
    taken = used() - began
    longest = max(taken, time.monotonic() - clock)
    # of the processor, which others may disturb: the promise is right to a factor
    check(taken / 3 < promised < 3 * longest, f"promised {promised} s, took {taken:.2f} s of {longest:.2f}")
    check(re.search(r"5 cuts and 4 changes, 600 candidates each, 141 score points with 100 sittings each: about", shown), shown)
    drawn = re.findall(r"(\d+) %  ([^\r]*?) left", shown)
    shares = [int(share) for share, _ in drawn]
    check(len(drawn) >= 2 and shares == sorted(shares), f"{drawn}")
    check(not any(re.match(r"0(\.0*)? ", left) for _, left in drawn), f"no time is left while work is: {drawn}")
    check("candidates/s" not in shown and "done in" in shown, shown)


def check_small_study(folder):
    """A study of few candidates is mostly preparation: tables of each cut and change, and the trial itself."""
    bank = "id,model,a,b\n" + "".join(f"I{k},3PL,{1 + k % 7 / 5},{k % 31 / 8 - 2}\n" for k in range(600))
    (folder / "many.csv").write_text(bank)
    scenario = folder / "many.yaml"
    scenario.write_text(f"bank: many.csv\nexam:\n  min_items: 20\n  max_items: 40\n{EXAM}{POPULATION}")
    words = (scenario, "--threads", 1, "--candidates", 300, *QUICK)
    began = time.monotonic()
    promised = seconds_of(must("validate", *words, "--dry-run"))
    trial = time.monotonic() - began  # on the same clock and under the same load
    check(0.5 * trial < promised < 3 * trial, f"promised {promised} s of a study whose trial alone took {trial:.2f} s")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_lee(folder)
        (folder / "s.yaml").write_text(f"bank: bank.csv\nexam:\n  min_items: 4\n  max_items: {N_ITEMS}\n{EXAM}{POPULATION}")
        if IS_SANITIZED:
            return 0
        check_undecided(folder)
        check_sentence(folder)
        check_progress(folder, check_dry_run(folder))
        check_small_study(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
