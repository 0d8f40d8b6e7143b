"""The outbox: work that a commit made necessary (design 6)."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tillid.cms.store.records import Shards, decode, encode
from tillid.usecases.ports import OutboxEntry, outbox_key

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)


class ZodbOutbox:
    """The port ``Outbox``."""

    def __init__(self, root: MutableMapping[str, Any]) -> None:
        self._entries = Shards(root, "outbox")

    def add(self, step: str, ids: dict[str, str], now: datetime) -> OutboxEntry:
        """The entry with key ``step:<values of ids>``; one that is there already, dead or alive, is returned."""
        key = outbox_key(step, ids)
        found = self.get(key)
        if found is not None:
            return found
        entry = OutboxEntry(key=key, step=step, ids=ids, created_at=now, due_at=now)
        self._put(entry)
        return entry

    def due(self, now: datetime, limit: int = 100) -> Sequence[OutboxEntry]:
        """Living entries whose moment has come, oldest first."""
        waiting = [entry for entry in self._all() if not entry.dead and entry.due_at <= now]
        return sorted(waiting, key=lambda entry: (entry.due_at, entry.created_at, entry.key))[:limit]

    def get(self, key: str) -> OutboxEntry | None:
        data = self._entries.get(key)
        return None if data is None else decode(data, OutboxEntry)

    def remove(self, key: str) -> None:
        """Done; nothing happens if it is gone already."""
        self._entries.pop(key)

    def failed(self, key: str, error_code: str, now: datetime, *, may_die: bool = True, why: str = "") -> None:
        """Count the attempt: 15 s, 30 s, 1 min … at most an hour; dead after the eighth if it ``may_die``."""
        entry = self.get(key)
        if entry is None:
            return
        attempts = entry.attempts + 1
        wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
        self._put(
            msgspec.structs.replace(
                entry,
                attempts=attempts,
                due_at=now + wait,
                dead=may_die and attempts >= MOST_ATTEMPTS,
                last_error=error_code,
                why=why,
            )
        )

    def pending(self) -> Sequence[OutboxEntry]:
        """Everything not done, the dead included, oldest first."""
        return sorted(self._all(), key=lambda entry: (entry.created_at, entry.key))

    def _put(self, entry: OutboxEntry) -> None:
        self._entries.put(entry.key, encode(entry))

    def _all(self) -> Iterator[OutboxEntry]:
        return (decode(data, OutboxEntry) for data in self._entries.values())
