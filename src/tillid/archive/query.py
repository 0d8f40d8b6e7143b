"""The archivist's question and its answer, as plain data: no back end shows through (design 7)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

FACETS = ("form", "state", "year", "unit")
MAX_SIZE = 100

Sort = Literal["relevance", "newest", "oldest"]


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True):
    """One question.

    ``words``: what a person typed: words must all occur, ``"a phrase"`` in order, ``ord*`` as a beginning; nothing in
    it is ever a syntax error. An empty string finds everything the filters allow.
    ``form``, ``state``, ``year``, ``unit``: filters; values within one are alternatives, the filters narrow each other.
    ``allowed_units``: the units of the archivist's own controller (design 22). It has no default and an empty tuple
    finds nothing: who forgets it shows nothing.
    ``exclude``: documents whose index entry is behind the ledger; they count neither as hits nor in facets.
    """

    allowed_units: tuple[str, ...]
    words: str = ""
    form: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    year: tuple[int, ...] = ()
    unit: tuple[str, ...] = ()
    exclude: frozenset[str] = frozenset()
    page: int = 1
    size: int = 20
    sort: Sort = "relevance"


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


class SearchHit(msgspec.Struct, frozen=True, kw_only=True):
    """One found version.

    ``search`` leaves ``excerpt`` empty: an excerpt is text of the document, so ``highlight`` is asked for it once the
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


# Private-use characters; should a text hold them, they are taken out before it is indexed.
MARK_START = "\ue000"
MARK_END = "\ue001"
