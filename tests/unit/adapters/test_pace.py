"""Long work in the background lets others go first."""

from __future__ import annotations

import time

from tillid.adapters.pace import Pace


def test_after_each_stretch_it_rests_and_gives_way(monkeypatch):
    now, slept, gave = [0], [], []
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: (slept.append(seconds), now.__setitem__(0, now[0] + seconds)))
    pace = Pace(lambda: gave.append(now[0]), stretch=10, rest=20)
    for _ in range(100):
        now[0] += 1
        pace()
    assert len(slept) == len(gave) == 10 and set(slept) == {20}, "a third of the time at the most"
