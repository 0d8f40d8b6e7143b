"""The archivist appraises: what is kept for good, what may be discarded, and that the receiving archive has it (R-81 to R-83)."""

from __future__ import annotations

from datetime import date

from tillid.archive.keeping import APPRAISED, TRANSFERRED, Appraisal, Mark, Transfer
from tillid.archive.retention_rules import FACET, SUBJECT
from tillid.consents.events import Event
from tillid.kernel.clock import local_day
from tillid.kernel.cpr import may_be_written
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.keep_document import keep_event, stated
from tillid.usecases.kle_marks import kle_says
from tillid.usecases.ports import House
from tillid.usecases.render_kept import let_render_kept

OPERATION = "appraise_document"
LONGEST = 200


class ClassMissing(TillidError):
    """``part``: ``subject``, ``facet`` or ``basis``."""

    code = "keeping.class"
    text = (
        "Skriv KLE-emne (00.00.00), handlingsfacet (A00) og den bestemmelse eller beslutning, som mærket bygger på. "
        "Uden dem kan intet mærkes til kassation."
    )

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class KleSaysKeep(TillidError):
    """The municipality's own table says ``bevares`` of the subject or the facet: then it may not be discarded (R-81)."""

    code = "keeping.kle-says-keep"
    text = "Kommunens KLE-mærker siger, at emnet eller facetten skal bevares. Derfor kan dokumentet ikke mærkes til kassation."


class DraftNotKept(TillidError):
    """No archive gets a draft (design 22), so one that is marked *bevares* could neither be handed over nor go."""

    code = "keeping.draft"
    text = (
        "En kladde kan ikke afleveres til et arkiv. Skal den bevares, så bed stedet om at dele eller låse den først, og lad den være "
        "uafklaret til da."
    )


class TransferUnsaid(TillidError):
    code = "keeping.transfer"
    text = "Skriv arkivets navn, dets journalnummer og den dag, det godkendte afleveringen. Dagen kan hverken ligge i fremtiden eller før dokumentet blev begyndt."


def appraise(
    house: House, who: Identity, document_id: str, mark: Mark, *, subject: str, facet: str, basis: str, reason: str,
    event_id: str
) -> Event:  # fmt: skip
    """Set the mark; an order of destruction that rested on another is void. To ``kasseres`` belong subject, facet and basis,
    both of the first marked for discarding where the basis says so (R-81). Raises ``ClassMissing``, ``ReasonWrong``, ``KleSaysKeep``, ``DraftNotKept``."""
    subject, facet, basis = subject.strip(), facet.strip(), _line(basis)
    for part, found in (("subject", SUBJECT.match(subject)), ("facet", FACET.match(facet)), ("basis", basis)):
        given = {"subject": subject, "facet": facet, "basis": basis}[part]
        if not found and (given or mark == "kasseres"):
            raise ClassMissing(part)
    says = kle_says(house, subject, facet) if mark == "kasseres" else None
    if says is not None and says.mark == "bevares":
        raise KleSaysKeep("the municipality's own table")
    payload = Appraisal(mark=mark, subject=subject, facet=facet, basis=basis, reason=stated(reason))
    document, _ = require(house, who, OPERATION, document_id)
    if mark == "bevares" and document.versions == 0:
        raise DraftNotKept("a draft")
    event = keep_event(house, who, OPERATION, document_id, APPRAISED, payload, event_id)
    let_render_kept(house, document, house.ledger.of_document(document_id))
    return event


def approve_transfer(
    house: House,
    who: Identity,
    document_id: str,
    *,
    archive: str,
    reference: str,
    approved_on: date | None,
    event_id: str,
) -> Event:
    """Record that the receiving archive has approved what it was given: only that makes a document archived (R-83).
    Raises ``TransferUnsaid``."""
    payload = transfer_of(archive, reference, approved_on, local_day(house.moment))
    document, _ = require(house, who, OPERATION, document_id)
    if payload.approved_on < local_day(document.created_at):
        raise TransferUnsaid("before it was begun")
    return keep_event(house, who, OPERATION, document_id, TRANSFERRED, payload, event_id)


def transfer_of(archive: str, reference: str, approved_on: date | None, today: date, **package: str) -> Transfer:
    """What the archive said, as it is stored; ``package``: what else is known of it. Raises ``TransferUnsaid``."""
    archive, reference = _line(archive), _line(reference)
    if not archive or not reference or approved_on is None or approved_on > today:
        raise TransferUnsaid("transfer")
    return Transfer(archive=archive, reference=reference, approved_on=approved_on, **package)


def _line(text: str) -> str:
    words = " ".join(text.split())[:LONGEST]
    return words if may_be_written(words) else ""
