"""A store in a folder without Plone: for tests of use cases, and for tools that read a copied database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import transaction
from BTrees.OOBTree import OOBTree
from ZODB.DB import DB

from tillid.cms.store import Stores, open_stores
from tillid.cms.store.durable import DurableFileStorage
from tillid.cms.store.people import CustodySource


class PlainStore:
    """``Data.fs`` and ``blobs`` in ``folder``. Each ``open`` is a connection with a transaction of its own."""

    def __init__(self, folder: Path, municipality_key: bytes, custody_source: CustodySource | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.db = DB(DurableFileStorage(str(folder / "Data.fs"), blob_dir=str(folder / "blobs")))
        self._key = municipality_key
        self._custody_source = custody_source
        with self.db.transaction() as connection:
            root = connection.root()
            if "tillid" not in root:
                root["tillid"] = OOBTree()
            self._stores(root)

    @contextmanager
    def open(self) -> Iterator[tuple[Stores, transaction.TransactionManager]]:
        """Repositories and their transaction manager; what is not committed by it is dropped at the end."""
        manager = transaction.TransactionManager()
        connection = self.db.open(transaction_manager=manager)
        try:
            yield self._stores(connection.root()), manager
        finally:
            manager.abort()
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Stores]:
        """Repositories; committed on a clean end, dropped at an error."""
        with self.open() as (stores, manager):
            yield stores
            manager.commit()

    def close(self) -> None:
        self.db.close()

    def _stores(self, root) -> Stores:  # type: ignore[no-untyped-def]
        return open_stores(root["tillid"], municipality_key=self._key, custody_source=self._custody_source)
