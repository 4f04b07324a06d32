"""Arrays under a real SLURM on loopback: eight tasks, one of them killed and requeued, one stopped by its time limit's signal, a
merge that waits for them all; the digest is that of the undivided run. The scripts are those of configs/cluster.

SPDX-License-Identifier: Apache-2.0
"""
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from _program import PROGRAM, ROOT, SKIPPED, check, must, summary
from _ranks import RANKED
from _slurm import Slurm, missing

CLUSTER = ROOT / "configs/cluster"
SCENARIO = """bank: {root}/configs/banks/emr.csv
engine: {{candidates: 4000000}}
exam: {{min_items: 20, max_items: 40, pilot_items: 5, time_limit_min: none}}
"""
SWEEP = """base: scenario.yaml
candidates: 300000
axes:
  policy.wait_days: [15, 30]
  policy.max_cycles: [1, 2]
  policy.attempts_per_cycle: [1, 2, 3, 4]
"""
LIMIT_S = 900


def signal_parent(is_child):
    """USR1 to the script of a job, as --signal=B:USR1@120 does it before the time limit: the parent of the process whose words are
    such. False: it does not run."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                if is_child(words):
                    os.kill(int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]), signal.SIGUSR1)
                    return True
            except OSError:
                pass
    return False


def signal_task(task):
    return signal_parent(lambda words: words[0] == PROGRAM and any(word.endswith(f".part-{task}.h5") for word in words))


def signal_launcher(out):
    return signal_parent(lambda words: Path(words[0]).name.startswith(("mpirun", "orterun")) and str(out) in words)


def array(slurm, command, source, out):
    """Submit, kill one task and signal another, wait for the merge."""
    told = slurm.call(CLUSTER / "submit.sh", source, out, 8, RETAKE=PROGRAM, RETAKE_COMMAND=command, RETAKE_CHECKPOINT_S="0.2")
    job = told.split()[1].rstrip(",")
    killed = signalled = False
    end = time.monotonic() + LIMIT_S
    while not slurm.is_done():
        running = {name for name, state, _ in slurm.queue() if state == "RUNNING"}
        part = out.with_name(f"{out.stem}.part-3.h5.checkpoint")
        if not killed and f"{job}_3" in running and part.exists():
            slurm.call("scontrol", "requeue", f"{job}_3")
            killed = True
        part = out.with_name(f"{out.stem}.part-5.h5.checkpoint")
        if not signalled and f"{job}_5" in running and part.exists():
            signalled = signal_task(5)
        slurm.hurry()
        check(time.monotonic() < end, f"not done within {LIMIT_S} s: {slurm.queue()}")
        time.sleep(0.3)
    logs = {path.name: path.read_text() for path in out.parent.glob(f"{out.stem}*.log")}
    check(out.exists(), f"no {out.name}: {logs}")
    check(killed and signalled, f"killed {killed}, signalled {signalled}: too short a run")
    return summary(out)["attributes"]["statistics_digest"]


def by_ranks(slurm, command, source, out):
    """Two ranks in one job, stopped once as by its time limit."""
    log = out.with_suffix(".log")
    slurm.call("sbatch", "--ntasks=2", "--ntasks-per-node=2", f"--output={log}", CLUSTER / "mpi.sbatch", source, out, RETAKE_MPI=str(RANKED),
               RETAKE_COMMAND=command, RETAKE_CHECKPOINT_S="0.2", OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    checkpoint, signalled = out.with_name(out.name + ".checkpoint"), False
    end = time.monotonic() + LIMIT_S
    while not slurm.is_done():
        if not signalled and checkpoint.exists():
            signalled = signal_launcher(out)
        slurm.hurry()
        check(time.monotonic() < end, f"not done within {LIMIT_S} s: {slurm.queue()}")
        time.sleep(0.3)
    printed = log.read_text()
    check(out.exists() and signalled and "resumed" in printed, f"signalled {signalled}: {printed}")
    return summary(out)["attributes"]["statistics_digest"]


def main():
    lacks = missing()
    if lacks:
        print(f"no SLURM: {lacks}")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        work, cluster = Path(folder, "work"), Path(folder, "slurm")
        Path(folder).chmod(0o755)
        work.mkdir()
        cluster.mkdir()
        scenario, sweep = work / "scenario.yaml", work / "sweep.yaml"
        scenario.write_text(SCENARIO.format(root=ROOT))
        sweep.write_text(SWEEP)
        for command, source in ("run", scenario), ("sweep", sweep):
            whole = work / f"{command}-whole.h5"
            must(command, source, "-o", whole)
            expected = summary(whole)["attributes"]["statistics_digest"]
            with tempfile.TemporaryDirectory(dir=folder) as own, Slurm(own) as slurm:
                found = array(slurm, command, source, work / f"{command}.h5")
            check(found == expected, f"{command}: digest {found}, undivided {expected}")
            print(f"{command}: 8 tasks, one requeued, one signalled: {found}", flush=True)
            if RANKED.exists():
                with tempfile.TemporaryDirectory(dir=folder) as own, Slurm(own) as slurm:
                    found = by_ranks(slurm, command, source, work / f"{command}-mpi.h5")
                check(found == expected, f"{command} by ranks: digest {found}, undivided {expected}")
                print(f"{command}: two ranks of one job, once signalled: {found}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
