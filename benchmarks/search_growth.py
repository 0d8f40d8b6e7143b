"""Whether the index of the search grows faster than its documents: what one takes on disk, of ever more of them.

A server keeps what it wrote in segments that it merges when it likes, and for a while both the old ones and the new one that they went into:
what is on its disk right after writing says more about that moment than about the documents. So each index is refreshed, merged to
one segment and flushed before it is asked. What each field takes is the server's own analysis; the note names the largest.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from benchmarks.search.corpus import entries
from benchmarks.search.engines import Elastic, Embedded, Ours, search_server, told_of_server
from benchmarks.table import Row, sample

COUNTS, QUICK = (10_000, 100_000, 1_000_000), (500, 1_000)
BATCH = 5_000
MOST = 1.2  # times, of the largest to the smallest (issue 7)


def run(quick: bool = False) -> list[Row]:
    """Rows for the embedded index and for one Elasticsearch node."""
    counts, found = QUICK if quick else COUNTS, []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, search_server() as server:
        for count in counts:
            embedded = Embedded(Path(folder) / str(count))
            _fill(embedded, count)
            found.append(("tantivy", count, embedded.merged_size(), ""))
            if server:
                elastic = Elastic(server)
                _fill(elastic, count)
                found.append(("Elasticsearch", count, elastic.merged_size(), _fields(elastic, count)))
    return [row for engine in ("tantivy", "Elasticsearch") for row in _rows(engine, found)]


def _fill(engine: Ours, count: int) -> None:
    made = entries(count)
    while batch := list(islice(made, BATCH)):
        engine.put(batch)


def _fields(elastic: Elastic, count: int) -> str:
    largest = sorted(elastic.fields().items(), key=lambda one: -one[1])[:4]
    return ", ".join(f"{name} {size / count / 1000:.2f} kB" for name, size in largest)


def _rows(engine: str, found: Sequence[tuple[str, int, int, str]]) -> list[Row]:
    each = [(count, size / count / 1000, fields) for named, count, size, fields in found if named == engine]
    if not each:
        return []
    rows = [
        Row(name=f"{engine}, {count:,}: a document in the index, all merged", ours=sample([size], "kB"), note=fields)
        for count, size, fields in each
    ]
    (few, least, _), (many, most, _) = each[0], each[-1]
    note = (
        f"one segment each, nothing deleted; {told_of_server()}"
        if engine == "Elasticsearch"
        else "as it merges by itself"
    )
    grown = Row(
        name=f"{engine}: a document of {many:,} to one of {few:,}",
        ours=sample([most / least], "times"),
        most=MOST,
        note=note,
    )
    return [*rows, grown]
