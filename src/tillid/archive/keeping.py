"""How a document is kept: its mark, what holds it, and how far its destruction has come. A pure function of its events.

Nothing is stored beside the ledger: a hold and a destruction that meet are two appends for one child, of which one runs
again on what the other wrote (R-21), so a held document is never destroyed by who came a moment earlier.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

import msgspec

from tillid.archive.retention import after
from tillid.consents.events import Event
from tillid.consents.remarks import remarks_of
from tillid.kernel.clock import local_day

Mark = Literal["bevares", "kasseres", "uafklaret"]
HoldKind = Literal["legal", "insight", "open_case"]
# Why nothing is destroyed now; in this order on the page.
Stop = Literal[
    "held", "restricted", "undecided", "not_archived", "no_rule", "not_due", "in_use", "followed", "not_ordered", "not_confirmed",
    "same_person", "cooling_off",
]  # fmt: skip

PLACED, LIFTED = "hold_placed", "hold_lifted"
APPRAISED, TRANSFERRED = "document_appraised", "transfer_approved"
ORDERED, CONFIRMED, CANCELLED = "destruction_ordered", "destruction_confirmed", "destruction_cancelled"
DESTROYED, WARNED = "document_destroyed", "draft_warned"
KINDS = (PLACED, LIFTED, APPRAISED, TRANSFERRED, ORDERED, CONFIRMED, CANCELLED, DESTROYED, WARNED)


# What brings another text, or makes a closed case go on: the archive has approved what was there before, and not this, and
# nobody has asked for the destruction of it.
_GOES_ON = (
    "version_shared",
    "version_agreed",
    "version_corrected",
    "document_submitted",
    "document_closed",
    "document_reopened",
)


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``hold_placed``: why nobody may destroy it."""

    kind: HoldKind
    reason: str


