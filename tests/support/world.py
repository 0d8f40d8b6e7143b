"""A small Solbjerg on a plain ZODB with the real parts: real LibreOffice, real seal, real index, real audit file.

The stages of the walk are played once per session and copied for each test, so that a test starts where it needs to.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tillid.adapters.audit_file import FileAudit
from tillid.adapters.keyfile import KeyFileSigner, create_demo_key
from tillid.adapters.tantivy.index import TantivyIndex
from tillid.cms.store.plain import PlainStore
from tillid.consents.model import ConsentRequest, LoginEvidence
from tillid.demo.loading import ANSWERS, DemoPeople, demo_people, demo_settings, load_people
from tillid.documents.model import Document
from tillid.forms.loading import load_definitions
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import FixedClock
from tillid.kernel.ids import new_id
from tillid.kernel.paths import SIGNING
from tillid.process.access import Identity
from tillid.signatures.trust import load_trust
from tillid.usecases.agree import confirm_agreement
from tillid.usecases.fill import Change, save_fields, text_digest
from tillid.usecases.follow_up import STEPS
from tillid.usecases.give_consent import Receipt, give_consent
from tillid.usecases.ports import House, Renderer
from tillid.usecases.request_consent import request_consent
from tillid.usecases.share_document import share_document
from tillid.usecases.start_document import start_document
from tillid.wiring import Parts

START = datetime(2026, 11, 25, 9, 0, 0, tzinfo=UTC)


@dataclass
class World:
    """One store and its parts. ``ids``: handle → id of the demo's people; ``made``: ids a stage left behind."""

    folder: Path
    renderer: Renderer
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))
    made: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        key, chain = create_demo_key(self.folder / "keys")
        self.store = PlainStore(self.folder / "zodb", b"m" * 32, custody_source=None)
        self.parts = Parts(
            settings=demo_settings(),
            definitions=load_definitions(),
            audit=FileAudit(self.folder / "audit" / "audit.jsonl", self.clock),
            seal=KeyFileSigner(key, chain, demo=True),
            search=TantivyIndex(self.folder / "index"),
            renderer=self.renderer,
            trust=load_trust(SIGNING / "trust" / "test"),
            secret=b"s" * 32,
            municipality_key=b"m" * 32,
            clock=self.clock,
        )
        self.ids: DemoPeople = demo_people()

    @contextmanager
    def house(self) -> Iterator[House]:
        """A house in a transaction of its own; committed at a clean end."""
        with self.store.transaction() as stores:
            yield self.parts.house(stores, self.clock.now(), new_id())

    def drain(self) -> list[str]:
        """Run everything in the outbox that is due, as the worker would; returns the error codes of what failed."""
        failures = []
        while True:
            with self.house() as house:
                due = house.outbox.due(self.clock.now())
            if not due:
                return failures
            for entry in due:
                try:
                    STEPS[entry.step](self.house, entry)
                except Exception as error:
                    code = getattr(error, "code", type(error).__name__)
                    failures.append(code)
                    with self.house() as house:
                        house.outbox.failed(entry.key, code, self.clock.now())
                else:
                    with self.house() as house:
                        house.outbox.remove(entry.key)

    def staff(self, username: str) -> Identity:
        with self.house() as house:
            member = house.people.staff_by_username(username)
        assert member is not None, username
        return Identity(person_id=member.id, name=member.name, kind="staff", assignments=member.assignments)

    def parent(self, person_id: str) -> Identity:
        with self.house() as house:
            parent = house.people.parent(person_id)
        assert parent is not None
        login = LoginEvidence(
            issuer="urn:tillid:test-mitid",
            subject=sha256(person_id.encode())[:32],
            provider="test-mitid",
            loa="urn:tillid:loa:none",
            auth_time=self.clock.now(),
            evidence_sha256=sha256(b"evidence" + person_id.encode()),
        )
        return Identity(person_id=person_id, name=parent.name, kind="parent", login=login, session_id="s")

    def holders(self, child_id: str) -> list[Identity]:
        with self.house() as house:
            holders = house.people.custody(child_id).current(self.clock.now())
        return [self.parent(holder.person_id) for holder in holders]

    def close(self) -> None:
        self.store.close()
        self.parts.search.close()
        self.parts.audit.close()


SET = ANSWERS["alma_bh_sk"]


