"""The seal's key is away for good, has run out or is followed by another: a withdrawal counts at once, its seal follows (R-17)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.support.world import SET, request_now, say_yes
from tillid.adapters.keys.life import certify_in_the_demo, make_key, revoke_key, take_into_use
from tillid.adapters.keys.places import ring_of, seal_of, trust_of
from tillid.kernel.ids import new_id
from tillid.usecases.facts import facts_of
from tillid.usecases.seal_record import RECORD
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.wiring.running import Installation


class Keys:
    """The world's seal hangs on a ring, as an installation's does."""

    def __init__(self, world) -> None:
        self._world, self.ring, self.trust = world, ring_of(world.folder), trust_of(world.folder, demo=True)
        world.parts.seal, world.parts.trust_now = seal_of(world.folder, world.clock, demo=True), self.trust.now

    def next(self, name: str) -> None:
        now = self._world.clock.now()
        make_key(self.ring, name, "Solbjerg Kommune", now, token=None, file_allowed=True)
        take_into_use(self.ring, self.trust, name, certify_in_the_demo(self.ring, name, now), now)


def withdraw(world, number: int = 0) -> str:
    event_id = new_id()
    with world.house() as house:
        who = world.holders(SET.child_id)[number]
        withdraw_consent(house, who, world.made["request"], items=(), language="da", event_id=event_id)
    with world.house() as house:
        assert not facts_of(house, house.documents.get(world.made["document"])).verdict.effective
    return event_id


def record(world, event_id: str) -> bytes | None:
    with world.house() as house:
        return house.ledger.attachments(event_id).get(RECORD)


@pytest.mark.req("R-17", "R-103")
def test_a_withdrawal_under_a_revoked_key_counts_at_once_and_is_sealed_by_the_next(world_at):
    world = world_at("signed")
    keys = Keys(world)
    revoke_key(keys.ring, keys.trust, "demo", world.clock.now(), "keyCompromise")
    taken = withdraw(world)
    for _ in range(12):  # more often than an entry of the outbox may fail
        assert "seal.no-key" in world.drain() and record(world, taken) is None
        world.clock.move(hours=2)
    keys.next("2026-b")
    world.clock.move(hours=2)
    assert world.drain() == []
    found = world.parts.verify_record(record(world, taken), world.clock.now())
    assert found.passed and "2026-b" in found.details["seal"]


@pytest.mark.req("R-17")
def test_a_withdrawal_under_a_key_that_ran_out_counts_at_once_and_is_sealed_by_the_next(world_at):
    world = world_at("asked")
    keys = Keys(world)
    keys.next("short")
    mother = world.holders(SET.child_id)[0]
    say_yes(world, mother)
    assert world.drain() == []
    world.clock.move(days=800)  # its certificate is for two years
    event_id = new_id()
    with world.house() as house:
        withdraw_consent(house, mother, request_now(world).id, items=(), language="da", event_id=event_id)
    assert "seal.expired" in world.drain() and record(world, event_id) is None
    world.clock.move(hours=2)
    keys.next("long")
    assert world.drain() == []
    assert "long" in world.parts.verify_record(record(world, event_id), world.clock.now()).details["seal"]


def test_consents_go_on_over_a_rotation_and_each_is_good_under_its_own_key(world_at):
    world = world_at("asked")
    keys = Keys(world)
    mother, father = world.holders(SET.child_id)
    first = say_yes(world, mother).event_id
    keys.next("2027-a")
    second = say_yes(world, father).event_id
    assert world.drain() == []
    seals = [world.parts.verify_record(record(world, one), world.clock.now()) for one in (first, second)]
    assert all(one.passed for one in seals) and seals[0].details["seal"] != seals[1].details["seal"]


@pytest.mark.req("R-05")
def test_at_the_start_the_seal_in_use_is_that_of_every_controller_with_a_unit(world_at):
    """Also of an independent institution, and of those that came since the key was taken into use."""
    world = world_at("signed")
    keys, town = Keys(world), world.parts.settings.municipality_id
    keys.next("2026-b")
    path = world.folder / "trust" / "seals" / "2026-b.txt"
    path.write_text(f"{town} Kommunen\n", "utf-8")
    started = SimpleNamespace(open_house=world.house, settings=world.parts.settings, var=world.folder)
    Installation.bind_seals(started)
    with world.house() as house:
        others = {unit.controller.id: unit.controller.name for unit in house.people.organigram().units.values()}
    assert len(others) == 2 and path.read_text("utf-8").splitlines() == [
        f"{town} Kommunen",
        *(f"{id_} {name}" for id_, name in others.items() if id_ != town),
    ]
