"""Copies of the evidence on other disks or shares (docs/adr/0085): each holds what ``evidence_files`` keeps twice beside the database.

    further.json           in the evidence's folder: which there are, and when each was last whole
    further-known          beside it: the digests of the acts that we have made, a line each
    tillid-evidence        in each of them, the mark that it is ours: a share that is not mounted leaves an empty folder, and nothing
                           may be written to that

They are written after every batch and renewal, apart from all locks: a disk that hangs delays nobody but this. What own copies have both
lost comes back from here, and nothing else: what such a disk has beyond that is somebody else's until an administrator adds the folder.
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from tillid.adapters.evidence_files import FOLDERS, EvidenceFiles
from tillid.adapters.evidence_pieces import read_at, write_at
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError
from tillid.kernel.files import put
from tillid.kernel.ids import new_id
from tillid.signatures.evidence_book import Act, EvidenceDamaged
from tillid.signatures.evidence_judging import judged
from tillid.signatures.evidence_tree import SIZES
from tillid.signatures.trust import Trust

SETTING, BEFORE, MARK, KNOWN = "further.json", "further-before.json", "tillid-evidence", "further-known"
PATIENCE = timedelta(days=2)  # once a day each is made whole
_log = logging.getLogger(__name__)


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """``whole_at``: when it last held all that there was."""

    folder: str
    since: datetime
    whole_at: datetime | None = None

    def late(self, now: datetime) -> bool:
        """Whether it has not been whole for long."""
        return now - (self.whole_at or self.since) >= PATIENCE


class _Setting(msgspec.Struct, frozen=True, kw_only=True):
    mark: str
    copies: tuple[Copy, ...] = ()


class EvidenceCopies:
    """The further copies of what ``own`` keeps in ``folder``."""

    def __init__(self, folder: Path, own: EvidenceFiles) -> None:
        self._folder, self._own, self._file = folder, own, folder / SETTING

    def all(self) -> tuple[Copy, ...]:
        """Those that are set. Reads no other disk. Raises ``TillidError`` (``evidence.setting``)."""
        return self._setting().copies

    def late(self, now: datetime) -> tuple[str, ...]:
        """The folders of those that have long not been whole. Reads no other disk. Raises as ``all``."""
        return tuple(one.folder for one in self.all() if one.late(now))

    def add(self, path: Path, now: datetime, trust: Trust, *, take_in: bool = False) -> None:
        """From now on ``path`` is a copy, too; what it has beyond our own is judged by ``trust`` and taken in, then it is made
        whole. ``take_in``: also where we have no evidence at all, because it was lost. Raises ``TillidError`` (``evidence.inside``,
        ``evidence.other-copy``, ``evidence.untrue``, ``evidence.copy-unavailable``) or as ``all``."""
        path = path.absolute()
        if path.resolve().is_relative_to(self._folder.resolve().parent):
            raise TillidError("inside", code="evidence.inside", text="{folder} ligger i mappen med data. Vælg en på en anden disk.",
                              folder=path)  # fmt: skip
        setting = self._setting()
        try:
            (path / "acts").mkdir(parents=True, exist_ok=True)
            self._require_same(path, take_in=take_in)
            proven = self._proven(path, trust)
            put(path / MARK, f"{setting.mark}\n".encode(), mode=0o644)
        except OSError as error:
            raise TillidError(type(error).__name__, code="evidence.copy-unavailable", text="Der kan ikke skrives i {folder}.",
                              folder=path) from error  # fmt: skip
        others = tuple(one for one in setting.copies if one.folder != str(path))
        self._keep(msgspec.structs.replace(setting, copies=(*others, Copy(folder=str(path), since=now))))
        waiting = _read(self._folder / BEFORE)
        left = tuple(one for one in waiting.copies if one.folder != str(path))
        if left:
            put(self._folder / BEFORE, msgspec.json.encode(msgspec.structs.replace(waiting, copies=left)))
        else:
            (self._folder / BEFORE).unlink(missing_ok=True)
        self._take_in(path, proven)
        (self._folder / KNOWN).unlink(missing_ok=True)
        self.fetch()
        self.carry(now)

    def remove(self, path: Path) -> bool:
        """No longer a copy; what lies there stays. Whether it was one. Raises as ``all``."""
        setting = self._setting()
        left = tuple(one for one in setting.copies if one.folder != str(path.absolute()))
        if len(left) < len(setting.copies):
            self._keep(msgspec.structs.replace(setting, copies=left))
        return len(left) < len(setting.copies)

    def fetch(self) -> list[str]:
        """Have our own copies hold what neither has any more and a further one does. Returns what came back. Raises ``Unavailable``."""
        there, known, came = self._there(), self._known(), list[str]()
        for path in there:
            came += self._take_in(path, known)
        try:
            lost = self._own.lost() if there else []
        except EvidenceDamaged:  # an act between others that nobody has
            return came
        # Read before the lock is taken: another disk may hang.
        found = {one.digest: data for path in there for one in lost if one.is_whole(data := one.read(path))}
        return [*came, *(self._own.mend(found) if lost else ())]

    def carry(self, now: datetime) -> list[str]:
        """Make each whole that can be reached, and note when it was. Returns the folders that could not be. Raises nothing for what
        is wrong with them; ``TillidError`` as ``all``, ``EvidenceDamaged`` where our own copies lack something."""
        copies, there, whole, failed = self.all(), self._there(), set(), []
        if copies:
            self._remember()
        for one in copies:
            try:
                if Path(one.folder) not in there:
                    raise OSError("no mark of ours")
                self._make_whole(Path(one.folder))
                whole.add(one.folder)
            except OSError as error:
                _log.error("a copy of the evidence cannot be written: %s", type(error).__name__)
                failed.append(one.folder)
        setting = self._setting()  # somebody may have added one meanwhile
        if whole:
            noted = (
                msgspec.structs.replace(one, whole_at=now) if one.folder in whole else one for one in setting.copies
            )
            self._keep(msgspec.structs.replace(setting, copies=tuple(noted)))
        return failed

    def problems(self) -> list[str]:
        """What a further copy that is there holds otherwise than it was written; what it does not hold yet is none (``late``). Reads all
        of it. Raises as ``all`` and ``EvidenceFiles.pieces``."""
        return [f"{path}/{one.name}" for path in self._there() for one in self._own.pieces()
                if (data := one.read(path)) and not one.is_whole(data)
                and (one.length is None or len(data) == one.length)]  # fmt: skip

    def away(self) -> list[str]:
        """The folders that are not there, or are not ours. Raises as ``all``."""
        there = self._there()
        return [one.folder for one in self.all() if Path(one.folder) not in there]

    def _there(self) -> list[Path]:
        setting = self._setting()
        marked = f"{setting.mark}\n".encode()
        found = (Path(one.folder) for one in setting.copies if read_at(Path(one.folder) / MARK) == marked)
        return [one for one in found if not (one / "acts").is_symlink()]

    def _known(self) -> list[str]:
        return read_at(self._folder / KNOWN).decode("ascii", "replace").split()

    def _remember(self) -> None:
        """The acts that there are, after those that were remembered: what is lost later is still known. Raises ``EvidenceDamaged``."""
        known, now = self._known(), [_digest(act) for act in self._own.acts()]
        if len(now) > len(known) and now[: len(known)] == known:
            put(self._folder / KNOWN, "".join(f"{one}\n" for one in now).encode(), mode=0o644)

    def _require_same(self, path: Path, *, take_in: bool) -> None:
        """Whether what lies in ``path`` belongs to our acts: the same as far as both go. Raises ``TillidError``."""
        ours = {act.number: act for act in self._own.acts()}
        try:
            theirs = EvidenceFiles(path, (path,)).acts()
        except EvidenceDamaged:
            theirs = []  # what of it is damaged is written anew
        if any(ours.get(act.number, act) != act for act in theirs) or (theirs and not ours and not take_in):
            raise TillidError("evidence of another installation", code="evidence.other-copy",
                              text="I {folder} ligger beviser, der ikke hører til dem her. Vælg en tom mappe. Er jeres egne gået tabt, "
                              "så tilføj --take-in.", folder=path)  # fmt: skip

    def _proven(self, path: Path, trust: Trust) -> list[str]:
        """The digests of our acts and of those in ``path`` that follow them and hold. Raises ``EvidenceUntrue`` where one does not."""
        both, made = EvidenceFiles(self._folder, (*(self._folder / one for one in FOLDERS), path)), list[str]()
        # What was damaged on the way is written anew, and nothing behind it is believed.
        with suppress(EvidenceDamaged):
            made.extend(_digest(act) for act in judged(both, self._own.readable(), trust))
        return made

    def _take_in(self, path: Path, ours: list[str]) -> list[str]:
        """Acts that are whole in ``path`` and in neither of our own copies, in their order. ``ours``: the digests of those that we have
        made, or that were judged."""
        other = EvidenceFiles(path, (path,))
        try:
            theirs, known = other.acts(), self._own.readable()
        except EvidenceDamaged:
            return []
        came, closed = [], dict.fromkeys(SIZES, 0)
        for act in theirs:
            follows = act.kind != "close" or act.begin == closed[act.algorithm] < act.end
            closed[act.algorithm] = act.end if act.kind == "close" else closed[act.algorithm]
            if act.number in known:
                continue
            if not follows or [_digest(act)] != ours[act.number - 1 : act.number]:
                _log.error("a further copy has an act that is not ours: %s", act.number)
                break  # its leaves would lie on others'
            if act.number != 1 and act.number - 1 not in known:
                break  # nothing may stand behind a gap
            try:
                leaves = b"".join(other.leaves(act)) if act.kind != "renew" else b""
                files = {"tst": other.token(act)} | ({"leaves": leaves} if act.kind == "rehash" else {})
            except EvidenceDamaged:
                break
            closing = leaves if act.kind == "close" else b""
            self._own.take_in(act, {**files, "json": msgspec.json.encode(act) + b"\n"}, closing)
            known.add(act.number)
            came.append(f"acts/{act.number:06}")
        return came

    def _make_whole(self, path: Path) -> None:
        """An act's own file goes last: without it the others are nothing. Raises ``OSError``."""
        (path / "acts").mkdir(exist_ok=True)
        for one in sorted(self._own.pieces(), key=lambda one: one.name.endswith(".json")):
            if not one.is_whole(one.read(path)):
                one.write(path, self._own.piece(one))
        for algorithm, width in SIZES.items():
            begin = max(
                (act.end for act in self._own.acts() if act.kind == "close" and act.algorithm == algorithm), default=0
            )
            tail = b"".join(self._own.between(algorithm, begin, self._own.size(algorithm)))
            if tail and read_at(path / f"leaves-{algorithm}", begin * width, len(tail)) != tail:
                write_at(path / f"leaves-{algorithm}", tail, begin * width)

    def _setting(self) -> _Setting:
        if not self._file.exists():
            return _Setting(mark=new_id())
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Setting)
        except (OSError, msgspec.MsgspecError) as error:
            raise TillidError(type(error).__name__, code="evidence.setting",
                              text="Listen over flere kopier af beviserne ({name}) kan ikke læses. Hent den fra sikkerhedskopien.",
                              name=SETTING) from error  # fmt: skip

    def _keep(self, setting: _Setting) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        put(self._file, msgspec.json.encode(setting))


def _digest(act: Act) -> str:
    return sha256(msgspec.json.encode(act))


def let_go(folder: Path) -> None:
    """Of an evidence folder that a backup was just put back as: its further copies are only remembered (``remembered_in``), for the
    installation that it was made of may go on writing them. Raises ``OSError``."""
    if (folder / SETTING).exists():
        os.replace(folder / SETTING, folder / BEFORE)


def set_in(folder: Path) -> tuple[str, ...]:
    """The folders of an evidence folder's further copies, also of one that is to be removed."""
    return tuple(one.folder for one in _read(folder / SETTING).copies)


def remembered_in(folder: Path) -> tuple[str, ...]:
    """Those that were set when the backup was made of which this folder was restored: nothing is written to them unless they are
    added again."""
    return tuple(one.folder for one in _read(folder / BEFORE).copies)


def _read(path: Path) -> _Setting:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Setting)
    except (OSError, msgspec.MsgspecError):
        return _Setting(mark="")
