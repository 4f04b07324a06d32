"""Runs that are killed, stopped and resumed, for kill.py, kill_long.py and faults.py.
SPDX-License-Identifier: Apache-2.0"""
import random
import signal
import subprocess
import time
from pathlib import Path

from _program import PROGRAM, ROOT, check, must, summary

EMR = ROOT / "configs/emr.yaml"
NORMAL = (EMR, "--set", "exam.form=normal", "--threads", "2")
SMALL_CAT = (EMR, "--threads", "2", "--set", "exam.min_items=5", "--set", "exam.max_items=12", "--set",
             "exam.pilot_items=2", "--set", "exam.time_limit_min=30")


def digest(path):
    return summary(path)["attributes"]["statistics_digest"]


def start(out, *words, **options):
    return subprocess.Popen([PROGRAM, "run", *map(str, words), "-o", str(out)], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **options)


def checkpoint_of(out):
    return Path(f"{out}.checkpoint")


def wait_for(condition, what, process=None, limit_s=60):
    began = time.monotonic()
    while not condition():
        check(time.monotonic() - began < limit_s, f"{what}: not within {limit_s} s")
        check(process is None or process.poll() is None, f"{what}: the run has ended")
        time.sleep(0.005)


def end(process, number=None):
    """(status, what was said)"""
    if number is not None:
        process.send_signal(number)
    text = process.communicate(timeout=120)[1]
    return process.returncode, text


def mark_of(path):
    """What changes when a checkpoint is replaced."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def await_moment(process, out, moments, longest_s):
    """One in five kills comes at any time from the start of the program on, the others after it has written a
    checkpoint of its own: however slow the machine, the run gets on."""
    before = mark_of(checkpoint_of(out))
    if moments.random() >= 0.2:
        while process.poll() is None and mark_of(checkpoint_of(out)) in (before, None):
            time.sleep(0.001)
    try:
        process.wait(timeout=moments.uniform(0, longest_s))
    except subprocess.TimeoutExpired:
        process.kill()


def survive(out, words, candidates, n_kills, longest_s, seed):
    """Kill a run n_kills times at random moments; each next one goes on. How often that was from a checkpoint.
    A run that is done before its time has come must have the digest; then the next one begins anew."""
    words = (*words, "--candidates", candidates)
    must("run", *words, "-o", out)
    undisturbed = digest(out)
    out.unlink()
    moments, n_resumed, n_done = random.Random(seed), 0, 0
    kept = (*words, "--checkpoint", "0.02", "--resume")
    for _ in range(n_kills):
        n_resumed += checkpoint_of(out).exists()
        process = start(out, *kept)
        await_moment(process, out, moments, longest_s)
        status, text = end(process)
        if status == 0:
            check(digest(out) == undisturbed, "finished with another digest")
            out.unlink()
            n_done += 1
        else:
            check(status == -signal.SIGKILL, f"status {status}: {text}")
    must("run", *kept, "-o", out)
    check(digest(out) == undisturbed, f"the digest is another after {n_kills} kills")
    check(not checkpoint_of(out).exists(), "the checkpoint is still there")
    lock = Path(f"{out}.lock")
    check(not lock.exists(), "the lock is still there")
    print(f"{n_kills} kills, {n_resumed} times there was a checkpoint, {n_done} runs were done first: {undisturbed}")
    return n_resumed
