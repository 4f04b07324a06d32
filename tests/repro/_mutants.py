"""Files of every kind that retake reads, changed in thousands of ways with right seals and checksums, through the commands
that read them. None may end with a signal, take 10 s or 1 GiB, say anything but one line where it fails, or end with 0
and other statistics than those of the file as it was (docs/exit-codes.md).

A base is a folder of good files, of which one is changed; its commands run in a copy of the folder. A mutant is chosen by
its kind and its number alone. SPDX-License-Identifier: Apache-2.0
"""
import functools
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
import time
from collections import Counter, namedtuple
from pathlib import Path

from _hdf5 import Bytes, change, end_of, reseal, sealed, xxh3_64
from _program import PROGRAM, ROOT, call, check, must

HANG_S, MOST_KB, ADDRESS_BYTES = 10, 1 << 20, 8 << 30
DOCUMENTED = (0, 1, 65, 74, 75)
SEED = 20261130
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # no disk is waited for
NORMAL = f"""engine: {{candidates: 512, seed: 3}}
exam: {{form: normal, sem: 0.3}}
population: {{groups: {{urban: {{weight: 5, theta_mean: 0.4}}, rural: {{weight: 3, theta_mean: 0.1}}}}}}
"""
CAT = f"""bank: {ROOT}/configs/banks/emr.csv
engine: {{candidates: 256, seed: 3}}
exam: {{min_items: 4, max_items: 6, pilot_items: 1, time_limit_min: none}}
"""
LIBRARY = CAT + "engine: {sessions: library, library: {sittings: 8, replicates: 16, folder: kept}}\n"
SWEEP = "base: normal.yaml\naxes:\n  policy.wait_days: [15, 30]\n  exam.cut_theta: [0, 0.2]\n"

Base = namedtuple("Base", "kind name folder victim ways commands")  # victim: the file that is changed
Command = namedtuple("Command", "name words output")  # output: the result that it makes, or None
Outcome = namedtuple("Outcome", "kind base number way command status kilobytes seconds fault")

try:
    from _h5py_mutants import mutate as mutate_h5py
except ImportError:  # then bytes alone
    mutate_h5py = None


# ---- ways to change a file ----

@functools.lru_cache(maxsize=None)
def known(good):
    return Bytes(good)


def way_bytes(good, chance):
    return known(good).mutant(chance)


