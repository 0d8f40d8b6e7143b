"""What is measured: our two back ends by their port. Elasticsearch is a node of the benchmark's own, started as the tests start
theirs, with room to work in; or the one that ``SEARCH_SERVER`` names."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from benchmarks.search.corpus import UNITS
from tests.contract.search.node import Node, fetched
from tillid.adapters.elasticsearch import ElasticIndex, Server, server_at
from tillid.adapters.elasticsearch.address import client_of
from tillid.adapters.tantivy import TantivyIndex
from tillid.archive.query import SearchEntry, SearchQuery

ALLOWED = UNITS[:20]  # half of all
HEAP = "2g"  # of a small machine; the other memory is for the index's files


class Engine(Protocol):
    """What is measured, of ours and of the peers."""

    def put(self, entries: Sequence[SearchEntry]) -> None: ...
    def ids(self, words: str) -> Sequence[str]:
        """The ten best documents of all units."""

    def page_times(self, asked: Sequence[str]) -> list[float]:
        """Milliseconds of each page."""

    def size(self) -> int:
        """Bytes on disk, when all is written."""


class Ours:
    """A back end by its port."""

    def __init__(self, index: TantivyIndex | ElasticIndex) -> None:
        self.index = index

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
        self.index.excerpts(self.index.search(query).hits, query)
        return (time.perf_counter() - began) * 1000


class Embedded(Ours):
    """An empty tantivy in this process."""

    def __init__(self, folder: Path) -> None:
        super().__init__(TantivyIndex(folder))
        self._folder = folder

    def size(self) -> int:
        return sum(file.stat().st_size for file in self._folder.rglob("*") if file.is_file())

    def merged_size(self) -> int:
        """Bytes on disk; tantivy merges while it writes, and what is left over goes with the last commit."""
        self.index.close()
        return self.size()


class Elastic(Ours):
    """An empty index on a server; what was there under its name is gone."""

    def __init__(self, server: Server) -> None:
        index = ElasticIndex(server)
        index.rebuild(list)
        super().__init__(index)
        self._client, self._name = client_of(server).options(request_timeout=600), server.name

    def size(self) -> int:
        self._client.indices.flush(index=self._name)
        return int(self._client.indices.stats(index=self._name)["_all"]["primaries"]["store"]["size_in_bytes"])

    def merged_size(self) -> int:
        """Bytes on disk once all of it is one segment without anything deleted, and those that were merged into it are gone: a search
        that is open keeps them until the next refresh. What the server keeps of each write for a copy that would have to catch up
        (``_recovery_source``) goes with a merge too, but not before it knows that no copy needs it."""
        self._client.indices.flush(index=self._name)
        for _ in range(180):
            if self._needed_by_no_copy():
                break
            time.sleep(1)
        else:
            raise RuntimeError("what was written is still kept for a copy")
        self._client.options(request_timeout=3600).indices.forcemerge(index=self._name, max_num_segments=1, flush=True)
        for _ in range(60):
            self._client.indices.refresh(index=self._name)
            size, segments = self.size(), self._segments()
            if len(segments) == 1 and size < 1.02 * segments[0]:
                return size
            time.sleep(1)
        raise RuntimeError(f"{size} bytes on disk in segments of {segments} after merging")

    def _needed_by_no_copy(self) -> bool:
        (index,) = self._client.indices.stats(index=self._name, level="shards")["indices"].values()
        (shard,) = index["shards"]["0"]
        leases = shard["retention_leases"]["leases"]
        return all(one["retaining_seq_no"] > shard["seq_no"]["max_seq_no"] for one in leases)

    def _segments(self) -> list[int]:
        (index,) = self._client.indices.segments(index=self._name)["indices"].values()
        return [one["size_in_bytes"] for copy in index["shards"]["0"] for one in copy["segments"].values()]

    def fields(self) -> dict[str, int]:
        """Bytes of each field on disk, as the server itself finds when it reads all of it."""
        found = self._client.indices.disk_usage(index=self._name, run_expensive_tasks=True, flush=True)
        (one,) = (value for name, value in found.items() if name != "_shards")
        return {name: field["total_in_bytes"] for name, field in one["fields"].items()}


def told_of_server() -> str:
    """What kind of server ``search_server`` gives."""
    named = os.environ.get("SEARCH_SERVER")
    return "the server of SEARCH_SERVER" if named else f"one node of {fetched()} here, heap {HEAP}, TLS and a key"


class Place(NamedTuple):
    """Where a server is, as an installation is told of it."""

    address: str
    keys: Path


@contextmanager
def search_server() -> Iterator[Server | None]:
    """The server of ``search_place``."""
    with search_place() as place:
        yield server_at(*place) if place else None


@contextmanager
def search_place() -> Iterator[Place | None]:
    """That of ``SEARCH_SERVER`` (an address as the settings have it) with the key in the folder ``SEARCH_KEYS``; else a node of
    its own, ended at the end; ``None`` where it was never fetched."""
    if address := os.environ.get("SEARCH_SERVER"):
        yield Place(address, Path(os.environ["SEARCH_KEYS"]))
        return
    if not fetched():
        print("no Elasticsearch here: scripts/install.sh --test fetches it", file=sys.stderr)
        yield None
        return
    node = Node(heap=HEAP)
    try:
        node.wait()
        yield Place(f"{node.address}/tillid-archive-measured", node.keys)
    finally:
        node.stop()
