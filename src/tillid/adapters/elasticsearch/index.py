"""``ports.SearchIndex`` on Elasticsearch and OpenSearch: versioned writes, an alias, built anew while writes go on."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from tillid.adapters.elasticsearch.address import Server, client_of
from tillid.adapters.elasticsearch.answers import SearchRejected, heard, left_over
from tillid.adapters.elasticsearch.asking import request_of
from tillid.adapters.elasticsearch.building import Building
from tillid.adapters.elasticsearch.documents import LAYOUT, hit_of, key_of, stored, tombstone
from tillid.adapters.rebuilding import OneBuild, RecentDeletes
from tillid.archive.analysis import clauses_of, excerpt
from tillid.archive.query import (
    FACETS,
    Held,
    SearchEntry,
    SearchHit,
    SearchQuery,
    SearchResult,
    SearchUnavailable,
    checked,
    held_of,
)

log = logging.getLogger(__name__)

_AT_ONCE = 500  # entries of a bulk: some megabytes
_MOST_LETTERS = (
    3_000_000  # of one bulk: a server takes no request above 100 MB, and is asked in several parts long before
)
_PAUSES = (0.2, 0.6, 1.5)  # while the server is busy; then the outbox waits longer
_LONG = 60.0
_WAITS = "5s"  # for a shard that is away: a minute would be the server's own

Change = tuple[str, int, dict[str, Any]]  # key, sequence, what is stored


class ElasticIndex:
    """The index under the alias ``server.name``. All methods may be called by any thread; several processes may write, for the
    server keeps the newest sequence of a version whatever order writes come in. Writes are on disk and visible when the call
    returns. Raises ``SearchUnavailable`` while the server cannot be asked, ``SearchRejected`` for what it will never take."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._client = client_of(server)
        self._building = Building(self._client, server.name)
        self._one_build, self._deletes = OneBuild(), RecentDeletes()

    @property
    def needs_rebuild(self) -> bool:
        """Whether there is no index, or one of another make. A server that cannot be asked needs nothing that can be done."""
        try:
            return self._building.layout() != LAYOUT
        except SearchUnavailable:
            return False

    # writing

    def put(self, entry: SearchEntry) -> None:
        """Store ``entry`` unless a newer sequence of the same version was stored or deleted already."""
        self.put_many([entry])

    def put_many(self, entries: Iterable[SearchEntry]) -> None:
        """``put`` for many."""
        newest = {key_of(e.document_id, e.version): e for e in sorted(entries, key=lambda e: e.sequence)}
        lots = _lots((key, entry.sequence, stored(entry)) for key, entry in newest.items())
        some = next(lots, None)
        while some is not None:
            following = next(lots, None)
            self._write(some, visible=following is None)
            some = following

    def delete(self, document_id: str, version: int, sequence: int) -> None:
        """Take a version out. A mark remains, so that an older ``put`` that comes late does not bring it back."""
        key = key_of(document_id, version)
        self._deletes.note(key, sequence)  # first: a build that begins in between must not miss it
        self._write([(key, sequence, tombstone(key, sequence))])

    def _write(self, changes: list[Change], *, visible: bool = True) -> None:
        """To the index that is searched, and to the one that is being built, if there is one. ``visible``: with all that was
        written before, when it returns; it costs the server a file."""
        both = (self.server.name, self._building.alias)
        options = {"require_alias": True, "refresh": "true" if visible else "false", "timeout": _WAITS}
        try:
            self._send([(index, change) for change in changes for index in both], options)
        except SearchRejected as error:
            if self.needs_rebuild:  # of an earlier Tillid: it takes what it is sent once it is built anew
                raise SearchUnavailable("an index of another make") from error
            raise

    def _send(self, writes: list[tuple[str, Change]], options: dict[str, Any], kind: str = "external_gte") -> None:
        """``kind``: a write of the same sequence takes the place of the one before, but ``external`` that of an older one only:
        what a build has read of the store may be older than what was written meanwhile."""
        for pause in (*_PAUSES, None):
            operations = [line for index, change in writes for line in _operation(index, change, kind)]
            with heard():
                answer = self._client.options(request_timeout=_LONG).bulk(operations=operations, **options)
            again = left_over(answer["items"], self._building.alias) if answer["errors"] else []
            if not again:
                return
            writes = [writes[place] for place in again]
            if pause is not None:
                time.sleep(pause)
        raise SearchUnavailable(f"{len(writes)} writes not taken: no index, or too busy")

    def rebuild(self, entries_now: Callable[[], Iterable[SearchEntry]]) -> int:
        """Write all anew in an index of its own and put it in place of the old one in one step; the old one is deleted, so no
        file of the server holds the words of what was taken out. ``entries_now`` reads what is so; it is asked when every write
        goes to the new index too, where an older one never wins. The old index is asked for nothing: this is also how one that
        is red is made anew. Returns how many were stored. Raises ``AlreadyRebuilding``, ``SearchUnavailable``,
        ``SearchRejected``, and what ``entries_now`` raises; then the old index is as it was."""
        with self._one_build.taken():
            fresh = self._building.begin()
            try:
                rows = ((key_of(e.document_id, e.version), e.sequence, stored(e)) for e in entries_now())
                count = self._fill(fresh, rows)
                marks = ((key, sequence, tombstone(key, sequence)) for key, sequence in self._deletes.all().items())
                self._fill(fresh, marks)
                self._building.finish(fresh)
                return count
            except BaseException:
                self._building.give_up(fresh)
                raise

    def _fill(self, fresh: str, changes: Iterable[Change]) -> int:
        count = 0
        for some in _lots(changes):
            self._send([(fresh, change) for change in some], {}, "external")
            count += len(some)
        return count

    def held(self) -> Iterator[Held]:
        """All that can be found, for comparing it with the store."""
        for source in self._building.scan({"term": {"live": True}}):
            yield held_of(hit_of(source, 0.0), source["shown"]["text"], source.get("filed", ()), source["sequence"])

    def count(self) -> int | None:
        """How many versions can be found; ``None`` where there is no index. Raises ``SearchUnavailable``."""
        if not self._building.layout():
            return None
        with heard():
            return int(self._client.count(index=self.server.name, query={"term": {"live": True}})["count"])

    # asking

    def search(self, query: SearchQuery) -> SearchResult:
        """One page of hits with total and facets; hits carry no excerpt (see ``SearchHit``). Raises ``QueryRefused``. An answer
        that lacks a part of the index is none."""
        query = checked(query)
        with heard():
            found = self._client.search(
                index=self.server.name, allow_partial_search_results=False, **_named(request_of(query))
            )
        by_score = query.sort == "relevance"
        hits = tuple(
            hit_of(hit["_source"], float(hit["_score"] or 0.0) if by_score else 0.0) for hit in found["hits"]["hits"]
        )
        return SearchResult(total=found["hits"]["total"]["value"], hits=hits, facets=_facets(found["aggregations"]))

    def excerpts(self, hits: Sequence[SearchHit], query: SearchQuery) -> tuple[str, ...]:
        """The excerpt for each of ``hits``, all asked for at once: a request for each would cost more than the search. Empty for
        a version that left the index meanwhile. Write the audit rows first."""
        if not hits:
            return ()
        keys = [key_of(hit.document_id, hit.version) for hit in hits]
        asked = {"bool": {"filter": [{"terms": {"key": keys}}, {"term": {"live": True}}]}}
        with heard():
            found = self._client.search(
                index=self.server.name,
                query=asked,
                size=len(keys),
                source=["key", "shown.text"],
                allow_partial_search_results=False,
            )
        texts = {one["_source"]["key"]: one["_source"]["shown"]["text"] for one in found["hits"]["hits"]}
        clauses = clauses_of(query.words, query.synonyms)
        return tuple(excerpt(texts[key], clauses) if key in texts else "" for key in keys)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def _operation(index: str, change: Change, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    key, sequence, document = change
    return {"index": {"_index": index, "_id": key, "version": sequence, "version_type": kind}}, document


def _lots(changes: Iterable[Change]) -> Iterator[list[Change]]:
    some: list[Change] = []
    letters = 0
    for change in changes:
        some.append(change)
        letters += len(change[2].get("exact", "")) + 1_000
        if len(some) >= _AT_ONCE or letters > _MOST_LETTERS:
            yield some
            some, letters = [], 0
    if some:
        yield some


def _named(body: dict[str, Any]) -> dict[str, Any]:
    """The body's parts as the client names them."""
    names = {"from": "from_", "_source": "source"}
    return {names.get(name, name): value for name, value in body.items()}


def _facets(found: Any) -> dict[str, tuple[tuple[str, int], ...]]:
    facets = {}
    for facet in FACETS:
        values = found[facet].get("values", found[facet])  # narrowed by what another facet chose, or not
        counts = [(str(one["key"]), int(one["doc_count"])) for one in values["buckets"]]
        facets[facet] = tuple(sorted(counts, key=_newest_first if facet == "year" else _most_first))
    return facets


def _newest_first(count: tuple[str, int]) -> tuple[int, str]:
    return (-int(count[0]) if count[0].isdigit() else 0, count[0])


def _most_first(count: tuple[str, int]) -> tuple[int, str]:
    return (-count[1], count[0])
