"""Files of strangers with right seals, which crashed, stopped or filled the machine: status 65 and one line, soon, in little memory.

hostile/ holds them, packed; most were made from good results by a change of a few bytes or of one attribute.
Without the guarded process (sanitizers) only those that retake's own checks refuse are read.
SPDX-License-Identifier: Apache-2.0
"""
import lzma
import resource
import sys
import tempfile
import time
from pathlib import Path

from _program import IS_SANITIZED, ROOT, call, check, must

FOLDER = Path(__file__).with_name("hostile")
SCENARIO = (ROOT / "configs/emr.yaml", "--set", "engine.candidates=512")
CHECKED = {"poc_name.h5", "poc_class_shard.h5", "bomb_dims.h5", "ext_passwd.h5"}  # before HDF5 reads what hurts
MAX_SECONDS, MAX_KIB = 10, 1.1 * 1024 * 1024


def files(folder):
    """The files, unpacked."""
    for packed in sorted(FOLDER.glob("*.xz")):
        name = packed.name.removesuffix(".xz")
        if IS_SANITIZED and name not in CHECKED:
            continue
        path = folder / name
        path.write_bytes(lzma.decompress(packed.read_bytes()))
        yield path


def check_refused(done, words):
    check(done.returncode == 65, f"{words}: status {done.returncode}: {done.stderr}")
    check(done.stdout == "" and done.stderr.count("\n") == 1 and done.stderr.startswith("retake: "),
          f"{words}: {done.stdout} {done.stderr}")


def check_summary(path):
    begin = time.monotonic()
    done = call("summary", path)
    seconds = time.monotonic() - begin
    check_refused(done, path.name)
    check(seconds < MAX_SECONDS or IS_SANITIZED, f"{path.name}: {seconds:.1f} s")
    check("remove it" not in done.stderr, done.stderr)


def check_missing(folder):
    """Other files do not suffer from a bad one: shard 1 is missing, and that is all."""
    done = call("merge", "--missing", folder / "poc_class_shard.h5", folder / "good.h5")
    check((done.returncode, done.stdout) == (75, "1\n"), f"{done.returncode} {done.stdout} {done.stderr}")
    check(done.stderr.count("\n") == 1 and "poc_class_shard.h5" in done.stderr, done.stderr)


def check_checkpoint(folder):
    """What crashes the reader need not be damaged: nobody is told to remove a checkpoint for that."""
    (folder / "out.h5.checkpoint").write_bytes((folder / "one_byte_crash.h5").read_bytes())
    done = call("run", *SCENARIO, "-o", folder / "out.h5", "--resume")
    check_refused(done, "--resume")
    is_hostile = "cannot be read: damaged or hostile" in done.stderr  # newer releases of HDF5 see the damage
    check(is_hostile != ("remove it" in done.stderr), done.stderr)


def check_limit(folder):
    """What is a lot of memory can be said; what is said must be a number."""
    for value, status in (("2048", 0), ("much", 2)):
        done = call("summary", folder / "good.h5", env={"RETAKE_READ_MEMORY": value})
        check(done.returncode == status, f"{value}: {done.returncode} {done.stderr}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in list(files(folder)):
            check_summary(path)
        must("run", *SCENARIO, "--shard", "2/2", "-o", folder / "good.h5")
        check_missing(folder)
        check_limit(folder)
        if not IS_SANITIZED:
            check_checkpoint(folder)
            most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            check(most < MAX_KIB, f"{most} KiB")


if __name__ == "__main__":
    main()
    sys.exit(0)
