"""What a database that is put back from a backup is told before anybody opens it: that it was (ADR 0082). No Plone is started for it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from persistent.timestamp import TimeStamp
from ZODB.DB import DB
from ZODB.FileStorage import FileStorage

from tillid.cms.reading import house_of
from tillid.cms.store.restorations import ZodbRestorations
from tillid.consents.restored import Restored
from tillid.kernel.ids import new_id


def hold_back(var: Path, backup_at: datetime, now: datetime, lost: int) -> None:
    """Nothing that was said before is given on from ``var`` until somebody has looked. ``lost``: events that are known to be missing.
    Also by a machine whose clock was wrong: all that stands in the database was said before."""
    file = var / "data" / "Data.fs"
    storage = FileStorage(str(file), blob_dir=str(file.with_name("blobs")))
    newest = datetime.fromtimestamp(TimeStamp(storage.lastTransaction()).timeTime(), UTC)
    one = Restored(id=new_id(), backup_at=backup_at, until=max(now, backup_at, newest), lost=lost)
    database = DB(storage)
    try:
        with database.transaction("backup_restore") as connection:
            ZodbRestorations(house_of(connection.root())[0]).add(one)
    finally:
        database.close()


def newest_transaction(var: Path) -> bytes | None:
    """Of the database in ``var``; ``None`` where none is left that can be read."""
    file = var / "data" / "Data.fs"
    try:
        storage = FileStorage(str(file), read_only=True)
    except Exception:  # whatever a broken file makes of it: then nobody knows
        return None
    try:
        return storage.lastTransaction()
    finally:
        storage.close()
