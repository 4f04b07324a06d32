"""What commands write: never over what they read, one process at a time, under no name that somebody planted, for the
same people as before; and what is no file is never waited for. SPDX-License-Identifier: Apache-2.0
"""
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _durable import EMR, NORMAL, SMALL_CAT, checkpoint_of, digest, end, start, wait_for
from _program import IS_SANITIZED, PROGRAM, ROOT, call, check, must, sets

BANK = ROOT / "configs/banks/emr.csv"
SHORT = (*NORMAL, "--candidates", 2_000)
ENDLESS = (*NORMAL, "--candidates", 100_000_000)
AT_ONCE_S = 20  # for a program under a sanitizer on a busy machine; what hangs hangs for ever
OWN = """bank: bank.csv
exam: {min_items: 3, max_items: 5, pilot_items: 1}
population: {candidates_file: people.csv}
calendar: {holidays_file: days.csv}
"""


def expect(done, status, *words):
    check(done.returncode == status, f"{done.args}: status {done.returncode}, not {status}: {done.stderr}")
    check(all(word in done.stderr for word in words), f"{done.stderr!r} does not say {words}")
    check(done.stderr.count("\n") == 1, f"not one line: {done.stderr!r}")


def at_once(*words, **options):
    return call(*words, timeout=AT_ONCE_S, **options)


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def make_inputs(folder):
    """A scenario with files of its own, and results to join and to show."""
    (folder / "bank.csv").write_bytes(BANK.read_bytes())
    (folder / "people.csv").write_text("id,theta\n" + "".join(f"p{k},{k % 7 - 3}\n" for k in range(300)))
    (folder / "days.csv").write_text("date\n2026-12-25\n")
    (folder / "rows.csv").write_text("policy.wait_days\n15\n30\n")
    (folder / "s.yaml").write_text(OWN)
    (folder / "sweep.yaml").write_text("base: s.yaml\ncandidates: 256\naxes: {policy.wait_days: [15, 30]}\n")
    (folder / "rows.yaml").write_text("base: s.yaml\ndesign: {rule: rows, file: rows.csv}\n")
    (folder / "banks.yaml").write_text("base: s.yaml\naxes: {bank: [bank.csv, other.csv]}\n")
    (folder / "other.csv").write_bytes(BANK.read_bytes())
    (folder / "targets.csv").write_text("statistic,value\npass_rate_first,0.7\n")
    (folder / "answers.csv").write_text("id\n")
    for part in (1, 2):
        must("run", *SHORT, "-o", folder / f"p{part}.h5", "--shard", f"{part}/2", "--microdata")


# Every command that has -o, with each of its inputs; a command that is not here fails the test.
INPUTS = {
    "run": [(("s.yaml",), ("s.yaml", "bank.csv", "people.csv", "days.csv")),
            (("s.yaml", "--set", "bank=other.csv"), ("other.csv",))],
    "sweep": [(("sweep.yaml",), ("sweep.yaml", "s.yaml", "bank.csv")), (("rows.yaml",), ("rows.csv",)),
              (("banks.yaml",), ("other.csv",))],
    "merge": [(("p1.h5", "p2.h5"), ("p1.h5", "p2.h5")), (("--microdata", "p1.h5", "p2.h5"), ("p2.micro.h5",))],
    "replay": [(("s.yaml", "--responses", "answers.csv", "--bank", "other.csv"),
                ("s.yaml", "answers.csv", "other.csv"))],
    "summary": [(("p1.h5",), ("p1.h5",))],
    "report": [(("p1.h5", "p2.h5"), ("p1.h5", "p2.h5"))],
    "calibrate": [(("s.yaml", "--targets", "targets.csv", "--free", "population.groups.all.theta_mean=-1:1"),
                   ("s.yaml", "targets.csv", "people.csv"))],
    "solve": [(("s.yaml", "--free", "policy.wait_days=1:60", "--target", "cumulative_pass_rate[attempt=2]=0.8"),
               ("s.yaml", "bank.csv"))],
    "validate": [(("s.yaml",), ("s.yaml", "bank.csv"))],
    "bank check": [(("bank.csv", "--drop"), ("bank.csv",))],
    "bank convert": [(("bank.csv",), ("bank.csv",))],
    "bank exposure": [(("s.yaml",), ("s.yaml", "bank.csv"))],
    "bank generate": [((), ())],
}


