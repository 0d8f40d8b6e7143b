"""Whose names are taken out of a document's words before they are searched: everybody the registers and the case itself know
(ADR 0055). Names only; they are kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tillid.archive.entry import people_in
from tillid.consents.events import Event
from tillid.consents.meeting import questions_of
from tillid.consents.reading_grant import grants_of
from tillid.documents.model import Document, Version
from tillid.forms.definition import FormDefinition
from tillid.process.organisation import Child, Parent
from tillid.usecases.facts import custody_of, requests_of
from tillid.usecases.ports import House


def names_of_case(house: House, document: Document, version: Version, definition: FormDefinition) -> frozenset[str]:
    """Present and earlier names of the child, of who holds or held custody or was ever asked, and of their other children; of the
    staff and others who wrote, read, took part or are named in a field for people.

    A register that does not answer takes nobody out whom the ledger knows."""
    events = house.ledger.of_document(document.id)
    holders = _holders(house, document, events)
    found = {*people_in(definition, version.answers), *_acting(house, document, version, events)}
    for moment in (house.moment, version.frozen_at):
        children = (child for person in holders for child in house.people.children_of_holder(person, moment))
        found.update(name for child in children for name in _names(child))
    found.update(name for person in holders for name in _names(house.people.parent(person)))
    found.update(_names(house.people.child(document.child_id)))
    custody = custody_of(house, document.child_id)
    found.update(holder.name for holder in (custody.holders if custody else ()))
    return frozenset(name for name in found if name)


def family_of(house: House, person_id: str) -> frozenset[str]:
    """The children in whose documents a child's or a parent's name may stand: those of the same holders."""
    custody = custody_of(house, person_id) if house.people.child(person_id) else None
    holders = {holder.person_id for holder in custody.holders} if custody else {person_id}
    children = {child.id for holder in holders for child in house.people.children_of_holder(holder, house.moment)}
    return frozenset(children | {person_id} if custody else children)


def _holders(house: House, document: Document, events: list[Event]) -> frozenset[str]:
    custody = custody_of(house, document.child_id)
    asked = {holder for one in (*requests_of(events), *questions_of(events)) for holder in one.series}
    return frozenset(asked | {holder.person_id for holder in (custody.holders if custody else ())})


def _acting(house: House, document: Document, version: Version, events: list[Event]) -> Iterator[str]:
    grants = grants_of(events)
    ids = {document.author, version.frozen_by, *document.named_readers, *(event.actor for event in events)}
    for person in ids | {grant.person_id for grant in grants}:
        if (staff := house.people.staff(person)) is not None:
            yield staff.name
        yield from _names(house.people.parent(person))
    yield from (grant.name for grant in grants)
    yield from (one.name for question in questions_of(events) for one in question.plan.participants)


def _names(person: Child | Parent | None) -> Iterable[str]:
    return (person.name, *person.former_names) if person is not None else ()
