"""Between a search entry and tantivy's stored document."""

from __future__ import annotations

import unicodedata

import msgspec
import tantivy

from tillid.archive.analysis import index_terms
from tillid.archive.query import MARK_END, MARK_START, SearchEntry, SearchHit


def key_of(document_id: str, version: int) -> str:
    """What an entry is stored under."""
    return f"{document_id}/{version}"


def document_of(entry: SearchEntry) -> tantivy.Document:
    """``entry`` as it is stored. Title and number can be searched; an excerpt is made of the text alone."""
    text = unicodedata.normalize("NFC", entry.text).replace(MARK_START, "").replace(MARK_END, "")
    document = tombstone(key_of(entry.document_id, entry.version), entry.sequence, live="1")
    document.add_text("document_id", entry.document_id)
    document.add_text("form_id", entry.form_id)
    document.add_text("state", entry.state)
    document.add_text("year", str(entry.year))
    document.add_text("unit_id", entry.unit_id)
    for name, values in (("variant", [entry.variant] if entry.variant else []), ("filed", entry.filed)):
        for value in values:
            document.add_text(name, value)
    document.add_unsigned("frozen", max(0, int(entry.frozen_at.timestamp())))
    document.add_bytes("text", text.encode())
    document.add_bytes(
        "shown", msgspec.json.encode({"version": entry.version, "number": entry.number, "title": entry.title})
    )
    _add_terms(document, f"{entry.number} {entry.title}\n{text}")
    return document


def tombstone(key: str, sequence: int, live: str = "0") -> tantivy.Document:
    """What remains of a deleted version: its key and how far its writes had come."""
    document = tantivy.Document()
    document.add_text("key", key)
    document.add_text("live", live)
    document.add_unsigned("sequence", sequence)
    return document


def _add_terms(document: tantivy.Document, text: str) -> None:
    # Terms go in as one string that tantivy only cuts at the spaces: handing it token objects took four times as long.
    terms = index_terms(text)
    document.add_text("exact", terms.exact)
    document.add_text("stems", terms.stems)


def hit_of(document: tantivy.Document, score: float) -> SearchHit:
    """The hit a stored document is shown as."""
    shown = msgspec.json.decode(bytes(document["shown"][0]))
    return SearchHit(
        document_id=document["document_id"][0],
        version=shown["version"],
        number=shown["number"],
        form_id=document["form_id"][0],
        title=shown["title"],
        state=document["state"][0],
        year=int(document["year"][0]),
        unit_id=document["unit_id"][0],
        score=score,
    )


def filed_of(document: tantivy.Document) -> list[str]:
    """What it is filed under."""
    return document.get_all("filed")


def text_of(document: tantivy.Document) -> str:
    """The text an excerpt is cut from."""
    return bytes(document["text"][0]).decode()
