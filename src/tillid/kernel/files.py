"""Files that are whole or not there, also after a crash or a power cut; and files of others, of which nothing is taken for granted."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path
from typing import BinaryIO


def put(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Have ``path`` hold ``data``: written beside it, on the disk, then renamed, so that a reader and a crash meet the old
    file or the new one. ``mode`` as for ``os.open``: the process's umask takes from it. Raises ``OSError``; then what was
    there is there still, and nothing beside it."""
    beside = path.parent / f".{secrets.token_hex(8)}.new"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync(path.parent)


def put_where_told(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """``put`` where somebody has said, and not in a folder of ours: what is there already and is no file stays, or root's
    ``--out /dev/null`` would leave the machine a file in the place of that device. Raises ``OSError``, of which ``NoFile`` for that."""
    if os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode):
        raise NoFile(errno.EPERM, "no file", str(path))
    put(path, data, mode=mode)


class NoFile(OSError):
    """A folder, a pipe, a device; a link, where a file is to be put."""


def opened_file(path: Path) -> BinaryIO:
    """The file ``path``, to be read. No link is followed and no pipe waited for, and what is not opened leaves nothing open. Raises
    ``OSError``, of which ``NoFile`` for what is none."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NoFile("no file")
    return os.fdopen(handle, "rb")


class FileTooLarge(OSError):
    """More than may be read of it."""


def some_of(path: Path, most: int) -> bytes:
    """The bytes of ``path``, which whoever asks has named: a pipe too. Never more than ``most`` are held, for a device gives bytes
    without end and says that it has none. Raises ``OSError``, of which ``FileTooLarge`` where there are more."""
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise FileTooLarge(f"over {most} bytes")
    return data


def sync(path: Path) -> None:
    """Have the file or the folder's list of names written to disk. Raises ``OSError``."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