def fill_all(world: World, who: Identity, document_id: str, answers: dict) -> None:
    """Save ``answers`` field by field as ``who``; every one must be taken."""
    with world.house() as house:
        now = house.documents.draft(document_id).fields
        changes = {f: Change(value=v, base=now[f].revision if f in now else 0) for f, v in answers.items()}
        saved = save_fields(house, who, document_id, changes)
    assert not saved.problems, saved.problems
    assert not saved.clashes


def author(world: World) -> Identity:
    with world.house() as house:
        member = house.people.staff(SET.author_id)
    return Identity(person_id=member.id, name=member.name, kind="staff", assignments=member.assignments)


def stage_people(world: World) -> None:
    with world.house() as house:
        load_people(house.people, world.clock.now())


def stage_draft(world: World) -> None:
    who = author(world)
    with world.house() as house:
        document = start_document(house, who, SET.child_id, "overgangsbeskrivelse")
    world.made["document"] = document.id
    professional = {**SET.professional}
    if day := SET.start_after(world.clock.now().date()):
        professional["startdato"] = day.isoformat()
    fill_all(world, who, document.id, professional)


def leader(world: World) -> Identity:
    """A leader of the sending unit."""
    with world.house() as house:
        for member in house.people.all_staff():
            if any(a.role == "leader" and a.unit_id == SET.unit_id for a in member.assignments):
                return Identity(person_id=member.id, name=member.name, kind="staff", assignments=member.assignments)
    raise AssertionError("the unit has no leader")


def stage_shared(world: World) -> None:
    with world.house() as house:
        share_document(house, author(world), world.made["document"])
    assert world.drain() == []


def stage_agreed(world: World) -> None:
    document_id = world.made["document"]
    holders = world.holders(SET.child_id)
    fill_all(world, leader(world), document_id, SET.leader)
    fill_all(world, holders[0], document_id, {**SET.parents, **SET.child})
    for who in (author(world), *holders):
        with world.house() as house:
            seen = text_digest(house.documents.draft(document_id))
            confirm_agreement(house, who, document_id, seen)
    assert world.drain() == []


def stage_asked(world: World) -> None:
    with world.house() as house:
        request = request_consent(house, author(world), world.made["document"])
    world.made["request"] = request.id


def stage_signed(world: World) -> None:
    for holder in world.holders(SET.child_id):
        say_yes(world, holder)
    assert world.drain() == []


def say_yes(world: World, holder: Identity, *, no: frozenset[str] = frozenset(), oral: bool = True) -> Receipt:
    """``holder`` says yes to everything but ``no``."""
    request = request_now(world)
    answers = {item.id: item.id not in no for item in request.items}
    with world.house() as house:
        return give_consent(house, holder, request.id, answers, oral=oral, language="da", event_id=new_id())


def request_now(world: World) -> ConsentRequest:
    with world.house() as house:
        events = house.ledger.of_request(world.made["request"])
        return msgspec.convert(events[0].payload, ConsentRequest)


def document_now(world: World) -> Document:
    with world.house() as house:
        document = house.documents.get(world.made["document"])
    assert document is not None
    return document


STAGES = {
    "people": stage_people,
    "draft": stage_draft,
    "shared": stage_shared,
    "agreed": stage_agreed,
    "asked": stage_asked,
    "signed": stage_signed,
}


class Stages:
    """Plays the stages once and hands out copies."""

    def __init__(self, folder: Path, renderer: Renderer) -> None:
        self._folder, self._renderer = folder, renderer
        self._made: dict[str, dict[str, str]] = {}
        self._copies = 0

    def at(self, stage: str) -> World:
        """A world of its own in which everything up to ``stage`` has happened."""
        self._play(stage)
        self._copies += 1
        folder = self._folder / f"copy-{self._copies}"
        shutil.copytree(self._folder / stage, folder)
        return World(folder, self._renderer, made=dict(self._made[stage]))

    def _play(self, stage: str) -> None:
        if stage in self._made:
            return
        names = list(STAGES)
        before = names[names.index(stage) - 1] if stage != names[0] else None
        folder = self._folder / stage
        if before is not None:
            self._play(before)
            shutil.copytree(self._folder / before, folder)
        world = World(folder, self._renderer, made=dict(self._made[before]) if before else {})
        try:
            STAGES[stage](world)
        finally:
            world.close()
        self._made[stage] = world.made
