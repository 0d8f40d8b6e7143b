"""The real parts really away at the click: a withdrawal is effective all the same, and everything heals by itself (R-17)."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faults.served import below, gone
from tests.support.world import SET, World, request_now, say_yes
from tillid.adapters.renderer import DocumentRenderer
from tillid.archive.query import SearchQuery
from tillid.kernel.errors import NotFound, Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases.facts import facts_of
from tillid.usecases.give_consent import NotSealed
from tillid.usecases.open_copy import NotYetRendered, open_copy
from tillid.usecases.seal_record import RECORD
from tillid.usecases.search_archive import search_archive
from tillid.usecases.withdraw_consent import withdraw_consent

PURPOSE = "Aktindsigt: anmodning fra forældrene"


@contextmanager
def moved(path: Path) -> Iterator[None]:
    """The file or folder is not there, as when its disk is not mounted."""
    away = path.with_name(f"{path.name}-away")
    path.rename(away)
    try:
        yield
    finally:
        away.rename(path)


@contextmanager
def key_readable_by_others(world: World) -> Iterator[None]:
    key = world.folder / "keys" / "seal.key.pem"
    key.chmod(0o644)
    try:
        yield
    finally:
        key.chmod(0o600)


@contextmanager
def index_taken_by_a_file(world: World) -> Iterator[None]:
    """The folder is gone and something else has its name."""
    folder = world.folder / "index"
    with moved(folder):
        folder.write_text("not an index")
        try:
            yield
        finally:
            folder.unlink()


@contextmanager
def no_office(world: World) -> Iterator[None]:
    """LibreOffice is killed and no new one can be started."""
    world.parts.renderer.close()
    path, os.environ["PATH"] = os.environ["PATH"], "/nowhere"
    try:
        yield
    finally:
        os.environ["PATH"] = path


@contextmanager
def everything(world: World) -> Iterator[None]:
    with ExitStack() as stack:
        for one in (AWAY["key"], AWAY["log"], AWAY["index"], AWAY["office"]):
            stack.enter_context(one(world))
        yield


AWAY: dict[str, Callable] = {
    "key": lambda world: moved(world.folder / "keys"),
    "key readable by others": key_readable_by_others,
    "log": lambda world: moved(world.folder / "audit"),
    "index": index_taken_by_a_file,
    "office": no_office,
    "everything": everything,
}
# What the outbox says of the steps that could not be done.
CODES = {
    "key": {"seal.unavailable"},
    "key readable by others": {"seal.key-mode"},
    "log": {"audit.unavailable"},
    "index": {"search.unavailable"},
    "office": {"documents.render-failed"},
    "everything": {"seal.unavailable", "audit.unavailable", "search.unavailable", "documents.render-failed"},
}


@pytest.fixture
def own_office(world_at):
    """``world_at`` with a LibreOffice of its own, so that killing it disturbs no other test."""
    made: list[DocumentRenderer] = []

    def at(stage: str) -> World:
        world = world_at(stage)
        made.append(DocumentRenderer())
        world.parts.renderer = made[-1]
        return world

    yield at
    for one in made:
        one.close()


def receiver_opens(world: World) -> bytes:
    with world.house() as house:
        return open_copy(house, world.staff("hanne"), world.made["document"], "read_released", purpose=PURPOSE).data


def withdraw(world: World, items: tuple[str, ...] = ()):
    with world.house() as house:
        who = world.holders(SET.child_id)[0]
        return withdraw_consent(house, who, world.made["request"], items, language="da", event_id=new_id())


@pytest.mark.req("R-17", "R-22")
@pytest.mark.parametrize("part", AWAY)
def test_a_withdrawal_with_the_part_away(own_office, part):
    world = own_office("signed")
    # Where LibreOffice matters only a part is taken back: then the receiver gets a narrower copy.
    items = ("field:p_helbred",) if part == "office" else ()
    before = receiver_opens(world)
    with AWAY[part](world):
        receipt = withdraw(world, items)
        with world.house() as house:
            verdict = facts_of(house, house.documents.get(world.made["document"])).verdict
            assert world.made["document"] in house.exclusions.all(), "search does not show it"
        assert verdict.effective is bool(items)
        with pytest.raises(NotYetRendered if items else NotFound):
            receiver_opens(world)
        failed = set(world.drain())
    expected = CODES[part] - (set() if items else {"documents.render-failed"})
    assert failed == expected
    world.clock.move(hours=2)
    assert world.drain() == []
    assert_healed(world, receipt.event_id, narrower=before if items else None)


def assert_healed(world: World, event_id: str, *, narrower: bytes | None) -> None:
    """The record is there and verifies, search knows, the log is whole and has its row, nothing waits any more."""
    with world.house() as house:
        assert house.outbox.pending() == []
        assert world.made["document"] not in house.exclusions.all()
        record = house.ledger.attachments(event_id)[RECORD]
        hits = search_archive(house, world.staff("ove"), SearchQuery(allowed_units=(), words=""), PURPOSE).hits
    assert world.parts.verify_record(record, world.clock.now()).passed
    assert [hit.state for hit in hits] == (["withdrawn"] if narrower is None else ["released"])
    assert world.parts.audit.verify() == []
    assert [row for row in world.parts.audit.of_child(SET.child_id) if row.action == "withdraw"]
    if narrower is not None:
        assert receiver_opens(world) not in (b"", narrower)
    else:
        with pytest.raises(NotFound):
            receiver_opens(world)


@pytest.mark.req("R-71")
@pytest.mark.parametrize(("part", "error"), [("key", NotSealed), ("log", Unavailable)])
def test_no_consent_without_key_or_log(own_office, part, error):
    """The other way round: what would open something needs its record and its row."""
    world = own_office("asked")
    first, second = world.holders(SET.child_id)
    with AWAY[part](world), pytest.raises(error):
        say_yes(world, first)
    with world.house() as house:
        assert "consent_given" not in {event.kind for event in house.ledger.of_child(SET.child_id)}
        assert house.outbox.pending() == []
    say_yes(world, first)
    say_yes(world, second)
    assert world.drain() == [] and receiver_opens(world)


def test_libreoffice_killed_between_two_documents_is_started_again(own_office):
    world = own_office("asked")
    first, second = world.holders(SET.child_id)
    say_yes(world, first, no=frozenset({"field:p_helbred"}))
    say_yes(world, second)
    assert world.drain() == []
    office = world.parts.renderer._office._process.pid
    family = {office} | below(office)
    os.kill(office, signal.SIGKILL)
    assert gone(family)
    withdraw(world, (next(item.id for item in request_now(world).items if item.id != "field:p_helbred"),))
    assert world.drain() == [] and receiver_opens(world)


def test_an_index_that_was_deleted_is_begun_anew_and_said_so(own_office):
    world = own_office("signed")
    world.close()
    shutil.rmtree(world.folder / "index")
    (world.folder / "index").mkdir()
    (world.folder / "index" / "meta.json").write_text("{not json")
    again = World(world.folder, world.renderer, made=world.made)
    try:
        assert again.parts.search.needs_rebuild
        withdraw(again)
        assert again.drain() == []
        with again.house() as house:
            hits = search_archive(house, again.staff("ove"), SearchQuery(allowed_units=(), words=""), PURPOSE).hits
        assert [hit.state for hit in hits] == ["withdrawn"]
    finally:
        again.close()