class Lifted(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``hold_lifted``. ``hold``: the event that placed it."""

    hold: str
    reason: str


class Appraisal(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``document_appraised`` (R-82). ``subject`` and ``facet``: KLE; ``basis``: the provision or the council's
    decision that says so; for ``kasseres`` none of the three may be missing (R-81)."""

    mark: Mark
    subject: str
    facet: str
    basis: str
    reason: str


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``transfer_approved``: the receiving archive has said that it has it (R-83). Of a package: its id, the SHA-256 of its
    root METS and of the receipt, and who ordered it to be recorded (``record_transfer.py``)."""

    archive: str
    reference: str
    approved_on: date
    package: str = ""
    digest: str = ""
    receipt: str = ""
    by: str = ""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``destruction_ordered``. ``appraisal``: the event it rests on; another appraisal, and it is void."""

    appraisal: str
    reason: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``destruction_confirmed`` and ``destruction_cancelled``. ``order``: the event."""

    order: str
    reason: str = ""


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A hold that stands."""

    id: str
    by: str
    at: datetime
    hold: Hold


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """An order that was not cancelled."""

    id: str
    by: str
    at: datetime
    reason: str
    confirmed_by: str = ""
    confirmed_at: datetime | None = None


class Keeping(msgspec.Struct, frozen=True, kw_only=True):
    """What is so now. ``appraised_by``: who set the mark; ``transfer``: of the document as it is now; ``restricted``: its use is (GDPR art. 18): whoever asked for that may need it."""

    appraisal: Appraisal | None = None
    appraised_by: str = ""
    appraised_event: str = ""
    holds: tuple[Placed, ...] = ()
    transfer: Transfer | None = None
    order: Ordered | None = None
    restricted: bool = False

    @property
    def mark(self) -> Mark:
        """Born undecided (R-82)."""
        return self.appraisal.mark if self.appraisal else "uafklaret"


def keeping_of(events: Iterable[Event]) -> Keeping:
    """From the document's events, in the order appended."""
    found, every = Keeping(), list(events)
    for event in every:
        if event.kind in _GOES_ON:
            found = msgspec.structs.replace(found, transfer=None, order=None)
        if event.kind in _READ:
            found = msgspec.structs.replace(found, **_READ[event.kind](found, event))
    restricted = bool(remarks_of(every).restrictions)
    return msgspec.structs.replace(found, restricted=True) if restricted else found


def _placed(found: Keeping, event: Event) -> dict:
    hold = Placed(id=event.id, by=event.actor, at=event.at, hold=msgspec.convert(event.payload, Hold))
    return {"holds": (*found.holds, hold)}


def _lifted(found: Keeping, event: Event) -> dict:
    lifted = msgspec.convert(event.payload, Lifted).hold
    return {"holds": tuple(one for one in found.holds if one.id != lifted)}


def _appraised(found: Keeping, event: Event) -> dict:
    appraisal = msgspec.convert(event.payload, Appraisal)
    return {"appraisal": appraisal, "appraised_by": event.actor, "appraised_event": event.id, "order": None}


def _transferred(found: Keeping, event: Event) -> dict:
    return {"transfer": msgspec.convert(event.payload, Transfer)}


def _ordered(found: Keeping, event: Event) -> dict:
    order = msgspec.convert(event.payload, Order)
    if order.appraisal != found.appraised_event:
        return {}
    return {"order": Ordered(id=event.id, by=event.actor, at=event.at, reason=order.reason)}


def _confirmed(found: Keeping, event: Event) -> dict:
    if found.order is None or found.order.id != msgspec.convert(event.payload, Answer).order:
        return {}
    return {"order": msgspec.structs.replace(found.order, confirmed_by=event.actor, confirmed_at=event.at)}


def _cancelled(found: Keeping, event: Event) -> dict:
    same = found.order is not None and found.order.id == msgspec.convert(event.payload, Answer).order
    return {"order": None} if same else {}


_READ = {
    PLACED: _placed,
    LIFTED: _lifted,
    APPRAISED: _appraised,
    TRANSFERRED: _transferred,
    ORDERED: _ordered,
    CONFIRMED: _confirmed,
    CANCELLED: _cancelled,
}


def stops_order(
    keeping: Keeping, due: date | None, today: date, *, has_rule: bool, in_use: bool, followed: bool = False
) -> tuple[Stop, ...]:
    """Why its destruction cannot even be asked for (R-82, R-83, R-90). ``in_use``: somebody reads it on a consent or a
    decision that is effective; ``followed``: what a receiver wrote on after it is there, which never outlives it (ADR 0074)."""
    every: tuple[tuple[Stop, bool], ...] = (
        ("held", bool(keeping.holds)),
        ("restricted", keeping.restricted),
        ("undecided", keeping.mark == "uafklaret"),
        ("not_archived", keeping.mark == "bevares" and keeping.transfer is None),
        ("no_rule", not has_rule),
        ("not_due", has_rule and (due is None or today < due)),
        ("in_use", in_use),
        ("followed", followed),
    )
    return tuple(stop for stop, stands in every if stands)


def earliest(order: Ordered | None, cooling_off: str) -> date | None:
    """The first day on which a confirmed order may be carried out."""
    if order is None or order.confirmed_at is None:
        return None
    return after(local_day(order.confirmed_at), cooling_off)


def stops_destruction(
    keeping: Keeping,
    due: date | None,
    today: date,
    cooling_off: str,
    *,
    has_rule: bool,
    in_use: bool,
    followed: bool = False,
) -> tuple[Stop, ...]:
    """Why it cannot be destroyed now: the only question that the destroying step asks."""
    order, first = keeping.order, earliest(keeping.order, cooling_off)
    every: tuple[tuple[Stop, bool], ...] = (
        ("not_ordered", order is None),
        ("not_confirmed", order is not None and not order.confirmed_by),
        ("same_person", order is not None and order.confirmed_by == order.by),
        ("cooling_off", first is not None and today < first),
    )
    before = stops_order(keeping, due, today, has_rule=has_rule, in_use=in_use, followed=followed)
    return (*before, *(stop for stop, stands in every if stands))
