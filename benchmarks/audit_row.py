"""What one audit row costs: hash-chained and on disk before it answers, against a plain append that syncs nothing."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.table import Row, compare, sample
from benchmarks.timing import in_turn
from tillid.adapters.audit_file import FileAudit
from tillid.kernel.ids import new_id
from tillid.usecases.ports import AuditRow

ROWS, QUICK_ROWS, ROUNDS = 300, 20, 5
PEERS = {
    "append of the same JSON line, no chain, fsync per row": True,
    "append of the same JSON line, no chain, no fsync": False,
}


def run(quick: bool = False) -> list[Row]:
    """Microseconds per row over all threads; every row of ours is on disk when ``write`` returns."""
    Path("var").mkdir(exist_ok=True)
    # On the disk of the checkout: in a memory file system fsync costs nothing.
    with tempfile.TemporaryDirectory(prefix="bench-", dir="var") as folder:
        return [row for threads in (1, 8) for row in _compare(Path(folder), threads, QUICK_ROWS if quick else ROWS)]


def _compare(folder: Path, threads: int, count: int) -> Iterator[Row]:
    audit = FileAudit(folder / f"audit-{threads}.jsonl")
    works: dict[str, Callable[[], float]] = {"ours": lambda: _seconds_per_row(audit.write, threads, count)}
    for peer, synced in PEERS.items():
        path = folder / f"plain-{threads}-{synced}.jsonl"
        works[peer] = lambda path=path, synced=synced: _plain(path, threads, synced, count)
    found = in_turn(works, ROUNDS, lambda work: work())  # type: ignore[arg-type, return-value]
    assert audit.verify() == []
    audit.close()
    micro = {name: sample((time * 1e6 for time in times), "µs") for name, times in found.items()}
    for peer in PEERS:
        name = f"audit row, {threads} thread{'s' if threads > 1 else ''}"
        note = f"{count} rows a round, hash-chained, on disk when it answers"
        yield compare(name, micro["ours"], peer, micro[peer], better="less", note=note)


def _plain(path: Path, threads: int, synced: bool, count: int) -> float:
    lock = threading.Lock()
    with path.open("ab", buffering=0) as stream:

        def append(row: AuditRow) -> None:
            line = msgspec.json.encode(row) + b"\n"
            with lock:
                stream.write(line)
                if synced:
                    os.fsync(stream.fileno())

        return _seconds_per_row(append, threads, count)


def _seconds_per_row(write: Callable[[AuditRow], None], threads: int, count: int) -> float:
    rows = [_row() for _ in range(count)]
    shares = [rows[start::threads][: count // threads] for start in range(threads)]
    workers = [threading.Thread(target=lambda share=share: [write(row) for row in share]) for share in shares]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return (time.perf_counter() - began) / sum(map(len, shares))


def _row() -> AuditRow:
    return AuditRow(
        id=new_id(),
        phase="attempt",
        at=datetime.now(UTC).replace(microsecond=0),
        request_id=new_id(),
        person_id=new_id(),
        role="archivist",
        action="read_archived",
        object_id=new_id(),
        child_id=new_id(),
        purpose="aktindsigt",
    )
