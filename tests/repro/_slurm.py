"""A SLURM of one node on loopback for a test: munge, slurmctld and slurmd with a configuration of their own, stopped by their
process ids. SPDX-License-Identifier: Apache-2.0"""
import os
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue")
CONFIGURATION = """ClusterName=retake
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge/socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
KillWait=2
SchedulerParameters=sched_interval=1,batch_sched_delay=1,bf_interval=1
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def missing():
    """What this machine lacks for it, or None."""
    if os.geteuid() != 0:
        return "not root"
    absent = [name for name in PROGRAMS if not shutil.which(name)]
    return f"{', '.join(absent)} missing" if absent else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Slurm:
    """with Slurm(folder) as slurm: slurm.call("sbatch", ...)"""

    def __init__(self, folder):
        self.folder, self.daemons = Path(folder).resolve(), []
        self.environment = {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf")}

    def __enter__(self):
        host = socket.gethostname().split(".")[0]
        self.folder.chmod(0o755)
        for name in ("munge", "state", "spool"):
            (self.folder / name).mkdir(mode=0o755)
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(1024))
        key.chmod(0o400)
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, host=host, cpus=os.cpu_count(), controller=free_port(), node=free_port()))
        self.start("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={self.folder}/munge/socket",
                   f"--pid-file={self.folder}/munged.pid", f"--seed-file={self.folder}/munge.seed", f"--log-file={self.folder}/munge.log")
        self.wait_for(lambda: (self.folder / "munge/socket").exists(), "munge")
        self.start("slurmctld", "-D", "-f", self.folder / "slurm.conf")
        self.wait_for(lambda: subprocess.run(["scontrol", "ping"], env=self.environment, capture_output=True, text=True)
                      .stdout.find("UP") > 0, "slurmctld")
        self.start("slurmd", "-D", "-f", self.folder / "slurm.conf")
        self.wait_for(lambda: "idle" in self.call("sinfo", "-h", "-o", "%T"), "slurmd")
        return self

    def __exit__(self, *_):
        subprocess.run(["scancel", "--user=root"], env=self.environment, capture_output=True, timeout=60)
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in reversed(self.daemons):
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def start(self, *words):
        log = (self.folder / f"{words[0]}.out").open("w")
        self.daemons.append(subprocess.Popen([*map(str, words)], env=self.environment, stdout=log, stderr=log))

    @staticmethod
    def wait_for(condition, what, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"{what}: not within {seconds} s")
            time.sleep(0.2)

    def call(self, *words, **more):
        done = subprocess.run([*map(str, words)], env={**self.environment, **more}, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise AssertionError(f"{' '.join(map(str, words))}: {done.stderr}")
        return done.stdout.strip()

    def is_done(self):
        """Whether nothing is queued for a while: a job that is requeued may be out of the list for a moment."""
        for _ in range(6):
            if self.queue():
                return False
            time.sleep(0.5)
        return True

    def queue(self):
        """(job, state, reason) of what has not ended, an array task a line."""
        rows = self.call("squeue", "-h", "-r", "-o", "%i %T %r").splitlines()
        return [row.split(maxsplit=2) for row in rows]

    def hurry(self):
        """What was requeued would wait two minutes."""
        for job, state, reason in self.queue():
            if state == "PENDING" and reason == "BeginTime":
                subprocess.run(["scontrol", "update", f"JobId={job}", "StartTime=now"], env=self.environment, capture_output=True)
