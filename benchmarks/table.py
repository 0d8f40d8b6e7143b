"""Rows of the benchmarks, and the tables made of them. Nothing here measures."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """What several rounds of one measurement gave. ``unit``: ``ms``, ``µs`` or ``per second``."""

    median: float
    low: float
    high: float
    unit: str
    count: int

    @property
    def value(self) -> str:
        return f"{_short(self.median)} {self.unit}"

    @property
    def spread(self) -> str:
        return f"{_short(self.low)} to {_short(self.high)}, n={self.count}"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table. ``ratio``: how many times better than the peer, so that below 1 is dearer; ``None`` without a
    peer. ``goal``: the ratio the project wants, if it has said one; ``most``: the most it may be, in ``ours``' own unit."""

    name: str
    ours: Sample
    peer: str = ""
    peers: Sample | None = None
    ratio: float | None = None
    goal: float | None = None
    most: float | None = None
    note: str = ""

    @property
    def missed(self) -> bool:
        too_much = self.most is not None and self.ours.median > self.most
        return too_much or (self.goal is not None and (self.ratio or 0) < self.goal)

    @property
    def wanted(self) -> str:
        """The goals, for people to read; empty without one."""
        times = "" if self.goal is None else _short(self.goal)
        return ", ".join(filter(None, (times, "" if self.most is None else f"≤ {_short(self.most)} {self.ours.unit}")))


Better = Literal["less", "more"]


def sample(values: Iterable[float], unit: str) -> Sample:
    """The median and the ends of ``values``. Raises ``statistics.StatisticsError`` when there are none."""
    all_ = sorted(values)
    return Sample(median=statistics.median(all_), low=all_[0], high=all_[-1], unit=unit, count=len(all_))


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least ``percent`` of ``values`` do not exceed (nearest rank)."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def at_percentile(values: Sequence[float], percent: int, unit: str) -> Sample:
    """``sample`` with the percentile in the median's place."""
    return msgspec.structs.replace(sample(values, unit), median=percentile(values, percent))


def compare(
    name: str,
    ours: Sample,
    peer: str,
    peers: Sample,
    *,
    better: Better,
    goal: float | None = None,
    most: float | None = None,
    note: str = "",
) -> Row:
    """A row with the ratio of the two medians. ``better``: whether more or less of the unit is better."""
    ratio = ours.median / peers.median if better == "more" else peers.median / ours.median
    return Row(name=name, ours=ours, peer=peer, peers=peers, ratio=ratio, goal=goal, most=most, note=note)


HEAD = ("What", "Tillid", "min to max", "Peer", "Peer's value", "min to max", "Times better", "Goal", "Note")


def cells(row: Row) -> tuple[str, ...]:
    """The row as it is printed, in the order of ``HEAD``."""
    peer = (row.peer, row.peers.value, row.peers.spread) if row.peers else ("–", "–", "–")
    ratio = "–" if row.ratio is None else _short(row.ratio)
    goal = f"{row.wanted}{' (missed)' if row.missed else ''}" if row.wanted else "–"
    return (row.name, row.ours.value, row.ours.spread, *peer, ratio, goal, row.note)


def markdown(rows: Iterable[Row]) -> str:
    """A Markdown table."""
    lines = [HEAD, ("---",) * len(HEAD), *(tuple(cell.replace("|", "\\|") for cell in cells(row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plain(rows: Iterable[Row]) -> str:
    """The same for a terminal, without the notes and the ends."""
    keep = (0, 1, 3, 4, 6, 7)
    lines = [tuple(line[column] for column in keep) for line in (HEAD, *map(cells, rows))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(keep))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def _short(value: float) -> str:
    """Three figures that mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
