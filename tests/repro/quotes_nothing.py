"""No message shows what stands in a file that is not what it should be: a scenario can name any path. Planted
secrets stand in the place of every file that a command line, a scenario or a sweep can name, and their words
never come back; the one line says what is expected.

SPDX-License-Identifier: Apache-2.0
"""
import tempfile
from pathlib import Path

from _program import IS_SANITIZED, call, check

WORDS = ["hunter2", "xyzzy", "sesame", "qwertz", "plugh"]
SECRETS = {
    "shadow": "hunter2:$6$xyzzy:19000:0:99999:7:::\nsesame:!:19000::::::\n",
    "pair": "hunter2,xyzzy\nsesame,qwertz\nplugh,qwertz\n",
    "twice": "hunter2,hunter2\nxyzzy,sesame\n",
    "quote": 'hunter2,"xyzzy\nsesame\n',
    "yaml": "hunter2: xyzzy\nsesame: [qwertz, plugh]\n",
    "repeated": "hunter2: xyzzy\nhunter2: sesame\n",
    "broken": "hunter2: [xyzzy\nsesame: }\n",
}
BANK = "id,b\n" + "".join(f"i{k},{k / 20 - 1}\n" for k in range(40))
EXAM = "engine: {candidates: 256}\nexam: {min_items: 5, max_items: 8, pilot_items: 0}\n"
SCENARIOS = {  # where a scenario names a file
    "bank": "bank: SECRET\n" + EXAM,
    "candidates": "bank: bank.csv\npopulation: {candidates_file: SECRET}\n" + EXAM,
    "abilities": "bank: bank.csv\npopulation: {groups: {all: {theta_shape: empirical, theta_file: SECRET}}}\n" + EXAM,
    "holidays": "bank: bank.csv\ncalendar: {holidays_file: SECRET}\n" + EXAM,
    "exposure": "bank: bank.csv\nengine: {candidates: 256}\nexam: {min_items: 5, max_items: 8, pilot_items: 0, "
                "exposure: {rule: sympson_hetter, file: SECRET}}\n",
}
SWEEPS = {
    "base": "base: SECRET\naxes: {policy.wait_days: [15, 30]}\n",
    "rows": "base: good.yaml\ndesign: {rows: SECRET}\n",
}


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bank.csv").write_text(BANK)
        good = folder / "good.yaml"
        good.write_text("bank: bank.csv\n" + EXAM)
        for kind, text in list(SECRETS.items())[::3 if IS_SANITIZED else 1]:
            secret = folder / "secret"
            secret.write_text(text)
            commands = [("check", secret), ("sweep", secret, "-o", folder / "o.h5"), ("summary", secret),
                        ("merge", "-o", folder / "o.h5", secret), ("bank", "info", secret), ("bank", "check", secret),
                        ("calibrate", good, "--targets", secret, "-o", folder / "o.yaml", "--free", "policy.wait_days=1:9"),
                        ("calibrate", good, "--targets", secret, "-o", folder / "o.yaml", "--free", secret),
                        ("replay", good, "--responses", secret)]
            for place, scenario in SCENARIOS.items():
                (folder / f"{place}.yaml").write_text(scenario.replace("SECRET", "secret"))
                commands.append(("check", folder / f"{place}.yaml"))
            for place, sweep in SWEEPS.items():
                (folder / f"{place}.yaml").write_text(sweep.replace("SECRET", "secret"))
                commands.append(("sweep", folder / f"{place}.yaml", "-o", folder / "o.h5"))
            for command in commands:
                done = call(*command)
                said = done.stdout + done.stderr
                check(done.returncode in (2, 65), f"{kind}: {command[:2]}: status {done.returncode}: {said}")
                check(not any(word in said for word in WORDS), f"{kind}: {command[:2]} shows the secret: {said}")
                check(done.stderr.strip(), f"{kind}: {command[:2]}: nothing on standard error")


main()
