"""The first start is whole or leaves nothing: on a disk that becomes full, stopped, or killed at any point and begun again."""

from __future__ import annotations

import signal
import socket
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest

from tests.faults import first_starting as starting
from tests.faults.served import SECONDS, free_port
from tests.faults.small_disk import can_mount, on_a_small_disk
from tests.support.effort import EVERYTHING
from tests.support.forked import PLONE, Forked, preload
from tillid.wiring import first_start

preload(PLONE, "tests.faults.first_starting")
FOREIGN = {"noter.txt": b"hovedet", "keys/search.key": b"lagt her", "data/andet/x": b"1", "indstillinger/a": b""}


def put(var: Path) -> None:
    for name, text in FOREIGN.items():
        (var / name).parent.mkdir(parents=True, exist_ok=True)
        (var / name).write_bytes(text)


def held(var: Path) -> dict[str, bytes | None]:
    """Everything that is there: files with their bytes, and folders."""
    return {
        path.relative_to(var).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(var.rglob("*"))
    }


class Start:
    """``tillid start`` on ``var``, after ``before`` in its process."""

    all: ClassVar[list[Start]] = []

    def __init__(self, var: Path, *before, then=()) -> None:
        self.port, self._said = free_port(), next(one for one in var.parents if one.exists()) / "said.txt"
        self._said.unlink(missing_ok=True)
        self.process = Forked(
            starting.start, var, self.port, partial(starting.one_by_one, *before), *then, out=self._said
        )
        self.all.append(self)

    def ended(self) -> tuple[int, str]:
        return self.process.wait(SECONDS), self._said.read_text("utf-8")

    def answered(self, mark: Path) -> None:
        """Wait until it answers; the mark is gone by then, for good. A connection says nothing: to a port that nobody listens on yet,
        one's own socket can come to be connected with itself."""
        for _ in range(SECONDS * 100):
            assert self.process.poll() is None, self._said.read_text("utf-8")
            with socket.socket() as one, suppress(OSError):
                one.settimeout(SECONDS)
                one.connect(("127.0.0.1", self.port))
                gone = not mark.exists()
                one.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
                if one.recv(5) == b"HTTP/":
                    assert gone
                    return
            time.sleep(0.01)
        raise AssertionError(self._said.read_text("utf-8"))

    def stopped(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        code, said = self.ended()
        assert code == 0, said
        return said


def whole(var: Path, *before) -> tuple[str, dict[str, int]]:
    """What a start that is left alone says, and how much there is of everything afterwards."""
    one = Start(var, *before)
    one.answered(var / first_start.MARK)
    said = one.stopped()
    made = var.parent / "counted.txt"
    assert Forked(starting.count, var, made).wait(SECONDS) == 0
    return said, {name: int(number) for name, number in map(str.split, made.read_text().splitlines())}


@pytest.fixture(scope="module", autouse=True)
def none_is_left():
    """Also where a test fails: who waits for its processes would wait for ever."""
    yield
    for one in Start.all:
        one.process.kill()


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> dict[str, int]:
    """How much there is of everything after a first start that nothing happened to, which makes nothing that it would not take away."""
    var = tmp_path_factory.mktemp("demo") / "var"
    tree = var.parent / "tree.txt"
    _said, made = whole(var, partial(starting.happens, "answering", partial(starting.write_tree, var, tree)))
    assert not [name for name in tree.read_text().splitlines() if not first_start.is_ours(name)]
    return made


STOPS = [*starting.BEFORE][:-1] if EVERYTHING else ["taken", "zope-begun", "site-made", "people-loaded", "past-loaded"]
KILLS = [*starting.BEFORE] if EVERYTHING else ["mark-written", "key-half-made", "site-begun", "joined", "whole"]


@pytest.mark.parametrize("point", STOPS)
def test_a_first_start_that_is_stopped_leaves_nothing(tmp_path, point):
    number = (signal.SIGINT, signal.SIGTERM)[list(starting.BEFORE).index(point) % 2]
    below, given = tmp_path / "over" / "var", tmp_path / "var"
    put(given)
    before = held(given)
    for var in (given, below) if EVERYTHING or point in ("taken", "people-loaded") else (given,):
        again = partial(
            starting.signalled, signal.SIGINT, "half-removed", always=True
        )  # who presses Ctrl-C again and again
        code, said = Start(var, partial(starting.signalled, number, point), again).ended()
        assert code == (130 if number == signal.SIGINT else -signal.SIGTERM), said
        assert "Traceback" not in said and "[" not in said, said
        assert (" s  stopper, og fjerner" in said) == (point != "taken"), said
    assert held(given) == before
    assert not below.parent.exists()


def test_a_stop_that_somebody_elses_code_goes_on_after_is_heard_soon(tmp_path):
    code, said = Start(tmp_path / "var", partial(starting.signalled_unheard, signal.SIGINT, "site-begun")).ended()
    assert code == 130 and "er oprettet" not in said, said
    assert not (tmp_path / "var").exists()


def test_a_first_start_that_is_killed_is_begun_again(tmp_path, demo):
    """Each start takes away what the one before had left, and nothing that was put there before, in between or meanwhile."""
    var, tree = tmp_path / "var", tmp_path / "tree.txt"
    looked = partial(starting.happens, "taken", partial(starting.write_tree, var, tree))
    put(var)
    for point in KILLS:
        code, said = Start(var, looked, partial(starting.signalled, signal.SIGKILL, point)).ended()
        assert code == -signal.SIGKILL, said
        if tree.exists():
            assert_only_foreign(tree, var)
        assert (var / first_start.MARK).exists() or point == "taken"
    assert Start(var, partial(starting.signalled, signal.SIGKILL, "half-removed")).ended()[0] == -signal.SIGKILL
    said, made = whole(var, looked)
    assert_only_foreign(tree, var)
    assert "en første start, der blev afbrudt, er fjernet" in said
    assert made == demo
    assert {name: (var / name).read_bytes() for name in FOREIGN} == FOREIGN


def assert_only_foreign(tree: Path, var: Path) -> None:
    """What the next start met when it had taken away what was half made."""
    there = {name for name in tree.read_text().splitlines() if (var / name).is_file() or not (var / name).exists()}
    assert there - {"run/tillid.lock", first_start.MARK, "run"} == set(FOREIGN), there


def test_stopped_or_killed_when_it_is_whole_nothing_is_taken_away(tmp_path, demo):
    var = tmp_path / "var"
    code, said = Start(var, partial(starting.signalled, signal.SIGINT, "whole")).ended()
    assert code == 130 and "klar" not in said and "fjerner" not in said, said
    assert not (var / first_start.MARK).exists()
    assert Start(var, partial(starting.signalled, signal.SIGKILL, "answering")).ended()[0] == -signal.SIGKILL
    said, made = whole(var)
    assert "er oprettet" not in said and "fjernet" not in said
    assert made == demo


@pytest.mark.parametrize("megabytes", range(1, 28) if EVERYTHING else (1, 5, 14, 20))
def test_a_disk_that_becomes_full_during_the_first_start(tmp_path, megabytes):
    var = tmp_path / "var"
    var.mkdir()
    if not can_mount(var):
        pytest.skip("this machine lets nobody mount a tmpfs")
    disk = partial(on_a_small_disk, var, megabytes)
    one = Start(var, disk, partial(put, var), starting.on_any_disk, then=[starting.say_tree])
    code, said = one.ended()
    assert code == 1, said
    lines = [line for line in said.splitlines() if not line[:6].strip().replace(".", "").isdigit()]
    there = [line.removeprefix("there: ") for line in lines if line.startswith("there: ")]
    assert {name for name in there if name in FOREIGN} == set(FOREIGN)
    assert len([name for name in there if name not in FOREIGN]) == 5, there  # the folders of FOREIGN, and var
    told = [line for line in lines if not line.startswith("there: ")]
    assert len(told) == 1 and "start.disk-filled" in told[0], said
