from __future__ import annotations

from BTrees.OOBTree import OOTreeSet

from tests.unit.cms.samples import document, draft
from tillid.cms import starting
from tillid.cms.content import HOUSE_ID


def test_a_site_of_version_1000_finds_documents_by_number_and_hides_what_it_hid(connections):
    """A site as version 1000 left it: documents, no lookup by number, and one set of what search must not show."""
    old = document(number="TD-GAMMEL")

    def back_to_1000(store):
        store.stores.documents.add(old, draft(old))
        del store.site[HOUSE_ID].store["documents_by_number"]
        del store.site[HOUSE_ID].store["excluded"]
        store.site[HOUSE_ID].store["exclusions"] = OOTreeSet([f"{old.id}:e1", f"{old.id}:e2"])
        store.site.portal_setup.setLastVersionForProfile("tillid.cms:default", "1000")

    with connections.open_store("test", write=True) as store:
        back_to_1000(store)
    with connections.open_store("read", write=False) as store:
        assert store.stores.documents.by_number("TD-GAMMEL") is None
        assert store.site.portal_setup.listUpgrades("tillid.cms:default")
    assert starting.create_site() is False
    with connections.open_store("read", write=False) as store:
        assert store.stores.documents.by_number("TD-GAMMEL") == old
        assert store.stores.exclusions.all() == {old.id}
        assert "exclusions" not in store.site[HOUSE_ID].store
        store.stores.exclusions.remove(old.id, "e1")
        assert store.stores.exclusions.all() == {old.id}, "each cause was taken over"
        assert store.site.portal_setup.getLastVersionForProfile("tillid.cms:default") == ("1002",)
    before = starting.database().lastTransaction()
    starting.create_site()
    assert starting.database().lastTransaction() == before
