"""``ports.SearchIndex`` on tantivy: versioned writes, readers that never wait, built anew while writes go on (design 7)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from tantivy import Occur, Order, Query

from tillid.adapters.rebuilding import OneBuild, RecentDeletes
from tillid.adapters.tantivy.asking import facets_of, query_of
from tillid.adapters.tantivy.documents import filed_of, hit_of, key_of, text_of
from tillid.adapters.tantivy.one_index import Changes, OneIndex
from tillid.adapters.tantivy.place import Place, SearchLocked
from tillid.adapters.tantivy.store import first_index, new_index
from tillid.archive.analysis import clauses_of, excerpt
from tillid.archive.query import (
    DEEPEST,
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

_MOST_TEXTS = 500
_FEW = 20  # changes that the new index takes in while the next write waits
_ROUNDS = 10  # how often it takes in more than that before
_BETWEEN = 500  # entries from one look at the disk to the next


class TantivyIndex:
    """The index in folder ``path``. One process may hold it (``search.locked``); all methods may be called by any
    thread. Writes are on disk and visible when the call returns. Raises ``SearchUnavailable`` when the folder cannot be
    used. ``needs_rebuild``: the index was begun anew and does not hold everything before ``rebuild``."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()  # of who writes
        self._one_build, self._deletes = OneBuild(), RecentDeletes()
        self._missed: Changes | None = None  # what the index that is being built has not got yet; None: none is built
        self._building = self._closed = False
        self._texts: dict[str, str] = {}  # of hits listed since the last commit: their excerpts are asked for next
        try:
            self._place = Place(self.path)
        except OSError as error:
            raise SearchUnavailable(type(error).__name__) from error
        try:
            self._now = OneIndex(*first_index(self._place))
        except (OSError, ValueError) as error:
            self._place.release()
            raise SearchUnavailable(type(error).__name__) from error

    @property
    def needs_rebuild(self) -> bool:
        return self._now.needs_rebuild

    @property
    def folder(self) -> Path:
        """Where the index lies that is searched now."""
        return self._now.folder

    # writing

    def put(self, entry: SearchEntry) -> None:
        """Store ``entry`` unless a newer sequence of the same version was stored or deleted already."""
        self.put_many([entry])

    def put_many(self, entries: Iterable[SearchEntry]) -> None:
        """``put`` for many with one commit."""
        self._write({key_of(e.document_id, e.version): (e.sequence, e) for e in sorted(entries, key=_sequence)})

    def delete(self, document_id: str, version: int, sequence: int) -> None:
        """Take a version out. A mark remains, so that an older ``put`` that comes late does not bring it back."""
        key = key_of(document_id, version)
        self._deletes.note(key, sequence)  # first: a build that begins in between must not miss it
        self._write({key: (sequence, None)})

    def _write(self, changes: Changes) -> None:
        with self._lock:
            self._require_open()
            if self._now.write(changes):
                # A new dict, not an emptied one: who is listing what was before still writes into the old.
                self._texts = {}
            if self._missed is not None:
                # Also what is too old for this index: the one that is built may have nothing newer.
                for key, change in changes.items():
                    if change[0] >= self._missed.get(key, change)[0]:
                        self._missed[key] = change

    def rebuild(self, entries_now: Callable[[], Iterable[SearchEntry]]) -> int:
        """Write all anew beside the old index, in a folder of its own, and put it in its place in one step; then no file holds
        the words of what was taken out. Writes and searches go on in the old one meanwhile. ``entries_now`` reads what is so,
        each version once; it is asked when every write is noted for the new index too, which takes in what was noted when it
        has all entries: an older one never wins. Returns how many were stored. Raises ``AlreadyRebuilding``,
        ``NoRoomToRebuild``, ``SearchUnavailable``, and what ``entries_now`` raises; then the old index is as it was."""
        with self._one_build.taken():
            try:
                return self._build(entries_now)
            except (OSError, ValueError) as error:
                raise SearchUnavailable(type(error).__name__) from error
            finally:
                with self._lock:
                    self._missed, self._building = None, False
                    if self._closed:
                        self._place.release()

    def _build(self, entries_now: Callable[[], Iterable[SearchEntry]]) -> int:
        with self._lock:
            self._require_open()
            self._missed, self._building = {}, True
        self._place.clear()
        self._place.require_room(beside=self.folder)
        folder = self._place.fresh()
        new = OneIndex(folder, new_index(folder))
        try:
            marks = self._deletes.all()
            count = new.fill(self._while_it_can(entries_now(), marks))
            new.write({key: (sequence, None) for key, sequence in marks.items()})
            self._take_in(new)
            old = self._exchange(new)
        except BaseException:
            new.close()
            self._place.tidy()
            raise
        old.close()
        self._place.clear()
        return count

    def _while_it_can(self, entries: Iterable[SearchEntry], marks: dict[str, int]) -> Iterator[SearchEntry]:
        """``entries`` that no mark is newer than; the marks of the others go."""
        for number, entry in enumerate(entries):
            self._require_open()
            if number % _BETWEEN == 0:
                self._place.require_room()
            key = key_of(entry.document_id, entry.version)
            if entry.sequence >= marks.get(key, 0):
                marks.pop(key, None)
                yield entry

    def _take_in(self, new: OneIndex) -> None:
        """What was written meanwhile, until so little is left that the next write may wait for it."""
        for _ in range(_ROUNDS):
            with self._lock:
                self._require_open()
                if len(self._missed or ()) <= _FEW:
                    return
                missed, self._missed = self._missed or {}, {}
            new.write(missed)

    def _exchange(self, new: OneIndex) -> OneIndex:
        with self._lock:
            self._require_open()
            new.write(self._missed or {})
            self._place.use(new.folder)
            old, self._now, self._texts, self._missed = self._now, new, {}, None
            return old

    def _require_open(self) -> None:
        if self._closed:
            raise SearchUnavailable("closed")

    def close(self) -> None:
        """Finish and let go of the folder; a build that is going on gives up, and lets go of it when it has."""
        with self._lock:
            self._closed = True
            self._now.close()
            if not self._building:
                self._place.release()

    # asking

    def search(self, query: SearchQuery) -> SearchResult:
        """One page of hits with total and facets; hits carry no excerpt (see ``SearchHit``). Raises ``QueryRefused``."""
        texts, now = self._room_for_texts(), self._now
        searcher = now.index.searcher()
        query = checked(query)
        size, offset = query.size, (query.page - 1) * query.size
        order = {} if query.sort == "relevance" else _by_date(query.sort)
        try:
            asked = query_of(now.index, query)
            room = max(0, min(size, DEEPEST - offset))
            found = searcher.search(asked, max(1, room), offset=min(offset, DEEPEST), **order)
            hits = []
            for score, address in found.hits[:room]:
                document = searcher.doc(address)
                hits.append(hit_of(document, 0.0 if order else float(score)))
                texts[document["key"][0]] = text_of(document)
            return SearchResult(total=found.count, hits=tuple(hits), facets=facets_of(now.index, searcher, query))
        except (OSError, ValueError) as error:
            raise SearchUnavailable(type(error).__name__) from error

    def excerpts(self, hits: Sequence[SearchHit], query: SearchQuery) -> tuple[str, ...]:
        """The excerpt for each of ``hits``; empty for a version that left the index meanwhile. Write the audit rows first."""
        clauses = clauses_of(query.words, query.synonyms)
        texts = (self._text(key_of(hit.document_id, hit.version)) for hit in hits)
        return tuple(excerpt(text, clauses) if text else "" for text in texts)

    def _text(self, key: str) -> str:
        if (text := self._texts.get(key)) is not None:
            return text
        index = self._now.index
        searcher, schema = index.searcher(), index.schema
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
        index = self._now.index
        searcher, live = index.searcher(), Query.term_query(index.schema, "live", "1")
        for _, address in searcher.search(live, max(1, searcher.num_docs)).hits:
            document = searcher.doc(address)
            yield held_of(hit_of(document, 0.0), text_of(document), filed_of(document), document["sequence"][0])


def _by_date(sort: str) -> dict[str, object]:
    return {"order_by_field": "frozen", "order": Order.Desc if sort == "newest" else Order.Asc}


def _sequence(entry: SearchEntry) -> int:
    return entry.sequence


__all__ = ["SearchLocked", "SearchUnavailable", "TantivyIndex"]
