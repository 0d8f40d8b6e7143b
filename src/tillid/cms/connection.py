"""The one way to the database, for web, tasks and command line (design 19).

``Connections`` holds what an installation decides (municipality key, where custody is asked) and opens ``OpenStore``s. Each
has a connection and, unless the caller brings one, a transaction manager of its own, so that two of one thread never meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import transaction
from transaction.interfaces import NoTransaction

from tillid.cms import starting
from tillid.cms.reserve import Reserve, full_disk, is_full_disk
from tillid.cms.store import Stores, open_stores
from tillid.cms.store.people import CustodySource

T = TypeVar("T")
_KEPT = "_tillid_kept"


@dataclass(kw_only=True)
class OpenStore:
    """All repositories and the Plone site on one connection, within one transaction at a time."""

    stores: Stores
    site: Any
    _connection: Any
    _manager: Any
    _before: Callable[[], None]
    _as_of: bytes
    _asks_outside: bool

    def refresh(self) -> None:
        """Go on with a fresh view of the database, to ask again right before bytes leave (design 9).

        Everything written and not committed is dropped: for requests that write nothing.
        """
        self._manager.abort()
        self._as_of = starting.database().lastTransaction()
        self._manager.begin()

    def unchanged(self) -> bool:
        """Whether a fresh view would show nothing else: no transaction has been committed since before this one was taken
        (the storage does not answer while one is being finished), and nothing is asked outside the database."""
        return not self._asks_outside and starting.database().lastTransaction() == self._as_of

    def close(self) -> None:
        """Give the connection back. What is not committed is dropped."""
        if self._connection is None:
            return
        self._before()
        # A web request has ended its transaction before; an explicit manager then has none.
        with suppress(NoTransaction):
            self._manager.abort()
        self._connection.close()
        self._connection = None


class Connections:
    """Opens the store of one municipality on the running Zope (``starting.start_zope``).

    ``municipality_key``: 32 bytes, for CPR numbers; ``custody_source``: asks the real register, raises ``Unavailable``
    when it is silent; ``reserve``: disk space for what must never fail.
    """

    def __init__(
        self,
        municipality_key: bytes,
        *,
        custody_source: CustodySource | None = None,
        reserve: Reserve | None = None,
    ) -> None:
        self._key = municipality_key
        self._custody_source = custody_source
        self._reserve = reserve

    @contextmanager
    def open_store(self, note: str, *, write: bool, person_id: str = "system") -> Iterator[OpenStore]:
        """A store of its own: commits at a clean end if ``write``, else and at every error it drops what was changed.

        ``note`` and ``person_id`` stay in the undo log: ids and names of operations only, never personal data. Raises
        ``ConflictError`` when another was first, ``Unavailable`` (``store.full``) when the disk is full or has no room for
        the reserve, ``Unavailable`` (``store.not-started``).
        """
        if write and self._reserve is not None and not self._reserve.prepare():
            # What was released for withdrawals is not for anything else.
            raise full_disk()
        manager = transaction.TransactionManager()
        store = self.bind(manager, note, write=write, person_id=person_id)
        try:
            yield store
            if write:
                manager.commit()
        except OSError as error:
            if is_full_disk(error):
                raise full_disk() from error
            raise
        finally:
            store.close()

    def bind(self, manager: Any, note: str, *, write: bool = True, person_id: str = "system") -> OpenStore:
        """A store within the transactions of ``manager`` (``pyramid_tm``), who commits or aborts; the caller closes it."""
        # Before the view is taken: it may then be newer than this says, never older.
        as_of = starting.database().lastTransaction()
        connection = starting.database().open(transaction_manager=manager)
        try:
            current = manager.get()
            current.note(note)
            current.setUser(person_id)
            site, stores = self._on(connection)
            return OpenStore(
                stores=stores,
                site=site,
                _connection=connection,
                _manager=manager,
                _before=_enter(site, write),
                _as_of=as_of,
                _asks_outside=self._custody_source is not None,
            )
        except BaseException:
            manager.abort()
            connection.close()
            raise

    def _on(self, connection: Any) -> tuple[Any, Stores]:
        """The site and its repositories on ``connection``. They say where things are and hold nothing of what is there; a
        connection is used again and again, so they are made with its first use and stay on it."""
        kept: _Kept | None = getattr(connection, _KEPT, None)
        if kept is not None and kept.by is self and kept.holds(connection):
            return kept.site, kept.stores
        from tillid.cms.content import HOUSE_ID, PloneShelf

        site = connection.root()["Application"]._getOb(starting.SITE_ID)  # ``[…]`` would list all names first
        house = site._getOb(HOUSE_ID)
        stores = open_stores(
            house.aq_base.store,
            municipality_key=self._key,
            custody_source=self._custody_source,
            shelf=PloneShelf(house, lambda: site.portal_workflow),
        )
        trees = _trees(house.aq_base)
        setattr(connection, _KEPT, _Kept(by=self, site=site, house=house.aq_base, trees=trees, stores=stores))
        return site, stores


@dataclass(kw_only=True)
class _Kept:
    """What stays on a connection: repositories over ``trees``."""

    by: Connections
    site: Any
    house: Any
    trees: list[Any]
    stores: Stores

    def holds(self, connection: Any) -> bool:
        """Whether the house is still the one that ``connection`` is told of when others change it, with the very same trees:
        one that was made by a transaction that failed is in it no more."""
        return connection.get(self.house._p_oid) is self.house and _trees(self.house) == self.trees


def _trees(house: Any) -> list[Any]:
    """All that repositories are made over, compared by what it is and not by what it holds."""
    return [house._tree, *house.store.values()]


def _enter(site: Any, write: bool) -> Callable[[], None]:
    """Make ``site`` the thread's site, and the technical principal the thread's user if ``write``; returns the way back."""
    from AccessControl.SecurityManagement import getSecurityManager, newSecurityManager, setSecurityManager
    from AccessControl.users import UnrestrictedUser
    from zope.component.hooks import getSite, setSite

    site_before, security_before = getSite(), getSecurityManager()
    setSite(site)
    if write:
        newSecurityManager(None, UnrestrictedUser("tillid", "", ("Manager",), ()).__of__(site.acl_users))

    def leave() -> None:
        setSite(site_before)
        setSecurityManager(security_before)

    return leave
