"""A parent's receipt for an own answer or withdrawal: a file that is judged without us (issue 6 part 6, ADR 0039).

It is made when it is fetched, of what there is then: record and log proof always, the timestamp when an authority has
answered. The person alone gets it, as long as the question and the own answer may be seen: after a withdrawal too.
"""

from __future__ import annotations

import msgspec

from tillid.consents.events import Event
from tillid.consents.model import ConsentRequest
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.signatures.receipt import LogProof, receipt
from tillid.usecases.own_consent import ANSWERS, OwnReceipt, own_receipt
from tillid.usecases.ports import House
from tillid.usecases.seal_record import RECORD, TIMESTAMP

ACTION = "fetch_receipt"


class ReceiptNotYet(TillidError):
    """What a receipt must hold is not all there; it follows by itself."""

    code = "receipt.not-yet"
    text = "Kvitteringen er ikke færdig endnu. Den kommer om lidt. Gå tilbage, og prøv igen om et øjeblik."


class ReceiptParts(msgspec.Struct, frozen=True, kw_only=True):
    """What of the evidence is there. ``stamp_comes``: no timestamp yet, and an authority is asked for one."""

    sealed: bool
    logged: bool
    stamped: bool
    stamp_comes: bool

    @property
    def ready(self) -> bool:
        """Whether a receipt can be made."""
        return self.sealed and self.logged


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """``data``: the ``.zip``; ``record``, ``proof``, ``token``: what it was made of."""

    own: OwnReceipt
    data: bytes
    record: bytes
    proof: LogProof
    token: bytes | None


def receipt_parts(house: House, event: Event) -> ReceiptParts:
    """How far the evidence for ``event`` is; shows nothing of it, and asks nobody."""
    kinds = house.ledger.attachments(event.id)
    stamped = TIMESTAMP in kinds
    return ReceiptParts(
        sealed=RECORD in kinds,
        logged=house.event_log.proof(event.digest) is not None,
        stamped=stamped,
        stamp_comes=not stamped and house.time_stamper is not None,
    )


def own_answers(house: House, who: Identity, request: ConsentRequest) -> tuple[Event, ...]:
    """``who``'s own answers and withdrawals to ``request``, oldest first; for a page that has asked ``see_consent``."""
    series = request.series.get(who.person_id)
    return tuple(one for one in house.ledger.of_request(request.id) if one.series_id == series and one.kind in ANSWERS)


def fetch_receipt(house: House, who: Identity, request_id: str, event_id: str) -> Receipt:
    """1. is it ``who``'s own? 2. a row in the log, on disk before the bytes leave 3. packed.

    Raises ``NotFound`` for anybody else's, ``ReceiptNotYet``, and ``Unavailable`` while no row can be written."""
    return made_receipt(house, own_receipt(house, who, request_id, event_id, ACTION))


def made_receipt(house: House, own: OwnReceipt) -> Receipt:
    """The receipt of ``own``, of what there is now. Raises ``ReceiptNotYet``."""
    kinds = house.ledger.attachments(own.event.id)
    record, proof, token = kinds.get(RECORD), house.event_log.proof(own.event.digest), kinds.get(TIMESTAMP)
    data = zip_of(record, proof, token)
    assert record is not None and proof is not None, "packed a line before"
    return Receipt(own=own, data=data, record=record, proof=proof, token=token)


def zip_of(record: bytes | None, proof: LogProof | None, token: bytes | None) -> bytes:
    """The ``.zip``, as soon as there are a record and a proof. Raises ``ReceiptNotYet``."""
    if record is None or proof is None:
        raise ReceiptNotYet("no record yet" if record is None else "not in a signed head of the log yet")
    return receipt(record, proof, token)
