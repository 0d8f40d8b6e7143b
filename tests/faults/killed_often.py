"""Kills a click many times at one point, and looks each time at what is left (test_often_killed.py).

Runs in one process that has everything imported; each kill is a fork of it that opens a copy of a prepared store.
"""

from __future__ import annotations

import os
import time
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ClassVar

from tests.faults.dying import (
    AFTER_COMMIT,
    BEFORE_COMMIT,
    CLICKS,
    WHENS,
    Dying,
    arrange,
    die,
    dying_step,
    ended,
    meeting_question,
)
from tests.faults.quick_parts import LateIndex, NoSecond, put_back
from tests.support import world as world_module
from tests.support.shared_forms import SHEET
from tests.support.world import SET, START, World
from tillid.consents.events import broken_links
from tillid.kernel.clock import FixedClock
from tillid.kernel.ids import new_id
from tillid.tasks.marks import Marks
from tillid.tasks.runner import Runner
from tillid.usecases.ask_meeting import may_be_told
from tillid.usecases.facts import facts_of
from tillid.usecases.follow_up import STEPS
from tillid.usecases.ports import House
from tillid.usecases.seal_record import RECORD

# What follows a click at once; the rest stands in followed_often.py.
FOLLOWING = {name: STEPS[name] for name in ("enter_log", "index", "seal_withdrawal", "seal_meeting")}
CLICK_POINTS = (*BEFORE_COMMIT, *AFTER_COMMIT)


def points_of(*steps: str) -> tuple[str, ...]:
    return tuple(f"{step}:{when}" for step in steps for when in WHENS)


POINTS = {
    "consent": (*CLICK_POINTS, *points_of("enter_log", "index")),
    "withdrawal": (*CLICK_POINTS, *points_of("enter_log", "index", "seal_withdrawal")),
    "meeting": (*CLICK_POINTS, *points_of("enter_log")),
    "meeting_withdrawal": (*CLICK_POINTS, *points_of("enter_log", "seal_meeting")),
}
GIVES = {"consent": "consent_given", "meeting": "meeting_given"}
TAKES = {"withdrawal": "consent_withdrawn", "meeting_withdrawal": "meeting_withdrawn"}


def serve(
    prepared: dict[str, tuple[Path, dict[str, str]]], scratch: Path, pipe: Connection, kind: type[Killed] | None = None
) -> None:
    """Answer each ``(click, point, times)`` with how many kills there were, or with what went wrong, until told ``None``; without a
    point with the names of all that follows the click. ``prepared``: click → the store before it, and the ids in it; ``kind``: which
    steps follow."""
    world_module.SecondStore, world_module.TantivyIndex = NoSecond, LateIndex  # type: ignore[misc,assignment]
    clicked: dict[str, Killed] = {}
    while (order := pipe.recv()) is not None:
        click, point, times = order
        try:
            if click not in clicked:
                clicked[click] = (kind or Killed)(*prepared[click], scratch / click, click)
            pipe.send(clicked[click].often(point, times) if point else clicked[click].what_follows())
        except BaseException:
            pipe.send(traceback.format_exc())


def let_go(seconds: float = 60.0) -> None:
    """Until no thread of an index that was looked at holds a lock in its folder: a child that is forked meanwhile would hold it too, and
    wait for itself."""
    until = time.monotonic() + seconds
    while locks := [name for name in _open_files() if ".tantivy-" in name]:
        assert time.monotonic() < until, locks
        time.sleep(0.001)


def _open_files() -> list[str]:
    found = []
    for number in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):  # the one this list was read through
            found.append(os.readlink(f"/proc/self/fd/{number}"))
    return found


