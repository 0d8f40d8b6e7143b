"""What one person orders with a click: the outbox makes it, the second store keeps it for half an hour (design 18).

A preview of a draft, the PDF of what changed. ``ids`` are those of the outbox entry; ``person`` among them is whose it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tillid.kernel.canonical import sha256
from tillid.kernel.ids import derived_id
from tillid.usecases.ports import House, outbox_key

# ``again``: it did not work, and is tried again by itself.
MadeState = Literal["none", "working", "again", "failed", "ready"]
UNDER_WAY: tuple[MadeState, ...] = ("working", "again")


def order(house: House, step: str, ids: dict[str, str]) -> None:
    """Have it made, unless it is there or under way; what was given up is begun anew."""
    if state_of(house, step, ids) not in ("ready", *UNDER_WAY):
        house.outbox.remove(outbox_key(step, ids))
        house.outbox.add(step, ids, house.moment)


def state_of(house: House, step: str, ids: Mapping[str, str]) -> MadeState:
    """How far it is; shows nothing of it."""
    key = outbox_key(step, ids)
    if house.previews.holds(place_of(key), ids["person"], house.moment):
        return "ready"
    entry = house.outbox.get(key)
    if entry is None:
        return "none"
    if entry.dead:
        return "failed"
    return "again" if entry.attempts else "working"


def made(house: House, step: str, ids: Mapping[str, str]) -> bytes | None:
    """The file, as long as it is kept."""
    found = house.previews.get(place_of(outbox_key(step, ids)), ids["person"], house.moment)
    return None if found is None else found.data


def place_of(key: str) -> str:
    """Where what the entry ``key`` makes lies in the second store."""
    return derived_id(bytes.fromhex(sha256(key.encode())))
