"""Who follows the recipes of docs/recipes to the letter has a tree that builds without a warning and passes its tests.

A comment above a fenced block says where the block goes:
    <!-- new: PATH -->                               a file
    <!-- into: PATH | [FROM |] before | TEXT -->     before the first line with TEXT, from the line with FROM on; or after
and anywhere
    <!-- add 1: PATH | TEXT -->                      to the number behind TEXT
All are followed at once, in a copy of the tree. SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
BLOCK = re.compile(r"^ *<!-- (new|into): ([^\n]*) -->\n( *)```\w*\n(.*?)^\3```", re.MULTILINE | re.DOTALL)
ADD_ONE = re.compile(r"<!-- add 1: (\S+) \| (.*?) -->")
TESTS = r"unit/|lint/|golden/|docs/(man|completion)"


def run(*words, **options):
    done = subprocess.run([*map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}: status {done.returncode}\n{done.stdout[-6000:]}")
    return done.stdout


def put_into(path, text, from_line, side, anchor):
    lines = path.read_text().splitlines(keepends=True)
    begin = next((i for i, line in enumerate(lines) if from_line in line), None)
    if begin is None:
        sys.exit(f"{path}: no line with {from_line}")
    at = next((i for i in range(begin, len(lines)) if anchor in lines[i]), None)
    if at is None:
        sys.exit(f"{path}: no line with {anchor} behind {from_line}")
    lines.insert(at + (side == "after"), text)
    path.write_text("".join(lines))


def follow(recipe, tree):
    """The number of blocks."""
    text = recipe.read_text()
    found = list(BLOCK.finditer(text))
    for match in found:
        words = [word.strip() for word in match[2].split("|")]
        block = textwrap.dedent(match[4])
        path = tree / words[0]
        if match[1] == "new":
            if path.exists():
                sys.exit(f"{recipe.name}: {words[0]} is there")
            path.write_text(block)
        else:
            put_into(path, block, words[1] if len(words) == 4 else "", words[-2], words[-1])
    for match in ADD_ONE.finditer(text):
        path = tree / match[1]
        before = path.read_text()
        after = re.sub(re.escape(match[2]) + r" (\d+)", lambda m: f"{match[2]} {int(m[1]) + 1}", before)
        if after == before:
            sys.exit(f"{recipe.name}: no {match[2]} in {match[1]}")
        path.write_text(after)
    return len(found) + len(ADD_ONE.findall(text))


def try_rules(tree, program):
    """What the recipes say of the rules, as a user would see it."""
    scenario = tree / "configs/emr.yaml"

    def statistics(*words):
        out = tree / "out.h5"
        run(program, "run", scenario, "-o", out, "--candidates", "1000", *words)
        return json.loads(run(program, "summary", out, "--json"))["attributes"]["statistics_digest"]

    run("cc", "-O2", "-shared", "-fPIC", tree / "my_rules.c", "-o", tree / "my_rules.so", "-I", tree / "include")
    outside = ("--rules", tree / "my_rules.so", "--set", "exam.select.randomesque=1")
    if statistics(*outside, "--set", "exam.select.rule=nearest") != \
            statistics(*outside, "--set", "exam.select.rule=closest_difficulty"):
        sys.exit("nearest is not closest_difficulty")
    statistics(*outside, "--set", "exam.stop.rule=after_61")
    for change in ("exam.stop.rule=any(far, confidence)", "exam.select.rule=midway", "exam.exposure.rule=shy_start",
                   "exam.content.rule=rotation", "exam.estimate.rule=cauchy"):
        statistics("--set", change)


def main():
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        run("git", "clone", "--quiet", "--no-hardlinks", ROOT, tree)
        recipes = sorted((tree / "docs/recipes").glob("*.md"))
        followed = {recipe.name: follow(recipe, tree) for recipe in recipes}
        build = tree / "build/release"
        run("cmake", "--preset", "developer", "-G", "Ninja", cwd=tree)
        run("cmake", "--build", build)
        (tree / "docs/parameters.md").write_text(run(build / "retake", "params", "--markdown"))
        run("./dev", "format", cwd=tree)
        run("cmake", "--build", build)
        print(run("ctest", "--test-dir", build, "--output-on-failure", "-LE", "^long$", "-R", TESTS).splitlines()[-3:])
        try_rules(tree, build / "retake")
        print("\n".join(f"{name}: {n} blocks" for name, n in followed.items()))


if __name__ == "__main__":
    main()
