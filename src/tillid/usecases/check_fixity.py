"""Every stored byte is read again and held against its digest, a share a day, so that each month all was read.

Blobs (PDFs, revisions, attachments), frozen answers, the links of each document's events, and packages that came from others. What is found stays an alarm on
the administrator's page until a later reading of the same thing finds it whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol

import msgspec

from tillid.archive.fixity import DAYS, Damage, Fixity, Share
from tillid.consents.events import broken_links
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError
from tillid.usecases.ports import Blobs, Documents, House, ImportedPackages, Ledger, OpenHouse

IMPORTED = "imported:"
_AT_ONCE = 50  # things looked at in one transaction
_MOST_TOLD = 100
_MOST_SHARES = 62


class Stored(Protocol):
    """What is read: a house, or the store alone."""

    @property
    def blobs(self) -> Blobs: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def imported(self) -> ImportedPackages | None: ...


def is_due(state: Fixity | None, now: datetime) -> bool:
    """Once a day."""
    return state is None or now - state.ran_at >= timedelta(days=1)


def check_share(open_house: OpenHouse, days: int = DAYS) -> Fixity:
    """Read the next share of what is stored (all of it with ``days=1``), and keep what was found."""
    with open_house() as house:
        state = house.blobs.fixity() or Fixity(began_at=house.moment, ran_at=house.moment)
        things, imported = _counted(house)
    left, share = -(-things // days), Share(at=state.ran_at, things=0, size=0, damaged=0, whole=False)
    before, kept = len(state.damages), state.shares
    while True:
        with open_house() as house:
            state, read, size = _some(house, state, min(left, _AT_ONCE))
            left -= read
            share = _grown(share, house.moment, read, size, len(state.damages) - before)
            ended = read == 0 or next(_things(house, state.after), None) is None
            state = _ended(state, house.moment, things) if ended else state
            share = msgspec.structs.replace(share, whole=ended)
            state = msgspec.structs.replace(
                state, ran_at=house.moment, things=things, imported=imported, shares=(share, *kept)[:_MOST_SHARES]
            )
            house.blobs.keep_fixity(state)
        if ended or left <= 0:
            return state


def read_all(stored: Stored, moment: datetime) -> Fixity:
    """All of it at once, from a view that nobody writes to; nothing is kept of it."""
    found = Fixity(began_at=moment, ran_at=moment)
    things = imported = read = 0
    damages = []
    for thing in _things(stored, ""):
        how, size = look_at(stored, thing)
        things, imported, read = things + 1, imported + thing.startswith(IMPORTED), read + size
        if how:
            damages.append(Damage(what=thing, how=how, at=moment))
    return msgspec.structs.replace(
        found, things=things, imported=imported, done=things, size=read, whole_at=moment, damages=tuple(damages)
    )


def _grown(share: Share, at: datetime, things: int, size: int, damaged: int) -> Share:
    return Share(at=at, things=share.things + things, size=share.size + size, damaged=max(damaged, 0), whole=False)


def _some(house: House, state: Fixity, most: int) -> tuple[Fixity, int, int]:
    damages = {one.what: one for one in state.damages}
    read = size = 0
    after = state.after
    for after in islice(_things(house, state.after), max(most, 0)):
        how, bytes_ = look_at(house, after)
        read, size = read + 1, size + bytes_
        damages.pop(after, None)
        if how:
            damages[after] = Damage(what=after, how=how, at=house.moment)
    told = tuple(damages.values())[-_MOST_TOLD:]
    new = msgspec.structs.replace(state, after=after, done=state.done + read, size=state.size + size, damages=told)
    return new, read, size


def _ended(state: Fixity, moment: datetime, things: int) -> Fixity:
    """A round is through: the next begins at the beginning; a damage of what is there no more is forgotten."""
    return Fixity(began_at=moment, ran_at=moment, whole_at=moment, things=things,
                  damages=tuple(one for one in state.damages if one.at >= state.began_at))  # fmt: skip


def _things(house: Stored, after: str) -> Iterator[str]:
    """Everything that has a digest, in one order: ``blob:…`` before ``document:…`` before ``imported:…``."""
    if after < "blob;":
        yield from (f"blob:{digest}" for digest in house.blobs.digests(after.removeprefix("blob:")))
    if after < "document;":
        last = after.removeprefix("document:") if after.startswith("document:") else ""
        yield from (f"document:{id_}" for id_ in house.documents.ids(last))
    if house.imported is not None:
        last = after.removeprefix(IMPORTED) if after.startswith(IMPORTED) else ""
        yield from (f"{IMPORTED}{id_}" for id_ in house.imported.ids(last))


def _counted(house: Stored) -> tuple[int, int]:
    """How many things there are, and how many of them came from others."""
    things = imported = 0
    for thing in _things(house, ""):
        things, imported = things + 1, imported + thing.startswith(IMPORTED)
    return things, imported


def look_at(house: Stored, thing: str) -> tuple[str, int]:
    """What is wrong with one thing (empty: nothing), and how many bytes were read."""
    kind, _, name = thing.partition(":")
    if kind == "blob":
        try:
            data = house.blobs.get(name)
        except TillidError as error:
            return error.code, 0
        return ("", len(data)) if data is not None else ("", 0)  # destroyed meanwhile
    if kind == "imported" and house.imported is not None:
        try:
            return "", house.imported.read_again(name)
        except TillidError as error:
            return error.code, 0
    return _document(house, name), 0


def _document(house: Stored, document_id: str) -> str:
    document = house.documents.get(document_id)
    if document is None:
        return ""
    for number in range(1, document.versions + 1):
        version = house.documents.version(document_id, number)
        if version is None or json_digest(version.answers) != version.answers_digest:
            return "fixity.answers"
        stored = [*version.copies.values(), *version.receiver_copies.values()]
        names = [*(one.sha256 for one in stored), *(one.tail for one in version.archive_revisions)]
        if not all(house.blobs.holds(name) for name in names):
            return "fixity.copy-missing"
    return "fixity.events" if broken_links(house.ledger.of_document(document_id)) else ""
