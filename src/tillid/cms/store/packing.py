"""What a pack that was killed left behind is put right when the storage is opened; and its new file is on the disk before it counts."""

from __future__ import annotations

import binascii
import logging
import os
from pathlib import Path
from typing import Any

import zc.lockfile
from ZODB.blob import remove_committed, remove_committed_dir
from ZODB.FileStorage import FileStorage
from ZODB.POSException import POSKeyError

from tillid.kernel.files import sync

log = logging.getLogger(__name__)
_REMOVED = ".removed"  # where ZODB notes which blobs a pack is to remove


def durable_packer(storage: Any, referencesf: Any, stop: bytes, gc: bool) -> Any:
    """ZODB's own, whose result is renamed over the data file without being on the disk."""
    packed = FileStorage.packer(storage, referencesf, stop, gc)
    if packed is not None:
        sync(Path(storage.getName() + ".pack"))
    return packed


def mend(file: Path) -> None:
    """Killed after the old data file was renamed away and before the new one had its place: the old one has it again, and lacks
    nothing, for nobody writes in between. Killed later: the old one, which holds what was packed away, goes.

    Raises ``zc.lockfile.LockError`` when another process has the storage."""
    old = file.with_name(file.name + ".old")
    if not old.exists():
        return
    lock = zc.lockfile.LockFile(f"{file}.lock")
    try:
        if file.exists():
            old.unlink()
        else:
            log.warning("a pack was interrupted; the data file is put back in its place")
            os.rename(old, file)
        sync(file.parent)
    finally:
        lock.close()


def sweep(storage: Any) -> None:
    """Remove the blobs that an interrupted pack was still to remove, as far as no record is there for them any more."""
    note = Path(storage.blob_dir) / _REMOVED if storage.blob_dir else None
    if note is None or not note.exists():
        return
    for line in note.read_bytes().splitlines():
        try:
            name = binascii.unhexlify(line.strip())
        except binascii.Error:
            continue  # torn by the kill; what it was about is still in the data file
        if len(name) in (8, 16):
            _remove(storage, name[:8], name[8:])
    note.unlink()


def _remove(storage: Any, oid: bytes, tid: bytes) -> None:
    try:
        storage.loadSerial(oid, tid) if tid else storage.getTid(oid)
        return  # the pack never came into force
    except POSKeyError:
        pass
    path = storage.fshelper.getBlobFilename(oid, tid) if tid else storage.fshelper.getPathForOID(oid)
    if os.path.exists(path):
        (remove_committed if tid else remove_committed_dir)(path)
