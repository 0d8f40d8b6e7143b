"""Any number of closed example cases with varied Danish texts, for the archive's search and for benchmarks.

Deterministic: case ``number`` of a seed is always the same, however many are asked for. Plain data; who turns a case
into documents uses the use cases. All of them come from area Syd and its three units.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Literal

import msgspec

from tillid.consents.custody import Custody, Holder
from tillid.demo.data import FOLDER, demo_data, read_file
from tillid.process.organisation import Child, Parent

Outcome = Literal["released", "withdrawn", "closed"]
_OUTCOMES: tuple[Outcome, ...] = ("released",) * 7 + ("withdrawn",) * 2 + ("closed",)
_PRONOUNS = {
    "han": {"han": "han", "Han": "Han", "ham": "ham", "hans": "hans"},
    "hun": {"han": "hun", "Han": "Hun", "ham": "hende", "hans": "hendes"},
}
_RARE = 0.25  # share of cases with one sentence that few others have
_BIRTHS = 1461  # days of birth to choose from, per kind of transition
_OLDEST = {"bh_sk": date(2016, 1, 1), "dp_bh": date(2019, 3, 1)}
_UNITS = {"bh_sk": ("aakanden", "bakkeskolen", "skole_sfo"), "dp_bh": ("kastanjen", "aakanden", "boernehave")}


class _Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    pronoun: Literal["han", "hun"]


class _Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    limit: int
    take: int
    sentences: tuple[str, ...]


class _Rare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    field: str
    text: str


class Pool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What cases are made of, as ``archive_pool.yaml`` holds it."""

    first_names: tuple[_Name, ...]
    parent_names: tuple[str, ...]
    surnames: tuple[str, ...]
    interests: tuple[str, ...]
    sections: dict[Literal["professional", "parents", "child"], dict[str, _Field]]
    rare: tuple[_Rare, ...]


class ArchiveCase(msgspec.Struct, frozen=True, kw_only=True):
    """One case. ``parents`` are all custody holders; ``withdrawn_at`` only with that outcome.

    ``child`` is at the sending unit, ``child_moved`` the same child at the receiving one.

    ``closed``: the parents and the professional agreed on a text, but no consent was asked; the case was closed.
    """

    number: int
    child: Child
    child_moved: Child
    child_cpr: str
    parents: tuple[tuple[Parent, str], ...]
    custody: Custody
    document_id: str
    form_id: str
    form_version: int
    variant: str
    author_id: str
    unit_id: str
    receiver_unit_id: str
    professional: dict[str, Any]
    leader: dict[str, Any]
    parents_part: dict[str, Any]
    child_part: dict[str, Any]
    begun_at: datetime
    shared_at: datetime
    agreed_at: datetime
    consented_at: datetime | None
    withdrawn_at: datetime | None
    closed_at: datetime
    outcome: Outcome

    @property
    def answers(self) -> dict[str, Any]:
        """All parts together."""
        return {**self.professional, **self.leader, **self.parents_part, **self.child_part}


def archive_cases(count: int = 60, *, seed: int = 2026) -> Iterator[ArchiveCase]:
    """The first ``count`` cases of ``seed``. Raises ``DemoError`` when the pool cannot be read."""
    for number in range(count):
        yield archive_case(number, seed=seed)


