"""Copies of results by other programs (h5repack, nccopy) are read, with the digest of the original; what such
a copy lost or changed is said. SPDX-License-Identifier: Apache-2.0"""
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from _program import IS_SANITIZED, ROOT, SKIPPED, call, check, must, summary

SCENARIO = f"""
bank: {ROOT}/configs/banks/credential.csv
engine: {{candidates: 1500, seed: 5}}
exam: {{min_items: 20, max_items: 40, pilot_items: 0, time_limit_min: none}}
population: {{groups: {{north: {{weight: 2}}, south: {{weight: 1, theta_mean: 0.2}}}}}}
"""
SWEEP = """
base: scenario.yaml
candidates: 256
axes:
  policy.wait_days: [10, 20, 30]
"""
WAYS = (["h5repack"], ["h5repack", "-f", "GZIP=9"], ["h5repack", "--latest"],
        ["h5repack", "-l", "COMPA"], ["nccopy"])


def copy(way, source, target):
    done = subprocess.run([*way, source, target], capture_output=True, text=True)
    check(done.returncode == 0, f"{way}: {done.stdout}{done.stderr}")


def digest(path):
    return summary(path)["attributes"]["statistics_digest"]


def check_results(folder, ways):
    """summary, report, merge and --resume."""
    must("run", "scenario.yaml", "-o", "run.h5", cwd=folder)
    parts = [f"part{k}.h5" for k in (1, 2, 3)]
    for k, part in enumerate(parts, 1):
        must("sweep", "sweep.yaml", "-o", part, "--shard", f"{k}/3", cwd=folder)
    must("sweep", "sweep.yaml", "-o", "sweep.h5", cwd=folder)
    call("run", "scenario.yaml", "-o", "stopped.h5", "--resume", "--max-time", "1e-6", "--threads", "1", cwd=folder)
    whole = summary(folder / "run.h5")
    for way in ways:
        copied = folder / "copy.h5"
        copy(way, folder / "run.h5", copied)
        seen = summary(copied)
        check(seen["pass_rate"] == whole["pass_rate"], f"{way}: other numbers")
        check(seen["attributes"]["statistics_digest"] == whole["attributes"]["statistics_digest"], f"{way}: digest")
        if way is ways[0]:
            must("report", copied, "-o", folder / "page.html")
            must("run", "scenario.yaml", "-o", "copy.h5", "--resume", cwd=folder)
        copied.unlink()
        copy(way, folder / parts[1], copied)
        must("merge", "-o", "merged.h5", parts[0], "copy.h5", parts[2], cwd=folder)
        check(digest(folder / "merged.h5") == digest(folder / "sweep.h5"), f"{way}: merged: another digest")
        copied.unlink()
        copy(way, folder / "stopped.h5.checkpoint", folder / "again.h5.checkpoint")
        done = call("run", "scenario.yaml", "-o", "again.h5", "--resume", cwd=folder)
        check(done.returncode == 0 and "resumed at candidate" in done.stderr, f"{way}: {done.stderr}")
        check(digest(folder / "again.h5") == whole["attributes"]["statistics_digest"], f"{way}: resumed: another digest")
        (folder / "again.h5").unlink()


def check_refusals(folder):
    """A value that was changed, a checksum that is wrong, another format."""
    plain = folder / "plain.h5"
    copy(["h5repack", "-f", "NONE"], folder / "run.h5", plain)
    words = summary(plain)["cumulative_pass_rate"]
    value = next(x for row in words for x in row if x and 0 < x < 1)
    bytes_ = plain.read_bytes()
    at = bytes_.find(struct.pack("<d", value))
    check(at > 0, "no such value")
    (folder / "changed.h5").write_bytes(bytes_[:at] + struct.pack("<d", value / 2) + bytes_[at + 8:])
    sealed = bytearray((folder / "run.h5").read_bytes())
    sealed[len(sealed) // 2] ^= 1
    (folder / "damaged.h5").write_bytes(sealed)
    (folder / "short.h5").write_bytes(bytes_[:-100])
    for name, words in (("changed", "the values do not match"), ("damaged", "do not match their checksum"),
                        ("short", "truncated")):
        done = call("summary", folder / f"{name}.h5")
        check(done.returncode == 65 and words in done.stderr, f"{name}: {done.stderr}")


def main():
    ways = [way for way in WAYS if shutil.which(way[0])]
    if IS_SANITIZED or not any(way[0] == "h5repack" for way in ways):
        print("no h5repack, or no process of its own to read: skipped")
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "scenario.yaml").write_text(SCENARIO)
        (folder / "sweep.yaml").write_text(SWEEP)
        check_results(folder, ways)
        check_refusals(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
