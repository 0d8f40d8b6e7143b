from __future__ import annotations

import errno
import sys

import pytest
import transaction
from AccessControl import getSecurityManager
from ZODB.FileStorage import FileStorage
from zope.component.hooks import getSite

from tests.plone.running import connections as open_connections
from tests.unit.cms.samples import document, draft
from tillid.cms import starting
from tillid.cms.connection import Connections
from tillid.cms.reserve import Reserve
from tillid.kernel.errors import Unavailable


def test_a_writing_store_commits_at_a_clean_end_only(connections):
    one, two, three = (document() for _ in range(3))
    with connections.open_store("create", write=True) as store:
        store.stores.documents.add(one, draft(one))
    with connections.open_store("read", write=False) as store:
        store.stores.documents.add(two, draft(two))
    with pytest.raises(ZeroDivisionError), connections.open_store("create", write=True) as store:
        store.stores.documents.add(three, draft(three))
        _ = 1 / 0
    with connections.open_store("read", write=False) as store:
        assert [store.stores.documents.get(each.id) for each in (one, two, three)] == [one, None, None]


def test_note_and_user_are_all_that_the_undo_log_learns(connections):
    one = document()
    with connections.open_store("share_document", write=True, person_id=one.author) as store:
        store.stores.documents.add(one, draft(one, "Ida tør mere nu"))
    (last,) = starting.database().storage.undoLog(0, 1)
    assert last["description"] == b"share_document"
    assert last["user_name"].split()[-1] == one.author.encode()


def test_the_thread_is_left_as_it_was_found(connections):
    before = (getSite(), getSecurityManager().getUser().getUserName())
    with connections.open_store("write", write=True) as store:
        assert getSite() is not None
        assert getSecurityManager().getUser().getUserName() == "tillid"
        with connections.open_store("read", write=False):
            pass
        assert getSite().getPhysicalPath() == store.site.getPhysicalPath()
    assert (getSite(), getSecurityManager().getUser().getUserName()) == before


@pytest.mark.req("R-22")
def test_a_bound_store_sees_another_commit_only_after_refresh(connections):
    one = document()
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    reader = connections.bind(manager, "read", write=False)
    try:
        assert reader.stores.documents.get(one.id) is None
        with connections.open_store("create", write=True) as store:
            store.stores.documents.add(one, draft(one))
        assert reader.stores.documents.get(one.id) is None
        reader.refresh()
        assert reader.stores.documents.get(one.id) == one
    finally:
        reader.close()
        reader.close()


@pytest.mark.req("R-17", "R-22")
def test_a_store_knows_whether_a_fresh_view_would_be_another(connections):
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    reader = connections.bind(manager, "read", write=False)
    try:
        assert reader.unchanged() and reader.unchanged()
        with connections.open_store("read", write=False):
            pass
        assert reader.unchanged(), "who only reads changes nothing"
        one = document()
        with connections.open_store("create", write=True) as store:
            store.stores.documents.add(one, draft(one))
            assert reader.unchanged(), "not committed yet"
        assert not reader.unchanged()
        reader.refresh()
        assert reader.unchanged() and reader.stores.documents.get(one.id) == one
    finally:
        reader.close()


@pytest.mark.req("R-33")
def test_where_custody_is_asked_outside_the_database_nothing_is_ever_called_unchanged():
    def register(child_id: str):
        raise Unavailable("silent")

    with Connections(b"m" * 32, custody_source=register).open_store("read", write=False) as store:
        assert not store.unchanged()


def test_a_bound_store_is_closed_after_its_callers_commit(connections):
    """As pyramid_tm does it: the manager commits, the request's end closes."""
    one = document()
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    store = connections.bind(manager, "create", write=True)
    store.stores.documents.add(one, draft(one))
    manager.commit()
    store.close()
    with connections.open_store("read", write=False) as store:
        assert store.stores.documents.get(one.id) == one


@pytest.mark.req("R-17")
def test_while_the_reserve_cannot_be_made_again_nothing_else_is_written(tmp_path, monkeypatch):
    reserve = Reserve(tmp_path / "reserve", 1000)
    connections = open_connections(reserve=reserve)
    monkeypatch.setattr(reserve, "prepare", lambda: False)
    one = document()
    with pytest.raises(Unavailable, match=r"store\.full"):
        create(connections, one)
    monkeypatch.undo()
    create(connections, one)
    assert reserve.path.exists()


def test_a_full_disk_at_the_commit_is_told_and_leaves_nothing(monkeypatch):
    connections = open_connections()
    module = sys.modules[FileStorage.__module__]

    def copy(*_args):
        """How the storage appends a transaction to its file when it votes."""
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "cp", copy)
    one = document()
    with pytest.raises(Unavailable, match=r"store\.full"):
        create(connections, one)
    monkeypatch.undo()
    with connections.open_store("read", write=False) as store:
        assert store.stores.documents.get(one.id) is None


def create(connections, one):
    with connections.open_store("create", write=True) as store:
        store.stores.documents.add(one, draft(one))
