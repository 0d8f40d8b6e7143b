"""A disk that is really full, below the real server: what cannot be registered is said to be so, and a withdrawal still is."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ZODB.FileStorage import FileStorage

from tests.faults.served import Browser, Served, gone
from tests.faults.small_disk import can_mount, on_a_small_disk
from tillid.cms.reserve import SIZE
from tillid.cms.second import SecondStore
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import Unavailable
from tillid.kernel.ids import new_id

MEGABYTES = 40
FILLER, KEEP_FULL = "filler", "keep-full"


def on_a_full_disk(var: Path, given: Path) -> None:
    """For the server's process: its small disk, which has no room left when a transaction is appended while ``KEEP_FULL`` stands."""
    on_a_small_disk(var, MEGABYTES, given)
    module = sys.modules[FileStorage.__module__]
    real = module.cp

    def copy(*args: Any) -> None:
        if (var / KEEP_FULL).exists():
            fill(var / FILLER)
        real(*args)

    module.cp = copy


def fill(filler: Path) -> None:
    """Leave not one free page."""
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError as error:
                assert error.errno == errno.ENOSPC


class Disk:
    """The server's disk as seen through its own namespace."""

    def __init__(self, pid: int, var: Path) -> None:
        self.var = Path(f"/proc/{pid}/root{var}")
        self._filler = self.var / FILLER

    def fill(self) -> None:
        fill(self._filler)
        assert self.is_full()

    def is_full(self) -> bool:
        return os.statvfs(self.var).f_bavail == 0

    def fill_to_stay(self) -> None:
        """Fill until nothing frees a page any more: what the server does meanwhile (its search index puts files together)
        would make room for a withdrawal without the reserve."""
        quiet = 0
        while quiet < 5:
            quiet = quiet + 1 if self.is_full() else 0
            self.fill()
            time.sleep(0.2)

    def kept_full_during(self, act: Callable[[], Any]) -> Any:
        """What ``act`` gives while the server finds not one free page whenever it is about to write to its database: what it does
        beside (its search index, a task that fails and gives back what it had) frees some now and then, and a click kept in one
        of those would rightly be said to be registered."""
        keeping = self.var / KEEP_FULL
        keeping.touch()
        fill(self._filler)
        try:
            return act()
        finally:
            keeping.unlink()

    def had_room_during(self, act: Callable[[], Any]) -> tuple[Any, bool]:
        """What ``act`` gives, and whether there was a free page meanwhile although the reserve had not been touched."""
        reserve, room, over = self._reserve_made(), [False], threading.Event()

        def look() -> None:
            while not over.wait(0.005) and self._reserve_made() == reserve:
                room[0] |= not self.is_full() and self._reserve_made() == reserve

        looking = threading.Thread(target=look)
        looking.start()
        try:
            return act(), room[0]
        finally:
            over.set()
            looking.join()

    def _reserve_made(self) -> int | None:
        """Another number for a reserve that was released and made again."""
        return self.reserve.stat().st_ino if self.reserve.exists() else None

    def lose_reserve(self) -> None:
        """Without a page becoming free, of which the server would make it again."""
        self.reserve.rename(self.var / "lost")

    def free(self) -> None:
        for path in (self._filler, self.var / "lost"):
            path.unlink(missing_ok=True)

    @property
    def reserve(self) -> Path:
        return self.var / "data" / "reserve"


@pytest.fixture
def small_disk(asked_site, tmp_path):
    var = tmp_path / "var"
    var.mkdir()
    if not can_mount(var):
        pytest.skip("this machine lets nobody mount a tmpfs")
    server = Served(var, tmp_path / "server.log", partial(on_a_full_disk, var, asked_site))
    yield server, Disk(server.process.pid, var)
    if server.process.poll() is None:
        server.kill()


@pytest.mark.req("R-17")
def test_a_full_disk(small_disk, asked_site):
    server, disk = small_disk
    made = json.loads((asked_site / "made.json").read_text())
    request, (first, second) = made["request"], made["parents"]
    one = Browser(server.port).log_in_as_parent(first)
    two = Browser(server.port).log_in_as_parent(second)
    assert one.say_yes(request)[0] == 200
    disk.fill()

    status, page = disk.kept_full_during(lambda: two.say_yes(request))
    assert status == 503 and "ikke registreret" in page.decode()
    assert disk.reserve.exists(), "the reserve is not for consents"

    # Without a reserve even a withdrawal cannot be kept: then the page says so and gives the phone number.
    disk.lose_reserve()
    status, page = disk.kept_full_during(lambda: one.withdraw(request))
    assert status == 503 and "ikke registreret" in page.decode() and "tel:" in page.decode()

    disk.free()
    disk.reserve.write_bytes(bytes(SIZE))
    disk.fill()
    # Also by somebody who has to log in first.
    late = Browser(server.port).log_in_as_parent(first)
    disk.fill_to_stay()
    reserve = disk.reserve.stat().st_ino
    (status, page), had_room = disk.had_room_during(lambda: late.withdraw(request))
    assert status == 200 and "/kvittering/" in late.at, page.decode()
    # The server may have freed a page itself, or made the reserve anew in room that it freed afterwards.
    assert had_room or not disk.reserve.exists() or disk.reserve.stat().st_ino != reserve
    disk.fill()
    assert disk.kept_full_during(lambda: two.say_yes(request))[0] == 503
    assert late.get(late.at)[0] == 200, "the withdrawal is there"

    disk.free()
    assert two.say_yes(request)[0] == 200
    assert disk.reserve.exists(), "the reserve is made again"
    children = server.family()
    assert server.stop(signal.SIGINT) == 0, server.log()
    assert gone(children)


@pytest.mark.req("R-17")
def test_logging_in_may_use_the_last_room_and_signs_of_life_may_not(tmp_path, monkeypatch):
    """Who cannot log in cannot withdraw; who is logged in stays so without a byte written."""
    store, reserve, now = SecondStore(tmp_path / "sessions.fs"), tmp_path / "reserve-sessions", SystemClock().now()
    token = store.sessions.create(new_id(), "parent", {}, now)
    module = sys.modules[FileStorage.__module__]
    real = module.cp

    def copy(*args):
        """How the storage appends a transaction when it votes."""
        if reserve.exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args)

    monkeypatch.setattr(module, "cp", copy)
    later = now + timedelta(minutes=5)
    store.sessions.touch(token, later)
    assert store.sessions.get(token, later) is not None and reserve.exists()
    with pytest.raises(Unavailable, match=r"store\.full"):
        store.previews.put(new_id(), b"%PDF-", "application/pdf", later)
    assert reserve.exists()
    another = store.sessions.create(new_id(), "parent", {}, later)
    assert store.sessions.get(another, later) is not None and not reserve.exists()
    monkeypatch.undo()
    store.sweep(later)
    assert reserve.exists()
    store.close()