def commands_that_write():
    names = [line.split("\t")[0] for line in must("--commands").splitlines()]
    verbs = [f"bank {line.split()[line.split().index('bank') + 1]}" for line in must("bank", "--help").splitlines()
             if "retake bank " in line and "VERB" not in line]
    return [name for name in (*names, *verbs) if name != "bank" and "-o" in must(*name.split(), "--help").split()
            or name != "bank" and "-o," in must(*name.split(), "--help")]


def check_inputs_stay(folder):
    found = set(commands_that_write())
    check(found == set(INPUTS), f"commands with -o: {found ^ set(INPUTS)} is missing here, or too much")
    (folder / "hard").hardlink_to(folder / "bank.csv")
    (folder / "soft").symlink_to("bank.csv")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for command, calls in INPUTS.items():
        for words, inputs in calls[:1] if IS_SANITIZED else calls:
            for name in inputs:
                expect(at_once(*command.split(), *words, "-o", name, cwd=folder), 2, name, "one of the inputs")
    for name in ("hard", "soft", "./bank.csv", f"../{folder.name}/bank.csv"):
        expect(at_once("run", "s.yaml", "-o", name, cwd=folder), 2, "one of the inputs")
    for name in ("m.h5", "m.h5.lock", "m.h5.checkpoint", "./m.h5"):
        expect(at_once("run", "s.yaml", "-o", "m.h5", f"--microdata={name}", cwd=folder), 2, "would both write")
    expect(at_once("merge", "-o", "m.h5", "--microdata=m.h5", "p1.h5", "p2.h5", cwd=folder), 2, "would both write")
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    check(before == after, f"changed: {[name for name in {**before, **after} if before.get(name) != after.get(name)]}")
    must("bank", "exposure", "s.yaml", "--threads", 1, "-o", "params.csv", *sets(
        ("exam.exposure.file=params.csv", "exam.exposure.candidates=256", "exam.exposure.iterations=1")), cwd=folder)


def check_one_lock(folder):
    """One file, one lock: whatever it is called and whatever is to write it."""
    (folder / "name.h5").symlink_to("o.h5")
    first = start(folder / "o.h5", *ENDLESS, "--checkpoint", "0.05", f"--microdata={folder / 'x.micro.h5'}")
    try:
        wait_for(checkpoint_of(folder / "o.h5").exists, "a checkpoint", first)
        busy = "another process is at work"
        for words in (("run", *SHORT, "-o", "name.h5"), ("merge", "-o", "o.h5", "p1.h5", "p2.h5"),
                      ("validate", "s.yaml", "-o", "o.h5"), ("bank", "generate", "-o", "o.h5"),
                      ("bank", "convert", "bank.csv", "-o", "name.h5"), ("report", "p1.h5", "-o", "o.h5"),
                      ("run", *SHORT, "-o", "y.h5", "--microdata=o.h5"),
                      ("run", *SHORT, "-o", "y.h5", "--microdata=x.micro.h5")):
            expect(at_once(*words, cwd=folder), 74, busy)
        status, text = end(first, signal.SIGTERM)
        check(status == 75, f"the first one: {status}: {text}")
    finally:
        first.kill()
        end(first)
    check(not list(folder.glob("*.lock")), f"locks were left: {list(folder.glob('*.lock'))}")
    done = call("run", *ENDLESS, "-o", folder / "name.h5", "--resume", "--max-time", "0.001",
                f"--microdata={folder / 'x.micro.h5'}")
    check(done.returncode == 75 and "resumed at candidate" in done.stderr, f"by the other name: {done.stderr}")


def check_links(folder):
    """A link is followed to what is not there yet; checkpoints, microdata and locks are beside that."""
    scratch = folder / "scratch"
    scratch.mkdir()
    link = folder / "run.h5"
    link.symlink_to("scratch/run.h5")
    must("run", *SHORT, "-o", link)
    check(link.is_symlink() and (scratch / "run.h5").is_file(), "the link was replaced")
    (scratch / "run.h5").unlink()
    done = call("run", *ENDLESS, "-o", link, "--max-time", "0.001")
    check(done.returncode == 75 and checkpoint_of(scratch / "run.h5").exists(), f"{done.stderr}")
    checkpoint_of(scratch / "run.h5").unlink()
    link.unlink()
    link.symlink_to("run.h5")
    expect(at_once("run", *SHORT, "-o", link), 74, "Too many levels of symbolic links")
    link.unlink()
    link.symlink_to("absent/run.h5")
    expect(at_once("run", *SHORT, "-o", link), 74, "No such file or directory")


