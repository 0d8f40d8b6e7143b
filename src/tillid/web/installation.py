"""What the front door needs of the running installation; ``tillid.wiring`` builds it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

import msgspec

from tillid.consents.model import LoginEvidence
from tillid.forms.loading import Definitions
from tillid.kernel.clock import Clock
from tillid.process.organisation import Child, Parent
from tillid.signatures.verdict import Verdict
from tillid.usecases.ports import House, Settings


class WebSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the front door is reached. ``origins``: every ``scheme://host[:port]`` it answers to, nothing else.

    ``secure``: served over TLS (Secure and __Host- cookies, HSTS). ``statement_url``: the accessibility statement;
    empty = the built-in page alone.
    """

    origins: tuple[str, ...]
    secure: bool = True
    statement_url: str = ""

    @property
    def hosts(self) -> frozenset[str]:
        """The values of the Host header that are answered."""
        return frozenset(origin.split("://", 1)[1] for origin in self.origins)


class Session(Protocol):
    """A server-side session; ``id`` is the digest of the cookie, so that a copy of the store opens no session."""

    id: str
    person_id: str
    kind: str
    login: dict[str, Any]
    values: dict[str, str]


class Sessions(Protocol):
    """Sessions in a storage of their own (design 18)."""

    def create(self, person_id: str, kind: str, login: dict[str, Any], now: datetime) -> str: ...
    def get(self, token: str, now: datetime) -> Session | None: ...
    def touch(self, token: str, now: datetime, known: Session | None = None) -> None: ...
    def remember(self, token: str, key: str, value: str, now: datetime) -> None: ...
    def revoke(self, token: str) -> None: ...


class Lockout(Protocol):
    """``attempt`` counts before the password is looked at; a moment = wait until then."""

    def attempt(self, username: str, source: str, now: datetime) -> datetime | None: ...
    def succeeded(self, username: str, source: str, now: datetime) -> None: ...


class Opened(Protocol):
    """One open connection. ``refresh``: see what others committed meanwhile (drops own pending writes: reads only).
    ``unchanged``: whether a fresh view would be the very same."""

    house: House

    def refresh(self) -> None: ...
    def unchanged(self) -> bool: ...
    def close(self) -> None: ...


class Clicks(Protocol):
    """Who works in the background gives way to clicks."""

    def click(self, path: str) -> AbstractContextManager[None]:
        """While a click on the page at ``path`` is being answered; those on one page come one after the other."""


class ParentLogin(Protocol):
    """How parents and the young log in where no MitID broker is (demo only); ``None`` on an installation that has one."""

    def log_in(self, parent: Parent | Child, moment: datetime) -> LoginEvidence: ...


class Installation(Protocol):
    """The process-wide object. ``secret``: 32 bytes shared by all processes of the tenant, for nonces."""

    settings: Settings
    definitions: Definitions
    sessions: Sessions
    lockout: Lockout
    clicks: Clicks
    clock: Clock
    secret: bytes
    test_login: ParentLogin | None

    def open(
        self, manager: Any, *, moment: datetime, request_id: str, note: str, person_id: str, write: bool
    ) -> Opened:
        """A house within the transactions of ``manager``; ``note`` (a route's name) and ``person_id`` go to the undo log."""

    def full(self, error: Exception, note: str) -> tuple[Exception, bool]:
        """``error`` of the request ``note`` as people are told it, and whether to run the request again: a full disk on
        which room was made for a withdrawal."""

    def check_password(self, username: str, password: str) -> bool: ...

    def verify_record(self, record: bytes, at: datetime) -> Verdict:
        """What verification says of a signed record with this installation's trust."""
