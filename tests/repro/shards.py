"""Any partition of a run into shards merges to the digest of the whole, in any order; what does not fit together
is refused by name, and what is missing is said as an array specification. SPDX-License-Identifier: Apache-2.0
"""
import random
import sys
import tempfile
from pathlib import Path

from _durable import EMR, NORMAL, SMALL_CAT, checkpoint_of, digest
from _program import IS_SANITIZED, ROOT, call, check, must, summary

TWO_GROUPS = f"""bank: {ROOT}/configs/banks/emr.csv
exam: {{exclude_seen: all, min_items: 5, max_items: 10, pilot_items: 2}}
population:
  groups:
    full_time: {{weight: 2, theta_mean: 0.5}}
    part_time: {{weight: 1, theta_mean: -0.5, theta_sd: 1.1}}
policy: {{wait_days: [15, 30], after_cycle: [refresher, course]}}
"""
EXPOSURE = (*SMALL_CAT, "--set", "exam.exposure.rule=sympson_hetter", "--set", "exam.exposure.target=0.4", "--set",
            "exam.exposure.candidates=256")
ONES = ("statistics_digest", "date_created", "history", "merged_by", "n_parts")  # these differ


def run_shards(folder, words, n_shards, which=None):
    parts = []
    for shard in which or range(1, n_shards + 1):
        parts.append(folder / f"part{shard}of{n_shards}.h5")
        must("run", *words, "-o", parts[-1], "--shard", f"{shard}/{n_shards}")
    return parts


def merged(folder, parts):
    out = folder / "merged.h5"
    must("merge", "-o", out, *parts)
    return out


def check_partitions(folder, name, words, candidates, partitions):
    words = (*words, "--candidates", candidates)
    whole = folder / "whole.h5"
    must("run", *words, "-o", whole)
    for n_shards in partitions:
        parts = run_shards(folder, words, n_shards)
        random.Random(n_shards).shuffle(parts)
        out = merged(folder, parts)
        check(digest(out) == digest(whole), f"{name}: {n_shards} shards have another digest")
        check(must("merge", "--missing", *parts) == "", f"{name}: {n_shards} shards: something is missing")
    one, two = summary(whole)["attributes"], summary(out)["attributes"]
    check(set(one) | {"merged_by", "n_parts"} == set(two), f"{name}: attributes {set(one) ^ set(two)}")
    check(all(one[key] == two[key] for key in one if key not in ONES), f"{name}: attributes differ")
    check(two["history"].count("\n") == len(parts), f"{name}: history {two['history']!r}")
    print(f"{name}: {candidates} candidates in {partitions} shards, {digest(whole)}")


def refused(message, *words):
    done = call(*words)
    check(done.returncode == 65, f"{words}: status {done.returncode}: {done.stderr}")
    check(message in done.stderr and done.stderr.count("\n") == 1, f"{done.stderr!r} does not say {message!r}")


def check_refusals(folder):
    words = (*NORMAL, "--candidates", 5_000)
    a, b, c = run_shards(folder, words, 3)
    half, other, out = folder / "half.h5", folder / "other.h5", folder / "refused.h5"
    must("run", *words, "-o", half, "--shard", "2/2")
    must("run", *words, "-o", other, "--shard", "2/3", "--set", "policy.wait_days=30")
    refused("of 3 shards these are missing: 2\n", "merge", "-o", out, c, a)
    refused(f"{b} and {b} are the same part", "merge", "-o", out, a, b, c, b)
    refused(f"{b} and {half} overlap", "merge", "-o", out, a, b, half)
    refused(f"{other} is of another scenario or of other inputs than {a}: policy.wait_days is 15 there, 30 here",
            "merge", "-o", out, a, other, c)
    refused("No such file", "merge", "-o", out, a, folder / "nothing.h5", c)
    whole = folder / "without_state.h5"
    must("run", *words, "-o", whole)
    refused("neither a checkpoint nor a shard", "merge", "-o", out, a, whole)
    check(not out.exists(), "a refused merge has left a file")
    sizes = run_shards(folder, words, 4, (3, 4))
    check(digest(merged(folder, [sizes[1], *run_shards(folder, words, 2, (1,)), sizes[0]])) == digest(whole),
          "shards of different numbers that fit: another digest")


def check_missing(folder):
    words = (*NORMAL, "--candidates", 5_000)
    parts = dict(enumerate(run_shards(folder, words, 9), 1))
    damaged = bytearray(parts[3].read_bytes())
    damaged[len(damaged) // 2] ^= 4
    parts[3].write_bytes(damaged)
    good = [parts[k] for k in (1, 4, 8, 9)]
    done = call("merge", "--missing", *good, parts[3], folder / "nothing.h5")
    check(done.returncode == 75 and done.stdout == "2-3,5-7\n", f"{done.returncode}, {done.stdout!r}")
    check(done.stderr.count("\n") == 2 and "damaged" in done.stderr, f"said {done.stderr!r}")
    done = call("merge", "--missing", folder / "nothing.h5")
    check(done.returncode == 65 and "no part is good" in done.stderr, f"{done.stderr!r}")
    check(done.stderr.count("nothing.h5") == 1, f"a part that cannot be read is tried twice: {done.stderr!r}")
    check(call("merge", *good).returncode == 2, "neither -o nor --missing is no usage error")


def check_resumed_shard(folder):
    words = (*SMALL_CAT, "--candidates", 3_000 if IS_SANITIZED else 6_000)
    one, two = run_shards(folder, words, 2)
    out = folder / "resumed.h5"
    check(call("run", *words, "-o", out, "--shard", "2/2", "--max-time", "0.001").returncode == 75, "did not stop")
    refused("is of another scenario or of other inputs: shard is 2 there, 1 here", "run", *words, "-o", out, "--shard",
            "1/2", "--resume")
    refused("unfinished", "merge", "-o", folder / "refused.h5", one, checkpoint_of(out))
    must("run", *words, "-o", out, "--shard", "2/2", "--resume")
    check(digest(out) == digest(two), "a resumed shard has another digest")
    check(digest(merged(folder, [out, one])) == digest(merged(folder, [one, two])), "merged: another digest")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        two_groups = folder / "two_groups.yaml"
        two_groups.write_text(TWO_GROUPS)
        check_partitions(folder, "normal", NORMAL, 5_001, (3,) if IS_SANITIZED else (1, 25))
        check_resumed_shard(folder)
        if IS_SANITIZED:  # each call costs; the rest is the release build's
            return 0
        check_partitions(folder, "two groups", (two_groups, "--threads", "1"), 2_000, (3,))
        check_partitions(folder, "exposure control", EXPOSURE, 1_000, (2,))
        check_partitions(folder, "one candidate", (EMR,), 1, (2,))
        check_refusals(folder)
        check_missing(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
