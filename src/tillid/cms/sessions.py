"""Server-side sessions: revocable, found by the digest of the cookie's token only (design 18)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tillid.cms.store.records import branch, decode, encode
from tillid.kernel.errors import Unavailable

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
# How old the last sign of life may be before it is written again: most requests write nothing.
_TOUCH = timedelta(minutes=1)
_MOST_KNOWN = 1000


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Who is logged in. ``kind``: ``staff``, ``parent`` or ``young``; ``login``: what the login proved (issuer, level …);
    ``values``: small things remembered until log-out, such as an archivist's purpose."""

    id: str
    person_id: str
    kind: str
    login: dict[str, Any]
    created_at: datetime
    seen_at: datetime
    values: dict[str, str] = {}

    def alive(self, now: datetime) -> bool:
        """Within 30 minutes of the last sign of life and 8 hours of the login."""
        return now < self.seen_at + IDLE and now < self.created_at + LONGEST


class Sessions:
    """Made by ``SecondStore``. A token is shown once, at ``create``; the store keeps its SHA-256."""

    def __init__(
        self, read: Callable[..., Any], write: Callable[..., Any], last_transaction: Callable[[], bytes]
    ) -> None:
        self._read = read
        self._write = write
        self._last_transaction = last_transaction
        # Sessions read since that transaction of the storage.
        self._known: tuple[bytes, dict[str, Session]] = (b"", {})

    def create(self, person_id: str, kind: str, login: dict[str, Any], now: datetime) -> str:
        """A new session; returns the token for the cookie (256 bits, URL-safe)."""
        token = secrets.token_urlsafe(32)
        session = Session(id=_digest(token), person_id=person_id, kind=kind, login=login, created_at=now, seen_at=now)
        self._write(lambda root: _put(root, session))
        return token

    def get(self, token: str, now: datetime) -> Session | None:
        """The living session of ``token``, or ``None``."""
        session = self._stored(_digest(token))
        return session if session is not None and session.alive(now) else None

    def _stored(self, id: str) -> Session | None:
        """The session as it is in the store. One that was read already is taken from memory as long as the storage has
        seen no transaction since: then it is the same, and revoking is a transaction."""
        last = self._last_transaction()  # before reading: what is read may be newer than this says, never older
        as_of, kept = self._known
        if as_of != last or len(kept) >= _MOST_KNOWN:
            kept = {}
            self._known = (last, kept)
        if id not in kept:
            data = self._read(lambda root: root.get("sessions", {}).get(id))
            if data is None:
                return None
            kept[id] = decode(data, Session)
        return kept[id]

    def touch(self, token: str, now: datetime, known: Session | None = None) -> None:
        """A sign of life; written at most once a minute. A session that has ended is not revived. ``known``: the session
        as it was just read."""
        session = known or self.get(token, now)
        if session is not None and now - session.seen_at >= _TOUCH:
            # On a full disk people go on working with the time they have left.
            with suppress(Unavailable):
                self._change(token, now, lambda found: msgspec.structs.replace(found, seen_at=now), can_wait=True)

    def remember(self, token: str, key: str, value: str, now: datetime) -> None:
        """Keep ``value`` in the session's ``values`` until it ends."""
        self._change(token, now, lambda found: msgspec.structs.replace(found, values={**found.values, key: value}))

    def revoke(self, token: str) -> None:
        """Log out; nothing happens if there is no such session."""
        self._write(lambda root: _drop(root, _digest(token)))

    def revoke_all(self, person_id: str) -> None:
        """End every session of a person at once (a closed account, a lost phone)."""

        def action(root: Any) -> None:
            for id, data in list(branch(root, "sessions").items()):
                if decode(data, Session).person_id == person_id:
                    _drop(root, id)

        self._write(action)

    def sweep(self, now: datetime) -> None:
        """Forget sessions that have ended."""

        def action(root: Any) -> None:
            for id, data in list(branch(root, "sessions").items()):
                if not decode(data, Session).alive(now):
                    _drop(root, id)

        self._write(action)

    def _change(
        self, token: str, now: datetime, change: Callable[[Session], Session], *, can_wait: bool = False
    ) -> None:
        def action(root: Any) -> None:
            data = branch(root, "sessions").get(_digest(token))
            session = None if data is None else decode(data, Session)
            if session is not None and session.alive(now):
                _put(root, change(session))

        self._write(action, can_wait=can_wait)


def _put(root: Any, session: Session) -> None:
    branch(root, "sessions")[session.id] = encode(session)


def _drop(root: Any, id: str) -> None:
    branch(root, "sessions").pop(id, None)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
