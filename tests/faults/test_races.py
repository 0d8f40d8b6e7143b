"""Consents, withdrawals, an edit, reads and the worker at the same moment on one document: real threads, real store, real door.

Whatever the order: no read that began after a withdrawal was acknowledged is answered, a click sent twice is one record, and
ledger, audit log and Merkle log are whole. ``make faults`` plays many rounds (``RACE_ROUNDS``).
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.faults.racing import Click, Court, Round, all_at_once
from tests.support.world import SET, author
from tillid.consents.events import broken_links
from tillid.usecases.request_consent import request_consent
from tillid.usecases.seal_record import RECORD

ROUNDS = int(os.environ.get("RACE_ROUNDS", "16"))
ALONE_EVERY = (
    4  # rounds before one in which nobody writes meanwhile: then no question is voided, and each click has its receipt
)
READS_EVERY, LOOKS_EVERY = 0.02, 0.1  # seconds between two of a thread that would else keep the processor to itself
ANSWERS = ("consent_given", "consent_refused")


@pytest.fixture
def court(world_at) -> Iterator[Callable[[], Court]]:
    yield lambda: Court(world_at("asked"))


@pytest.mark.req("R-17", "R-18", "R-21", "R-22", "P5")
def test_whoever_is_first_a_withdrawal_closes_and_a_click_is_one_record(court):
    seed = random.randrange(2**32) if "RACE_ROUNDS" in os.environ else 6
    chance = random.Random(seed)
    for number in range(ROUNDS):
        here = court()  # what the author writes ends the question
        where = f"round {number} of seed {seed}"
        if number % ALONE_EVERY == 0:
            assert_right(
                here, played(here, number, released_first=chance.random() < 0.5, edited=False), f"{where}, alone"
            )
        seen = played(here, number, released_first=chance.random() < 0.5, edited=True)
        assert_right(here, seen, where)
        assert_whole(here)


def played(court: Court, number: int, *, released_first: bool, edited: bool) -> Round:
    """One round on a question of its own. ``released_first``: both have said yes and the receiver reads before the race
    begins; ``edited``: the author writes meanwhile."""
    request_id = asked(court, number)
    first, second = court.parents
    forms = [court.yes_form(browser, request_id) for browser in court.parents]
    seen = Round(request_id=request_id)
    if released_first:
        release(court, forms, seen)
    taking_back: list[dict[str, str] | None] = []
    opened, over, left = threading.Event(), threading.Event(), [4]

    def done() -> None:
        with court.lock:
            left[0] -= 1
        if not left[0]:
            over.set()

    def gives_and_takes_back(browser, form, leads: bool) -> None:
        court.press(browser, form, seen.given)
        if leads:
            taking_back.append(court.withdrawal_form(browser, request_id))
            opened.set()
        opened.wait()
        if taking_back[0] is not None:
            court.press(browser, taking_back[0], seen.withdrawn)
        done()

    def gives(browser, form) -> None:
        court.press(browser, form, seen.given)
        done()

    def reads() -> None:
        while not over.wait(READS_EVERY):
            court.read(seen.reads)

    def follows() -> None:
        while not over.wait(LOOKS_EVERY):
            court.follow()

    works: list[Callable[[], None]] = [
        lambda: gives_and_takes_back(first, forms[0], True),
        lambda: gives_and_takes_back(court.twins[0], forms[0], False),
        lambda: gives(second, forms[1]),
        lambda: gives(court.twins[1], forms[1]),
        reads,
        follows,
    ]
    if edited:
        works.append(lambda: court.edit(f"Ord, der blev skrevet i runde {number}."))
    all_at_once(seen, *works)
    court.read(seen.reads)
    return seen


def release(court: Court, forms: list[dict[str, str]], seen: Round) -> None:
    """Both say yes, and the receiver reads: else the race would prove nothing."""
    for browser, form in zip(court.parents, forms, strict=True):
        court.press(browser, form, seen.given)
    court.read(seen.reads)
    assert seen.reads[-1].open


def asked(court: Court, number: int) -> str:
    """The question of this round: the stage's own, then a new one about the same text each time."""
    if court.rounds == 0:
        request_id = court.world.made["request"]
    else:
        who = author(court.world)
        request_id = court.world.player.does(lambda house: request_consent(house, who, court.document_id)).id
    court.rounds += 1
    return request_id


def assert_right(court: Court, seen: Round, where: str) -> None:
    """What the browsers were told agrees with itself and with the ledger."""
    with court.world.house() as house:
        events = [event for event in house.ledger.of_document(court.document_id) if event.request_id == seen.request_id]
    acknowledged = {click.event for click in (*seen.given, *seen.withdrawn) if click.event}
    assert acknowledged <= {event.id for event in events}, f"{where}: acknowledged and lost"
    answers = Counter(event.payload["holder_id"] for event in events if event.kind in ANSWERS)
    assert set(answers.values()) <= {1}, f"{where}: two records for one click"
    taken_back = [event for event in events if event.kind == "consent_withdrawn"]
    assert len(taken_back) <= 1, f"{where}: two withdrawals for one click"
    assert Counter(event.kind for event in events)["set_signed"] <= 1, where
    told = [click for click in seen.withdrawn if click.event]
    if told:
        assert_closed(seen, told, where)
    if not any(event.kind == "request_voided" for event in events):
        assert len(answers) == 2 and told, f"{where}: a click was neither registered nor voided"
        receipts = Counter(click.event for click in (*seen.given, *seen.withdrawn))
        assert len(receipts) == 3 and "" not in receipts, f"{where}: a click sent twice has not one receipt"


def assert_closed(seen: Round, told: list[Click], where: str) -> None:
    """Nobody reads after the first acknowledged withdrawal, and the last read is after all of them."""
    since = min(click.ended for click in told)
    assert [read for read in seen.reads if read.open and read.began > since] == [], f"{where}: read after a withdrawal"
    assert seen.reads[-1].began > since and not seen.reads[-1].open, where


def assert_whole(court: Court) -> None:
    """Every link holds, every answer has its one record, every event its one leaf."""
    court.follow_to_the_end()
    world = court.world
    with world.house() as house:
        events = house.ledger.of_child(SET.child_id)
        evidence = {event.id: house.ledger.attachments(event.id) for event in events}
    assert broken_links(events) == []
    for event in events:
        if event.kind in (*ANSWERS, "consent_withdrawn"):
            assert set(evidence[event.id]) == {RECORD}
            assert world.parts.verify_record(evidence[event.id][RECORD], world.clock.now()).passed
    log = world.parts.event_log
    assert log.size == len(events) and {log.leaf(place) for place in range(log.size)} == {e.digest for e in events}
    assert list(log.problems()) == [] and world.parts.audit.verify() == []
