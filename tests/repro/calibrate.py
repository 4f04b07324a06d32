"""retake calibrate as its user sees it: wrong options and files, a fit whose answer is known, the fitted
scenario, what it says of parameters that are not identified. SPDX-License-Identifier: Apache-2.0
"""
import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _program import IS_SANITIZED, PROGRAM, ROOT, call, check, must, summary

SCENARIO = """# a board's own scenario
engine: {candidates: 50000, seed: 5}
exam: {form: normal, sem: 0.3333, cut_theta: 0}
population:
  groups: {all: {theta_mean: 0.2, theta_sd: 1}}  # to be fitted
deficits: {knowledge: 1, cv: 0.5}
study: {none: 0, broad: 1, targeted: 0}
policy: {attempts_per_cycle: 3, max_cycles: 1}
leave: {after_fail: 0.3}
"""
MEAN, GAIN = "population.groups.all.theta_mean", "study.repair_per_hour"
TRUTH = {MEAN: 1.4, GAIN: 0.2}
FREE = ("--free", f"{MEAN}=-1:3", "--free", f"{GAIN}=0:0.6")
N = 5000 if IS_SANITIZED else 20000
GOOD = "statistic,value\ncumulative_pass_rate[attempt=1],0.7\n"
FIT = ["calibrate", "s.yaml", "--targets", "t.csv", *FREE, "-o", "f.yaml"]

# words after "calibrate", what standard error says
USAGE_ERRORS = [
    ([], "exactly one scenario is needed"),
    (["s.yaml"], "--targets TARGETS.csv is needed"),
    (["s.yaml", "--targets", "t.csv"], "-o FITTED.yaml is needed"),
    (["s.yaml", "--targets", "t.csv", "-o", "f"], "--free KEY=LOW:HIGH is needed"),
    (FIT[1:] + ["--candidates", "0"], "--candidates 0: a whole number from 1"),
    (FIT[1:] + ["--fere", "x"], "unknown option --fere; did you mean --free?"),
    (FIT[1:] + ["--free", "policy.wait_day=0:1"], "unknown key; did you mean 'policy.wait_days'?"),
    (FIT[1:] + ["--free", "policy.max_cycles=1:3"], "only a parameter that is a real number"),
    (FIT[1:] + ["--free", "policy.fee=3"], "KEY=LOW:HIGH or KEY=LOW:HIGH:START is needed"),
    (FIT[1:] + ["--free", "policy.fee=3:2"], "the low bound must be below the high one"),
    (FIT[1:] + ["--free", "policy.fee=1:2:3"], "the start must lie within the bounds"),
    (FIT[1:] + ["--free", f"{GAIN}=0:1"], "stands twice"),
]

# targets, what standard error says after "retake: t.csv:"
BAD_TARGETS = [
    ("", "1:1: "),
    ("statistic\nx\n", "1:1: no column value"),
    ("statistic,value\n", "1:1: no row below the header"),
    ("statistic,valeu\nx,1\n", "1:11: unknown column 'valeu'; did you mean 'value'?"),
    ("statistic,value\nx,y\n", "2:3: column value: expected a number, not 'y'"),
    ("statistic,value\n[x,0.5\n", "2:1: column statistic: [x: not the address"),
    ("statistic,value\npas_rate[attempt=1],0.5\n",
     "2:1: column statistic: pas_rate[attempt=1]: unknown statistic 'pas_rate'; did you mean 'pass_rate'?"),
    ("statistic,value\npass_rate[attempt=9],0.5\n", "2:1: column statistic: pass_rate[attempt=9]: no attempt is '9'"),
    ("statistic,value,group\npass_rate[attempt=1],0.5,rural\n", "no group is 'rural'"),
    ("statistic,value\nseats,0.5\n", "seats: a count grows with the candidates simulated"),
    ("statistic,value\npass_rate[attempt=1],70\n", "2:22: column value: a figure that is no rate needs a se"),
    ("statistic,value,n\npass_rate[attempt=1],70,465\n", "a share, not per cent"),
    ("statistic,value,n,se\npass_rate[attempt=1],.7,465,.01\n", "give one of se, n and tolerance"),
    ("statistic,value,se\npass_rate[attempt=1],.7,0\n", "2:25: column se: must be above 0"),
    ("statistic,value,role\npass_rate[attempt=1],.7,fitt\n", "column role: expected fit or predict, not 'fitt'"),
    ("statistic,value,role\npass_rate[attempt=1],.7,predict\n", "no target to fit"),
    ("statistic,value,n\ncumulative_pass_rate[attempt=1],.61,900\ncumulative_pass_rate[attempt=2],.48,700\n",
     "3:33: column value: 0.48 by attempt 2 and 0.61 by attempt 1 (line 2): whoever has passed by one attempt has "
     "passed by the next, so these cannot be rates of one group"),
    ('statistic,value,n,role\n"cumulative_pass_rate[group=all,attempt=3]",.7,900,predict\n'
     "cumulative_pass_rate[attempt=1],.86,900,fit\n",
     "3:33: column value: 0.86 by attempt 1 and 0.7 by attempt 3 (line 2)"),
]
# a fall within the noise is said, and no more
FALLS = ("statistic,value,n\ncumulative_pass_rate[attempt=1],.742,300\ncumulative_pass_rate[attempt=2],.731,200\n",
         "t.csv:3:33: column value: 0.731 by attempt 2 and 0.742 by attempt 1 (line 2)")
