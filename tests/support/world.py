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
from typing import Any

import msgspec
import pytest

from tests.support import stored
from tests.support.definitions import our_definitions
from tests.support.demo_key import create_demo_key
from tillid.adapters.audit_file import FileAudit
from tillid.adapters.keyfile import KeyFileSigner
from tillid.adapters.log_file import LogFile
from tillid.adapters.tantivy.index import TantivyIndex
from tillid.adapters.test_login import TestLogin
from tillid.adapters.uploads.intake import UploadIntake
from tillid.cms.second import SecondStore
from tillid.cms.store.plain import PlainStore
from tillid.consents.model import ConsentRequest
from tillid.demo.loading import ANSWERS, DemoPeople, demo_people, demo_settings, load_people
from tillid.demo.playing import Player
from tillid.documents.model import Document
from tillid.kernel.clock import FixedClock
from tillid.kernel.errors import Unavailable
from tillid.kernel.ids import new_id
from tillid.kernel.paths import SIGNING
from tillid.process.access import Identity
from tillid.signatures.checkpoint import LogKey
from tillid.signatures.trust import load_trust
from tillid.usecases.give_consent import Receipt
from tillid.usecases.ports import House, Renderer
from tillid.usecases.request_consent import request_consent
from tillid.usecases.share_document import share_document
from tillid.usecases.start_document import start_document
from tillid.wiring.parts import Parts

stored.watch()
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
        self.second = SecondStore(self.folder / "second" / f"{new_id()}.fs")
        self.parts = Parts(
            settings=demo_settings(),
            definitions=our_definitions(),
            audit=FileAudit(self.folder / "audit" / "audit.jsonl", self.clock),
            seal=KeyFileSigner(key, chain, demo=True),
            search=TantivyIndex(self.folder / "index"),
            renderer=self.renderer,
            trust=load_trust(SIGNING / "trust" / "test"),
            secret=b"s" * 32,
            municipality_key=b"m" * 32,
            previews=self.second.previews,
            presence=self.second.presence,
            uploads=UploadIntake(),
            event_log=LogFile(self.folder / "log", LogKey("test/tillid", b"l" * 32)),
            clock=self.clock,
        )
        self.ids: DemoPeople = demo_people()

    @contextmanager
    def house(self) -> Iterator[House]:
        """A house in a transaction of its own; committed at a clean end."""
        with self.store.transaction() as stores:
            yield self.parts.house(stores, self.clock.now(), new_id())

    @contextmanager
    def full_log(self) -> Iterator[None]:
        """Meanwhile no row can be made durable in the log."""

        def refuse(*_rows: Any) -> None:
            raise Unavailable("full", code="audit.unavailable", text="Loggen kan ikke skrives.")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.parts.audit, "write", refuse)
            yield

    def set_up_with(self, **changed: Any) -> None:
        """Other settings of the installation, as if the process had been started with them."""
        self.parts.settings = msgspec.structs.replace(self.parts.settings, **changed)
        self.parts.__post_init__()

    @property
    def player(self) -> Player:
        """Acts as the demo's people on this store."""
        return Player(self.house, TestLogin(demo=True, key=b"k" * 32))

    def drain(self) -> list[str]:
        """Run everything in the outbox that is due; returns the codes of what failed."""
        return self.player.drain()

    def staff(self, username: str) -> Identity:
        return self.player.staff_named(username)

    def parent(self, person_id: str) -> Identity:
        return self.player.parent(person_id)

    def holders(self, child_id: str) -> list[Identity]:
        return self.player.holders(child_id)

    def close(self) -> None:
        self.store.close()
        self.second.close()
        self.parts.search.close()
        self.parts.audit.close()
        self.parts.event_log.close()


SET = ANSWERS["alma_bh_sk"]


def fill_all(world: World, who: Identity, document_id: str, answers: dict) -> None:
    """Save ``answers`` as ``who``; every one must be taken."""
    world.player.fill(who, document_id, answers)


def author(world: World) -> Identity:
    """Who began the document of the walk."""
    return world.player.staff(SET.author_id)


def leader(world: World) -> Identity:
    """A leader of the sending unit."""
    return world.player.leader_of(SET.unit_id)


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
    assert world.drain() == []


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
        world.player.agree(who, document_id)
    assert world.drain() == []


def stage_asked(world: World) -> None:
    with world.house() as house:
        request = request_consent(house, author(world), world.made["document"])
    world.made["request"] = request.id
    assert world.drain() == []


def stage_signed(world: World) -> None:
    for holder in world.holders(SET.child_id):
        say_yes(world, holder)
    assert world.drain() == []


def say_yes(world: World, holder: Identity, *, no: frozenset[str] = frozenset()) -> Receipt:
    """``holder`` says yes to everything but ``no``."""
    return world.player.say_yes(holder, world.made["request"], no=no)


def request_now(world: World) -> ConsentRequest:
    return world.player.request(world.made["request"])


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
