"""Backups of an installation: the database's part and what lies beside it, by one rule of how long they are kept (ADR 0073)."""

from __future__ import annotations

import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from tillid.adapters import backup_restoring
from tillid.adapters.backup_state import BackupDesk, check
from tillid.adapters.backups import (
    Backup,
    NoBackup,
    backups,
    make,
    moment_of,
    noted,
    require_backup,
    rotate,
    too_old,
)
from tillid.adapters.index_keeper import IndexOrder, index_orders
from tillid.archive.retention_rules import our_rules
from tillid.cms.copying import copy_database
from tillid.cms.restored import hold_back, newest_transaction
from tillid.kernel.clock import Clock, local_day
from tillid.kernel.errors import TillidError

__all__ = [
    "Backup",
    "BackupKeeper",
    "NoBackup",
    "backup_desk",
    "backups",
    "check",
    "is_too_old",
    "made",
    "require_backup",
    "restore",
    "rotated",
]
_log = logging.getLogger(__name__)
_LOOK = timedelta(hours=1)


def made(folder: Path, var: Path, now: datetime) -> tuple[Backup, list[Backup]]:
    """A new one, and those that had to go then. Raises ``TillidError``, ``OSError``."""
    new = make(folder, var, lambda book: copy_database(var, book), now)
    return new, rotated(folder, now)


def backup_desk(var: Path) -> BackupDesk:
    """What is known of the backups of ``var``."""
    return BackupDesk(var, our_rules().backups_keep)


def rotated(folder: Path, now: datetime) -> list[Backup]:
    """Those that had to go."""
    return rotate(folder, our_rules().backups_keep, local_day(now))


def is_too_old(one: Backup, now: datetime) -> bool:
    """Whether the rule says that it must not be there any more."""
    return too_old(one, our_rules().backups_keep, local_day(now))


def restore(
    backup: Path, var: Path, keys: Path, now: datetime, lost: Path | None = None, *, accept_lost: bool = False
) -> tuple[int, bool]:
    """See ``backup_restoring.restore``; and whether what was given on is held back there. It is, unless the lost folder is left and
    shows that nothing happened since: its log knows of no event, and its database of no transaction (ADR 0082). The first start builds
    the index of the search anew: a server's knows what happened since, and would take nothing that is older."""
    held = False

    def before_it_is_there(work: Path, missing: int) -> None:
        nonlocal held
        index_orders(work / "run").place(IndexOrder(verb="rebuild"))
        held = bool(missing) or not _ends_with(lost, work)
        if held:
            hold_back(work, moment_of(backup), now, missing)

    count = backup_restoring.restore(
        backup, var, keys, lost, accept_lost=accept_lost, before_it_is_there=before_it_is_there
    )
    return count, held


def _ends_with(lost: Path | None, work: Path) -> bool:
    """Whether the database of ``lost`` is there and ends with what ``work`` has."""
    last = newest_transaction(lost) if lost is not None else None
    return last is not None and last == newest_transaction(work)


class BackupKeeper:
    """A running Tillid sees to the rotation where its backups lie, also when nobody makes new ones."""

    def __init__(self, var: Path, clock: Clock) -> None:
        self._var, self._clock = var, clock
        self._looked: datetime | None = None

    def look(self) -> None:
        """Once an hour; never raises for a disk that is away."""
        now = self._clock.now()
        if self._looked is not None and now - self._looked < _LOOK:
            return
        self._looked = now
        note = noted(self._var)
        if note is None or not Path(note.folder).is_dir():
            return
        try:
            gone = rotated(Path(note.folder), now)
        except (OSError, shutil.Error) as error:
            _log.error("old backups could not be removed: %s", type(error).__name__)
        except TillidError as error:
            _log.info("old backups are not removed now: %s", error.code)
        else:
            if gone:
                _log.info("%d backups were older than the rule and are removed", len(gone))
