"""A case of insight: who asks for what is kept about a child, what was found, what is given and what is held back (R-72).

A pure function of the case's own events in the child's ledger, as keeping is (``keeping.py``): each step says who and when. No
step holds a text of any document; ids, codes and the officer's own reasons alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, get_args

import msgspec

from tillid.archive.insight_days import Basis, Prolonged, answer_day
from tillid.consents.events import Event
from tillid.documents.boxes import Box
from tillid.documents.passages import Passage
from tillid.kernel.canonical import json_digest

ASKED, COLLECTED, DECIDED = "insight_asked", "insight_collected", "insight_decided"
REVIEWED, REOPENED = "insight_reviewed", "insight_reopened"
PROLONGED, HANDED, REFUSED = "insight_prolonged", "insight_handed_out", "insight_refused"
FORGOTTEN = "insight_forgotten"
KINDS = (ASKED, COLLECTED, DECIDED, REVIEWED, REOPENED, PROLONGED, HANDED, REFUSED)

Asker = Literal["holder", "child", "lawyer", "authority", "other"]
ItemKind = Literal[
    "version", "draft", "words", "overview", "file", "record", "consents", "notices", "log", "register"
]  # fmt: skip
# Why something is held back until it is reviewed; in this order on the page.
Held = Literal[
    "notification", "not_told", "uncertain", "notifier",  # of underretninger alone (insight_intake.py)
    "other_parent", "third_person", "protected_address", "contact", "cpr", "internal", "unfinished", "group", "file"
]  # fmt: skip
Choice = Literal["give", "redact", "hold"]
State = Literal["open", "collected", "reviewed", "handed_out", "refused"]
ASKERS: tuple[Asker, ...] = get_args(Asker)
BASES: tuple[Basis, ...] = get_args(Basis)
CHOICES: tuple[Choice, ...] = get_args(Choice)
# What is read as a text with answers, and rendered for the package.
TEXTS: frozenset[ItemKind] = frozenset({"version", "draft", "words", "overview"})
# Of these a part can be left out: the answers of a text, the lines about others, what boxes cover of a file.
REDACTABLE: frozenset[ItemKind] = TEXTS | {"file", "consents", "log"}


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``insight_asked``. ``number``: for people on paper; ``name``: who asks; ``holder_id``: the custody holder who
    asks or for whom a lawyer does, else empty; ``identity``: how it was made sure who that is; ``asked_on``: when it came."""

    number: str
    asker: Asker
    name: str
    holder_id: str
    identity: str
    basis: Basis
    asked_on: date


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is looked at before it is given; ``field`` is empty where it is the whole item."""

    held: Held
    field: str = ""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was found. ``of``: the holder, in notices; the event, of a record or of a scanned answer on paper; of a draft, which
    of its texts, and of words beside a document, up to which event (``usecases/insight_sources.py``); the child, of its part of an
    overview."""

    kind: ItemKind
    document_id: str = ""
    version: int = 0
    field: str = ""
    place: int = 0
    of: str = ""
    digest: str = ""
    flags: tuple[Flag, ...] = ()

    @property
    def id(self) -> str:
        """The same for the same thing, collected again; another once what it holds is another."""
        about = [self.kind, self.document_id, self.version, self.field, self.place, self.of, self.digest]
        return json_digest(about)[:32]


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``insight_collected``: everything found at that moment, in order. ``elsewhere``: how many documents of the child
    other controllers have, which they answer for themselves (R-05)."""

    items: tuple[Item, ...]
    elsewhere: int = 0


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``insight_decided``. ``fields`` and ``passages``: left out of a document, ``boxes``: of a file, in the very text or
    file that ``item`` is the digest of; ``provision`` and ``reason``: told to who asked, unless all is given."""

    item: str
    choice: Choice
    fields: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    boxes: tuple[Box, ...] = ()
    provision: str = ""
    reason: str = ""


