"""Every command has a man page that formats without complaint and knows every option that the source takes.

The options are read from the tables in sim/cli, not from --help, of which the pages are made.
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
CLI = ROOT / "sim/cli"
ROW = re.compile(r'"([a-z][a-z-]+)",\s*(?:(?:no|required|optional)_argument|\.[a-z_]+ = )')
SECTIONS = ("NAME", "SYNOPSIS", "EXIT STATUS", "SEE ALSO")


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)


def shared_rows():
    """The macros of the headers that stand for rows of options, with their text."""
    text = "\n".join(header.read_text() for header in sorted(CLI.glob("*.h"))).replace("\\\n", " ")
    return re.findall(r"^#define (CLI_[A-Z_]+)(.*)$", text, re.M)


def options_of(source, shared):
    """The long options of a command's source file."""
    text = source.read_text()
    return set(ROW.findall(text + "".join(body for macro, body in shared if re.search(rf"\b{macro}\b", text))))


def sources(command):
    """cmd_run.c; cmd_bank.c and its verbs cmd_bank_*.c."""
    return sorted(CLI.glob(f"cmd_{command}.c")) + sorted(CLI.glob(f"cmd_{command}_*.c"))


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
    shared, n_options = shared_rows(), 0
    for command in commands:
        options = set().union(*(options_of(source, shared) for source in sources(command))) - {"help"}
        n_options += len(options)
        wrong += check_page(f"retake-{command}", options)
    written = {page.stem for page in MAN.glob("*.1")}
    wrong += [f"{name}: of no command" for name in written - {f"retake-{command}" for command in commands} - {"retake", "retake-mpi"}]
    text = (MAN / "retake.1").read_text().replace("\\-", "-")
    wrong += [f"retake: {command} is not listed" for command in commands if f"retake-{command}" not in text]
    statuses = set(re.findall(r"^\.TP\n\\fB(\d+)\\fR$", text, re.M))
    listed = set(re.findall(r"^ +X\([A-Z]+, (\d+),", (ROOT / "include/retake/base/err.h").read_text(), re.M))
    wrong += [f"retake: exit status {status}" for status in sorted(statuses ^ listed)]
    told = set(re.findall(r"^\| (\d+) \|", (ROOT / "docs/exit-codes.md").read_text(), re.M))
    wrong += [f"docs/exit-codes.md: {status}" for status in sorted(told ^ listed)]
    print("\n".join(wrong) or f"{len(written)} pages, {n_options} options")
    return 1 if wrong or len(commands) < 12 or n_options < 60 else 0


if __name__ == "__main__":
    sys.exit(main())
