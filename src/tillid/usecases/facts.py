"""Gathering what the one question needs, and asking it: ledger and register first, the tree last (design 9, 14)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from tillid.archive.scope import may_be_found
from tillid.consents.custody import Custody
from tillid.consents.decision import ShareDecision, decisions_of, judge_decision
from tillid.consents.effective import Verdict, asked_again, evaluate
from tillid.consents.events import Event
from tillid.consents.held import HeldShare, held_shares
from tillid.consents.meeting import questions_of
from tillid.consents.model import ConsentRequest
from tillid.consents.reading_grant import grants_of
from tillid.consents.restored import holding
from tillid.documents.model import Document
from tillid.kernel.clock import end_of
from tillid.kernel.errors import NotFound, TillidError, Unavailable
from tillid.process.access import Facts, Identity, is_notification, may, states
from tillid.process.sharing import Way, way_of
from tillid.process.transitions import resident_parent_suffices
from tillid.usecases.given import given_to_parents
from tillid.usecases.ports import House, LedgerView
from tillid.usecases.protected import protected_in, protected_in_release
from tillid.usecases.whose_consent import is_of_age

# What the receiver may read rests on a consent that was asked for, or on a leader's decision (design 14).
Standing = tuple[ConsentRequest | ShareDecision, Verdict]
Asked = tuple[ConsentRequest, Verdict]


def requests_of(events: list[Event]) -> list[ConsentRequest]:
    """Every consent request among ``events``, oldest first."""
    return [msgspec.convert(event.payload, ConsentRequest) for event in events if event.kind == "request_created"]


def custody_of(house: LedgerView, child_id: str) -> Custody | None:
    """Custody as the register tells it now, ``None`` when it does not answer (R-33)."""
    try:
        return house.people.custody(child_id)
    except Unavailable:
        return None


def judge(house: LedgerView, request: ConsentRequest, events: list[Event], custody: Custody | None) -> Verdict:
    """The state of ``request`` at the request's moment under the municipality's settings. A child that the register does
    not know is like a register that does not answer (R-33, R-41)."""
    suffices = resident_parent_suffices(request.purpose.code, house.settings.resident_parent_suffices)
    child = house.people.child(request.child_id)
    known, born = (custody, child.birth_date) if child is not None else (None, None)
    return evaluate(
        request, events, known, house.moment, restored=house.restored, resident_suffices=suffices, born=born
    )


def judge_all(house: LedgerView, events: list[Event], custody: Custody | None) -> list[Asked]:
    """Every request of a document with its verdict, newest first."""
    return [(request, judge(house, request, events, custody)) for request in reversed(requests_of(events))]


def _deciding(judged: list[Asked]) -> Asked | None:
    return next((pair for pair in judged if pair[1].stands), judged[0] if judged else None)


def decided_share(house: LedgerView, events: list[Event]) -> Standing | None:
    """A leader's decision with its verdict: one that is effective, else one that is held back, else the newest."""
    made = [(one, judge_decision(one, events, house.moment, house.restored)) for one in reversed(decisions_of(events))]
    return next((pair for pair in made if pair[1].stands), made[0] if made else None)


def _released_by(asked: Asked | None, decided: Standing | None) -> Standing | None:
    """What lets the receiver read: the consent where it is effective, else a decision that is; what is held back comes before what
    has ended."""
    if decided is None or asked is not None and _rank(asked[1]) >= _rank(decided[1]):
        return asked
    return decided


def _rank(verdict: Verdict) -> int:
    return verdict.effective + verdict.stands


def archive_request(house: House, events: list[Event], custody: Custody | None) -> Standing | None:
    """What says which version the archive holds: the share that is effective, else the newest that ever was. A case once
    released stays the archive's, also while the parents are asked again (design 14, 22)."""
    return _archived(judge_all(house, events, custody), decided_share(house, events))


def _archived(judged: list[Asked], decided: Standing | None) -> Standing | None:
    found = _released_by(_deciding(judged), decided)
    if found is None or found[1].stands:
        return found
    return next((pair for pair in judged if pair[1].signed), decided or found)


ClosedReason = Literal["voided", "corrected", "asked_again", "expired"]


def closed_to_answers(request: ConsentRequest, events: list[Event], moment: datetime) -> ClosedReason | None:
    """Why nobody can answer ``request`` any more, or ``None``.

    Never because of what another holder answered: a page that closes would tell one parent of the other's no (design 24).
    """
    if any(event.kind == "request_voided" and event.request_id == request.id for event in events):
        return "voided"
    corrected = (event.payload.get("version") for event in events if event.kind == "version_corrected")
    if request.document.version in corrected:
        return "corrected"
    if asked_again(request, events):
        return "asked_again"
    return "expired" if moment >= end_of(request.valid_to) else None


def closed_for_good(request: ConsentRequest, verdict: Verdict, events: list[Event], moment: datetime) -> bool:
    """Whether ``request`` can never be answered to the end or release anything again, so that its version may be asked
    about anew (R-21): also because others are to be asked by now (R-33, R-41). A corrected version may not: nobody consents to a text that
    is no longer the text."""
    if verdict.over:
        return True
    return closed_to_answers(request, events, moment) in ("voided", "asked_again", "expired")


def facts_of(house: House, document: Document) -> Facts:
    """All facts of ``document`` at the request's moment."""
    return gathered(house, document)[0]


