"""``tillid verify --store``: every answer and attestation of the installed store, beside a running Tillid: record and timestamp, the holder's own signature, whether the record
is about the event it lies at and says what that says, whether the event follows the one before it, and whether it is in the log. And the other way: whether
the store still has every event that the log has, which an older copy of the database, or one with something taken out, has not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from tillid.cli.judging import Found, Judging
from tillid.cli.reading import note, opened
from tillid.cli.verify_many import Unit
from tillid.consents.events import Event, broken_links
from tillid.consents.record_told import QUESTIONS, tells_otherwise
from tillid.kernel.canonical import sha256
from tillid.signatures.names import consent
from tillid.signatures.receipt import OWN, OWN_EVIDENCE_FILE, OWN_FROZEN_FILE, OWN_TOKEN
from tillid.signatures.receipt_verify import OwnSigned
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import verdict
from tillid.signatures.xml import parse
from tillid.usecases.fetch_receipt import beside_of
from tillid.usecases.seal_record import PERSONAL, RECORD, SEALED, TIMESTAMP
from tillid.wiring.beside import LogFile, evidence_desk, opened_log


def units(var: Path, judging: Judging) -> Iterator[Unit]:
    """One for each answer, withdrawal and attestation, child by child; then one for each event that only the log has."""
    note(var, "verify_store", "")
    early = opened_log(var)
    # An event is committed before it is entered: what the log has by now, the store that is opened next has too.
    entered, known = early.size, set[str]()
    early.close()
    with opened(var) as store:
        log = opened_log(var)
        desk = evidence_desk(var, Trust)  # looked at only: whom it trusts is not asked
        try:
            for events in store.ledger.all():
                broken = set(broken_links(events))
                questions = {one.request_id: one for one in events if one.kind in QUESTIONS}
                known |= {one.digest for one in events}
                sealed = [(one, store.ledger.attachments(one.id)) for one in events if one.kind in SEALED]
                judging.ahead([kinds[RECORD] for _, kinds in sealed if RECORD in kinds])
                for event, kinds in sealed:
                    record, token = kinds.get(RECORD), kinds.get(TIMESTAMP)
                    asked = questions.get(event.request_id)
                    placed, whole = log.place(event.digest) is not None, event.id not in broken
                    own = beside_of(kinds, desk.record_of) if PERSONAL in kinds else {}
                    said = (event.json(), asked.json() if asked else b"")
                    about = (record or b"", token or b"", *said, b"%d%d" % (placed, whole), *own.values())
                    yield Unit(
                        event.id,
                        sha256(b"\n".join(about)),
                        lambda e=event, q=asked, r=record, t=token, w=whole, o=own: [
                            *_judged(e, q, r, t, w, log, judging),
                            *_signed_too(e, r, o, judging),
                        ],
                    )
            yield from _lost(log, entered, known)
        finally:
            log.close()


def _lost(log: LogFile, size: int, known: set[str]) -> Iterator[Unit]:
    """What stands among the first ``size`` leaves and is no event of the store; one that went by its rule has left its digest."""
    for digest in map(log.leaf, range(size)):
        if digest not in known:
            yield Unit(digest, digest, lambda found=digest: [(found, verdict("store.lost-event"))])


def _judged(
    event: Event, question: Event | None, record: bytes | None, token: bytes | None, whole: bool, log: LogFile, judging: Judging
) -> list[Found]:  # fmt: skip
    if not whole:
        return [(event.id, verdict("store.chain"))]
    if record is None:
        return [(event.id, verdict("store.no-record"))]
    found = judging.record(record, token)
    if found.signed is None:
        return [(event.id, found)]
    named = parse(found.signed).find(f".//{consent('Event')}")
    if named is None or named.get("sha256") != event.digest:
        return [(event.id, msgspec.structs.replace(verdict("store.other-event"), details=found.details))]
    if tells_otherwise(event, question, found.signed):
        return [(event.id, msgspec.structs.replace(verdict("store.other-content"), details=found.details))]
    if found.passed and log.place(event.digest) is None:
        return [(event.id, msgspec.structs.replace(verdict("store.not-in-log"), details=found.details))]
    return [(event.id, found)]


def _signed_too(event: Event, record: bytes | None, own: dict[str, bytes], judging: Judging) -> list[Found]:
    """The holder's own signature over the record, a verdict of its own (R-103)."""
    if OWN not in own:
        return []
    proof = {"frozen": own.get(OWN_FROZEN_FILE), "evidence": own.get(OWN_EVIDENCE_FILE)}
    signed = OwnSigned(record=record or b"", signature=own[OWN], token=own.get(OWN_TOKEN), **proof)
    return [(f"{event.id}!{OWN}", judging.own(signed))]
