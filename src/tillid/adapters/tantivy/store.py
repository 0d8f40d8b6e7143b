"""An index in a folder of its own: begun, and opened again if it can be read and was made by these rules.

An index is derived from the store, so nothing is lost by beginning anew; ``REBUILD`` says that it must be filled again.
"""

from __future__ import annotations

import logging
from pathlib import Path

import tantivy

from tillid.adapters.tantivy.place import Place, SearchLocked
from tillid.archive.analysis import MARK
from tillid.archive.entry import MADE
from tillid.kernel.files import sync

log = logging.getLogger(__name__)

_LAYOUT = f"schema 3, analysis {MARK}, entries {MADE}\n"
_LAYOUT_FILE = "tillid-layout"
REBUILD = "tillid-rebuild-needed"


def schema() -> tantivy.Schema:
    """``stems`` and ``exact`` get their terms from ``archive.analysis``; what is shown is kept beside them."""
    builder = tantivy.SchemaBuilder()
    for name in ("key", "live", "document_id", "form_id", "variant", "state", "year", "unit_id"):
        builder.add_text_field(name, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("filed", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("exact", tokenizer_name="whitespace")
    builder.add_unsigned_field("sequence", stored=True, indexed=True, fast=True)
    builder.add_unsigned_field("frozen", fast=True)
    for name in ("shown", "text"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def first_index(place: Place) -> tuple[Path, tantivy.Index]:
    """The index that ``place`` names, with its folder, and nothing else left beside it. Where none can be read, or it was made
    by other rules, an empty one is begun, marked as to be filled again. Raises ``OSError``, ``ValueError``."""
    folder = place.current()
    index = _opened(folder) if folder is not None else None
    if folder is None or index is None:
        folder = place.fresh()
        (folder / REBUILD).touch()
        index = new_index(folder)
        place.use(folder)
    place.clear()
    return folder, index


def new_index(folder: Path) -> tantivy.Index:
    """An empty index in the empty ``folder``. Raises ``OSError``, ``ValueError``."""
    index = _ready(tantivy.Index(schema(), path=str(folder), reuse=False))
    layout = folder / _LAYOUT_FILE
    layout.write_text(_LAYOUT)
    sync(layout)
    return index


def _opened(folder: Path) -> tantivy.Index | None:
    layout = folder / _LAYOUT_FILE
    try:
        if layout.read_text() == _LAYOUT:
            return _ready(tantivy.Index(schema(), path=str(folder), reuse=True))
        log.warning("search index of another make: begun anew")
    except (ValueError, OSError) as error:
        log.error("search index cannot be read (%s): begun anew", type(error).__name__)
    return None


def open_writer(index: tantivy.Index) -> tantivy.IndexWriter:
    """One indexing thread with the smallest useful memory. Raises ``SearchLocked``.

    What a writer left that died within its commit goes first: the next one counts on from the same number, would give a
    file of its own the same name, and could never write again.
    """
    try:
        writer = index.writer(heap_size=32_000_000, num_threads=1)
        writer.garbage_collect_files()
        return writer
    except ValueError as error:
        if "lock" in str(error).lower():
            raise SearchLocked("the index folder is locked by another writer") from error
        raise


def _ready(index: tantivy.Index) -> tantivy.Index:
    index.config_reader(reload_policy="manual")
    index.searcher()
    return index
