"""The repositories stay on a connection of the database, and never show or write anything else than if made anew."""

from __future__ import annotations

import gc

import pytest
from BTrees.OOBTree import OOBTree
from ZODB.Connection import resetCaches

from tests.plone.running import connections as open_connections
from tests.plone.test_connections import create
from tests.unit.cms.samples import document, draft
from tillid.cms.content import HOUSE_ID


@pytest.fixture
def warm(connections):
    """Connections of which the one used next has its repositories already."""
    for _ in range(2):
        with connections.open_store("warm", write=True) as store:
            kept = store.stores
    with connections.open_store("read", write=False) as store:
        assert store.stores is kept, "made once"
    return connections


def test_who_opens_with_another_key_gets_repositories_of_its_own(warm):
    with warm.open_store("read", write=False) as store:
        kept = store.stores
    with open_connections().open_store("read", write=False) as store:
        assert store.stores is not kept


@pytest.mark.req("R-17", "R-22")
def test_a_tree_that_another_has_put_in_the_place_of_an_old_one_is_the_one_that_is_read(warm):
    one = document()
    create(warm, one)
    with warm.open_store("read", write=False), warm.open_store("exchange", write=True) as other:
        other.site[HOUSE_ID].store["documents_by_number"] = OOBTree()
    with warm.open_store("read", write=False) as store:
        assert store.stores.documents.by_number(one.number) is None
        assert store.stores.documents.get(one.id) == one


def test_a_tree_that_was_made_by_a_transaction_that_fails_is_not_written_to_later(warm):
    with warm.open_store("take away", write=True) as store:
        del store.site[HOUSE_ID].store["documents_by_number"]
    for _ in range(2):
        with warm.open_store("read", write=False) as store:
            assert store.stores.documents.by_number("TD-1") is None
    one = document()
    create(warm, one)
    gc.collect()
    with warm.open_store("read", write=False), warm.open_store("read", write=False) as other:
        assert other.stores.documents.by_number(one.number) == one, "as a second connection reads it"


@pytest.mark.req("R-17", "R-22")
def test_what_another_commits_is_seen_also_after_all_caches_were_thrown_away(warm):
    with warm.open_store("read", write=False) as store:
        assert store.stores.documents.get("nobody") is None
    resetCaches()
    one = document()
    with warm.open_store("read", write=False):
        create(warm, one)
    with warm.open_store("read", write=False) as store:
        assert store.stores.documents.get(one.id) == one
        assert store.stores.documents.by_number(one.number) == one
        store.stores.documents.save_draft(draft(one, "Ida tør mere nu"))
