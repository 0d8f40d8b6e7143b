"""Gathering what the one question needs, and asking it: ledger and register first, the tree last (design 9, 14)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from tillid.archive.scope import may_be_found
from tillid.consents.custody import Custody
from tillid.consents.effective import Verdict, evaluate
from tillid.consents.events import Event
from tillid.consents.model import ConsentRequest
from tillid.documents.model import Document
from tillid.kernel.clock import end_of
from tillid.kernel.errors import NotFound, TillidError, Unavailable
from tillid.process.access import Facts, Identity, may
from tillid.process.transitions import resident_parent_suffices
from tillid.usecases.ports import House

Standing = tuple[ConsentRequest, Verdict]


def requests_of(events: list[Event]) -> list[ConsentRequest]:
    """Every consent request among ``events``, oldest first."""
    return [msgspec.convert(event.payload, ConsentRequest) for event in events if event.kind == "request_created"]


def custody_of(house: House, child_id: str) -> Custody | None:
    """Custody as the register tells it now, ``None`` when it does not answer (R-33)."""
    try:
        return house.people.custody(child_id)
    except Unavailable:
        return None


def judge(house: House, request: ConsentRequest, events: list[Event], custody: Custody | None) -> Verdict:
    """The state of ``request`` at the request's moment under the municipality's settings."""
    suffices = resident_parent_suffices(request.purpose.code, house.settings.resident_parent_suffices)
    return evaluate(request, events, custody, house.moment, resident_suffices=suffices)


def standing_request(house: House, events: list[Event], custody: Custody | None) -> Standing | None:
    """The request that decides: the newest effective one, else the newest (a complete set goes on covering its version)."""
    judged = [(request, judge(house, request, events, custody)) for request in reversed(requests_of(events))]
    return next((pair for pair in judged if pair[1].effective), judged[0] if judged else None)


ClosedReason = Literal["voided", "corrected", "expired"]


def closed_to_answers(request: ConsentRequest, events: list[Event], moment: datetime) -> ClosedReason | None:
    """Why nobody can answer ``request`` any more, or ``None``.

    Never because of what another holder answered: a page that closes would tell one parent of the other's no (design 24).
    """
    if any(event.kind == "request_voided" and event.request_id == request.id for event in events):
        return "voided"
    corrected = (event.payload.get("version") for event in events if event.kind == "version_corrected")
    if request.document.version in corrected:
        return "corrected"
    return "expired" if moment >= end_of(request.valid_to) else None


def facts_of(house: House, document: Document) -> Facts:
    """All facts of ``document`` at the request's moment."""
    return gathered(house, document)[0]


def gathered(house: House, document: Document) -> tuple[Facts, Standing | None]:
    """All facts of ``document`` and the request that decides, read from the ledger once."""
    events = house.ledger.of_document(document.id)
    custody = custody_of(house, document.child_id)
    found = standing_request(house, events, custody)
    verdict = found[1] if found else None
    round_ = house.people.round(document.round_id) if document.round_id else None
    facts = Facts(
        document=document,
        organigram=house.people.organigram(),
        custody=custody,
        verdict=verdict,
        asked=verdict is not None,
        asked_holders=frozenset(h for request in requests_of(events) for h in request.series),
        archivable=may_be_found(document, verdict),
        round=round_,
        submitted_by=_submitted(house, document) if round_ else frozenset(),
    )
    return facts, found


def _submitted(house: House, document: Document) -> frozenset[str]:
    """Who has submitted a form about the same child in the same round."""
    assert document.round_id is not None
    return frozenset(
        other.author
        for other in house.documents.of_round(document.round_id)
        if other.child_id == document.child_id and other.state != "draft"
    )


def require(house: House, who: Identity, operation: str, document_id: str) -> tuple[Document, Facts]:
    """The document and its facts if ``who`` may do ``operation`` now; else ``NotFound``, whatever the reason (R-18)."""
    document, facts, _ = require_standing(house, who, operation, document_id)
    return document, facts


def require_standing(
    house: House, who: Identity, operation: str, document_id: str
) -> tuple[Document, Facts, Standing | None]:
    """``require``, with the request that decides."""
    document = house.documents.get(document_id)
    if document is None:
        raise NotFound(f"no document for {operation}")
    facts, found = gathered(house, document)
    decision = may(who, operation, facts, house.moment)
    if not decision.allowed:
        raise NotFound(decision.reason)
    return document, facts, found


def allowed(house: House, who: Identity, operation: str, facts: Facts) -> bool:
    """Whether ``who`` may do ``operation``; for showing or hiding a way in, never instead of ``require``."""
    return may(who, operation, facts, house.moment).allowed


def request_of(house: House, document_id: str, request_id: str) -> tuple[ConsentRequest, list[Event]]:
    """The request and the document's events; ``NotFound`` when the document has no such request."""
    events = house.ledger.of_document(document_id)
    for request in requests_of(events):
        if request.id == request_id:
            return request, events
    raise NotFound("no such request")


def document_of_request(house: House, request_id: str) -> str:
    """The id of the document that ``request_id`` is about; ``NotFound`` when there is none."""
    events = house.ledger.of_request(request_id)
    if not events:
        raise NotFound("no such request")
    return events[0].document_id


class Conflict(TillidError):
    """Something changed between the page and the click; nothing was registered."""

    code = "document.changed-meanwhile"
    text = "Dokumentet er ændret, siden du åbnede siden. Læs det igen, før du går videre. Intet er registreret."