# no fall: another group, the same rate, another figure
RISES = ("statistic,value,n\ncumulative_pass_rate[attempt=2],.742,300\ncumulative_pass_rate[attempt=3],.742,300\n"
         "pass_rate[attempt=3],.3,90\n")


def expect(words, status, message, folder):
    done = call(*words, cwd=folder)
    lines = done.stderr.splitlines()
    check(done.returncode == status, f"{words}: status {done.returncode}: {done.stderr}")
    check(done.stdout == "" and len(lines) == 1 and message in lines[0], f"{words}: no '{message}': {done.stderr}")
    check(not (folder / "f.yaml").exists(), f"{words}: a file was written")


def check_refusals(folder):
    (folder / "t.csv").write_text(GOOD)
    for words, message in USAGE_ERRORS:
        expect(["calibrate", *words], 2, message, folder)
    for text, message in BAD_TARGETS:
        (folder / "t.csv").write_text(text)
        expect(FIT, 65, message, folder)
    (folder / "t.csv").write_text(GOOD)
    expect(FIT[:-1] + ["none/f.yaml"], 74, "cannot write", folder)
    (folder / "free.csv").write_text("key,low,high\npolicy.fee,0,x\n")
    expect(["calibrate", "s.yaml", "--targets", "t.csv", "--free", "free.csv", "-o", "f.yaml"], 65,
           "free.csv:2:14: column high: expected a number", folder)


def published(folder, values, n):
    """Rates within 1, 2 and 3 attempts of n candidates simulated with these values; their targets file."""
    words = [word for key, value in values.items() for word in ("--set", f"{key}={value}")]
    must("run", "s.yaml", "-o", "truth.h5", "--candidates", n, "--seed", 77, *words, cwd=folder)
    found = summary(folder / "truth.h5")
    attempted, rates = found["n_attempted"][0][0], found["cumulative_pass_rate"][0]
    rows = [f"cumulative_pass_rate[attempt={k}],{rates[k - 1]},{attempted}" for k in (1, 2, 3)]
    (folder / "t.csv").write_text("\n".join(["statistic,value,n", *rows]) + "\n")


def check_recovery(folder):
    """A large sample's parameters are found again, and the fitted scenario gives its rates."""
    published(folder, TRUTH, 200000)
    found = json.loads(must(*FIT, "--json", "--candidates", 100000, cwd=folder))
    for parameter in found["parameters"]:
        z = (parameter["estimate"] - TRUTH[parameter["key"]]) / parameter["se"]
        check(abs(z) < 4 and parameter["identified"], f"{parameter}: z {z:.2f}")
        check(parameter["se"] < 0.03, f"200,000 candidates leave a large error: {parameter}")
    check(all(abs(target["z"]) < 4 for target in found["targets"]), f"targets: {found['targets']}")
    check(found["degrees_of_freedom"] == 1 and found["chi_square"] < 16, f"chi-square {found['chi_square']}")
    check(found["warnings"] == [], f"warnings: {found['warnings']}")
    text = (folder / "f.yaml").read_text()
    check("# a board's own scenario" in text and "# to be fitted" in text, f"comments are lost:\n{text}")
    check("candidates: 50000, seed: 5" in text, "the engine's settings have changed")
    must("run", "f.yaml", "-o", "f.h5", cwd=folder)
    rates = summary(folder / "f.h5")["cumulative_pass_rate"][0]
    for target, rate in zip(found["targets"], rates):
        check(abs(rate - target["published"]) < 0.012, f"the fitted scenario gives {rate}: {target}")