def check_planted(folder):
    """Links in the place of the names that a run makes of its own: what they point to is not touched."""
    victim, out = folder / "victim.txt", folder / "planted.h5"
    victim.write_text("hello world")
    Path(f"{out}.lock").symlink_to("absent")
    expect(at_once("run", *SHORT, "-o", out), 74, f"{out}.lock", "it is a link")
    check(not (folder / "absent").exists(), "the lock followed a link")
    Path(f"{out}.lock").unlink()
    (folder / "planted.html").symlink_to(victim.name)
    expect(at_once("report", out), 74, "planted.html", "it is a link", "--output")
    (folder / "planted.micro.h5").symlink_to("absent")
    expect(at_once("run", *SHORT, "-o", out, "--microdata"), 74, "planted.micro.h5", "it is a link", "--microdata")
    (folder / "planted.micro.h5").unlink()
    (folder / f".{out.name}.0123456789abcdef.tmp").symlink_to(victim.name)
    checkpoint_of(out).symlink_to(folder / "dangling")
    done = call("run", *ENDLESS, "-o", out, "--max-time", "0.001", "--microdata")
    check(done.returncode == 75 and not checkpoint_of(out).is_symlink(), f"{done.stderr}")
    check(victim.read_text() == "hello world" and not (folder / "dangling").exists(), "a link was followed")


def check_left_overs(folder):
    """What a killed process left is removed by the next, however it was killed."""
    out, left = folder / "left.h5", [folder / f".left.h5{middle}.0123456789abcdef.tmp" for middle in
                                     ("", ".checkpoint")]
    process = start(out, *ENDLESS, "--checkpoint", "0.01", "--microdata")
    wait_for(checkpoint_of(out).exists, "a checkpoint", process)
    end(process, signal.SIGKILL)
    for path in left:
        path.write_text("half a file")
    done = call("run", *ENDLESS, "-o", out, "--resume", "--max-time", "0.001", "--microdata")
    check(done.returncode == 75, f"{done.stderr}")
    names = sorted(path.name for path in folder.iterdir() if not path.suffix in (".segment", ".tail"))
    check(names == ["left.h5.checkpoint"], f"left: {names}")


def check_modes(folder):
    """What was private stays private: the result, its checkpoint and its microdata."""
    before = os.umask(0o022)
    try:
        out, micro = folder / "mode.h5", folder / "mode.micro.h5"
        must("run", *SHORT, "-o", out, "--microdata")
        check(mode_of(out) == 0o644 == mode_of(micro), f"a new file: {mode_of(out):o}")
        out.chmod(0o600)
        micro.chmod(0o600)
        must("run", *SHORT, "-o", out, "--microdata")
        check(mode_of(out) == 0o600 == mode_of(micro), f"replaced: {mode_of(out):o} {mode_of(micro):o}")
        done = call("run", *ENDLESS, "-o", out, "--microdata", "--max-time", "0.001")
        check(done.returncode == 75, done.stderr)
        for path in folder.glob("mode*"):
            check(mode_of(path) == 0o600, f"{path.name}: {mode_of(path):o}")
    finally:
        os.umask(before)


def limited(words, limit):
    return subprocess.run(["bash", "-c", f'ulimit {limit}; exec "$@"', "-", PROGRAM, *map(str, words)],
                          capture_output=True, text=True, timeout=300)


def check_limits(folder):
    """A limit of size is an error of writing."""
    for words in (("run", *SMALL_CAT, "--candidates", 300, "-o", folder / "u.h5"),
                  ("bank", "generate", "--items", 3000, "-o", folder / "u.csv"),
                  ("run", *SHORT, "-o", folder / "u.h5", f"--microdata={folder / 'u.micro.h5'}")):
        done = limited(words, "-f 20")
        check(done.returncode == 74 and "File too large" in done.stderr, f"{done.returncode}: {done.stderr}")
        check(not list(folder.iterdir()), f"left: {list(folder.iterdir())}")


