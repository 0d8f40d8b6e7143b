"""A document leaves Plone's house only by the store's own way, and leaves nothing of itself in it (R-90)."""

from __future__ import annotations

import pytest
from plone.base.utils import get_installer
from Testing.makerequest import makerequest

from tests.plone.test_closure import as_system
from tests.unit.cms.samples import document, draft, tombstone
from tests.unit.cms.test_destroyed import HOLD, MARK, say
from tillid.archive.keeping import APPRAISED, CONFIRMED, DESTROYED, ORDERED, PLACED, Answer, Order
from tillid.cms.accounts import put_account
from tillid.cms.content import HOUSE_ID
from tillid.cms.store.destroyed import NotFree


@pytest.mark.req("R-82", "R-90")
def test_the_holder_leaves_the_house_and_the_count(store):
    documents, ledger, house = store.stores.documents, store.stores.ledger, store.site[HOUSE_ID]
    before = len(house.objectIds())
    one = document()
    documents.add(one, draft(one))
    with pytest.raises(NotFree):
        say(ledger, one, PLACED, HOLD)
        documents.destroy(tombstone(one))
    other = document()
    documents.add(other, draft(other))
    marked = say(ledger, other, APPRAISED, MARK)
    order = say(ledger, other, ORDERED, Order(appraisal=marked, reason="r"))
    say(ledger, other, CONFIRMED, Answer(order=order), "b")
    say(ledger, other, DESTROYED, {})
    documents.destroy(tombstone(other))
    assert documents.get(other.id) is None and documents.tombstone(other.id) is not None
    assert one.id in house.objectIds() and other.id not in house.objectIds()
    assert len(house.objectIds()) == house.objectCount() == before + 1


@pytest.mark.req("R-82", "R-90")
def test_neither_the_end_of_an_account_nor_an_uninstallation_takes_a_document_along(store):
    """The folder, the house and the site themselves: ``test_closure.py``."""
    site, one = store.site, document()
    store.stores.documents.add(one, draft(one, "stadig her"))
    put_account(site, "opretter", "et langt kodeord")
    site[HOUSE_ID][one.id].manage_setLocalRoles("opretter", ["Owner"])
    with as_system():
        site.portal_membership.deleteMembers(["opretter"], delete_memberareas=1, delete_localroles=1)
        assert site.acl_users.getUserById("opretter") is None
        installer = get_installer(site, makerequest(site).REQUEST)
        assert installer.get_uninstall_profile("tillid.cms") is None, "a profile could take things down"
        installer.uninstall_product("tillid.cms")
    assert store.stores.documents.draft(one.id).answers == {"styrker": "stadig her"}
    assert one.id in site[HOUSE_ID].objectIds()
