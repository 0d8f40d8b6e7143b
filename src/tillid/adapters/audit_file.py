"""The audit log of the embedded default: one append-only file of hash-chained JSON lines (design 10, 23; R-71).

A line is ``{"digest": …, "n": …, "prev": …, "row": …}``; ``digest`` is the SHA-256 of the RFC 8785 JSON of the other
three, ``prev`` the digest of the line before. Rows carry ids only; a CPR number in a stated purpose is masked (R-111).
The chain shows changes inside the log; that its end was not cut off only ``head`` kept elsewhere can show.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from tillid.adapters.audit_forgetting import beginning, copy_on
from tillid.adapters.audit_lines import (
    FIRST,
    Line,
    clean,
    cut_torn_end,
    last_line,
    line_after,
    parse,
    problems,
    read_lines,
)
from tillid.adapters.audit_queue import Batches
from tillid.adapters.audit_reading import OPERATORS, ReadLog
from tillid.kernel.clock import Clock, SystemClock, instant
from tillid.kernel.errors import TillidError, Unavailable
from tillid.kernel.files import sync
from tillid.kernel.ids import new_id
from tillid.usecases.ports import AuditRow

log = logging.getLogger(__name__)


class AuditUnavailable(Unavailable):
    """A row could not be made durable: what would have been read is not shown."""

    code = "audit.unavailable"
    text = "Loggen over, hvem der læser hvad, kan ikke skrives lige nu. Derfor kan siden ikke vises. Prøv igen om lidt."


class AuditLocked(TillidError):
    """Another process writes this log."""

    code = "audit.locked"
    text = "Tillid kører allerede på denne mappe. Stop den anden, før du starter igen."


class FileAudit:
    """Implements ``ports.Audit``. ``write`` returns when the rows are on disk; rows of threads that wait at the same time
    share one fsync. ``later`` waits for nothing: its row stays in memory until the next ``write`` takes it along, a second
    at most. Keep one instance per file and process; a second process is refused (``audit.locked``)."""

    def __init__(self, path: Path | str, clock: Clock | None = None) -> None:
        self.path = Path(path)
        self.operators = ReadLog(self.path.with_name(OPERATORS))
        self._clock = clock or SystemClock()
        self._batches = Batches(self._append)
        self._fd = -1
        self._size = 0
        self._head = FIRST
        self._durable = (0, FIRST)  # size and head as of the last fsync; rows of ``later`` may lie behind it
        self._offsets: dict[str, list[int]] = {}
        self._indexed = 0
        self._index_lock = threading.Lock()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._open()
        except OSError as error:
            raise AuditUnavailable(type(error).__name__) from error

    # writing

    def write(self, *rows: AuditRow) -> None:
        """Append ``rows``, together; raises ``AuditUnavailable`` unless all are on disk when this returns."""
        error = self._batches.write([clean(row) for row in rows])
        if error:
            raise AuditUnavailable(type(error).__name__) from error

    def later(self, row: AuditRow) -> None:
        """Append ``row`` without waiting: the next ``write`` takes it along, or else it is written within a second. A
        process that dies meanwhile may lose it. Never raises for a log that cannot be written; that stands in the
        technical log."""
        self._batches.later(clean(row))

    def _append(self, rows: list[dict[str, str]], sync: bool) -> None:
        self._ensure_open()
        lines, last = [], self._head
        for row in rows:
            last = line_after(last, row)
            lines.append(last.data)
        data = b"".join(lines)
        try:
            _write_all(self._fd, data)
            if sync:
                os.fsync(self._fd)
        except BaseException:
            # Nothing of the batch may stay: its threads are told that it was not written.
            self._discard_tail()
            raise
        self._size += len(data)
        self._head = last
        if sync:
            self._durable = (self._size, last)

    def _discard_tail(self) -> None:
        """Cut back to the last durable row and close: the next write opens and looks anew."""
        self._size, self._head = self._durable
        with self._index_lock:  # it may know rows that are cut now
            self._offsets, self._indexed = {}, 0
        try:
            os.ftruncate(self._fd, self._size)
        except OSError:
            log.error("audit log: unfinished rows could not be cut now; the next write tries again")
        self._let_go()

    # opening

    def _ensure_open(self) -> None:
        if self._fd >= 0:
            # A deleted or exchanged file would swallow rows without an error.
            here, open_one = os.stat(self.path), os.fstat(self._fd)
            if (here.st_ino, here.st_dev, here.st_size) == (open_one.st_ino, open_one.st_dev, self._size):
                return
            self._let_go()
        self._open()

    def _open(self) -> None:
        known, size = self._head, self._size
        flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | (os.O_CREAT if known is FIRST else 0)
        fd = os.open(self.path, flags, 0o600)
        try:
            _lock(fd)
            if known is FIRST:
                _new(self.path).unlink(missing_ok=True)  # what a run left that was killed before its end
                sync(self.path.parent)
                cut = cut_torn_end(fd)
            else:
                # This process knows what was durable; whatever follows it was never acknowledged.
                cut = 0
                if os.fstat(fd).st_size < size:
                    raise OSError("the audit log is shorter than it was")
                os.ftruncate(fd, size)
            head = last_line(fd)
            if known is not FIRST and head.digest != known.digest:
                raise OSError("the audit log does not end with the row written last")
        except BaseException:
            os.close(fd)
            raise
        self._fd, self._size, self._head = fd, os.fstat(fd).st_size, head
        self._durable = (self._size, head)
        if cut:
            log.warning("audit log: cut %d bytes of an unfinished last line", cut)
            self._append([clean(self._notice(cut))], True)

    def _notice(self, cut: int) -> AuditRow:
        now = self._clock.now()
        return AuditRow(id=new_id(), phase="outcome", at=now, request_id="", person_id="system", role="system",
                        action="audit.torn_line_cut", object_id="", child_id="", purpose="drift",
                        outcome=f"{cut} bytes, {instant(now)}")  # fmt: skip

    def close(self) -> None:
        """Write what waits, let go of the file and its lock; a later write opens it again."""
        self._batches.close()
        self._let_go()

    def _let_go(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    # what its period is over for

    def forget_before(self, before: datetime, held: Callable[[AuditRow], bool], told: Callable[[str], AuditRow]) -> int:
        """Destroy the rows from before ``before`` that are not ``held``, and write the row that tells of it (``told``: that row with
        what is said). The log is the old one or the new one, whatever happens meanwhile. Returns how many went. Raises
        ``AuditUnavailable``, ``LogDamaged``."""
        self._batches.flush()
        durable, fd, place = self._durable[0], -1, _new(self.path)
        try:
            new = beginning(self.path, durable, before, held)
            if new is None:
                return 0
            fd = os.open(place, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600)
            _lock(fd)
            _write_all(fd, new.data)
            copy_on(self.path, new.end, durable, fd)  # what is durable never changes, so others write meanwhile
            self._batches.alone(lambda: self._exchange(fd, durable, clean(told(new.said))))
            return new.count
        except BaseException as error:
            if fd not in (-1, self._fd):
                os.close(fd)
                place.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise AuditUnavailable(type(error).__name__) from error
            raise

    def _exchange(self, fd: int, copied: int, row: dict[str, str]) -> None:
        """The rest of the rows and the one that tells of it, on disk; then the new file takes the place of the old."""
        self._ensure_open()
        copy_on(self.path, copied, self._size, fd)
        last = line_after(self._head, row)
        _write_all(fd, last.data)
        os.fsync(fd)
        with self._index_lock:
            os.replace(_new(self.path), self.path)
            self._let_go()
            self._fd, self._size, self._head = fd, os.fstat(fd).st_size, last
            self._durable = (self._size, last)
            self._offsets, self._indexed = {}, 0
        sync(self.path.parent)

    # reading

    def of_child(self, child_id: str, limit: int = 500) -> Sequence[AuditRow]:
        """The newest ``limit`` rows about a child, oldest first."""
        return [line.row for line in self._lines_of(child_id, limit) if line.row]

    def export(self, child_id: str) -> Iterator[bytes]:
        """Every stored line about a child, byte for byte as in the log, with its place in the chain."""
        return (line.data for line in self._lines_of(child_id, None))

    def tail(self, count: int = 50) -> Sequence[AuditRow]:
        """The newest ``count`` rows, oldest first."""
        self._batches.flush()
        rows: list[AuditRow] = []
        for line in read_lines(self.path, 0, self._size):
            if line.row:
                rows.append(line.row)
            if len(rows) > 2 * count:
                del rows[:-count]
        return rows[-count:] if count else []

    def head(self) -> tuple[int, str]:
        """Number and digest of the last row: kept elsewhere, it proves that nothing was cut off the end."""
        self._batches.flush()
        return self._head.n, self._head.digest

    def verify(self) -> list[str]:
        """One English sentence per problem of the chain, with the line's number; empty when whole."""
        self._batches.flush()
        return list(problems(read_lines(self.path, 0, self._size)))

    def _lines_of(self, child_id: str, limit: int | None) -> Iterator[Line]:
        if not child_id:
            return
        self._batches.flush()
        with self._index_lock:
            self._extend_index()
            offsets = list(self._offsets.get(child_id, ()))
            try:
                stream = self.path.open(
                    "rb"
                )  # the places are those of this file, also when another takes its place meanwhile
            except OSError as error:
                raise AuditUnavailable("the audit log is not there") from error
        with stream:
            for offset in offsets[-limit:] if limit else offsets:
                stream.seek(offset)
                yield parse(stream.readline(), offset)

    def _extend_index(self) -> None:
        """Learn where the rows of each child lie, from where the last call stopped; costs nothing when writing."""
        end = self._size
        for line in read_lines(self.path, self._indexed, end):
            if line.row and line.row.child_id:
                self._offsets.setdefault(line.row.child_id, []).append(line.offset)
        self._indexed = end


def verify_file(path: Path | str) -> list[str]:
    """The problems of a log nobody writes to now; for ``tillid`` commands and for auditors."""
    path = Path(path)
    size = path.stat().st_size
    return list(problems(read_lines(path, 0, size)))


def _new(path: Path) -> Path:
    """Where the log without the rows that go is written before it takes the old one's place."""
    return path.with_name(path.name + ".new")


def _lock(fd: int) -> None:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AuditLocked("the audit log is locked by another process") from error


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
