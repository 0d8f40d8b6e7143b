from __future__ import annotations

from tests.unit.cms.samples import document, draft
from tillid.cms import starting
from tillid.cms.content import HOUSE_ID


def test_1001_finds_documents_that_were_there_before_by_their_number(connections):
    """A site as version 1000 left it: documents, and no lookup by number."""
    old = document(number="TD-GAMMEL")

    def back_to_1000(store):
        store.stores.documents.add(old, draft(old))
        del store.site[HOUSE_ID].store["documents_by_number"]
        store.site.portal_setup.setLastVersionForProfile("tillid.cms:default", "1000")

    with connections.open_store("test", write=True) as store:
        back_to_1000(store)
    with connections.open_store("read", write=False) as store:
        assert store.stores.documents.by_number("TD-GAMMEL") is None
        assert store.site.portal_setup.listUpgrades("tillid.cms:default")
    assert starting.create_site() is False
    with connections.open_store("read", write=False) as store:
        assert store.stores.documents.by_number("TD-GAMMEL") == old
        assert store.site.portal_setup.getLastVersionForProfile("tillid.cms:default") == ("1001",)
    before = starting.database().lastTransaction()
    starting.create_site()
    assert starting.database().lastTransaction() == before
