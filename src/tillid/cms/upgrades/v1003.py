"""1002 → 1003: holds placed before there was a list of those that stand are in it (ADR 0060)."""

from __future__ import annotations

from typing import Any

from Products.CMFCore.utils import getToolByName

from tillid.cms.content import HOUSE_ID
from tillid.cms.store.ledger import ZodbLedger


def upgrade(setup_tool: Any) -> None:
    """The ledger is read through once; the list it gives takes the place of the one there is."""
    house = getToolByName(setup_tool, "portal_url").getPortalObject()[HOUSE_ID]
    ZodbLedger(house.store).list_holds()
