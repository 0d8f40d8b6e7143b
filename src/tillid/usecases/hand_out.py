"""A leader hands an existing document out to a parent without custody, who has no access here (R-34; forældreansvarsloven § 23).

On the parent's own request, each time a decision of the leader's with a reason, recorded before the file can be fetched. What is
handed out is the parents' copy of a version that the parents have been given: the other parent's data stands in none (R-37).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tillid.consents.events import Event
from tillid.documents.model import Document, Version
from tillid.kernel.cpr import may_be_written
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.fill import definition_of
from tillid.usecases.given import given_to_parents
from tillid.usecases.open_copy import NotYetRendered, OpenedCopy
from tillid.usecases.ports import House
from tillid.usecases.protected import protected_in
from tillid.usecases.restricted import refuse_restricted
from tillid.usecases.writing import note, record_event

OPERATION, KIND = "hand_out", "handed_out"
LEAST_REASON, MOST = 10, 500  # characters


class HandOutIncomplete(TillidError):
    """``parts``: what is missing or unfit, ``to`` and ``reason``."""

    code = "handout.incomplete"
    text = (
        "Skriv, hvem der får dokumentet, og hvorfor. Begrundelsen skal have mindst {count} tegn. Skriv ikke CPR-numre."
    )

    def __init__(self, *parts: str) -> None:
        super().__init__(" ".join(parts), count=LEAST_REASON)
        self.parts = parts


class ProtectedThere(TillidError):
    """R-37. Whose address it is, and which field holds it, is not said: the leader may have who asks for it beside them."""

    code = "handout.protected"
    text = (
        "Teksten indeholder en adresse, som er beskyttet. Den kan først udleveres, når adressen er taget ud, og teksten er delt "
        "med forældrene igen."
    )


class HandedOut(msgspec.Struct, frozen=True, kw_only=True):
    """One handing out. ``to``: the name of who got it, in the leader's words."""

    id: str
    version: int
    to: str
    reason: str
    by: str
    at: datetime


class HandOutPage(msgspec.Struct, frozen=True, kw_only=True):
    """``version``: the newest the parents were given; ``done``: earlier ones, newest first."""

    document: Document
    version: int
    done: tuple[HandedOut, ...]


def hand_out_page(house: House, who: Identity, document_id: str) -> HandOutPage:
    """Raises ``NotFound`` for everybody but the sender's leaders, and while parents were given nothing."""
    document, _ = require(house, who, OPERATION, document_id)
    note(house, who, "hand_out_page", document)
    events = house.ledger.of_document(document_id)
    return HandOutPage(document=document, version=_newest(events), done=tuple(reversed(_done(events))))


def hand_out(house: House, who: Identity, document_id: str, *, to: str, reason: str, event_id: str) -> None:
    """Record the decision; the file can be fetched from then on (``handed_out_copy``). The same click twice is one. Raises
    ``HandOutIncomplete``, ``ProtectedThere``."""
    document, _ = require(house, who, OPERATION, document_id)
    note(house, who, OPERATION, document)
    if house.ledger.event(event_id) is not None:
        return
    refuse_restricted(house, document_id)
    to, reason = " ".join(to.split())[:MOST], " ".join(reason.split())[:MOST]
    fit = {"to": to and may_be_written(to), "reason": len(reason) >= LEAST_REASON and may_be_written(reason)}
    if not all(fit.values()):
        raise HandOutIncomplete(*(part for part, good in fit.items() if not good))
    version = _newest(house.ledger.of_document(document_id))
    _refuse_protected(house, document, house.documents.version(document_id, version))
    payload = {"version": version, "to": to, "reason": reason}
    record_event(house, document, KIND, who.person_id, payload, event_id=event_id)


def handed_out_copy(house: House, who: Identity, document_id: str, event_id: str) -> OpenedCopy:
    """The file of one recorded handing out; its own row in the log each time. Raises ``NotFound``, ``NotYetRendered``,
    ``ProtectedThere``: the register may have learned of an address since."""
    document, _ = require(house, who, OPERATION, document_id)
    found = next((one for one in _done(house.ledger.of_document(document_id)) if one.id == event_id), None)
    if found is None:
        raise NotFound("not handed out")
    note(house, who, "fetch_hand_out", document)
    refuse_restricted(house, document_id)
    version = house.documents.version(document_id, found.version)
    _refuse_protected(house, document, version)
    copy = version.copies.get("parent") if version else None
    data = house.blobs.get(copy.sha256) if copy else None
    if copy is None or data is None:
        raise NotYetRendered("no parents' copy")
    name = f"{document.number}-v{found.version}.pdf"
    return OpenedCopy(document=document, version=found.version, copy=copy, data=data, file_name=name)


def _refuse_protected(house: House, document: Document, version: Version | None) -> None:
    if version is not None and protected_in(house, document, definition_of(house, version), version.answers):
        raise ProtectedThere(f"version {version.number}")


def _done(events: Sequence[Event]) -> list[HandedOut]:
    return [
        HandedOut(
            id=one.id,
            version=one.payload["version"],
            to=one.payload["to"],
            reason=one.payload["reason"],
            by=one.actor,
            at=one.at,
        )
        for one in events
        if one.kind == KIND
    ]


def _newest(events: Sequence[Event]) -> int:
    given = given_to_parents(events)
    if not given:
        raise NotFound("parents were given nothing")
    return given[-1].number
