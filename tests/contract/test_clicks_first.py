"""Clicks go before what follows from them, and cannot keep it waiting for ever."""

from __future__ import annotations

import threading
import time

import pytest

from tests.contract.test_tasks import Place
from tillid.adapters.clicks_first import ClicksFirst
from tillid.tasks.worker import TaskWorker


class Waiting:
    """A thread in ``give_way``."""

    def __init__(self, clicks: ClicksFirst) -> None:
        self.done = threading.Event()
        threading.Thread(target=lambda: (clicks.give_way(), self.done.set()), daemon=True).start()


def test_without_a_click_nobody_waits() -> None:
    assert Waiting(ClicksFirst(patience=60)).done.wait(5)


def test_work_waits_until_every_click_is_answered() -> None:
    clicks = ClicksFirst(patience=60, pause=0.01)
    with clicks.click("/a"):
        with clicks.click("/b"):
            waiting = [Waiting(clicks) for _ in range(3)]
            assert not waiting[0].done.wait(0.05)
        assert not waiting[0].done.wait(0.05), "one click is still in the house"
    assert all(one.done.wait(5) for one in waiting)


def test_a_click_that_failed_is_not_waited_for() -> None:
    clicks = ClicksFirst(patience=60, pause=0.01)
    with pytest.raises(ValueError, match="refused"), clicks.click("/a"):
        raise ValueError("refused")
    assert Waiting(clicks).done.wait(5)


def test_the_pause_between_two_clicks_of_a_rush_is_not_its_end() -> None:
    clicks = ClicksFirst(patience=60, pause=0.5)
    with clicks.click("/a"):
        waiting = Waiting(clicks)
        time.sleep(0.02)  # it waits
    with clicks.click("/a"):
        assert not waiting.done.wait(1.0)
    assert waiting.done.wait(5)


def test_clicks_that_never_pause_slow_the_work_down_and_do_not_stop_it() -> None:
    clicks = ClicksFirst(patience=0.1, respite=60, pause=0.01)
    with clicks.click("/a"):
        began = time.monotonic()
        clicks.give_way()
        assert time.monotonic() - began >= 0.1
        assert Waiting(clicks).done.wait(5), "after it has waited in vain, work goes on for a while"


def test_after_the_respite_clicks_go_first_again() -> None:
    clicks = ClicksFirst(patience=0.05, respite=0.05, pause=0.01)
    with clicks.click("/a"):
        clicks.give_way()
        time.sleep(0.06)
        began = time.monotonic()
        clicks.give_way()
        assert time.monotonic() - began >= 0.05


def test_clicks_on_one_page_come_one_after_the_other() -> None:
    clicks, inside, most = ClicksFirst(), [], []

    def click() -> None:
        with clicks.click("/samtykke/1"):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()

    threads = [threading.Thread(target=click) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert most == [1] * 5


def test_the_worker_does_what_was_woken_after_the_click(tmp_path) -> None:
    place, clicks, done = Place(), ClicksFirst(patience=60, pause=0.01), threading.Event()
    steps = {"index": lambda open_house, entry: done.set()}
    worker = TaskWorker(place.open_house, steps, tmp_path, sweep_seconds=3600, give_way=clicks.give_way)
    with clicks.click("/a"):
        worker.start()
        worker.wake([place.add("index", "d1")])
        assert not done.wait(0.2)
    assert done.wait(10)
    assert worker.stop()
