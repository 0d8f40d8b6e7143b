"""1003 → 1004: what one person is told is spread over shards; parents who answered at once met in their leader's one tree."""

from __future__ import annotations

from typing import Any

from Products.CMFCore.utils import getToolByName

from tillid.cms.content import HOUSE_ID
from tillid.cms.store.notices import ZodbNotices


def upgrade(setup_tool: Any) -> None:
    """Nobody misses a notice in between: the step is one transaction, before anybody is let in."""
    house = getToolByName(setup_tool, "portal_url").getPortalObject()[HOUSE_ID]
    ZodbNotices(house.store).take_over()
