"""The database's part of a backup: whole transactions, copied beside whoever writes, and the blobs they name (ADR 0073).

A data file only grows, so everything before the end of its newest whole transaction stays as it is. A pack puts another file in its
place and removes blobs: what was copied across one is copied again.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import IO, Protocol

from ZODB.FileStorage import FileStorage

from tillid.kernel.errors import NoStore, Unavailable

_ATTEMPTS = 5


class Target(Protocol):
    """Where it goes: see ``adapters/backup_book.Book``."""

    def put(self, name: str, file: IO[bytes], size: int) -> None: ...
    def put_lasting(self, name: str, source: Path) -> None: ...
    def drop(self, name: str) -> None: ...


def copy_database(var: Path, into: Target) -> None:
    """``data/Data.fs`` and ``data/blobs`` of ``var``. Raises ``NoStore``, ``Unavailable`` (``backup.packing``),
    ``OSError``."""
    data = var / "data" / "Data.fs"
    if not data.is_file():
        raise NoStore("no store", folder=var)
    for attempt in range(_ATTEMPTS):
        time.sleep(attempt)
        if _copied(data, into):
            return
    raise Unavailable(
        "the database was packed meanwhile, again and again",
        code="backup.packing",
        text="Databasen ryddes op lige nu. Lav sikkerhedskopien igen om lidt.",
    )


def _copied(data: Path, into: Target) -> bool:
    """Whether it is of one piece: no pack went by."""
    try:
        with data.open("rb") as file:
            end = _end(data)
            if not _is_at(file, data):
                return False
            into.put("data/Data.fs", file, end)
            _copy_blobs(data.with_name("blobs"), into)
            whole = _is_at(file, data)
    except FileNotFoundError:  # in the moment between two names, or a blob that is packed away
        whole = False
    if not whole:
        into.drop("data")
    return whole


def _end(data: Path) -> int:
    """The end of the newest whole transaction."""
    storage = FileStorage(str(data), read_only=True)
    try:
        return storage.getSize()
    finally:
        storage.close()


def _is_at(file: IO[bytes], path: Path) -> bool:
    return os.fstat(file.fileno()).st_ino == path.stat().st_ino


def _copy_blobs(blobs: Path, into: Target) -> None:
    """Each is written once, and is on the disk before the transaction that names it."""
    layout = blobs / ".layout"
    with layout.open("rb") as file:
        into.put("data/blobs/.layout", file, layout.stat().st_size)
    for folder, folders, files in os.walk(blobs):
        folders[:] = sorted(one for one in folders if one != "tmp")
        for name in sorted(one for one in files if one.endswith(".blob")):
            path = Path(folder, name)
            into.put_lasting(f"data/blobs/{path.relative_to(blobs).as_posix()}", path)
