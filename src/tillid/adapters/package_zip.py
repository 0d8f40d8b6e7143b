"""How the bytes of a zip lie: its list is of a bounded length, no two members share bytes, and there is nothing but its members.

The list at the end of a zip says what is in it; who reads it from the beginning, as it comes over a wire, goes by what stands before
each member. A package is the same files for both.
"""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tillid.archive.package_read import PackageRefused

HEADER = 30  # bytes before a member's name (APPNOTE 4.3.7)
# Bytes that may follow a member whose sizes were not known before it was written (APPNOTE 4.3.9).
AFTER = (12, 16, 20, 24)
_LATER = 8  # the flag of such a member
_IN_EXTRA = 0xFFFFFFFF  # a size that stands further on, for it is large


def list_size(path: Path) -> int:
    """Bytes of the zip's central directory, as its end says (APPNOTE 4.3.14 to 4.3.16); 0 where there is no such end."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 66_000))
        tail = file.read()
    end = tail.rfind(b"PK\5\6", 0, max(0, len(tail) - 18))
    if end < 0:
        return 0
    large = tail[end - 76 : end - 20] if end >= 76 and tail[end - 20 : end - 16] == b"PK\6\7" else b""
    if large[:4] == b"PK\6\6":
        return int.from_bytes(large[40:48], "little")
    return int.from_bytes(tail[end + 12 : end + 16], "little")


def require_apart(infos: list[zipfile.ZipInfo]) -> None:
    """No two members share bytes of the file: so a small zip would hold a large one many times over. Raises ``PackageRefused``."""
    end = 0
    for one in _in_order(infos):
        if one.header_offset < end:
            raise PackageRefused("package.overlap", one.orig_filename)
        end = one.header_offset + HEADER + len(one.orig_filename) + one.compress_size


def require_nothing_else(path: Path, archive: zipfile.ZipFile) -> None:
    """From the file's first byte to its list there are members that the list names, and before each stands what the list says.
    Raises ``PackageRefused``, ``OSError``, ``struct.error``."""
    end, gaps = 0, (0,)
    with path.open("rb") as file:
        for one in _in_order(archive.infolist()):
            _require_behind(end, one.header_offset, gaps)
            gaps = AFTER if one.flag_bits & _LATER else (0,)
            end = _end_of(file, one)
    _require_behind(end, archive.start_dir, gaps)


def _require_behind(end: int, start: int, gaps: tuple[int, ...]) -> None:
    if start - end not in gaps:
        raise PackageRefused("package.hidden")


def _end_of(file: BinaryIO, one: zipfile.ZipInfo) -> int:
    """Where the member's bytes end, by what stands before it."""
    file.seek(one.header_offset)
    mark, flags, method, size, name, extra = struct.unpack("<4s2x2H8xL4x2H", file.read(HEADER))
    known = flags & _LATER or size in (one.compress_size, _IN_EXTRA)
    if mark != b"PK\3\4" or method != one.compress_type or flags & _LATER != one.flag_bits & _LATER or not known:
        raise PackageRefused("package.hidden", one.orig_filename)
    return one.header_offset + HEADER + name + extra + one.compress_size


def _in_order(infos: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    return iter(sorted(infos, key=lambda info: info.header_offset))
