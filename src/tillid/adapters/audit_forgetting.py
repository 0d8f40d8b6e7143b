"""The audit log without the rows whose period is over: what is made of its beginning, and what is said about it (R-90, ADR 0060).

Rows that stood one after another give way to one line that keeps their place and their links: the number and digest of the
last of them, and the digest before the first. So the chain goes on, and no person, child or purpose is left. A row at
the end says how much went, by which rule, and the digest of all such lines: a gap that no row tells of is a damage.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from tillid.adapters.audit_lines import FORGOTTEN, Line, gap_after, gaps_digest, problems, read_lines
from tillid.kernel.errors import TillidError
from tillid.usecases.ports import AuditRow

_BLOCK = 1 << 20


class LogDamaged(TillidError):
    """What is damaged is looked into and not destroyed."""

    code = "audit.damaged"
    text = "Loggen over læsninger er beskadiget i den del, hvis periode er udløbet. Intet er destrueret. Kontrollér kæden under Drift."


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """What takes the place of the log's first ``end`` bytes. ``count``: rows that go now; ``last``: number of the newest of them;
    ``gaps``: digest of the lines that stand where rows were."""

    data: bytes
    end: int
    count: int
    last: int
    gaps: str

    @property
    def said(self) -> str:
        """As the row at the end says it."""
        return f"{self.count} {self.last} {self.gaps}"


def beginning(path: Path, size: int, before: datetime, held: Callable[[AuditRow], bool]) -> Beginning | None:
    """The log's rows from before ``before`` as gaps, but those that are ``held``; ``None`` if no row would go. Stops at the first row
    that is younger. Raises ``LogDamaged``."""
    kept: list[Line] = []
    read: list[Line] = []
    count = last = end = 0
    for line in read_lines(path, 0, size):
        if line.row is not None and line.row.at >= before:
            break
        read.append(line)
        end = line.offset + len(line.data)
        if line.gone or line.row is not None and not held(line.row):
            kept.append(gap_after(kept.pop() if kept and kept[-1].gone else None, line))
            if not line.gone:
                count, last = count + 1, line.n
        else:
            kept.append(line)
    if any(problem for problem in problems(read, gaps=False)):
        raise LogDamaged("chain")
    if not count:
        return None
    data = b"".join(line.data for line in kept)
    return Beginning(data=data, end=end, count=count, last=last, gaps=gaps_digest(kept))


def copy_on(path: Path, start: int, end: int, target: int) -> None:
    """Append the bytes between two offsets of ``path`` to the file ``target``. Raises ``OSError``, also when they are not there."""
    with path.open("rb") as source:
        source.seek(start)
        left = end - start
        while left > 0:
            block = source.read(min(_BLOCK, left))
            if not block:
                raise OSError("the audit log is shorter than it was")
            left -= len(block)
            view = memoryview(block)
            while view:
                view = view[os.write(target, view) :]


__all__ = ["FORGOTTEN", "Beginning", "LogDamaged", "beginning", "copy_on"]
