"""HDF5 files changed byte by byte where their structure is, with the checksums of metadata and the seal made again
(HDF5 file format specification, version 2; docs/results-format.md). SPDX-License-Identifier: Apache-2.0"""
import ctypes
import struct

SEAL_BYTES = 32
NO_CHECKSUM = (b"GCOL", b"TREE", b"SNOD", b"HEAP")
MASK = 0xffffffff


class Hash128(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


_xxhash = ctypes.CDLL("libxxhash.so.0")
_xxhash.XXH3_128bits.restype = Hash128
_xxhash.XXH3_128bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
_xxhash.XXH3_64bits.restype = ctypes.c_uint64
_xxhash.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]


def xxh3_64(data):
    return _xxhash.XXH3_64bits(bytes(data), len(data))


def sealed(data):
    value = _xxhash.XXH3_128bits(bytes(data), len(data))
    return bytes(data) + struct.pack(">QQ", value.high, value.low) + b"\nretake-seal-1.\n"


def end_of(data):
    """Where the HDF5 file ends."""
    return struct.unpack_from("<Q", data, 28)[0]


def reseal(data):
    """Of a file that another program changed: what stands behind the HDF5 file is gone."""
    n = end_of(data) if len(data) >= 48 else len(data)
    return sealed(data[:n] if n <= len(data) else data)


def rotated(x, k):
    return ((x << k) | (x >> (32 - k))) & MASK


def lookup3(data):
    """Bob Jenkins's hash, as HDF5 uses it for metadata."""
    a = b = c = (0xdeadbeef + len(data)) & MASK
    at, left = 0, len(data)
    while left > 12:
        x, y, z = struct.unpack_from("<III", data, at)
        a, b, c = (a + x) & MASK, (b + y) & MASK, (c + z) & MASK
        a = ((a - c) & MASK) ^ rotated(c, 4)
        c = (c + b) & MASK
        b = ((b - a) & MASK) ^ rotated(a, 6)
        a = (a + c) & MASK
        c = ((c - b) & MASK) ^ rotated(b, 8)
        b = (b + a) & MASK
        a = ((a - c) & MASK) ^ rotated(c, 16)
        c = (c + b) & MASK
        b = ((b - a) & MASK) ^ rotated(a, 19)
        a = (a + c) & MASK
        c = ((c - b) & MASK) ^ rotated(b, 4)
        b = (b + a) & MASK
        at, left = at + 12, left - 12
    if left == 0:
        return c
    x, y, z = struct.unpack("<III", data[at:] + bytes(12 - left))
    a, b, c = (a + x) & MASK, (b + y) & MASK, (c + z) & MASK
    for first, second, k in (("c", "b", 14), ("a", "c", 11), ("b", "a", 25), ("c", "b", 16), ("a", "c", 4), ("b", "a", 14), ("c", "b", 24)):
        value = {"a": a, "b": b, "c": c}
        new = ((value[first] ^ value[second]) - rotated(value[second], k)) & MASK
        if first == "a":
            a = new
        elif first == "b":
            b = new
        else:
            c = new
    return c


def lengths_of(data, at, signature, widths):
    """How long a block may be, its checksum of 4 bytes at the end included. widths: of the records of B-trees"""
    if signature == b"OHDR":
        flags, head = data[at + 5], 6 + 16 * (data[at + 5] >> 5 & 1) + 4 * (data[at + 5] >> 4 & 1)
        width = 1 << (flags & 3)
        return [head + width + int.from_bytes(data[at + head:at + head + width], "little") + 4]
    if signature == b"OCHK":  # the message that continues there
        return [n for place in places(data, struct.pack("<Q", at)) if (n := int.from_bytes(data[place + 8:place + 16], "little")) < 1 << 20]
    if signature == b"BTHD":
        return [38]
    if signature == b"BTLF":
        return sorted({10 + k * width for width in widths for k in range(2048 // width)})
    return range(38, 300) if signature == b"FRHP" else range(16, 700)


def places(data, signature):
    at = data.find(signature)
    while at >= 0:
        yield at
        at = data.find(signature, at + 4)


def checksum(data, block):
    """Of a block of metadata: it stands at its end, or, in direct blocks of heaps, in its head and is 0 meanwhile."""
    at, n, place = block
    if place == n - 4:
        return lookup3(bytes(data[at:at + place]))
    return lookup3(bytes(data[at:at + place]) + bytes(4) + bytes(data[at + place + 4:at + n]))


def is_block(data, block):
    at, n, place = block
    return at + n <= len(data) and place > 0 and checksum(data, block) == int.from_bytes(data[at + place:at + place + 4], "little")


def blocks_of(data):
    """(place, length, place of the checksum within) of every block of metadata that has one."""
    candidates, widths = [[(0, 48, 44)]], {struct.unpack_from("<H", data, at + 10)[0] or 1 for at in places(data, b"BTHD")}
    for signature in (b"OHDR", b"OCHK", b"FRHP", b"FHIB", b"BTHD", b"BTLF", b"BTIN"):
        candidates += [[(at, n, n - 4) for n in lengths_of(data, at, signature, widths)] for at in places(data, signature)]
    candidates += [[(at, 1 << k, head) for k in range(9, 17) for head in (17, 18)] for at in places(data, b"FHDB")]
    return [found for tries in candidates if (found := next((block for block in tries if is_block(data, block)), None))]


def checked(data, blocks):
    """The same with right checksums."""
    data = bytearray(data)
    for block in blocks:
        struct.pack_into("<I", data, block[0] + block[2], checksum(data, block))
    return bytes(data)


def change(data, low, high, chance):
    """One place within [low, high): a byte, a bit, a number, or what stands elsewhere."""
    at, kind = chance.randrange(low, high), chance.random()
    if kind < .35:
        data[at] = chance.randrange(256)
    elif kind < .55:
        data[at] ^= 1 << chance.randrange(8)
    elif kind < .85:
        n = min(chance.choice([2, 4, 8]), high - at)
        odd = chance.choice([0, 1, -1, 1 << 8 * n - 1, (1 << 8 * n - 1) - 1, 1 << 31, 0x10000, 1_000_000])
        data[at:at + n] = (odd % (1 << 8 * n)).to_bytes(n, "little")
    else:
        n, from_ = min(chance.choice([4, 8, 16]), high - at), chance.randrange(low, high)
        piece = bytes(data[from_:from_ + n])
        data[at:at + len(piece)] = piece


class Bytes:
    """A valid file, to be changed many times."""

    def __init__(self, data):
        self.data = data[:end_of(data)]
        self.blocks = blocks_of(self.data)
        self.heaps = [at for signature in NO_CHECKSUM for at in places(self.data, signature)]

    def mutant(self, chance):
        data, touched = bytearray(self.data), set()
        for _ in range(chance.choice([1, 1, 2, 3, 8])):
            if chance.random() < .75 or not self.heaps:
                at, n, place = block = chance.choice(self.blocks)
                touched.add(block)
                change(data, at, at + min(n, 600) - (place == n - 4) * 4, chance)
            else:
                at = chance.choice(self.heaps)
                change(data, at, min(at + chance.choice([32, 200, 4096]), len(data)), chance)
        return reseal(checked(data, touched))