class HandedOut(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``insight_handed_out``. ``how``: the way it went; ``sha256``: of the package that went."""

    how: str
    sha256: str


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``insight_refused``: nothing is given at all."""

    provision: str
    reason: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, for the list on the page."""

    kind: str
    by: str
    at: datetime


class InsightCase(msgspec.Struct, frozen=True, kw_only=True):
    """``decisions``: item id → the newest, of items that are still among the collected."""

    id: str
    child_id: str
    request: Request
    begun_by: str
    begun_at: datetime
    state: State = "open"
    collected: Collected | None = None
    collected_at: datetime | None = None
    decisions: dict[str, Decision] = {}
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    prolonged: Prolonged | None = None
    handed: HandedOut | None = None
    refusal: Refusal | None = None
    steps: tuple[Step, ...] = ()

    @property
    def due(self) -> date:
        """The day by which it must be answered."""
        return self.prolonged.until if self.prolonged else self.first_due

    @property
    def first_due(self) -> date:
        """The day it would be without having been prolonged."""
        return answer_day(self.request.basis, self.request.asked_on)

    @property
    def items(self) -> tuple[Item, ...]:
        return self.collected.items if self.collected else ()

    @property
    def undecided(self) -> tuple[Item, ...]:
        """What is held back because nobody has looked at it yet."""
        return tuple(one for one in self.items if one.flags and one.id not in self.decisions)

    def choice_of(self, item: Item) -> Choice:
        """Held back until it is reviewed; given where there was nothing to look at."""
        decided = self.decisions.get(item.id)
        return decided.choice if decided else "hold" if item.flags else "give"

    @property
    def given_documents(self) -> tuple[Item, ...]:
        """The texts that are rendered for the package."""
        return tuple(one for one in self.items if one.kind in TEXTS and self.choice_of(one) != "hold")

    @property
    def made_items(self) -> tuple[Item, ...]:
        """What is made anew for the package: texts, and files with boxes."""
        boxed = (one for one in self.items if one.kind == "file" and self.choice_of(one) == "redact")
        return (*self.given_documents, *boxed)

    @property
    def given_records(self) -> tuple[Item, ...]:
        """The sealed records that go along."""
        return tuple(one for one in self.items if one.kind == "record" and self.choice_of(one) != "hold")

    @property
    def closed(self) -> bool:
        return self.state in ("handed_out", "refused")

    @property
    def closed_at(self) -> datetime | None:
        return next((one.at for one in self.steps if one.kind in (HANDED, REFUSED)), None)

    @property
    def digest(self) -> str:
        """Of what was found and decided: a package belongs to exactly that."""
        return json_digest([self.id, [one.id for one in self.items], msgspec.to_builtins(self.decisions)])


def case_of(events: Iterable[Event]) -> InsightCase | None:
    """The case that ``events`` (all of its series, in order) tell of; ``None`` without its first."""
    found: InsightCase | None = None
    for event in events:
        if event.kind == ASKED:
            request = msgspec.convert(event.payload, Request)
            found = InsightCase(
                id=event.document_id, child_id=event.child_id, request=request, begun_by=event.actor, begun_at=event.at
            )
        if found is not None:
            found = carried_on(found, event)
    return found


def carried_on(found: InsightCase, event: Event) -> InsightCase:
    """The case after ``event``, one of its series."""
    if event.kind not in KINDS:
        return found
    changes = _READ.get(event.kind, _nothing)(found, event)
    steps = (*found.steps, Step(kind=event.kind, by=event.actor, at=event.at))
    return msgspec.structs.replace(found, steps=steps, **changes)


def _nothing(found: InsightCase, event: Event) -> dict:
    return {}


def _collected(found: InsightCase, event: Event) -> dict:
    collected = msgspec.convert(event.payload, Collected)
    ids = {one.id for one in collected.items}
    kept = {item: decision for item, decision in found.decisions.items() if item in ids}
    return {"collected": collected, "collected_at": event.at, "decisions": kept, **_REOPENED}


def _decided(found: InsightCase, event: Event) -> dict:
    decision = msgspec.convert(event.payload, Decision)
    return {"decisions": {**found.decisions, decision.item: decision}}


def _reviewed(found: InsightCase, event: Event) -> dict:
    return {"state": "reviewed", "reviewed_by": event.actor, "reviewed_at": event.at}


def _reopened(found: InsightCase, event: Event) -> dict:
    return dict(_REOPENED)


def _prolonged(found: InsightCase, event: Event) -> dict:
    return {"prolonged": msgspec.convert(event.payload, Prolonged)}


def _handed(found: InsightCase, event: Event) -> dict:
    return {"state": "handed_out", "handed": msgspec.convert(event.payload, HandedOut)}


def _refused(found: InsightCase, event: Event) -> dict:
    return {"state": "refused", "refusal": msgspec.convert(event.payload, Refusal)}


_REOPENED = {"state": "collected", "reviewed_by": "", "reviewed_at": None}
_READ = {
    COLLECTED: _collected,
    DECIDED: _decided,
    REVIEWED: _reviewed,
    REOPENED: _reopened,
    PROLONGED: _prolonged,
    HANDED: _handed,
    REFUSED: _refused,
}
