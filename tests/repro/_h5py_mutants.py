"""Results changed through HDF5 itself, by h5py: well-formed files of other shapes, types, attributes, links and layouts
than retake writes. The seal is made again by the caller. SPDX-License-Identifier: Apache-2.0"""
import h5py
import numpy
from h5py import h5a, h5s, h5t

COUNTS = [0, 1, -1, 2**31 - 1, -2**31, 2**63 - 1, -2**63, 2**62, 100, 3, 7, 65535]
REALS = [float("nan"), float("inf"), -float("inf"), -1.0, 0.0, 1e308, -1e308, 1e-308, 1e18, -1e18, 2.0**53, 0.5]
TEXTS = ["", "\x1b[2J\x1b]0;x\x07", "A" * 70000, "%s%n%n%n%s", "../../../../etc/passwd", "</script><script>alert(1)</script>",
         "\u202egnp", "\u00e9" * 500, "\n\n\n", "a|b|c", "=cmd|x!A0", " ", "0", "nan", "1e999", "-5", "{}", "[", "- x: y\n- z"]
NAMES = ["x" * 300, "a b", "\x1b[31m", "\u00fc", "cut", "scenario", "group", "parameter", "item", "attempt", "bin_bounds", "</script>",
         "a" * 255, "state", "retake_state"]
TYPES = {"i1": "i1", "i2": "i2", "i4": "i4", "i8": "i8", "u8": "u8", "f2": "f2", "f4": "f4", "f8": "f8", ">f8": ">f8", ">i8": ">i8",
         "S5": "S5", "S70000": "S70000", "bool": "?", "opaque": "V16", "text": h5py.string_dtype(), "lists": h5py.vlen_dtype(numpy.int64),
         "reference": h5py.ref_dtype, "compound": [("a", "i8"), ("b", "f8")], "enum": h5py.enum_dtype({"A": 0, "B": 1}, basetype="i4"),
         "array": ("f8", (3,))}
OWN = ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST")


def arrays(file):
    return [name for name in file if isinstance(file.get(name, getlink=False), h5py.Dataset)]


def is_scale(array):
    return array.attrs.get("CLASS") in (b"DIMENSION_SCALE", "DIMENSION_SCALE")


def scales(file):
    return [name for name in arrays(file) if is_scale(file[name])]


def replaced(file, name, shape, kind, **words):
    """An array of the same name, attributes and dimensions, but of another shape, type or layout."""
    old, new = file[name], file.create_dataset("mutant", shape=shape, dtype=kind, track_order=True, **words)
    if is_scale(old):
        new.make_scale(name)
    for axis, dim in enumerate(old.dims):
        for scale in dim.values():
            if axis < len(shape or ()):
                new.dims[axis].attach_scale(scale)
    for key in old.attrs:
        if key not in OWN:
            new.attrs[key] = old.attrs[key]
    del file[name]
    file.move("mutant", name)


def delete(file, chance):
    del file[chance.choice(list(file))]


def rename(file, chance):
    file.move(chance.choice(list(file)), chance.choice(NAMES))


def odd_value(kind, chance):
    if kind.kind in "iu":
        bounds = numpy.iinfo(kind)
        return max(min(chance.choice(COUNTS), int(bounds.max)), int(bounds.min))
    return chance.choice(REALS) if kind.kind == "f" else chance.choice(TEXTS)


def values(file, chance):
    array = file[chance.choice(arrays(file))]
    here = array[...].reshape(-1)
    for _ in range(chance.choice([1, 1, 3, 10, len(here)])):
        here[chance.randrange(len(here))] = odd_value(array.dtype, chance)
    array[...] = here.reshape(array.shape)


def shape(file, chance):
    name = chance.choice(arrays(file))
    old, words = list(file[name].shape), {}
    new = {"scalar": (), "none": [0] * max(1, len(old)), "more": [n + chance.choice([1, 2, 100]) for n in old] or [2],
           "less": [max(1, n - 1) for n in old] or [1], "rank": old + [1] * chance.choice([1, 2, 5, 25]),
           "huge": [2**40, *old[1:]], "large": [chance.choice([2_000_000, 10_000_000])], "null": None}
    kind = chance.choice(list(new))
    if kind == "huge":
        words = {"chunks": (1000, *old[1:])}
    if kind == "large":
        words = {"chunks": (65536,)}
    replaced(file, name, new[kind] if new[kind] is None else tuple(new[kind]), file[name].dtype, **words)


def kind(file, chance):
    name = chance.choice(arrays(file))
    replaced(file, name, file[name].shape, numpy.dtype(TYPES[chance.choice(list(TYPES))]))


def attribute_of_bytes(holder, name):
    kind = h5t.C_S1.copy()
    kind.set_size(9)
    if name in holder.attrs:
        del holder.attrs[name]
    h5a.create(holder.id, name.encode(), kind, h5s.create(h5s.SCALAR)).write(numpy.array(b"\x80\xff\x1b[31m\x07", dtype="S9"))


