"""The lines of the audit log: making, reading and checking them. No state, no locks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tillid.kernel.canonical import canonical_json, json_digest, sha256
from tillid.usecases.ports import AuditRow

_BLOCK = 1 << 16


class Line(NamedTuple):
    """One stored line; ``row`` is ``None`` and ``digest`` that of the raw bytes when it cannot be read."""

    n: int
    prev: str
    digest: str
    row: AuditRow | None
    data: bytes
    offset: int = 0
    whole: bool = True


FIRST = Line(0, "", "0" * 64, None, b"")


def line_after(last: Line, row: dict[str, Any]) -> Line:
    """The line that follows ``last``; whoever wants its ``row`` reads it back."""
    chained = canonical_json({"n": last.n + 1, "prev": last.digest, "row": row})
    digest = sha256(chained)
    data = b'{"digest":"%s",%s\n' % (digest.encode(), chained[1:])  # "digest" sorts before "n"
    return Line(last.n + 1, last.digest, digest, None, data)


def parse(data: bytes, offset: int = 0) -> Line:
    """The line in ``data`` (with its newline); ``whole`` says whether its digest is right."""
    try:
        stored = msgspec.json.decode(data)
        chained = {"n": stored["n"], "prev": stored["prev"], "row": stored["row"]}
        whole = set(stored) == {"n", "prev", "row", "digest"} and json_digest(chained) == stored["digest"]
        row = msgspec.convert(stored["row"], AuditRow)
        return Line(int(stored["n"]), str(stored["prev"]), str(stored["digest"]), row, data, offset, whole)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
        return Line(-1, "", sha256(data), None, data, offset, False)


def read_lines(path: Path, start: int, end: int) -> Iterator[Line]:
    """The lines between two offsets; a missing file has none."""
    if start >= end:
        return
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        return
    with stream:
        stream.seek(start)
        offset = start
        for data in stream:
            if offset >= end:
                return
            yield parse(data, offset)
            offset += len(data)


def problems(lines: Iterable[Line]) -> Iterator[str]:
    """One sentence per line that is unreadable, changed, or does not follow the line before it."""
    before = FIRST
    for position, line in enumerate(lines, 1):
        if line.row is None:
            yield f"line {position}: not readable"
        elif not line.whole:
            yield f"line {position}: changed after it was written (own digest is wrong)"
        if line.row is not None and (line.n, line.prev) != (before.n + 1, before.digest):
            yield f"line {position}: does not follow the line before it"
        # An unreadable line keeps its place in the count, so that one damage is told once.
        before = line if line.row is not None else line._replace(n=before.n + 1)


def last_line(fd: int) -> Line:
    """The last line of a file that ends with a newline; ``FIRST`` for an empty one."""
    size = os.fstat(fd).st_size
    if size == 0:
        return FIRST
    start = _line_start(fd, size - 1)
    line = parse(os.pread(fd, size - start, start), start)
    if line.row is not None:
        return line
    log_count = sum(block.count(b"\n") for block in _blocks(fd, size))
    return line._replace(n=log_count)


def damage_at_end(fd: int) -> int:
    """The offset after the last finished line: an unfinished line, or zeros a power cut left, begin there."""
    size = os.fstat(fd).st_size
    end = size
    while end and os.pread(fd, 1, end - 1) == b"\x00":
        end -= 1
    if end and os.pread(fd, 1, end - 1) != b"\n":
        end = _line_start(fd, end)
    return end


def _line_start(fd: int, end: int) -> int:
    """The offset after the last newline before ``end``, 0 if there is none."""
    while end > 0:
        start = max(0, end - _BLOCK)
        found = os.pread(fd, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _blocks(fd: int, size: int) -> Iterator[bytes]:
    for start in range(0, size, _BLOCK):
        yield os.pread(fd, min(_BLOCK, size - start), start)
