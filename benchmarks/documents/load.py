"""A thousand documents by two workers: is one lost, how long does one take under load, and does memory grow?"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.documents.hands import Hands, on_core, python
from benchmarks.documents.peers import WORKERS
from benchmarks.table import Row, at_percentile, sample

DOCUMENTS, QUICK_DOCUMENTS = 1000, 16
STEPS = 20


def run(quick: bool) -> list[Row]:
    """Milliseconds of one document while both work, and megabytes of workers and boxes at the beginning and at the end."""
    each = (QUICK_DOCUMENTS if quick else DOCUMENTS) // WORKERS
    step = max(1, each // STEPS)
    with tempfile.TemporaryDirectory(prefix="bench-documents-") as folder:
        hands = Hands(
            on_core(number, python("our_hand", f"{number}L", str(Path(folder, f"{number}.pdf")), "5"))
            for number in range(WORKERS)
        )
        try:
            hands.ready()
            seconds, memory = [], []
            for _ in range(each // step):
                hands.order(step)
                seconds += hands.answers()
                memory.append(hands.memory())
        finally:
            hands.close()
    wanted = each // step * step * WORKERS
    assert len(seconds) == wanted, "a document was lost"
    times, quarter = [1000 * one for one in seconds], max(1, len(memory) // 4)
    lost = f"{wanted:,} different documents, none lost, each checked and its data read back"
    return [
        Row(name="one document while both workers work, p50", ours=at_percentile(times, 50, "ms"), note=lost),
        Row(name="one document while both workers work, p95", ours=at_percentile(times, 95, "ms"), note="with the start of a new box"),
        Row(
            name="memory of workers and boxes, last quarter of the documents",
            ours=sample(memory[-quarter:], "MB"),
            peer="Tillid, first quarter",
            peers=sample(memory[:quarter], "MB"),
            ratio=sample(memory[:quarter], "MB").median / sample(memory[-quarter:], "MB").median,
            note="RSS of all processes, shared pages counted in each",
        ),
    ]  # fmt: skip
