"""What a copy of the evidence is made of: pieces of files, each known by its digest. A copy can lie on somebody else's disk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from tillid.kernel.canonical import sha256
from tillid.kernel.files import opened_file, put, sync

MOST = 1 << 30  # bytes of a whole file: the digests of sixteen million objects


class Piece(NamedTuple):
    """Part of a file, or where ``length`` is ``None`` all of it, that will never change. ``digest``: its SHA-256."""

    name: str
    begin: int
    length: int | None
    digest: str

    def read(self, folder: Path) -> bytes:
        """What a copy has there."""
        return read_at(folder / self.name, self.begin, self.length)

    def is_whole(self, data: bytes) -> bool:
        """Whether ``data`` is it."""
        return sha256(data) == self.digest

    def write(self, folder: Path, data: bytes) -> None:
        """Have a copy hold it. Raises ``OSError``."""
        if self.length is None:
            put(folder / self.name, data, mode=0o644)
        else:
            write_at(folder / self.name, data, self.begin)


def write_at(path: Path, data: bytes, at: int) -> None:
    """Those bytes from there on, on the disk when this returns. Raises ``OSError``, also for a link: who can put one on another disk would
    have us write into a file of theirs to choose."""
    new = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        if os.pwrite(handle, data, at) != len(data):
            raise OSError("written in part")
        os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        sync(path.parent)


def read_at(path: Path, begin: int = 0, length: int | None = None) -> bytes:
    """The bytes there; none where they cannot be read, are those of no file of its own (a link, a pipe, a device) or more than any of ours."""
    try:
        with opened_file(path) as file:
            size = os.fstat(file.fileno()).st_size if length is None else length
            file.seek(begin)
            return file.read(size) if size <= MOST else b""
    except OSError:
        return b""
