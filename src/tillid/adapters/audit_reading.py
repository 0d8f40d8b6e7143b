"""A log that other processes write, read beside them: what the operators' commands wrote (a file of its own with a chain of its own,
``cli/reading.py``), and, for those commands, the server's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tillid.adapters.audit_lines import FIRST, Line, parse
from tillid.usecases.ports import AuditRow

OPERATORS = "operators.jsonl"


class ReadLog:
    """Implements ``ports.OperatorLog`` over ``path``, which need not be there. A line that is being written is not seen."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def about(self, id: str) -> Sequence[AuditRow]:
        """Rows whose object or child it is, oldest first."""
        rows = (line.row for line in map(parse, self._holding(id)))
        return [row for row in rows if row is not None and id in (row.child_id, row.object_id)]

    def lines_of(self, child_id: str) -> tuple[Sequence[bytes], int, str]:
        """Every line about a child, and number and digest of the last of all."""
        last: list[bytes] = []
        lines = [line for line in map(parse, self._holding(child_id, last)) if _is_of(line, child_id)]
        head = parse(last[0]) if last else FIRST
        return [line.data for line in lines], head.n, head.digest

    def _holding(self, id: str, last: list[bytes] | None = None) -> Iterator[bytes]:
        """The finished lines that hold ``id``, which alone are worth taking apart; ``last`` gets the last of all."""
        if not self.path.exists():
            return
        wanted, data = id.encode(), b""
        with self.path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                data = line
                if wanted in line:
                    yield line
        if last is not None and data:
            last.append(data)


def _is_of(line: Line, child_id: str) -> bool:
    return line.row is not None and line.row.child_id == child_id
