"""Backups of an installation in a folder of the operator's, and their rotation (ADR 0073).

    2026-11-27T083000Z/            one backup: made beside a running Tillid, whole or not there
      manifest-sha256.txt          what it holds (``backup_book``)
      data/ trust/ imported/ log/ evidence/ audit/ destroyed/

In this order: what follows the database (log, evidence, who read what) is copied after it and may know more than it, never less.
Keys are not in it, for a thief of a backup is not to have them; sessions, previews and the full text are not either.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from tillid.adapters.backup_book import MANIFEST, Book
from tillid.archive.retention import after
from tillid.kernel.clock import local_day
from tillid.kernel.errors import TillidError
from tillid.kernel.files import put, sync

KEPT = ("trust", "imported", "log", "evidence", "audit", "destroyed")
LEFT_OUT = frozenset({"keys", "data", "index", "run", "cache", "instance", "zope.conf", "backup.json"})
"""Beside what is kept, all that a folder of data has: ``data`` goes by ``cms/copying``; the rest can be made again or has a way of its own."""
NOTE = "backup.json"
_FORM = "%Y-%m-%dT%H%M%SZ"
_NAME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z\Z")
_UNFINISHED, _REMOVING = ".unfinished-", ".removing-"
_DIGESTS = re.compile(r"leaves|leaves-sha256|level-[0-9]+")  # 32 bytes at a time


class NoBackup(TillidError):
    """``folder``: what was taken for one."""

    code = "backup.none"
    text = "{folder} er ikke en sikkerhedskopi. Se, hvilke der er, med »tillid backup list«."


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """One that is whole."""

    path: Path
    made_at: datetime


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation remembers of its backups: where the newest is, and of when; which was read again when, and how much of it
    was wrong (``backup_state.check``)."""

    folder: str
    made_at: datetime
    checked: str = ""
    checked_at: datetime | None = None
    wrong: int = 0


def backups(folder: Path) -> list[Backup]:
    """Oldest first."""
    names = sorted(one.name for one in folder.iterdir() if _NAME.match(one.name)) if folder.is_dir() else []
    return [Backup(path=folder / name, made_at=_moment(name)) for name in names]


def make(folder: Path, var: Path, database: Callable[[Book], None], now: datetime) -> Backup:
    """A new one. ``database`` puts its part in the book. Raises ``TillidError`` (``backup.inside``, ``backup.busy``), ``OSError``;
    then nothing new is there."""
    _require_apart(folder, var)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder):
        older = backups(folder)
        made = Backup(path=folder / now.astimezone(UTC).strftime(_FORM), made_at=now.replace(microsecond=0))
        if made.path.exists():
            raise _busy()
        work = folder / f"{_UNFINISHED}{made.path.name}"
        try:
            book = Book(work, older[-1].path if older else None)
            database(book)
            for name in KEPT:
                _put_folder(book, var / name, name)
            book.close()
            os.rename(work, made.path)
            sync(folder)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
    put(var / NOTE, msgspec.json.encode(Note(folder=str(folder.resolve()), made_at=made.made_at)))
    return made


def rotate(folder: Path, period: str, today: date) -> list[Backup]:
    """Remove those that are older than ``period``, but never the newest: that one is said to be too old (``too_old``) until there
    is another. Returns what was removed. Raises ``TillidError`` (``backup.busy``), ``OSError``."""
    with _alone(folder):
        gone = [one for one in backups(folder)[:-1] if too_old(one, period, today)]
        for one in gone:
            os.rename(one.path, folder / f"{_REMOVING}{one.path.name}")
        sync(folder)
        for left in folder.glob(f"{_REMOVING}*"):
            shutil.rmtree(left)
    return gone


def too_old(one: Backup, period: str, today: date) -> bool:
    """Whether what was destroyed when it was made was to be in no backup any more."""
    return after(local_day(one.made_at), period) < today


def noted(var: Path) -> Note | None:
    """What the installation remembers; nothing where none was ever made, or the note cannot be read."""
    try:
        return msgspec.json.decode((var / NOTE).read_bytes(), type=Note)
    except (OSError, msgspec.MsgspecError):
        return None


def _put_folder(book: Book, source: Path, name: str) -> None:
    """Files in folders below first, then by name: what names others (a signed head, an act) comes before them, and the subtrees of
    the log after its leaves. What is replaced whole meanwhile is there under its name all the time; what is appended to is cut where
    its last whole piece ends."""
    paths = (Path(folder, one) for folder, _, files in os.walk(source) for one in files)
    for path in sorted(paths, key=lambda one: (-len(one.parts), one)):
        inside = path.relative_to(source).as_posix()
        if path.name.startswith(".") or path.name == "lock" or path.suffix == ".log":
            continue  # being written, or the programs' own
        with path.open("rb") as file:
            book.put(f"{name}/{inside}", file, _whole(file, path))


def _whole(file, path: Path) -> int:  # type: ignore[no-untyped-def]
    size = os.fstat(file.fileno()).st_size
    if _DIGESTS.fullmatch(path.name):
        return size - size % 32
    if path.suffix == ".jsonl" or path.name == "noted":
        return _last_line(file, size)
    return size


def _last_line(file, size: int) -> int:  # type: ignore[no-untyped-def]
    """Where the last whole line ends."""
    end = size
    while end:
        begin = max(0, end - 2**16)
        if (found := os.pread(file.fileno(), end - begin, begin).rfind(b"\n")) >= 0:
            return begin + found + 1
        end = begin
    return 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time; what a killed one left half made is removed first."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise _busy() from error
        for left in folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left)
        yield
    finally:
        os.close(handle)


def _require_apart(folder: Path, var: Path) -> None:
    if folder.resolve().is_relative_to(var.resolve()):
        raise TillidError(
            "the backup would lie in what it is of",
            code="backup.inside",
            text="Mappen {folder} ligger i mappen med data. Vælg en mappe på en anden disk.",
            folder=folder,
        )


def _busy() -> TillidError:
    return TillidError(
        "another process makes or removes backups",
        code="backup.busy",
        text="En anden er ved at lave eller rydde op i sikkerhedskopier i den mappe. Prøv igen om lidt.",
    )


def _moment(name: str) -> datetime:
    return datetime.strptime(name, _FORM).replace(tzinfo=UTC)


def moment_of(backup: Path) -> datetime:
    """When the one in ``backup`` was made, as its folder is named."""
    return _moment(backup.resolve().name)


def require_backup(path: Path) -> None:
    """Raises ``NoBackup`` for what does not look like one of ours."""
    if not (_NAME.match(path.resolve().name) and (path / MANIFEST).is_file()):
        raise NoBackup("not a backup", folder=path)
