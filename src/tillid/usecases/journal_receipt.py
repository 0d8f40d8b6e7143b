"""What the municipality's journal system answers: its case number and day become an event of the document (U23, ADR 0078)."""

from __future__ import annotations

from tillid.archive.journal import CONFIRMED, JOURNALLED, Confirmed, confirmed, handed
from tillid.archive.journal_exchange import ReceiptRefused, read_receipt
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import local_day
from tillid.usecases.ports import House
from tillid.usecases.ports_journal import Incoming
from tillid.usecases.writing import SYSTEM, note_of_system, record_event

ACTION = "journal_receipt"


def record_receipt(house: House, incoming: Incoming) -> None:
    """Record it, once; a row in the log first. Raises ``ReceiptRefused``, and ``Unavailable`` while no row can be written."""
    if incoming.refusal is not None:
        raise ReceiptRefused(incoming.refusal)
    receipt, digest = read_receipt(incoming.data), sha256(incoming.data)
    entry = house.ledger.event(receipt.entry)
    if entry is None or entry.kind != JOURNALLED:
        raise ReceiptRefused("unknown")
    document = house.documents.get(entry.document_id)
    if document is None:
        raise ReceiptRefused("destroyed")
    events = house.ledger.of_document(document.id)
    # The answer can be here before the event that says that it was handed over.
    sent = known.digest if (known := handed(events, entry.id)) else house.journal and house.journal.handed(entry.id)
    if not sent:
        raise ReceiptRefused("unknown")
    if receipt.journal_sha256 != sent:
        raise ReceiptRefused("other-digest")
    if (before := confirmed(events, entry.id)) is not None:
        if incoming.again and before.receipt == digest:
            return  # killed between the event and the file's way
        raise ReceiptRefused("duplicate")
    if not local_day(entry.at) <= receipt.day <= local_day(house.moment):
        raise ReceiptRefused("day")
    note_of_system(house, ACTION, document, entry.id)
    said = Confirmed(entry=entry.id, case=receipt.case, day=receipt.day, receipt=digest)
    record_event(house, document, CONFIRMED, SYSTEM.person_id, said)


def destroyed_entries(house: House) -> list[str]:
    """What lies ready for the other side, of documents that are gone."""
    found = []
    for entry_id in house.journal.lying() if house.journal is not None else ():
        entry = house.ledger.event(entry_id)
        # What an older backup does not know stays where it is: it went, and here nobody has it any more.
        if entry is not None and house.documents.get(entry.document_id) is None:
            found.append(entry_id)
    return found
