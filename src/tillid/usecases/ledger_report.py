"""What the ledger says, for the operator at the command line: ids, kinds, moments and digests; names only when asked for.

Whoever runs a command on the machine has its files; the row that the command writes before it shows anything says who looked at
what (R-71), and nothing that was written by anybody is shown (ADR 0039).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tillid.consents.decision import DECIDED, ENDED, ShareDecision, decisions_of, judge_decision
from tillid.consents.effective import CONSENT, HolderAnswer, Verdict, answers_of
from tillid.consents.events import Event, broken_links
from tillid.consents.meeting import ASKED as MEETING_ASKED
from tillid.consents.meeting import KINDS as MEETING
from tillid.consents.meeting import MeetingQuestion, judge_meeting, questions_of
from tillid.consents.model import ConsentRequest
from tillid.consents.renewal import renewed_request
from tillid.consents.restored import Restored
from tillid.kernel.clock import instant
from tillid.usecases.ask_meeting import written_plan
from tillid.usecases.facts import custody_of, judge, requests_of
from tillid.usecases.ports import Documents, Ledger, People, Settings
from tillid.usecases.seal_record import ANSWERS, RECEIVED, RECORD, SEALED, TIMESTAMP

KINDS = frozenset(
    {"request_created", "request_voided", "set_signed", DECIDED, ENDED, *ANSWERS, RECEIVED, MEETING_ASKED, *MEETING}
)
Asked = (
    ConsentRequest | ShareDecision | MeetingQuestion
)  # asked about a share or a meeting, or a leader's decision without asking

NOT_ASKED = Verdict(
    standing="missing", effective=False, signed=False, items=frozenset(), oral=False, reason="not-asked"
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What of a house the report asks (``ports.LedgerView``): ``moment`` is the one that is judged for; ``documents``: where the sheets of
    meetings stand as they are now, ``None`` when the moment is another one."""

    ledger: Ledger
    people: People
    settings: Settings
    moment: datetime
    restored: Collection[Restored]
    documents: Documents | None = None


def listed(reading: Reading, children: Iterable[list[Event]], *, names: bool = False) -> list[dict[str, Any]]:
    """One line for each question and decision in ``children`` (the events of a child each), with what is effective of it;
    oldest first."""
    lines = []
    for events in children:
        for share in _shares(_until(events, reading.moment)):
            of_document = [one for one in events if one.document_id == document_of(share)]
            told = _line(reading, share, _verdict(reading, share, of_document)) | _acknowledged(
                reading, share, of_document
            )
            lines.append(told | _names(share, names))
    return sorted(lines, key=lambda line: (line["asked_at"], line["request"]))


def effective(reading: Reading, share: Asked, *, names: bool = False) -> dict[str, Any]:
    """What was effective of ``share`` at the moment, why, and for which items."""
    events = reading.ledger.of_document(document_of(share))
    verdict = _verdict(reading, share, events)
    return {
        **_line(reading, share, verdict),
        **_acknowledged(reading, share, events),
        "at": instant(reading.moment),
        "signed": verdict.signed,
        "oral": verdict.oral,
        "item_ids": sorted(verdict.items),
        "waiting_for": list(verdict.waiting_for),
        **_names(share, names),
    }


def shown(reading: Reading, share: Asked, *, names: bool = False) -> dict[str, Any]:
    """The question or decision with its events and the evidence of each."""
    events = _until(reading.ledger.of_document(document_of(share)), reading.moment)
    own = [one for one in events if one.request_id == share.id and one.kind in KINDS]
    return effective(reading, share, names=names) | {
        "events": [_event(reading, event, names) for event in own],
        "broken_links": [event.id for event in own if event.id in broken_links(events)],
        "answered": sorted(_answered(share, events)),
    }


def share_named(ledger: Ledger, named: str) -> Asked | None:
    """The question or decision whose id, or one of whose events' id, is ``named``."""
    event = ledger.event(named)
    share_id = event.request_id if event is not None else named
    return next((one for one in _shares(ledger.of_request(share_id or "")) if one.id == share_id), None)


def sealed_named(ledger: Ledger, named: str) -> list[Event]:
    """The answer, withdrawal or attestation with the id ``named``, or all of the question or document of that id, oldest first."""
    event = ledger.event(named)
    if event is not None and event.kind in SEALED:
        return [event]
    return [one for one in ledger.of_request(named) or ledger.of_document(named) if one.kind in SEALED]


def document_of(share: Asked) -> str:
    """The id of the document that ``share`` is about."""
    return share.plan.document_id if isinstance(share, MeetingQuestion) else share.document.document_id


