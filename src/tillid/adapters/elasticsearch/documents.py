"""From an entry to what the server stores, and from what it found to a hit."""

from __future__ import annotations

import unicodedata
from typing import Any

from tillid.archive.analysis import MARK, index_terms
from tillid.archive.entry import MADE
from tillid.archive.query import MARK_END, MARK_START, SearchEntry, SearchHit

LAYOUT = f"schema 2, analysis {MARK}, entries {MADE}"
# The terms are made in Python (ADR 0050); the server only cuts at the spaces, with an analyzer that every server has.
_TERMS = {"type": "text", "analyzer": "whitespace"}
MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    "_meta": {"layout": LAYOUT},
    # What is searched only need not be stored: an entry is built anew from the rest.
    "_source": {"excludes": ["stems", "exact"]},
    "properties": {
        **{
            name: {"type": "keyword"}
            for name in ("key", "document_id", "form_id", "variant", "state", "year", "unit_id", "filed")
        },
        "live": {"type": "boolean"},
        "stems": _TERMS | {"index_options": "freqs"},
        "exact": _TERMS,
        "sequence": {"type": "long"},
        "frozen": {"type": "long"},
        "shown": {"type": "object", "enabled": False},
    },
}
SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "1s",
    "max_terms_count": 1_000_000,
}
SHOWN = ["document_id", "form_id", "state", "year", "unit_id", "shown.version", "shown.number", "shown.title"]


def key_of(document_id: str, version: int) -> str:
    """What an entry is stored under."""
    return f"{document_id}/{version}"


def stored(entry: SearchEntry) -> dict[str, Any]:
    """``entry`` as it is stored. Title and number can be searched; an excerpt is made of the text alone."""
    text = unicodedata.normalize("NFC", entry.text).replace(MARK_START, "").replace(MARK_END, "")
    terms = index_terms(f"{entry.number} {entry.title}\n{text}")
    return tombstone(key_of(entry.document_id, entry.version), entry.sequence) | {
        "live": True,
        "document_id": entry.document_id,
        "form_id": entry.form_id,
        **({"variant": entry.variant} if entry.variant else {}),
        "filed": entry.filed,
        "state": entry.state,
        "year": str(entry.year),
        "unit_id": entry.unit_id,
        "frozen": max(0, int(entry.frozen_at.timestamp())),
        "stems": terms.stems,
        "exact": terms.exact,
        "shown": {
            "version": entry.version,
            "number": entry.number,
            "title": entry.title,
            "controller": entry.controller_id,
            "text": text,
        },
    }


def tombstone(key: str, sequence: int) -> dict[str, Any]:
    """What remains of a deleted version: its key and how far its writes had come. The server forgets its own deletes after a
    while and with a restart; then an older write that comes late would bring the text back."""
    return {"key": key, "live": False, "sequence": sequence}


def hit_of(source: dict[str, Any], score: float) -> SearchHit:
    """The hit a stored document is shown as; ``SHOWN`` of it is enough."""
    return SearchHit(**_facts(source), score=score)


def _facts(source: dict[str, Any]) -> dict[str, Any]:
    """What an entry and a hit have in common."""
    shown = source["shown"]
    return {
        **{name: source[name] for name in ("document_id", "form_id", "state", "unit_id")},
        **{name: shown[name] for name in ("version", "number", "title")},
        "year": int(source["year"]),
    }
