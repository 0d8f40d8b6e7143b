"""What is left of destroyed documents, the last line before it, and what meets a destruction (R-90, R-21)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from ZODB.Connection import TransactionMetaData
from ZODB.POSException import ConflictError, UndoError

from tests.unit.cms.samples import DEFINITION, KEY, NOW, document, draft, event, tombstone, version
from tillid.adapters.destroyed_file import DestroyedFile, ListDamaged
from tillid.archive.keeping import (
    APPRAISED,
    CONFIRMED,
    DESTROYED,
    ORDERED,
    PLACED,
    TRANSFERRED,
    Answer,
    Appraisal,
    Hold,
    Order,
    Transfer,
)
from tillid.cms.store.destroyed import NotFree
from tillid.cms.store.plain import PlainStore
from tillid.kernel.errors import NotFound

MARK = Appraisal(mark="kasseres", subject="17.00.00", facet="G01", basis="BEK 183/2018", reason="fordi")
HOLD = Hold(kind="legal", reason="en sag")


@pytest.fixture
def store(tmp_path):
    made = PlainStore(tmp_path, KEY)
    yield made
    made.close()


def say(ledger, one, kind, payload, actor="a"):
    series = ledger.series(one.id)
    said = event(series, one, one.id, kind=kind, payload=msgspec.to_builtins(payload), actor=actor)
    ledger.append(said)
    return said.id


def confirmed(store, *, second="b", mark=MARK, transfer=None):
    """A document of which everything was said, with one version."""
    one = document()
    with store.transaction() as stores:
        stores.documents.add(one, draft(one, "noget om Ida, som ingen skal finde"))
        stores.documents.add_version(version(one))
        stores.documents.replace(msgspec.structs.replace(one, versions=1))
        if transfer:
            say(stores.ledger, one, TRANSFERRED, transfer)
        marked = say(stores.ledger, one, APPRAISED, mark)
        order = say(stores.ledger, one, ORDERED, Order(appraisal=marked, reason="r"))
        say(stores.ledger, one, CONFIRMED, Answer(order=order), second)
    return one


@pytest.mark.req("R-90")
def test_a_destroyed_document_is_found_nowhere_and_its_number_stays_taken(store, tmp_path):
    one = confirmed(store)
    with store.transaction() as stores:
        say(stores.ledger, one, DESTROYED, {})
        stores.documents.destroy(tombstone(one))
    with store.transaction() as stores:
        documents = stores.documents
        assert documents.get(one.id) is None and documents.version(one.id, 1) is None and list(documents.ids()) == []
        assert documents.of_child(one.child_id) == documents.of_unit(one.unit_id) == []
        assert documents.tombstones_of_unit(one.unit_id)[0].number == one.number and documents.unpacked() == (one.id,)
        with pytest.raises(NotFound):
            documents.draft(one.id)
        with pytest.raises(Exception, match=r"documents\.exists"):
            documents.add(document(number=one.number), draft(one))
        documents.packed([one.id])
        assert documents.unpacked() == ()
    assert b"ingen skal finde" in (tmp_path / "Data.fs").read_bytes()
    store.db.pack()
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and b"ingen skal finde" in p.read_bytes()]
    assert not list(tmp_path.rglob("*.old"))


@pytest.mark.req("R-82", "R-83", "R-90")
@pytest.mark.parametrize(
    "wrong", ["nothing said", "one person", "held", "not in the ledger", "undecided", "to be kept and not archived"]
)
def test_the_last_line_holds_whoever_calls(store, wrong):
    marks = {"undecided": "uafklaret", "to be kept and not archived": "bevares"}
    mark = msgspec.structs.replace(MARK, mark=marks.get(wrong, "kasseres"))
    has_it = Transfer(archive="Rigsarkivet", reference="26-1", approved_on=NOW.date()) if wrong == "undecided" else None
    one = confirmed(store, second="a" if wrong == "one person" else "b", mark=mark, transfer=has_it)
    if wrong == "nothing said":
        one = document()
        with store.transaction() as stores:
            stores.documents.add(one, draft(one))
            say(stores.ledger, one, "document_created", {})
    with store.open() as (stores, _):
        if wrong == "held":
            say(stores.ledger, one, PLACED, HOLD)
        if wrong != "not in the ledger":
            say(stores.ledger, one, DESTROYED, {})
        with pytest.raises(NotFree):
            stores.documents.destroy(tombstone(one))


@pytest.mark.req("R-90", "R-21")
@pytest.mark.parametrize("meets", ["a hold", "somebody who writes in the draft"])
def test_what_commits_while_it_is_destroyed_is_never_lost(store, meets):
    one = confirmed(store)
    with store.open() as (stores, manager):
        say(stores.ledger, one, DESTROYED, {})
        stores.documents.destroy(tombstone(one))
        with store.transaction() as other:
            if meets == "a hold":
                say(other.ledger, one, PLACED, HOLD)
            else:
                other.documents.save_draft(draft(one, "mere"))
        with pytest.raises(ConflictError):
            manager.commit()
    with store.transaction() as stores:
        assert stores.documents.get(one.id) is not None


def test_a_file_that_is_named_again_while_it_is_destroyed_is_stored_again(store):
    with store.transaction() as stores:
        digest = stores.blobs.put(b"en tegning", "image/png")
    with store.open() as (stores, manager):
        assert stores.blobs.put(b"en tegning", "image/png") == digest
        stores.documents.add(one := document(), draft(one))
        with store.transaction() as other:
            other.blobs.remove(digest)
        with pytest.raises(ConflictError):
            manager.commit()
    with store.transaction() as stores:
        assert stores.blobs.get(stores.blobs.put(b"en tegning", "image/png")) == b"en tegning"


def test_a_file_that_another_document_names_is_known(store):
    one, other = document(), document()
    with store.transaction() as stores:
        stores.documents.add(one, draft(one, "a" * 64))
        stores.documents.add(other, draft(other, "b"))
        assert stores.documents.mentions("a" * 64) and not stores.documents.mentions("c" * 64)


def test_ids_and_digests_go_on_after_one(store):
    made = sorted((document() for _ in range(3)), key=lambda one: one.id)
    with store.transaction() as stores:
        for one in made:
            stores.documents.add(one, draft(one))
        digests = sorted(stores.blobs.put(bytes([n]), "x") for n in range(3))
        assert list(stores.documents.ids(made[0].id)) == [made[1].id, made[2].id]
        assert list(stores.blobs.digests(digests[1])) == [digests[2]] and list(stores.blobs.digests()) == digests


@pytest.mark.req("R-90")
def test_the_list_beside_the_database_is_appended_once_and_mends_a_torn_line(tmp_path):
    stones = [tombstone(document(definition=DEFINITION), destroyed_at=NOW + timedelta(days=n)) for n in range(3)]
    kept = DestroyedFile(tmp_path / "destroyed")
    assert kept.all() == []
    kept.add(stones[:2])
    kept.add(stones[:2])
    assert kept.all() == stones[:2]
    with kept.path.open("ab") as file:
        file.write(b'{"id":"torn')
    assert kept.all() == stones[:2]
    kept.add(stones)
    assert kept.all() == stones and kept.path.stat().st_mode & 0o777 == 0o600
    kept.path.write_bytes(kept.path.read_bytes().replace(b'"number"', b'"numbre"', 1))
    with pytest.raises(ListDamaged):
        kept.all()


@pytest.mark.req("R-21", "R-90")
def test_no_transaction_is_ever_taken_back(store):
    """Neither a withdrawal nor a destruction: by no tool that has the storage in its hands."""
    one = confirmed(store)
    storage = store.db.storage
    (last,) = storage.undoLog(0, 1)
    storage.tpc_begin(one_more := TransactionMetaData())
    with pytest.raises(UndoError):
        storage.undo(last["id"], one_more)
    storage.tpc_abort(one_more)
    assert not storage.supportsUndo()
    with store.transaction() as stores:
        assert [event.kind for event in stores.ledger.of_document(one.id)][-1] == CONFIRMED