def archive_case(number: int, *, seed: int = 2026) -> ArchiveCase:
    """Case ``number`` (from 0) of ``seed``."""
    chance = random.Random(f"{seed}:{number}")
    variant = "bh_sk" if number % 2 == 0 else "dp_bh"
    born = _OLDEST[variant] + timedelta(days=(number // 2 * 367) % _BIRTHS)
    starts = _starts(variant, born)
    outcome = chance.choice(_OUTCOMES)
    name = chance.choice(pool().first_names)
    surname = chance.choice(pool().surnames)
    child = _child(chance, variant, born, f"{name.name} {surname}")
    parents = _parents(chance, number, surname)
    moments = _moments(chance, starts, outcome)
    return ArchiveCase(
        number=number,
        child=child,
        child_moved=_moved(child, variant, starts),
        child_cpr=_impossible_cpr(born, _serial(number, 0)),
        parents=parents,
        custody=_custody(child, [parent for parent, _ in parents], moments["begun_at"]),
        document_id=_id(chance),
        form_id="overgangsbeskrivelse",
        form_version=3,
        variant=variant,
        outcome=outcome,
        **_places(variant),
        **_parts(chance, variant, name, starts),
        **moments,
    )


@cache
def pool() -> Pool:
    """The committed pool of names and sentences, read once. Raises ``DemoError``."""
    return read_file(FOLDER, "archive_pool.yaml", Pool)


def _starts(variant: str, born: date) -> date:
    """School begins in August of the year the child turns six, børnehave at two years and eleven months."""
    if variant == "bh_sk":
        return date(born.year + 6, 8, 1)
    months = born.year * 12 + born.month - 1 + 34 + 1
    return date(months // 12, months % 12 + 1, 1)


def _places(variant: str) -> dict[str, str]:
    data = demo_data()
    sender, receiver, _ = _UNITS[variant]
    return {
        "author_id": data.staff["karen"].id,
        "unit_id": data.units[sender].id,
        "receiver_unit_id": data.units[receiver].id,
    }


def _child(chance: random.Random, variant: str, born: date, name: str) -> Child:
    return Child(
        id=_id(chance),
        name=name,
        birth_date=born,
        unit_id=demo_data().units[_UNITS[variant][0]].id,
        group=chance.choice(("Bækstuen", "Skovstuen", "Havstuen")),
        variant="boernehave" if variant == "bh_sk" else "dagpleje_vuggestue",
    )


def _moved(child: Child, variant: str, starts: date) -> Child:
    _, receiver, kind = _UNITS[variant]
    group = "0.A" if kind == "skole_sfo" else "Åstuen"
    left = {child.unit_id: starts - timedelta(days=1)}
    unit = demo_data().units[receiver].id
    return msgspec.structs.replace(child, unit_id=unit, group=group, variant=kind, left=left)


def _parents(chance: random.Random, number: int, surname: str) -> tuple[tuple[Parent, str], ...]:
    """Two holders, in one case of five only one; the second often has another surname."""
    holders = []
    for which, first in enumerate(chance.sample(pool().parent_names, 1 if chance.random() < 0.2 else 2)):
        last = surname if which == 0 or chance.random() < 0.4 else chance.choice(pool().surnames)
        born = date(1978, 1, 1) + timedelta(days=(number // 2 * 1009 + which * 400) % (_BIRTHS * 5))
        parent = Parent(id=_id(chance), name=f"{first} {last}", mitid=True)
        holders.append((parent, _impossible_cpr(born, _serial(number, which))))
    return tuple(holders)


def _custody(child: Child, parents: list[Parent], asked: datetime) -> Custody:
    born = datetime(child.birth_date.year, child.birth_date.month, child.birth_date.day, tzinfo=UTC)
    holders = tuple(Holder(person_id=p.id, name=p.name, relation="parent", resident=True, since=born) for p in parents)
    return Custody(child_id=child.id, holders=holders, shared_residence=False, checked_at=asked)


def _parts(chance: random.Random, variant: str, name: _Name, starts: date) -> dict[str, dict[str, Any]]:
    thing, other = chance.sample(pool().interests, 2)
    words = {"navn": name.name, "ting": thing, "ting2": other, **_PRONOUNS[name.pronoun]}
    parts: dict[str, dict[str, Any]] = {
        part: {field_id: _text(chance, field, words) for field_id, field in fields.items()}
        for part, fields in pool().sections.items()
    }
    professional = parts["professional"]
    professional |= {"overgangstype": variant, "startdato": starts.isoformat(), "u_position": False}
    professional |= _references(variant)
    if variant != "bh_sk":
        del professional["u_laering"]  # asked from school start on
    if chance.random() < _RARE:
        rare = chance.choice(pool().rare)
        part = parts["professional" if rare.field.startswith("u_") else "parents"]
        part[rare.field] = " ".join(filter(None, (part.get(rare.field), rare.text.format(**words))))
    return {
        "professional": professional,
        "leader": {"u_skolestart": False} if variant == "bh_sk" else {},
        "parents_part": parts["parents"],
        "child_part": parts["child"],
    }


def _references(variant: str) -> dict[str, dict[str, str]]:
    data = demo_data()
    receiver, contact = data.units[_UNITS[variant][1]], data.staff["karen"]
    return {
        "til_enhed": {"id": receiver.id, "name": receiver.name},
        "kontakt_afgiver": {"id": contact.id, "name": contact.name},
    }


def _text(chance: random.Random, field: _Field, words: dict[str, str]) -> str:
    return " ".join(sentence.format(**words) for sentence in chance.sample(field.sentences, field.take))


def _moments(chance: random.Random, starts: date, outcome: Outcome) -> dict[str, datetime | None]:
    """Begun two to four months before the child starts, on an ordinary working hour; each step some days later."""
    moment = datetime(starts.year, starts.month, starts.day, 8, tzinfo=UTC) - timedelta(days=chance.randint(60, 120))

    def later(first: int, last: int) -> datetime:
        nonlocal moment
        moment += timedelta(days=chance.randint(first, last), minutes=chance.randint(1, 300))
        return moment

    asked, withdrawn = outcome != "closed", outcome == "withdrawn"
    return {
        "begun_at": moment,
        "shared_at": later(3, 10),
        "agreed_at": later(2, 12),
        "consented_at": later(1, 9) if asked else None,
        "withdrawn_at": later(2, 20) if withdrawn else None,
        "closed_at": later(150, 200),
    }


def _serial(number: int, which: int) -> int:
    """Numbers never meet: with the day of birth, which also follows from ``number``, every CPR number is used once."""
    return 1000 + number // (2 * _BIRTHS) * 4 + number % 2 * 2 + which


def _impossible_cpr(born: date, serial: int) -> str:
    """A replacement number: day + 60, so that it can belong to nobody."""
    return f"{born.day + 60:02}{born:%m%y}-{serial:04}"


def _id(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))
