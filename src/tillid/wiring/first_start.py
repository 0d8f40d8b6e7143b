"""The first start on a folder: whole, or as if it had never been (ADR 0018).

It cannot be made aside and renamed: a running database keeps the paths of its files, and the folder may be a mount point or hold
keys put there beforehand. So a mark goes first and says what was there; until the mark is gone, nobody has been answered, and
whatever Tillid makes that was not there is taken away again: at once where the start fails or is stopped, by the next start
where it was killed. What Tillid does not make is never touched.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from persistent.timestamp import TimeStamp

from tillid.adapters.backup_book import MANIFEST
from tillid.cms.lock import lock_var
from tillid.cms.reserve import is_full_disk
from tillid.kernel.errors import TillidError
from tillid.kernel.files import sync

MARK, LOCK = "first-start", "run/tillid.lock"
# Where a first start writes: whole folders, …
TREES = ("cache", "data/blobs", "evidence", "imported", "index", "instance", "keys/seal", "log/stamped", "run/marks")
# … folders that may hold others' files too, and the files of ours there; what a write that was killed leaves beside them as well.
FOLDERS = ("audit", "data", "keys", "log", "run")
FILES = (
    "zope.conf", LOCK, "audit/audit.jsonl", "audit/audit.jsonl.new", "data/Data.fs", "data/Data.fs.*", "data/sessions.fs",
    "data/sessions.fs.*", "data/reserve", "data/reserve-sessions", "keys/tsa.key.pem", "keys/tsa.chain.pem",
    *(f"keys/{name}.key{rest}" for name in ("municipality", "nonce", "log") for rest in ("", "[a-z0-9_]" * 8)),
    *(f"log/{name}" for name in ("leaves", "level-*", "checkpoint", "origin")),
    *(f"{folder}/.{'[0-9a-f]' * 16}.new" for folder in ("keys", "log")),
)  # fmt: skip
_TOPS = sorted({one.split("/")[0] for one in (*TREES, *FOLDERS, *FILES)})
_LONGEST = 3600  # seconds from the mark to the first transaction of its database, with much to spare
_LITTLE = 16 * 2**20  # a disk with less than what a first start makes: whatever failed, failed for that


class FirstStart:
    """``var``, taken for this process until ``close``. Raises ``TillidError`` (``store.locked``, ``start.unfinished``,
    ``start.other-data``, ``start.is-backup``).

    ``again``: what a first start that was killed had left is gone now. ``needed``: there are no data yet.
    """

    def __init__(self, var: Path) -> None:
        self._var = var.absolute()
        self._mark = self._var / MARK
        self._made = sum(not folder.exists() for folder in (self._var, *self._var.parents))
        self._before: set[str] = set()
        self.again = self.needed = False
        try:
            self._lock = lock_var(self._var)
        except OSError:
            self._tidy()
            raise
        try:
            if (self._var / MANIFEST).exists():
                raise TillidError(
                    "a backup's own folder",
                    code="start.is-backup",
                    text="Mappen {var} er en sikkerhedskopi, eller en er lagt her med hånden. Brug »tillid backup restore«: ellers ved "
                    "Tillid ikke, at tilbagekaldelser kan mangle.",
                    var=self._var,
                )
            if self._mark.exists():
                self._remove_killed()
            self.needed = not has_data(self._var)
            if self.needed:
                self._before |= {_name(path, self._var) for path in _ours(self._var)} - {LOCK, "run"}
        except BaseException:
            self._lock.close()
            raise

    def begin(self) -> None:
        """On the disk before anything else of a first start."""
        if not self.needed:
            return
        said = {"begun": time.time(), "made": self._made, "before": sorted(self._before)}
        with self._mark.open("w", encoding="utf-8") as file:
            file.write(json.dumps(said))
            file.flush()
            os.fsync(file.fileno())
        sync(self._var)

    def whole(self) -> None:
        """Nothing is missing: from now on nothing is ever taken away. To be called before anybody is answered, and on the disk
        when it returns: a power cut must not bring the mark back."""
        if not self.needed:
            return
        for folder in (self._var / name for name in FOLDERS):
            if folder.is_dir():
                sync(folder)
        self._mark.unlink()
        sync(self._var)
        self.needed = False

    def close(self) -> None:
        """Give the folder back; what is not whole is taken away first. Close the database before."""
        if self.needed:
            _remove(self._var, self._before)
            self._mark.unlink(missing_ok=True)
            (self._var / LOCK).unlink(missing_ok=True)
            self._tidy()
            self.needed = False
        self._lock.close()

    def lacked_room(self, error: BaseException | None) -> bool:
        """Whether a first start failed with ``error`` because the disk is full, as far as can be seen; asked before ``close``."""
        if not self.needed:
            return False
        while error is not None:
            if is_full_disk(error) or getattr(error, "code", "") == "store.full":
                return True
            error = error.__cause__ or error.__context__
        return shutil.disk_usage(self._var).free < _LITTLE

    def _remove_killed(self) -> None:
        said = self._said()
        if said is not None:
            self._require_own_data(said)
            self._before, self._made = set(said["before"]), said["made"]
            _remove(self._var, self._before | {LOCK, "run"})
            self.again = True
        elif has_data(self._var):
            raise TillidError(
                "the first start was interrupted",
                code="start.unfinished",
                text="Den første start blev afbrudt, så demoen er kun halvt lavet. Kør »tillid reset --var {var}«, og start igen.",
                var=self._var,
            )

    def _said(self) -> dict[str, Any] | None:
        """What the mark says; ``None`` for one of which not all was written (nothing was made then) or of an earlier Tillid."""
        try:
            said = json.loads(self._mark.read_text("utf-8"))
            return said if said.keys() == {"begun", "made", "before"} else None
        except (ValueError, AttributeError):
            return None

    def _require_own_data(self, said: dict[str, Any]) -> None:
        """Raises ``TillidError`` unless the database began with the mark: a backup may have been laid over what was half made."""
        try:
            with (self._var / "data" / "Data.fs").open("rb") as file:
                head = file.read(12)
        except FileNotFoundError:
            return
        if len(head) == 12 and not -1 < TimeStamp(head[4:]).timeTime() - said["begun"] < _LONGEST:
            raise TillidError(
                "the mark and the data are not of one start",
                code="start.other-data",
                text="En afbrudt første start har efterladt filen {mark}, men data er ikke dens. Er det de rigtige data, så fjern "
                "filen, og start igen.",
                mark=self._mark,
            )

    def _tidy(self) -> None:
        """The folders that were made, as far as they are empty."""
        for folder in (self._var / "run", *(self._var, *self._var.parents)[: self._made]):
            with suppress(OSError):
                folder.rmdir()


def has_data(var: Path) -> bool:
    """Whether there is a database, or what a killed pack left of one."""
    return any((var / "data").glob("Data.fs*"))


def is_marked(var: Path) -> bool:
    """Whether a first start was begun here and is not whole."""
    return (var / MARK).exists()


def _ours(var: Path) -> Iterator[Path]:
    """What is there of all that a first start makes, the innermost first."""
    for top in (var / name for name in _TOPS):
        if top.is_dir():
            for folder, folders, files in os.walk(top, topdown=False):
                for path in (Path(folder, name) for name in (*files, *folders)):
                    if is_ours(_name(path, var)):
                        yield path
        if top.is_dir() or top.exists():
            yield top


def is_ours(name: str) -> bool:
    if name in FOLDERS or any(fnmatchcase(name, one) for one in FILES if name.count("/") == one.count("/")):
        return True
    return any(name == tree or name.startswith(f"{tree}/") for tree in TREES)


def _remove(var: Path, kept: set[str]) -> None:
    """Files; and folders as far as they are empty, so that what others have put there stays."""
    for path in _ours(var):
        if _name(path, var) in kept:
            continue
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):
                path.rmdir()
        else:
            path.unlink(missing_ok=True)


def _name(path: Path, var: Path) -> str:
    return path.relative_to(var).as_posix()
