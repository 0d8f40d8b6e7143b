"""A running installation over a ``World``: what the front door needs, with the real store and parts behind it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

import transaction
import webtest
from transaction.interfaces import NoTransaction
from ZODB.Connection import Connection

from tests.support.shared_app import ORIGIN as ORIGIN
from tests.support.shared_app import browser_over
from tests.support.world import World
from tillid.adapters.clicks_first import ClicksFirst
from tillid.adapters.test_login import TestLogin
from tillid.cms.store import open_stores
from tillid.demo.loading import accounts
from tillid.usecases.ports import House


class FailingVote:
    """A resource manager that refuses in the vote phase, after every other one has written."""

    def __init__(self, manager: transaction.TransactionManager, error: Exception) -> None:
        self.transaction_manager, self._error = manager, error

    def sortKey(self) -> str:
        return "~~~"

    def tpc_vote(self, _: Any) -> None:
        raise self._error

    def abort(self, _: Any) -> None:
        """It holds nothing: each step but the vote has nothing to do or undo."""

    tpc_begin = commit = tpc_finish = tpc_abort = abort


class OpenedWorld:
    """One connection of a world's store."""

    def __init__(self, house: House, connection: Connection, before_refresh: Any, as_of: bytes) -> None:
        self.house, self._connection, self._before_refresh = house, connection, before_refresh
        self._manager = connection.transaction_manager
        self._as_of = as_of

    def refresh(self) -> None:
        self._before_refresh()
        self._as_of = self._connection.db().lastTransaction()
        self._manager.abort()
        self._manager.begin()

    def unchanged(self) -> bool:
        self._before_refresh()
        return self._connection.db().lastTransaction() == self._as_of

    def close(self) -> None:
        with suppress(NoTransaction):  # the request has ended its transaction
            self._manager.abort()
        self._connection.close()


class WorldInstallation:
    """``before_refresh``: called right before a reader's second question, so that a test can commit something else
    between the two. ``fails_at_vote``: raised when a writing request commits, as a full disk does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.settings = world.parts.settings
        self.definitions = world.parts.definitions
        self.clock = world.clock
        self.secret = world.parts.secret
        self.verify_record = world.parts.verify_record
        self.second = world.second
        self.sessions, self.lockout, self.clicks = self.second.sessions, self.second.lockout, ClicksFirst()
        self.test_login = TestLogin(demo=True, key=b"k" * 32)
        self.before_refresh: Any = lambda: None
        self.fails_at_vote: Exception | None = None
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
        as_of = self.world.store.db.lastTransaction()
        connection = self.world.store.db.open(transaction_manager=manager)
        stores = open_stores(connection.root()["tillid"], municipality_key=b"m" * 32, custody_source=None)
        if write and self.fails_at_vote is not None:
            manager.get().join(FailingVote(manager, self.fails_at_vote))
        return OpenedWorld(self.world.parts.house(stores, moment, request_id), connection, self.before_refresh, as_of)

    def full(self, error: Exception, note: str) -> tuple[Exception, bool]:
        return error, False

    def check_password(self, username: str, password: str) -> bool:
        return self._accounts.get(username) == password


def app_over(installation: WorldInstallation) -> webtest.TestApp:
    """The real application over ``installation``; each call is a browser with cookies of its own."""
    return browser_over(installation)


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
