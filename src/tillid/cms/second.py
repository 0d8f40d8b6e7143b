"""The second storage: sessions, lockout, previews, presence (design 18). Its words are those of ``web/installation.py``.

A database of its own in ``sessions.fs`` with its own transactions: what a request writes here never joins, delays or fails
a transaction of the content, and is in none of its backups. Of what is destroyed nothing stays here either: it is packed
with the content then, and a pack of it that was killed is put right in the same way (R-90).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import transaction
import zc.lockfile
from transaction.interfaces import TransientError
from ZODB.DB import DB

from tillid.cms.lock import locked
from tillid.cms.lockout import Lockout
from tillid.cms.presence import Presence
from tillid.cms.previews import Previews
from tillid.cms.reserve import Reserve, full_disk, is_full_disk
from tillid.cms.sessions import Sessions
from tillid.cms.store.durable import DurableFileStorage
from tillid.kernel.errors import Unavailable

T = TypeVar("T")
_ATTEMPTS = 10
_PACK_AT = 64 * 2**20
_RESERVE = 2**20


class SecondStore:
    """``sessions``, ``lockout``, ``previews`` and ``presence`` over the file ``path``; raises ``TillidError`` (``store.locked``).

    A reserve of its own lets people log in on a full disk: who cannot log in cannot withdraw (R-17).
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            storage = DurableFileStorage(str(path))
        except zc.lockfile.LockError as error:
            raise locked() from error
        path.chmod(0o600)
        self._path, self._packed = path, 0
        self._reserve = Reserve(path.with_name(f"reserve-{path.stem}"), _RESERVE)
        self._reserve.prepare()
        self._db = DB(storage, database_name="sessions")
        self.sessions = Sessions(self.read, self.write, self._db.lastTransaction)
        self.lockout = Lockout(self.write)
        self.previews = Previews(self.read, self.write)
        self.presence = Presence(self.read, self.write)

    def read(self, action: Callable[[Any], T]) -> T:
        """What ``action(root)`` returns; nothing is written."""
        manager = transaction.TransactionManager()
        connection = self._db.open(transaction_manager=manager)
        try:
            return action(connection.root())
        finally:
            manager.abort()
            connection.close()

    def write(self, action: Callable[[Any], T], *, can_wait: bool = False) -> T:
        """What ``action(root)`` returns, committed; it runs again when another was first.

        ``can_wait``: not worth the reserve. Raises ``Unavailable``: ``store.full``, ``store.busy``.
        """
        if can_wait and not self._reserve.prepare():
            raise full_disk()
        for attempt in range(_ATTEMPTS):
            try:
                with self._db.transaction() as connection:
                    return action(connection.root())
            except TransientError:
                time.sleep(random.uniform(0, 0.005 * 2**attempt))
            except OSError as error:
                if not is_full_disk(error):
                    raise
                if can_wait or not self._reserve.release():
                    raise full_disk() from error
        raise Unavailable("sessions storage is busy", code="store.busy")

    def sweep(self, now: datetime) -> None:
        """Forget what has expired; pack when the file has grown; make a released reserve again."""
        self._reserve.prepare()
        for part in (self.sessions, self.lockout, self.previews, self.presence):
            part.sweep(now)
        # Twice what was left by the last pack: what is kept for two weeks is not packed away each time anew.
        if self._path.stat().st_size > max(_PACK_AT, 2 * self._packed):
            self.pack()

    def pack(self) -> None:
        """Write the file anew without what has expired or was forgotten."""
        self._db.pack()
        self._packed = self._path.stat().st_size

    def close(self) -> None:
        self._db.close()
