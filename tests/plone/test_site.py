"""The site as it is made."""

from __future__ import annotations

import pytest

from plone import api
from tests.unit.cms.samples import document, draft
from tillid.cms import starting
from tillid.cms.content import DOCUMENT_TYPE, HOUSE_ID, HOUSE_TYPE, WORKFLOW, House, TillidDocument
from tillid.cms.lock import lock_var
from tillid.cms.store.durable import DurableFileStorage
from tillid.kernel.errors import TillidError


def test_the_site_is_danish_and_has_the_newest_profile(store):
    site = store.site
    assert site.Language() == "da"
    assert api.portal.get_registry_record("plone.default_language") == "da"
    setup = site.portal_setup
    assert setup.getLastVersionForProfile("tillid.cms:default") == ("1005",)
    assert setup.listUpgrades("tillid.cms:default") == []


def test_no_rest_service_is_installed(store):
    assert store.site.portal_setup.getLastVersionForProfile("plone.restapi:default") == "unknown"


def test_making_the_site_again_changes_nothing(var):
    before = starting.database().lastTransaction()
    assert starting.create_site() is False
    assert starting.database().lastTransaction() == before


def test_zope_is_started_once_and_holds_its_folder(var):
    with pytest.raises(TillidError, match=r"store\.started"):
        starting.start_zope(var)
    with pytest.raises(TillidError, match=r"store\.locked"):
        lock_var(var)


def test_the_database_keeps_blobs_durably(var):
    assert isinstance(starting.database().storage, DurableFileStorage)


def test_the_types_are_ours_and_cannot_be_added_by_people(store):
    types = store.site.portal_types
    for name, kind in ((HOUSE_TYPE, House), (DOCUMENT_TYPE, TillidDocument)):
        fti = types[name]
        assert fti.klass == f"{kind.__module__}.{kind.__qualname__}"
        assert not fti.global_allow
        assert list(fti.lookupSchema()) == []
        assert fti.behaviors == ()
    assert store.site.portal_workflow.getChainFor(DOCUMENT_TYPE) == (WORKFLOW,)
    assert store.site.portal_workflow.getChainFor(HOUSE_TYPE) == ()
    assert isinstance(store.site[HOUSE_ID].aq_base, House)


def test_a_document_is_a_content_object_with_its_state_and_in_no_catalog(store):
    one = document(state="shared")
    store.stores.documents.add(one, draft(one))
    house = store.site[HOUSE_ID]
    content = house[one.id]
    assert content.portal_type == DOCUMENT_TYPE
    assert store.site.portal_workflow.getInfoFor(content, "review_state") == "shared"
    assert not store.site.portal_catalog.unrestrictedSearchResults(portal_type=DOCUMENT_TYPE)
    assert store.stores.documents.get(one.id) == one
    assert one.id in store.stores.documents.ids()
    assert list(house.objectIds()) == list(store.stores.documents.ids())


def test_two_people_can_create_at_once(connections):
    """The container has no list of its children that both would write."""
    with connections.open_store("create", write=False):
        pass
    documents = [document() for _ in range(3)]
    with connections.open_store("create", write=True) as store:
        store.stores.documents.add(documents[2], draft(documents[2]))
    with connections.open_store("create", write=True) as first, connections.open_store("create", write=True) as second:
        first.stores.documents.add(documents[0], draft(documents[0]))
        second.stores.documents.add(documents[1], draft(documents[1]))
    with connections.open_store("read", write=False) as store:
        assert all(store.stores.documents.get(each.id) for each in documents)
