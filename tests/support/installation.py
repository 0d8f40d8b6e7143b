"""A running installation over a ``World``: what the front door needs, with the real store and parts behind it."""

from __future__ import annotations

import secrets
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import transaction
import webtest
from ZODB.Connection import Connection

from tests.support.world import World
from tillid.adapters.test_login import TestLogin
from tillid.cms.store import open_stores
from tillid.consents.model import LoginEvidence
from tillid.demo.loading import accounts
from tillid.kernel.canonical import sha256
from tillid.usecases.ports import House
from tillid.web.app import make_app
from tillid.web.installation import WebSettings

ORIGIN = "http://127.0.0.1:8080"


class MemorySessions:
    """Sessions in memory, for one test."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}
        self.failures: dict[str, int] = {}

    def create(self, person_id: str, kind: str, moment: datetime, login: LoginEvidence | None = None) -> str:
        token = secrets.token_urlsafe(32)
        self.rows[token] = SimpleNamespace(id=sha256(token.encode()), person_id=person_id, kind=kind, login=login)
        return token

    def get(self, token: str, moment: datetime) -> Any:
        return self.rows.get(token)

    def touch(self, token: str, moment: datetime) -> None:
        pass

    def revoke(self, token: str) -> None:
        self.rows.pop(token, None)

    def locked(self, key: str, moment: datetime) -> bool:
        return self.failures.get(key, 0) >= 5

    def failed(self, key: str, moment: datetime) -> None:
        self.failures[key] = self.failures.get(key, 0) + 1

    def cleared(self, key: str) -> None:
        self.failures.pop(key, None)


class OpenedWorld:
    """One connection of a world's store."""

    def __init__(self, house: House, connection: Connection, before_refresh: Any) -> None:
        self.house, self._connection, self._before_refresh = house, connection, before_refresh

    def refresh(self) -> None:
        self._before_refresh()
        self._connection.sync()

    def close(self) -> None:
        self._connection.close()


class WorldInstallation:
    """``before_refresh``: called right before a reader's second question, so that a test can commit something else
    between the two. ``before_commit``: added to each writing transaction, so that a test can let the commit fail."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.settings = world.parts.settings
        self.definitions = world.parts.definitions
        self.clock = world.clock
        self.secret = world.parts.secret
        self.verify_record = world.parts.verify_record
        self.sessions = MemorySessions()
        self.lockout = SimpleNamespace(attempt=lambda *_: None, succeeded=lambda *_: None)
        self.test_login = TestLogin(demo=True, key=b"k" * 32)
        self.before_refresh: Any = lambda: None
        self.before_commit: Any = None
        self._accounts = dict(accounts())

    def open(
        self,
        manager: transaction.TransactionManager,
        *,
        moment: datetime,
        request_id: str,
        note: str,
        person_id: str,
        write: bool,
    ) -> OpenedWorld:
        connection = self.world.store.db.open(transaction_manager=manager)
        stores = open_stores(connection.root()["tillid"], municipality_key=b"m" * 32, custody_source=None)
        if write and self.before_commit is not None:
            manager.get().addBeforeCommitHook(self.before_commit)
        return OpenedWorld(self.world.parts.house(stores, moment, request_id), connection, self.before_refresh)

    def check_password(self, username: str, password: str) -> bool:
        return self._accounts.get(username) == password


def app_over(installation: WorldInstallation) -> webtest.TestApp:
    """The real application over ``installation``; each call is a browser with cookies of its own."""
    wsgi = make_app(installation, WebSettings(origins=(ORIGIN,), secure=False))
    return webtest.TestApp(wsgi, extra_environ={"HTTP_HOST": "127.0.0.1:8080", "HTTP_ORIGIN": ORIGIN})


def as_parent(installation: WorldInstallation, person_id: str) -> webtest.TestApp:
    """A browser in which that parent has logged in by the declared test login."""
    app = app_over(installation)
    app.get("/login/foraelder").forms["log-in"].submit("person", value=person_id)
    return app


def as_staff(installation: WorldInstallation, username: str) -> webtest.TestApp:
    """A browser in which that employee has logged in with the demo's password."""
    app = app_over(installation)
    form = app.get("/login/medarbejder").forms["log-in"]
    form["username"], form["password"] = username, dict(accounts())[username]
    form.submit()
    return app
