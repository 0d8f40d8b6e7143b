"""What signed records say together, without the ledger: who saw what, and what is left of each yes (R-12, R-16, R-32).

Records can never say what is not among them: a withdrawal that is missing, a holder who was never asked, a custody that
ended. So this is what *these* records say; ``effective.evaluate`` alone says what may be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from tillid.consents.record_facts import RecordFacts


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One holder's answer to one request. ``shown_pdf``: SHA-256 of the copy that was shown; ``yes`` and ``no``: item id →
    title; ``taken_back``: of what was said yes to; ``record_id``: of the answer."""

    request_id: str
    holder_id: str
    holder_name: str
    record_id: str
    at: datetime
    version: int
    shown_pdf: str
    answers_digest: str
    valid_to: str
    yes: dict[str, str]
    no: dict[str, str]
    taken_back: dict[str, str] = {}
    withdrawn_at: datetime | None = None


def said_by(records: Iterable[RecordFacts]) -> tuple[Said, ...]:
    """Every holder's answer with what later withdrawals took back, in the order answered. Order of ``records`` is free; a
    withdrawal of an answer that is not among them is left out."""
    ordered = sorted(records, key=lambda one: (one.created_at, one.sequence))
    found: dict[tuple[str, str], Said] = {}
    for one in ordered:
        key = (one.request_id, one.holder_id)
        if one.kind != "consent_withdrawn":
            found.setdefault(key, _answer(one))
        elif key in found:
            found[key] = _narrowed(found[key], one)
    return tuple(found.values())


def left_in_common(said: Iterable[Said]) -> dict[str, dict[str, str]]:
    """Request id → the items that all who answered it still say yes to."""
    left: dict[str, dict[str, str]] = {}
    for one in said:
        before = left.get(one.request_id)
        left[one.request_id] = one.yes if before is None else {i: t for i, t in before.items() if i in one.yes}
    return left


def _answer(one: RecordFacts) -> Said:
    titles = {item.id: item.title for item in one.items}
    return Said(
        request_id=one.request_id,
        holder_id=one.holder_id,
        holder_name=one.holder_name,
        record_id=one.record_id,
        at=one.created_at,
        version=one.document.version,
        shown_pdf=one.document.pdf_sha256,
        answers_digest=one.document.answers_digest,
        valid_to=one.valid_to.isoformat() if one.valid_to else "",
        yes={item: titles[item] for item, yes in one.answers.items() if yes},
        no={item: titles[item] for item, yes in one.answers.items() if not yes},
    )


def _narrowed(before: Said, one: RecordFacts) -> Said:
    taken = {item.id for item in one.items} or set(before.yes)
    return msgspec.structs.replace(
        before,
        yes={item: title for item, title in before.yes.items() if item not in taken},
        taken_back=before.taken_back | {item: title for item, title in before.yes.items() if item in taken},
        withdrawn_at=one.created_at,
    )
