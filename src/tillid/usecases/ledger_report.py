"""What the ledger says, for the operator at the command line: ids, kinds, moments and digests; names only when asked for.

Whoever runs a command on the machine has its files; the row that the command writes before it shows anything says who looked at
what (R-71), and nothing that was written by anybody is shown (ADR 0039).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from tillid.consents.effective import Verdict, answers_of
from tillid.consents.events import Event, broken_links
from tillid.consents.model import ConsentRequest
from tillid.kernel.clock import instant
from tillid.usecases.facts import custody_of, judge, request_of, requests_of
from tillid.usecases.own_consent import ANSWERS
from tillid.usecases.ports import House, Ledger, People, Settings
from tillid.usecases.seal_record import RECORD, TIMESTAMP

KINDS = frozenset({"request_created", "request_voided", "set_signed", *ANSWERS})


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What of a house the report asks: ``moment`` is the one that is judged for."""

    ledger: Ledger
    people: People
    settings: Settings
    moment: datetime

    @property
    def house(self) -> House:
        """For the functions that ask no more of a house than is here."""
        return cast(House, self)


def listed(reading: Reading, children: Iterable[list[Event]], *, names: bool = False) -> list[dict[str, Any]]:
    """One line for each question in ``children`` (the events of a child each), with what is effective of it; oldest first."""
    lines = []
    for events in children:
        for request in requests_of(_until(events, reading.moment)):
            of_document = [one for one in events if one.document_id == request.document.document_id]
            lines.append(_line(request, _verdict(reading, request, of_document)) | _names(request, names))
    return sorted(lines, key=lambda line: (line["asked_at"], line["request"]))


def effective(reading: Reading, request: ConsentRequest, *, names: bool = False) -> dict[str, Any]:
    """What was effective of ``request`` at the moment, why, and for which items."""
    verdict = _verdict(reading, request, reading.ledger.of_document(request.document.document_id))
    return {
        **_line(request, verdict),
        "at": instant(reading.moment),
        "signed": verdict.signed,
        "oral": verdict.oral,
        "item_ids": sorted(verdict.items),
        "waiting_for": list(verdict.waiting_for),
        **_names(request, names),
    }


def shown(reading: Reading, request: ConsentRequest, *, names: bool = False) -> dict[str, Any]:
    """The question with its events and the evidence of each."""
    events = _until(reading.ledger.of_document(request.document.document_id), reading.moment)
    own = [one for one in events if one.request_id == request.id and one.kind in KINDS]
    return effective(reading, request, names=names) | {
        "events": [_event(reading, event, names) for event in own],
        "broken_links": [event.id for event in own if event.id in broken_links(events)],
        "answered": sorted(answers_of(request, events)),
    }


def request_named(ledger: Ledger, named: str) -> ConsentRequest | None:
    """The question whose id, or one of whose events' id, is ``named``."""
    event = ledger.event(named)
    request_id = event.request_id if event is not None else named
    found = ledger.of_request(request_id or "")
    return request_of(cast(House, _Ledger(ledger)), found[0].document_id, request_id or "")[0] if found else None


def answers_named(ledger: Ledger, named: str) -> list[Event]:
    """The answer or withdrawal with the id ``named``, or all of the question or document of that id, oldest first."""
    event = ledger.event(named)
    found: Sequence[Event] = (
        [event]
        if event is not None and event.kind in ANSWERS
        else ledger.of_request(named) or ledger.of_document(named)
    )
    return [one for one in found if one.kind in ANSWERS]


@dataclass(frozen=True)
class _Ledger:
    ledger: Ledger


def _verdict(reading: Reading, request: ConsentRequest, events: list[Event]) -> Verdict:
    """As the front door would have answered at the moment: what came later was not there."""
    return judge(reading.house, request, _until(events, reading.moment), custody_of(reading.house, request.child_id))


def _until(events: list[Event], moment: datetime) -> list[Event]:
    return [event for event in events if event.at <= moment]


def _line(request: ConsentRequest, verdict: Verdict) -> dict[str, Any]:
    return {
        "request": request.id,
        "asked_at": instant(request.created_at),
        "document": request.document.document_id,
        "version": request.document.version,
        "child": request.child_id,
        "receiver": request.to_unit.id,
        "valid_to": request.valid_to.isoformat(),
        "standing": verdict.standing,
        "effective": verdict.effective,
        "reason": verdict.reason,
        "items": len(verdict.items),
        "of_items": len(request.items),
    }


def _event(reading: Reading, event: Event, names: bool) -> dict[str, Any]:
    kinds = reading.ledger.attachments(event.id)
    payload = event.payload
    answers = payload.get("answers", {})
    named = {"holder_name": payload["holder_name"]} if names and "holder_name" in payload else {}
    return {
        "event": event.id,
        "kind": event.kind,
        "at": instant(event.at),
        "series": event.series_id,
        "sequence": event.sequence,
        "digest": event.digest,
        "holder": payload.get("holder_id"),
        "yes": sorted(item for item, said in answers.items() if said),
        "no": sorted(item for item, said in answers.items() if not said),
        "taken_back": sorted(payload.get("items", ())) if event.kind == "consent_withdrawn" else [],
        **({"sealed": RECORD in kinds, "stamped": TIMESTAMP in kinds} if event.kind in ANSWERS else {}),
        **named,
    }


def _names(request: ConsentRequest, wanted: bool) -> dict[str, str]:
    if not wanted:
        return {}
    return {
        "child_name": request.child_name,
        "receiver_name": request.to_unit.name,
        "title": request.document.title,
    }
