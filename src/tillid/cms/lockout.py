"""Waiting after wrong passwords, per login name and per source address (finding 9: stock Plone has none)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tillid.cms.store.records import branch, decode, encode

# Attempts before the first wait. A source may be a whole town hall behind one address.
FREE_PER_NAME = 5
FREE_PER_SOURCE = 25
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
FORGET = timedelta(hours=24)


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """Failed attempts since the last success, and until when the next must wait."""

    failures: int = 0
    last: datetime
    until: datetime | None = None


class Lockout:
    """Made by ``SecondStore``. Names and addresses are kept as digests: people type passwords into the wrong field."""

    def __init__(self, write: Callable[..., Any]) -> None:
        self._write = write

    def attempt(self, username: str, source: str, now: datetime) -> datetime | None:
        """Count an attempt before its password is looked at, so that many at once gain nothing.

        Returns ``None`` if it may go on, else until when to wait (then it is not counted).
        """

        def action(root: Any) -> datetime | None:
            counts = branch(root, "lockout")
            known = {key: _count(counts, key, now) for key in _keys(username, source)}
            waits = [count.until for count in known.values() if count.until is not None and now < count.until]
            if waits:
                return max(waits)
            for (key, free), count in zip(_keys(username, source).items(), known.values(), strict=True):
                counts[key] = encode(_failed(count, free, now))
            return None

        return self._write(action)

    def succeeded(self, username: str, source: str, now: datetime) -> None:
        """The attempt was right: the name starts afresh, and the source is not charged for it."""

        def action(root: Any) -> None:
            counts = branch(root, "lockout")
            name, address = _keys(username, source)
            counts.pop(name, None)
            count = _count(counts, address, now)
            failures = max(count.failures - 1, 0)
            until = count.until if failures >= FREE_PER_SOURCE else None
            counts[address] = encode(msgspec.structs.replace(count, failures=failures, until=until))

        self._write(action)

    def sweep(self, now: datetime) -> None:
        """Forget counts a day after their last failure."""

        def action(root: Any) -> None:
            counts = branch(root, "lockout")
            for key, data in list(counts.items()):
                if now - decode(data, Count).last >= FORGET:
                    del counts[key]

        self._write(action)


def _keys(username: str, source: str) -> dict[str, int]:
    """Stored key → free attempts; the name first."""
    return {_digest("name:" + username.casefold()): FREE_PER_NAME, _digest("source:" + source): FREE_PER_SOURCE}


def _count(counts: Any, key: str, now: datetime) -> Count:
    data = counts.get(key)
    count = None if data is None else decode(data, Count)
    return count if count is not None and now - count.last < FORGET else Count(last=now)


def _failed(count: Count, free: int, now: datetime) -> Count:
    failures = count.failures + 1
    over = failures - free
    until = now + min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else None
    return Count(failures=failures, last=now, until=until)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