def gathered(house: House, document: Document) -> tuple[Facts, Standing | None]:
    """All facts of ``document`` and the share that decides, read from the ledger once."""
    events = house.ledger.of_document(document.id)
    custody = _custody(house, document)
    judged, decided = judge_all(house, events, custody), decided_share(house, events)
    asked = _deciding(judged)
    found, archived = _released_by(asked, decided), _archived(judged, decided)
    verdict = asked[1] if asked else None
    child = house.people.child(document.child_id) if document.child_id else None
    round_, meetings = house.people.round(document.round_id) if document.round_id else None, questions_of(events)
    facts = Facts(
        document=document,
        way=known_way(house, document),
        organigram=house.people.organigram(),
        custody=custody,
        verdict=verdict,
        decided=decided[1] if decided else None,
        asked=verdict is not None,
        asked_holders=frozenset(h for one in (*requests_of(events), *meetings) for h in one.series),
        meeting_asked=bool(meetings),
        archivable=may_be_found(document, archived[1] if archived else None),
        release_stopped=protected_in_release(house, document, found),
        round=round_,
        submitted_by=_submitted(house, document) if round_ else frozenset(),
        granted=_granted(house, document, events),
        held=_held(house, judged, decided, events),
        of_age=is_of_age(house, document.child_id),
        child_unit=child.unit_id if child is not None else "",
        source_readers=_source_readers(house, document),
    )
    return facts, found


def _custody(house: LedgerView, document: Document) -> Custody | None:
    """A notification is about no child of the register, and custody never opens it (R-54)."""
    return None if is_notification(document) else custody_of(house, document.child_id)


def held_of(house: LedgerView, document: Document, events: list[Event]) -> tuple[HeldShare, ...]:
    """What of ``document`` a backup that was put back holds (ADR 0082); of a store that never was nothing is asked."""
    if not house.restored:
        return ()
    judged, decided = judge_all(house, events, _custody(house, document)), decided_share(house, events)
    return _held(house, judged, decided, events)


def _held(
    house: LedgerView, judged: list[Asked], decided: Standing | None, events: list[Event]
) -> tuple[HeldShare, ...]:
    return held_shares((*judged, *([decided] if decided else [])), events, house.moment, house.restored)


def _source_readers(house: House, document: Document) -> frozenset[str]:
    """Whom the receiving leader has named as readers of what ``document`` follows on; nobody while that is not open to them."""
    source = house.documents.get(document.source.document_id) if document.source else None
    if source is None or "effective" not in states(facts_of(house, source)):
        return frozenset()
    return frozenset(source.named_readers)


def known_way(house: House, document: Document) -> Way:
    """Closed when the form is not known here any more; nobody's withdrawal waits for a definition (R-17)."""
    try:
        return way_of(house.definitions.of(document.definition))
    except TillidError:
        return Way()


def _granted(house: House, document: Document, events: list[Event]) -> frozenset[str]:
    """Who may read by a grant now (R-36); nobody while one of the versions to be read holds a protected address (R-37), or
    is of a form that is not known here any more."""
    found = frozenset(
        one.person_id
        for one in grants_of(events)
        if one.holds_at(house.moment) and not holding(one.id, one.at, events, house.restored)
    )
    versions = [house.documents.version(document.id, one.number) for one in given_to_parents(events)] if found else []
    try:
        stopped = any(
            v and protected_in(house, document, house.definitions.of(v.definition), v.answers) for v in versions
        )
    except TillidError:
        stopped = True
    return frozenset() if stopped else found


def _submitted(house: House, document: Document) -> frozenset[str]:
    """Who has submitted a form about the same child in the same round."""
    assert document.round_id is not None
    return frozenset(
        other.author
        for other in house.documents.of_round(document.round_id)
        if other.child_id == document.child_id and other.state != "draft"
    )


def require(house: House, who: Identity, operation: str | tuple[str, ...], document_id: str) -> tuple[Document, Facts]:
    """The document and its facts if ``who`` may do ``operation`` (or one of them) now; else ``NotFound``, whatever the
    reason (R-18)."""
    document, facts, _ = require_standing(house, who, operation, document_id)
    return document, facts


def require_standing(
    house: House, who: Identity, operation: str | tuple[str, ...], document_id: str
) -> tuple[Document, Facts, Standing | None]:
    """``require``, with the share that decides."""
    operations = (operation,) if isinstance(operation, str) else operation
    document = house.documents.get(document_id)
    if document is None:
        raise NotFound(f"no document for {operation}")
    facts, found = gathered(house, document)
    decisions = {one: may(who, one, facts, house.moment) for one in operations}
    granted = [one for one, decision in decisions.items() if decision.allowed]
    if not granted:
        raise NotFound(decisions[operations[0]].reason)
    remember_granted(house, who, granted, document_id)
    return document, facts, found


def remember_granted(house: House, who: Identity, operations: Iterable[str], document_id: str) -> None:
    """For ``still_granted``: these were asked of the ledger and allowed."""
    house.granted.update((who.person_id, one, document_id) for one in operations)


def still_granted(house: House, who: Identity, operation: str | tuple[str, ...], document_id: str) -> bool:
    """Whether ``operation`` (or one of them) was allowed on the present view of the database, which the caller knows to
    be fresh; asking again would put the same question to the same data."""
    operations = (operation,) if isinstance(operation, str) else operation
    return any((who.person_id, one, document_id) in house.granted for one in operations)


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