def attribute(file, chance):
    holder = chance.choice([file, file, *(file[name] for name in arrays(file))])
    keys = list(holder.attrs)
    if not keys:
        return values(file, chance)
    name, texts = chance.choice(keys), h5py.string_dtype()
    made = {"delete": lambda: holder.attrs.__delitem__(name),
            "text": lambda: holder.attrs.create(name, chance.choice(TEXTS)),
            "count": lambda: holder.attrs.create(name, numpy.int64(chance.choice(COUNTS))),
            "real": lambda: holder.attrs.create(name, chance.choice(REALS)),
            "array": lambda: holder.attrs.create(name, numpy.arange(chance.choice([0, 1, 5, 5000]))),
            "texts": lambda: holder.attrs.create(name, numpy.array(["a", "b", "c"], dtype=object), dtype=texts),
            "fixed": lambda: holder.attrs.create(name, numpy.bytes_(chance.choice(TEXTS).encode()[:60000] or b" ")),
            "empty": lambda: holder.attrs.create(name, h5py.Empty(texts if chance.random() < .5 else "f8")),
            "compound": lambda: holder.attrs.create(name, numpy.zeros((), dtype=[("a", "i8"), ("b", "f8")])),
            "reference": lambda: holder.attrs.create(name, file.ref, dtype=h5py.ref_dtype),
            "bytes": lambda: attribute_of_bytes(holder, name)}
    return made[chance.choice(list(made))]()


def many_links(file):
    for k in range(2000):
        file[f"link{k}"] = h5py.SoftLink("/group")


def link(file, chance):
    name = chance.choice(arrays(file))
    made = {"cycle": h5py.SoftLink("/" + name), "dangling": h5py.SoftLink("/nowhere"), "external": h5py.ExternalLink("other.h5", "/" + name),
            "device": h5py.ExternalLink("/dev/zero", "/"), "own": None, "group": None, "hard": None, "type": None, "many": None}
    kind = chance.choice(list(made))
    if made[kind]:
        del file[name]
        file[name] = made[kind]
    elif kind == "own":
        file["more"] = h5py.ExternalLink(file.filename, "/")
    elif kind == "group":
        group = file.create_group("more")
        group["self"], group["root"] = group, file
    elif kind == "hard":
        file["more"] = file[name]
    elif kind == "type":
        file["more"] = numpy.dtype("f8")
    else:
        many_links(file)


def layout(file, chance):
    name = chance.choice([name for name in arrays(file) if file[name].dtype.kind in "if"])
    old = file[name]
    rank = max(1, old.ndim)
    words = {"small": {"chunks": (1,) * rank}, "large": {"chunks": (2**24 // rank, *[1] * (rank - 1)), "maxshape": (None,) * rank},
             "text": {"external": [("/etc/passwd", 0, h5py.h5f.UNLIMITED)]}, "zero": {"external": [("/dev/zero", 0, h5py.h5f.UNLIMITED)]},
             "filter": {"chunks": True, "compression": 32015, "allow_unknown_filter": True}, "unlimited": {"maxshape": (None,) * rank},
             "fill": {"fillvalue": odd_value(old.dtype, chance)}, "virtual": None}
    kind = chance.choice(list(words))
    if words[kind]:
        return replaced(file, name, old.shape, old.dtype, **words[kind])
    virtual = h5py.VirtualLayout(old.shape, old.dtype)
    virtual[...] = h5py.VirtualSource("other.h5", "/" + name, shape=old.shape)
    del file[name]
    return file.create_virtual_dataset(name, virtual, fillvalue=7)


def scale(file, chance):
    array = file[chance.choice(arrays(file))]
    kind = chance.choice(["make", "detach", "attach", "class", "many"])
    if kind == "make":
        array.make_scale(chance.choice(["This is a netCDF dimension but not a netCDF variable. 5", "x" * 1000, "group"]))
    elif kind == "detach":
        for dim in array.dims:
            for other in list(dim.values()):
                dim.detach_scale(other)
    elif kind == "attach":
        array.dims[chance.randrange(array.ndim)].attach_scale(file[chance.choice(scales(file))])
    elif kind == "class":
        array.attrs["CLASS"] = chance.choice([b"x", b"DIMENSION_SCALE", b"A" * 5000])
    else:
        for other in scales(file)[:6]:
            array.dims[0].attach_scale(file[other])


WAYS = [delete, rename, values, values, values, shape, kind, attribute, attribute, attribute, link, layout, scale]


def mutate(path, chance):
    """Change a file in place. What HDF5 refuses to make is left as it is."""
    with h5py.File(path, "r+", track_order=True) as file:
        for _ in range(chance.choice([1, 1, 1, 2, 4])):
            try:
                chance.choice(WAYS)(file, chance)
            except (OSError, ValueError, KeyError, TypeError, RuntimeError, IndexError, AttributeError, UnicodeError):
                pass
            if "mutant" in file:
                del file["mutant"]
