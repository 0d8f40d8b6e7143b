"""What the profile cannot say in XML: the one house of the site, closed for everybody."""

from __future__ import annotations

from typing import Any

from BTrees.OOBTree import OOBTree
from plone.dexterity.utils import addContentToContainer, createContent
from Products.CMFCore.utils import getToolByName

from tillid.cms.content import HOUSE_ID, HOUSE_TYPE, WORKFLOW


def after_install(setup_tool: Any) -> None:
    """Post handler of the profile; running it again changes nothing that is there."""
    site = getToolByName(setup_tool, "portal_url").getPortalObject()
    if HOUSE_ID not in site.objectIds():
        make_house(site)
    close(site[HOUSE_ID], closed_permissions(site))


def make_house(site: Any) -> None:
    """The container, with its empty store."""
    house = createContent(HOUSE_TYPE, id=HOUSE_ID, title="Tillid")
    house.store = OOBTree()
    addContentToContainer(site, house, checkConstraints=False)
    house = site[HOUSE_ID]
    house.exclude_from_nav = True
    house.reindexObject()


def closed_permissions(site: Any) -> tuple[str, ...]:
    """The permissions the document workflow manages: everything Plone can do to an object."""
    return tuple(getToolByName(site, "portal_workflow")[WORKFLOW].permissions)


def close(house: Any, permissions: tuple[str, ...]) -> None:
    """Nobody has a permission on the house but the technical administrator, who may look and nothing else."""
    for permission in permissions:
        roles = ("Manager",) if permission in ("View", "Access contents information") else ()
        house.manage_permission(permission, roles=roles, acquire=0)
    house.reindexObjectSecurity()
