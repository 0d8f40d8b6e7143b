"""A running Tillid: the adapters joined to Plone's database. An ``Installation`` is everything that ``web``, ``tasks`` and ``cli`` hold
of it; they open houses on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import transaction

from tillid.adapters.clicks_first import ClicksFirst
from tillid.adapters.index_keeper import made_whole
from tillid.adapters.keys.places import bind_seals
from tillid.adapters.proofs import Proofs
from tillid.adapters.secretfile import secret_from
from tillid.adapters.test_login import TestLogin
from tillid.cms.accounts import check_password, put_account
from tillid.cms.connection import Connections
from tillid.cms.reserve import Reserve, full_disk, is_full_disk
from tillid.cms.second import SecondStore
from tillid.cms.starting import create_site, start_zope, stop_zope
from tillid.forms.lock import load_locked
from tillid.kernel.clock import Clock
from tillid.kernel.ids import new_id
from tillid.kernel.once import forget_old
from tillid.usecases.ports import House, Settings
from tillid.wiring.first_start import FirstStart
from tillid.wiring.parts import Parts, make_parts
from tillid.wiring.repeating import again_on_conflict

Wake = Callable[[list[str]], None]
# Requests (by ``web/note.py``) that a full disk must not stop: withdrawing, and logging in to do so.
URGENT = frozenset(
    {"withdraw", "record_withdrawal", "withdraw_meeting", "withdraw_meeting_consent", "login_parent", "login_staff"}
)


class OpenedHouse:
    """A house bound to the transaction of one web request (``pyramid_tm`` commits or aborts it)."""

    def __init__(self, installation: Installation, manager: transaction.TransactionManager, moment: datetime,
                 request_id: str, note: str, person_id: str, write: bool) -> None:  # fmt: skip
        added: list[str] = []
        self._store = installation.connections.bind(manager, note, write=write, person_id=person_id)
        self.house = installation.parts.house(self._store.stores, moment, request_id, added)

        def wake(committed: bool) -> None:
            if committed and added:
                installation.wake(added)

        manager.get().addAfterCommitHook(wake)
        if write and note not in URGENT:
            manager.get().addBeforeCommitHook(installation.require_room)

    def refresh(self) -> None:
        """See what others committed meanwhile; drops own pending writes: for reads only."""
        self._store.refresh()

    def unchanged(self) -> bool:
        """Whether ``refresh`` would change nothing."""
        return self._store.unchanged()

    def close(self) -> None:
        self._store.close()


class Installation:
    """A running Tillid: adapters, Plone's database, sessions. Made by ``start_installation``."""

    def __init__(
        self, parts: Parts, connections: Connections, reserve: Reserve, second: SecondStore, var: Path
    ) -> None:
        self.parts, self.connections, self.second, self._reserve = parts, connections, second, reserve
        self.sessions, self.lockout, self.clicks = second.sessions, second.lockout, ClicksFirst()
        self.settings, self.definitions = parts.settings, parts.definitions
        self.clock, self.secret = parts.clock, parts.secret
        self.test_login = TestLogin(demo=True, key=parts.municipality_key) if parts.settings.demo else None
        self.var, self.verify_record = var, parts.verify_record
        self._proofs = Proofs(parts.event_log, parts.evidence, parts.time_stamper, parts.clock, parts.witness)
        # Who does what the outbox remembers; until a worker is set, the next sweep of a later start does.
        self.wake: Wake = lambda keys: None

    def open(self, manager: transaction.TransactionManager, *, moment: datetime, request_id: str, note: str,
             person_id: str, write: bool) -> OpenedHouse:  # fmt: skip
        """For web: the house of one request within the transactions of ``manager``; ``note`` (a route's name) and
        ``person_id`` go to the undo log. On a full disk the commit of what is not ``URGENT`` raises ``Unavailable``
        (``store.full``)."""
        return OpenedHouse(self, manager, moment, request_id, note, person_id, write)

    def require_room(self) -> None:
        """What was released for withdrawals is not for anything else. Raises ``Unavailable`` (``store.full``)."""
        if not self._reserve.prepare():
            raise full_disk()

    def full(self, error: Exception, note: str) -> tuple[Exception, bool]:
        """For web: ``error`` of the request ``note`` as people are told it, and whether the request is worth running
        again because the reserve was released for it (R-17)."""
        if not is_full_disk(error):
            return error, False
        return full_disk(), note in URGENT and self._reserve.release()

    @contextmanager
    def open_house(self, clock: Clock | None = None) -> Iterator[House]:
        """For tasks and the command line: a house in a transaction of its own, committed at a clean end. ``clock``: at
        another moment than now (the demo's older cases)."""
        added: list[str] = []
        with self.connections.open_store("task", write=True) as store:
            yield self.parts.house(store.stores, (clock or self.clock).now(), new_id(), added)
        if added:
            self.wake(added)

    def bind_seals(self) -> None:
        """At the start: the seal in use may seal for all who have a unit here, and for the municipality."""
        with self.open_house() as house:
            units = house.people.organigram().units.values()
        told = {self.settings.municipality_id: self.settings.municipality}
        told |= {unit.controller.id: unit.controller.name for unit in units}
        bind_seals(self.var, told, demo=self.settings.demo)

    def rebuild_index_if_needed(self) -> int | None:
        """Build the archive's full text anew when it was lost, is of another make, or a backup was put back; before the worker
        starts. Returns how many entries that were, ``None`` if nothing was needed."""
        return made_whole(self.parts.search, self.open_house, self.var / "run")

    def upkeep(self) -> None:
        """Now and then: forget sessions and previews that have ended and pages made long ago, make a released disk
        reserve again, sign the head of the log for whoever witnesses it, keep the proofs."""
        self.second.sweep(self.clock.now())
        forget_old()
        self._reserve.prepare()
        self._proofs.look(self.open_house, again_on_conflict)

    def check_password(self, username: str, password: str) -> bool:
        """Whether that is the account's password in Plone's user folder; the root user never logs in here."""
        with self.connections.open_store("login", write=False) as store:
            return check_password(store.site, username, password)

    def close(self) -> None:
        """Close everything; stop the worker first."""
        self._proofs.wait(5.0)
        self.second.close()
        self.parts.close()
        stop_zope()


