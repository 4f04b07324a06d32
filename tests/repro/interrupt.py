"""A run that is interrupted ends quickly with 130 and leaves no file; what a run shows meanwhile: a bar on
a terminal, plain lines elsewhere. SPDX-License-Identifier: Apache-2.0
"""
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _program import PROGRAM, ROOT, check, must

EMR = ROOT / "configs/emr.yaml"
ENDLESS = ("--candidates", "100000000")
QUICK_S = 10  # to end: a few chunks of 1,024 candidates per thread, however slow the build


def start(folder, *words, **options):
    return subprocess.Popen([PROGRAM, "run", EMR, "-o", folder / "out.h5", *words], stdin=subprocess.DEVNULL, **options)


def await_handler(process, number):
    """Until the program catches the signal: from then on it is at work."""
    while process.poll() is None:
        caught = re.search(r"^SigCgt:\s*([0-9a-f]+)$", Path(f"/proc/{process.pid}/status").read_text(), re.M)
        if int(caught.group(1), 16) >> (number - 1) & 1:
            return
        time.sleep(0.01)


def expect_interrupted(process, number, what):
    began = time.monotonic()
    process.send_signal(number)
    status = process.wait(timeout=60)
    check(status == 130, f"{what}: status {status}")
    check(time.monotonic() - began < QUICK_S, f"{what}: took {time.monotonic() - began:.1f} s to end")


def expect_files(folder, expected, what):
    found = sorted(path.name for path in folder.iterdir())
    check(found == expected, f"{what}: left {found}")


def read_until(descriptor, pattern, limit_s=60):
    """What a terminal shows until pattern is seen, or until its other end is closed."""
    seen, began = "", time.monotonic()
    while time.monotonic() - began < limit_s:
        try:
            part = os.read(descriptor, 4096)
        except OSError:  # Linux: the other end is closed
            part = b""
        seen += part.decode(errors="replace")
        if not part or (pattern and re.search(pattern, seen)):
            return seen
    raise AssertionError(f"no {pattern} within {limit_s} s in {seen!r}")


def on_terminal(folder, *words):
    main, other = pty.openpty()
    process = start(folder, *words, stdout=subprocess.DEVNULL, stderr=other)
    os.close(other)
    return process, main


def check_bar(folder):
    """The bar is drawn; Ctrl-C wipes it and says how far the run came."""
    process, terminal = on_terminal(folder, *ENDLESS)
    seen = read_until(terminal, r" left")
    check(re.search(r"\r[█░]{30} +\d+ %  \d+ candidates/s  [\d.e+]+ (s|min|h|days|years) left", seen), f"no bar: {seen!r}")
    expect_interrupted(process, signal.SIGINT, "Ctrl-C on a terminal")
    rest = read_until(terminal, None)
    closing = r"\r\x1b\[Kretake: interrupted after \d+ of 100000000 candidates\r\n$"
    check(re.search(closing, rest), f"closing line: {rest!r}")
    os.close(terminal)
    expect_files(folder, [], "Ctrl-C on a terminal")


def check_bar_to_the_end(folder):
    process, terminal = on_terminal(folder, "--candidates", "2000", "--set", "exam.form=normal")
    seen = read_until(terminal, None)
    os.close(terminal)
    check(process.wait(timeout=60) == 0, f"status {process.returncode}: {seen!r}")
    check(re.search(r"\r\x1b\[Kretake: 2000 candidates in [\d.]+ s\r\n$", seen), f"closing line: {seen!r}")
    (folder / "out.h5").unlink()


def check_plain(process):
    """After ten seconds, a line without any control character."""
    line = process.stderr.readline()
    check(re.fullmatch(r"retake: +\d+ %, \d+ candidates/s, [\d.e+]+ (s|min|h|days|years) left\n", line), f"plain line: {line!r}")


def check_old_file_stays(folder, number):
    out = folder / "out.h5"
    out.write_text("an older result")
    process = start(folder, *ENDLESS, "--threads", "3", stderr=subprocess.PIPE, text=True)
    await_handler(process, number)
    time.sleep(0.3)
    expect_interrupted(process, number, f"signal {number}")
    message = process.stderr.read()
    check(re.fullmatch(r"retake: interrupted after \d+ of 100000000 candidates\n", message), f"message: {message!r}")
    check(out.read_text() == "an older result", "the old file has changed")
    expect_files(folder, ["out.h5"], f"signal {number}")
    out.unlink()


def main():
    must("check", EMR)
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        slow = start(Path(first), *ENDLESS, stderr=subprocess.PIPE, text=True)
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                check_old_file_stays(Path(second), number)
            check_bar(Path(second))
            check_bar_to_the_end(Path(second))
            check_plain(slow)
            expect_interrupted(slow, signal.SIGINT, "Ctrl-C")
            expect_files(Path(first), [], "Ctrl-C")
        finally:
            slow.kill()
            slow.wait()
            slow.stderr.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
