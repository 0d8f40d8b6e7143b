"""`tillid index`: every difference between store and index by name, mended, and built anew, on every back end."""

from __future__ import annotations

import msgspec
import pytest

from tests.contract.search.searching import entry
from tillid.adapters.index_keeper import IndexKeeper, IndexOrder, done, index_orders
from tillid.usecases.follow_up import all_entries


@pytest.fixture
def world(world_at, index):
    """A signed case, and the index under test beside it, built of the store."""
    world = world_at("signed")
    world.parts.search.close()
    world.parts.search = index
    assert done(index, world.house, "rebuild").built == 1
    return world


def differences(world):
    report = done(world.parts.search, world.house, "check").report
    return [(one.kind, one.document_id) for one in report.differences]


def test_each_difference_is_named_and_mended(world):
    index, document = world.parts.search, world.made["document"]
    assert differences(world) == []
    with world.house() as house:
        (right,) = all_entries(house)
    cases = [
        ("left", "doc-9", lambda: index.put(entry(9, "skulle være væk"))),
        ("other", document, lambda: index.put(msgspec.structs.replace(right, text="noget andet"))),
        ("older", document, lambda: index.purge(lambda: [msgspec.structs.replace(right, sequence=right.sequence - 1)])),
        ("missing", document, lambda: index.purge(list)),
    ]
    for kind, document_id, spoil in cases:
        spoil()
        assert differences(world) == [(kind, document_id)]
        assert done(index, world.house, "repair").report.repaired == 1
        assert differences(world) == []
    index.put(msgspec.structs.replace(right, sequence=right.sequence + 5))
    assert differences(world) == [("newer", document)]
    assert done(index, world.house, "repair").report.repaired == 0
    done(index, world.house, "rebuild")
    assert differences(world) == []


def test_a_document_whose_change_is_under_way_is_said_to_wait(world):
    document = world.made["document"]
    with world.house() as house:
        house.exclusions.add(document, "e")
    world.parts.search.purge(list)
    (one,) = done(world.parts.search, world.house, "check").report.differences
    assert (one.kind, one.document_id, one.waiting) == ("missing", document, True)


def test_the_running_server_does_what_is_ordered(world, tmp_path):
    keeper, order = IndexKeeper(tmp_path / "run", world.parts.search), index_orders(tmp_path / "run")
    placed = order.place(IndexOrder(verb="rebuild"))
    keeper.look(world.house)
    assert order.wait(placed, 60).built == 1
    keeper.wait(60)
    assert order.waiting() is None
    assert order.wait("another", 0) is None
