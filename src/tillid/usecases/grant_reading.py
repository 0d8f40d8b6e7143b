"""A leader lets a foster parent read one document for a time, and ends it (R-36).

Named by CPR number, since names are shared, and only who can log in. Recorded before anything opens; the foster parent and each
reading are in the log. What is read is the parents' copy; a text that holds a protected address opens for nobody by a grant (R-37).
"""

from __future__ import annotations

from datetime import date

import msgspec

from tillid.consents.reading_grant import ENDED, GRANTED, Grant, grants_of
from tillid.documents.model import Document
from tillid.kernel.clock import local_day
from tillid.kernel.cpr import may_be_written
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.usecases.facts import custody_of, require
from tillid.usecases.given import given_to_parents
from tillid.usecases.ports import House
from tillid.usecases.restricted import refuse_restricted
from tillid.usecases.writing import note, record_event, tell

OPERATION = "grant_reading"
LEAST_BASIS, MOST_BASIS = 10, 500  # characters
MOST_DAYS = 366  # a placement is looked at again within the year, and so is what rests on it


class GrantIncomplete(TillidError):
    """``parts``: what is missing or unfit, ``basis`` and ``until``; ``person`` only when those are in order."""

    code = "grant.incomplete"
    text = (
        "Skriv plejeforælderens CPR-nummer, afgørelsen, som adgangen bygger på (mindst {count} tegn og ingen CPR-numre), og en sidste "
        "dag, der højst ligger et år fremme. Personen skal være kendt her, have MitID og må ikke selv have forældremyndigheden."
    )

    def __init__(self, *parts: str) -> None:
        super().__init__(" ".join(parts), count=LEAST_BASIS)
        self.parts = parts


class GrantPage(msgspec.Struct, frozen=True, kw_only=True):
    """``grants``: newest first, each with whether it lets read now."""

    document: Document
    grants: tuple[tuple[Grant, bool], ...]


def grant_page(house: House, who: Identity, document_id: str) -> GrantPage:
    """Raises ``NotFound`` for everybody but the sender's leaders, and while parents were given nothing."""
    document, _ = require(house, who, OPERATION, document_id)
    note(house, who, "grant_page", document)
    events = house.ledger.of_document(document_id)
    if not given_to_parents(events):
        raise NotFound("parents were given nothing")
    found = tuple((one, one.holds_at(house.moment)) for one in reversed(grants_of(events)))
    return GrantPage(document=document, grants=found)


def grant_reading(
    house: House, who: Identity, document_id: str, *, cpr: str, basis: str, until: date | None, event_id: str
) -> None:
    """Let the person with that number read from now on, through ``until``. The same click twice is one. Raises
    ``GrantIncomplete`` with one text for all of it: a leader learns of a number only whether the grant was made."""
    document, _ = require(house, who, OPERATION, document_id)
    note(house, who, OPERATION, document)
    if house.ledger.event(event_id) is not None:
        return
    if not given_to_parents(house.ledger.of_document(document_id)):
        raise NotFound("parents were given nothing")
    refuse_restricted(house, document_id)
    basis, today = " ".join(basis.split())[:MOST_BASIS], local_day(house.moment)
    person = house.people.parent(house.people.person_by_cpr(cpr) or "")
    custody = custody_of(house, document.child_id)
    fit = len(basis) >= LEAST_BASIS and may_be_written(basis)
    in_time = until is not None and 0 <= (until - today).days < MOST_DAYS
    known = person is not None and person.mitid and custody is not None
    if not (fit and in_time):
        raise GrantIncomplete(*(part for part, good in (("basis", fit), ("until", in_time)) if not good))
    if not known or custody.holder(person.id, house.moment):
        raise GrantIncomplete("person")
    payload = {"person_id": person.id, "name": person.name, "basis": basis, "until": until.isoformat()}
    event = record_event(house, document, GRANTED, who.person_id, payload, event_id=event_id)
    tell(house, [person.id], "reading_granted", event.id, document=document.id)


def end_grant(house: House, who: Identity, document_id: str, grant_id: str, *, event_id: str) -> None:
    """Ends it with this commit. Raises ``NotFound`` for one that is not there or ended before."""
    document, _ = require(house, who, OPERATION, document_id)
    note(house, who, "end_grant", document)
    if house.ledger.event(event_id) is not None:
        return
    open_ones = {one.id for one in grants_of(house.ledger.of_document(document_id)) if one.ended_at is None}
    if grant_id not in open_ones:
        raise NotFound("no such grant")
    record_event(house, document, ENDED, who.person_id, {"grant": grant_id}, event_id=event_id)
