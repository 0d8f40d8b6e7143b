"""Custody of a child as the register tells it (R-30 to R-33). Never "mother" and "father" as fixed fields."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """One custody holder. ``since``/``until``: the register's moments, ``until`` exclusive, ``None`` = still holds."""

    person_id: str
    name: str
    relation: Literal["parent", "other"]
    resident: bool
    since: datetime
    until: datetime | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Whether custody is held at ``moment``."""
        return self.since <= moment and (self.until is None or moment < self.until)


class Custody(msgspec.Struct, frozen=True, kw_only=True):
    """All holders a child has or had, whether residence is shared (delt bopæl), and when the register was asked."""

    child_id: str
    holders: tuple[Holder, ...]
    shared_residence: bool
    checked_at: datetime

    def current(self, moment: datetime) -> tuple[Holder, ...]:
        """The holders at ``moment``."""
        return tuple(holder for holder in self.holders if holder.holds_at(moment))

    def holder(self, person_id: str, moment: datetime) -> Holder | None:
        """That person as a holder at ``moment``, or ``None``."""
        return next((holder for holder in self.current(moment) if holder.person_id == person_id), None)
