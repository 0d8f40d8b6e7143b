"""The municipality's own journal system, by files in a folder that its integration engine takes from and gives to (docs/journal.md, ADR 0078):

    out/<entry>/       an entry, whole or not there; the other side takes it away
    in/                receipts that come, each under its name at one stroke
    refused/           <reason>.<id>.json, for a person
    taken/<id>.json    receipts that are in the ledger; may be cleared away
    .tillid/staged     entries that have not got their name in ``out`` yet
    .tillid/sent       <entry>: the digest of what was handed over; kept, so that an entry never goes twice
    .tillid/claimed    receipts that are being recorded
    .tillid/owner      the key of the log of the installation that the folder is joined to: two would take each other's receipts

An entry is written and on the disk, then marked as sent, then moved to ``out``. Whoever finds the mark knows: what lies staged goes as it
is, and if nothing does, it went.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from tillid.archive.journal_exchange import MOST_BYTES, Refusal, digest_of
from tillid.kernel.errors import Unavailable
from tillid.kernel.files import opened_file, put, sync
from tillid.kernel.ids import is_id, new_id
from tillid.usecases.ports_journal import Incoming, JournalState

MOST = 200  # receipts at one look
FOLDER, FILE = 0o770, 0o640  # the other side is of the folder's group
PARTS = ("out", "in", "refused", "taken", ".tillid/staged", ".tillid/sent", ".tillid/claimed")
OWNER = ".tillid/owner"


class JournalOther(Unavailable):
    """It is joined to another installation."""

    code = "journal.other"
    text = "Mappen til kommunens journalsystem bruges af en anden Tillid. Vælg en anden, tom mappe. Det, der skal journalføres, venter."


class JournalClosed(Unavailable):
    """``place``: what is no folder, or not to be read and written."""

    code = "journal.closed"
    text = "Tillid må ikke læse og skrive i {place}, eller det er ikke en mappe. Giv den bruger, der kører Tillid, ret til det."


class JournalFolder:
    """``root``: is there; what belongs in it is made. ``happened``: is told each step on an entry's way out. ``owner``: whose it becomes
    with the first look, and must be from then on; empty: not asked. Everything raises ``JournalOther`` too."""

    def __init__(self, root: Path, happened: Callable[[str], None] = lambda step: None, owner: str = "") -> None:
        self._root, self._happened, self._owner = root, happened, owner
        self._out, self._in, self._refused, self._taken, self._staged, self._sent, self._claimed = (
            root / name for name in PARTS
        )

    def handed(self, entry: str) -> str | None:
        with _reached():
            self._require()
            return self._mark(entry)

    def hand_over(self, entry: str, files: Mapping[str, bytes]) -> str:
        with _reached():
            self._make()
            digest = self._mark(entry)
            if digest is None:
                digest = digest_of(files)
                self._stage(entry, files)
                self._happened("staged")
                put(self._sent / entry, digest.encode())
                self._happened("marked")
            if os.path.lexists(self._staged / entry):
                os.rename(self._staged / entry, self._out / entry)
                self._happened("moved")
                sync(self._out)
                sync(self._staged)
            return digest

    def lying(self) -> Sequence[str]:
        with _reached():
            names = [name.lstrip(".")[:36] for place in (self._staged, self._out) for name in _names(place)]
            return [name for name in dict.fromkeys(names) if is_id(name)]

    def take_back(self, entry: str) -> None:
        with _reached():
            if os.path.lexists(self._out / entry):
                # Under a name that nobody takes first: the other side meets it whole or not.
                os.rename(self._out / entry, self._staged / f".{entry}.back")
                sync(self._out)
            for name in _names(self._staged):
                if name == entry or name.startswith(f".{entry}."):
                    shutil.rmtree(self._staged / name)
            sync(self._staged)

    def receipts(self) -> Iterator[Incoming]:
        with _reached():
            self._make()
            left = _names(self._claimed)
            new = [name for name in _names(self._in) if not name.startswith(".")][:MOST]
        for name in left:
            with _reached():
                one = _read(self._claimed / name, name.partition(".")[0], again=True)
            yield one
        stuck: OSError | None = None
        for name in new:
            ours = new_id()
            try:
                os.rename(self._in / name, self._claimed / f"{ours}.json")
            except OSError as error:  # one that cannot be moved keeps nobody else's from being read
                stuck = error
                continue
            with _reached():
                sync(self._claimed)
                one = _read(self._claimed / f"{ours}.json", ours)
            yield one
        if stuck is not None:
            with _reached():
                raise stuck

    def keep(self, incoming: Incoming) -> None:
        self._move(incoming, self._taken / f"{incoming.id}.json")

    def refuse(self, incoming: Incoming, why: Refusal) -> None:
        self._move(incoming, self._refused / f"{why}.{incoming.id}.json")

    def state(self) -> JournalState:
        with _reached():
            self._require()
            out = [self._out / name for name in _names(self._out)]
            refused = [(name, name.partition(".")[0]) for name in _names(self._refused)]
            since = min((path.lstat().st_mtime for path in out), default=None)
        known = get_args(Refusal)
        return JournalState(
            waiting=len(out),
            oldest=datetime.fromtimestamp(since, UTC) if since is not None else None,
            # What somebody else has put there under another name is told of, not named.
            refused=tuple((name, why) if why in known else ("", "unreadable") for name, why in refused),
        )

    def require_usable(self) -> None:
        """That all of it can be read and written; nothing is made. Raises ``Unavailable``, of which ``JournalClosed``."""
        with _reached():
            self._require()
            for place in (self._root, *(self._root / name for name in PARTS)):
                if os.path.lexists(place) and not (place.is_dir() and os.access(place, os.R_OK | os.W_OK | os.X_OK)):
                    raise JournalClosed("no folder, or not for us", place=place)

    def _mark(self, entry: str) -> str | None:
        try:
            return (self._sent / entry).read_text("ascii")
        except FileNotFoundError:
            return None

    def _stage(self, entry: str, files: Mapping[str, bytes]) -> None:
        """All files on the disk under the entry's name, in place of what an earlier attempt has left."""
        place, beside = self._staged / entry, self._staged / f".{entry}.part"
        for old in (place, beside):
            shutil.rmtree(old, ignore_errors=True)
        beside.mkdir()
        _open_to_group(beside, FOLDER)
        for name, data in files.items():
            with os.fdopen(
                os.open(beside / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb"
            ) as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), FILE)
                os.fsync(file.fileno())
        sync(beside)
        os.rename(beside, place)
        sync(self._staged)

    def _move(self, incoming: Incoming, to: Path) -> None:
        with _reached():
            os.rename(self._claimed / f"{incoming.id}.json", to)
            sync(to.parent)
            sync(self._claimed)

    def _require(self) -> None:
        """A disk that is not there is away, and not an empty folder."""
        if not self._root.is_dir():
            raise FileNotFoundError(errno.ENOENT, "no folder")
        if self._owner and self._owned_by() not in ("", self._owner):
            raise JournalOther("joined to another installation")

    def _owned_by(self) -> str:
        try:
            with opened_file(self._root / OWNER) as file:
                return file.read(MOST_BYTES).decode("utf-8", "replace").strip()
        except FileNotFoundError:
            return ""

    def _make(self) -> None:
        self._require()
        for name in PARTS:
            path = self._root / name
            if not path.is_dir():
                path.mkdir(parents=True)
                _open_to_group(path, 0o700 if name.startswith(".") else FOLDER)
        if self._owner and not self._owned_by():
            put(self._root / OWNER, f"{self._owner}\n".encode())


def _open_to_group(folder: Path, mode: int) -> None:
    """What is made in it is of the same group as ``root``, where that says so (set-group-ID)."""
    folder.chmod(mode | folder.stat().st_mode & stat.S_ISGID)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(folder))
    except FileNotFoundError:
        return []


def _read(path: Path, ours: str, *, again: bool = False) -> Incoming:
    """No link is followed, and what is no file (a folder, a pipe) is not opened for long."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.EACCES, errno.EPERM):
            return Incoming(id=ours, refusal="no-file", again=again)
        raise
    try:
        kind = os.fstat(handle)
        if not stat.S_ISREG(kind.st_mode) or kind.st_nlink != 1:
            return Incoming(id=ours, refusal="no-file", again=again)
        with os.fdopen(os.dup(handle), "rb") as file:
            data = file.read(MOST_BYTES + 1)
    finally:
        os.close(handle)
    if len(data) > MOST_BYTES:
        return Incoming(id=ours, refusal="too-large", again=again)
    return Incoming(id=ours, data=data, again=again)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(
            f"{error.strerror}",
            code="journal.unavailable",
            text="Mappen til kommunens journalsystem kan ikke bruges lige nu. Intet er gået tabt; det prøves igen.",
        ) from error
