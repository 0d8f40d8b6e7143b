"""`tillid index`: every difference between store and index by name, mended, and built anew, on every back end."""

from __future__ import annotations

import json
import time

import msgspec
import pytest

from tests.contract.search.searching import entry
from tests.support.world import SET
from tillid.adapters.index_keeper import IndexKeeper, IndexOrder, done, index_orders, made_whole, rebuild
from tillid.adapters.rebuilding import AlreadyRebuilding, Progress, ProgressNote
from tillid.cli import main
from tillid.kernel.ids import new_id
from tillid.usecases.follow_up import all_entries
from tillid.usecases.withdraw_consent import withdraw_consent


@pytest.fixture
def world(world_at, index):
    """A signed case, and the index under test beside it, built of the store."""
    world = world_at("signed")
    world.parts.search.close()
    world.parts.search = index
    assert do(world, "rebuild").built == 1
    return world


def do(world, verb):
    return done(world.parts.search, world.house, verb, world.folder / "run")


def differences(world):
    report = do(world, "check").report
    return [(one.kind, one.document_id) for one in report.differences]


def test_each_difference_is_named_and_mended(world):
    index, document = world.parts.search, world.made["document"]
    assert differences(world) == []
    with world.house() as house:
        (right,) = all_entries(house)
    cases = [
        ("left", "doc-9", lambda: index.put(entry(9, "skulle være væk"))),
        ("other", document, lambda: index.put(msgspec.structs.replace(right, text="noget andet"))),
        (
            "older",
            document,
            lambda: index.rebuild(lambda: [msgspec.structs.replace(right, sequence=right.sequence - 1)]),
        ),
        ("missing", document, lambda: index.rebuild(list)),
    ]
    for kind, document_id, spoil in cases:
        spoil()
        assert differences(world) == [(kind, document_id)]
        assert do(world, "repair").report.repaired == 1
        assert differences(world) == []
    index.put(msgspec.structs.replace(right, sequence=right.sequence + 5))
    assert differences(world) == [("newer", document)]
    assert do(world, "repair").report.repaired == 0
    do(world, "rebuild")
    assert differences(world) == []


@pytest.mark.req("R-17", "R-70")
def test_an_index_that_knows_what_was_lost_is_built_anew_at_the_first_start_with_a_backup(world):
    """A server's index outlives the store. It takes nothing older than what it has, so a withdrawal would not come to be in it."""
    index, run, document = world.parts.search, world.folder / "run", world.made["document"]
    with world.house() as house:
        (right,) = all_entries(house)
    assert made_whole(index, world.house, run) is None, "nothing was ordered"
    index.put_many([msgspec.structs.replace(right, text="siden hen", sequence=right.sequence + 5), entry(9, "tabt")])
    assert set(differences(world)) == {("newer", document), ("left", "doc-9")}
    order = index_orders(run).place(IndexOrder(verb="rebuild"))
    assert made_whole(index, world.house, run) == 1
    assert differences(world) == [] and index_orders(run).wait(order, 0).built == 1
    assert index_orders(run).waiting() is None and made_whole(index, world.house, run) is None
    with world.house() as house:
        who = world.holders(SET.child_id)[0]
        withdraw_consent(house, who, world.made["request"], language="da", event_id=new_id())
    assert world.drain() == [] and differences(world) == []


def test_a_document_whose_change_is_under_way_is_said_to_wait(world):
    document = world.made["document"]
    with world.house() as house:
        house.exclusions.add(document, "e")
    world.parts.search.rebuild(list)
    (one,) = do(world, "check").report.differences
    assert (one.kind, one.document_id, one.waiting) == ("missing", document, True)


def test_the_running_server_does_what_is_ordered(world, tmp_path):
    keeper, order = IndexKeeper(tmp_path / "run", world.parts.search), index_orders(tmp_path / "run")
    placed = order.place(IndexOrder(verb="rebuild"))
    keeper.look(world.house)
    assert order.wait(placed, 60).built == 1
    keeper.wait(60)
    assert order.waiting() is None
    assert order.wait("another", 0) is None


