"""What a person does is begun again when the worker committed meanwhile, as a browser's request is; and not for ever."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from ZODB.POSException import ConflictError

from tillid.demo.playing import Player
from tillid.wiring.repeating import TRIES


class Store:
    """Each commit meets another until ``conflicts`` are used up; ``written``: what was committed."""

    def __init__(self, conflicts: int) -> None:
        self.conflicts, self.opened, self.written = conflicts, 0, []

    @contextmanager
    def house(self):
        self.opened += 1
        meant = []
        yield meant
        if self.conflicts:
            self.conflicts -= 1
            raise ConflictError
        self.written += meant


def step(house: list) -> str:
    house.append("shared")
    return "done"


def test_a_step_that_met_a_commit_is_begun_again_and_written_once():
    store = Store(conflicts=TRIES - 1)
    assert Player(store.house, None).does(step) == "done"
    assert (store.opened, store.written) == (TRIES, ["shared"])


def test_who_meets_others_every_time_is_told():
    store = Store(conflicts=TRIES)
    with pytest.raises(ConflictError):
        Player(store.house, None).does(step)
    assert (store.opened, store.written) == (TRIES, [])


def test_what_is_refused_is_asked_once():
    store = Store(conflicts=0)
    with pytest.raises(ZeroDivisionError):
        Player(store.house, None).does(lambda house: 1 / 0)
    assert store.opened == 1
