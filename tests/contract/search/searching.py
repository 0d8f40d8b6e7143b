"""What the tests of the search index ask it with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tillid.adapters.elasticsearch import ElasticIndex
from tillid.adapters.tantivy import TantivyIndex
from tillid.archive.query import SearchEntry, SearchQuery

Index = TantivyIndex | ElasticIndex
AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
OWN = ("unit-a", "unit-b")


def entry(number: int, text: str, **changes: object) -> SearchEntry:
    values = {
        "document_id": f"doc-{number}",
        "version": 1,
        "number": f"TD-7F3K{number:02d}",
        "form_id": "overgangsbeskrivelse",
        "title": "Overgangsbeskrivelse",
        "state": "released",
        "year": 2026,
        "frozen_at": AT + timedelta(days=number),
        "unit_id": "unit-a",
        "controller_id": "k",
        "text": text,
        "sequence": 1,
    }
    return SearchEntry(**(values | changes))


def ask(words: str = "", **changes: object) -> SearchQuery:
    return SearchQuery(**({"words": words, "allowed_units": OWN} | changes))


def found(index: Index, words: str = "", **changes: object) -> set[str]:
    result = index.search(ask(words, **changes))
    assert result.total == len(result.hits) or result.total > changes.get("size", 20)
    return {hit.document_id for hit in result.hits}