def check_falls(folder):
    """Cumulative rates that fall by no more than their noise: a word before the search, and in the report."""
    for text, word in (FALLS, (RISES, None)):
        (folder / "t.csv").write_text(text)
        done = call(*FIT[:3], folder / "t.csv", "--free", f"{MEAN}=0:2:1", "-o", "f.yaml", "--candidates", 2048,
                    cwd=folder)
        check(done.returncode == 0, done.stderr)
        if word:
            check(done.stderr.startswith(f"retake: warning: {word}"), f"not before the search: {done.stderr}")
            check(word.split(": ")[-1] in " ".join(done.stdout.split()), f"not in the report: {done.stdout}")
            check(str(folder) not in (folder / "f.yaml").read_text(), "a folder in the report")
        else:
            check("whoever has" not in done.stderr + done.stdout, f"not a fall: {done.stderr}")


def check_same_bytes(folder):
    """Whatever the number of threads; a fitted scenario fitted again carries one report."""
    texts = []
    for threads in (1, 3):
        must(*FIT, "--candidates", 20000, "--threads", threads, cwd=folder)
        texts.append((folder / "f.yaml").read_text())
    check(texts[0] == texts[1], "the fit depends on the number of threads")
    again = ["calibrate", "f.yaml", *FIT[2:-1], "g.yaml"]
    must(*again, "--candidates", 20000, cwd=folder)
    check((folder / "g.yaml").read_text().count("# Fitted by retake calibrate.") == 1, "two reports")


def check_gain_and_return(folder):
    done = must(*FIT, "--free", "leave.after_fail=0.05:0.9", "--candidates", N, cwd=folder)
    flat = " ".join(done.split())
    check("gain and who returns are not separately identifiable from cumulative rates" in flat, done)
    (folder / "t.csv").write_text(GOOD)
    done = " ".join(must(*FIT, "--candidates", N, cwd=folder).split())
    check(f"the targets do not identify {GAIN}" in done and "not identified" in done, done)


def check_paths(folder):
    """A bank is still found from another folder."""
    (folder / "out").mkdir()
    (folder / "t.csv").write_text("statistic,value,tolerance\ncumulative_pass_rate[attempt=3],0.74,0.03\n")
    must("calibrate", ROOT / "configs/emr.yaml", "--targets", "t.csv", "--free", f"{MEAN}=0:2", "-o", "out/emr.yaml",
         "--candidates", 4000, cwd=folder)
    must("check", "out/emr.yaml", cwd=folder)
    check(f"bank: {ROOT}" not in (folder / "out/emr.yaml").read_text(), "a machine's path")


def check_interrupt(folder):
    process = subprocess.Popen([PROGRAM, *FIT, "--candidates", "2000000000"], cwd=folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    message = process.communicate(timeout=60)[1]
    check(process.returncode == 130, f"Ctrl-C: status {process.returncode}: {message}")
    check("interrupted after" in message.splitlines()[-1], message)
    check(not (folder / "f.yaml").exists(), "an interrupted fit was written")


def main():
    steps = (check_refusals, check_recovery, check_falls, check_same_bytes, check_gain_and_return, check_paths,
             check_interrupt)
    for step in steps if not IS_SANITIZED else (check_refusals, check_falls, check_gain_and_return, check_paths,
                                                      check_interrupt):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "s.yaml").write_text(SCENARIO)
            (folder / "t.csv").write_text(GOOD)
            if step in (check_same_bytes, check_gain_and_return):
                published(folder, TRUTH, 5000)
            step(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
