"""How far the search lags behind the clicks in a running Tillid, and what an index that is built anew keeps waiting.

*Searchable*: from the parent's last yes, committed, until the embedded index finds the document; worker, LibreOffice, seal and timestamps
work beside it as in ``tillid start``. *Withdrawn*: the archivist's own search, with the ledger asked about each hit, right after
the withdrawal has answered.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from benchmarks.search.corpus import UNITS, entries, entry
from benchmarks.stage import Stage, running
from benchmarks.table import Row, at_percentile, sample
from tillid.adapters.search import LONGEST_WAIT
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
    """Milliseconds, and how many of the withdrawn were found; then the rate of building anew and the longest write meanwhile."""
    return [*_lag(QUICK_DOCUMENTS if quick else DOCUMENTS), *_built_anew(QUICK_BUILT if quick else BUILT)]


def _lag(count: int) -> Iterator[Row]:
    with running() as stage:
        copies = stage.copies_of(stage.released_document())
        asked = [stage.asked(number, copies) for number in range(count)]
        archivist = stage.player.staff_named(ARCHIVIST)
        with stage.working():
            times = [_until_found(stage, archivist, request, holders) for request, holders in asked]
            found = [_found_after_withdrawal(stage, archivist, request, holders) for request, holders in asked]
    note = f"{count} documents one after another, from the last parent's yes; worker and LibreOffice beside it"
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
    asked = stage.player.request(request)
    stage.player.does(lambda house: withdraw_consent(house, holders[0], request, language="da", event_id=new_id()))
    query = SearchQuery(allowed_units=(), among=frozenset({asked.document.document_id}), state=("released",))
    with stage.installation.open_house() as house:
        return len(search_archive(house, archivist, query, PURPOSE).hits)


def _built_anew(count: int) -> Iterator[Row]:
    """The embedded index of ``count`` documents built anew while another thread writes one document after the other."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir="var") as folder:
        index = TantivyIndex(Path(folder))
        everything = list(entries(count))
        index.put_many(everything)
        waited: list[float] = []
        done = threading.Event()
        writer = threading.Thread(target=_write, args=(index, count, waited, done.is_set))

        def store() -> list[SearchEntry]:
            writer.start()  # what was written before is in the store that is read
            return everything

        load, began = os.getloadavg()[0], time.perf_counter()
        index.rebuild(store)
        took = time.perf_counter() - began
        done.set()
        writer.join()
        held = index.search(SearchQuery(allowed_units=UNITS, size=1)).total
        index.close()
    if held < count + len(waited):
        raise RuntimeError("a write of meanwhile was lost")
    note = f"{len(waited)} writes of one document meanwhile, none lost; the machine had {load:.0f} processes to run on {os.cpu_count()} cores"
    yield Row(name=f"index of {count:,} built anew", ours=sample([count / took], "per second"), note=note)
    yield Row(
        name="longest blocked write", ours=sample([max(waited) * 1000], "ms"), most=LONGEST_WAIT * 1000, note=note
    )
    yield Row(name="write meanwhile, p95", ours=at_percentile([one * 1000 for one in waited], 95, "ms"), note=note)


def _write(index: TantivyIndex, count: int, waited: list[float], is_done: Callable[[], bool]) -> None:
    while not is_done():
        began = time.perf_counter()
        index.put(msgspec.structs.replace(entry(count + len(waited), None), sequence=2))
        waited.append(time.perf_counter() - began)
        time.sleep(0.05)
