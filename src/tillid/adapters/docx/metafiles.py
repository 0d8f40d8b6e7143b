"""Windows' two kinds of drawings, EMF and WMF: whether one can be read to its end ([MS-EMF] 2.3, [MS-WMF] 2.3).

LibreOffice draws nothing at all of one in which a record is damaged or the last is missing, and says nothing.
"""

from __future__ import annotations

import struct

EMF, WMF = b" EMF", b"\xd7\xcd\xc6\x9a"
_EMF_HEAD, _EMF_END, _EMF_LEAST = 88, 14, 8
_WMF_FIRST, _WMF_HEAD, _WMF_END, _WMF_LEAST = 22, 18, 0, 3


def is_metafile(data: bytes) -> bool:
    """By its first bytes; a WMF as Word writes it, with its size before it."""
    return data[40:44] == EMF or data.startswith(WMF)


def is_whole(data: bytes) -> bool:
    """Whether every record of the metafile ``data`` can be found, to the one that ends it."""
    return _whole_wmf(data) if data.startswith(WMF) else _whole_emf(data)


def _whole_emf(data: bytes) -> bool:
    if len(data) < _EMF_HEAD:
        return False
    size, records = struct.unpack_from("<II", data, 48)
    most, at = min(size, len(data)), 0
    for _ in range(records):
        if at + _EMF_LEAST > most:
            return False
        kind, length = struct.unpack_from("<II", data, at)
        if length < _EMF_LEAST or length % 4 or at + length > most or (kind == 1) != (at == 0):
            return False
        if kind == _EMF_END:
            return True
        at += length
    return False


def _whole_wmf(data: bytes) -> bool:
    at = _WMF_FIRST + _WMF_HEAD
    while at + 2 * _WMF_LEAST <= len(data):
        words, function = struct.unpack_from("<IH", data, at)
        if words < _WMF_LEAST or at + 2 * words > len(data):
            return False
        if function == _WMF_END:
            return True
        at += 2 * words
    return False
