"""1001 → 1002: what search must not show is spread over shards; one set for all documents made withdrawals meet."""

from __future__ import annotations

from typing import Any

from Products.CMFCore.utils import getToolByName

from tillid.cms.content import HOUSE_ID
from tillid.cms.store.exclusions import ZodbExclusions


def upgrade(setup_tool: Any) -> None:
    """Nothing that was excluded is shown in between: the step is one transaction, before anybody is let in."""
    house = getToolByName(setup_tool, "portal_url").getPortalObject()[HOUSE_ID]
    ZodbExclusions(house.store).take_over()
