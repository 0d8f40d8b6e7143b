"""1004 → 1005: who names a file is looked up; each destruction read all documents and the whole ledger for it (ADR 0100)."""

from __future__ import annotations

from typing import Any

from Products.CMFCore.utils import getToolByName

from tillid.cms.content import HOUSE_ID, PloneShelf
from tillid.cms.store.documents import ZodbDocuments
from tillid.cms.store.ledger import ZodbLedger


def upgrade(setup_tool: Any) -> None:
    """All documents and the ledger are read through once, before anybody is let in and before anything is destroyed again after a
    backup was put back."""
    house = getToolByName(setup_tool, "portal_url").getPortalObject()[HOUSE_ID]
    shelf = PloneShelf(house, lambda: getToolByName(setup_tool, "portal_workflow"))
    ZodbDocuments(house.store, shelf).list_files()
    ZodbLedger(house.store).list_scans()
