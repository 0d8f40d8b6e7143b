"""A leader's decision to share without consent: guideline or provision of law (R-01, R-02, design 14). Never called a consent.

It lets through the items the leader has chosen, of one version, for one receiver, to one day; it is judged from events
and one moment as a consent is, and ended by the leader in the same second. A parent's later no or withdrawal about the same
share, or of the whole transition, ends it too: what was decided before cannot stand in for a consent that is taken back (R-02).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Literal

import msgspec

from tillid.consents.effective import Standing, Verdict
from tillid.consents.events import Event
from tillid.consents.model import Share
from tillid.consents.restored import REASON as RESTORED
from tillid.consents.restored import Restored, holding
from tillid.kernel.clock import end_of

Ground = Literal["guideline", "provision"]
DECIDED, ENDED = "share_decided", "share_ended"
NOES = ("consent_refused", "consent_withdrawn")
DECLINED = "transition_declined"  # a parent wants no overgangsbeskrivelse at all (O14)


class ShareDecision(Share, frozen=True, kw_only=True):
    """Payload of ``share_decided``.

    ``reason``: the leader's own words; ``informed_on``: the day the parents were told; ``objection``: what they said
    against it, empty for none; ``after_no``: whether it follows a refusal or a withdrawal of the same share (R-02).
    """

    ground: Ground
    reason: str
    informed_on: date | None
    objection: str
    after_no: bool
    decided_by: str
    decided_at: datetime


def decisions_of(events: Iterable[Event]) -> list[ShareDecision]:
    """Every decision among ``events``, oldest first."""
    return [msgspec.convert(event.payload, ShareDecision) for event in events if event.kind == DECIDED]


def judge_decision(
    decision: ShareDecision, events: Collection[Event], moment: datetime, restored: Collection[Restored]
) -> Verdict:
    """Whether ``decision`` lets the receiver read at ``moment``. ``signed`` says that it was made, which stays so; oral talk is
    what a consent alone gives. ``events``: all of the document, in order; ``restored``: every backup that was put back. Reasons: ``effective``,
    ``not-decided``, ``ended``, ``answered-no``, ``corrected``, ``expired``, ``restored``."""
    standing, reason = _found(decision, events, moment)
    if reason == "effective" and holding(decision.id, decision.decided_at, events, restored):
        standing, reason = "missing", RESTORED
    effective = reason == "effective"
    items = frozenset(item.id for item in decision.items) if effective else frozenset()
    return Verdict(standing=standing, effective=effective, signed=True, items=items, oral=False, reason=reason)


def _found(decision: ShareDecision, events: Iterable[Event], moment: datetime) -> tuple[Standing, str]:
    same_share: set[str] = set()
    made = False
    for event in events:
        if event.kind == "request_created" and event.payload["to_unit"]["id"] == decision.to_unit.id:
            same_share.add(event.request_id or "")
        made = made or event.kind == DECIDED and event.request_id == decision.id
        if event.kind == ENDED and event.request_id == decision.id:
            return "withdrawn", "ended"
        no = event.kind == DECLINED or event.kind in NOES and event.request_id in same_share
        if made and no:
            return "withdrawn", "answered-no"
        if event.kind == "version_corrected" and event.payload.get("version") == decision.document.version:
            return "missing", "corrected"
    if not made:
        return "missing", "not-decided"
    return ("expired", "expired") if moment >= end_of(decision.valid_to) else ("valid", "effective")
