"""The program under test, as the scripts of this folder call it. SPDX-License-Identifier: Apache-2.0"""
import json
import os
import subprocess
from pathlib import Path

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
BUILD = Path(os.environ.get("RETAKE_BUILD_DIR", ROOT / "build/release"))
PROGRAM = os.environ.get("RETAKE") or str(BUILD / "retake")
IS_SANITIZED = "asan" in BUILD.name  # each path once there; the statistics are the release build's
SKIPPED = 77


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def call(*words, **options):
    """Whatever the exit status."""
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, encoding="utf-8",
                          timeout=options.pop("timeout", 300), **options)


def must(*words, **options):
    done = call(*words, **options)
    check(done.returncode == 0, f"{' '.join(map(str, words))}: status {done.returncode}: {done.stderr}")
    return done.stdout


def summary(path):
    return json.loads(must("summary", path, "--json"))


def sets(assignments):
    return [word for assignment in assignments for word in ("--set", assignment)]
