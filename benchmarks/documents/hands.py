"""Two processes that make documents at the same time, and the processor time and memory of all they started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What one turn of a design gave: ``seconds`` of each document, ``wall`` and ``cpu`` of the whole turn in seconds;
    ``boxes``: how much of ``cpu`` was LibreOffice."""

    seconds: tuple[float, ...]
    wall: float
    cpu: float
    boxes: float

    @property
    def rate(self) -> float:
        """Documents per second."""
        return len(self.seconds) / self.wall

    def per_document(self, cpu: float) -> float:
        """Milliseconds of ``cpu`` per document."""
        return 1000 * cpu / len(self.seconds)


class Hands:
    """``commands``: what each hand is started with (``serving`` tells how they talk). ``servers``: the processes that the
    hands share, which count too and are the caller's to end."""

    def __init__(self, commands: Iterable[Sequence[str]], servers: Iterable[int] = ()) -> None:
        self._servers = tuple(servers)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        self._hands = [subprocess.Popen(command, env=environment, **pipes) for command in commands]  # type: ignore[call-overload]

    def ready(self) -> None:
        """Wait until all are warm. Raises ``RuntimeError``."""
        for hand in self._hands:
            if hand.stdout.readline().strip() != "ready":
                raise RuntimeError("a hand did not start")

    def order(self, each: int) -> None:
        """Let every hand make ``each`` documents, all at the same time."""
        for hand in self._hands:
            hand.stdin.write(f"{each}\n")
            hand.stdin.flush()

    def answers(self) -> list[float]:
        """The seconds of every document that was ordered. Raises ``RuntimeError`` if a hand ended."""
        found: list[float] = []
        for hand in self._hands:
            line = hand.stdout.readline()
            if not line:
                raise RuntimeError("a hand ended in the middle")
            found += json.loads(line)["seconds"]
        return found

    def turn(self, each: int) -> Turn:
        """One turn, measured."""
        cpu, boxes = self.cpu()
        began = time.perf_counter()
        self.order(each)
        seconds = self.answers()
        wall = time.perf_counter() - began
        cpu_after, boxes_after = self.cpu()
        return Turn(seconds=tuple(seconds), wall=wall, cpu=cpu_after - cpu, boxes=boxes_after - boxes)

    def cpu(self) -> tuple[float, float]:
        """Seconds of processor that hands, servers and all they started have used, and LibreOffice's part."""
        tree = family(self._roots)
        return sum(one.cpu for one in tree), sum(one.cpu for one in tree if one.name.startswith("soffice"))

    def memory(self) -> float:
        """Megabytes that they all hold now (RSS; what they share is counted for each)."""
        return sum(one.rss for one in family(self._roots)) / 1e6

    @property
    def running(self) -> bool:
        return all(hand.poll() is None for hand in self._hands)

    @property
    def _roots(self) -> list[int]:
        return [*(hand.pid for hand in self._hands), *self._servers]

    def close(self) -> None:
        """Close their input, at which they end."""
        for hand in self._hands:
            hand.stdin.close()
        for hand in self._hands:
            try:
                hand.wait(20)
            except subprocess.TimeoutExpired:
                hand.kill()


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """``cpu``: seconds, with those of ended children."""

    pid: int
    parent: int
    name: str
    cpu: float
    rss: int


def family(roots: Iterable[int]) -> list[Process]:
    """The processes in ``roots`` and all their descendants."""
    all_ = {one.pid: one for one in map(_process, Path("/proc").glob("[0-9]*/stat")) if one}
    found, wanted = [], list(roots)
    while wanted:
        pid = wanted.pop()
        found += [all_[pid]] if pid in all_ else []
        wanted += [one.pid for one in all_.values() if one.parent == pid]
    return found


def _process(stat: Path) -> Process | None:
    try:
        pid, _, rest = stat.read_text("utf-8", "replace").partition(" (")
    except OSError:  # it has ended
        return None
    name, _, told = rest.rpartition(") ")
    fields = told.split()
    cpu = sum(int(field) for field in fields[11:15]) / TICK
    return Process(pid=int(pid), parent=int(fields[1]), name=name, cpu=cpu, rss=int(fields[21]) * PAGE)


def on_core(number: int, command: Sequence[str]) -> list[str]:
    """``command`` on a core that it and what it starts keep to. A worker's programs take turns at one document; left to the kernel, two
    workers' meet on one core while another is idle, and how often decides the rate."""
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "--cpu-list", str(cores[number % len(cores)]), *command]


def python(module: str, *args: str) -> list[str]:
    """The command of one of our own hands."""
    return [sys.executable, "-m", f"benchmarks.documents.{module}", *args]
