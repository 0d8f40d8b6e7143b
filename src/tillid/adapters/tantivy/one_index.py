"""One tantivy index in a folder of its own: its one writer, versioned writes, and the readers' view of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

import tantivy
from tantivy import Query

from tillid.adapters.tantivy.documents import document_of, tombstone
from tillid.adapters.tantivy.store import REBUILD, SearchLocked, open_writer
from tillid.archive.query import SearchEntry, SearchUnavailable

log = logging.getLogger(__name__)

_MOST_KEYS = 1_000  # of a batch asked for at once

Changes = dict[str, tuple[int, SearchEntry | None]]  # key → sequence and entry; no entry: taken out


class OneIndex:
    """``index`` lies in ``folder``. One thread writes at a time, which who calls sees to; any may read. Writes are on disk and
    visible when the call returns. Raises ``SearchUnavailable``, ``SearchLocked``."""

    def __init__(self, folder: Path, index: tantivy.Index) -> None:
        self.folder, self.index = folder, index
        self._writer: tantivy.IndexWriter | None = open_writer(index)

    @property
    def needs_rebuild(self) -> bool:
        """Whether it was begun anew and does not hold everything."""
        return (self.folder / REBUILD).exists()

    def write(self, changes: Changes) -> bool:
        """Those of ``changes`` that are not older than what is stored; whether there was one."""
        stored = self._sequences(list(changes))
        fresh = {key: change for key, change in changes.items() if change[0] >= stored.get(key, 0)}

        def work(writer: tantivy.IndexWriter) -> None:
            for key, (sequence, entry) in fresh.items():
                writer.delete_documents_by_term("key", key)
                writer.add_document(document_of(entry) if entry else tombstone(key, sequence))

        if fresh:
            self._commit(work)
        return bool(fresh)

    def fill(self, entries: Iterable[SearchEntry]) -> int:
        """All of ``entries``, each version once, into an empty index, with one commit. Returns how many. What ``entries``
        raises is raised."""
        count = 0

        def work(writer: tantivy.IndexWriter) -> None:
            nonlocal count
            for entry in entries:
                writer.add_document(document_of(entry))
                count += 1

        self._commit(work)
        return count

    def close(self) -> None:
        """Let go of the folder: nothing is written into it any more. Who reads goes on."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        try:
            # What is not committed stands in no list of segments. Not ``rollback``: merges that are under way went on writing
            # after it, and nothing waited for them.
            writer.wait_merging_threads()
        except (OSError, ValueError) as error:
            log.warning("search writer given up: %s", type(error).__name__)

    def _commit(self, work: Callable[[tantivy.IndexWriter], None]) -> None:
        step = "open"
        try:
            if self._writer is None:
                self._writer = open_writer(self.index)
            step = "write"
            work(self._writer)
            step = "commit"
            self._writer.commit()
            step = "reload"
            self.index.reload()
        except SearchLocked:
            raise
        except BaseException as error:
            # Nothing uncommitted may slip into the next commit, and a writer that met a full disk is dead.
            self.close()
            if isinstance(error, (OSError, ValueError)):
                # Of "write" no words: they could be a document's. The others speak of files and locks.
                log.warning("search index: %s failed: %s", step, type(error).__name__ if step == "write" else error)
                raise SearchUnavailable(f"{step}: {type(error).__name__}") from error
            raise

    def _sequences(self, keys: list[str]) -> dict[str, int]:
        """Key → the sequence stored for it, for those of ``keys`` that are known."""
        searcher, found = self.index.searcher(), {}
        for start in range(0, len(keys), _MOST_KEYS):
            some = keys[start : start + _MOST_KEYS]
            hits = searcher.search(Query.term_set_query(self.index.schema, "key", some), len(some)).hits
            for _, address in hits:
                document = searcher.doc(address)
                found[document["key"][0]] = document["sequence"][0]
        return found
