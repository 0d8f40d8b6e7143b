"""What is known of an installation's backups: how old the newest is, whether it is whole, whether one is too old (ADR 0073)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from tillid.adapters.backup_book import problems
from tillid.adapters.backups import NOTE, Backup, Note, backups, noted, too_old
from tillid.kernel.clock import local_day
from tillid.kernel.files import put
from tillid.usecases.ports_backups import BackupState

LATE = timedelta(days=2)


class BackupDesk:
    """The port ``Backups``. ``period``: how long a backup is kept at most."""

    def __init__(self, var: Path, period: str) -> None:
        self._var, self._period = var, period

    def state(self, now: datetime) -> BackupState:
        """Reads names and the note, no backup."""
        note = noted(self._var)
        if note is None:
            return BackupState(alarm="none")
        there = backups(Path(note.folder))
        if not there:
            return BackupState(alarm="away", made_at=note.made_at)
        checked = note.checked_at if note.checked == there[-1].path.name else None
        wrong = note.wrong if checked else 0
        found = BackupState(alarm="", made_at=there[-1].made_at, checked_at=checked, wrong=wrong)
        if wrong:
            return msgspec.structs.replace(found, alarm="damaged")
        if now - there[-1].made_at > LATE:
            return msgspec.structs.replace(found, alarm="late")
        if checked is None:
            return msgspec.structs.replace(found, alarm="unchecked")
        old = too_old(there[0], self._period, local_day(now))
        return msgspec.structs.replace(found, alarm="too_old") if old else found

    def oldest(self) -> Backup | None:
        """Of those that are there."""
        note = noted(self._var)
        return next(iter(backups(Path(note.folder))), None) if note is not None else None


def check(backup: Path, var: Path, now: datetime) -> list[tuple[str, str]]:
    """``backup_book.problems``, and ``var`` remembers what came of it, if it is the newest of its backups. Raises ``OSError``."""
    found = list(problems(backup))
    note = noted(var)
    place = backup.resolve()
    if note is not None and place == _newest(note):
        seen = msgspec.structs.replace(note, checked=place.name, checked_at=now, wrong=len(found))
        put(var / NOTE, msgspec.json.encode(seen))
    return found


def _newest(note: Note) -> Path | None:
    there = backups(Path(note.folder))
    return there[-1].path.resolve() if there else None
