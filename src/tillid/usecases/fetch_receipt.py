"""A parent's receipt for an own answer or withdrawal: a file that is judged without us (issue 6 part 6, ADR 0039).

It is made when it is fetched, of what there is then: record and log proof always; where they are there, the timestamp, the record
frozen for long life with its evidence record, and the parent's own signature with its timestamp (R-101: both), frozen with its evidence record too. The person alone gets it, as long as the question and the own answer may be seen: after a withdrawal too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from tillid.consents.events import Event
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.signatures.receipt import (
    EVIDENCE_FILE,
    FROZEN_FILE,
    OWN,
    OWN_EVIDENCE_FILE,
    OWN_FROZEN_FILE,
    OWN_TOKEN,
    LogProof,
    receipt,
)
from tillid.usecases.freeze_record import FROZEN, OWN_FROZEN, best_proven
from tillid.usecases.own_consent import OwnReceipt, own_receipt
from tillid.usecases.ports import House
from tillid.usecases.seal_record import PERSONAL, PERSONAL_STAMP, RECORD, TIMESTAMP

ACTION = "fetch_receipt"


class ReceiptNotYet(TillidError):
    """What a receipt must hold is not all there; it follows by itself."""

    code = "receipt.not-yet"
    text = "Kvitteringen er ikke færdig endnu. Den kommer om lidt. Gå tilbage, og prøv igen om et øjeblik."


class ReceiptParts(msgspec.Struct, frozen=True, kw_only=True):
    """What of the evidence is there. ``stamp_comes``: no timestamp yet, and an authority is asked for one; ``frozen``: for long
    life; ``signed_too``: by the person's own signature, and whether that has its timestamp; ``own_frozen``: that one, for long life."""

    sealed: bool
    logged: bool
    stamped: bool
    stamp_comes: bool
    frozen: bool = False
    signed_too: tuple[bool, bool] = (False, False)
    own_frozen: bool = False

    @property
    def ready(self) -> bool:
        """Whether a receipt can be made."""
        return self.sealed and self.logged


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """``data``: the ``.zip``; ``record``, ``proof``, ``token``, ``beside`` (``receipt.OPTIONAL``): what it was made of."""

    own: OwnReceipt
    data: bytes
    record: bytes
    proof: LogProof
    token: bytes | None
    beside: dict[str, bytes] = {}


def receipt_parts(house: House, event: Event) -> ReceiptParts:
    """How far the evidence for ``event`` is; shows nothing of it, and asks nobody."""
    kinds = house.ledger.attachments(event.id)
    stamped = TIMESTAMP in kinds
    return ReceiptParts(
        sealed=RECORD in kinds,
        logged=house.event_log.proof(event.digest) is not None,
        stamped=stamped,
        stamp_comes=not stamped and house.time_stamper is not None,
        frozen=FROZEN in kinds,
        signed_too=(PERSONAL in kinds, PERSONAL_STAMP in kinds),
        own_frozen=OWN_FROZEN in kinds,
    )


def fetch_receipt(house: House, who: Identity, request_id: str, event_id: str) -> Receipt:
    """1. is it ``who``'s own? 2. a row in the log, on disk before the bytes leave 3. packed.

    Raises ``NotFound`` for anybody else's, ``ReceiptNotYet``, and ``Unavailable`` while no row can be written."""
    return made_receipt(house, own_receipt(house, who, request_id, event_id, ACTION))


def made_receipt(house: House, own: OwnReceipt) -> Receipt:
    """The receipt of ``own``, of what there is now. Raises ``ReceiptNotYet``."""
    kinds, proof = house.ledger.attachments(own.event.id), house.event_log.proof(own.event.digest)
    beside = beside_of(kinds, house.evidence.record_of if house.evidence is not None else None)
    data = zip_of(kinds, proof, beside)
    assert proof is not None, "packed a line before"
    return Receipt(own=own, data=data, record=kinds[RECORD], proof=proof, token=kinds.get(TIMESTAMP), beside=beside)


def beside_of(kinds: Mapping[str, bytes], record_of: Callable[[bytes], bytes | None] | None) -> dict[str, bytes]:
    """What lies beside an event's record, by its name in a receipt; ``record_of``: the ``.er`` of frozen bytes, if it is kept here.
    What is frozen goes along with its evidence alone: by itself it proves no more than record, or signature, and timestamp."""
    held = {name: kinds[kind] for name, kind in ((OWN, PERSONAL), (OWN_TOKEN, PERSONAL_STAMP)) if kind in kinds}
    if record_of is None:
        return held
    for own, name, proof in ((False, FROZEN_FILE, EVIDENCE_FILE), (True, OWN_FROZEN_FILE, OWN_EVIDENCE_FILE)):
        if (found := best_proven(kinds, record_of, own=own)) is not None:
            held[name], held[proof] = found
    return held


def zip_of(kinds: Mapping[str, bytes], proof: LogProof | None, beside: Mapping[str, bytes]) -> bytes:
    """The ``.zip`` of what is attached to an event, as soon as there are a record and a proof. Raises ``ReceiptNotYet``."""
    record = kinds.get(RECORD)
    if record is None or proof is None:
        raise ReceiptNotYet("no record yet" if record is None else "not in a signed head of the log yet")
    return receipt(record, proof, kinds.get(TIMESTAMP), beside)