def start_installation(
    var: Path, settings: Settings, *, clock: Clock | None = None, clamd: str = "", tsa: Sequence[str] = (), search: str = "",
    journal: str = "", witness: str = "", first: FirstStart | None = None
) -> Installation:  # fmt: skip
    """Start Zope and Plone on ``var``, make the site if it is missing, join everything. ``wake`` is for the worker to set.
    ``first``: who has taken ``var``, and takes away what was made should a first start fail."""
    definitions = load_locked()  # a definition changed after publishing stops here, before anything is made (design 20)
    if first is not None:
        first.begin()
    var.mkdir(parents=True, exist_ok=True)
    # Made before the store and never again: another key could not read what this one has encrypted.
    municipality_key = secret_from(var / "keys" / "municipality.key", may_make=not (var / "data" / "Data.fs").exists())
    start_zope(var, taken=first is not None)
    create_site(settings.municipality)
    second = SecondStore(var / "data" / "sessions.fs")
    parts = make_parts(
        var,
        settings,
        definitions,
        municipality_key,
        second,
        clock=clock,
        clamd=clamd,
        tsa=tsa,
        search=search,
        journal=journal,
        witness=witness,
    )
    reserve = Reserve(var / "data" / "reserve")
    reserve.prepare()
    connections = Connections(parts.municipality_key, reserve=reserve)
    with connections.open_store("start", write=False) as store:
        # A number taken twice, or a published version that is not what it was, stops here and not at somebody's click.
        parts.definitions_at(store.stores, parts.clock.now())
    return Installation(parts, connections, reserve, second, var)


def fill_once(installation: Installation, load: Callable[[House], None], accounts: list[tuple[str, str]]) -> bool:
    """Load people and accounts into an empty store; ``False`` if there are people already."""
    with installation.connections.open_store("load", write=True) as store:
        house = installation.parts.house(store.stores, installation.clock.now(), new_id())
        if house.people.organigram().units:
            return False
        load(house)
        for username, password in accounts:
            put_account(store.site, username, password)
    return True
