"""Built anew while writes go on, on every back end: none waits for it, none is lost, and what is older never wins (ADR 0062)."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.contract.search.searching import ask, entry, found
from tests.support.world import World
from tillid.adapters.rebuilding import AlreadyRebuilding
from tillid.adapters.search import LONGEST_WAIT
from tillid.archive.query import SearchQuery
from tillid.kernel.ids import new_id
from tillid.usecases.follow_up import all_entries
from tillid.usecases.search_archive import search_archive
from tillid.usecases.withdraw_consent import withdraw_consent


def test_what_is_written_meanwhile_stands_and_what_is_older_does_not(index):
    index.put_many([entry(1, "forældet", sequence=3), entry(5, "går ud", sequence=3), entry(7, "som før", sequence=3)])

    def entries():
        index.put(entry(2, "nyere", sequence=9))
        index.delete("doc-3", 1, sequence=9)
        index.put(entry(5, "ældre end alt", sequence=1))
        yield from (entry(2, "gammel", sequence=4), entry(3, "slettet", sequence=4), entry(4, "fyr", sequence=5))
        yield from (entry(5, "går ud", sequence=3), entry(6, "rettet", sequence=4), entry(7, "som før", sequence=3))
        index.delete("doc-5", 1, sequence=4)
        index.put(entry(6, "skal ikke ses", sequence=3))
        index.put(entry(7, "som nu", sequence=3))

    index.rebuild(entries)
    assert {hit.document_id for hit in index.search(ask()).hits} == {"doc-2", "doc-4", "doc-6", "doc-7"}
    assert found(index, "nyere") == {"doc-2"} and found(index, "rettet") == {"doc-6"}
    assert found(index, "nu") == {"doc-7"}, "the same sequence once more is the newer of the two"
    assert not index.needs_rebuild
    index.put_many([entry(2, "gammel", sequence=4), entry(3, "slettet", sequence=8), entry(5, "går ud", sequence=3)])
    assert found(index) == {"doc-2", "doc-4", "doc-6", "doc-7"}, "a mark of a delete has moved with the rest"


def test_the_newest_of_what_is_written_meanwhile_stands(index):
    def entries():
        index.put(entry(1, "nyest", sequence=7))
        index.put(entry(1, "midt", sequence=6))
        index.delete("doc-2", 1, sequence=7)
        index.put(entry(2, "midt", sequence=6))
        index.delete("doc-3", 1, sequence=6)
        index.put(entry(3, "igen", sequence=7))
        yield from (entry(number, "først", sequence=5) for number in (1, 2, 3))

    index.rebuild(entries)
    assert found(index) == {"doc-1", "doc-3"}
    assert found(index, "nyest") == {"doc-1"} and found(index, "igen") == {"doc-3"}


def test_a_write_that_was_on_its_way_during_a_build_undoes_no_delete_of_before(index):
    index.put_many(entry(number, "leg", sequence=1) for number in (1, 2, 3))
    for number in (1, 2, 3):
        index.delete(f"doc-{number}", 1, sequence=5)
    # The first is not in the store; of the second the view of the store is older; of the third the store says it is there.
    index.rebuild(lambda: [entry(2, "leg", sequence=4), entry(3, "leg", sequence=5)])
    assert found(index) == {"doc-3"}
    index.put_many(entry(number, "leg", sequence=4) for number in (1, 2, 3))
    assert found(index) == {"doc-3"}
    index.put(entry(1, "leg", sequence=6))
    assert found(index) == {"doc-1", "doc-3"}


def test_a_store_that_was_set_back_is_right_after_a_build(index):
    """The index is ahead of the store: what is written of the store meanwhile is too old for it, and not for the new one."""
    index.put_many([entry(1, "fremtid", sequence=9), entry(2, "fremtid", sequence=9)])

    def entries():
        yield entry(1, "før", sequence=4)
        yield entry(2, "før", sequence=4)
        index.put(entry(1, "efter", sequence=5))
        assert found(index, "fremtid") == {"doc-1", "doc-2"}

    index.rebuild(entries)
    assert found(index, "efter") == {"doc-1"} and found(index, "før") == {"doc-2"}


def test_any_order_of_writes_before_and_during_ends_with_the_newest_of_each(index):
    """What is so in the end is worked out beside it: for each version the highest sequence, put or taken out."""
    seed = random.Random(7)
    store: dict[int, tuple[int, str | None]] = {}
    late: list[tuple[int, int, str | None]] = []

    def change() -> None:
        number = seed.randrange(8)
        sequence = store.get(number, (0, None))[0] + 1
        store[number] = (sequence, None if seed.random() < 0.3 else f"tekst{number}x{sequence}")
        late.append((number, *store[number]))

    def write(most: int) -> None:
        """Some of what has not been written yet, in any order, now and then twice."""
        for _ in range(min(most, len(late))):
            number, sequence, text = late.pop(seed.randrange(len(late)))
            if seed.random() < 0.2:
                late.append((number, sequence, text))
            if text is None:
                index.delete(f"doc-{number}", 1, sequence)
            else:
                index.put(entry(number, text, sequence=sequence))

    def entries():
        rows = [entry(number, text, sequence=sequence) for number, (sequence, text) in store.items() if text]
        for row in seed.sample(rows, len(rows)):
            change()
            write(2)
            yield row

    for _ in range(2):
        for _ in range(10):
            change()
        write(5)
        index.rebuild(entries)
        assert len(late) < 200
        write(len(late) * 3)
    while late:
        write(1)
    wanted = {f"doc-{number}": text for number, (_, text) in store.items() if text}
    assert {one.document_id for one in index.held()} == set(wanted)
    for document, text in wanted.items():
        assert found(index, text) == {document}


def test_no_write_waits_for_a_build_and_none_is_lost(index):
    """The build stands still until a write of another thread is through, time after time; then one is written after the other
    until the new index is in its place."""
    index.put_many(entry(n, "leg") for n in range(20))
    waited, written, ended = [], [], threading.Event()

    def write() -> None:
        number = 100 + len(written)
        began = time.monotonic()
        index.put(entry(number, "leg"))
        waited.append(time.monotonic() - began)
        written.append(number)

    def go_on() -> None:
        while not ended.is_set():
            write()

    with ThreadPoolExecutor(1) as other:
        going: list = []

        def entries():
            for number in range(20):
                if number % 4 == 0:
                    other.submit(write).result(LONGEST_WAIT)
                yield entry(number, "leg")
            going.append(other.submit(go_on))

        try:
            assert index.rebuild(entries) == 20
        finally:
            ended.set()
        going[0].result(60)
    assert max(waited) < LONGEST_WAIT
    assert len(written) >= 5
    assert {one.document_id for one in index.held()} == {f"doc-{n}" for n in (*range(20), *written)}


def test_who_searches_sees_the_old_index_until_the_new_one_is_whole(index):
    index.put_many([entry(1, "leger inde"), entry(2, "leger ude")])
    (first,) = index.search(ask("inde")).hits
    assert "inde" in index.excerpts([first], ask("inde"))[0]

    def entries():
        yield entry(1, "leger oppe")
        assert found(index, "leger") == {"doc-1", "doc-2"} and found(index, "inde") == {"doc-1"}
        assert found(index, "oppe") == set()
        yield entry(3, "leger nede")

    index.rebuild(entries)
    assert "oppe" in index.excerpts([first], ask("oppe"))[0], "no text is remembered from before"
    assert found(index, "leger") == {"doc-1", "doc-3"} and found(index, "inde") == set()
    assert index.search(ask()).facets["form"] == (("overgangsbeskrivelse", 2),)


def test_a_build_that_fails_changes_nothing(index):
    index.put(entry(1, "leg"))

    def broken():
        index.put(entry(4, "leg"))
        yield entry(2, "leg")
        raise RuntimeError("store gone")

    with pytest.raises(RuntimeError):
        index.rebuild(broken)
    assert found(index) == {"doc-1", "doc-4"}
    index.put(entry(3, "leg"))
    assert found(index) == {"doc-1", "doc-3", "doc-4"}
    assert index.rebuild(lambda: [entry(3, "leg")]) == 1
    assert found(index) == {"doc-3"}


def test_a_second_build_beside_the_first_is_refused(index):
    def entries():
        with pytest.raises(AlreadyRebuilding) as refused:
            index.rebuild(list)
        assert refused.value.code == "index.rebuilding" and "tillid index status" in refused.value.message
        yield entry(1, "leg")

    assert index.rebuild(entries) == 1
    assert found(index) == {"doc-1"}


@pytest.fixture
def world(world_at, index) -> World:
    """A signed case, and the index under test beside it, built of the store."""
    world = world_at("signed")
    world.parts.search.close()
    world.parts.search = index
    with world.house() as house:
        rows = list(all_entries(house))
    index.rebuild(lambda: rows)
    return world


def shown(world: World) -> list[str]:
    """What the archivist sees of the case."""
    with world.house() as house:
        query = SearchQuery(allowed_units=())
        result = search_archive(house, world.staff("ove"), query, "Aktindsigt: anmodning fra forældrene")
    assert sum(count for _, count in result.facets["state"]) == result.total == len(result.hits)
    return [hit.state for hit in result.hits]


def withdraw(world: World) -> None:
    with world.house() as house:
        who = world.holders(house.documents.get(world.made["document"]).child_id)[0]
        withdraw_consent(house, who, world.made["request"], language="da", event_id=new_id())


@pytest.mark.req("R-17", "R-70")
def test_a_withdrawal_during_a_build_is_effective_with_its_click_and_stays_so(world):
    assert shown(world) == ["released"]

    def entries():
        with world.house() as house:
            before = list(all_entries(house))
        withdraw(world)
        assert shown(world) == []
        assert world.drain() == []  # the outbox has written it, and shows the document again
        assert shown(world) == ["withdrawn"]
        yield from before  # the store as it was before the click

    world.parts.search.rebuild(entries)
    assert shown(world) == ["withdrawn"]


@pytest.mark.req("R-17", "R-70")
def test_a_withdrawal_that_is_not_written_yet_is_shown_by_no_new_index(world):
    def entries():
        with world.house() as house:
            before = list(all_entries(house))
        withdraw(world)
        yield from before

    world.parts.search.rebuild(entries)
    assert found(world.parts.search, allowed_units=(before_unit(world),)), "the index itself has it as it was"
    assert shown(world) == []
    assert world.drain() == []
    assert shown(world) == ["withdrawn"]


def before_unit(world: World) -> str:
    with world.house() as house:
        return house.documents.get(world.made["document"]).unit_id
