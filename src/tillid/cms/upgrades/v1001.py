"""1000 → 1001: documents are found by their number, which people read to each other on the telephone."""

from __future__ import annotations

from typing import Any

from Products.CMFCore.utils import getToolByName

from tillid.cms.content import HOUSE_ID, PloneShelf
from tillid.cms.store.documents import ZodbDocuments


def upgrade(setup_tool: Any) -> None:
    """Enter every document that is there into the new lookup."""
    house = getToolByName(setup_tool, "portal_url").getPortalObject()[HOUSE_ID]
    shelf = PloneShelf(house, lambda: getToolByName(setup_tool, "portal_workflow"))
    ZodbDocuments(house.store, shelf).rebuild_numbers()
