"""tantivy and Elasticsearch, PostgreSQL's Danish full text and the engine of paperless-ngx beside them: rate, size, how fast a page of
hits comes, how good it is.

A page is what an archivist sees: the words, the units allowed, three counted facets, twenty hits with their excerpts.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.search import paperless
from benchmarks.search.corpus import entries
from benchmarks.search.engines import Elastic, Embedded, Engine, search_server, told_of_server
from benchmarks.search.judged import judge, questions
from benchmarks.search.postgres import Postgres
from benchmarks.table import Row, Sample, at_percentile, compare, sample
from tillid.adapters.elasticsearch import Server
from tillid.archive.query import SearchEntry

COUNTS, QUICK = (10_000, 100_000), (1_000,)
BATCH = 5_000
ASKED, QUICK_ASKED = 150, 10
MOST_P95 = {100_000: 17.0, 1_000_000: 150.0}  # ms of a page (issue 7); the first is tantivy's alone
POSTGRES = "PostgreSQL {version}, to_tsvector('danish'), GIN"


class Found(NamedTuple):
    """What one engine gave for one size."""

    rates: list[float]
    size: int
    times: list[float]
    goodness: float


def rows(quick: bool, counts: Sequence[int] = COUNTS) -> list[Row]:
    """All rows for each size of ``counts``. Ours stand alone where what is beside them cannot be installed."""
    with search_server() as server:
        return [row for count in (QUICK if quick else counts) for row in _of_size(count, quick, server)]


def _of_size(count: int, quick: bool, server: Server | None) -> Iterator[Row]:
    asked, warm = (what_is_asked(QUICK_ASKED if quick else ASKED, seed) for seed in (7, 8))

    def measured(engine: Engine) -> Found:
        return _measured(engine, count, asked, warm)

    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        ExitStack() as stack,
    ):  # var/ is closed to PostgreSQL's own user
        ours = Beside("tantivy", measured(Embedded(Path(folder) / "tantivy")))
        theirs = _peers(stack, Path(folder))
        peers = {name: measured(peer) for name, peer in theirs.items() if peer}
        missing = "".join(f"; not to be had here: {name}" for name, peer in theirs.items() if not peer)
        yield from ours.rows(count, peers, missing)
        if server:
            elastic = Beside("Elasticsearch", measured(Elastic(server)))
            yield from elastic.rows(count, peers, f"; {told_of_server()}")


def _peers(stack: ExitStack, folder: Path) -> dict[str, Engine | None]:
    postgres = stack.enter_context(Postgres.started(folder))
    named = POSTGRES.format(version=postgres.version if postgres else "")
    return {named: postgres, paperless.NAME: stack.enter_context(paperless.Paperless.started(folder / "paperless"))}


def what_is_asked(count: int, seed: int = 7) -> list[str]:
    """A third are judged questions, the rest one to three words that stand beside each other in some document."""
    chance = random.Random(seed)
    texts = [entry.text.split() for entry in islice(entries(1_000), 600, None)]
    asked = [question.ask for question in chance.sample(questions(), count // 3)]
    while len(asked) < count:
        words = chance.choice(texts)
        start = chance.randrange(len(words) - 3)
        asked.append(" ".join(words[start : start + chance.randint(1, 3)]))
    return asked


def _measured(engine: Engine, count: int, asked: Sequence[str], warm: Sequence[str]) -> Found:
    rates, made = [], entries(count)
    for batch in _batches(made):
        began = time.perf_counter()
        engine.put(batch)
        rates.append(len(batch) / (time.perf_counter() - began))
    size = engine.size()
    engine.page_times(warm)
    return Found(rates, size, engine.page_times(asked), judge(engine.ids).mean)


def _batches(made: Iterator[SearchEntry]) -> Iterator[list[SearchEntry]]:
    while batch := list(islice(made, BATCH)):
        yield batch


class Beside(NamedTuple):
    """What was found of one of ours, to be told beside each peer."""

    name: str
    found: Found

    def rows(self, count: int, peers: dict[str, Found], more: str) -> Iterator[Row]:
        """``more``: what there is to know of it, for the notes."""
        for peer, theirs in peers.items() or [("", None)]:
            yield from self._rows(count, theirs, peer, more)

    def _rows(self, count: int, theirs: Found | None, peer: str, more: str) -> Iterator[Row]:
        named, ours = f"{self.name}, {count:,}", self.found
        note = f"in batches of {BATCH:,}, each on disk when it answers{more}"
        rates = theirs and sample(theirs.rates, "per second")
        yield _row(f"{named}: indexed", sample(ours.rates, "per second"), rates, peer, note=note)
        sizes = theirs and _each(theirs.size, count)
        yield _row(f"{named}: size of the index, with the text", _each(ours.size, count), sizes, peer, less=True)
        note = "words, 20 allowed units of 40, facets counted, 20 hits with excerpts"
        if peer == paperless.NAME:
            note += "; the peer's facets are its database's work and not in it"
        for percent in (50, 95):
            most = MOST_P95.get(count) if percent == 95 and (self.name == "tantivy" or count > 100_000) else None
            times = theirs and at_percentile(theirs.times, percent, "ms")
            yield _row(
                f"{named}: a page of hits, p{percent}", at_percentile(ours.times, percent, "ms"), times, peer,
                less=True, note=note + more, most=most,
            )  # fmt: skip
        note = f"{len(questions())} judged questions, mean"
        good = theirs and sample([theirs.goodness], "")
        yield _row(f"{named}: nDCG@10", sample([ours.goodness], ""), good, peer, note=note)


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
