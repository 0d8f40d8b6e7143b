"""Words that a professional wrote for a parent in a talk ("skrevet sammen med"): whose they are, and what is confirmed (O2).

A field can hold the words of several holders: when two fields were merged, or when somebody wrote on in a text that waited
for another. Then each of them confirms, and nothing counts as confirmed that the person has not read as it stands. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tillid.documents.model import Draft, WrittenFor

RUN = 3  # so many words in a row are somebody's; fewer are anybody's


def waiting(draft: Draft) -> dict[str, frozenset[str]]:
    """Field id → the holders whose confirmation it waits for; fields that wait for nobody are left out."""
    found = {name: _unconfirmed(talks) for name, talks in draft.written_for.items()}
    return {name: holders for name, holders in found.items() if holders}


def waiting_for(draft: Draft, holder: str) -> list[str]:
    """The fields that wait for ``holder``'s confirmation."""
    return [name for name, holders in waiting(draft).items() if holder in holders]


def confirmed_by(draft: Draft, holders: Collection[str], moment: datetime) -> Draft:
    """``draft`` with everything confirmed at ``moment`` that waits for one of ``holders``."""
    words = {
        name: tuple(
            replace(one, confirmed_at=one.confirmed_at or moment) if one.with_holder in holders else one
            for one in talks
        )
        for name, talks in draft.written_for.items()
    }
    return replace(draft, written_for=words)


def again(talks: Iterable[WrittenFor], revision: int) -> tuple[WrittenFor, ...]:
    """``talks`` about other words than those confirmed: each holder once, all waiting."""
    holders = {one.with_holder: replace(one, revision=revision, confirmed_at=None) for one in talks}
    return tuple(holders.values())


def lives_on(before: Any, after: Any) -> bool:
    """Whether words of ``before`` stand in ``after``: a run of three, or all of a shorter text; of a choice, the choice
    itself; of rows, any row."""
    if before is None or after is None:
        return False
    if isinstance(before, str) and isinstance(after, str):
        own, now = before.casefold().split(), f" {' '.join(after.casefold().split())} "
        runs = [own[at : at + RUN] for at in range(max(1, len(own) - RUN + 1))]
        return bool(own) and any(f" {' '.join(run)} " in now for run in runs)
    if isinstance(before, list) and isinstance(after, list):
        return any(lives_on(row, other) for row in before for other in after)
    return bool(before == after)


def _unconfirmed(talks: Iterable[WrittenFor]) -> frozenset[str]:
    return frozenset(one.with_holder for one in talks if one.confirmed_at is None)
