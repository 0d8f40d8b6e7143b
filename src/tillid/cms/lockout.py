"""Waiting after failed logins, per key: a login name, a source address (finding 9: stock Plone has none)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tillid.cms.second import SecondStorage
from tillid.cms.store.records import branch, decode, encode

# Failures before the first wait. Give a source address more: it may be a whole town hall.
FREE = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
FORGET = timedelta(hours=24)


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """Failures since the last success, the last of them, and until when the next attempt must wait."""

    failures: int
    last: datetime
    until: datetime

    def forgotten(self, moment: datetime) -> bool:
        """Whether a day has passed since the last failure."""
        return moment - self.last >= FORGET


class Lockout:
    """Part of ``SessionStore``. Keys are kept as digests: people type passwords and numbers into the wrong field."""

    def __init__(self, storage: SecondStorage) -> None:
        self._storage = storage

    def locked(self, key: str, moment: datetime) -> bool:
        """Whether ``key`` must wait."""
        count = self._storage.read(lambda root: _count(root.get("lockout", {}), key, moment))
        return count is not None and moment < count.until

    def failed(self, key: str, moment: datetime, free: int = FREE) -> None:
        """Count a failure; from the ``free``-th on, ``key`` waits 1, 2, 4 … minutes, an hour at most.

        While it waits, failures are not counted: nobody can prolong another's wait.
        """

        def action(root: Any) -> None:
            counts = branch(root, "lockout")
            before = _count(counts, key, moment)
            if before is not None and moment < before.until:
                return
            failures = before.failures + 1 if before is not None else 1
            wait = min(FIRST_WAIT * 2 ** min(failures - free, 10), LONGEST_WAIT) if failures >= free else timedelta(0)
            counts[_digest(key)] = encode(Count(failures=failures, last=moment, until=moment + wait))

        self._storage.write(action)

    def cleared(self, key: str) -> None:
        """A success: ``key`` starts afresh."""
        if self._storage.read(lambda root: _digest(key) in root.get("lockout", {})):
            self._storage.write(lambda root: branch(root, "lockout").pop(_digest(key), None))

    def sweep(self, moment: datetime) -> None:
        """Forget what is a day old."""

        def action(root: Any) -> None:
            counts = branch(root, "lockout")
            for key in [key for key, data in counts.items() if decode(data, Count).forgotten(moment)]:
                del counts[key]

        self._storage.write(action)


def _count(counts: Any, key: str, moment: datetime) -> Count | None:
    data = counts.get(_digest(key))
    count = None if data is None else decode(data, Count)
    return None if count is None or count.forgotten(moment) else count


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
