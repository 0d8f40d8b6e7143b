"""What one audit row costs: hash-chained and on disk before it answers, against a plain append that syncs nothing."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tillid.adapters.audit_file import FileAudit
from tillid.kernel.ids import new_id
from tillid.usecases.ports import AuditRow

ROWS = 400
PEERS = {
    "append of the same JSON line, no fsync, no chain": False,
    "append of the same JSON line, fsync per row, no chain": True,
}


def run() -> list[dict[str, Any]]:
    """Rows with name, value, unit, peer, ratio (our time per the peer's) and note."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        return [row for threads in (1, 8) for row in _compare(Path(folder), threads)]


def _compare(folder: Path, threads: int) -> Iterator[dict[str, Any]]:
    audit = FileAudit(folder / f"audit-{threads}.jsonl")
    ours = _seconds_per_row(audit.write, threads)
    assert audit.verify() == []
    audit.close()
    for peer, synced in PEERS.items():
        theirs = _plain(folder / f"plain-{threads}-{synced}.jsonl", threads, synced)
        yield {
            "name": f"audit row, {threads} thread{'s' if threads > 1 else ''}",
            "value": round(ours * 1e6, 1),
            "unit": "µs per row",
            "peer": peer,
            "ratio": round(ours / theirs, 2),
            "note": f"peer {theirs * 1e6:.1f} µs; {ROWS} rows each, wall time over all threads",
        }


def _plain(path: Path, threads: int, synced: bool) -> float:
    lock = threading.Lock()
    with path.open("ab", buffering=0) as stream:

        def append(row: AuditRow) -> None:
            line = msgspec.json.encode(row) + b"\n"
            with lock:
                stream.write(line)
                if synced:
                    os.fsync(stream.fileno())

        return _seconds_per_row(append, threads)


def _seconds_per_row(write: Callable[[AuditRow], None], threads: int) -> float:
    rows = [_row() for _ in range(ROWS)]
    for row in rows[:20]:
        write(row)  # warm
    shares = [rows[start::threads][: ROWS // threads] for start in range(threads)]
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


if __name__ == "__main__":
    for result in run():
        print(result)
