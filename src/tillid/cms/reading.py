"""The store of an installation, read beside the running server: for the operator's commands (ADR 0039).

No lock is taken, no Plone is started, and nothing can be written: the storage is opened for reading, as it was at that moment.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import transaction

from tillid.cms.starting import SITE_ID
from tillid.cms.store.blobs import ZodbBlobs
from tillid.cms.store.choices import ZodbChoices
from tillid.cms.store.designs import ZodbDesigns
from tillid.cms.store.documents import PlainShelf, Shelf, ZodbDocuments
from tillid.cms.store.ledger import ZodbLedger
from tillid.cms.store.outbox import ZodbOutbox
from tillid.cms.store.people import ZodbPeople
from tillid.cms.store.records import branch
from tillid.cms.store.restorations import ZodbRestorations
from tillid.cms.store.templates import ZodbTemplates
from tillid.kernel.errors import NoStore


class ReadStore:
    """What the commands read. ``forget()``: let go of what was read, so that memory does not grow with it."""

    def __init__(self, root: Any, shelf: Shelf, municipality_key: bytes, forget: Callable[[], None]) -> None:
        self.ledger, self.people = ZodbLedger(root), ZodbPeople(root, municipality_key)
        self.choices, self.documents, self.blobs = ZodbChoices(root), ZodbDocuments(root, shelf), ZodbBlobs(root)
        self.designs, self.forget = ZodbDesigns(root), forget
        self.outbox, self.templates = ZodbOutbox(root), ZodbTemplates(root)
        self.restorations = ZodbRestorations(root)


def house_of(root: Any) -> tuple[Any, Shelf]:
    """The house's mapping and where its documents stand: on the Plone site, or on the root itself of a store without Plone
    (``store/plain.py``). Zope's objects are read, and nothing of Zope is started for it."""
    if "Application" not in root:
        return root["tillid"], PlainShelf(branch(root["tillid"], "documents"))
    from tillid.cms.content import HOUSE_ID, PloneShelf

    house = root["Application"]._getOb(SITE_ID)._getOb(HOUSE_ID)
    return house.aq_base.store, PloneShelf(house.aq_base, lambda: None)


@contextmanager
def read_store(var: Path, municipality_key: bytes) -> Iterator[ReadStore]:
    """The repositories of ``var`` as of now. Raises ``NoStore`` where there is none."""
    from ZODB.DB import DB
    from ZODB.FileStorage import FileStorage

    file = var / "data" / "Data.fs"
    if not file.is_file():
        raise NoStore("no store", folder=var)
    # Beside a server the index on disk is older than the data; that is read through and nobody's concern.
    logging.getLogger("ZODB.FileStorage").setLevel(logging.ERROR)
    database = DB(FileStorage(str(file), read_only=True, blob_dir=str(file.with_name("blobs"))))
    manager = transaction.TransactionManager()
    try:
        connection = database.open(transaction_manager=manager)
        try:
            yield ReadStore(*house_of(connection.root()), municipality_key, connection.cacheMinimize)
        finally:
            manager.abort()
            connection.close()
    finally:
        database.close()
