"""How far the search lags behind the clicks in a running Tillid, and what an index that is built anew keeps waiting.

*Searchable*: from the parent's last yes, committed, until the index finds the document; worker, LibreOffice, seal and timestamps
work beside it as in ``tillid start``. *Withdrawn*: the archivist's own search, with the ledger asked about each hit, right after
the withdrawal has answered; right before it the same search has shown it. The embedded index here, a server in
``search_live_server``.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec

from benchmarks.search.corpus import UNITS, entries, entry
from benchmarks.search.engines import Place
from benchmarks.stage import Stage, running
from benchmarks.table import Row, at_percentile, sample
from tillid.adapters.search import LONGEST_WAIT, SearchBackend
from tillid.adapters.tantivy import TantivyIndex
from tillid.archive.query import SearchEntry, SearchQuery
from tillid.kernel.ids import new_id
from tillid.process.access import Identity
from tillid.usecases.search_archive import search_archive, units_of_archivist
from tillid.usecases.withdraw_consent import withdraw_consent

DOCUMENTS, QUICK_DOCUMENTS = 40, 3
BUILT, QUICK_BUILT = 100_000, 1_000
ARCHIVIST = "ove"
PURPOSE = "Andet: måling af søgningen"
MOST = 3_000.0  # ms from commit to searchable (issue 7)
LONGEST = 120.0


def run(quick: bool = False) -> list[Row]:
    """The rows of ``measured`` for the embedded index."""
    return measured("tantivy", quick, TantivyIndex)


def measured(
    engine: str,
    quick: bool,
    empty: Callable[[Path], SearchBackend],
    place: Place | None = None,
    told: str = "the index is in Tillid's own process",
) -> list[Row]:
    """Milliseconds, and how many of the withdrawn were found, in a Tillid that asks the server of ``place``, if that is given; then the
    rate of building anew and the longest write meanwhile, in the index that ``empty`` makes (in a folder, if it needs one)."""
    lag = _lag(QUICK_DOCUMENTS if quick else DOCUMENTS, place)
    rows = [*lag, *_built_anew(QUICK_BUILT if quick else BUILT, empty)]
    return [msgspec.structs.replace(row, name=f"{engine}: {row.name}", note=f"{row.note}; {told}") for row in rows]


def _lag(count: int, place: Place | None) -> Iterator[Row]:
    with running(*place or ()) as stage:
        copies = stage.copies_of(stage.released_document())
        asked = [stage.asked(number, copies) for number in range(count)]
        archivist, load = stage.player.staff_named(ARCHIVIST), _Load()
        with stage.working():
            times = [_until_found(stage, archivist, request, holders) for request, holders in asked]
            found = [_found_after_withdrawal(stage, archivist, request, holders) for request, holders in asked]
    note = f"{count} documents one after another, from the last parent's yes; worker and LibreOffice beside it; {load}"
    for p in (50, 95):
        most = MOST if p == 95 else None
        yield Row(name=f"commit to searchable, p{p}", ours=at_percentile(times, p, "ms"), most=most, note=note)
    note = f"asked by the archivist as soon as the withdrawal had answered, for each of {count} documents"
    yield Row(name="withdrawn consents that the search still shows as given", ours=sample([float(sum(found))], ""),
              most=0.0, note=note)  # fmt: skip


def _until_found(stage: Stage, archivist: Identity, request: str, holders: list[Identity]) -> float:
    document = stage.player.request(request).document.document_id
    for holder in holders:
        stage.player.say_yes(holder, request)
    began = time.perf_counter()
    while not _in_index(stage, archivist, document):
        if time.perf_counter() - began > LONGEST:
            raise RuntimeError("a document was not found")
        time.sleep(0.02)
    return (time.perf_counter() - began) * 1000


def _in_index(stage: Stage, archivist: Identity, document: str) -> bool:
    with stage.installation.open_house() as house:
        units = units_of_archivist(house, archivist)
        query = SearchQuery(allowed_units=units, among=frozenset({document}), state=("released",))
        return bool(house.search.search(query).hits)


def _found_after_withdrawal(stage: Stage, archivist: Identity, request: str, holders: list[Identity]) -> int:
    document = stage.player.request(request).document.document_id
    if not _shown(stage, archivist, document):
        raise RuntimeError("the search did not show what was to be withdrawn")
    stage.player.does(lambda house: withdraw_consent(house, holders[0], request, language="da", event_id=new_id()))
    return _shown(stage, archivist, document)


def _shown(stage: Stage, archivist: Identity, document: str) -> int:
    query = SearchQuery(allowed_units=(), among=frozenset({document}), state=("released",))
    with stage.installation.open_house() as house:
        return len(search_archive(house, archivist, query, PURPOSE).hits)


def _built_anew(count: int, empty: Callable[[Path], SearchBackend]) -> Iterator[Row]:
    """An index of ``count`` documents built anew while another thread writes one document after the other."""
    done, writes = threading.Event(), list[Future[list[float]]]()
    with tempfile.TemporaryDirectory(prefix="bench-", dir="var") as folder, ThreadPoolExecutor(1) as thread:
        index = empty(Path(folder))
        everything = list(entries(count))
        index.put_many(everything)

        def store() -> list[SearchEntry]:
            writes.append(thread.submit(_write, index, count, done.is_set))
            return everything  # what was written before is in the store that is read

        load, began = _Load(), time.perf_counter()
        try:
            index.rebuild(store)
        finally:
            took = time.perf_counter() - began
            done.set()
        waited = writes[0].result()
        held = index.search(SearchQuery(allowed_units=UNITS, size=1)).total
        index.close()
    if held != count + len(waited):
        raise RuntimeError("a write of meanwhile was lost")
    note = f"{len(waited)} writes of one document meanwhile, none lost; {load}"
    yield Row(name=f"index of {count:,} built anew", ours=sample([count / took], "per second"), note=note)
    yield Row(
        name="longest blocked write", ours=sample([max(waited) * 1000], "ms"), most=LONGEST_WAIT * 1000, note=note
    )
    yield Row(name="write meanwhile, p95", ours=at_percentile([one * 1000 for one in waited], 95, "ms"), note=note)


def _write(index: SearchBackend, count: int, is_done: Callable[[], bool]) -> list[float]:
    """Seconds of each write."""
    waited: list[float] = []
    while not is_done():
        began = time.perf_counter()
        index.put(msgspec.structs.replace(entry(count + len(waited), None), sequence=2))
        waited.append(time.perf_counter() - began)
        time.sleep(0.05)
    return waited


class _Load:
    """What the machine had to do when this was made, and has to do when it is told."""

    def __init__(self) -> None:
        self._before = os.getloadavg()[0]

    def __str__(self) -> str:
        after = os.getloadavg()[0]
        return f"the machine's load was {self._before:.1f} before and {after:.1f} after, on {os.cpu_count()} cores"
