"""How far an order of many documents is; it follows from what is there: a copy, an entry that waits or was given up."""

from __future__ import annotations

from typing import Literal

import msgspec

from tillid.process.access import Identity
from tillid.process.organisation import Round
from tillid.usecases.gathering import (
    Gathering,
    Item,
    gathering_of,
    key_of,
    made,
    may_be_taken,
    require_round,
    version_of,
)
from tillid.usecases.ports import House, OutboxEntry
from tillid.usecases.round_documents import documents_of_round


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A document that is not ready. ``state``: tried again by itself, given up, lost with its order, or closed to the person
    by now; ``code``: of the last error."""

    number: str
    state: Literal["again", "given_up", "lost", "closed"]
    code: str = ""


class HeldAlike(msgspec.Struct, frozen=True, kw_only=True):
    """What is held for the same reason, in the order's order: when LibreOffice is away it is all of it."""

    state: Literal["again", "given_up", "lost", "closed"]
    code: str
    numbers: tuple[str, ...]


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """``done``: no more is coming before the next try of what is ``held``: what is ready can be fetched. ``again``: some of that is
    tried again by itself."""

    gathering: Gathering
    ready: int
    waiting: int
    drafts: int
    held: tuple[Held, ...]

    @property
    def done(self) -> bool:
        return self.waiting == 0

    @property
    def again(self) -> bool:
        return any(one.state == "again" for one in self.held)

    @property
    def alike(self) -> tuple[HeldAlike, ...]:
        found: dict[tuple, list[str]] = {}
        for one in self.held:
            found.setdefault((one.state, one.code), []).append(one.number)
        return tuple(HeldAlike(state=s, code=code, numbers=tuple(numbers)) for (s, code), numbers in found.items())

    @property
    def wanted(self) -> int:
        return len(self.gathering.items) - self.drafts


class GatherPage(msgspec.Struct, frozen=True, kw_only=True):
    """``printed`` and ``drafts``: how many documents of either kind the person would get and be told of; asked only while
    nothing is ordered."""

    round: Round
    unit_name: str
    printed: int
    drafts: int
    progress: Progress | None


def gather_page(house: House, who: Identity, round_id: str) -> GatherPage:
    """The page before, while and after they are gathered, for who works in the round's unit or leads it; shows no content.
    Raises ``NotFound``."""
    round_ = require_round(house, who, round_id)
    unit = house.people.unit(round_.unit_id)
    progress = gather_progress(house, who, round_id)
    found = [] if progress else documents_of_round(house, who, round_)
    drafts = sum(1 for one in found if not one.version)
    return GatherPage(
        round=round_,
        unit_name=unit.name if unit else "",
        printed=len(found) - drafts,
        drafts=drafts,
        progress=progress,
    )


def gather_progress(house: House, who: Identity, round_id: str) -> Progress | None:
    """How far the order is; ``None`` when there is none. Raises ``NotFound``."""
    require_round(house, who, round_id)
    gathering = gathering_of(house, who, round_id)
    if gathering is None:
        return None
    ready, waiting, held = [], 0, []
    for item in (one for one in gathering.items if one.version):
        if made(version_of(house, item)):
            ready.append(item)
            continue
        entry = house.outbox.get(key_of(gathering, item))
        if entry is not None and not entry.attempts:
            waiting += 1
        else:
            held.append(_held(house, who, item, entry))
    # What is promised to be in the file is; while some is waited for, it costs too much to ask each second.
    closed = [] if waiting else [item for item in ready if not may_be_taken(house, who, item)]
    held += [Held(number=item.number, state="closed") for item in closed]
    drafts = sum(1 for item in gathering.items if not item.version)
    there = len(ready) - len(closed)
    return Progress(gathering=gathering, ready=there, waiting=waiting, drafts=drafts, held=tuple(held))


def _held(house: House, who: Identity, item: Item, entry: OutboxEntry | None) -> Held:
    if entry is not None:
        return Held(number=item.number, state="given_up" if entry.dead else "again", code=entry.last_error)
    return Held(number=item.number, state="lost" if may_be_taken(house, who, item) else "closed")
