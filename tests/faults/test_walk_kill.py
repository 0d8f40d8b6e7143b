"""kill -9 at every point from the click to the last thing that follows it: nothing half, nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.dying import AFTER_COMMIT, BEFORE_COMMIT, CLICKS, CONSENT_STEPS, WITHDRAWAL_STEPS, ended, play
from tests.support.forked import preload, processes
from tests.support.world import SET, START, World, document_now, say_yes
from tillid.archive.query import SearchQuery
from tillid.consents.events import broken_links
from tillid.kernel.clock import FixedClock
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.tasks.marks import Marks
from tillid.tasks.runner import Runner
from tillid.usecases.facts import facts_of
from tillid.usecases.follow_up import STEPS
from tillid.usecases.open_copy import open_copy
from tillid.usecases.seal_record import RECORD
from tillid.usecases.search_archive import search_archive

PURPOSE = "Aktindsigt: anmodning fra forældrene"
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "2"))  # `make faults` asks for many
# With everything that follows: a torn line in the log, and all but the commit done. Each point before the commit is died at twenty
# times in test_often_killed.py.
BEFORE = ("audit-row", "voted")
assert {*BEFORE} < {*BEFORE_COMMIT}
# A process per point costs little: all are forked from one that has imported everything.
preload("tests.faults.dying")


class Scene:
    """A store in which one process clicks and dies, and what the next one finds there."""

    def __init__(self, before: World, folder: Path, click: str) -> None:
        shutil.copytree(before.folder, folder)
        self.folder, self.made, self.click, self.event_id = folder, before.made, click, new_id()
        self.world = before

    def die_at(self, point: str) -> dict[str, object]:
        """What the process had told when it died by itself; the store is open again then."""
        return self._run(point, None)

    def kill_after(self, seconds: float) -> dict[str, object]:
        """What the process had told when it was killed, so long after it had opened the store."""
        return self._run("anywhere", seconds)

    def _run(self, point: str, seconds: float | None) -> dict[str, object]:
        ours, theirs = processes.Pipe()
        arguments = (self.folder, self.made, self.click, self.event_id, point, theirs)
        process = processes.Process(target=play, args=arguments)
        process.start()
        theirs.close()
        told = dict([ours.recv()])
        if seconds is not None:
            time.sleep(seconds)
            process.kill()
        with suppress(EOFError):
            while True:
                told.update([ours.recv()])
        process.join()
        if seconds is None:
            assert process.exitcode == -signal.SIGKILL, f"{point} was never reached: {process.exitcode}, {told}"
        clock = FixedClock(START)
        clock.move(hours=1)
        self.world = World(self.folder, self.world.renderer, clock=clock, made=self.made)
        return told

    def click_again(self) -> None:
        """The browser sends the same form once more."""
        with self.world.house() as house:
            who = self.world.holders(SET.child_id)[1]
            assert CLICKS[self.click](self.world, house, who, self.event_id).event_id == self.event_id

    def recover(self) -> None:
        """As at a start: count what the last process died of, then do what is due until nothing is left."""
        runner = Runner(self.world.house, STEPS, Marks(self.folder / "marks"))
        runner.count_interrupted()
        for _ in range(3):
            for key in runner.due():
                assert runner.run(key), key
            self.world.clock.move(minutes=1)
        with self.world.house() as house:
            assert [entry.key for entry in house.outbox.pending()] == []

    def kinds(self) -> Counter[str]:
        """How often each kind of event is in the ledger; every link of it holds."""
        with self.world.house() as house:
            events = house.ledger.of_child(SET.child_id)
        assert broken_links(events) == []
        return Counter(event.kind for event in events)

    def record_passes(self) -> bool:
        """Whether the click's event has its one sealed record and it verifies."""
        with self.world.house() as house:
            kinds = house.ledger.attachments(self.event_id)
        return set(kinds) == {RECORD} and self.world.parts.verify_record(kinds[RECORD], self.world.clock.now()).passed

    def receiver_reads(self) -> bool:
        with self.world.house() as house:
            try:
                return (
                    open_copy(
                        house, self.world.staff("hanne"), self.made["document"], "read_released", purpose=PURPOSE
                    ).data[:5]
                    == b"%PDF-"
                )
            except NotFound:
                return False

    def found_as(self) -> list[str]:
        """The states in which the archivist's search shows the document."""
        with self.world.house() as house:
            result = search_archive(house, self.world.staff("ove"), SearchQuery(allowed_units=(), words=""), PURPOSE)
        return [hit.state for hit in result.hits]

    def notices(self) -> Counter[tuple[str, str]]:
        """(person, text) → how many."""
        with self.world.house() as house:
            people = [*(s.id for s in house.people.all_staff()), *(p.id for p in house.people.parents())]
            return Counter((one, notice.text_id) for one in people for notice in house.notices.of_person(one))

    def log_is_whole(self) -> bool:
        return self.world.parts.audit.verify() == []


@pytest.fixture(scope="module")
def half_answered(stages) -> World:
    """One holder has said yes and all that follows is done: the other's yes completes the set."""
    world = stages.at("asked")
    say_yes(world, world.holders(SET.child_id)[0])
    assert world.drain() == []
    world.close()
    return world


