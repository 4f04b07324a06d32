"""Faults of disks, files and people around a run: each ends with one clear line and a documented status
(docs/durable-runs.md), and the last good checkpoint survives. SPDX-License-Identifier: Apache-2.0
"""
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from _durable import NORMAL, checkpoint_of, digest, end, start, wait_for
from _program import ROOT, SKIPPED, call, check, must

ENDLESS = (*NORMAL, "--candidates", 100_000_000)
SHORT = (*NORMAL, "--candidates", 4_000)
OWN = """bank: bank.csv
exam: {min_items: 3, max_items: 5, pilot_items: 1}
population: {candidates_file: people.csv, groups: {all: {theta_mean: 0.2}}}
calendar: {holidays_file: holidays.csv}
"""


def expect(done, status, *words):
    text = done.stderr
    check(done.returncode == status, f"{done.args}: status {done.returncode}, not {status}: {text}")
    check(all(word in text for word in words), f"{text!r} does not say {words}")
    check(text.count("\n") == 1 and text.startswith("retake: "), f"not one line: {text!r}")


def stopped(out, words):
    done = call("run", *words, "-o", out, "--max-time", "0.001")
    check(done.returncode == 75 and checkpoint_of(out).exists(), f"did not stop: {done.stderr}")
    return checkpoint_of(out)


def digest_of_bytes(folder, whole):
    (folder / "whole.h5").write_bytes(whole)
    found = digest(folder / "whole.h5")
    (folder / "whole.h5").unlink()
    return found


