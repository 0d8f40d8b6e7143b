"""Where the embedded index lies: the file ``current`` names the one folder that is opened; beside it lies at most one that is
being built and has no name yet.

The name is written as ``kernel.files.put`` does it, so a crash leaves the old index or the new one, never a half one; what is
not named goes with the next start, or with the next build.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import secrets
import shutil
from pathlib import Path

from tillid.adapters.rebuilding import NoRoomToRebuild
from tillid.kernel.errors import TillidError
from tillid.kernel.files import put, sync

log = logging.getLogger(__name__)

CURRENT, LOCK = "current", "lock"
MARGIN = 32 * 2**20  # stays free for what clicks write
_NAME = re.compile(rb"[0-9a-f]{16}")
_MB = 10**6


class SearchLocked(TillidError):
    """Another process has this index."""

    code = "search.locked"
    text = "Søgeindekset er i brug af et andet Tillid på denne maskine. Stop det andet, før du starter igen."


class Place:
    """The folder ``path``, for one process at a time from here to ``release``. Raises ``SearchLocked``, ``OSError``."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._handle = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._handle)
            raise SearchLocked("the index folder is locked by another Tillid") from error

    def current(self) -> Path | None:
        """The folder that is opened; ``None`` where none is named. Raises ``OSError``."""
        try:
            name = (self.path / CURRENT).read_bytes()
        except FileNotFoundError:
            return None
        folder = self.path / name.decode() if _NAME.fullmatch(name) else None
        return folder if folder is not None and folder.is_dir() and not folder.is_symlink() else None

    def fresh(self) -> Path:
        """A new, empty folder that nobody opens before ``use``. Raises ``OSError``."""
        folder = self.path / secrets.token_hex(8)
        folder.mkdir()
        return folder

    def use(self, folder: Path) -> None:
        """``folder``, which is whole and on the disk, is the one from now on. Raises ``OSError``; then the old one is."""
        sync(folder)
        sync(self.path)
        try:
            put(self.path / CURRENT, folder.name.encode())
        except OSError:
            if self.current() != folder:
                raise
            # It has the name; that the disk holds it already is all that is not sure.
            log.warning("search index: the name of a new one may not be on the disk yet")

    def tidy(self) -> None:
        """``clear``; what cannot be deleted now goes with the next one."""
        try:
            self.clear()
        except OSError as error:
            log.warning("an index begun was left: %s", type(error).__name__)

    def clear(self) -> None:
        """Delete what is not named: what a crash left, what was replaced. Raises ``OSError``."""
        named = self.current()
        for child in self.path.iterdir():
            if child == named or child.name in (CURRENT, LOCK):
                continue
            if child.is_dir() and not child.is_symlink():
                shutil.rmtree(child)
            else:
                child.unlink()

    def require_room(self, beside: Path | None = None) -> None:
        """Room for another index as large as the one in ``beside`` (twice: parts of it are merged), or for going on.
        Raises ``NoRoomToRebuild``, ``OSError``."""
        wanted, free = MARGIN + 2 * (_size(beside) if beside is not None else 0), shutil.disk_usage(self.path).free
        if free < wanted:
            raise NoRoomToRebuild(f"{free} bytes free of {wanted}", wanted=-(-wanted // _MB), free=free // _MB)

    def release(self) -> None:
        """Let another process have it."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _size(folder: Path) -> int:
    found = 0
    for child in folder.iterdir():
        try:
            found += child.stat().st_size
        except FileNotFoundError:  # merged meanwhile
            continue
    return found
