"""Microdata against the statistics of the same run, against single journeys as trace tells them, and against
themselves: other threads, killed and resumed, in shards; filters; what other programs read.
SPDX-License-Identifier: Apache-2.0
"""
import ctypes
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _program import IS_SANITIZED, PROGRAM, ROOT, SKIPPED, call, check, must

EMR, GROUPS = ROOT / "configs/emr.yaml", ROOT / "configs/credential.yaml"
N = 2000 if IS_SANITIZED else 6000
BLOCK = 65536
NORMAL = ("--set", "exam.form=normal", "--candidates", "150000")  # more than two blocks


def run(folder, name, *words, scenario=EMR):
    must("run", scenario, "-o", folder / f"{name}.h5", "--microdata", *words)
    return folder / f"{name}.h5", folder / f"{name}.micro.h5"


def same_files(one, two, what):
    """But for what names the command."""
    check(open_all(one).microdata_digest == open_all(two).microdata_digest, f"{what}: another digest")


def open_all(path):
    import xarray
    return xarray.open_dataset(path, engine="netcdf4", decode_times=False)


# ---- the digest, from what another program read (docs/microdata.md) ----

class Hash128(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


def xxh3_128(data):
    library = ctypes.CDLL("libxxhash.so.0")
    library.XXH3_128bits.restype = Hash128
    library.XXH3_128bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    value = library.XXH3_128bits(data, len(data))
    return struct.pack(">QQ", value.high, value.low)


def digest_of(data):
    stream = b""
    for name, var in data.variables.items():
        blocks = b"".join(xxh3_128(var.values[at:at + BLOCK].tobytes()) for at in range(0, var.size, BLOCK))
        stream += struct.pack("<Q", len(name)) + name.encode() + struct.pack("<Q", var.size) + xxh3_128(blocks)
    return xxh3_128(stream).hex()


# ---- rows against statistics ----

def owners(rows):
    """The candidate, as an index, of each sitting."""
    import numpy
    return numpy.repeat(numpy.arange(rows.sizes["candidate"]), rows.n_sittings.values)


def binned(values, bins):
    """Counts per bin; values beyond fall into the first or the last."""
    import numpy
    edges = bins.values[1:, 0]
    return numpy.bincount(numpy.searchsorted(edges, values, side="right"), minlength=len(bins))


def check_statistics(rows, result):
    import numpy
    groups = [str(name) for name in result.group.values]
    group_of = rows.group.values[owners(rows)]
    names = rows.group.attrs["flag_meanings"].split()
    check(names in (groups, groups[1:]), f"groups: {names}")
    for name in groups:
        chosen = numpy.ones(rows.sizes["candidate"], bool) if name == "all" else rows.group.values == names.index(name)
        stats = result.sel(group=name)
        check(chosen.sum() == stats.n_candidates, f"{name}: candidates")
        outcomes = numpy.bincount(rows.outcome.values[chosen], minlength=7)
        check((outcomes == stats.n_outcome.values).all(), f"{name}: outcomes {outcomes}")
        used = numpy.bincount(rows.n_attempts.values[chosen], minlength=stats.sizes["attempts_used"])
        check((used == stats.n_by_attempts_used.values).all(), f"{name}: attempts used")
        certified = rows.certified_day.values[chosen]
        days = binned(certified[certified >= 0] + 0.5, result.day_bin_bounds)
        check((days == stats.n_days_to_certification.values).all(), f"{name}: days")
        for attempt in result.attempt.values:
            mine = (rows.attempt.values == attempt) & (numpy.isin(group_of, [names.index(name)]) if name != "all" else True)
            check_attempt(rows.isel(sitting=numpy.flatnonzero(mine)), stats.sel(attempt=attempt), result, f"{name}, {attempt}")
    for k, attempt in enumerate(result.attempt.values):
        theta = binned(rows.theta.values[rows.attempt.values == attempt], result.theta_bin_bounds)
        check((theta == result.n_theta.values[k]).all(), f"attempt {attempt}: abilities")


def check_attempt(rows, stats, result, what):
    import numpy
    check(rows.sizes["sitting"] == stats.n_attempted and rows.passed.values.sum() == stats.n_passed, f"{what}: sittings")
    check((binned(rows.score.values.astype(float), result.score_bin_bounds) == stats.n_score.values).all(), f"{what}: scores")
    decisions = numpy.bincount(2 * rows.competent.values + rows.passed.values, minlength=4)
    check((decisions == stats.n_decision.values.ravel()).all(), f"{what}: decisions")
    if "length" in result.dims:
        check((numpy.bincount(rows.n_scored.values, minlength=result.sizes["length"]) == stats.n_session_length.values).all(), f"{what}: lengths")
        check((numpy.bincount(rows.stop_reason.values, minlength=4) == stats.n_stop_reason.values).all(), f"{what}: stops")
        misses = [int(rows[f"misses_{bucket}"].sum()) for bucket in result.bucket.values]
        check(misses == list(stats.n_misses_by_bucket.values), f"{what}: misses {misses}")
    if "minute_bin" in result.dims:
        minutes = binned(rows.minutes.values, result.minute_bin_bounds)
        check((minutes == stats.n_session_minutes.values).all(), f"{what}: minutes")


def check_runs(folder):
    for name, scenario, words in (("emr", EMR, ("--candidates", N)),
                                  ("normal", EMR, ("--candidates", N, "--set", "exam.form=normal")),
                                  ("groups", GROUPS, ("--candidates", N))):
        result, micro = run(folder, name, *words, scenario=scenario)
        rows = open_all(micro)
        check(int(rows.n_sittings.sum()) == rows.sizes["sitting"], f"{name}: row sizes")
        check(digest_of(rows) == rows.microdata_digest, f"{name}: another digest")
        check(rows.microdata_digest == open_all(result).microdata_digest, f"{name}: the result's digest")
        check_statistics(rows, open_all(result))
        print(f"{name}: {rows.sizes['candidate']} candidates, {rows.sizes['sitting']} sittings")


def sitting_of(told):
    """What trace says of a sitting, under the names of the columns."""
    truth = told["truth"]
    here = {name: told[name] for name in ("attempt", "day", "result_day", "n_items", "n_scored", "minutes")}
    here |= {f"misses_{bucket}": n for bucket, n in truth["misses"].items()}
    return here | {"passed": told["report"]["passed"], "competent": truth["is_competent"], "score": truth["score"],
                   "theta": truth["proficiency"], "theta_estimate": truth["theta"], "theta_se": truth["se"]}


def check_trace(folder):
    """Some candidates, as another command tells of them."""
    import numpy
    rows = open_all(folder / "emr.micro.h5")
    last = numpy.cumsum(rows.n_sittings.values.astype(int))
    ends, stops = (rows[name].attrs["flag_meanings"].split() for name in ("outcome", "stop_reason"))
    for candidate in (0, 1, *numpy.flatnonzero(rows.n_attempts.values >= 3)[:3]):
        told = json.loads(must("trace", EMR, "--candidate", candidate, "--json"))
        here = rows.isel(candidate=candidate, sitting=slice(last[candidate] - int(rows.n_sittings[candidate]), last[candidate]))
        check(len(told["sittings"]) == int(here.n_attempts), f"candidate {candidate}: sittings")
        check(ends[int(here.outcome)] == told["outcome"], f"candidate {candidate}: outcome")
        days = {int(here[name]) for name in ("certified_day", "licensed_day")} - {-1}
        check(days == {told["certified_day"], told["licensed_day"]} - {None}, f"candidate {candidate}: {days}")
        for k, sitting in enumerate(told["sittings"]):
            check(stops[int(here.stop_reason[k])] == sitting["stop_reason"], f"candidate {candidate}: stop reason")
            for name, value in sitting_of(sitting).items():
                check(0 <= value - float(here[name][k]) <= 1.2e-7 * abs(value) or value == float(here[name][k]),
                      f"candidate {candidate}, sitting {k + 1}: {name}: {value}, {float(here[name][k])}")


# ---- the same rows, come by in another way ----

def check_threads(folder):
    micros = [run(folder, f"threads{n}", "--candidates", N, "--threads", n)[1] for n in (1, 3)]
    same_files(micros[0], folder / "emr.micro.h5", "one thread")
    same_files(micros[1], folder / "emr.micro.h5", "three threads")


def check_killed(folder):
    """Killed at random moments and resumed; nothing is left behind."""
    _, whole = run(folder, "whole", *NORMAL)
    words = ["run", EMR, "-o", folder / "killed.h5", "--microdata", *NORMAL, "--checkpoint", "0.1", "--resume"]
    for k in range(4):
        process = subprocess.Popen([PROGRAM, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.25 + 0.15 * k)
        process.send_signal(signal.SIGTERM if k == 2 else signal.SIGKILL)
        process.wait()
    must(*words)
    same_files(folder / "killed.micro.h5", whole, "killed and resumed")
    left = sorted(path.name for path in folder.iterdir() if "segment" in path.name or "tail" in path.name or "open" in path.name)
    check(not left, f"left behind: {left}")


def check_shards(folder):
    parts = [run(folder, f"part{k}", *NORMAL, "--shard", f"{k}/3")[0] for k in (3, 1, 2)]
    must("merge", "-o", folder / "merged.h5", "--microdata", *parts)
    same_files(folder / "merged.micro.h5", folder / "whole.micro.h5", "merged")
    check(open_all(folder / "merged.h5").statistics_digest == open_all(folder / "whole.h5").statistics_digest, "merged")
    shutil.copy(folder / "part1.micro.h5", folder / "part2.micro.h5")
    done = call("merge", "-o", folder / "wrong.h5", "--microdata", *parts)
    check(done.returncode == 65 and "part2.micro.h5" in done.stderr, f"wrong part: {done.returncode} {done.stderr}")
    check(not (folder / "wrong.h5").exists(), "a result of wrong parts")


def check_filters(folder):
    import numpy
    rows = open_all(folder / "emr.micro.h5")
    owner = owners(rows)
    for words, sitting in (("attempt>=2", rows.attempt.values >= 2),
                           ("failed", rows.passed.values == 0),
                           ("failed,attempt>=2,every=10", (rows.passed.values == 0) & (rows.attempt.values >= 2)),
                           ("every=7", numpy.ones(rows.sizes["sitting"], bool))):
        every = int(words.split("every=")[1]) if "every" in words else 1
        sitting = sitting & (rows.candidate.values[owner] % every == 0)
        candidates = rows.candidate.values % every == 0
        if words != "every=7":
            candidates = candidates & (numpy.bincount(owner[sitting], minlength=len(candidates)) > 0)
        kept = open_all(run(folder, "kept", "--candidates", N, "--microdata-keep", words)[1])
        check(kept.sizes["candidate"] == candidates.sum() and kept.sizes["sitting"] == sitting.sum(), f"{words}: rows")
        for name, var in rows.variables.items():
            chosen = var.values[candidates if var.dims == ("candidate",) else sitting]
            if name != "n_sittings":
                check((kept[name].values == chosen).all(), f"{words}: {name}")
        check((kept.n_sittings.values == numpy.bincount(owner[sitting], minlength=len(candidates))[candidates]).all(), f"{words}: row sizes")
        check(set(kept.microdata_keep.split(",")) == set(words.split(",")), f"{words}: {kept.microdata_keep}")
    none = open_all(run(folder, "none", "--candidates", 50, "--microdata-keep", "attempt>=200")[1])
    check(none.sizes["candidate"] == 0, "nothing was to be kept")


def check_readers(folder):
    import xarray
    path = folder / "emr.micro.h5"
    views = [xarray.open_dataset(path, engine=engine).load() for engine in ("netcdf4", "h5netcdf")]
    check(views[0].identical(views[1]), "netcdf4 and h5netcdf see different things")
    check(views[0].course_ended.dtype.kind == "M", "course_ended is no date")
    check(views[0].n_sittings.attrs["sample_dimension"] == "sitting", "no ragged array")
    if shutil.which("ncdump"):
        subprocess.run(["ncdump", "-v", "outcome", path], check=True, capture_output=True)
    if shutil.which("Rscript"):
        code = (f'library(ncdf4); f <- nc_open("{path}"); for (v in f$var) '
                'cat(v$name, length(ncvar_get(f, v$name)), sprintf("%.10g", sum(as.numeric(ncvar_get(f, v$name)))), "\\n")')
        rows = open_all(path)
        for line in subprocess.run(["Rscript", "-e", code], check=True, capture_output=True, text=True).stdout.splitlines():
            name, n, total = line.split()
            here = float(rows[name].values.astype(float).sum())
            check(int(n) == rows[name].size and abs(float(total) - here) <= 1e-8 * (1 + abs(here)), f"R: {line}, {here}")


# ---- faults ----

def check_refusals(folder):
    for words, expected in ((("--microdata-keep", "failed"), "needs --microdata"),
                            (("--microdata", "--microdata-keep", "first"), "none of attempt>=N"),
                            (("--microdata=/nowhere/at/all.h5",), "/nowhere/at/all.h5: cannot write")):
        done = call("run", EMR, "--candidates", 10, "-o", folder / "refused.h5", *words)
        check(done.returncode in (2, 74) and expected in done.stderr, f"{words}: {done.returncode} {done.stderr}")
        check(not (folder / "refused.h5").exists(), f"{words}: a result")
    done = call("summary", folder / "emr.micro.h5")
    check(done.returncode == 65 and "microdata, not a result" in done.stderr, f"summary of microdata: {done.returncode} {done.stderr}")


def check_full_disk(folder):
    disk = folder / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk],
                                           capture_output=True).returncode != 0:
        print("no small disk to fill: not tried")
        return
    try:
        words = ("run", EMR, "-o", folder / "full.h5", f"--microdata={disk / 'micro.h5'}", *NORMAL, "--checkpoint", "0.005", "--threads", 1)
        done = call(*words)
        check(done.returncode == 74 and "micro.h5" in done.stderr and "cannot write" in done.stderr, f"full disk: {done.returncode} {done.stderr}")
        check("No space left" in done.stderr, done.stderr)
        check((folder / "full.h5.checkpoint").exists() and not (folder / "full.h5").exists(), "full disk: no checkpoint")
        subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
        must(*words, "--resume")
        same_files(disk / "micro.h5", folder / "whole.micro.h5", "resumed after a full disk")
    finally:
        subprocess.run(["umount", disk], check=True)


def main():
    try:
        import netCDF4, xarray  # noqa: F401
        import h5netcdf  # noqa: F401
    except ImportError as missing:
        print(f"not installed: {missing.name}")
        return 1 if os.environ.get("RETAKE_REQUIRE_INTEROP") == "1" else SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_runs(folder)
        check_refusals(folder)
        if IS_SANITIZED:
            check_filters(folder)
            return 0
        for part in (check_trace, check_threads, check_filters, check_readers, check_killed, check_shards, check_full_disk):
            began = time.monotonic()
            part(folder)
            print(f"{part.__name__}: {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