@pytest.fixture(scope="module")
def released(stages) -> World:
    world = stages.at("signed")
    world.close()
    return world


@pytest.fixture
def scene(in_memory):
    made: list[Scene] = []

    def at(before: World, click: str) -> Scene:
        made.append(Scene(before, in_memory / "store", click))
        return made[-1]

    yield at
    for one in made:
        one.world.close()


@pytest.mark.req("R-21", "R-31")
@pytest.mark.parametrize("point", [*BEFORE, *AFTER_COMMIT, *CONSENT_STEPS])
def test_killed_while_consenting(scene, half_answered, point):
    one = scene(half_answered, "consent")
    told = one.die_at(point)
    assert one.log_is_whole(), "a torn last line is cut"
    registered = point not in BEFORE_COMMIT
    with one.world.house() as house:
        assert (house.ledger.event(one.event_id) is not None) is registered
        verdict = facts_of(house, house.documents.get(one.made["document"])).verdict
    assert registered or "acknowledged" not in told
    assert one.kinds()["consent_given"] == (2 if registered else 1)
    assert one.kinds()["set_signed"] == (1 if registered else 0)
    assert (document_now(one.world).state, verdict.effective) == (("signed", True) if registered else ("shared", False))
    assert not registered or one.record_passes(), "no consent without its record"
    if "box" in told:
        assert ended(told["box"]), "LibreOffice ends with the process that started it"
    one.click_again()
    one.recover()
    assert_consent_is_whole(one)
    one.click_again()
    one.recover()
    assert_consent_is_whole(one)


def assert_consent_is_whole(one: Scene) -> None:
    """Everything that follows the second yes, each thing once."""
    kinds = one.kinds()
    assert (kinds["consent_given"], kinds["set_signed"], kinds["consent_refused"]) == (2, 1, 0)
    assert one.record_passes()
    with one.world.house() as house:
        document = house.documents.get(one.made["document"])
        copies = [house.documents.version(document.id, n).receiver_copies for n in range(1, document.versions + 1)]
        assert one.made["document"] not in house.exclusions.all()
    assert sum(len(each) for each in copies) == 1
    assert one.receiver_reads() and len(one.found_as()) == 1
    told = one.notices()
    assert sum(count for (_, text), count in told.items() if text == "released") >= 1
    assert all(count == 1 for (_, text), count in told.items() if text == "released")
    assert one.log_is_whole()


@pytest.mark.req("R-17", "R-18", "R-21", "R-22")
@pytest.mark.parametrize("point", [*BEFORE, *AFTER_COMMIT, *WITHDRAWAL_STEPS])
def test_killed_while_withdrawing(scene, released, point):
    one = scene(released, "withdrawal")
    told = one.die_at(point)
    assert one.log_is_whole()
    registered = point not in BEFORE_COMMIT
    with one.world.house() as house:
        assert (house.ledger.event(one.event_id) is not None) is registered
    assert registered or "acknowledged" not in told
    # Before anything that follows is done: a withdrawal closes by itself, and without one everything is as it was.
    assert one.kinds()["consent_withdrawn"] == (1 if registered else 0)
    assert one.receiver_reads() is not registered
    if not registered:
        assert one.found_as() == ["released"]
    one.click_again()
    assert not one.receiver_reads()
    one.recover()
    assert_withdrawal_is_whole(one)
    one.click_again()
    one.recover()
    assert_withdrawal_is_whole(one)


def assert_withdrawal_is_whole(one: Scene) -> None:
    """Everything that follows a withdrawal, each thing once; what was before is all still there."""
    kinds = one.kinds()
    assert (kinds["consent_given"], kinds["set_signed"], kinds["consent_withdrawn"]) == (2, 1, 1)
    assert one.record_passes()
    assert not one.receiver_reads() and one.found_as() == ["withdrawn"]
    assert "withdraw" in {row.action for row in one.world.parts.audit.of_child(SET.child_id)}
    told = one.notices()
    for text in ("no_longer_available", "consent_withdrawn", "withdrawal_received"):
        counts = [count for (_, each), count in told.items() if each == text]
        assert counts and set(counts) == {1}, text
    with one.world.house() as house:
        assert one.made["document"] not in house.exclusions.all()
    assert one.log_is_whole()


@pytest.mark.req("R-17", "R-21")
@pytest.mark.parametrize("round_", range(ROUNDS))
@pytest.mark.parametrize("click", ["consent", "withdrawal"])
def test_killed_at_any_moment(scene, half_answered, released, click, round_):
    """No point chosen by us: from the opened store to the last step, some moment."""
    one = scene({"consent": half_answered, "withdrawal": released}[click], click)
    told = one.kill_after(random.uniform(0, 2.5 if click == "consent" else 0.3))
    assert one.log_is_whole()
    with one.world.house() as house:
        registered = house.ledger.event(one.event_id) is not None
    assert registered or "acknowledged" not in told
    if click == "consent":
        assert document_now(one.world).state == ("signed" if registered else "shared")
        assert not registered or one.record_passes()
    else:
        assert one.receiver_reads() is not registered
    one.click_again()
    one.recover()
    (assert_consent_is_whole if click == "consent" else assert_withdrawal_is_whole)(one)
