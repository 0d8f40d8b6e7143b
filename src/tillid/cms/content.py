"""The content types of the house: ``tillid.house`` (the container of everything) and ``tillid.document`` (design 1, 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from BTrees.IOBTree import IOBTree
from BTrees.OOBTree import OOBTree
from DateTime import DateTime
from plone.dexterity.content import Container, Item
from zope.interface import Interface, implementer

from tillid.cms.store.records import Record, keys_after

HOUSE_ID = "tillid"
HOUSE_TYPE = "tillid.house"
DOCUMENT_TYPE = "tillid.document"
WORKFLOW = "tillid_document_workflow"


class IHouse(Interface):
    """The container of all that Tillid keeps on a site."""


class IDocument(Interface):
    """A document as a content object. It has no fields for Plone's own forms."""


@implementer(IHouse)
class House(Container):
    """``store``: the mapping the repositories keep their data in; its children are the documents."""

    store: OOBTree
    # Plone's default keeps the order of children in one list, rewritten and conflicting at every creation.
    _ordering = "unordered"


@implementer(IDocument)
class TillidDocument(Item):
    """A holder as ``tillid.cms.store.documents.Shelf`` describes it."""

    facts = b""
    draft: Record
    versions: IOBTree


class PloneShelf:
    """Holders are content objects in the house, written without events, catalog and versioning.

    A Dexterity object made this way costs 0.9 ms where the stock way costs 56 (measured). Holders come and go without
    acquisition wrappers: attributes of a wrapped Dexterity object are expensive to read.
    """

    def __init__(self, house: House, workflows: Callable[[], Any]) -> None:
        """``workflows``: finds the workflow tool, which a reader never needs."""
        self._house = house
        self._tree = house._tree
        self._workflows = workflows

    def get(self, document_id: str) -> TillidDocument | None:
        return self._tree.get(document_id)

    def add(self, document_id: str, facts: bytes, draft: Record, versions: IOBTree) -> TillidDocument:
        holder = TillidDocument(document_id)
        holder.portal_type = DOCUMENT_TYPE
        holder.facts = facts
        holder.draft = draft
        holder.versions = versions
        self._house._setOb(document_id, holder)
        return holder

    def mirror(self, holder: TillidDocument, state: str) -> None:
        """Set the workflow state, and with it the permissions of the object: nobody's, in every state."""
        document = holder.__of__(self._house)
        status = {"action": None, "actor": "tillid", "comments": "", "review_state": state, "time": DateTime()}
        workflows = self._workflows()
        workflows.setStatusOf(WORKFLOW, document, status)
        workflows[WORKFLOW].updateRoleMappingsFor(document)

    def remove(self, document_id: str) -> None:
        # No event: the veto (``protection.py``) holds everybody who comes another way.
        self._house._delOb(document_id)

    def ids(self, after: str = "") -> Iterable[str]:
        return keys_after(self._tree, after)