def check_signals(folder):
    """The end of a session and of a processor's time are told as SIGTERM is."""
    out = folder / "signal.h5"
    for number in (signal.SIGXCPU, signal.SIGHUP):
        process = start(out, *ENDLESS, "--checkpoint", "0.05")
        wait_for(checkpoint_of(out).exists, "a checkpoint", process)
        status, text = end(process, number)
        check(status == 75, f"{number}: {status}: {text}")
        checkpoint_of(out).unlink()
    process = start(out, *ENDLESS)
    wait_for(Path(f"{out}.lock").exists, "a lock", process)
    time.sleep(0.5)
    status, text = end(process, signal.SIGHUP)
    check(status == 130, f"without checkpoints: {status}: {text}")
    process = start(out, *ENDLESS, "--checkpoint", "0.05",
                    preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    wait_for(checkpoint_of(out).exists, "a checkpoint", process)
    process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    check(process.poll() is None, "nohup: SIGHUP ended the run")
    check(end(process, signal.SIGTERM)[0] == 75, "nohup: SIGTERM did not")


def check_no_files(folder):
    """A pipe in the place of whatever is read or written: one line, at once."""
    fifo, scenario, sweep = folder / "fifo", folder / "fifo.yaml", folder / "fifo_sweep.yaml"
    os.mkfifo(fifo)
    scenario.write_text("bank: fifo\n")
    sweep.write_text("base: fifo\naxes: {policy.wait_days: [15, 30]}\n")
    for words in (("check", scenario), ("run", scenario), ("run", fifo), ("summary", fifo), ("merge", "-o", folder / "x", fifo),
                  ("report", fifo), ("sweep", fifo), ("sweep", sweep), ("bank", "info", fifo), ("bank", "check", fifo),
                  ("run", EMR, "--set", f"calendar.holidays_file={fifo}"), ("summary", "/dev/zero"),
                  ("check", EMR, "--rules", fifo),
                  ("run", EMR, "--set", f"population.candidates_file={fifo}")):
        expect(at_once(*words), 65, "not a regular file")
    for out in (fifo, "/dev/null"):
        expect(at_once("run", *SHORT, "-o", out), 74, "not a regular file")
        expect(at_once("run", *SHORT, f"--microdata={out}"), 74, "not a regular file")
    out = folder / "b.h5"
    os.mkfifo(checkpoint_of(out))
    expect(at_once("run", *SHORT, "-o", out, "--checkpoint", "1", "--resume"), 65, "not a regular file")
    checkpoint_of(out).rename(f"{out}.lock")
    expect(at_once("run", *SHORT, "-o", out), 74, "not a regular file")
    Path(f"{out}.lock").unlink()
    for ending in ("segment", "tail"):
        os.mkfifo(folder / f"b.micro.h5.000000.{ending}")
        done = at_once("run", *SHORT, "-o", out, "--microdata")
        check(done.returncode == 0, f"{ending}: {done.returncode} {done.stderr}")
    large = folder / "large.csv"
    with large.open("wb") as file:
        file.truncate(3 << 30)
    expect(at_once("bank", "info", large), 65, "the limit is 268435456")
    expect(at_once("check", large), 65, "the limit is 4194304")
    with large.open("wb") as file:
        file.truncate(1 << 42)
    expect(at_once("summary", large), 65, "not an HDF5 file that retake wrote")


def check_one_digest(folder):
    """The same statistics by all these ways."""
    one, other = folder / "one.h5", folder / "other.h5"
    must("run", *SHORT, "-o", one)
    must("run", *SHORT, "-o", other, "--checkpoint", "0.001", "--resume", "--microdata")
    check(digest(one) == digest(other), "another digest")


def main():
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        make_inputs(root)
        check_inputs_stay(root)
        check_one_lock(root)
        for part in (check_links, check_planted, check_left_overs, check_modes, check_limits, check_signals,
                     check_no_files, check_one_digest):
            folder = root / part.__name__
            folder.mkdir()
            began = time.monotonic()
            part(folder)
            print(f"{part.__name__}: {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
