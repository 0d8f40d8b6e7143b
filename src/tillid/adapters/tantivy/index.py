"""``ports.SearchIndex`` on tantivy: versioned writes, one writer, readers that never wait (design 7)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import tantivy
from tantivy import Occur, Order, Query

from tillid.adapters.tantivy.asking import FIELD_OF_FACET, query_of
from tillid.adapters.tantivy.documents import document_of, filed_of, hit_of, key_of, text_of, tombstone
from tillid.adapters.tantivy.store import REBUILD, SearchLocked, open_index, open_writer
from tillid.archive.analysis import clauses_of, excerpt
from tillid.archive.query import (
    DEEPEST,
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

_MOST_VALUES = 1_000
_LAST = 2**62
_MOST_KEYS = 1_000  # of a batch asked for at once
_MOST_TEXTS = 500


class TantivyIndex:
    """The index in folder ``path``. One process may hold it (``search.locked``); all methods may be called by any
    thread. Writes are on disk and visible when the call returns. Raises ``SearchUnavailable`` when the folder cannot be
    used. ``needs_rebuild``: the index was begun anew and does not hold everything before ``rebuild``."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        self._texts: dict[str, str] = {}  # of hits listed since the last commit: their excerpts are asked for next
        try:
            self._index = open_index(self.path)
            self._writer: tantivy.IndexWriter | None = open_writer(self._index)
        except (OSError, ValueError) as error:
            raise SearchUnavailable(type(error).__name__) from error

    @property
    def needs_rebuild(self) -> bool:
        return (self.path / REBUILD).exists()

    # writing

    def put(self, entry: SearchEntry) -> None:
        """Store ``entry`` unless a newer sequence of the same version was stored or deleted already."""
        self.put_many([entry])

    def put_many(self, entries: Iterable[SearchEntry]) -> None:
        """``put`` for many with one commit."""
        self._write({key_of(e.document_id, e.version): (e.sequence, e) for e in sorted(entries, key=_sequence)})

    def delete(self, document_id: str, version: int, sequence: int) -> None:
        """Take a version out. A mark remains, so that an older ``put`` that comes late does not bring it back."""
        self._write({key_of(document_id, version): (sequence, None)})

    def rebuild(self, entries: Iterable[SearchEntry], as_of: int) -> int:
        """Make the index hold ``entries``, the state at ``as_of``: what is older and not among them goes, what was
        written later stays. One commit: searches see the old index until it is whole. Returns how many were stored."""
        with self._lock:
            newer = self._newer_than(as_of)
            count = 0

            def work(writer: tantivy.IndexWriter) -> None:
                nonlocal count
                old = Query.range_query(
                    self._index.schema, "sequence", tantivy.FieldType.Unsigned, lower_bound=0, upper_bound=as_of
                )
                writer.delete_documents_by_query(old)
                for entry in entries:
                    if key_of(entry.document_id, entry.version) not in newer:
                        writer.add_document(document_of(entry))
                        count += 1

            self._commit(work)
            (self.path / REBUILD).unlink(missing_ok=True)
            return count

    def purge(self, entries_now: Callable[[], Iterable[SearchEntry]]) -> int:
        """Write all anew, so that no file holds the words of what was taken out. ``entries_now`` reads what is so; it is asked
        when no other can write any more, and who waited meanwhile writes after it. Returns how many were stored."""
        with self._lock:
            return self.rebuild(entries_now(), as_of=_LAST)

    def _write(self, changes: dict[str, tuple[int, SearchEntry | None]]) -> None:
        with self._lock:
            stored = self._sequences(list(changes))
            fresh = {key: change for key, change in changes.items() if change[0] >= stored.get(key, 0)}
            if not fresh:
                return

            def work(writer: tantivy.IndexWriter) -> None:
                for key, (sequence, entry) in fresh.items():
                    writer.delete_documents_by_term("key", key)
                    writer.add_document(document_of(entry) if entry else tombstone(key, sequence))

            self._commit(work)

    def _commit(self, work) -> None:
        step = "open"
        try:
            if self._writer is None:
                self._writer = open_writer(self._index)
            step = "write"
            work(self._writer)
            step = "commit"
            self._writer.commit()
            step = "reload"
            self._index.reload()
            # A new dict, not an emptied one: who is listing what was before still writes into the old.
            self._texts = {}
        except SearchLocked:
            raise
        except BaseException as error:
            # Nothing uncommitted may slip into the next commit, and a writer that met a full disk is dead.
            self._drop_writer()
            if isinstance(error, (OSError, ValueError)):
                # Of "write" no words: they could be a document's. The others speak of files and locks.
                log.warning("search index: %s failed: %s", step, type(error).__name__ if step == "write" else error)
                raise SearchUnavailable(f"{step}: {type(error).__name__}") from error
            raise

    def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is None:
            return
        for step in (writer.rollback, writer.wait_merging_threads):
            try:
                step()
            except (OSError, ValueError) as error:
                log.warning("search writer given up: %s", type(error).__name__)

    def close(self) -> None:
        """Finish and let go of the folder."""
        with self._lock:
            self._drop_writer()

    def _sequences(self, keys: list[str]) -> dict[str, int]:
        """Key → the sequence stored for it, for those of ``keys`` that are known."""
        searcher, found = self._index.searcher(), {}
        for start in range(0, len(keys), _MOST_KEYS):
            some = keys[start : start + _MOST_KEYS]
            hits = searcher.search(Query.term_set_query(self._index.schema, "key", some), len(some)).hits
            for _, address in hits:
                document = searcher.doc(address)
                found[document["key"][0]] = document["sequence"][0]
        return found

    def _newer_than(self, sequence: int) -> set[str]:
        searcher = self._index.searcher()
        newer = Query.range_query(
            self._index.schema, "sequence", tantivy.FieldType.Unsigned, lower_bound=sequence, include_lower=False
        )
        hits = searcher.search(newer, max(1, searcher.num_docs)).hits
        return {searcher.doc(address)["key"][0] for _, address in hits}

    # asking

    def search(self, query: SearchQuery) -> SearchResult:
        """One page of hits with total and facets; hits carry no excerpt (see ``SearchHit``). Raises ``QueryRefused``."""
        texts, searcher = self._room_for_texts(), self._index.searcher()
        query = checked(query)
        size, offset = query.size, (query.page - 1) * query.size
        order = {} if query.sort == "relevance" else _by_date(query.sort)
        try:
            asked = query_of(self._index, query)
            room = max(0, min(size, DEEPEST - offset))
            found = searcher.search(asked, max(1, room), offset=min(offset, DEEPEST), **order)
            hits = []
            for score, address in found.hits[:room]:
                document = searcher.doc(address)
                hits.append(hit_of(document, 0.0 if order else float(score)))
                texts[document["key"][0]] = text_of(document)
            return SearchResult(total=found.count, hits=tuple(hits), facets=self._facets(searcher, query))
        except (OSError, ValueError) as error:
            raise SearchUnavailable(type(error).__name__) from error

    def highlight(self, hit: SearchHit, query: SearchQuery) -> str:
        """The excerpt for ``hit``; empty if the version left the index meanwhile. Write the audit row first."""
        text = self._texts.get(key_of(hit.document_id, hit.version))
        if text is None:
            text = self._text(key_of(hit.document_id, hit.version))
        return excerpt(text, clauses_of(query.words, query.synonyms)) if text else ""

    def _text(self, key: str) -> str:
        searcher, schema = self._index.searcher(), self._index.schema
        must = [(Occur.Must, Query.term_query(schema, name, value)) for name, value in (("key", key), ("live", "1"))]
        hits = searcher.search(Query.boolean_query(must), 1).hits
        return text_of(searcher.doc(hits[0][1])) if hits else ""

    def _room_for_texts(self) -> dict[str, str]:
        """Asked for before the searcher, so that no text from before a commit is remembered after it."""
        if len(self._texts) > _MOST_TEXTS:
            self._texts = {}
        return self._texts

    def held(self) -> Iterator[Held]:
        """All that can be found, for comparing it with the store."""
        searcher = self._index.searcher()
        live = Query.term_query(self._index.schema, "live", "1")
        for _, address in searcher.search(live, max(1, searcher.num_docs)).hits:
            document = searcher.doc(address)
            yield held_of(hit_of(document, 0.0), text_of(document), filed_of(document), document["sequence"][0])

    def _facets(self, searcher: tantivy.Searcher, query: SearchQuery) -> dict[str, tuple[tuple[str, int], ...]]:
        facets: dict[str, tuple[tuple[str, int], ...]] = {}
        filtered = [facet for facet in FACETS if getattr(query, facet)]
        free = [facet for facet in FACETS if facet not in filtered]
        for without, names in [("", free), *((facet, [facet]) for facet in filtered)]:
            asked = query_of(self._index, query, without=without)
            wanted = {name: {"terms": {"field": FIELD_OF_FACET[name], "size": _MOST_VALUES}} for name in names}
            for name, answer in searcher.aggregate(asked, wanted).items() if wanted else ():
                counts = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer["buckets"]]
                facets[name] = tuple(sorted(counts, key=_newest_first if name == "year" else _most_first))
        return {name: facets.get(name, ()) for name in FACETS}


def _by_date(sort: str) -> dict[str, object]:
    return {"order_by_field": "frozen", "order": Order.Desc if sort == "newest" else Order.Asc}


def _sequence(entry: SearchEntry) -> int:
    return entry.sequence


def _newest_first(count: tuple[str, int]) -> tuple[int, str]:
    return (-int(count[0]) if count[0].isdigit() else 0, count[0])


def _most_first(count: tuple[str, int]) -> tuple[int, str]:
    return (-count[1], count[0])


__all__ = ["SearchLocked", "SearchUnavailable", "TantivyIndex"]
