"""Every compiler on this machine, gcc from 12 and clang from 14, builds the program without a warning, and its statistics have
the digests of the release build. SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _digests import EMR, cases, differing
from _program import IS_SANITIZED, ROOT, SKIPPED, check

OLDEST = {"gcc": 12, "clang": 14}
FOLDER = ROOT / "build/compilers"


def compilers():
    """gcc-12, gcc-13 .. that are installed, by name and number."""
    found = set()
    for folder in os.environ["PATH"].split(os.pathsep):
        for path in Path(folder).glob("*-[0-9]*"):
            match = re.fullmatch(r"(gcc|clang)-(\d+)", path.name)
            if match and int(match.group(2)) >= OLDEST[match.group(1)] and os.access(path, os.X_OK):
                found.add((match.group(1), int(match.group(2))))
    return [f"{name}-{number}" for name, number in sorted(found)]


def call(*words):
    return subprocess.run([*map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def compile_program(compiler):
    """The program that a compiler makes; None where it has no OpenMP."""
    build = FOLDER / compiler
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    done = call("cmake", *generator, "-S", ROOT, "-B", build, f"-DCMAKE_C_COMPILER={compiler}", "-DCMAKE_BUILD_TYPE=Release",
                "-DRETAKE_TESTS=OFF", "-DRETAKE_BENCH=OFF", "-DRETAKE_WERROR=ON")
    if done.returncode != 0 and "OpenMP" in done.stdout:
        return None
    if done.returncode == 0:
        done = call("cmake", "--build", build, "-j", os.cpu_count(), "--target", "retake")
    check(done.returncode == 0, f"{compiler}: {done.stdout[-4000:]}")
    return build / "retake"


def main():
    if IS_SANITIZED:
        print("the program that is compared is the release build's")
        return SKIPPED
    failed, expected = [], {}
    with tempfile.TemporaryDirectory() as folder:
        words_of = {"20,000 candidates": ["run", EMR, "--candidates", 20000], **cases(folder)}
        for compiler in compilers():
            print(f"---- {compiler}")
            program = compile_program(compiler)
            if program:
                failed += [f"{compiler}: {name}" for name in differing([program], words_of, folder, expected)]
            else:
                print("skipped: it has no OpenMP")
    check(not failed, f"other digests: {'; '.join(failed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
