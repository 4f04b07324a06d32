"""The rooms of the house stand in one order, and each needs only rooms below it.

Reads the #include lines of sim/ and include/retake/. SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import sys
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
FLOORS = [["base"], ["config"], ["irt"], ["cat", "person"], ["pathway"], ["tally"], ["store"],
          ["engine"], ["study"], ["report"], ["cli"]]
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
INSTALLED = {"retake.h": "engine", "retake/rule.h": "cat"}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
# What only one folder may use: pattern of a line, that folder.
OWNED = [(re.compile(r'^\s*#\s*include\s+[<"](hdf5|H5)'), "sim/store/"),
         (re.compile(r'^\s*#\s*include\s+[<"]nlopt'), "sim/study/"),
         (re.compile(r'^\s*#\s*include\s+[<"](omp|mpi)\.h'), "sim/engine/"),
         (re.compile(r'^\s*#\s*pragma\s+omp|_Pragma\s*\(\s*"omp'), "sim/engine/")]
IRT_FORBIDDEN = {"stdio.h", "time.h", "sys/time.h", "unistd.h", "fcntl.h", "sys/stat.h",
                 "retake/base/rng.h", "retake/base/file.h"}


def room_of(path):
    """The room of a file, "" for a folder that is none."""
    parts = path.relative_to(ROOT).parts
    installed = "/".join(parts[1:])
    if parts[0] == "include" and installed in INSTALLED:
        return INSTALLED[installed]
    room = parts[1] if parts[0] == "sim" else parts[2] if len(parts) == 4 else ""
    return room if room in FLOOR else ""


def may_use(room, other):
    return room == other or FLOOR[other] < FLOOR[room]


def target_of(path, bracket, name):
    """(file of this project that an include names, complaint); (None, None) for a system header."""
    if ".." in Path(name).parts:
        return None, "a relative include"
    if name.startswith("retake/") or name == "retake.h":
        target = ROOT / "include" / name
    elif bracket == '"':
        if "/" in name:
            return None, "a private header is included by its plain name"
        target = path.parent / name
    else:
        return None, None
    return (target, None) if target.exists() else (None, "no such header in this room")


def complaints_of_line(path, room, line):
    where = path.relative_to(ROOT).as_posix()
    for pattern, folder in OWNED:
        if pattern.search(line) and not where.startswith(folder):
            yield f"only {folder} may do this"
    match = INCLUDE.match(line)
    if not match:
        return
    name = match.group(2)
    if room == "irt" and name in IRT_FORBIDDEN:
        yield "irt has no clock, no files, no random numbers"
    target, complaint = target_of(path, *match.groups())
    if complaint:
        yield complaint
    elif target:
        other = room_of(target)
        if not may_use(room, other):
            yield f"{room} may not use {other}"
        if where.removeprefix("include/") in INSTALLED and name not in INSTALLED:
            yield "an installed header includes only installed headers"


def find_cycle(uses):
    """One include cycle as a list of files, or []."""
    state, stack = {}, []

    def visit(path):
        state[path] = "open"
        stack.append(path)
        for other in uses.get(path, ()):
            if state.get(other) == "open":
                return stack[stack.index(other):] + [other]
            cycle = visit(other) if other not in state else []
            if cycle:
                return cycle
        state[path] = "done"
        stack.pop()
        return []

    for path in sorted(uses):
        cycle = visit(path) if path not in state else []
        if cycle:
            return cycle
    return []


def read_sources(files):
    """(complaints, which files each file includes)."""
    complaints, uses = [], {}
    for path in files:
        where = path.relative_to(ROOT).as_posix()
        room = room_of(path)
        if not room:
            complaints.append(f"{where}: in no room; the rooms are {' '.join(FLOOR)}")
            continue
        uses[path] = []
        for number, line in enumerate(path.read_text().splitlines(), 1):
            complaints += [f"{where}:{number}: {text}: {line.strip()}"
                           for text in complaints_of_line(path, room, line)]
            match = INCLUDE.match(line)
            target = target_of(path, *match.groups())[0] if match else None
            if target:
                uses[path].append(target)
    return complaints, uses


def repeated_names():
    seen = {}
    for folder in ("sim", "include", "tests", "bench"):
        for path in sorted((ROOT / folder).rglob("*.[ch]")):
            seen.setdefault(path.name, []).append(path.relative_to(ROOT).as_posix())
    return [f"one name, several files: {' '.join(paths)}" for paths in seen.values() if len(paths) > 1]


def main():
    files = sorted(path for folder in ("sim", "include") for path in (ROOT / folder).rglob("*")
                   if path.suffix in (".c", ".h", ".def"))
    complaints, uses = read_sources(files)
    complaints += repeated_names()
    cycle = find_cycle(uses)
    if cycle:
        complaints.append("include cycle: " + " -> ".join(path.name for path in cycle))
    print("\n".join(complaints) or f"rooms: {len(files)} files in order")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
