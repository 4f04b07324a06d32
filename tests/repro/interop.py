"""A result file opens in the programs that analysts use, and they all see the same.

usage: interop.py [OUT.h5]; without it, the example file of the unit tests and a short run are checked.
xarray (netcdf4 and h5netcdf), ncdump, h5dump, R's ncdf4 and retake's own JSON are held against each
other, and the digest is computed anew from what xarray read. A program that is not installed: exit
status 77, or 1 where RETAKE_REQUIRE_INTEROP=1. SPDX-License-Identifier: Apache-2.0
"""
import ctypes
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TYPES = {"f": 0, "i": 1, "O": 2}
missing = []


def kind(array):
    """Texts are objects to older xarray, and of a width of their own to newer."""
    return "O" if array.dtype.kind in "UT" else array.dtype.kind


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True,
                          encoding="utf-8", **options).stdout


def check(condition, message):
    if not condition:
        raise AssertionError(message)


# ---- the digest, from what another program read (docs/results-format.md) ----

class Hash128(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


def xxh3_128(data):
    library = ctypes.CDLL("libxxhash.so.0")
    library.XXH3_128bits.restype = Hash128
    library.XXH3_128bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    value = library.XXH3_128bits(data, len(data))
    return f"{value.high:016x}{value.low:016x}"


def word(value):
    return struct.pack("<q", value)


def text(value):
    data = value.encode()
    return word(len(data)) + data


def values(array):
    flat = array.values.ravel()
    if kind(flat) == "O":
        return b"".join(text(value) for value in flat)
    if flat.dtype.kind == "i":
        return flat.astype("<i8").tobytes()
    flat = flat.astype("<f8")
    flat[flat != flat] = float("nan")
    return flat.tobytes()


def digest(data, dims):
    """dims and the variables of data are in the order of the file."""
    bounds = [data[dim].attrs.get("bounds") for dim in dims]
    names = [name for name in data.data_vars if name not in bounds]
    stream = word(len(dims))
    for dim, edges in zip(dims, bounds):
        stream += text(dim) + word(TYPES[kind(data[dim])]) + word(data.sizes[dim])
        stream += values(data[dim]) + (word(1) + values(data[edges]) if edges else word(0))
    stream += word(len(names))
    for name in names:
        var = data[name]
        stream += text(name) + word(TYPES[kind(var)]) + word(var.ndim)
        stream += b"".join(word(dims.index(dim)) for dim in var.dims) + values(var)
    return xxh3_128(stream)


# ---- the programs ----

def open_all(path):
    """The file as xarray sees it, once per engine."""
    try:
        import xarray
    except ImportError:
        missing.append("python3-xarray")
        return []
    views = []
    for engine, module in (("netcdf4", "netCDF4"), ("h5netcdf", "h5netcdf")):
        try:
            __import__(module)
        except ImportError:
            missing.append(f"python3-{module.lower()}")
            continue
        with xarray.open_dataset(path, engine=engine) as data:
            views.append(data.load())
    return views


def check_conventions(data, dims):
    check(data.attrs["Conventions"] == "CF-1.10, ACDD-1.3", "Conventions")
    check(int(data.attrs["retake_format_version"]) == 1, "retake_format_version")
    check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", data.attrs["date_created"]), "date_created")
    check(isinstance(data.attrs.get("title"), str), "title")
    check(len(data.attrs.get("notes", "n" * 200000)) == 200000, "a long text was cut")
    for name, var in data.variables.items():
        check(kind(var) in TYPES, f"{name}: type {var.dtype}: units or a fill value changed it")
        check("_FillValue" not in var.encoding or var.dtype.kind == "f", f"{name}: _FillValue")
        if name.endswith("_bounds"):
            check(var.shape[1] == 2, f"{name}: {var.shape}")
            continue
        check("long_name" in var.attrs, f"{name}: no long_name")
        check("units" in var.attrs or kind(var) == "O", f"{name}: no units")
        check(var.attrs.get("ancillary_variables", name) in data.variables, f"{name}: ancillary")
        check(var.attrs.get("bounds", name) in data.variables, f"{name}: bounds")
    for name, var in data.data_vars.items():
        unknown = set(var.dims) - set(dims) - {"bounds_edge"}
        check(not unknown, f"{name}: dimensions without coordinate: {unknown}")


def check_ncdump(path, data):
    if not shutil.which("ncdump"):
        missing.append("netcdf-bin")
        return
    header = run("ncdump", "-h", path)
    for dim, n in data.sizes.items():
        check(re.search(rf"^\t{dim} = {n} ;$", header, re.M), f"ncdump: dimension {dim}")
    kinds = {"f": "double", "i": "int64", "O": "string"}
    for name, var in data.variables.items():
        shape = f"({', '.join(var.dims)})" if var.dims else ""
        line = f"\t{kinds[kind(var)]} {name}{shape} ;"
        check(line in header.splitlines(), f"ncdump: no line {line!r}")


def check_h5dump(path, data):
    if not shutil.which("h5dump"):
        missing.append("hdf5-tools")
        return
    for name in [name for name in ("pass_rate", "n_attempted", "day_bin_bounds") if name in data.variables]:
        dump = run("h5dump", "-y", "-w", "1", "-m", "%.17g", "-d", f"/{name}", path)
        body = dump.split("DATA {", 1)[1].split("}", 1)[0]
        numbers = [float(number) for number in body.replace(",", " ").split()]
        check(numbers == [float(value) for value in data[name].values.ravel()], f"h5dump: {name}")


def check_r(path, data):
    if not shutil.which("Rscript"):
        missing.append("r-base-core")
        return
    if subprocess.run(["Rscript", "-e", "library(ncdf4)"], capture_output=True).returncode != 0:
        missing.append("r-cran-ncdf4")
        return
    rows = [line.split("\t") for line in run("Rscript", HERE / "_interop.R", path,
                                             env={**os.environ, "LC_ALL": "C.UTF-8"}).splitlines()]
    check({row[0] for row in rows} == set(data.variables), "ncdf4: another set of variables")
    for name, dims, units, n, n_missing, total in rows:
        var = data[name]
        check(dims == ",".join(var.dims), f"ncdf4: {name}[{dims}]")
        check(units == var.attrs.get("units", ""), f"ncdf4: {name}: units {units!r}")
        check(int(n) == var.size and int(n_missing) == int(var.isnull().sum()), f"ncdf4: {name}: {n} values")
        if kind(var) == "O":
            check(total == "|".join(var.values), f"ncdf4: {name}: {total}")
        else:
            sum_here = float(var.astype("float64").sum(skipna=True))
            check(abs(float(total) - sum_here) <= 1e-12 * (1 + abs(sum_here)), f"ncdf4: {name}: {total}")


def check_json(path, data):
    """What retake reads itself."""
    program = os.environ.get("RETAKE")
    if not program or not os.access(program, os.X_OK):
        return
    objects = json.loads(run(program, "summary", path, "--json"))
    attributes = objects.pop("attributes")
    for name in ("intervals", "policy", "evidence"):  # said beside the variables of what a scenario made
        objects.pop(name, None)
    check(set(objects) == set(data.variables), "summary --json: another set of keys")
    for name, value in objects.items():
        here = data[name].values
        check(same(value, here.tolist()), f"summary --json: {name}")
    check(set(attributes) == set(data.attrs), "summary --json: another set of attributes")
    for name, value in attributes.items():
        check(value == data.attrs[name], f"summary --json: attribute {name}")


def same(left, right):
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right or (left is None and right != right)


def check_file(path):
    views = open_all(path)
    check(all(view.identical(views[0]) for view in views), "netcdf4 and h5netcdf see different things")
    for data in views[:1]:
        dims = [dim for dim in data.sizes if dim in data.coords]
        order = [name for name in data.variables if name in dims]
        check_conventions(data, dims)
        check(digest(data, order) == data.attrs["statistics_digest"], "another digest")
        check_ncdump(path, data)
        check_h5dump(path, data)
        check_r(path, data)
        check_json(path, data)
        print(f"{Path(path).name}: {len(dims)} dimensions, {len(data.variables)} variables")


def make_files(folder):
    build = Path(os.environ.get("RETAKE_BUILD_DIR", HERE.parents[1] / "build/release"))
    example = folder / "example.h5"
    run(build / "tests/unit/result_example_write", example)
    yield example
    program, scenario = os.environ.get("RETAKE"), HERE.parents[1] / "configs/emr.yaml"
    if program and os.access(program, os.X_OK) and scenario.exists():
        out = folder / "run.h5"
        run(program, "run", scenario, "-o", out, "--set", "engine.candidates=2000")
        yield out


def main():
    with tempfile.TemporaryDirectory() as folder:
        for path in sys.argv[1:] or make_files(Path(folder)):
            check_file(path)
    if not missing:
        return 0
    print("not installed:", " ".join(sorted(set(missing))))
    return 1 if os.environ.get("RETAKE_REQUIRE_INTEROP") == "1" else 77


if __name__ == "__main__":
    sys.exit(main())
