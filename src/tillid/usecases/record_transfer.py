"""The receiving archive has approved packages: for each of their documents that is an event, and only it makes a document archived
(R-83). Ordered by the operator who got the archive's receipt; one document at a time is recorded on its page (``appraise.py``).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from tillid.archive.keeping import KINDS, TRANSFERRED
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import local_day
from tillid.kernel.ids import derived_id
from tillid.usecases.appraise import transfer_of
from tillid.usecases.ports import House
from tillid.usecases.writing import record_event

SYSTEM = "system"
# recorded now; the same was recorded before; not in the store; a package of another store or with other events; something has
# happened to the document since that the archive does not have; approved on a day on which what is in it had not happened yet
Outcome = Literal["recorded", "before", "gone", "foreign", "behind", "early"]


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """A package that was approved. ``last_event``: digest of the newest event in it; ``digest``: SHA-256 of its root METS file."""

    document: str
    package: str
    last_event: str
    digest: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive said. ``receipt``: SHA-256 of the file it sent; ``by``: who ordered it to be recorded."""

    archive: str
    reference: str
    approved_on: date
    receipt: str
    by: str


def record_transfer(house: House, packed: Packed, said: Receipt) -> Outcome:
    """Record it, once. Raises ``TransferUnsaid``.

    Refused when anything but its keeping has happened since it was packed: then the archive does not have what would go (R-83)."""
    payload = transfer_of(
        said.archive, said.reference, said.approved_on, local_day(house.moment),
        package=packed.package, digest=packed.digest, receipt=said.receipt, by=said.by,
    )  # fmt: skip
    document = house.documents.get(packed.document)
    if document is None:
        return "gone"
    event_id = derived_id(bytes.fromhex(sha256(f"{TRANSFERRED} {packed.document} {packed.digest}".encode())))
    if house.ledger.event(event_id) is not None:
        return "before"
    events = house.ledger.of_document(document.id)
    digests = [event.digest for event in events]
    if packed.last_event not in digests:
        return "foreign"
    last = digests.index(packed.last_event)
    if any(event.kind not in KINDS for event in events[last + 1 :]):
        return "behind"
    if said.approved_on < local_day(events[last].at):
        return "early"
    record_event(house, document, TRANSFERRED, SYSTEM, payload, event_id=event_id)
    return "recorded"