def _asked_at(share: Asked) -> datetime:
    return share.decided_at if isinstance(share, ShareDecision) else share.created_at


def _shares(events: list[Event]) -> list[Asked]:
    return [*requests_of(events), *decisions_of(events), *questions_of(events)]


def _answered(share: Asked, events: list[Event]) -> dict[str, HolderAnswer]:
    if isinstance(share, ShareDecision):
        return {}
    return answers_of(share, events, MEETING if isinstance(share, MeetingQuestion) else CONSENT)


def _verdict(reading: Reading, share: Asked, events: list[Event]) -> Verdict:
    """As the front door would have answered at the moment: what came later was not there, the question itself or the decision too."""
    if reading.moment < _asked_at(share):
        return NOT_ASKED
    until = _until(events, reading.moment)
    if isinstance(share, ShareDecision):
        return judge_decision(share, until, reading.moment, reading.restored)
    custody = custody_of(reading, share.child_id)
    if isinstance(share, ConsentRequest):
        return judge(reading, share, until, custody)
    child = reading.people.child(share.child_id)
    known, born = (custody, child.birth_date) if child is not None else (None, None)
    digest = _plan_digest(reading, share)
    return judge_meeting(share, until, known, reading.moment, plan_digest=digest, restored=reading.restored, born=born)


def _plan_digest(reading: Reading, question: MeetingQuestion) -> str:
    """Of what the meeting's sheet says now; what it said at another moment nobody knows: then what was asked about."""
    if reading.documents is None:
        return question.plan.digest
    document = reading.documents.get(question.plan.document_id)
    plan = written_plan(reading, document) if document is not None else None
    return plan.digest if plan is not None else ""


def _until(events: list[Event], moment: datetime) -> list[Event]:
    return [event for event in events if event.at <= moment]


def _line(reading: Reading, share: Asked, verdict: Verdict) -> dict[str, Any]:
    """``request``: the id of either; ``asked_at``: when the question was put or the decision made; ``sheet_looked_at``: whether a meeting's
    sheet was held against what was asked."""
    told = {
        "what": _WHAT[type(share)],
        "request": share.id,
        "asked_at": instant(_asked_at(share)),
        **({"ground": share.ground, "after_no": share.after_no} if isinstance(share, ShareDecision) else {}),
        "document": document_of(share),
        "child": share.child_id,
        "valid_to": share.valid_to.isoformat(),
        "standing": verdict.standing,
        "effective": verdict.effective,
        "reason": verdict.reason,
        "items": len(verdict.items),
    }
    if isinstance(share, MeetingQuestion):
        return told | {"of_items": len(share.plan.rows), "sheet_looked_at": reading.documents is not None}
    told |= {"of_items": len(share.items), "version": share.document.version, "receiver": share.to_unit.id}
    return told | ({"renews": share.renews} if isinstance(share, ConsentRequest) and share.renews else {})


def _acknowledged(reading: Reading, share: Asked, events: list[Event]) -> dict[str, Any]:
    """When the receiver has acknowledged what ``share`` released; nothing of one that it has not."""
    found = [one.at for one in _until(events, reading.moment) if one.kind == RECEIVED and one.request_id == share.id]
    return {"acknowledged_at": [instant(one) for one in found]} if found else {}


_WHAT = {ConsentRequest: "question", ShareDecision: "decision", MeetingQuestion: "meeting"}


def _event(reading: Reading, event: Event, names: bool) -> dict[str, Any]:
    kinds = reading.ledger.attachments(event.id)
    payload = event.payload
    answers = payload.get("answers", {})
    named = {key: payload[key] for key in ("holder_name", "receiver_name") if names and key in payload}
    return {
        "event": event.id,
        "kind": event.kind,
        "at": instant(event.at),
        "series": event.series_id,
        "sequence": event.sequence,
        "digest": event.digest,
        "holder": payload.get("holder_id"),
        "receiver": payload.get("receiver_id"),
        "renews": renewed_request(event) or None,
        "yes": sorted(item for item, said in answers.items() if said),
        "no": sorted(item for item, said in answers.items() if not said),
        "taken_back": sorted(payload.get("items", ())) if event.kind in ("consent_withdrawn", MEETING[2]) else [],
        **({"sealed": RECORD in kinds, "stamped": TIMESTAMP in kinds} if event.kind in SEALED else {}),
        **named,
    }


def _names(share: Asked, wanted: bool) -> dict[str, str]:
    if not wanted:
        return {}
    if isinstance(share, MeetingQuestion):
        return {"child_name": share.child_name, "title": share.plan.title}
    return {"child_name": share.child_name, "receiver_name": share.to_unit.name, "title": share.document.title}
