"""A backup was put back and nobody can know what was taken back after its moment: nothing is given on by what is older (ADR 0082).

A pure question, asked by each function that says what is effective; it can only close. Looked at is what a person has confirmed, for all
of an installation or for one share: that no withdrawal, end or correction since the backup's moment is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from tillid.consents.events import Event

CONFIRMED = "release_confirmed"
REASON = "restored"
Shown = Literal["asked", "receipts", "mail", "log_head", "audit"]
"""What shows that nothing is missing: the parents were asked; the receipts they hold; mails; a head of the log that others keep; the log of
readings. No words of anybody's: they would be the child's data in a log that is kept for ever."""


class LookedAt(msgspec.Struct, frozen=True, kw_only=True):
    """Who has confirmed for the whole installation that nothing is missing, and what shows it."""

    by: str
    at: datetime
    shown_by: tuple[Shown, ...]


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """``backup_at``: the backup's moment; ``until``: what was said up to then stands in the backup, and what took it back may not;
    ``lost``: how many events are known to be missing; ``looked_at``: ``None`` while it holds back."""

    id: str
    backup_at: datetime
    until: datetime
    lost: int = 0
    looked_at: LookedAt | None = None


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``release_confirmed``, of one share. ``restored``: ids of the restorations that it was confirmed for."""

    restored: tuple[str, ...]
    shown_by: tuple[Shown, ...]


def holding(share_id: str, said_at: datetime, events: Iterable[Event], restored: Iterable[Restored]) -> tuple[str, ...]:
    """Ids of the restorations that hold the share back, which was asked about or decided at ``said_at``. ``events``: of the document."""
    older = [one.id for one in restored if one.looked_at is None and said_at <= one.until]
    if not older:
        return ()
    own = [one.payload["restored"] for one in events if one.kind == CONFIRMED and one.request_id == share_id]
    return tuple(one for one in older if not any(one in confirmed for confirmed in own))
