"""Runs the code in the pages of docs/ and compares what it prints.

Comments above a fenced block say what is done with it:
    <!-- run -->           run it: sh, python or r
    <!-- output -->        what the block before prints
    <!-- file: NAME -->    write it to a file of this name first
    <!-- source: PATH -->  it is a copy of the file at PATH in the tree
Each page has an empty folder with configs/, docs/, build/release/ and results/, and retake on its path.
"..." among printed lines stands for any lines; blanks within a line are all alike. Quick: few candidates; numbers and
bars may differ, the rest not. Full: the candidates of the page, and every digit counts. SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
PROGRAM = Path(os.environ.get("RETAKE") or ROOT / "build/release/retake")
FEW = os.environ.get("RETAKE_DOCS_CANDIDATES", "1000")
INTERPRETERS = {"sh": ["bash", "-eo", "pipefail", "-c"], "python": [sys.executable, "-c"], "r": ["Rscript", "-e"]}
NOT_INSTALLED = {"no package called ‘ncdf4’": "r-cran-ncdf4", "No module named 'xarray'": "python3-xarray"}
ANY = "..."
NUMBER = re.compile(r"[-+]?(?:\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?|\bnan\b)")
BARS = re.compile("[\u2580-\u259f]+")


class Block:
    def __init__(self, page, line, language, does, text):
        self.page, self.line, self.language, self.does, self.text = page, line, language, does, text

    def where(self):
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page):
    """The blocks that a comment says something of."""
    does, fence, found = None, None, []
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if fence is not None:
            if line.strip() == "```":
                if fence.does:
                    found.append(fence)
                fence = None
            else:
                fence.text.append(line)
        elif line.startswith("```"):
            fence, does = Block(page, number + 1, line[3:].strip(), does, []), None
        elif match := re.fullmatch(r"<!-- (run|output|file: \S+|source: \S+) -->", line):
            does = match[1]
    return found


def shape(line):
    return " ".join(NUMBER.sub("#", BARS.sub("", line)).split())


def unlike(expected, printed, same):
    """The first expected line that is not printed where it should be, or None."""
    at, may_skip = 0, False
    for line in expected:
        if line.strip() == ANY:
            may_skip = True
            continue
        while may_skip and at < len(printed) and not same(line, printed[at]):
            at += 1
        if at == len(printed) or not same(line, printed[at]):
            return line
        at, may_skip = at + 1, False
    return None if may_skip or at == len(printed) else f"(and no more than that) {printed[at]}"


def exactly(left, right):
    return left.split() == right.split()


def alike(left, right):
    return shape(left) == shape(right)


class Run:
    """One page in its folder."""

    def __init__(self, page, folder, full):
        self.page, self.folder, self.full, self.wrong, self.missing = page, folder, full, [], set()
        for name in ("configs", "docs"):
            (folder / name).symlink_to(ROOT / name)
        (folder / "build/release").mkdir(parents=True)
        (folder / "build/release/retake").symlink_to(PROGRAM)
        (folder / "results").mkdir()
        self.environment = {**os.environ, "PATH": f"{folder}/build/release:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    def fewer(self, text):
        if self.full:
            return text
        return re.sub(r"(--candidates[ =]|\bcandidates: |engine\.candidates=)\d+", rf"\g<1>{FEW}", text)

    def compare(self, where, expected, printed):
        line = unlike(expected, printed, exactly if self.full else alike)
        if line is not None:
            self.wrong.append(f"{where}: not printed: {line}\n    but\n" + "\n".join(f"      {p}" for p in printed))

    def command(self, block):
        """The lines that it prints; None where it cannot be run here."""
        text = "\n".join(block.text)
        if block.language == "r" and not shutil.which("Rscript"):
            self.missing.add("r-base-core")
            return None
        done = subprocess.run([*INTERPRETERS[block.language], self.fewer(text)], cwd=self.folder, env=self.environment, check=False,
                              capture_output=True, text=True, timeout=3000)
        first = text.splitlines()[0]
        for told, package in NOT_INSTALLED.items():
            if done.returncode != 0 and told in done.stderr:
                self.missing.add(package)
                return None
        if done.returncode != 0 and "ECharts" in done.stderr:
            print(f"{block.where()}: without ECharts: {first}")
            return None
        if done.returncode != 0:
            self.wrong.append(f"{block.where()}: status {done.returncode} of {first}: {done.stderr[-2000:]}")
        for name in re.findall(r"(?:^| )(?:-o|--output)[ =]['\"]?([^\s'\"$]+)", text):
            if not (self.folder / name).is_file():
                self.wrong.append(f"{block.where()}: no {name}")
        return done.stdout.splitlines()

    def block(self, block, printed):
        kind, _, name = block.does.partition(": ")
        if kind == "source":
            if "\n".join(block.text) + "\n" != (ROOT / name).read_text():
                self.wrong.append(f"{block.where()}: is not {name}")
        elif kind == "file":
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.fewer("\n".join(block.text) + "\n"))
        elif kind == "output":
            if printed is not None:
                self.compare(block.where(), block.text, printed)
        else:
            printed = self.command(block)
        return printed


def untold(page):
    """Decimal figures of the text that no block of the page shows."""
    text = page.read_text()
    told = set(re.findall(r"\d+\.\d+", "".join(re.findall(r"^```.*?^```", text, re.M | re.S))))
    prose = re.sub(r"^```.*?^```|`[^`]*`|\]\([^)]*\)", "", text, flags=re.M | re.S)
    return sorted(set(re.findall(r"(?<![\w.])\d+\.\d+(?![\w.]*\w)", prose)) - told)


def check_page(page, full):
    todo = blocks(page)
    if not todo:
        return [], set(), 0
    with tempfile.TemporaryDirectory() as folder:
        run, printed = Run(page, Path(folder), full), None
        for block in todo:
            printed = run.block(block, printed)
    if any(block.does == "run" for block in todo):
        run.wrong += [f"{page.relative_to(ROOT)}: {figure} is printed by nothing on the page" for figure in untold(page)]
    return run.wrong, run.missing, len(todo)


def main(full):
    """Arguments: pages; without any, all."""
    pages = [Path(name).resolve() for name in sys.argv[1:]] or sorted((ROOT / "docs").rglob("*.md"))
    wrong, missing, n_blocks = [], set(), 0
    for page in pages:
        found = check_page(page, full)
        wrong += found[0]
        missing |= found[1]
        n_blocks += found[2]
    print("\n".join(wrong) or f"{n_blocks} blocks")
    if missing:
        print("not installed:", " ".join(sorted(missing)))
    if wrong or n_blocks == 0:
        return 1
    return 0 if not missing else 1 if os.environ.get("RETAKE_REQUIRE_INTEROP") == "1" else 77
