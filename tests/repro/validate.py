"""The cut study on the command line: the same bytes for any number of threads; bad input is one clear line;
interrupted it leaves what was there; the file opens in xarray and its values hang together.
SPDX-License-Identifier: Apache-2.0"""
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from _program import IS_SANITIZED, PROGRAM, ROOT, SKIPPED, call, check, must, summary
from interrupt import QUICK_S, await_handler

EMR, CREDENTIAL = ROOT / "configs/emr.yaml", ROOT / "configs/credential.yaml"
N = 300 if IS_SANITIZED else 1_500  # not a multiple of the block
SMALL = ("--set", "validate.cut_step=25", "--set", "validate.score_step=50", "--set", "validate.sittings=20",
         "--set", "validate.cost_ratio=[1, 3]", "--candidates", N)
FORMS = {
    "cat": (EMR, ()),
    "linear": (CREDENTIAL, ("--set", "exam.form=linear", "--set", "exam.min_items=60", "--set", "exam.max_items=60")),
    "normal": (EMR, ("--set", "exam.form=normal")),
}
BAD = [
    (["validate.cut_from=960"], "validate.cut_from"),
    (["validate.cut_to=1500"], "validate.cut_to"),
    (["validate.panel_se=40"], "validate.panel_se"),
    (["validate.cut_step=0.001"], "validate.cut_step"),
    (["engine.sessions=library"], "engine.sessions"),
    (["validate.cuts_from=900"], "did you mean 'validate.cut_from'"),
]


def digest(path):
    return summary(path)["attributes"]["statistics_digest"]


def check_threads(folder):
    for name, (scenario, words) in FORMS.items():
        digests = set()
        for n_threads in (1, 2):
            out = folder / f"{name}.h5"
            must("validate", scenario, "-o", out, "--threads", n_threads, *SMALL, *words)
            digests.add(digest(out))
        check(len(digests) == 1, f"{name}: {digests}")
    must("validate", EMR, "-o", folder / "other.h5", *SMALL, "--seed", 5)
    check(digest(folder / "other.h5") != digest(folder / "cat.h5"), "another seed, the same bytes")


def check_refusals(folder):
    for assignments, word in BAD:
        words = [word for text in assignments for word in ("--set", text)]
        done = call("validate", EMR, "-o", folder / "bad.h5", *SMALL, *words)
        check(done.returncode == 65 and word in done.stderr and done.stderr.count("\n") == 1,
              f"{assignments}: {done.returncode}: {done.stderr}")
    check(not (folder / "bad.h5").exists(), "a file in spite of bad input")
    for words in (["validate"], ["validate", EMR], ["validate", EMR, EMR, "-o", "x.h5"], ["validate", EMR, "--cuts", "3"]):
        check(call(*words).returncode == 2, f"{words}: no usage error")
    check(call("validate", EMR, "-o", folder / "none/x.h5", *SMALL).returncode == 74, "a folder that is not there")
    check("-o, --output" in must("validate", "--help"), "--help")


def check_interrupted(folder):
    out = folder / "kept.h5"
    out.write_bytes(b"what was there")
    before = sorted(path.name for path in folder.iterdir())
    process = subprocess.Popen([PROGRAM, "validate", str(EMR), "-o", str(out), "--candidates", "100000000",
                                "--set", "validate.cut_step=50"], stderr=subprocess.DEVNULL)
    await_handler(process, signal.SIGINT)
    process.send_signal(signal.SIGINT)
    check(process.wait(timeout=6 * QUICK_S) == 130, "interrupted: another status")
    check(out.read_bytes() == b"what was there", "interrupted: the file was touched")
    check(sorted(path.name for path in folder.iterdir()) == before, "interrupted: left something")
    must("validate", EMR, "-o", out, *SMALL)
    check(digest(out) == digest(folder / "cat.h5"), "replaced: another result")


def falls(values):
    return all(a >= b for a, b in zip(values, values[1:]))


def check_values(folder):
    try:
        import xarray
    except ImportError:
        return False
    with xarray.open_dataset(folder / "cat.h5") as d:
        check(d.attrs["kind"] == "cut study" and "does not show that the cut is right" in d.attrs["caveat"], "kind")
        check(list(d["cut"].values) == list(range(850, 1051, 25)), "cuts")
        check(abs(float(d["cut_theta"].sel(cut=1050)) - 0.5) < 1e-12, "cut_theta")
        rates = [name for name in d if d[name].attrs.get("units") == "1" and d[name].dtype.kind == "f"
                 and not name.endswith(("_mcse", "_difference", "kappa", "loss"))
                 and not name.startswith(("bank_", "item_exposures"))]
        check(len(rates) > 25, f"rates: {rates}")
        for name in rates:
            check(bool(((d[name] >= 0) & (d[name] <= 1) | d[name].isnull()).all()), f"{name} leaves [0, 1]")
        for name in ("accuracy", "consistency", "kappa", "loss", "panel_pass_rate", "change_kappa_difference"):
            check(f"{name}_mcse" in d, f"{name} without error")
        check(falls(d["cumulative_pass_rate"].isel(attempt=-1).values), "the pass rate does not fall with the cut")
        # joint shares: of those who sat, wrongly passed and wrongly failed after the first attempt
        sat = d["n_attempted"].isel(attempt=0)
        below = d["n_not_competent"].isel(attempt=0) / sat
        wrong = below * d["false_pass_rate"].isel(attempt=0) + (1 - below) * d["false_fail_rate"].isel(attempt=0)
        check(float(abs(1 - wrong - d["accuracy"]).max()) < 1e-12, "accuracy is not 1 less the errors")
        check(float(abs(wrong - d["loss"].isel(cost_ratio=0, attempt=0)).max()) < 1e-12, "loss is not the errors")
        check(int(d["n_score_band"].sum()) == int(sat.sel(cut=950)), "bands do not add up")
        check(str(d["change"].values[0]) == "operational" and d.sizes["change"] == 5, "changes")
        check(float(d["change_accuracy"][0]) == float(d["accuracy"].sel(cut=950).sel(competence=0, method="nearest")),
              "operational is not the operational cut")
        # the same population under the run itself
        must("run", EMR, "-o", folder / "run.h5", "--candidates", N)
        with xarray.open_dataset(folder / "run.h5") as run:
            for name in ("pass_rate", "cumulative_pass_rate", "false_pass_rate", "false_fail_rate"):
                ours = d[name].sel(cut=950)
                ours = ours.sel(competence=0, method="nearest") if "competence" in ours.dims else ours
                check((ours.values == run[name].sel(group="all").values).all(), f"{name} is not that of a run")
    return True


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        check_threads(folder)
        check_refusals(folder)
        check_interrupted(folder)
        if not check_values(folder):
            print("no xarray: values not looked at")
            return SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(main())
