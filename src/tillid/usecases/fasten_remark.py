"""Notes and restrictions beside a document: fastened, placed and lifted by who answers for the text (R-72; GDPR art. 16, 18).

Whoever has the document is told that there is something to read; what it is, the document's page says (art. 19).
"""

from __future__ import annotations

import msgspec

from tillid.consents.remarks import (
    FREED,
    NOTED,
    RESTRICTED,
    Freed,
    Ground,
    Note,
    NoteKind,
    Remarks,
    Restriction,
    remarks_of,
)
from tillid.documents.model import Document
from tillid.forms.addresses import known_address_places
from tillid.kernel.cpr import may_be_written
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.text import normal_newlines
from tillid.process.access import Facts, Identity, is_notification
from tillid.usecases.facts import require
from tillid.usecases.given import given_to_parents
from tillid.usecases.ports import House
from tillid.usecases.writing import note, receiver_people, record_event, tell

OPERATION = "remark"
LEAST, MOST = 10, 2000  # characters


class RemarkUnfit(TillidError):
    code = "remark.unfit"
    text = "Skriv mindst {count} tegn. Skriv ikke CPR-numre eller beskyttede adresser: alle, der læser dokumentet, kan se det."


class RemarksPage(msgspec.Struct, frozen=True, kw_only=True):
    """``versions``: how many there are; nothing of what is in them."""

    document: Document
    title: str
    remarks: Remarks


def remarks_page(house: House, who: Identity, document_id: str) -> RemarksPage:
    """What stands beside the document, for a leader of the sender's and the data protection officer; logged. Raises ``NotFound``."""
    document, _ = require(house, who, OPERATION, document_id)
    note(house, who, "remarks_page", document)
    return RemarksPage(
        document=document,
        title=house.definitions.of(document.definition).title,
        remarks=remarks_of(house.ledger.of_document(document_id)),
    )


def fasten_note(house: House, who: Identity, document_id: str, kind: NoteKind, text: str, *, event_id: str) -> None:
    """From now on every reader meets it; it cannot be taken off again, another note can follow. The same click twice is one.
    Raises ``RemarkUnfit``, ``NotFound``."""
    document, facts = require(house, who, OPERATION, document_id)
    note(house, who, OPERATION, document)
    if house.ledger.event(event_id) is None:
        payload = Note(kind=kind, text=_fit(house, document, text), version=document.versions)
        record_event(house, document, NOTED, who.person_id, payload, event_id=event_id)
        _tell_readers(house, document, facts, event_id)


def restrict(house: House, who: Identity, document_id: str, ground: Ground, reason: str, *, event_id: str) -> None:
    """From now on every reader sees that its use is restricted, and it goes to nobody new (``usecases/restricted.py``).
    Raises as ``fasten_note``."""
    document, facts = require(house, who, OPERATION, document_id)
    note(house, who, OPERATION, document)
    if house.ledger.event(event_id) is None:
        payload = Restriction(ground=ground, reason=_fit(house, document, reason))
        record_event(house, document, RESTRICTED, who.person_id, payload, event_id=event_id)
        _tell_readers(house, document, facts, event_id)


def lift_restriction(
    house: House, who: Identity, document_id: str, restriction_id: str, reason: str, *, event_id: str
) -> None:
    """It stands no more; who reads is told before (art. 18(3)) by the same notice. Raises as ``fasten_note``; ``NotFound`` also
    for one that does not stand."""
    document, facts = require(house, who, OPERATION, document_id)
    note(house, who, OPERATION, document)
    if house.ledger.event(event_id) is not None:
        return
    standing = remarks_of(house.ledger.of_document(document_id)).restrictions
    if all(one.id != restriction_id for one in standing):
        raise NotFound("no such restriction")
    payload = Freed(restriction=restriction_id, reason=_fit(house, document, reason))
    record_event(house, document, FREED, who.person_id, payload, event_id=event_id)
    _tell_readers(house, document, facts, event_id)


def _fit(house: House, document: Document, text: str) -> str:
    """``text`` as it is stored: no CPR number (R-111), and no address that the register knows as protected (R-37)."""
    words = normal_newlines(text).strip()
    addresses = house.people.protected_addresses(document.child_id) if document.child_id else ()
    if not LEAST <= len(words) <= MOST or not may_be_written(words) or known_address_places(words, addresses):
        raise RemarkUnfit("text", count=LEAST)
    return words


def _tell_readers(house: House, document: Document, facts: Facts, about: str) -> None:
    readers: list[str] = []
    given = not is_notification(document) and given_to_parents(house.ledger.of_document(document.id))
    if given and facts.custody is not None:
        readers += [one.person_id for one in facts.custody.current(house.moment)]
    open_now = any(one is not None and one.effective for one in (facts.verdict, facts.decided))
    tell(house, dict.fromkeys(readers), "remark_fastened", about, document=document.id)
    if open_now and not facts.release_stopped:
        tell(house, receiver_people(house, document), "remark_received", about, document=document.id)
