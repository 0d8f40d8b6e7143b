"""Reading that a leader grants a foster parent by name (R-36): placement gives no custody, so nothing is open without a grant.

A grant is an event about one document, with the decision it rests on and a last day; ended by another event. Whether it holds
is worked out from the events at each reading, like everything else (design 13). It lets read, never sign, consent or write.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from tillid.consents.events import Event
from tillid.kernel.clock import end_of

GRANTED, ENDED = "reading_granted", "reading_ended"


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """``basis``: the authority's decision it rests on, in the leader's words; ``until``: the last day ("til og med");
    ``ended_at``: when a leader ended it before that day."""

    id: str
    person_id: str
    name: str
    basis: str
    until: date
    by: str
    at: datetime
    ended_at: datetime | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Whether it lets read at ``moment``."""
        return self.ended_at is None and moment < end_of(self.until)


def grants_of(events: Sequence[Event]) -> tuple[Grant, ...]:
    """Every grant among ``events``, oldest first."""
    ended = {event.payload["grant"]: event.at for event in events if event.kind == ENDED}
    return tuple(
        Grant(
            id=event.id,
            person_id=event.payload["person_id"],
            name=event.payload["name"],
            basis=event.payload["basis"],
            until=date.fromisoformat(event.payload["until"]),
            by=event.actor,
            at=event.at,
            ended_at=ended.get(event.id),
        )
        for event in events
        if event.kind == GRANTED
    )


def held_by(events: Sequence[Event], person_id: str, moment: datetime) -> Grant | None:
    """The newest grant by which ``person_id`` may read at ``moment``, or ``None``."""
    own = (one for one in reversed(grants_of(events)) if one.person_id == person_id and one.holds_at(moment))
    return next(own, None)
