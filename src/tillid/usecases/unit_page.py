"""A unit's own page: what is written here about no particular child, and what can be begun (D13, T5)."""

from __future__ import annotations

import msgspec

from tillid.consents.effective import answers_of
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.process.organisation import Round
from tillid.process.starting import works_with
from tillid.usecases.facts import allowed, facts_of, requests_of
from tillid.usecases.ports import House
from tillid.usecases.start_document import Beginning, beginnings


class UnitDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document without a child. ``about``: the meeting's subject, or the group and the round."""

    document: Document
    title: str
    about: str


class LeftBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A document about a child that has left the unit, with a yes that a parent can still call to take back (R-16)."""

    document: Document
    child_name: str


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
    """By name: the child's own page is another unit's by now, and a withdrawal must find its way in all the same."""
    found = []
    for document in house.documents.of_unit(unit_id):
        child = house.people.child(document.child_id) if document.child_id else None
        if child is None or child.unit_id == unit_id or document.round_id:
            continue
        events = house.ledger.of_document(document.id)
        yes = (answer.yes for request in requests_of(events) for answer in answers_of(request, events).values())
        if any(yes) and allowed(house, who, "record_withdrawal", facts_of(house, document)):
            found.append(LeftBehind(document=document, child_name=child.name))
    return sorted(found, key=lambda one: (one.child_name, one.document.number))


def _line(house: House, document: Document, language: str) -> UnitDocument:
    form = house.definitions.of(document.definition).in_language(language)
    answers = house.documents.draft(document.id).answers
    named = (answers.get(field) for field in ("gruppe", "runde"))
    place = ", ".join(one["name"] for one in named if isinstance(one, dict))
    return UnitDocument(document=document, title=form.title, about=str(answers.get("titel") or place))
