"""A unit's own page: what is written here about no particular child, and what can be begun (D13, T5)."""

from __future__ import annotations

import msgspec

from tillid.consents.decision import decisions_of
from tillid.consents.effective import answers_of
from tillid.consents.meeting import KINDS, questions_of
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity, works_with
from tillid.process.organisation import Round
from tillid.process.sharing import steps
from tillid.usecases.facts import allowed, facts_of, known_way, requests_of
from tillid.usecases.ports import House
from tillid.usecases.start_document import Beginning, beginnings

# How a meeting is not ended yet, and what ends it, and a decision to share.
UNFINISHED = frozenset({"called", "followed"})
ENDS, END_SHARE = ("close_agreements", "cancel_meeting"), "end_share"


class UnitDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document without a child. ``about``: the meeting's subject, or the group and the round."""

    document: Document
    title: str
    about: str


class LeftBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A document about a child that has left the unit. ``yes``, ``meeting_yes``: there is one that a parent can still call to take back
    (R-16); ``unfinished``: something in it is its leader's to end."""

    document: Document
    child_name: str
    yes: bool
    meeting_yes: bool
    unfinished: bool


class UnitPage(msgspec.Struct, frozen=True, kw_only=True):
    """``beginnings``: the forms that the person may begin here; ``rounds``: the unit's, the newest deadline first."""

    unit_id: str
    name: str
    documents: tuple[UnitDocument, ...]
    beginnings: tuple[Beginning, ...]
    rounds: tuple[Round, ...]
    left: tuple[LeftBehind, ...] = ()


def unit_page(house: House, who: Identity, unit_id: str, language: str = "da") -> UnitPage:
    """The unit's page for who works there or leads it; ``NotFound`` for everybody else (R-70)."""
    unit = house.people.unit(unit_id)
    if unit is None or not works_with(who, unit_id, house.people.organigram()):
        raise NotFound("not this person's unit")
    documents = [one for one in house.documents.of_unit(unit_id) if not one.child_id]
    seen = tuple(
        _line(house, one, language) for one in documents if allowed(house, who, "see_status", facts_of(house, one))
    )
    rounds = sorted(house.people.rounds_of_unit(unit_id), key=lambda one: (one.deadline, one.id), reverse=True)
    return UnitPage(
        unit_id=unit_id,
        name=unit.name,
        documents=seen,
        beginnings=beginnings(house, who, unit_id, None, language),
        rounds=tuple(rounds),
        left=tuple(_left(house, who, unit_id)),
    )


def _left(house: House, who: Identity, unit_id: str) -> list[LeftBehind]:
    """By name: the child's own page is another unit's by now, and what must still reach the document finds its way in here (ADR 0071)."""
    found = []
    for document in house.documents.of_unit(unit_id):
        child = house.people.child(document.child_id) if document.child_id else None
        if child is None or child.unit_id == unit_id or document.round_id:
            continue
        if (line := _left_behind(house, who, document, child.name)) is not None:
            found.append(line)
    return sorted(found, key=lambda one: (one.child_name, one.document.number))


def _left_behind(house: House, who: Identity, document: Document, child_name: str) -> LeftBehind | None:
    """``None`` while there is nothing left for ``who`` to do; most of a unit's documents are not even asked about."""
    events = house.ledger.of_document(document.id)
    yes = any(one.yes for asked in requests_of(events) for one in answers_of(asked, events).values())
    meeting = any(one.yes for asked in questions_of(events) for one in answers_of(asked, events, KINDS).values())
    unfinished = not UNFINISHED.isdisjoint(steps(document, known_way(house, document)))
    if not (yes or meeting or unfinished or decisions_of(events)):
        return None
    facts = facts_of(house, document)
    decided = facts.decided is not None and facts.decided.stands
    ends = (*(ENDS if unfinished else ()), *((END_SHARE,) if decided else ()))
    line = LeftBehind(
        document=document,
        child_name=child_name,
        yes=yes and allowed(house, who, "record_withdrawal", facts),
        meeting_yes=meeting and allowed(house, who, "record_meeting_withdrawal", facts),
        unfinished=any(allowed(house, who, one, facts) for one in ends),
    )
    return line if line.yes or line.meeting_yes or line.unfinished else None


def _line(house: House, document: Document, language: str) -> UnitDocument:
    form = house.definitions.of(document.definition).in_language(language)
    answers = house.documents.draft(document.id).answers
    named = (answers.get(field) for field in ("gruppe", "runde"))
    place = ", ".join(one["name"] for one in named if isinstance(one, dict))
    return UnitDocument(document=document, title=form.title, about=str(answers.get("titel") or place))
