"""The front door over an installation in memory: enough for the shell; pages over the real store are in tests/security."""

from __future__ import annotations

import dataclasses
import secrets
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.support.shared_app import browser_over
from tillid.adapters.clicks_first import ClicksFirst
from tillid.adapters.test_login import TestLogin
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import FixedClock
from tillid.process.organisation import Assignment, Parent, Staff
from tillid.usecases.ports import House, Settings

STAFF = Staff(
    id="11111111-1111-4111-8111-111111111111",
    name="Mette Holm",
    username="mette",
    profession="paedagog",
    assignments=(Assignment(role="professional", unit_id="22222222-2222-4222-8222-222222222222"),),
)
PARENT = Parent(id="33333333-3333-4333-8333-333333333333", name="Amira Said", mitid=True)
WITHOUT = Parent(id="44444444-4444-4444-8444-444444444444", name="Bo Vest", mitid=False)
SETTINGS = Settings(
    municipality="Solbjerg Kommune",
    municipality_id="55555555-5555-4555-8555-555555555555",
    cvr="00000000",
    portal_name="Tillid",
    help_phone="70 00 00 01",
    support_phone="70 00 00 02",
    dpo_contact="dpo@solbjerg.example",
    instance="test",
    demo=True,
    basis_of_transition={},
)


class MemoryPeople:
    def staff(self, staff_id):
        return STAFF if staff_id == STAFF.id else None

    def staff_by_username(self, username):
        return STAFF if username == STAFF.username else None

    def child(self, child_id):
        return None

    def children_with_mitid(self):
        return []

    def parents(self):
        return [PARENT, WITHOUT]

    def parent(self, person_id):
        return next((one for one in self.parents() if one.id == person_id), None)


def house_of(people) -> House:
    """A house with nothing but people in it."""
    others = {one.name: None for one in dataclasses.fields(House) if one.default is dataclasses.MISSING}
    return House(**others | {"people": people})


class MemorySessions:
    def __init__(self):
        self.rows = {}

    def create(self, person_id, kind, login, now):
        token = secrets.token_urlsafe(32)
        self.rows[token] = SimpleNamespace(id=sha256(token.encode()), person_id=person_id, kind=kind, login=login)
        return token

    def get(self, token, moment):
        return self.rows.get(token)

    def touch(self, token, moment, known=None):
        """These sessions never grow old."""

    def revoke(self, token):
        self.rows.pop(token, None)


class MemoryLockout:
    def __init__(self):
        self.failures = {}

    def attempt(self, username, source, now):
        self.failures[username] = self.failures.get(username, 0) + 1
        return now if self.failures[username] > 5 else None

    def succeeded(self, username, source, now):
        self.failures.pop(username, None)


class MemoryInstallation:
    settings = SETTINGS
    secret = b"s" * 32

    def __init__(self):
        self.clock = FixedClock(datetime(2026, 11, 25, 19, 0, tzinfo=UTC))
        self.sessions, self.lockout, self.clicks = MemorySessions(), MemoryLockout(), ClicksFirst()
        self.test_login = TestLogin(demo=True, key=b"k" * 32)
        self.opened = 0

    def open(self, manager, **about):
        self.opened += 1
        return SimpleNamespace(house=house_of(MemoryPeople()), refresh=lambda: None, close=self._close)

    def _close(self):
        self.opened -= 1

    def full(self, error, note):
        return error, False

    def check_password(self, username, password):
        return (username, password) == ("mette", "rigtigt ord")


@pytest.fixture
def installation():
    return MemoryInstallation()


@pytest.fixture
def app(installation):
    return browser_over(installation)
