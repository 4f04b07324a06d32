"""Every command has a man page that formats without complaint and knows every option that the source takes.

The options are read from the getopt tables in sim/cli, not from --help, of which the pages are made.
SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(os.environ["RETAKE_SOURCE_DIR"])
MAN = Path(os.environ["RETAKE_BUILD_DIR"]) / "help/man"
MACROS = {"CLI_SOURCE_OPTIONS": "options.h", "CLI_DURABLE_OPTIONS": "durable_options.h"}
SECTIONS = ("NAME", "SYNOPSIS", "EXIT STATUS", "SEE ALSO")


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)


def getopt_options(source):
    """The long options of a command's source file."""
    text = source.read_text()
    for macro, header in MACROS.items():
        if macro in text:
            text += (source.parent / header).read_text()
    return set(re.findall(r'\{?\s*"([a-z][a-z-]*)", (?:no|required|optional)_argument', text))


def sources(command):
    """cmd_run.c; cmd_bank.c and its verbs cmd_bank_*.c."""
    return sorted((ROOT / "sim/cli").glob(f"cmd_{command}.c")) + sorted((ROOT / "sim/cli").glob(f"cmd_{command}_*.c"))


def complaints(page):
    """What mandoc, else groff, has against it. The pages bear no date on purpose."""
    if shutil.which("mandoc"):
        lines = run("mandoc", "-Tlint", "-Wwarning", page).stdout.splitlines()
        return [line for line in lines if "missing date" not in line]
    if shutil.which("groff"):
        return run("groff", "-man", "-Tutf8", "-ww", "-z", page).stderr.splitlines()
    return []


def check_page(name, options):
    page = MAN / f"{name}.1"
    if not page.exists():
        return [f"{name}: no page"]
    text = page.read_text().replace("\\-", "-")
    wrong = complaints(page)
    wrong += [f"{name}: no section {title}" for title in SECTIONS if f".SH {title}\n" not in text]
    wrong += [f"{name}: no --{option}" for option in sorted(options)
              if not re.search(rf"--{option}(?![a-z-])", text)]
    return wrong


def main():
    if not MAN.exists():
        print("no man pages in this build")
        return 77
    commands = [line.split("\t")[0] for line in run(os.environ["RETAKE"], "--commands").stdout.splitlines()]
    wrong = check_page("retake", {"help", "version"})
    n_options = 0
    for command in commands:
        options = set().union(*map(getopt_options, sources(command))) - {"help"}
        n_options += len(options)
        wrong += check_page(f"retake-{command}", options)
    written = {page.stem for page in MAN.glob("*.1")}
    wrong += [f"{name}: of no command" for name in written - {f"retake-{command}" for command in commands} - {"retake"}]
    text = (MAN / "retake.1").read_text().replace("\\-", "-")
    wrong += [f"retake: {command} is not listed" for command in commands if f"retake-{command}" not in text]
    statuses = set(re.findall(r"^\.TP\n\\fB(\d+)\\fR$", text, re.M))
    listed = set(re.findall(r"^ +X\([A-Z]+, (\d+),", (ROOT / "include/retake/base/err.h").read_text(), re.M))
    wrong += [f"retake: exit status {status}" for status in sorted(statuses ^ listed)]
    print("\n".join(wrong) or f"{len(written)} pages, {n_options} options")
    return 1 if wrong or len(commands) < 12 or n_options < 60 else 0


if __name__ == "__main__":
    sys.exit(main())
