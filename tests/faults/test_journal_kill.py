"""Killed at every point on an entry's way to the municipality's journal system and on its answer's way back: it goes once and whole, and
is recorded once (U23)."""

from __future__ import annotations

import json
import signal
from datetime import timedelta

import pytest

from tests.faults.journal_dying import IN, OUT, hand_over, journal_of, take_answers
from tests.support.forked import Forked, preload
from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import World
from tests.walks.test_notification import sent
from tillid.archive.journal import CONFIRMED, HANDED, last_confirmed
from tillid.consents.events import broken_links
from tillid.kernel.canonical import sha256
from tillid.usecases.hand_to_journal import STEP

preload("tests.faults.journal_dying")


@pytest.fixture
def before(world_at):
    """An underretning was sent, and nothing of what follows is done."""
    world = world_at("people")
    (world.folder / "journal").mkdir()
    world.parts.journal = journal_of(world.folder)
    world.made["document"] = sent(as_staff(WorldInstallation(world), "sofie"))
    world.close()
    return world


def again(world):
    world = World(world.folder, world.renderer, made=world.made)
    world.parts.journal = journal_of(world.folder)
    return world


def kinds(world):
    with world.house() as house:
        events = house.ledger.of_document(world.made["document"])
        assert broken_links(events) == []
        return [event.kind for event in events]


def whole(package):
    said = json.loads((package / "journal.json").read_bytes())
    return package.name == said["entry"] and all(
        sha256((package / one["name"]).read_bytes()) == one["sha256"] for one in said["files"]
    )


def take(world, theirs):
    """As the other side does: what lies there is whole, and is moved away."""
    out = world.folder / "journal" / "out"
    for package in list(out.iterdir()) if out.is_dir() else []:
        assert whole(package)
        theirs.append(package.name)
        package.rename(world.folder / f"theirs-{len(theirs)}")


@pytest.mark.req("U23")
@pytest.mark.parametrize("quick", [True, False], ids=["taken at once", "taken late"])
@pytest.mark.parametrize(
    "points", [OUT[:6], OUT[6:9], OUT[9:]], ids=["folder", "store", "end"]
)  # eight deaths of one step end it
def test_killed_at_every_point_on_the_way_out(before, points, quick):
    theirs = []
    for hours, point in enumerate((*points, "")):
        moment = before.clock.moment + timedelta(hours=3 * hours)
        killed = Forked(hand_over, before.folder, before.made, moment, point).wait()
        assert killed == (-signal.SIGKILL if point else 0), point
        if quick:
            take(before, theirs)
    take(before, theirs)
    world = again(before)
    assert len(theirs) == 1 and kinds(world).count(HANDED) == 1
    assert len([row for row in world.parts.audit.tail(500) if row.action == STEP]) == 1
    with world.house() as house:
        assert [one for one in house.outbox.pending() if one.step == STEP] == []
    world.close()


@pytest.mark.req("U23")
def test_killed_at_every_point_of_an_answer(before):
    assert Forked(hand_over, before.folder, before.made, before.clock.moment, "").wait() == 0
    take(before, [])
    described = (before.folder / "theirs-1" / "journal.json").read_bytes()
    said = json.loads(described)
    receipt = {"schema": "tillid/journal-receipt/1", "entry": said["entry"], "journal_sha256": sha256(described), "case": "26/1234",
               "day": said["date"]}  # fmt: skip
    world = again(before)
    list(world.parts.journal.receipts())
    world.close()
    (before.folder / "journal" / "in" / "a.json").write_text(json.dumps(receipt))
    met = [Forked(take_answers, before.folder, before.made, before.clock.moment, point).wait() for point in (*IN, "")]
    assert met == [-signal.SIGKILL] * len(IN) + [0]
    world = again(before)
    assert kinds(world).count(CONFIRMED) == 1
    with world.house() as house:
        assert last_confirmed(house.ledger.of_document(before.made["document"])).case == "26/1234"
    assert list((before.folder / "journal" / "refused").iterdir()) == [] and world.parts.journal.state().refused == ()
    assert len(list((before.folder / "journal" / "taken").iterdir())) == 1
    world.close()