@dataclass
class Killed:
    """One click on copies of one store."""

    before: Path
    made: dict[str, str]
    scratch: Path
    click: str
    steps: ClassVar = FOLLOWING
    takes: ClassVar = TAKES

    def __post_init__(self) -> None:
        """Remember also the store on which the click is committed and nothing of what follows is done, and for each step the one on which
        it has something to do."""
        self.event_id, self.kills = new_id(), 0
        self.ready: dict[str, Path] = {}
        self.after = put_back(self.before, self.scratch / "after")
        world = self.opened(self.after)
        self.again(world)
        world.close()

    def often(self, point: str, times: int) -> int:
        """Die ``times`` times at ``point``, and say how often that was; the last time, and every tenth, what is left must heal as well. A
        store on which nothing was committed is the next one's too: who could not send tries once more."""
        step, folder, before = point.partition(":")[0], self.scratch / "now", self.kills
        for number in range(times):
            heal = number % 10 == 9 or number == times - 1
            if number % 10 == 0 or point not in BEFORE_COMMIT:
                put_back(self.ready_for(step) if step in self.steps else self.before, folder)
            acknowledged = self.killed(folder, point, step)
            self.look(folder, point, acknowledged, heal=heal)
        return self.kills - before

    def killed(self, folder: Path, point: str, step: str) -> bool:
        """Whether the click was acknowledged before its process died."""
        let_go()
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                self.lives(folder, point, step, theirs)
            finally:
                os._exit(99)  # it should have died of something else
        os.close(theirs)
        with os.fdopen(ours, "r") as pipe:
            told = dict(line.split() for line in pipe)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == 9, f"{self.click} never came to {point}: {status}"
        assert "box" not in told or ended(told["box"]), "LibreOffice ends with the process that started it"
        self.kills += 1
        return "acknowledged" in told

    def lives(self, folder: Path, point: str, step: str, told: int) -> None:
        world = self.opened(folder)
        arrange(point, Told(told))
        if step in self.steps:
            self.follow(world, {step: dying_step(step, self.steps[step], point, world)})
            return
        with world.store.open() as (stores, manager):
            house = world.parts.house(stores, world.clock.now(), new_id())
            CLICKS[self.click](world, house, self.who(world), self.event_id)
            if point == "use-case-done":
                die()
            manager.get().join(Dying(point))
            manager.commit()
        Told(told).send(("acknowledged", self.event_id))
        die()

    def look(self, folder: Path, point: str, acknowledged: bool, *, heal: bool) -> None:
        """All of the click or nothing; and that it heals."""
        world = self.opened(folder)
        try:
            registered = point not in BEFORE_COMMIT
            assert world.parts.audit.verify() == [], "a torn last line is cut"
            assert registered or not acknowledged
            self.look_at_ledger(world, registered)
            if heal:
                self.again(world)
                self.heal(world)
                self.look_at_ledger(world, True)
                self.look_at_evidence(world)
        finally:
            world.close()

    @property
    def child(self) -> str:
        """Whom the click is about."""
        return SHEET.child_id if "meeting" in self.click else SET.child_id

    def effective(self, world: World, house: House) -> bool:
        """Whether what was asked about may be done: the text read by its receiver, the child talked about with who takes part."""
        document = house.documents.get(self.made["document"])
        if "meeting" not in self.click:
            return facts_of(house, document).verdict.effective
        someone = meeting_question(world, house).plan.participants[0]
        return may_be_told(house, document, someone).allowed

    def look_at_ledger(self, world: World, registered: bool) -> None:
        with world.house() as house:
            events = house.ledger.of_child(self.child)
            sealed = RECORD in house.ledger.attachments(self.event_id)
            effective = self.effective(world, house)
        assert broken_links(events) == []
        assert [event.id for event in events if event.id == self.event_id] == [self.event_id] * registered
        count = Counter(event.kind for event in events)
        if self.click in GIVES:
            assert count[GIVES[self.click]] == (2 if registered else 1)
            assert count["set_signed"] == (registered and self.click == "consent")
            assert effective is registered and sealed is registered, "no consent without its record"
        else:
            assert count[self.takes[self.click]] == int(registered) and effective is not registered

    def look_at_evidence(self, world: World) -> None:
        """One record that verifies, every event one leaf, nothing left to do."""
        with world.house() as house:
            events = house.ledger.of_child(self.child)
            record = house.ledger.attachments(self.event_id)[RECORD]
            left = [entry.key for entry in house.outbox.pending() if entry.step in self.steps]
        assert left == [] and world.parts.verify_record(record, world.clock.now()).passed
        log = world.parts.event_log
        assert sorted(log.leaf(place) for place in range(log.size)) == sorted(event.digest for event in events)
        assert list(log.problems()) == []

    def heal(self, world: World) -> None:
        """As at a start: at once what is due, and again within the two minutes after which nothing may be left."""
        for seconds in (0, 30, 60):
            world.clock.move(seconds=seconds)
            self.follow(world, self.steps)

    def ready_for(self, step: str) -> Path:
        if step not in self.ready:
            self.ready[step] = put_back(self.after, self.scratch / f"ready-{step}")
            world = self.opened(self.ready[step])
            self.make_ready(world, step)
            world.close()
        return self.ready[step]

    def make_ready(self, world: World, step: str) -> None:
        """What must be done before ``step`` has something to do."""

    def what_follows(self) -> list[str]:
        """The steps that the click leads to by itself, whichever they are, the last one too."""
        ran: list[str] = []

        def noted(name: str) -> Any:
            return lambda open_house, entry: (ran.append(name), STEPS[name](open_house, entry))

        world = self.opened(put_back(self.after, self.scratch / "followed"))
        for _ in range(3):
            self.follow(world, {name: noted(name) for name in STEPS})
            world.clock.move(seconds=1)
        with world.house() as house:
            left = [entry.key for entry in house.outbox.pending()]
        world.close()
        assert left == []
        return sorted(set(ran))

    def follow(self, world: World, steps: dict[str, Any]) -> None:
        runner = Runner(world.house, steps, Marks(world.folder / "marks"))
        runner.count_interrupted()
        for key in runner.due():
            if key.partition(":")[0] in steps:
                runner.run(key)

    def again(self, world: World) -> None:
        """The same form is sent: for the first time, or once more."""
        with world.house() as house:
            assert CLICKS[self.click](world, house, self.who(world, house), self.event_id).event_id == self.event_id

    def who(self, world: World, _house: House | None = None) -> Any:
        return world.holders(self.child)[1]

    def opened(self, folder: Path) -> World:
        return World(folder, None, clock=FixedClock(START), made=self.made)  # type: ignore[arg-type]


class Told:
    """A line for each thing that is told to who waits for the death of this process."""

    def __init__(self, number: int) -> None:
        self._number = number

    def send(self, what: tuple[str, Any]) -> None:
        os.write(self._number, f"{what[0]} {what[1]}\n".encode())
