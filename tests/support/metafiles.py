"""Small drawings of Windows' two kinds, a red square, made by hand ([MS-EMF], [MS-WMF])."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import xor
from struct import pack, unpack


def emf_record(kind: int, body: bytes) -> bytes:
    return pack("<II", kind, 8 + len(body)) + body


def wmf_record(function: int, *words: int) -> bytes:
    return pack(f"<IH{len(words)}H", 3 + len(words), function, *words)


# a brush, taken, a rectangle, the end
EMF_RECORDS = (
    emf_record(39, pack("<4I", 1, 0, 0xFF, 0)),
    emf_record(37, pack("<I", 1)),
    emf_record(43, pack("<4i", 5, 5, 95, 95)),
    emf_record(14, pack("<3I", 0, 16, 20)),
)
WMF_RECORDS = (
    wmf_record(0x20B, 0, 0),
    wmf_record(0x20C, 1000, 1000),
    wmf_record(0x2FC, 0, 0xFF, 0, 0),
    wmf_record(0x12D, 0),
    wmf_record(0x41B, 950, 950, 50, 50),
    wmf_record(0),
)


def emf(records: Sequence[bytes], *, size: int | None = None, records_told: int | None = None) -> bytes:
    """``size`` and ``records_told``: what its head says, else what is true."""
    body = b"".join(records)
    told = (108 + len(body) if size is None else size, 1 + len(records) if records_told is None else records_told)
    sides = pack("<8i", 0, 0, 100, 100, 0, 0, 2646, 2646)
    rest = pack("<2H3I4i3I2i", 2, 0, 0, 0, 0, 1000, 1000, 264, 264, 0, 0, 0, 264000, 264000)
    return emf_record(1, sides + b" EMF" + pack("<3I", 0x10000, *told) + rest) + body


def wmf(records: Sequence[bytes]) -> bytes:
    body = b"".join(records)
    place = b"\xd7\xcd\xc6\x9a" + pack("<H4hHI", 0, 0, 0, 1000, 1000, 1440, 0)
    head = pack("<3HIHIH", 1, 9, 0x300, 9 + len(body) // 2, 1, 7, 0)
    return place + pack("<H", reduce(xor, unpack("<10H", place))) + head + body
