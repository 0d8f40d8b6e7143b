"""What the administrator is told of backups (ADR 0073)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

import msgspec

BackupAlarm = Literal["", "none", "away", "late", "damaged", "unchecked", "too_old"]


class BackupState(msgspec.Struct, frozen=True, kw_only=True):
    """``made_at``: of the newest; ``checked_at``: when every byte of it was last read again; ``alarm``: the gravest of what is wrong, of the
    newest but for ``too_old``: one is older than the rule lets it be."""

    alarm: BackupAlarm
    made_at: datetime | None = None
    checked_at: datetime | None = None
    wrong: int = 0


class Backups(Protocol):
    """Where they are made and what is known of them."""

    def state(self, now: datetime) -> BackupState: ...
