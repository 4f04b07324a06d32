"""Exported functions carry the name of their room, irt needs nothing of clock, files or chance, and none
needs what goes on without a part where memory is out.

Reads the object files of the release build with nm. SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
BUILD = Path(os.environ.get("RETAKE_BUILD_DIR", ROOT / "build/release"))
ALSO_ALLOWED = {"tally": ("dataset_",), "cli": ("cmd_",)}
PUBLIC = "retake_"
LOSES = {"open_memstream": "base/stream.h", "json_dumps": "report/json_out.h", "json_dumpf": "report/json_out.h"}
IRT_FORBIDDEN = re.compile(
    r"^(rng_\w+|file_\w+|rand|random|srand|drand48|arc4random|getrandom|time|clock|clock_gettime|gettimeofday"
    r"|f?open(64)?|fread|fwrite|read|write|(v?f?|v?d)printf|puts|fputs|getenv|exit|GOMP_\w+|omp_\w+)$")


def allowed(source):
    """Prefixes that a source file may export."""
    room, stem = source.parent.name, source.stem
    if room == "base":
        parts = stem.split("_")
        own = tuple("_".join(parts[:n]) + "_" for n in range(1, len(parts) + 1))
    else:
        own = (room + "_",)
    return own + ALSO_ALLOWED.get(room, ()) + (PUBLIC,)


def object_of(source):
    """The object file of a source; None where MPI is missing and it is MPI's."""
    target = "retake" if source.parent.name == "cli" else "retake_objects"
    if source.name == "comm_mpi.c":
        target = "retake-mpi"
        if not (BUILD / "retake-mpi").exists():
            return None
    return BUILD / f"CMakeFiles/{target}.dir" / f"{source.relative_to(ROOT).as_posix()}.o"


def symbols(object_files):
    """object file -> (exported, needed) names; one call of nm for all, since starting it is what takes time."""
    text = subprocess.run(["nm", "-A", "-g", "--format=posix", *map(str, object_files)], check=True,
                          capture_output=True, text=True).stdout
    found = {path: (set(), set()) for path in object_files}
    for line in text.splitlines():
        place, name, kind = line.split()[:3]
        exported, needed = found[Path(place.rstrip(":"))]
        # A name that begins with a dot is the compiler's.
        if kind == "U":
            needed.add(name)
        elif kind not in "vw" and not name.startswith("."):
            exported.add(name.split(".")[0])
    return found


def complaints_of(source, exported, needed):
    where = source.relative_to(ROOT).as_posix()
    prefixes = allowed(source)
    out = [f"{where}: {name} begins with none of: {' '.join(prefixes)}"
           for name in sorted(exported) if not name.startswith(prefixes) and name != "main"]
    out += [f"{where}: {name} loses what it has no memory for: {LOSES[name]}" for name in sorted(needed & LOSES.keys())]
    if source.parent.name == "irt":
        out += [f"{where}: irt may not need {name}" for name in sorted(needed) if IRT_FORBIDDEN.match(name)]
    return out


def stray_exports():
    """What the shared library shows that is not the public API."""
    library = BUILD / "libretake.so"
    if not library.exists():
        return [f"{library.name}: not built"]
    text = subprocess.run(["nm", "-D", "--defined-only", "--format=posix", str(library)], check=True,
                          capture_output=True, text=True).stdout
    names = [line.split()[0] for line in text.splitlines() if line]
    return [f"libretake.so shows {name}" for name in names if not name.startswith(PUBLIC)]


def main():
    if not shutil.which("nm"):
        return 77
    sources = sorted((ROOT / "sim").glob("*/*.c"))
    objects = {source: path for source in sources if (path := object_of(source))}
    complaints = [f"{source.relative_to(ROOT)}: not built" for source, path in objects.items() if not path.exists()]
    if not complaints:
        found = symbols(list(objects.values()))
        complaints = [text for source, path in objects.items() for text in complaints_of(source, *found[path])]
        complaints += stray_exports()
    print("\n".join(complaints) or f"prefixes: {len(sources)} object files")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
