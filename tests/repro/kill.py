"""A run killed with SIGKILL at random moments and resumed each time ends with the digest of the undisturbed
run; signals and --max-time stop it at a checkpoint. kill_long.py does it more often.
SPDX-License-Identifier: Apache-2.0
"""
import signal
import sys
import tempfile
from pathlib import Path

from _durable import NORMAL, SMALL_CAT, checkpoint_of, digest, end, start, survive, wait_for
from _program import IS_SANITIZED, call, check, must, summary

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)
SLOW = 8 if IS_SANITIZED else 1


def check_stops(folder, how):
    """A signal, or --max-time: status 75, a checkpoint that is a result, and on from there."""
    out, whole = folder / "out.h5", folder / "whole.h5"
    words = (*SMALL_CAT, "--candidates", 48_000 // SLOW)
    if not whole.exists():
        must("run", *words, "-o", whole)
    if how == "--max-time":
        process = start(out, *words, "--max-time", "0.001")
        status, text = end(process)
    else:
        process = start(out, *words, "--checkpoint", "0.02")
        wait_for(checkpoint_of(out).exists, "a checkpoint", process)
        status, text = end(process, how)
    check(status == 75, f"{how}: status {status}: {text}")
    check("go on with --resume" in text and text.count("\n") == 1, f"{how}: said {text!r}")
    attributes = summary(checkpoint_of(out))["attributes"]
    n_done, _, n = attributes["unfinished"].split()[:3]
    check(int(n_done) == attributes["next_candidate"] < int(n), f"{how}: unfinished: {attributes['unfinished']}")
    check(f"Unfinished: {attributes['unfinished']}" in must("summary", checkpoint_of(out)), f"{how}: no such line")
    check(int(n_done) == summary(checkpoint_of(out))["n_candidates"][0], f"{how}: n_candidates")
    must("run", *words, "-o", out, "--resume")
    check(digest(out) == digest(whole), f"{how}: another digest")
    check(not checkpoint_of(out).exists(), f"{how}: the checkpoint is still there")
    again = call("run", *words, "-o", out, "--resume")
    check(again.returncode == 0 and "is finished" in again.stderr, f"{how}: finished, but: {again.stderr}")
    out.unlink()


def check_plain_interrupt(folder):
    """Without an option that asks for checkpoints, Ctrl-C is 130 and leaves nothing."""
    out = folder / "plain.h5"
    process = start(out, *SMALL_CAT, "--candidates", 100_000_000)
    wait_for(Path(f"{out}.lock").exists, "the lock", process)
    status, _ = end(process, signal.SIGINT)
    check(status == 130 and not checkpoint_of(out).exists(), f"plain Ctrl-C: status {status}")


def check_exposure(folder):
    """Parameters of exposure control travel in the checkpoint: resuming calibrates nothing, changes nothing.
    A run stops between chunks of 1,024 candidates, so that it has more than one."""
    out, whole = folder / "exposure.h5", folder / "exposure_whole.h5"
    words = (*SMALL_CAT, "--candidates", 1_500, "--set", "exam.exposure.rule=sympson_hetter", "--set",
             "exam.exposure.target=0.3", "--set", "exam.exposure.candidates=256")
    must("run", *words, "-o", whole)
    check(call("run", *words, "-o", out, "--max-time", "0.001").returncode == 75, "did not stop")
    must("run", *words, "-o", out, "--resume")
    one, two = summary(whole)["attributes"], summary(out)["attributes"]
    names = [name for name in one if name.startswith("exposure_")] + ["statistics_digest"]
    check(len(names) > 3 and all(one[name] == two[name] for name in names), f"{names} differ")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        resumed = survive(folder / "normal.h5", NORMAL, 200_000 // SLOW, 10 if SLOW == 1 else 4, 0.05, 1)
        check(resumed > 0, "there was never a checkpoint")
        for how in (signal.SIGTERM, "--max-time") if IS_SANITIZED else (*SIGNALS, "--max-time"):
            check_stops(folder, how)
        check_plain_interrupt(folder)
        check_exposure(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
