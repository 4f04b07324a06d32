"""A fresh clone of HEAD on a bare Debian 12 and a bare Debian 13 (debootstrap, minbase): `./dev run` and `./dev test`
install what they lack, build and pass; the digest of 20,000 candidates is that of this machine on both.

All of it runs in mount and process namespaces of its own: however it ends, its processes end and its mounts are gone. The
log of each system is left in build/<preset>/bare. RETAKE_BARE=trixie tries that one alone.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _program import BUILD, ROOT, SKIPPED, check, must, summary

SUITES = os.environ.get("RETAKE_BARE", "bookworm trixie").split()
MIRROR = [os.environ["RETAKE_MIRROR"]] if "RETAKE_MIRROR" in os.environ else []  # else the one that debootstrap knows
FOLDER = BUILD / "bare"
N = ("--candidates", "20000")
# npm trusts who this machine trusts, a proxy of its own included.
CERTIFICATES = Path(os.environ.get("NODE_EXTRA_CA_CERTS", "/etc/ssl/certs/ca-certificates.crt"))
INSIDE = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8",
          "NODE_EXTRA_CA_CERTS": "/root/certificates.pem"}


def reason_to_skip():
    if os.geteuid() != 0:
        return "needs root"
    lacking = [name for name in ("debootstrap", "unshare", "setpriv", "git") if not shutil.which(name)]
    if lacking:
        return f"no {', '.join(lacking)}"
    done = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True, text=True)
    return done.stderr.strip() if done.returncode else None


def run_logged(log, *words, **options):
    """Seconds that it took."""
    start = time.monotonic()
    done = subprocess.run([*map(str, words)], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, **options)
    check(done.returncode == 0, f"{' '.join(map(str, words))}: status {done.returncode}; see {log.name}")
    return time.monotonic() - start


def mount(system):
    for words in (("-t", "proc", "proc", system / "proc"), ("-t", "sysfs", "sysfs", system / "sys"),
                  ("--rbind", "/dev", system / "dev")):
        subprocess.run(["mount", *map(str, words)], check=True)


def digest_on(suite):
    system = FOLDER / suite
    with open(FOLDER / f"{suite}.log", "w") as log:
        run_logged(log, "debootstrap", "--variant=minbase", suite, system, *MIRROR)
        mount(system)
        if CERTIFICATES.exists():
            shutil.copy(CERTIFICATES, system / "root/certificates.pem")
        run_logged(log, "git", "clone", "--quiet", "--no-hardlinks", ROOT, system / "root/retake")

        def inside(*words):
            return run_logged(log, "chroot", system, "sh", "-c", 'cd /root/retake && exec "$@"', "sh", *words, env=INSIDE)

        print(f"{suite}: ./dev run {inside('./dev', 'run', *N):.0f} s", flush=True)
        found = subprocess.run(["chroot", system, "/root/retake/build/release/retake", "summary",
                                "/root/retake/results/emr.h5", "--json"], check=True, capture_output=True, env=INSIDE)
        digest = json.loads(found.stdout)["attributes"]["statistics_digest"]
        print(f"{suite}: digest {digest}", flush=True)
        print(f"{suite}: ./dev test {inside('./dev', 'test'):.0f} s", flush=True)
    return digest


def digest_here():
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "emr.h5")
        must("run", ROOT / "configs/emr.yaml", "-o", out, *N)
        return summary(out)["attributes"]["statistics_digest"]


def try_all():
    expected = digest_here()
    for suite in SUITES:
        digest = digest_on(suite)
        check(digest == expected, f"{suite}: digest {digest}, here {expected}")


def main():
    if sys.argv[1:] == ["--inside"]:
        return try_all()
    reason = reason_to_skip()
    if reason:
        print(f"skipped: {reason}")
        return SKIPPED
    # Nothing is mounted in what a run before left: its namespace ended with it.
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    try:
        return subprocess.run(["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child",
                               sys.executable, __file__, "--inside"]).returncode
    finally:
        for suite in SUITES:
            shutil.rmtree(FOLDER / suite, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
