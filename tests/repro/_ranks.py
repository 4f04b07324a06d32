"""retake-mpi under mpirun, on one machine. SPDX-License-Identifier: Apache-2.0"""
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from _program import BUILD, check

RANKED = BUILD / "retake-mpi"
LAUNCH = ("mpirun", "--oversubscribe", "--allow-run-as-root", "--bind-to", "none")


def missing():
    """What is lacking, or None."""
    return None if RANKED.exists() and shutil.which("mpirun") else "no retake-mpi or no mpirun"


def words_of(n, program, *words):
    return [*LAUNCH, "-n", str(n), str(program), *map(str, words)]


def call(n, *words, program=RANKED):
    return subprocess.run(words_of(n, program, *words), capture_output=True, text=True, timeout=300)


def must(n, *words):
    done = call(n, *words)
    check(done.returncode == 0, f"{n} ranks: {' '.join(map(str, words))}: status {done.returncode}: {done.stderr}")
    return done


def start(n, *words):
    return subprocess.Popen(words_of(n, RANKED, *words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def pids(launcher):
    """The process of each rank that this mpirun started, by rank."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            is_child = f"\nPPid:\t{launcher.pid}\n" in (entry / "status").read_text()
            environment = dict(text.split("=", 1) for text in (entry / "environ").read_bytes().decode(errors="replace").split("\0") if "=" in text)
        except OSError:
            continue
        if is_child and "OMPI_COMM_WORLD_RANK" in environment:
            found[int(environment["OMPI_COMM_WORLD_RANK"])] = int(entry.name)
    return found


def after_checkpoint(launcher, checkpoint, act, seconds=120):
    """Wait for a checkpoint, act, wait for the end: the exit status and what was printed; None: it ended before."""
    end = time.monotonic() + seconds
    while not checkpoint.exists() and launcher.poll() is None:
        check(time.monotonic() < end, f"no checkpoint within {seconds} s")
        time.sleep(0.02)
    if launcher.poll() is None:
        act(launcher)
    printed = launcher.communicate(timeout=seconds)[0]
    return launcher.returncode, printed


def kill_rank(rank):
    return lambda launcher: os.kill(pids(launcher)[rank], signal.SIGKILL)


def tell(number):
    return lambda launcher: launcher.send_signal(number)
