"""The folder of an index: opened, checked, begun anew when it cannot be read or was made by other rules.

An index is derived from the store, so nothing is lost by beginning anew; ``REBUILD`` says that it must be filled again.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import tantivy

from tillid.archive.analysis import MARK
from tillid.archive.entry import MADE
from tillid.kernel.errors import TillidError
from tillid.kernel.files import sync

log = logging.getLogger(__name__)

_LAYOUT = f"schema 3, analysis {MARK}, entries {MADE}\n"
_LAYOUT_FILE = "tillid-layout"
REBUILD = "tillid-rebuild-needed"


class SearchLocked(TillidError):
    """Another process writes this index."""

    code = "search.locked"
    text = "Søgeindekset er i brug af et andet Tillid på denne maskine. Stop det andet, før du starter igen."


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


def open_index(path: Path) -> tantivy.Index:
    """The index in ``path``. An unreadable or outdated one is deleted and begun anew, marked as to be filled again."""
    path.mkdir(parents=True, exist_ok=True)
    layout = path / _LAYOUT_FILE
    if layout.exists() and layout.read_text() == _LAYOUT:
        try:
            return _ready(tantivy.Index(schema(), path=str(path), reuse=True))
        except (ValueError, OSError) as error:
            log.error("search index cannot be read (%s): begun anew", type(error).__name__)
    _clear(path)
    (path / REBUILD).touch()
    index = _ready(tantivy.Index(schema(), path=str(path), reuse=False))
    layout.write_text(_LAYOUT)
    sync(layout)
    sync(path)
    return index


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


def _clear(path: Path) -> None:
    for child in path.iterdir():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        else:
            child.unlink()
