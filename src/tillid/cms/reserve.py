"""A small file that keeps disk space for what must never fail for lack of it: a withdrawal (design 5)."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from tillid.kernel.errors import Unavailable

SIZE = 4 * 2**20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Reserve:
    """``path`` on the same disk as the database, ``size`` bytes really allotted."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self.path = path
        self._size = size

    def prepare(self) -> bool:
        """Make the file again if it is missing or too small; ``False`` if there is no room for it."""
        if self.path.exists() and self.path.stat().st_size >= self._size:
            return True
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self._size)
                os.fsync(file.fileno())
        except OSError as error:
            if not is_full_disk(error):
                raise
            self.release()
            return False
        return True

    def release(self) -> bool:
        """Free the space; ``False`` if it was freed before and not made again."""
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        return True


def is_full_disk(error: BaseException) -> bool:
    """Whether ``error`` says that there is no room left."""
    return isinstance(error, OSError) and error.errno in _FULL


def full_disk() -> Unavailable:
    """The error for people: nothing was registered."""
    return Unavailable(
        "no space left on the disk",
        code="store.full",
        text="Det blev ikke registreret, for der er ikke mere plads på serveren. Ring til os i stedet.",
    )
