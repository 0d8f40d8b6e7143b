"""What of a document would be open to others, if no backup had been put back: for who can tell that nothing is missing (ADR 0082)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Literal

import msgspec

from tillid.consents.decision import ShareDecision
from tillid.consents.effective import Verdict
from tillid.consents.events import Event
from tillid.consents.meeting import KINDS, questions_of
from tillid.consents.model import ConsentRequest
from tillid.consents.reading_grant import grants_of
from tillid.consents.restored import Restored, holding
from tillid.kernel.clock import end_of

HeldKind = Literal["consent", "decision", "meeting", "grant"]
Judged = tuple[ConsentRequest | ShareDecision, Verdict]


class HeldShare(msgspec.Struct, frozen=True, kw_only=True):
    """``to``: the receiver's name, the meeting's, or who may read; ``restored``: ids of what holds it."""

    kind: HeldKind
    id: str
    to: str
    until: date
    restored: tuple[str, ...]


def held_shares(
    judged: Iterable[Judged], events: Sequence[Event], moment: datetime, restored: Collection[Restored]
) -> tuple[HeldShare, ...]:
    """``judged``: consents and decisions with their verdicts. A meeting and a grant are asked about by their day alone: what the
    register and the sheet say is asked when somebody would be told."""
    if all(one.looked_at is not None for one in restored):
        return ()
    meeting = next(reversed(questions_of(events)), None)
    found: list[tuple[HeldKind, str, str, date, datetime]] = []
    for share, verdict in judged:
        if verdict.held and isinstance(share, ShareDecision):
            found.append(("decision", share.id, share.to_unit.name, share.valid_to, share.decided_at))
        elif verdict.held and isinstance(share, ConsentRequest):
            found.append(("consent", share.id, share.to_unit.name, share.valid_to, share.created_at))
    if meeting and any(one.kind == KINDS[0] and one.request_id == meeting.id for one in events):
        found.append(("meeting", meeting.id, meeting.plan.title, meeting.valid_to, meeting.created_at))
    found += [("grant", one.id, one.name, one.until, one.at) for one in grants_of(events) if one.ended_at is None]
    return tuple(
        HeldShare(kind=kind, id=share_id, to=to, until=until, restored=held)
        for kind, share_id, to, until, at in found
        if moment < end_of(until) and (held := holding(share_id, at, events, restored))
    )