class Watched:
    """The index, whose builds are looked at when the first document has been read."""

    def __init__(self, index, look):
        self.index, self.look = index, look

    @property
    def needs_rebuild(self):
        return self.index.needs_rebuild

    def rebuild(self, entries_now):
        def entries():
            for one in entries_now():
                self.look()
                yield one

        return self.index.rebuild(entries)


@pytest.mark.parametrize("verb", ["rebuild", "repair"])
def test_what_the_server_would_not_take_is_found_again_when_the_index_was_built_or_mended(world, verb):
    """The document was given up and is hidden; nobody has to press anything for each of them."""
    document = world.made["document"]
    with world.house() as house:
        key = house.outbox.add("index", {"document": document, "event": "e1"}, house.moment).key
        house.exclusions.add(document, "e1")
    with world.house() as house:
        for _ in range(8):
            house.outbox.failed(key, "search.rejected", house.moment)
    do(world, "check")
    with world.house() as house:
        assert house.outbox.get(key).dead and house.exclusions.all() == {document}
    do(world, verb)
    assert world.drain() == []
    with world.house() as house:
        assert house.exclusions.all() == frozenset() and house.outbox.pending() == []


def test_how_far_a_build_is_is_told_beside_the_server_and_a_second_one_refused(world, capsys):
    run, told = world.folder / "run", []

    def command(*words):
        code = main(["index", *words, "--var", str(world.folder)])
        told.append((code, *capsys.readouterr()))

    def look():
        command("status")
        command("status", "--json")
        command("rebuild")
        command("check")
        with pytest.raises(AlreadyRebuilding):
            done(world.parts.search, world.house, "rebuild", run)
        assert ProgressNote(run).told().of == 1, "the first one's note is still there"

    assert rebuild(Watched(world.parts.search, look), world.house, run) == 1
    status, in_json, again, checked = told
    assert (status[0], "0 af 1 dokumenter er set igennem" in status[1]) == (0, True)
    assert "Imens finder søgninger det, de plejer." in status[1]
    assert json.loads(in_json[1])["building"] == {"began": pytest.approx(time.time(), abs=60), "looked_at": 0, "of": 1,
                                                  "lost": False}  # fmt: skip
    for code, _, problem in (again, checked):
        assert code == 1 and "bliver allerede bygget op igen" in problem
    assert ProgressNote(run).told() is None
    assert index_orders(run).waiting() is None, "nothing was ordered that would be done when nobody waits for it"


def test_a_build_that_is_ordered_is_told_and_not_ordered_away(world, capsys):
    run = world.folder / "run"
    index_orders(run).place(IndexOrder(verb="rebuild"))
    assert main(["index", "status", "--var", str(world.folder)]) == 0
    assert "Det er bestilt" in capsys.readouterr().out
    assert main(["index", "check", "--var", str(world.folder)]) == 1
    assert index_orders(run).waiting().verb == "rebuild"


def test_what_a_killed_tillid_had_said_is_believed_by_nobody(world):
    run = world.folder / "run"
    ProgressNote(run).tell(Progress(began=1.0, looked_at=1, of=2))
    IndexKeeper(run, world.parts.search)
    assert ProgressNote(run).told() is None


def test_why_an_order_was_not_done_reaches_who_ordered_it(world):
    run, told = world.folder / "run", []
    keeper, orders = IndexKeeper(run, world.parts.search), index_orders(run)

    def look():
        placed = orders.place(IndexOrder(verb="rebuild"))
        keeper.look(world.house)
        told.append(orders.wait(placed, 60))

    rebuild(Watched(world.parts.search, look), world.house, run)
    keeper.wait(60)
    (answer,) = told
    assert answer.problem == "index.rebuilding" and "tillid index status" in answer.why
