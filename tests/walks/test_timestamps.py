"""Timestamps after a click: never waited for, attached beside the record once, then in the archive's copy and told by verify."""

from __future__ import annotations

import json

import pytest

from tests.support.world import SET, request_now, say_yes
from tillid.adapters.pdf.box import opened
from tillid.adapters.tsa_client import Authorities, WrongAnswer
from tillid.adapters.tsa_own import own_authority
from tillid.cli import main
from tillid.kernel.clock import instant, parse_instant
from tillid.kernel.errors import Unavailable
from tillid.kernel.ids import new_id
from tillid.signatures.timed import verify_timed
from tillid.usecases.archived_versions import open_archived_copy
from tillid.usecases.facts import facts_of
from tillid.usecases.ports import OutboxEntry
from tillid.usecases.seal_record import RECORD, TIMESTAMP
from tillid.usecases.timestamp_record import STEP, timestamp_record
from tillid.usecases.withdraw_consent import withdraw_consent

PURPOSE = "Aktindsigt: sag 26-1234"


class Switch:
    """An authority that can be away; ``asked``: how often it was asked."""

    url, policy = "tsa", ""

    def __init__(self, world) -> None:
        self.there, self.asked = True, 0
        self._own = own_authority(world.folder / "keys", world.clock, demo=True)

    def ask(self, query: bytes) -> bytes:
        self.asked += 1
        if not self.there:
            raise ConnectionRefusedError
        return self._own.ask(query)


def with_authority(world, *, rests: bool = False) -> Switch:
    switch = Switch(world)
    # Each look is long after the one before: how long an authority rests is tested with the client.
    moments = iter(range(0, 10**9, 10**5))
    world.parts.time_stamper = Authorities([switch], world.parts.trust, world.clock, seconds=lambda: next(moments))
    return switch


def answers(world):
    with world.house() as house:
        events = [e for e in house.ledger.of_document(world.made["document"]) if e.kind.startswith("consent_")]
        return [(event, house.ledger.attachments(event.id)) for event in events]


def effective(world) -> bool:
    with world.house() as house:
        return facts_of(house, house.documents.get(world.made["document"])).verdict.effective


def withdraw(world, items=()):
    with world.house() as house:
        who = world.holders(SET.child_id)[0]
        withdraw_consent(house, who, world.made["request"], items=items, language="da", event_id=new_id())


@pytest.mark.req("R-17", "R-85", "O6")
def test_with_the_authority_away_consent_and_withdrawal_hold_at_once_and_level_t_follows(world_at):
    world = world_at("asked")
    switch = with_authority(world)
    switch.there = False
    for holder in world.holders(SET.child_id):
        say_yes(world, holder)
        assert switch.asked == 0, "the click asked the authority"
    assert effective(world)
    assert set(world.drain()) == {"tsa.unavailable"}
    withdraw(world)
    assert not effective(world)
    assert set(world.drain()) == {"tsa.unavailable"}
    for _ in range(8):  # as often as what may die dies of
        world.clock.move(hours=1)
        assert set(world.drain()) == {"tsa.unavailable"}
    assert [set(found) for _, found in answers(world)] == [{RECORD}] * 3
    records = [found[RECORD] for _, found in answers(world)]
    with world.house() as house:
        waiting = [entry for entry in house.outbox.pending() if entry.step == STEP]
        assert [(entry.attempts, entry.dead) for entry in waiting] == [(9, False)] * 3

    switch.there = True
    world.clock.move(days=2)
    assert world.drain() == []
    for (_, found), record in zip(answers(world), records, strict=True):
        assert found[RECORD] == record
        verdict = verify_timed(record, world.parts.trust, at=world.clock.now(), token=found[TIMESTAMP])
        assert verdict.passed and parse_instant(verdict.details["timestamped_at"]) == world.clock.now()
    asked = switch.asked
    for event, _ in answers(world):
        timestamp_record(world.house, OutboxEntry(key="k", step=STEP, ids={"event": event.id},
                         created_at=world.clock.now(), due_at=world.clock.now()))  # fmt: skip
    assert switch.asked == asked, "a record is stamped once"


@pytest.mark.req("R-11", "R-85")
def test_timestamps_follow_in_the_archives_copy_and_verify_tells_the_proven_moment(
    world_at, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("TILLID_MODE", "demo")
    world = world_at("asked")
    switch = with_authority(world)
    first, second = world.holders(SET.child_id)
    say_yes(world, first)
    assert world.drain() == []
    say_yes(world, second)
    switch.there = False
    world.drain()
    with world.house() as house:
        before = open_archived_copy(house, world.staff("ove"), world.made["document"], PURPOSE).data
    switch.there = True
    world.clock.move(days=1)
    withdraw(world, (request_now(world).items[0].id,))
    assert world.drain() == []
    with world.house() as house:
        data = open_archived_copy(house, world.staff("ove"), world.made["document"], PURPOSE).data
    assert data.startswith(before)
    kinds = [file.name.rpartition(".")[2] for one in opened(data)[1:] for file in one.files]
    assert sorted(kinds) == ["tst"] * 3 + ["xml"] * 3 and kinds[:2] == ["xml", "xml"]
    embedded = {file.name: file.data for one in opened(data)[1:] for file in one.files}
    for event, found in answers(world):
        assert embedded[f"record-{event.id}.tst"] == found[TIMESTAMP]

    path = tmp_path / "arkiv.pdf"
    path.write_bytes(data)
    at = f"--at={instant(world.clock.now())}"
    assert main(["verify", str(path), at, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len({one["details"]["timestamped_at"] for one in told}) == 2 and len(told) == 3
    assert main(["extract", str(path), "--out", str(tmp_path / "out")]) == 0
    records = sorted((tmp_path / "out").glob("record-*.xml"))
    capsys.readouterr()
    assert main(["verify", str(records[0]), at]) == 0
    assert "Fandtes senest: 2026-11-2" in capsys.readouterr().out
    records[0].with_suffix(".tst").write_bytes(records[1].with_suffix(".tst").read_bytes())
    assert main(["verify", str(records[0]), at]) == 1
    assert "timestamp.imprint" in capsys.readouterr().out


def test_wrong_answers_become_a_dead_letter_with_its_reason(world_at):
    world = world_at("asked")

    class Wrong:
        def stamp(self, imprint: str) -> bytes:
            raise WrongAnswer("timestamp.policy")

    world.parts.time_stamper = Wrong()
    say_yes(world, world.holders(SET.child_id)[0])
    for _ in range(8):
        assert "tsa.wrong-answer" in world.drain()
        world.clock.move(hours=1)
    with world.house() as house:
        (dead,) = [entry for entry in house.outbox.pending() if entry.dead]
    assert (dead.step, dead.last_error) == (STEP, "tsa.wrong-answer")
    assert not issubclass(WrongAnswer, Unavailable), "what is away never dies; what is wrong does, and is shown"


def test_an_installation_without_authorities_asks_for_nothing(world_at):
    world = world_at("asked")
    say_yes(world, world.holders(SET.child_id)[0])
    with world.house() as house:
        assert all(entry.step != STEP for entry in house.outbox.pending())
