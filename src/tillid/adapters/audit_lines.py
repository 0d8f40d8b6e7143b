"""The lines of the audit log: making, reading and checking them. No state, no locks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tillid.kernel.canonical import canonical_json, json_digest, sha256
from tillid.kernel.clock import instant
from tillid.kernel.cpr import without_cpr
from tillid.usecases.ports import AuditRow

FORGOTTEN = "forget_log"  # action of the row that tells of rows that went by their rule
_BLOCK = 1 << 16


class Line(NamedTuple):
    """One stored line; ``row`` is ``None`` and ``digest`` that of the raw bytes when it cannot be read. ``gone``: it stands where
    rows were whose period is over, from that number to ``n``; ``digest`` is that of the last of them."""

    n: int
    prev: str
    digest: str
    row: AuditRow | None
    data: bytes
    offset: int = 0
    whole: bool = True
    gone: int = 0


FIRST = Line(0, "", "0" * 64, None, b"")


def line_after(last: Line, row: dict[str, Any]) -> Line:
    """The line that follows ``last``; whoever wants its ``row`` reads it back."""
    chained = canonical_json({"n": last.n + 1, "prev": last.digest, "row": row})
    digest = sha256(chained)
    data = b'{"digest":"%s",%s\n' % (digest.encode(), chained[1:])  # "digest" sorts before "n"
    return Line(last.n + 1, last.digest, digest, None, data)


def gap_after(gap: Line | None, line: Line) -> Line:
    """``gap`` grown by ``line``, which follows it; what stays of ``line`` alone if there is none."""
    gone, prev = (gap.gone, gap.prev) if gap else (line.gone or line.n, line.prev)
    data = canonical_json({"digest": line.digest, "gone": gone, "n": line.n, "prev": prev}) + b"\n"
    return Line(line.n, prev, line.digest, None, data, gone=gone)


def gaps_digest(lines: Iterable[Line]) -> str:
    """SHA-256 over every gap among ``lines``, as the row that tells of them names it."""
    return sha256(b"".join(line.data for line in lines if line.gone))


def parse(data: bytes, offset: int = 0) -> Line:
    """The line in ``data`` (with its newline); ``whole`` says whether its digest is right."""
    try:
        stored = msgspec.json.decode(data)
        if "gone" in stored:
            return _gap(stored, data, offset)
        chained = {"n": stored["n"], "prev": stored["prev"], "row": stored["row"]}
        whole = set(stored) == {"n", "prev", "row", "digest"} and json_digest(chained) == stored["digest"]
        row = msgspec.convert(stored["row"], AuditRow)
        return Line(int(stored["n"]), str(stored["prev"]), str(stored["digest"]), row, data, offset, whole)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, RecursionError):
        return Line(-1, "", sha256(data), None, data, offset, False)


def _gap(stored: dict[str, Any], data: bytes, offset: int) -> Line:
    n, gone = int(stored["n"]), int(stored["gone"])
    if set(stored) != {"digest", "gone", "n", "prev"} or not 0 < gone <= n:
        raise ValueError("not a gap")
    return Line(n, str(stored["prev"]), str(stored["digest"]), None, data, offset, gone=gone)


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


def problems(lines: Iterable[Line], *, gaps: bool = True) -> Iterator[str]:
    """One sentence per line that is unreadable, changed, or does not follow the line before it; and one if rows are gone of which
    no later row tells (``gaps``: of a whole log; a part of it has not its end)."""
    before, empty, told = FIRST, [], ""
    for position, line in enumerate(lines, 1):
        if line.gone:
            empty.append(line)
        elif line.row is None:
            yield f"line {position}: not readable"
        elif not line.whole:
            yield f"line {position}: changed after it was written (own digest is wrong)"
        elif line.row.action == FORGOTTEN and line.row.phase == "outcome":
            told = line.row.outcome.rpartition(" ")[2]
        if (line.row is not None or line.gone) and (line.gone or line.n, line.prev) != (before.n + 1, before.digest):
            yield f"line {position}: does not follow the line before it"
        # An unreadable line keeps its place in the count, so that one damage is told once.
        before = line if line.row is not None or line.gone else line._replace(n=before.n + 1)
    if gaps and empty and told != gaps_digest(empty):
        yield f"rows {empty[0].gone} to {empty[-1].n}: not all there, and no row tells of it"


def last_line(fd: int) -> Line:
    """The last line of a file that ends with a newline; ``FIRST`` for an empty one."""
    size = os.fstat(fd).st_size
    if size == 0:
        return FIRST
    start = _line_start(fd, size - 1)
    line = parse(os.pread(fd, size - start, start), start)
    if line.row is not None or line.gone:
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


def cut_torn_end(fd: int) -> int:
    """Cut what a crash left of a line that was never acknowledged; returns how many bytes."""
    end, size = damage_at_end(fd), os.fstat(fd).st_size
    if end < size:
        os.ftruncate(fd, end)
        os.fsync(fd)
    return size - end


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


def clean(row: AuditRow) -> dict[str, str]:
    """The stored form. A lone surrogate in a stated purpose must not keep the row from being written."""
    texts = {name: str(getattr(row, name)) for name in _TEXTS}
    if not _is_clean("\n".join(texts.values())):
        texts = {name: without_cpr(value).encode("utf-8", "backslashreplace").decode() for name, value in texts.items()}
    return {"at": _spelled(row.at)} | texts


_TEXTS = tuple(name for name in AuditRow.__struct_fields__ if name != "at")
_spelled = lru_cache(maxsize=16)(instant)  # many rows have the same second


def _is_clean(text: str) -> bool:
    """Nearly every row holds ids and codes alone; they are looked at together, once."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return without_cpr(text) == text
