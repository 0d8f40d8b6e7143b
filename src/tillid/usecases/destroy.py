"""The destruction itself, by the outbox, when the time to think again is over (R-90).

What goes: draft, earlier drafts, versions with their answers, every PDF and attachment that no other document has, its entry
in the full text, its orders in the outbox, what was made of it for single people. What stays: a tombstone, and the events of the
child's ledger on their own rule, so that links and the log's leaves stay whole. That nothing is left in any file is seen to by ``adapters/archive_keeper.py``.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tillid.archive.keeping import CANCELLED, DESTROYED, Answer
from tillid.archive.retention_rules import our_rules
from tillid.archive.tombstone import Tombstone
from tillid.documents.files import files_in
from tillid.documents.model import Document
from tillid.kernel.errors import Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases.destroy_evidence import evidence_due, remember_evidence, scans_among
from tillid.usecases.keep_document import Kept, kept
from tillid.usecases.order_destruction import STEP
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.writing import note_of_system, record_event

FORGET = "forget_document"
SYSTEM = "system"
_FINAL = 2**61  # later than whatever is written about it


def destroy_document(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Destroy it if nothing stops it now; else the order is cancelled with the reason. One transaction."""
    with open_house() as house:
        document = house.documents.get(entry.ids["document"])
        if document is None:
            return
        now = kept(house, document)
        order = now.keeping.order
        if order is None or order.id != entry.ids["order"]:
            return  # taken back, or void
        if now.stops_now == ("cooling_off",):
            raise Unavailable("too early")
        if now.stops_now:
            answer = Answer(order=order.id, reason=" ".join(now.stops_now))
            record_event(house, document, CANCELLED, SYSTEM, answer)
            return
        _destroy(house, now)


def _destroy(house: House, now: Kept) -> None:
    document, event_id = now.document, new_id()
    note_of_system(house, STEP, document, now.keeping.order.id if now.keeping.order else "")
    own, files = own_blobs(house, document), attached(house, document)
    stone = _tombstone(house, now, event_id, tuple(sorted(own | files)))
    record_event(house, document, DESTROYED, SYSTEM, {"order": stone_order(now)}, event_id=event_id)
    house.documents.destroy(stone)
    clear(house, stone, own, files)
    remember_evidence(house, stone)


def clear(house: House, stone: Tombstone, own: frozenset[str], files: frozenset[str]) -> None:
    """What lies beside the document: blobs, orders in the outbox; and hide it from search until its entry is gone."""
    proofs = scans_among(house, files)
    for digest in own | frozenset(one for one in files - proofs if not house.documents.mentions(one)):
        house.blobs.remove(digest)
    for entry in house.outbox.pending():
        if stone.id in entry.ids.values():
            house.outbox.remove(entry.key)
    house.exclusions.add(stone.id, stone.event)
    house.outbox.add(FORGET, {"document": stone.id, "event": stone.event}, house.moment)


def forget_document(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Take every version of a destroyed document out of the full text, and what was made of it for single people."""
    with open_house() as house:
        stone = house.documents.tombstone(entry.ids["document"])
        if stone is None:
            return
        for number in range(1, len(stone.digests) + 1):
            house.search.delete(stone.id, number, _FINAL)
        house.previews.forget_text((stone.id,), house.moment)
        house.exclusions.remove(stone.id, entry.ids["event"])


def destroy_again(house: House, stone: Tombstone) -> bool:
    """A document that was destroyed has come back with an older backup: it goes again, on the word that was given then.
    ``False`` if it is not there."""
    document = house.documents.get(stone.id)
    if document is None:
        return False
    note_of_system(house, STEP, document, stone.event)
    own, files = own_blobs(house, document), attached(house, document)
    due = evidence_due(document, house.ledger.of_document(document.id))
    event = record_event(house, document, DESTROYED, SYSTEM, {"again": stone.event})
    stone = msgspec.structs.replace(
        stone, event=event.id, after_restore=house.moment, evidence_due=due, evidence_gone=None
    )
    house.documents.destroy(stone, again=True)
    clear(house, stone, own, files)
    remember_evidence(house, stone)
    return True


def own_blobs(house: House, document: Document) -> frozenset[str]:
    """What was rendered of it, with the revisions of the archive's copy."""
    versions = [house.documents.version(document.id, number) for number in range(1, document.versions + 1)]
    found = set()
    for version in versions:
        if version is not None:
            found |= {one.sha256 for one in (*version.copies.values(), *version.receiver_copies.values())}
            found |= {one.tail for one in version.archive_revisions}
    return frozenset(found)


def attached(house: House, document: Document) -> frozenset[str]:
    """The files that its answers name, in the draft, in what was kept of it and in each version, and those that once stood in the
    draft."""
    texts: list[Any] = [msgspec.to_builtins(house.documents.draft(document.id))]
    texts += [msgspec.to_builtins(one) for one in house.documents.earlier_drafts(document.id)]
    for number in range(1, document.versions + 1):
        version = house.documents.version(document.id, number)
        texts.append(version.answers if version is not None else {})
    return frozenset((*files_in(texts), *house.documents.left_files(document.id)))


def stone_order(now: Kept) -> str:
    """The order that was carried out."""
    return now.keeping.order.id if now.keeping.order is not None else ""


def _tombstone(house: House, now: Kept, event_id: str, copies: tuple[str, ...]) -> Tombstone:
    document, appraisal, order, transfer = now.document, now.keeping.appraisal, now.keeping.order, now.keeping.transfer
    assert appraisal is not None and order is not None and now.rule is not None
    versions = (house.documents.version(document.id, number) for number in range(1, document.versions + 1))
    return stone_of(
        house,
        document,
        event_id,
        digests=tuple(version.answers_digest for version in versions if version is not None),
        copies=copies,
        mark=appraisal.mark,
        subject=appraisal.subject,
        facet=appraisal.facet,
        basis=appraisal.basis,
        rule=now.rule.id,
        archived=f"{transfer.archive}, {transfer.reference}, {transfer.approved_on}" if transfer else "",
        ordered_by=order.by,
        confirmed_by=order.confirmed_by,
    )


def stone_of(house: House, document: Document, event_id: str, **why: Any) -> Tombstone:
    """What stays of ``document``, which goes with that event. ``why``: the rest of ``Tombstone``."""
    return Tombstone(
        id=document.id,
        number=document.number,
        form_id=document.definition.form_id,
        form_version=document.definition.version,
        unit_id=document.unit_id,
        created_at=document.created_at,
        destroyed_at=house.moment,
        rules=our_rules().digest,
        event=event_id,
        evidence_due=evidence_due(document, house.ledger.of_document(document.id)),
        **why,
    )
