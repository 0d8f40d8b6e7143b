"""FileStorage whose blobs and packs survive a power cut and a kill, and which cannot take a transaction back.

ZODB's FileStorage fsyncs its data file in ``tpc_finish`` but only renames blob files (measured; ZODB 6): after a power
cut a committed blob may be gone or empty. Here the file, and each directory up to the blob root, is fsynced when the
blob is stored, which is before the vote, so before any commit is acknowledged (design 21).

A pack writes the data file anew, renames the old one away and then the new one into its place, and removes blobs. Killed
in between, ZODB would begin an empty database, or leave the bytes of what was packed away where they are. ``packing.mend`` and
``packing.sweep`` see to that when the storage is opened (R-90, ADR 0060).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ZODB.config import FileStorage as FileStorageSection
from ZODB.FileStorage import FileStorage
from ZODB.POSException import UndoError

from tillid.cms.store.packing import durable_packer, mend, sweep
from tillid.kernel.files import sync


class DurableFileStorage(FileStorage):
    """``FileStorage(path, blob_dir=…)`` with fsynced blobs and without undo: a consent is withdrawn, never undone (R-21)."""

    def __init__(self, path: str, **options: Any) -> None:
        mend(Path(path))
        # A pack leaves no copy of what it packed away: what is destroyed is in none of our files (R-90, ADR 0051).
        super().__init__(path, **{"pack_keep_old": False, "packer": durable_packer, **options})
        sweep(self)

    def pack(self, t: float, referencesf: Any, gc: bool | None = None) -> None:
        """And without the file in which transactions are gathered before they are written: ZODB begins it anew for each and never
        cuts it, so behind a small one lies the end of a larger."""
        super().pack(t, referencesf, gc)
        with self._commit_lock:
            self._tfile.truncate(0)

    def supportsUndo(self) -> bool:
        return False

    def undo(self, transaction_id: bytes, transaction: Any) -> None:
        """Raises ``UndoError``, always."""
        raise UndoError("nothing of Tillid is undone")

    def storeBlob(self, oid: bytes, oldserial: bytes, data: bytes, blobfilename: str, version: str,
                  transaction: Any) -> None:  # fmt: skip
        super().storeBlob(oid, oldserial, data, blobfilename, version, transaction)
        target = Path(self.fshelper.getBlobFilename(oid, self._tid))
        sync(target)
        root = Path(self.fshelper.base_dir)
        for folder in target.parents:
            sync(folder)
            if folder == root:
                break


class DurableSection(FileStorageSection):
    """``<durablefilestorage>`` in ``zope.conf`` (see ``component.xml``)."""

    def open(self) -> DurableFileStorage:
        return DurableFileStorage(self.config.path, blob_dir=self.config.blob_dir)
