"""The statistics are the same bytes on 64-bit ARM: the program is cross-compiled, run under qemu, and its digests are those of
the release build.

The libraries come as Debian packages into build/arm, with apt's lists and state in there too: nothing is installed, and the
system learns of no foreign architecture. SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _digests import cases, differing
from _program import IS_SANITIZED, ROOT, SKIPPED, check

ARM = ROOT / "build/arm"
SYSROOT, PROGRAM = ARM / "sysroot", ARM / "build/retake"
EMULATOR = "qemu-aarch64"
NEEDED = ["apt-get", "dpkg", "cmake", "aarch64-linux-gnu-gcc", EMULATOR]
RUNTIME = ["libgomp1"]  # beside what the -dev packages ask for


def call(*words, **options):
    done = subprocess.run([*map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    check(done.returncode == 0, f"{' '.join(map(str, words))}: status {done.returncode}:\n{done.stdout[-4000:]}")


def packages():
    """The libraries that a build needs, of packages.txt."""
    rows = [line.split() for line in (ROOT / "packages.txt").read_text().splitlines() if line.startswith("build ")]
    return [row[1] for row in rows if row[1].endswith("-dev")] + RUNTIME


def download(folder):
    """Packages of arm64 and all that they depend on, into FOLDER/archives."""
    for name in ("state/lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "status").touch()
    settings = {"APT::Architecture": "arm64", "APT::Architectures": "arm64", "APT::Sandbox::User": "",
                "Dir::State": folder / "state", "Dir::State::status": folder / "status", "Dir::Cache": folder,
                "Dir::Log": folder, "APT::Update::Post-Invoke": "", "APT::Update::Post-Invoke-Success": ""}
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    call("apt-get", "-q", *options, "update")
    call("apt-get", "-q", "-y", *options, "install", "--download-only", "--no-install-recommends", *packages())


def unpack(archives):
    shutil.rmtree(SYSROOT, ignore_errors=True)
    SYSROOT.mkdir()
    for package in sorted(archives.glob("*.deb")):
        call("dpkg", "-x", package, SYSROOT)
    for link in SYSROOT.rglob("*"):  # what is absolute would leave the folder
        if link.is_symlink() and os.readlink(link).startswith("/"):
            target = Path(f"{SYSROOT}{os.readlink(link)}")
            link.unlink()
            link.symlink_to(os.path.relpath(target, link.parent))


def compile_program():
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    environment = os.environ | {"RETAKE_SYSROOT": str(SYSROOT)}
    call("cmake", *generator, "-S", ROOT, "-B", ARM / "build", f"-DCMAKE_TOOLCHAIN_FILE={ROOT}/tests/repro/aarch64.cmake",
         "-DCMAKE_BUILD_TYPE=Release", "-DRETAKE_TESTS=OFF", "-DRETAKE_BENCH=OFF", "-DRETAKE_WERROR=ON", env=environment)
    call("cmake", "--build", ARM / "build", "-j", os.cpu_count(), "--target", "retake", env=environment)


def main():
    if IS_SANITIZED:
        print("the program that is compared is the release build's")
        return SKIPPED
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        print("missing:", *missing)
        return 1 if os.environ.get("RETAKE_REQUIRE_INTEROP") else SKIPPED
    download(ARM / "apt")
    unpack(ARM / "apt/archives")
    compile_program()
    with tempfile.TemporaryDirectory() as folder:
        wrong = differing([EMULATOR, "-L", SYSROOT, PROGRAM], cases(folder), folder, {})
    check(not wrong, f"other digests on ARM: {', '.join(wrong)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
