"""Killed at every point of one destruction, one after another, it is finished at last, and nothing is half (R-90)."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest

from tests.faults.destroy_dying import POINTS, work
from tests.support.destruction import due as due
from tests.support.destruction import found_in, gone, mark, ordered, texts_of
from tests.support.effort import EVERYTHING
from tests.support.forked import Forked, preload
from tests.support.world import World
from tillid.adapters.destroyed_file import DestroyedFile
from tillid.archive.keeping import DESTROYED
from tillid.consents.events import broken_links
from tillid.kernel.canonical import sha256

preload("tests.faults.destroy_dying")
KILLED_AT = POINTS if EVERYTHING else ("committed", "renamed")  # all of them in the night


@pytest.mark.req("R-90", "R-21")
def test_killed_at_every_point_of_it(due):
    texts = texts_of(due)
    with due.house() as house:
        document = house.documents.get(due.made["document"])
        copies = {one.sha256 for one in house.documents.version(document.id, document.versions).copies.values()}
    mark(due)
    ordered(due)
    due.clock.move(days=15)
    due.close()
    for days, point in enumerate((*KILLED_AT, "")):  # a step that a kill ended waits before it is tried again
        process = Forked(work, due.folder, due.made, due.clock.moment + timedelta(days=days), point)
        assert process.wait() == (-signal.SIGKILL if point else 0), point
    world = World(due.folder, due.renderer, made=due.made)
    world.clock.moment = due.clock.moment + timedelta(days=days)
    assert gone(world) and found_in(world.folder, texts) == set()
    assert not copies & {sha256(path.read_bytes()) for path in world.folder.rglob("*") if path.is_file()}
    with world.house() as house:
        events = house.ledger.of_document(document.id)
        assert [one.kind for one in events].count(DESTROYED) == 1 and broken_links(events) == []
        assert house.documents.unpacked() == () and house.exclusions.all() == frozenset()
        assert not [one for one in house.outbox.pending() if one.step != "forget_evidence"]
    assert [stone.id for stone in DestroyedFile(world.folder / "destroyed").all()] == [document.id]
    world.close()
