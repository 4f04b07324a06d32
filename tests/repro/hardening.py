"""What the programs of the build are like before any of their code runs.

Of every build:
- No executable and no shared object has an element of its RUNPATH that is empty or relative (both mean the working
  folder), or a folder that its group or everybody may write to.
- A folder holds an empty library by the name of each that retake loads: retake, started in it, loads none of them.

Of the release, which is hardened as Debian hardens its own:
- Every program is position-independent, its stack holds no code, its relocations are done at the start and read-only
  from then on.
- What is installed calls stack protectors and fortified functions.
- On x86-64 every object is ready for control-flow enforcement. (The linker says so of the whole program only where the
  C library's own objects are: not on Debian 12.)

SPDX-License-Identifier: Apache-2.0
"""
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from _program import BUILD, PROGRAM, SKIPPED, call, check

INSTALLED = ("retake", "retake-mpi", "libretake.so")


def readelf(*words):
    """(file, or member of an archive, and what readelf says of it)."""
    done = subprocess.run(["readelf", "--wide", *map(str, words)], capture_output=True, text=True)
    parts = re.split(r"^File: (.*)$", done.stdout, flags=re.M)
    return list(zip(parts[1::2], parts[2::2])) or [(str(words[-1]), done.stdout)]


def programs():
    """Executables and shared objects, not what they are made of."""
    for folder, folders, names in os.walk(BUILD):
        folders[:] = [name for name in folders if name != "CMakeFiles"]
        for path in (Path(folder, name) for name in names):
            if path.is_file() and not path.is_symlink() and path.suffix not in (".o", ".a"):
                with open(path, "rb") as file:
                    if file.read(4) == b"\x7fELF":
                        yield path


# ---- from where libraries are loaded ----

def is_bad(element):
    if not element.startswith("/"):
        return True
    return os.path.isdir(element) and os.stat(element).st_mode & (stat.S_IWGRP | stat.S_IWOTH) != 0


def run_path_faults(name, text):
    for run_path in re.findall(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]$", text, re.M):
        bad = [element for element in run_path.split(":") if is_bad(element)]
        if bad:
            yield f"{name}: RUNPATH '{run_path}' has {bad}"


def plant():
    (_, text), = readelf("--dynamic", PROGRAM)
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]$", text, re.M)
    check("libc.so.6" in needed and len(needed) > 5, f"{PROGRAM} loads {needed}")
    with tempfile.TemporaryDirectory() as folder:
        for name in needed:
            subprocess.run(["cc", "-shared", "-nostdlib", "-x", "c", "-", "-o", Path(folder, name)],
                           input="int planted;\n", text=True, check=True)
        searched = call("--version", cwd=folder, env={**os.environ, "LD_LIBRARY_PATH": "."})
        check(searched.returncode == 127, f"loaded, they should stop it: {searched}")
        done = call("--version", cwd=folder)
        check(done.returncode == 0 and done.stdout.startswith("retake "), f"in a folder of planted libraries: {done}")


# ---- hardening ----

def is_hardened():
    cache = (BUILD / "CMakeCache.txt").read_text()
    return all(re.search(pattern, cache, re.M) for pattern in
               (r"^RETAKE_HARDENING:BOOL=(ON|1|TRUE)$", r"^CMAKE_BUILD_TYPE:.*=Release$", r"^RETAKE_SANITIZE:.*=$"))


def program_faults(name, text):
    for what, pattern in (("position-independent", r"^ +Type: +DYN"), ("RELRO", r"^ +GNU_RELRO"),
                          ("BIND_NOW", r"BIND_NOW|Flags:.*\bNOW\b"), ("RW stack", r"^ +GNU_STACK .* RW +0x")):
        if not re.search(pattern, text, re.M):
            yield f"{name}: not {what}"


def installed_faults():
    for name, text in readelf("--dyn-syms", *(BUILD / name for name in INSTALLED if (BUILD / name).exists())):
        for symbol in ("__stack_chk_fail", "__(?!stack)[a-z]+_chk"):
            if not re.search(rf" {symbol}\b", text):
                yield f"{name}: calls no {symbol}"


def object_faults():
    if platform.machine() != "x86_64":
        return
    objects = readelf("--notes", BUILD / "libretake_rooms.a")
    check(len(objects) > 100, f"libretake_rooms.a has {len(objects)} objects")
    for name, text in objects:
        if not re.search(r"x86 feature: .*IBT, .*SHSTK", text):
            yield f"{name}: no IBT, SHSTK"


def main():
    if not shutil.which("readelf") or not shutil.which("cc"):
        return SKIPPED
    paths, faults = list(programs()), []
    check(Path(PROGRAM) in paths and len(paths) > 3, f"only {len(paths)} programs in {BUILD}")
    for name, text in readelf("--file-header", "--program-headers", "--dynamic", *paths):
        faults += run_path_faults(name, text)
        faults += program_faults(name, text) if is_hardened() else []
    if is_hardened():
        faults += [*installed_faults(), *object_faults()]
    check(not faults, "\n".join(["", *faults[:20]]))
    plant()
    print(f"{len(paths)} programs, {'hardened' if is_hardened() else 'not hardened'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