def through_hdf5(good, change_file, chance):
    """In a process of its own, which HDF5 may crash: then the file is what it left."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        copy = Path(name) / "file.h5"
        copy.write_bytes(good[:end_of(good)])
        process = os.fork()
        if process == 0:
            try:
                change_file(copy, chance)
            finally:
                os._exit(0)
        os.waitpid(process, 0)
        return reseal(copy.read_bytes())


def way_h5py(good, chance):
    return through_hdf5(good, mutate_h5py, chance)


def numbers(data, low, high, chance):
    """Some of the 32- or 64-bit numbers of a format of our own."""
    for _ in range(chance.choice([1, 1, 2, 4])):
        width = chance.choice([4, 8])
        at = low + chance.randrange(max(1, (high - low) // width)) * width
        if chance.random() < .5:
            change(data, at, min(at + width, high), chance)
        else:
            old = int.from_bytes(data[at:at + width], "little")
            new = chance.choice([0, old + 1, old - 1, 2 * old, 1 << 8 * width - 1, (1 << 8 * width) - 1, 65536, old << 16]) % (1 << 8 * width)
            data[at:at + width] = new.to_bytes(width, "little")


def way_index(good, chance):
    """The index of microdata, the bytes of blocks, or where the file ends."""
    data, end = bytearray(good[:-32]), end_of(good)
    where = chance.random()
    if where < .6:
        numbers(data, end, len(data), chance)
    elif where < .8:
        change(data, 48, end, chance)
    elif where < .9:
        numbers(data, 0, 48, chance)
    else:
        del data[chance.randrange(len(data)):]
    return sealed(data)


def way_segment(good, chance):
    data = bytearray(good)
    n_entries, entries_at = struct.unpack_from("<QQ", data, len(data) - 24)
    if chance.random() < .8:
        numbers(data, entries_at, len(data) - 8, chance)
    elif entries_at > 64:
        change(data, 64, entries_at, chance)
    entries = data[entries_at:-56]
    hashes = struct.pack("<QQQ", xxh3_64(data[:64]), xxh3_64(entries), xxh3_64(data[-56:-8]))
    data[-8:] = struct.pack("<Q", xxh3_64(hashes))
    return bytes(data)


def way_tail(good, chance):
    data = bytearray(good[:-8])
    if chance.random() < .3:
        del data[chance.randrange(64, len(data)):]
        data += bytes(max(0, 80 - len(data)))
    numbers(data, 64, 80, chance)
    return bytes(data) + struct.pack("<Q", xxh3_64(data))


def mutate_state(path, chance):
    """The words that only retake reads, as they stand in the file."""
    import h5py
    with h5py.File(path, "r+") as file:
        state = bytearray(file["retake_state"][...].tobytes())
        numbers(state, 0, len(state) if chance.random() < .5 else min(len(state), 256), chance)
        file["retake_state"][...] = list(state)


def way_state(good, chance):
    return through_hdf5(good, mutate_state, chance)


HDF5_WAYS = [way_bytes, way_bytes, *([way_h5py] * 2 if mutate_h5py else [])]
STATE_WAYS = [*HDF5_WAYS, *([way_state] if mutate_h5py else [])]


# ---- good files ----

def stopped(folder, *words):
    done = call(*words, "--max-time", "0.001", "--threads", 1, cwd=folder)
    check(done.returncode == 75, f"did not stop: {done.stderr}")


def has_charts(folder):
    return call("report", "run.h5", "-o", "page.html", cwd=folder).returncode == 0


def scenarios_write(folder):
    folder.mkdir()
    for name, text in (("normal.yaml", NORMAL), ("cat.yaml", CAT), ("library.yaml", LIBRARY.replace("engine: {candidates: 256, seed: 3}\n", "")
                        .replace("engine: {", "engine: {candidates: 256, seed: 3, ")), ("sweep.yaml", SWEEP),
                       ("library_sweep.yaml", "base: library.yaml\naxes: {policy.wait_days: [15, 30]}\n")):
        (folder / name).write_text(text)
    return folder


def bases_results(root):
    made = {"run": ("run", "normal.yaml"), "cat": ("run", "cat.yaml"), "sweep": ("sweep", "sweep.yaml"),
            "cut": ("validate", "normal.yaml", "--set", "validate.cut_step=50", "--set", "validate.score_step=100", "--set", "validate.sittings=10",
                    "--candidates", 256)}
    for name, words in made.items():
        folder = scenarios_write(root / f"results-{name}")
        must(*words, "-o", "run.h5", "--threads", 1, cwd=folder)
        commands = [Command("summary", ("summary", "run.h5", "--json"), "run.h5")]
        if name != "cut":
            commands.append(Command("resume", (*words, "-o", "run.h5", "--resume", "--threads", 1), "run.h5"))
        if has_charts(folder):
            commands.append(Command("report", ("report", "run.h5", "-o", "page.html"), None))
        yield Base("results", name, folder, "run.h5", HDF5_WAYS, commands)


def bases_parts(root):
    for name, words in (("run", ("run", "normal.yaml")), ("sweep", ("sweep", "sweep.yaml"))):
        folder = scenarios_write(root / f"parts-{name}")
        for k in (1, 2):
            must(*words, "-o", f"part{k}.h5", "--shard", f"{k}/2", "--threads", 1, cwd=folder)
        yield Base("parts", name, folder, "part1.h5", STATE_WAYS if name == "run" else HDF5_WAYS, [
            Command("merge", ("merge", "-o", "whole.h5", "part1.h5", "part2.h5"), "whole.h5"),
            Command("missing", ("merge", "--missing", "part1.h5", "part2.h5"), None),
            Command("resume", (*words, "-o", "part1.h5", "--shard", "1/2", "--resume", "--threads", 1), "part1.h5")])


def bases_checkpoints(root):
    for name, words in (("run", ("run", "normal.yaml", "--candidates", 4096)), ("sweep", ("sweep", "sweep.yaml", "--batch", 1))):
        folder = scenarios_write(root / f"checkpoints-{name}")
        stopped(folder, *words, "-o", "run.h5")
        yield Base("checkpoints", name, folder, "run.h5.checkpoint", STATE_WAYS if name == "run" else HDF5_WAYS, [
            Command("resume", (*words, "-o", "run.h5", "--resume", "--threads", 1), "run.h5"),
            Command("summary", ("summary", "run.h5.checkpoint", "--json"), "run.h5.checkpoint")])


def segment_leave(folder, words):
    """Go on until a segment has a whole block (65,536 candidates); None where that does not come about."""
    for step in range(2, 40):
        if call(*words, "--resume", "--max-time", step / 50, cwd=folder).returncode != 75:
            return None
        segment = max(folder.glob("*.segment"), key=lambda path: path.stat().st_size, default=None)
        if segment and segment.stat().st_size > 10_000:
            return segment
    return None


def bases_microdata(root):
    folder = scenarios_write(root / "microdata-merge")
    for k in (1, 2):
        must("run", "normal.yaml", "-o", f"part{k}.h5", "--microdata", "--shard", f"{k}/2", "--threads", 1, cwd=folder)
    yield Base("microdata", "merge", folder, "part1.micro.h5", [way_index, way_index, *HDF5_WAYS], [
        Command("merge", ("merge", "-o", "whole.h5", "--microdata", "part1.h5", "part2.h5"), "whole.h5")])
    folder = scenarios_write(root / "microdata-resume")
    words = ("run", "normal.yaml", "--candidates", 100_000, "-o", "run.h5", "--microdata", "--threads", 2)
    segment = segment_leave(folder, words)
    if segment:
        resume = [Command("resume", (*words, "--resume"), "run.h5")]
        yield Base("microdata", "segment", folder, segment.name, [way_segment], resume)
        yield Base("microdata", "tail", folder, max(folder.glob("*.tail")).name, [way_tail], resume)


def bases_libraries(root):
    folder = scenarios_write(root / "libraries")
    (folder / "kept").mkdir()
    must("run", "library.yaml", "-o", "first.h5", "--threads", 1, cwd=folder)
    kept, = folder.glob("kept/library-*.h5")
    yield Base("libraries", "library", folder, f"kept/{kept.name}", HDF5_WAYS, [
        Command("run", ("run", "library.yaml", "-o", "run.h5", "--threads", 1), "run.h5"),
        Command("sweep", ("sweep", "library_sweep.yaml", "-o", "run.h5", "--threads", 1), "run.h5")])


KINDS = {"results": bases_results, "parts": bases_parts, "checkpoints": bases_checkpoints, "microdata": bases_microdata,
         "libraries": bases_libraries}


# ---- one mutant ----

def measured(words, folder):
    """(status, stdout, lines of stderr, kilobytes, seconds); a negative status is a signal."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        process = subprocess.Popen([PROGRAM, *map(str, words)], cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=said)
        timer = threading.Timer(HANG_S, process.kill)
        timer.start()
        _, status, used = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), said.seek(0)
        lines = said.read().decode(errors="replace").splitlines()
        return process.returncode, out.read(), lines, used.ru_maxrss, time.monotonic() - began


