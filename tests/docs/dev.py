"""./dev says what each verb takes and refuses what none knows, before it installs or builds anything; where it cannot write, and
where there is no network, it says so in one line. SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))


def dev(*words, tree=ROOT, **options):
    return subprocess.run([tree / "dev", *words], capture_output=True, text=True, **options)


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def expect_refused(words, says, status=2, **options):
    done = dev(*words, **options)
    check(done.returncode == status and not done.stdout, f"./dev {' '.join(words)}: {done.returncode}: {done.stdout}")
    check(done.stderr.startswith("./dev: ") and done.stderr.count("\n") == 1 and says in done.stderr, done.stderr)


def verbs():
    return re.findall(r"^  (\w+) ", dev("--help").stdout, re.MULTILINE)


def try_words():
    check({"run", "test", "build", "lint"} <= set(verbs()), "verbs of the README")
    for verb in verbs():
        for word in ("-h", "--help"):
            done = dev(verb, word)
            check(done.returncode == 0 and done.stdout.startswith(f"usage: ./dev {verb}"), f"{verb}: {done.stdout}")
        if verb not in ("run", "bench", "help"):  # which hand their arguments on
            expect_refused([verb, "--nonsense"], f"./dev {verb} --help")
    expect_refused(["tset"], "no verb 'tset'")
    expect_refused(["test", "unit/test_csv", "no_such_test"], "no_such_test")
    expect_refused(["build", "--echarts", "no_such_file"], "no_such_file")
    expect_refused(["build", "--echarts", str(ROOT / "README.md")], "SHA-256", status=65)
    names = dev("test", "--list").stdout.split()
    check("unit/test_csv" in names and "docs/dev.py" in names and len(names) == len(set(names)), "names")


def try_no_folder(folder):
    """A tree in which build/ cannot be made: a file of the name stands there, which stops root too."""
    tree = Path(folder, "tree")
    tree.mkdir()
    shutil.copy(ROOT / "dev", tree)
    Path(tree, "build").touch()
    for verb in ("run", "build", "lint", "test"):
        expect_refused([verb], "cannot be written", status=74, tree=tree)


def try_no_network(folder):
    """apt and dpkg-query as on a system that lacks all and has no network."""
    tools = Path(folder, "tools")
    tools.mkdir()
    for name, does in (("dpkg-query", "exit 1"), ("apt-get", "echo 'E: Unable to locate package gcc' >&2; exit 100"),
                       ("sudo", 'exec env "$@"')):
        Path(tools, name).write_text(f"#!/bin/sh\n{does}\n")
        Path(tools, name).chmod(0o755)
    done = dev("run", env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"})
    check(done.returncode == 1 and "is there a network?" in done.stderr.splitlines()[-1], done.stderr)
    log = re.search(r"all that apt said: (\S+)\)", done.stderr)
    os.unlink(log[1])


def main():
    try_words()
    with tempfile.TemporaryDirectory() as folder:
        try_no_folder(folder)
        try_no_network(folder)


if __name__ == "__main__":
    sys.exit(main())
