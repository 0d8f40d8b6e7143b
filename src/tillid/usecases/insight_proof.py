"""What proves a sealed record that is given in a case of insight: the receipt of its event, which the offline kit judges (R-72, R-85, ADR 0076).

The outbox makes it with the package's other files and the second store keeps it as long, so that the file that was fetched is the one whose
digest is noted when it is handed out: the log's head and the evidence go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator

from tillid.archive.insight import InsightCase, Item
from tillid.signatures.receipt import OWN, OWN_EVIDENCE_FILE, OWN_FROZEN_FILE, OWN_TOKEN
from tillid.usecases.fetch_receipt import ReceiptNotYet, beside_of, zip_of
from tillid.usecases.insight_made import STEP
from tillid.usecases.made_for_person import UNDER_WAY, made, order, state_of
from tillid.usecases.ports import House

ZIP = "application/zip"
PROOF = "proof"
# A certificate of somebody's own tells more of the person than the record does.
NOT_THEIRS = (OWN, OWN_TOKEN, OWN_FROZEN_FILE, OWN_EVIDENCE_FILE)


def order_proofs(house: House, case: InsightCase, person: str) -> None:
    """Have them made, as far as they are not there or under way."""
    for ids in _orders(case, person):
        order(house, STEP, ids)


def proofs_under_way(house: House, case: InsightCase, person: str) -> int:
    """So many are waited for. One that could not be made, since its event stands in no signed head of the log yet, is not: the record is
    given without it."""
    return sum(state_of(house, STEP, ids) in UNDER_WAY for ids in _orders(case, person))


def is_proof(ids: dict[str, str]) -> bool:
    """Whether an entry of the outbox makes one."""
    return ids["made_of"] == PROOF


def proof_of(house: House, item: Item) -> bytes | None:
    """The receipt of a record's event, of what there is now."""
    keeper = house.evidence
    kinds, event = house.ledger.attachments(item.of), house.ledger.event(item.of)
    beside = beside_of(kinds, keeper.record_of if keeper is not None else None)
    proof = house.event_log.proof(event.digest) if event else None
    try:
        return zip_of(kinds, proof, {name: data for name, data in beside.items() if name not in NOT_THEIRS})
    except ReceiptNotYet:
        return None


def made_proof(house: House, case: InsightCase, item: Item, person: str) -> bytes | None:
    """The one that was made; ``None`` for what is no record, is not given, or is not there."""
    return made(house, STEP, _order(case, item, person)) if item in case.given_records else None


def _orders(case: InsightCase, person: str) -> Iterator[dict[str, str]]:
    return (_order(case, item, person) for item in case.given_records)


def _order(case: InsightCase, item: Item, person: str) -> dict[str, str]:
    return {"case": case.id, "item": item.id, "made_of": PROOF, "person": person}
