"""Any order of giving, refusing, taking back, editing, sharing, expiring, changing custody and restoring, by the real use cases on a real
store: what may be read is what the rules say, and what is missing is found. ``make test-thorough``: 3,000 lives."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.conftest import in_memory  # noqa: F401
from tests.faults.quick_parts import LateIndex, NoSecond
from tests.support import world as world_module
from tests.support.effort import EVERYTHING, times
from tests.walks.life_machine import Life

LIVES = settings(max_examples=3000, deadline=None, derandomize=False) if EVERYTHING else times(0.5)
CAME_TO = frozenset({"effective", "waiting", "expired", "nothing-in-common", "voided", "withdrawn"})
ENOUGH = 30  # lives, in which all of them come about


@pytest.mark.req("R-11", "R-12", "R-16", "R-17", "R-21", "R-22", "R-31", "R-32", "R-33")
def test_any_life_of_a_document(stages, in_memory, monkeypatch):  # noqa: F811
    """What must hold is asserted within the machine, after every step (its rules and invariants); here, that its lives came to
    reading and to every end of it."""
    world = stages.at("agreed")
    world.close()
    monkeypatch.setattr(world_module, "SecondStore", NoSecond)
    monkeypatch.setattr(world_module, "TantivyIndex", LateIndex)
    Life.before, Life.folder = (world.folder, world.made), in_memory / "lives"
    Life.reasons.clear()
    Life.readings.clear()
    run_state_machine_as_test(Life, settings=settings(LIVES, stateful_step_count=25))
    assert Life.readings == {True, False}
    assert (CAME_TO if LIVES.max_examples >= ENOUGH else {"effective", "waiting"}) <= Life.reasons