def check_damage(folder):
    """A checkpoint that is not whole is refused; it is neither used nor replaced."""
    out = folder / "damage.h5"
    checkpoint = stopped(out, SHORT)
    good = checkpoint.read_bytes()
    flips = [bytearray(good) for _ in range(5)]
    for k, flipped in enumerate(flips):
        flipped[(2 * k + 1) * len(good) // 10] ^= 1 << k
    for bad in (*flips, good[:-1], good[:len(good) // 2], good[:100], b""):
        checkpoint.write_bytes(bad)
        expect(call("run", *SHORT, "-o", out, "--resume"), 65, str(checkpoint), "to start afresh, remove it")
        check(checkpoint.read_bytes() == bad, "a damaged checkpoint was touched")
    checkpoint.write_bytes(good)
    must("run", *SHORT, "-o", out, "--resume")
    whole = out.read_bytes()
    out.write_bytes(whole[:-40])
    expect(call("summary", out), 65, str(out), "truncated")
    good = digest_of_bytes(folder, whole)
    for kept in ("damage.h5.damaged", "damage.h5.damaged-2"):
        done = call("run", *SHORT, "-o", out, "--resume")
        check(done.returncode == 0 and "truncated" in done.stderr and kept in done.stderr, f"{done.stderr}")
        check((folder / kept).read_bytes() == whole[:-40] and digest(out) == good, "not kept, or another digest")
        out.write_bytes(whole[:-40])
    (folder / "damage.h5.damaged").unlink()
    (folder / "damage.h5.damaged-2").unlink()
    out.write_bytes(b"someone else's")
    expect(call("run", *SHORT, "-o", out, "--resume"), 65, str(out), "not an HDF5 file that retake wrote")
    check(out.read_bytes() == b"someone else's", "a strange file was touched")
    out.unlink()


def check_left_over(folder):
    """A checkpoint is not overwritten by a run that was not told to go on from it; another's is refused."""
    out = folder / "left.h5"
    checkpoint = stopped(out, SHORT)
    good = checkpoint.read_bytes()
    expect(call("run", *SHORT, "-o", out, "--checkpoint", "1"), 65, str(checkpoint), "--resume")
    expect(call("run", *SHORT, "-o", out, "--resume", "--set", "policy.wait_days=30"), 65,
           "policy.wait_days is 15 there, 30 here")
    expect(call("run", *SHORT, "-o", out, "--resume", "--candidates", 5_000), 65,
           "engine.candidates is 4000 there, 5000 here")
    check(checkpoint.read_bytes() == good, "the checkpoint has changed")
    must("run", *SHORT, "-o", out, "--resume", "--threads", "1")
    expect(call("run", *SHORT, "-o", out, "--resume", "--seed", 5), 65, "engine.seed is 20261123 there, 5 here")
    out.unlink()


def check_changed_inputs(folder):
    """Any input file that changed since the checkpoint is told, though its name is the same."""
    scenario, out = folder / "own.yaml", folder / "own.h5"
    scenario.write_text(OWN)
    shutil.copy(ROOT / "configs/banks/emr.csv", folder / "bank.csv")
    (folder / "people.csv").write_text("id,theta\n" + "".join(f"p{k},{k % 7 - 3}\n" for k in range(3_000)))
    (folder / "holidays.csv").write_text("date\n2026-12-25\n")
    words = (scenario, "--candidates", 3_000)
    stopped(out, words)
    for name, what in {"bank.csv": "bank_digest", "people.csv": "candidates_digest",
                       "holidays.csv": "calendar.holidays_file_digest"}.items():
        good = (folder / name).read_text()
        lines = good.rstrip("\n").split("\n")
        (folder / name).write_text("\n".join([lines[0], *lines[2:], lines[1]]) + "\n" if len(lines) > 2
                                   else good.replace("12-25", "12-24"))
        expect(call("run", *words, "-o", out, "--resume"), 65, str(checkpoint_of(out)), what)
        (folder / name).write_text(good)
    must("run", *words, "-o", out, "--resume")


def check_two_processes(folder):
    """The second on one output ends at once; a lock that a killed process left does not block."""
    out = folder / "two.h5"
    first = start(out, *ENDLESS, "--checkpoint", "0.05")
    try:
        wait_for(checkpoint_of(out).exists, "a checkpoint", first)
        expect(call("run", *ENDLESS, "-o", out, "--resume"), 74, "another process is at work on this output")
    finally:
        first.kill()
        end(first)
    check(Path(f"{out}.lock").exists(), "there is no lock that was left")
    done = call("run", *ENDLESS, "-o", out, "--resume", "--max-time", "0.001")
    check(done.returncode == 75 and "resumed at candidate" in done.stderr, f"after a kill: {done.stderr}")
    check(not Path(f"{out}.lock").exists(), "the lock is still there")
    checkpoint_of(out).unlink()


def check_usage(folder):
    """What makes no sense is told before anything is run."""
    for words in (("--checkpoint", "1"), ("--resume",), ("--max-time", "1"), ("--shard", "1/2")):
        expect(call("run", *SHORT, *words), 2, "need -o OUT.h5")
    out = ("-o", folder / "usage.h5")
    for words in (("--checkpoint", "0"), ("--checkpoint", "-1"), ("--max-time", "x"), ("--checkpoint", "nan"),
                  ("--shard", "0/2"), ("--shard", "3/2"), ("--shard", "1"), ("--shard", "/"), ("--shard", "1/2x")):
        expect(call("run", *SHORT, *out, *words), 2, " ".join(words))


def fill(folder, leave_bytes=0):
    ballast = folder / "ballast"
    with open(ballast, "wb", buffering=0) as out:
        try:
            while True:
                out.write(bytes(4096))
        except OSError:
            pass
    if leave_bytes:
        with open(ballast, "r+b") as out:
            out.truncate(max(0, ballast.stat().st_size - leave_bytes))
    return ballast


def check_full_disk(folder):
    out = folder / "full.h5"
    process = start(out, *ENDLESS, "--checkpoint", "0.05")
    wait_for(checkpoint_of(out).exists, "a checkpoint", process)
    ballast = fill(folder)
    line = process.stderr.readline()
    check("warning: no checkpoint" in line and "No space left" in line, f"said {line!r}")
    status, text = end(process, signal.SIGTERM)
    check(status == 74 and "No space left" in text and text.count("\n") == 1, f"status {status}: {text!r}")
    must("summary", checkpoint_of(out))
    ballast.unlink()
    done = call("run", *ENDLESS, "-o", out, "--resume", "--max-time", "0.001")
    check(done.returncode == 75 and "resumed at candidate" in done.stderr, f"after the disk was full: {done.stderr}")
    checkpoint_of(out).unlink()


def check_full_at_the_end(folder):
    """The result cannot be written: the checkpoint stays, and the run can be ended when there is room."""
    out = folder / "end.h5"
    checkpoint = stopped(out, SHORT)
    ballast = fill(folder)
    done = call("run", *SHORT, "-o", out, "--resume")
    check(done.returncode == 74 and "No space left" in done.stderr, f"status {done.returncode}: {done.stderr}")
    check(not out.exists(), "there is a result")
    must("summary", checkpoint)
    ballast.unlink()
    must("run", *SHORT, "-o", out, "--resume")
    check(not checkpoint.exists(), "the checkpoint is still there")
    return digest(out)


def check_read_only(folder, whole):
    out = folder / "end.h5"
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    expect(call("run", *SHORT, "-o", folder / "other.h5", "--checkpoint", "1"), 74, "other.h5", "Read-only")
    check(digest(out) == whole, "the result has changed")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for test in (check_usage, check_damage, check_left_over, check_changed_inputs, check_two_processes):
            test(folder)
        small = folder / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", small], capture_output=True).returncode:
            print("no tmpfs can be mounted here: full disk and read-only folder are skipped")
            return SKIPPED
        try:
            check_full_disk(small)
            check_read_only(small, check_full_at_the_end(small))
        finally:
            subprocess.run(["umount", "-l", small], check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
