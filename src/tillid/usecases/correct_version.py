"""A leader marks the version that was given on as corrected: something in it is wrong, and what rests on it ends at once (design 13).

Nothing that was said is taken back or changed: versions are immutable (design 11), answers and decisions stay history. A mended text
is a new document, with a question of its own.
"""

from __future__ import annotations

import msgspec

from tillid.consents.events import Event
from tillid.documents.model import Document
from tillid.kernel.cpr import as_written
from tillid.kernel.errors import TillidError
from tillid.process.access import Facts, Identity
from tillid.usecases.facts import Conflict, Standing, require_standing
from tillid.usecases.ports import House
from tillid.usecases.writing import note, receiver_people, record_event, sender_people, tell

OPERATION, KIND = "correct_version", "version_corrected"
LEAST_REASON, MOST = 10, 1000  # characters


class CorrectionReason(TillidError):
    code = "correction.reason"
    text = "Skriv kort, hvad der er forkert i teksten. Mindst {count} tegn, og ingen CPR-numre eller usynlige tegn."


class CorrectionPage(msgspec.Struct, frozen=True, kw_only=True):
    """``version``: the one that can be marked now, ``None`` for none; ``open``: whether the receiver can read it; ``marked``: those
    that are."""

    document: Document
    version: int | None
    receiver_name: str
    open: bool
    marked: tuple[int, ...]


def correction_page(house: House, who: Identity, document_id: str) -> CorrectionPage:
    """Raises ``NotFound`` for everybody but the sender's leaders; a row is written first."""
    document, _, found = require_standing(house, who, OPERATION, document_id)
    note(house, who, "correction_page", document)
    marked = _marked(house.ledger.of_document(document_id))
    number = _given_on(found, marked)
    return CorrectionPage(
        document=document,
        version=number,
        receiver_name=found[0].to_unit.name if found else "",
        open=number is not None and found is not None and found[1].effective,
        marked=marked,
    )


def correct_version(house: House, who: Identity, document_id: str, number: int, reason: str) -> bool:
    """Mark version ``number``; from this transaction on nobody reads by it. Whether it was not marked yet: the same click again
    changes nothing. Raises ``CorrectionReason``, and ``Conflict`` where another version is the one given on."""
    document, facts, found = require_standing(house, who, OPERATION, document_id)
    marked = _marked(house.ledger.of_document(document_id))
    if number in marked:
        return False
    if number != _given_on(found, marked) or found is None:
        raise Conflict("not the version that was given on")
    plain = as_written(reason, LEAST_REASON, MOST)
    if plain is None:
        raise CorrectionReason("reason", count=LEAST_REASON)
    note(house, who, OPERATION, document)
    event = record_event(house, document, KIND, who.person_id, {"version": number, "reason": plain})
    _let_follow(house, document, event, facts, was_open=found[1].effective)
    return True


def _let_follow(house: House, document: Document, event: Event, facts: Facts, *, was_open: bool) -> None:
    """Search, receiver, parents and the sender's side, as after a withdrawal."""
    house.exclusions.add(document.id, event.id)
    house.outbox.add("index", {"document": document.id, "event": event.id}, house.moment)
    if was_open:
        tell(house, receiver_people(house, document), "no_longer_available", event.id, document=document.id)
    holders = facts.custody.current(house.moment) if facts.custody is not None else ()
    tell(house, [one.person_id for one in holders], KIND, event.id, document=document.id)
    tell(house, sender_people(house, document), KIND, event.id, document=document.id)


def _given_on(found: Standing | None, marked: tuple[int, ...]) -> int | None:
    """The version of the share that decides, once all have said yes to it or a leader has decided it."""
    if found is None or not found[1].signed or found[0].document.version in marked:
        return None
    return found[0].document.version


def _marked(events: list[Event]) -> tuple[int, ...]:
    return tuple(event.payload["version"] for event in events if event.kind == KIND)