def statistics(text):
    """What the seal and the digest answer for: not the attributes, which say who made it, when and how."""
    said = json.loads(text)
    said.pop("attributes", None)
    return said


def told(folder, output):
    done = call("summary", output, "--json", cwd=folder, timeout=HANG_S)
    return statistics(done.stdout) if done.returncode == 0 else None


def fault_of(command, folder, measurement, expected):
    status, _, lines, kilobytes, seconds = measurement
    if seconds >= HANG_S:
        return "hang"
    if status < 0 or status >= 128:
        return f"signal {signal.Signals(-status if status < 0 else status - 128).name}"
    if kilobytes > MOST_KB:
        return f"{kilobytes >> 10} MiB"
    if status not in DOCUMENTED:
        return f"status {status}"
    if status not in (0, 75) and (len([line for line in lines if not line.startswith("retake: resumed at")]) != 1
                                  or not lines[-1].startswith("retake: ")):
        return f"{len(lines)} lines: {lines[:3]}"
    if status == 0 and command.output and told(folder, command.output) != expected:
        return "0 with other statistics"
    return ""


def try_mutant(base, expected, number):
    chance = random.Random(f"{SEED} {base.kind} {base.name} {number}")
    way = chance.choice(base.ways)
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name) / "files"
        good = (base.folder / base.victim).read_bytes()
        bad = way(good, chance)
        for command in base.commands:
            shutil.copytree(base.folder, folder, copy_function=os.link)  # outputs take the place of a file
            (folder / base.victim).unlink()
            (folder / base.victim).write_bytes(bad)
            measurement = measured(command.words, folder)
            fault = fault_of(command, folder, measurement, expected[command.name])
            kept = os.environ.get("RETAKE_MUTANTS_KEPT")
            if fault and kept:
                shutil.copytree(folder, Path(kept) / f"{base.kind}-{base.name}-{number}-{command.name}", dirs_exist_ok=True)
                (Path(kept) / f"{base.kind}-{base.name}-{number}-{command.name}" / base.victim).write_bytes(bad)
            yield Outcome(base.kind, base.name, number, way.__name__[4:], command.name, measurement[0], measurement[3], measurement[4], fault)
            shutil.rmtree(folder)


