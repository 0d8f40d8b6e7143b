"""The archivist's question and its answer, as plain data: no back end shows through (design 7)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from tillid.archive.filters import AnswerFilter, checked_filters
from tillid.archive.refused import QueryRefused
from tillid.kernel.canonical import json_digest
from tillid.kernel.clock import end_of
from tillid.kernel.errors import Unavailable

FACETS = ("form", "variant", "state", "year", "unit")
MAX_SIZE = 100
DEEPEST = 10_000  # hits beyond this are counted but not listed: nobody pages there, and memory grows with the depth
LONGEST_WORDS = 500
MOST_WORDS = 32
MOST_CHOSEN = 50
MOST_CHILDREN = 50

Sort = Literal["relevance", "newest", "oldest"]


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question. Every back end asks ``checked`` first.

    ``words``: what a person typed: words must all occur, ``"a phrase"`` in order, ``ord*`` as a beginning; nothing in
    it is ever a syntax error. An empty string finds everything the filters allow.
    ``form``, ``variant``, ``state``, ``year``, ``unit``: filters; values within one are alternatives, the filters narrow each other.
    ``child``: ids of children, of whom one must be meant (``usecases/find_child.py``); an empty tuple asks for no child.
    ``answers``: filters over the form's own answers, which all must hold (``usecases/filter_fields.py`` says which fields there are).
    ``since``, ``until``: the first and the last day (in Copenhagen) on which the version was frozen.
    ``allowed_units``: the units of the archivist's own controller (design 22). It has no default and an empty tuple
    finds nothing: who forgets it shows nothing.
    ``among``: the documents that are asked about; ``None``: all.
    ``exclude``: documents whose index entry is behind the ledger; they count neither as hits nor in facets.
    ``synonyms``: the list of words that are searched as one (``analysis.SETTING``); ``None`` = the delivered one.
    """

    allowed_units: tuple[str, ...]
    words: str = ""
    form: tuple[str, ...] = ()
    variant: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    year: tuple[int, ...] = ()
    unit: tuple[str, ...] = ()
    child: tuple[str, ...] = ()
    answers: tuple[AnswerFilter, ...] = ()
    since: date | None = None
    until: date | None = None
    among: frozenset[str] | None = None
    exclude: frozenset[str] = frozenset()
    synonyms: str | None = None
    page: int = 1
    size: int = 20
    sort: Sort = "relevance"


class SearchUnavailable(Unavailable):
    """The index cannot be read or written now."""

    code = "search.unavailable"
    text = "Søgningen virker ikke lige nu. Intet er gået tabt. Prøv igen om lidt."


def checked(query: SearchQuery) -> SearchQuery:
    """``query``, if it is within what a back end will be asked. Raises ``QueryRefused``.

    A page or a size that is none becomes the nearest one that is; the system's own lists (``allowed_units``, ``exclude``)
    are as long as they are.
    """
    if len(query.words) > LONGEST_WORDS:
        raise QueryRefused("words", most=LONGEST_WORDS)
    if len(query.words.split()) > MOST_WORDS:
        raise QueryRefused(
            "words",
            code="search.too-many-words",
            text="Der er for mange ord i søgningen. Skriv højst {most}.",
            most=MOST_WORDS,
        )
    if any(len(getattr(query, facet)) > MOST_CHOSEN for facet in (*FACETS, "child")):
        raise QueryRefused(
            "filter",
            code="search.too-many-chosen",
            text="Der er valgt for meget i ét filter. Vælg højst {most}.",
            most=MOST_CHOSEN,
        )
    if query.since and query.until and query.since > query.until:
        raise QueryRefused(
            "days", code="search.days", text="Den første dag ligger efter den sidste. Byt om på de to datoer."
        )
    checked_filters(query.answers)
    size = min(max(query.size, 1), MAX_SIZE)
    return msgspec.structs.replace(query, page=max(query.page, 1), size=size)


def span(query: SearchQuery) -> tuple[int, int] | None:
    """The seconds since 1970 from which and until which (not included) a found version was frozen; ``None`` for any time."""
    if query.since is None and query.until is None:
        return None
    since, until = query.since or date.min, query.until or date.max
    start = int(end_of(since - timedelta(days=1)).timestamp()) if since > date.min else 0
    end = int(end_of(until).timestamp()) if until < date.max else 2**40
    return max(start, 0), max(end, 0)


class SearchEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What the full text knows of one version.

    ``sequence`` orders the writes of one (document, version): an older one never overwrites a newer (design 7). The
    transaction id of the snapshot the entry was built from, or the ledger's length, will do. ``state`` is the archive's
    own word (``scope.ARCHIVE_STATES``), ``year`` the Copenhagen year the version was frozen in.
    """

    document_id: str
    version: int
    number: str
    form_id: str
    title: str
    state: str
    year: int
    frozen_at: datetime
    unit_id: str
    controller_id: str
    text: str
    sequence: int
    variant: str = ""
    filed: tuple[str, ...] = ()


class SearchHit(msgspec.Struct, frozen=True, kw_only=True):
    """One found version.

    ``search`` leaves ``excerpt`` empty: an excerpt is text of the document, so ``excerpts`` is asked for it once the
    hit was re-checked and the audit row is written. It is plain text, the found words standing between ``MARK_START``
    and ``MARK_END`` (page code escapes the text first and turns the two marks into ``<mark>`` after).
    """

    document_id: str
    version: int
    number: str
    form_id: str
    title: str
    state: str
    year: int
    unit_id: str
    score: float = 0.0
    excerpt: str = ""


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """A page of hits. ``total`` and ``facets`` count every hit under the question's words, filters and exclusions;
    a facet's own filter does not narrow that facet, so that the alternatives stay visible."""

    total: int
    hits: tuple[SearchHit, ...]
    facets: dict[str, tuple[tuple[str, int], ...]] = {}


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What an index holds of one version, as far as two can be compared: ``digest`` is over all that is searched or shown."""

    document_id: str
    version: int
    sequence: int
    digest: str


def held_of(entry: SearchEntry | SearchHit, text: str, filed: Iterable[str], sequence: int) -> Held:
    """What is held of ``entry``, or of what was stored of it: a hit, its text and what it is filed under."""
    text = unicodedata.normalize("NFC", text).replace(MARK_START, "").replace(MARK_END, "")
    shown = [entry.number, entry.form_id, entry.title, entry.state, entry.year, entry.unit_id, text, sorted(filed)]
    digest = json_digest(shown)
    return Held(document_id=entry.document_id, version=entry.version, sequence=sequence, digest=digest)


# Private-use characters; should a text hold them, they are taken out before it is indexed.
MARK_START = "\ue000"
MARK_END = "\ue001"
