"""Server-side sessions: revocable, found by the digest of the cookie's token only (design 18)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from tillid.cms.lockout import Lockout
from tillid.cms.previews import Previews
from tillid.cms.second import SecondStorage
from tillid.cms.store.records import branch, decode, encode
from tillid.consents.model import LoginEvidence

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
# How old the last sign of life may be before it is written again: most requests write nothing.
_TOUCH = timedelta(minutes=1)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Who is logged in. ``kind``: ``staff`` or ``parent``; ``login``: what a parent's login proved;
    ``values``: small things remembered until log-out, such as an archivist's purpose."""

    id: str
    person_id: str
    kind: str
    login: LoginEvidence | None
    created_at: datetime
    seen_at: datetime
    values: dict[str, str] = {}

    def alive(self, now: datetime) -> bool:
        """Within 30 minutes of the last sign of life and 8 hours of the login."""
        return now < self.seen_at + IDLE and now < self.created_at + LONGEST


class SessionStore:
    """Sessions, lockout and previews in ``folder``; raises ``TillidError`` (``store.locked``).

    A token is shown once, at ``create``; the store keeps its SHA-256.
    """

    def __init__(self, folder: Path) -> None:
        self._storage = SecondStorage(folder / "sessions.fs")
        lockout = Lockout(self._storage)
        self.locked, self.failed, self.cleared = lockout.locked, lockout.failed, lockout.cleared
        self.previews = Previews(self._storage)
        self._swept = (lockout, self.previews)

    def create(self, person_id: str, kind: str, moment: datetime, login: LoginEvidence | None = None) -> str:
        """A new session; returns the token for the cookie (256 bits, URL-safe)."""
        token = secrets.token_urlsafe(32)
        session = Session(
            id=_digest(token), person_id=person_id, kind=kind, login=login, created_at=moment, seen_at=moment
        )
        self._storage.write(lambda root: _put(root, session))
        return token

    def get(self, token: str, moment: datetime) -> Session | None:
        """The living session of ``token``, or ``None``."""
        data = self._storage.read(lambda root: root.get("sessions", {}).get(_digest(token)))
        session = None if data is None else decode(data, Session)
        return session if session is not None and session.alive(moment) else None

    def touch(self, token: str, moment: datetime) -> None:
        """A sign of life; written at most once a minute. A session that has ended is not revived."""
        session = self.get(token, moment)
        if session is not None and moment - session.seen_at >= _TOUCH:
            self._change(token, moment, lambda found: msgspec.structs.replace(found, seen_at=moment))

    def remember(self, token: str, key: str, value: str, moment: datetime) -> None:
        """Keep ``value`` in the session's ``values`` until it ends."""
        self._change(token, moment, lambda found: msgspec.structs.replace(found, values={**found.values, key: value}))

    def revoke(self, token: str) -> None:
        """Log out; nothing happens if there is no such session."""
        self._storage.write(lambda root: branch(root, "sessions").pop(_digest(token), None))

    def revoke_all(self, person_id: str) -> None:
        """End every session of a person at once (a closed account, a lost phone)."""
        self._storage.write(lambda root: _drop(root, lambda session: session.person_id == person_id))

    def sweep(self, moment: datetime) -> None:
        """Forget everything that has expired."""
        self._storage.write(lambda root: _drop(root, lambda session: not session.alive(moment)))
        for part in self._swept:
            part.sweep(moment)
        self._storage.pack()

    def close(self) -> None:
        """Close the file."""
        self._storage.close()

    def _change(self, token: str, moment: datetime, change: Callable[[Session], Session]) -> None:
        def action(root: Any) -> None:
            data = branch(root, "sessions").get(_digest(token))
            session = None if data is None else decode(data, Session)
            if session is not None and session.alive(moment):
                _put(root, change(session))

        self._storage.write(action)


def _put(root: Any, session: Session) -> None:
    branch(root, "sessions")[session.id] = encode(session)


def _drop(root: Any, which: Callable[[Session], bool]) -> None:
    sessions = branch(root, "sessions")
    for id in [id for id, data in sessions.items() if which(decode(data, Session))]:
        del sessions[id]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
