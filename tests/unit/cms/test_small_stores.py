"""Outbox, notices, exclusions."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from BTrees.OOBTree import OOTreeSet

from tests.unit.cms.samples import NOW
from tillid.archive.query import SearchQuery
from tillid.archive.saved import SavedSearch
from tillid.cms.store.exclusions import ZodbExclusions
from tillid.cms.store.outbox import MOST_ATTEMPTS
from tillid.cms.store.records import Record
from tillid.cms.store.saved_searches import ZodbSavedSearches
from tillid.usecases.ports import Notice


def test_the_same_work_is_remembered_once(stores):
    first = stores.outbox.add("render", {"document_id": "d1", "version": "1"}, NOW)
    again = stores.outbox.add("render", {"document_id": "d1", "version": "1"}, NOW + timedelta(hours=1))
    assert first == again
    assert first.key == "render:d1:1"
    assert stores.outbox.pending() == [first]
    stores.outbox.remove(first.key)
    stores.outbox.remove(first.key)
    assert stores.outbox.get(first.key) is None


def test_due_work_comes_oldest_first_and_within_the_limit(stores):
    late = stores.outbox.add("render", {"id": "later"}, NOW + timedelta(minutes=1))
    entries = [stores.outbox.add("render", {"id": str(n)}, NOW - timedelta(minutes=n)) for n in range(5)]
    assert stores.outbox.due(NOW) == entries[::-1]
    assert stores.outbox.due(NOW, limit=2) == [entries[4], entries[3]]
    assert late in stores.outbox.pending()


def test_failing_work_waits_longer_each_time_and_is_dead_in_the_end(stores):
    key = stores.outbox.add("render", {"id": "1"}, NOW).key
    moment, waits = NOW, []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert [entry.key for entry in stores.outbox.due(moment)] == [key]
        stores.outbox.failed(key, "office.dead", moment)
        entry = stores.outbox.get(key)
        assert (entry.attempts, entry.last_error) == (attempt, "office.dead")
        assert stores.outbox.due(entry.due_at - timedelta(seconds=1)) == []
        waits.append(entry.due_at - moment)
        moment = entry.due_at
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    assert entry.dead
    assert stores.outbox.due(moment + timedelta(days=365)) == []
    assert stores.outbox.pending() == [entry]
    stores.outbox.failed("unknown", "x", NOW)


def test_four_writers_at_once_do_not_conflict(store):
    opened = [store.open() for _ in range(4)]
    connections = [each.__enter__() for each in opened]
    for number, (stores, _manager) in enumerate(connections):
        for each in range(5):
            stores.outbox.add("render", {"id": f"{number}-{each}"}, NOW)
    for _stores, manager in connections:
        manager.commit()
    for each in opened:
        each.__exit__(None, None, None)
    with store.open() as (stores, _):
        assert len(stores.outbox.pending()) == 20


def test_a_notice_with_the_same_id_is_one_and_the_newest_is_first(stores):
    old = Notice(id="n1", to_person="anna", at=NOW, text_id="notice.shared", ids={"document_id": "d1"})
    new = Notice(id="n2", to_person="anna", at=NOW + timedelta(hours=1), text_id="notice.agreed")
    for each in (old, new, old):
        stores.notices.add(each)
    assert stores.notices.of_person("anna") == [new, old]
    assert stores.notices.of_person("karl") == []


def test_four_parents_who_answer_at_once_tell_the_same_leader(store):
    """In one tree for the leader the later ones had to begin anew, whenever one of them split a bucket."""

    def told(number: object) -> Notice:
        return Notice(id=f"n{number}", to_person="leder", at=NOW, text_id="notice.answered")

    with store.transaction() as stores:
        for number in range(100):
            stores.notices.add(told(number))
    opened = [store.open() for _ in range(4)]
    connections = [each.__enter__() for each in opened]
    for number, (stores, _manager) in enumerate(connections):
        for each in range(20):
            stores.notices.add(told(f"{number}-{each}"))
    for _stores, manager in connections:
        manager.commit()
    for each in opened:
        each.__exit__(None, None, None)
    with store.open() as (stores, _):
        assert len(stores.notices.of_person("leder")) == 180


def test_exclusions_are_a_set(stores):
    stores.exclusions.add("d1", "e1")
    stores.exclusions.add("d1", "e2")
    assert stores.exclusions.all() == frozenset({"d1"})
    stores.exclusions.remove("d1", "e1")
    assert stores.exclusions.all() == {"d1"}, "another event still holds it back"
    stores.exclusions.remove("d1", "e2")
    stores.exclusions.remove("d1", "e2")
    assert stores.exclusions.all() == frozenset()


def test_search_is_caught_up_for_one_child_while_another_parent_withdraws(store):
    """The last of a set goes while another comes: in one set for everybody the later of the two had to begin anew."""
    with store.transaction() as stores:
        stores.exclusions.add("d1", "e")
    with store.open() as (first, first_manager), store.open() as (second, second_manager):
        first.exclusions.remove("d1", "e")
        second.exclusions.add("d2", "e")
        first_manager.commit()
        second_manager.commit()
    with store.open() as (stores, _):
        assert stores.exclusions.all() == {"d2"}


def test_what_stood_in_the_one_set_of_before_stays_hidden(store):
    root: dict = {"exclusions": OOTreeSet(["d1:e1", "d1:e2", "d2:e3"])}
    found = ZodbExclusions(root)
    found.take_over()
    found.take_over()
    found.remove("d1", "e1")
    assert found.all() == {"d1", "d2"} and "exclusions" not in root
    found.remove("d1", "e2")
    assert found.all() == {"d2"}, "each cause was taken over as itself"


def test_saved_searches_are_kept_by_id_and_one_of_a_newer_make_stops_nothing():
    root: dict = {}
    store = ZodbSavedSearches(root)
    assert (store.all(), store.get("a"), root) == ([], None, {}), "reading writes nothing"
    question = SearchQuery(allowed_units=(), words="leg", state=("closed",))
    one = SavedSearch(id="a", owner="o", title="t", question=question, purpose="p", saved_at=NOW, tell_until=NOW.date())
    store.put(one)
    store.put(msgspec.structs.replace(one, id="b", owner="x"))
    store.put(msgspec.structs.replace(one, title="u"))
    assert [each.title for each in store.of_person("o")] == ["u"] and store.get("b").question == question
    root["saved_searches"]["c"] = Record(b'{"id": "c", "question": {"allowed_units": [], "newer": 1}}')
    assert [each.id for each in store.all()] == ["a", "b"] and store.get("c") is None
    store.remove("a")
    store.remove("a")
    assert [each.id for each in store.all()] == ["b"]


@pytest.mark.parametrize("what", [Notice(id="n1", to_person="anna", at=NOW, text_id="notice.shared"), Notice])
def test_nothing_of_the_core_is_stored_as_itself(store, what):
    """The tests that write to a database are watched for it (``tests/support/stored.py``): this one would, and is refused."""
    with pytest.raises(AssertionError, match="would be stored as itself"), store.db.transaction() as connection:
        connection.root()["notice"] = what
