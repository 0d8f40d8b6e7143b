"""The full text of an installation: in this process unless a server is named (ADR 0049)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from tillid.adapters.tantivy.index import TantivyIndex
from tillid.archive.query import Held, SearchEntry
from tillid.usecases.ports import SearchIndex

LONGEST_WAIT = 10.0  # seconds, of a write while the index is built anew


class SearchBackend(SearchIndex, Protocol):
    """What an operator does with an index, beside what the use cases do."""

    def put_many(self, entries: Iterable[SearchEntry]) -> None: ...
    def rebuild(self, entries_now: Callable[[], Iterable[SearchEntry]]) -> int:
        """Have it hold ``entries_now()`` and what is written from now on, and its files no word of anything else. Beside the
        old one: searches and writes go on, and no write waits longer than ``LONGEST_WAIT``. Returns how many were stored.
        Raises ``AlreadyRebuilding``, ``Unavailable``."""

    def held(self) -> Iterator[Held]:
        """All that can be found, for comparing it with the store."""

    def close(self) -> None: ...


def search_at(var: Path, address: str) -> SearchBackend:
    """The index at ``address`` (``adapters.elasticsearch.address``), or the one in ``var``. Raises ``TillidError``."""
    if not address:
        return TantivyIndex(var / "index")
    from tillid.adapters.elasticsearch import ElasticIndex, server_at

    return ElasticIndex(server_at(address, var / "keys"))
