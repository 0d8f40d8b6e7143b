"""A record, or a person's own signature over it, with all that a stranger needs to judge it, frozen: the bytes that evidence is about
(ADR 0041, 0079). Each is an object of its own and noted under a name of its own: the event's id, for the signature with ``OWN`` behind it.

Level LT where the revocation lists are there; for a while those are waited for, then the record with its timestamp must do. When the
lists come after all, the same at level LT is one more object (``LATER``), noted with ``LT`` behind its name: nothing that is frozen is ever
changed, and what was proven of it stays proven (ADR 0085). All is attached to the event once, so that it goes when the record
goes by rule (R-21); outside the database only digests are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from tillid.kernel.errors import TillidError
from tillid.signatures.evidence_tree import digest
from tillid.signatures.long_term import freeze
from tillid.signatures.long_term_xades import parts
from tillid.signatures.personal import personal_moment
from tillid.signatures.personal_evidenced import freeze_personal
from tillid.signatures.timestamp_xades import with_timestamp
from tillid.signatures.trust import Trust
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.seal_record import PERSONAL, PERSONAL_STAMP, RECORD, TIMESTAMP

FROZEN, OWN_FROZEN = "record.frozen.xml", "personal.frozen.xml"
LATER, OWN_LATER = "record.frozen-lt.xml", "personal.frozen-lt.xml"
OWN, LT = ".personal", ".lt"
# What stands behind an event's id in a name → as what the frozen bytes are attached.
KINDS = {"": FROZEN, OWN: OWN_FROZEN, LT: LATER, OWN + LT: OWN_LATER}
T = TypeVar("T")
GRACE = timedelta(days=7)  # real lists come out at least as often


def event_of(name: str) -> str:
    """The id of the event whose record, or whose holder's own signature, is noted as ``name``."""
    return name.removesuffix(LT).removesuffix(OWN)


def kind_of(name: str) -> str:
    """As what the frozen bytes are attached."""
    return KINDS[name.removeprefix(event_of(name))]


class Freezing(NamedTuple):
    """``frozen``: the bytes, attached by now; ``wanted``: they are there or will be; ``rises``: they are at level T and may reach LT."""

    frozen: bytes | None
    wanted: bool
    rises: bool = False


def freeze_record(house: House, name: str, trust: Trust) -> Freezing:
    """Make what is noted as ``name`` and attach it, if it is not there and it is not too early."""
    event = house.ledger.event(event_of(name))
    attached = house.ledger.attachments(event.id) if event else {}
    kind, own, later = kind_of(name), name.removesuffix(LT).endswith(OWN), name.endswith(LT)
    what, stamp = (PERSONAL, PERSONAL_STAMP) if own else (RECORD, TIMESTAMP)
    if event is None or what not in attached or stamp not in attached:
        return Freezing(attached.get(kind), wanted=False)
    whole = (attached[what], attached[stamp])
    if (there := attached.get(kind)) is not None:
        below = not later and _kinds(own)[1] not in attached and is_level_t(there)
        return Freezing(there, wanted=True, rises=below and _at_lt(*whole, trust, own, house.moment)[1])
    made, may_come = _at_lt(*whole, trust, own, house.moment)
    rises = made is None and may_come
    if made is None:
        if later or house.moment < (personal_moment(attached[what]) if own else event.at) + GRACE:
            return Freezing(None, wanted=may_come or not later)
        made = with_timestamp(*whole)
    house.ledger.attach(event.id, kind, made)
    return Freezing(made, wanted=True, rises=rises)


def is_level_t(frozen: bytes) -> bool:
    """Whether nothing lies in what is frozen that says whether its certificates were revoked."""
    held = parts(frozen)
    return not held.lists and not held.answers


def best_proven(
    kinds: Mapping[str, bytes], proof_of: Callable[[bytes], T | None], *, own: bool = False
) -> tuple[bytes, T] | None:
    """Of what is attached to an event: the record, or its holder's ``own`` signature, frozen at level LT where there is a proof of that by
    now, else as it was frozen first, with its proof; ``None`` where there is none."""
    first, later = _kinds(own)
    for frozen in (kinds[one] for one in (later, first) if one in kinds):
        if (proof := proof_of(frozen)) is not None:
            return frozen, proof
    return None


def stamped_names(house: House) -> list[str]:
    """Names of all records and signatures that have a timestamp, for a store that was begun before there was evidence, or has lost it."""
    marks = (("", TIMESTAMP), (OWN, PERSONAL_STAMP))
    return [event_id + mark for event_id, attached in _all(house) for mark, stamp in marks if stamp in attached]


def frozen_digests(open_house: OpenHouse, old: str, new: str) -> dict[bytes, bytes]:
    """For a renewal of hash trees: the digest by ``old`` of all that is frozen → that by ``new``."""
    with open_house() as house:
        held = (attached[kind] for _, attached in _all(house) for kind in KINDS.values() if kind in attached)
        return {digest(old, data): digest(new, data) for data in held}


def _all(house: House) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    for document_id in house.documents.ids():
        for event in house.ledger.of_document(document_id):
            yield event.id, house.ledger.attachments(event.id)


def _at_lt(signed: bytes, stamp: bytes, trust: Trust, own: bool, at: datetime) -> tuple[bytes | None, bool]:
    """At level LT, ``None`` where that cannot be had; and whether it may come: no list cures a timestamp that is too late, say."""
    try:
        return (freeze_personal if own else freeze)(signed, stamp, trust, at=at), True
    except TillidError as error:  # its detail is the step of the verdict
        return None, error.detail.startswith(("revocation.", "personal.revocation-"))


def _kinds(own: bool) -> tuple[str, str]:
    return (OWN_FROZEN, OWN_LATER) if own else (FROZEN, LATER)