def try_list(task):
    base, expected, numbers_ = task
    return [outcome for number in numbers_ for outcome in try_mutant(base, expected, number)]


def worker_begin():
    """Limits for what the worker starts; what h5py complains of is nobody's concern."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def expectations(base):
    """What the commands make of the good file."""
    expected = {}
    for command in base.commands:
        with tempfile.TemporaryDirectory(dir=MEMORY) as name:
            folder = Path(name) / "files"
            shutil.copytree(base.folder, folder)
            must(*command.words, cwd=folder)
            expected[command.name] = told(folder, command.output) if command.output else None
    return expected


# ---- all ----

def try_all(n_per_kind, kinds=tuple(KINDS), first=0):
    """Every outcome."""
    n_jobs = int(os.environ.get("RETAKE_JOBS", os.cpu_count()))
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        tasks = []
        for kind in kinds:
            bases = list(KINDS[kind](Path(name)))
            for k, base in enumerate(bases):
                if way_bytes in base.ways:
                    known((base.folder / base.victim).read_bytes())  # once, for all workers
                expected, numbers_ = expectations(base), list(range(first + k, first + n_per_kind, len(bases)))
                tasks += [(base, expected, numbers_[at:at + 8]) for at in range(0, len(numbers_), 8)]
        with multiprocessing.Pool(n_jobs, worker_begin) as pool:
            return [outcome for outcomes in pool.imap_unordered(try_list, tasks) for outcome in outcomes]


def print_table(outcomes):
    """What came of each command, kind by kind."""
    print(f"{'kind':12} {'command':8} {'mutants':>7} {'signals':>7} {'hangs':>5} {'0 wrong':>7} {'lines':>5} {'most MiB':>8} {'most s':>6}  statuses")
    groups = {}
    for outcome in outcomes:
        groups.setdefault((outcome.kind, outcome.command), []).append(outcome)
    for (kind, command), those in sorted(groups.items()):
        faults = Counter(outcome.fault.split(" ")[0] if not outcome.fault[:1].isdigit() else outcome.fault.split(" ", 1)[1][:5] for outcome in those)
        statuses = Counter(outcome.status for outcome in those)
        print(f"{kind:12} {command:8} {len(those):7} {faults['signal']:7} {faults['hang']:5} {faults['with ']:7} {faults['lines']:5} "
              f"{max(outcome.kilobytes for outcome in those) >> 10:8} {max(outcome.seconds for outcome in those):6.1f}  "
              + ", ".join(f"{status}: {n}" for status, n in sorted(statuses.items())))


def report(outcomes, most=20):
    """Print the table and the faults; whether there is none."""
    print_table(outcomes)
    faults = [outcome for outcome in outcomes if outcome.fault]
    for outcome in faults[:most]:
        print(f"{outcome.kind} {outcome.base} {outcome.number} ({outcome.way}) {outcome.command}: {outcome.fault}")
    if len(faults) > most:
        print(f"... and {len(faults) - most} more")
    return not faults
