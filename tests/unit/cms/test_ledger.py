from __future__ import annotations

import msgspec
import pytest
from ZODB.POSException import ConflictError, UndoError

from tests.unit.cms.samples import document, draft, event
from tillid.consents.events import broken_links
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import new_id


@pytest.fixture
def one():
    return document()


def test_events_come_back_by_every_way_in_the_order_appended(stores, one):
    other = document(child_id=one.child_id)
    first = event([], one, "s1")
    second = event([], other, "s2", request_id="q1", kind="request_created", payload={"items": ["æ", 1, None]})
    third = event([first], one, "s1", request_id="q1", kind="consent_given")
    for each in (first, second, third):
        stores.ledger.append(each)
    assert stores.ledger.event(second.id) == second
    assert stores.ledger.of_child(one.child_id) == [first, second, third]
    assert stores.ledger.of_document(one.id) == [first, third]
    assert stores.ledger.series("s1") == [first, third]
    assert stores.ledger.of_request("q1") == [second, third]
    assert broken_links(stores.ledger.series("s1")) == []
    for empty in (stores.ledger.of_child, stores.ledger.of_document, stores.ledger.series, stores.ledger.of_request):
        assert empty("unknown") == []
    assert stores.ledger.event("unknown") is None
    assert stores.ledger.of_request("") == []


@pytest.mark.req("R-21")
def test_only_what_follows_its_series_is_appended(stores, one):
    first = event([], one, "s1")
    stores.ledger.append(first)
    second = event([first], one, "s1")
    wrong = {
        "again": first,
        "same id": msgspec.structs.replace(second, id=first.id),
        "gap": msgspec.structs.replace(second, sequence=3),
        "no link": msgspec.structs.replace(second, previous=None),
        "wrong link": msgspec.structs.replace(second, previous="0" * 64),
        "restart": event([], one, "s1"),
        "another child's series": msgspec.structs.replace(second, child_id="another"),
        "another child's document": event([], document(id=one.id), "s9"),
    }
    for name, bad in wrong.items():
        with pytest.raises(TillidError, match=r"ledger\.conflict"):
            stores.ledger.append(bad)
            pytest.fail(name)
    stores.ledger.append(second)
    assert stores.ledger.of_child(one.child_id) == [first, second]
    assert stores.ledger.of_child("another") == []


@pytest.mark.req("R-21")
def test_evidence_is_attached_once(stores, one):
    first = event([], one, "s1")
    stores.ledger.append(first)
    assert stores.ledger.attach(first.id, "record", b"<samtykke/>")
    assert not stores.ledger.attach(first.id, "record", b"<noget-andet/>")
    assert stores.ledger.attach(first.id, "timestamp", b"\x30")
    assert stores.ledger.attachments(first.id) == {"record": b"<samtykke/>", "timestamp": b"\x30"}
    with pytest.raises(TillidError, match=r"ledger\.unknown-event"):
        stores.ledger.attach("unknown", "record", b"")


def test_evidence_handed_out_is_a_copy(stores, one):
    first = event([], one, "s1")
    stores.ledger.append(first)
    stores.ledger.attachments(first.id)["record"] = b"smuglet"
    assert stores.ledger.attachments(first.id) == {}


@pytest.mark.req("R-21")
@pytest.mark.parametrize("known", [False, True], ids=["first event", "later event"])
def test_two_who_append_for_one_child_at_once_cannot_both_commit(store, one, known):
    """Different documents, series and events: nothing but the child is the same."""
    other = document(child_id=one.child_id)
    if known:
        with store.transaction() as stores:
            stores.ledger.append(event([], one, "s0"))
    with store.open() as (first, first_manager), store.open() as (second, second_manager):
        first.ledger.append(event([], one, "s1"))
        second.ledger.append(event([], other, "s2"))
        first_manager.commit()
        with pytest.raises(ConflictError):
            second_manager.commit()
        second_manager.abort()
        second.ledger.append(event([], other, "s2"))
        second_manager.commit()
    with store.open() as (stores, _):
        assert len(stores.ledger.of_child(one.child_id)) == 2 + known


@pytest.mark.req("R-21")
def test_no_transaction_can_be_taken_back(store, one):
    with store.transaction() as stores:
        stores.ledger.append(event([], one, "s1"))
    last = store.db.storage.undoLog(0, 1)[0]["id"]
    assert not store.db.supportsUndo()
    # ZODB's own answer (``DB.undoMultiple``) of a storage that says it takes nothing back; nothing of ours is unfinished.
    with pytest.raises(NotImplementedError), store.db.transaction() as connection:
        store.db.undo(last, connection.transaction_manager.get())
    with pytest.raises(UndoError):
        store.db.storage.undo(last, None)
    with store.open() as (stores, _):
        assert len(stores.ledger.series("s1")) == 1


def test_appends_for_two_children_do_not_meet(store):
    children = [document() for _ in range(12)]
    with store.transaction() as stores:
        for each in children[2:]:
            stores.ledger.append(event([], each, each.id))
    with store.open() as (first, first_manager), store.open() as (second, second_manager):
        first.ledger.append(event([], children[0], "a"))
        second.ledger.append(event([], children[1], "b"))
        first_manager.commit()
        second_manager.commit()
    with store.open() as (stores, _):
        kept = {each.id: [one.series_id for one in stores.ledger.of_child(each.child_id)] for each in children}
    assert kept == {each.id: [each.id] for each in children} | {children[0].id: ["a"], children[1].id: ["b"]}


@pytest.mark.req("R-22")
def test_what_was_decided_on_an_old_ledger_is_not_committed(store, one):
    """A reads the ledger and writes elsewhere; B withdraws meanwhile."""
    given = event([], one, "s1", kind="consent_given")
    with store.transaction() as stores:
        stores.documents.add(one, draft(one))
        stores.ledger.append(given)
    with store.open() as (first, first_manager), store.open() as (second, second_manager):
        assert len(first.ledger.of_document(one.id)) == 1
        first.exclusions.remove(one.id, "e")
        first.outbox.add("notify", {"document_id": one.id}, one.created_at)
        second.ledger.append(event([given], one, "s1", kind="consent_withdrawn"))
        second_manager.commit()
        with pytest.raises(ConflictError):
            first_manager.commit()


def test_children_come_in_one_order_that_stays_and_are_read_as_they_are_stored(stores):
    events = [event([], document(), new_id()) for _ in range(40)]
    for one in events:
        stores.ledger.append(one)
    every = list(stores.ledger.children())
    assert sorted(every) == sorted(one.child_id for one in events)
    for at in (0, 7, 38, 39):
        assert list(stores.ledger.children(every[at])) == every[at + 1 :]
    assert list(stores.ledger.stored(events[0].child_id)) == [(events[0].id, events[0].json())]
    assert list(stores.ledger.stored(new_id())) == []
