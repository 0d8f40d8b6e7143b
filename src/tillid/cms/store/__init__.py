"""All repositories over one persistent mapping: on the Plone site, or on any ZODB root without Plone."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from tillid.cms.store.blobs import ZodbBlobs
from tillid.cms.store.choices import ZodbChoices
from tillid.cms.store.designs import ZodbDesigns
from tillid.cms.store.documents import PlainShelf, Shelf, ZodbDocuments
from tillid.cms.store.exclusions import ZodbExclusions
from tillid.cms.store.insights import ZodbInsights
from tillid.cms.store.keeping import ZodbKeepingNotes
from tillid.cms.store.ledger import ZodbLedger
from tillid.cms.store.notices import ZodbNotices
from tillid.cms.store.outbox import ZodbOutbox
from tillid.cms.store.people import CustodySource, ZodbPeople
from tillid.cms.store.records import branch
from tillid.cms.store.restorations import ZodbRestorations
from tillid.cms.store.saved_searches import ZodbSavedSearches
from tillid.cms.store.templates import ZodbTemplates


@dataclass(frozen=True, kw_only=True)
class Stores:
    """The repositories of one connection, each the implementation of the port of that name."""

    documents: ZodbDocuments
    ledger: ZodbLedger
    people: ZodbPeople
    blobs: ZodbBlobs
    outbox: ZodbOutbox
    notices: ZodbNotices
    exclusions: ZodbExclusions
    insights: ZodbInsights
    saved: ZodbSavedSearches
    designs: ZodbDesigns
    templates: ZodbTemplates
    choices: ZodbChoices
    keeping: ZodbKeepingNotes
    restorations: ZodbRestorations


def open_stores(
    root: MutableMapping[str, Any],
    *,
    municipality_key: bytes,
    custody_source: CustodySource | None = None,
    shelf: Shelf | None = None,
) -> Stores:
    """The repositories over ``root``; BTrees that are missing are made.

    ``municipality_key``: 32 bytes, for CPR numbers; ``custody_source``: asks the real register; ``shelf``: where
    documents stand (on Plone: content objects), else a BTree of ``root``.
    """
    return Stores(
        documents=ZodbDocuments(root, shelf if shelf is not None else PlainShelf(branch(root, "documents"))),
        ledger=ZodbLedger(root),
        people=ZodbPeople(root, municipality_key, custody_source),
        blobs=ZodbBlobs(root),
        outbox=ZodbOutbox(root),
        notices=ZodbNotices(root),
        exclusions=ZodbExclusions(root),
        insights=ZodbInsights(root),
        saved=ZodbSavedSearches(root),
        designs=ZodbDesigns(root),
        templates=ZodbTemplates(root),
        choices=ZodbChoices(root),
        keeping=ZodbKeepingNotes(root),
        restorations=ZodbRestorations(root),
    )
