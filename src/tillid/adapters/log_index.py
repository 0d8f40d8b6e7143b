"""Where each leaf of the log stands, in memory: made of the leaves when the log is opened, and never a file of its own.

Four bytes of a leaf and its place make one number of eight bytes; a million leaves are eight megabytes, sorted in about a second.
The index only says where to look: the leaf itself is read before anybody is told that it is there, so that neither two leaves
that begin alike nor a leaf that was changed on the disk can be taken for another one.
"""

from __future__ import annotations

import mmap
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable

WIDTH = 32
_BITS = 32  # for the place; as many for the leaf's beginning
_PLACES = 1 << _BITS


class LogIndex:
    """The places of the first ``size`` leaves in the file ``handle``; those that come later are added one by one."""

    def __init__(self, handle: int, size: int) -> None:
        self._sorted = _numbers(handle, size)
        self._later: dict[int, list[int]] = {}

    def find(self, leaf: bytes, read: Callable[[int], bytes]) -> int | None:
        """The first place where ``read`` says that ``leaf`` stands."""
        start = _start(leaf)
        at = bisect_left(self._sorted, start << _BITS)
        while at < len(self._sorted) and self._sorted[at] >> _BITS == start:
            if read(place := self._sorted[at] % _PLACES) == leaf:
                return place
            at += 1
        return next((place for place in self._later.get(start, ()) if read(place) == leaf), None)

    def add(self, leaf: bytes, place: int) -> None:
        """``leaf`` stands at ``place`` now."""
        self._later.setdefault(_start(leaf), []).append(place)


def scanned(handle: int, size: int, leaf: bytes) -> int | None:
    """The same without an index: through all leaves, for who asks once."""
    if not size:
        return None
    with mmap.mmap(handle, size * WIDTH, prot=mmap.PROT_READ) as leaves:
        at = leaves.find(leaf)
        while at % WIDTH and at >= 0:  # a match across two leaves
            at = leaves.find(leaf, at + 1)
        return None if at < 0 else at // WIDTH


def _start(leaf: bytes) -> int:
    return int.from_bytes(leaf[:4], sys.byteorder)


def _numbers(handle: int, size: int) -> array[int]:
    if not size:
        return array("Q")
    with (
        mmap.mmap(handle, size * WIDTH, prot=mmap.PROT_READ) as leaves,
        memoryview(leaves) as whole,
        whole.cast("I") as words,
        words[:: WIDTH // 4] as starts,
    ):
        numbers = [start << _BITS | place for place, start in enumerate(starts.tolist())]
    numbers.sort()
    return array("Q", numbers)
