"""tantivy, Elasticsearch where one is named, and PostgreSQL's Danish full text beside it: rate, size, how fast a page of hits comes, how good it is.

A page is what an archivist sees: the words, the units allowed, three counted facets, twenty hits with their excerpts.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

from benchmarks.search.corpus import UNITS, entries
from benchmarks.search.judged import judge, questions
from benchmarks.search.postgres import Postgres
from benchmarks.table import Row, Sample, at_percentile, compare, sample
from tillid.adapters.elasticsearch import ElasticIndex
from tillid.adapters.elasticsearch.address import server_at
from tillid.adapters.tantivy import TantivyIndex
from tillid.archive.query import SearchEntry, SearchQuery

COUNTS, QUICK = (10_000, 100_000), (1_000,)
BATCH = 5_000
ASKED, QUICK_ASKED = 150, 10
ALLOWED = UNITS[:20]  # half of all
MOST_P95 = {100_000: 17.0, 1_000_000: 150.0}  # ms (issue 7)
PEER = "PostgreSQL {version}, to_tsvector('danish'), GIN"


class Engine(Protocol):
    """What is measured."""

    def put(self, entries: Sequence[SearchEntry]) -> None: ...
    def ids(self, words: str) -> Sequence[str]:
        """The ten best documents of all units."""

    def page_times(self, asked: Sequence[str]) -> list[float]:
        """Milliseconds of each page."""

    def size(self) -> int:
        """Bytes on disk, when all is written."""


class Ours:
    """A back end of ours by its port. ``folder``: what it writes on this disk, if it does."""

    def __init__(self, index: TantivyIndex | ElasticIndex, folder: Path | None = None) -> None:
        self.index, self.folder = index, folder

    def put(self, entries: Sequence[SearchEntry]) -> None:
        self.index.put_many(entries)

    def ids(self, words: str) -> Sequence[str]:
        found = self.index.search(SearchQuery(words=words, allowed_units=UNITS, size=10))
        return [hit.document_id for hit in found.hits]

    def page_times(self, asked: Sequence[str]) -> list[float]:
        return [self._page(words) for words in asked]

    def _page(self, words: str) -> float:
        query = SearchQuery(words=words, allowed_units=ALLOWED, size=20)
        began = time.perf_counter()
        for hit in self.index.search(query).hits:
            self.index.highlight(hit, query)
        return (time.perf_counter() - began) * 1000

    def size(self) -> int:
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file()) if self.folder else 0


def tantivy_in(folder: Path) -> Ours:
    """An empty one in this process."""
    return Ours(TantivyIndex(folder), folder)


def elasticsearch() -> Ours | None:
    """That of ``SEARCH_SERVER`` (an address as the settings have it) with the key in the folder ``SEARCH_KEYS``, emptied."""
    if not (address := os.environ.get("SEARCH_SERVER")):
        return None
    index = ElasticIndex(server_at(address, Path(os.environ["SEARCH_KEYS"])))
    index.rebuild(list)
    return Ours(index)


class Found(NamedTuple):
    """What one engine gave for one size."""

    rates: list[float]
    size: int
    times: list[float]
    goodness: float


def rows(quick: bool, counts: Sequence[int] = COUNTS, *, with_peer: bool = True) -> list[Row]:
    """All rows for each size of ``counts``. Without PostgreSQL's programs ours stand alone."""
    found: list[Row] = []
    for count in QUICK if quick else counts:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:  # var/ is closed to PostgreSQL's own user
            asked = what_is_asked(QUICK_ASKED if quick else ASKED)
            ours = {"tantivy": _measured(tantivy_in(Path(folder) / "tantivy"), count, asked)}
            if server := elasticsearch():
                ours["Elasticsearch"] = _measured(server, count, asked)
            with Postgres.started(Path(folder)) if with_peer else nullcontext() as peer:
                theirs = _measured(peer, count, asked) if peer else None
                named = PEER.format(version=peer.version) if peer else ""
                found += [
                    row
                    for name, each in ours.items()
                    for row in _rows(f"{name}, {count:,}", count, each, theirs, named)
                ]
    return found


def what_is_asked(count: int) -> list[str]:
    """A third are judged questions, the rest one to three words that stand beside each other in some document."""
    chance = random.Random(7)
    texts = [entry.text.split() for entry in islice(entries(1_000), 600, None)]
    asked = [question.ask for question in chance.sample(questions(), count // 3)]
    while len(asked) < count:
        words = chance.choice(texts)
        start = chance.randrange(len(words) - 3)
        asked.append(" ".join(words[start : start + chance.randint(1, 3)]))
    return asked


def _measured(engine: Engine, count: int, asked: Sequence[str]) -> Found:
    rates, made = [], entries(count)
    for batch in _batches(made):
        began = time.perf_counter()
        engine.put(batch)
        rates.append(len(batch) / (time.perf_counter() - began))
    size = engine.size()
    engine.page_times(asked[:20])
    return Found(rates, size, engine.page_times(asked), judge(engine.ids).mean)


def _batches(made: Iterator[SearchEntry]) -> Iterator[list[SearchEntry]]:
    while batch := list(islice(made, BATCH)):
        yield batch


def _rows(name: str, count: int, ours: Found, theirs: Found | None, peer: str) -> Iterator[Row]:
    note = f"in batches of {BATCH:,}, each on disk when it answers"
    yield _row(
        f"{name}: indexed",
        sample(ours.rates, "per second"),
        theirs and sample(theirs.rates, "per second"),
        peer,
        note=note,
    )
    if ours.size:
        yield _row(
            f"{name}: size of the index, with the text", _each(ours.size, count),
            theirs and _each(theirs.size, count), peer, less=True,
        )  # fmt: skip
    note = "words, 20 allowed units of 40, facets counted, 20 hits with excerpts"
    for percent in (50, 95):
        most = MOST_P95.get(count) if percent == 95 else None
        yield _row(
            f"{name}: a page of hits, p{percent}", at_percentile(ours.times, percent, "ms"),
            theirs and at_percentile(theirs.times, percent, "ms"), peer, less=True, note=note, most=most,
        )  # fmt: skip
    note = f"{len(questions())} judged questions, mean"
    yield _row(
        f"{name}: nDCG@10", sample([ours.goodness], ""), theirs and sample([theirs.goodness], ""), peer, note=note
    )


def _each(size: int, count: int) -> Sample:
    return sample([size / count / 1000], "kB per document")


def _row(
    name: str,
    ours: Sample,
    theirs: Sample | None,
    peer: str,
    *,
    less: bool = False,
    note: str = "",
    most: float | None = None,
) -> Row:
    if theirs is None:
        return Row(name=name, ours=ours, most=most, note=note)
    return compare(name, ours, peer, theirs, better="less" if less else "more", most=most, note=note)
