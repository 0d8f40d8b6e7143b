"""1002 → 1003: holds and orders of before are in the lists of those that stand; due days are laid out for pages (ADR 0060, 0064)."""

from __future__ import annotations

from typing import Any

from Products.CMFCore.utils import getToolByName

from tillid.cms.content import HOUSE_ID
from tillid.cms.store.keeping import ZodbKeepingNotes
from tillid.cms.store.ledger import ZodbLedger


def upgrade(setup_tool: Any) -> None:
    """The ledger is read through once; the lists it gives take the place of those there are. Due days are worked out anew with the
    day's work; until then the page says that there is none."""
    house = getToolByName(setup_tool, "portal_url").getPortalObject()[HOUSE_ID]
    ZodbLedger(house.store).list_standing()
    ZodbKeepingNotes(house.store).forget_due()
