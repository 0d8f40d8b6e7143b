"""From what a person typed, and the filters, to a tantivy query. Built from terms: nothing typed is ever syntax."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import tantivy
from tantivy import Occur, Query

from tillid.adapters.tantivy.danish import Word, words_of
from tillid.archive.query import FACETS, SearchQuery

LONGEST_QUESTION = 500
MOST_CLAUSES = 32
SHORTEST_BEGINNING = 2

FIELD_OF_FACET = {"form": "form_id", "state": "state", "year": "year", "unit": "unit_id"}
_PIECE = re.compile(r'"([^"]*)"|([^\s"]+)')


class Clause(NamedTuple):
    """One thing that must occur: a stem, or exact terms in a row, the last of which may be a beginning."""

    stem: str = ""
    exact: tuple[str, ...] = ()
    beginning: bool = False

    def marks(self, word: Word) -> bool:
        """Whether ``word`` is (part of) what was asked for, for the excerpt."""
        if self.stem:
            return self.stem in word.stems
        if self.beginning and word.exact.startswith(self.exact[-1]):
            return True
        return word.exact in (self.exact[:-1] if self.beginning else self.exact)


def clauses_of(words: str) -> list[Clause]:
    """What ``words`` asks for. Stop words beside other words are dropped; alone they are asked for as they stand."""
    clauses, common = [], []
    for phrase, plain in _PIECE.findall(unicodedata.normalize("NFC", words[:LONGEST_QUESTION])):
        found = list(words_of(phrase or plain))
        if not found:
            continue
        exact = tuple(word.exact for word in found)
        if plain.endswith("*") and len(exact[-1]) >= SHORTEST_BEGINNING:
            clauses.append(Clause(exact=exact, beginning=True))
        elif len(exact) > 1:
            # A quoted phrase, or one word of several parts: TD-7F3K2Q, 0-6, syd-vest.
            clauses.append(Clause(exact=exact))
        elif phrase:
            clauses.append(Clause(exact=exact))
        elif found[0].stems:
            clauses.append(Clause(stem=found[0].stems[0]))
        else:
            common.append(Clause(exact=exact))
    return list(dict.fromkeys(clauses or common))[:MOST_CLAUSES]


def query_of(schema: tantivy.Schema, query: SearchQuery, *, without: str = "") -> Query:
    """The whole question; ``without`` names the facet whose own filter is left out."""
    must = [_one(schema, "live", "1"), _any(schema, "unit_id", query.allowed_units)]
    if query.words.strip():
        clauses = clauses_of(query.words)
        must += [_clause(schema, clause) for clause in clauses] or [Query.empty_query()]
    for facet in FACETS:
        wanted = getattr(query, facet)
        if wanted and facet != without:
            must.append(_any(schema, FIELD_OF_FACET[facet], map(str, wanted)))
    parts = [(Occur.Must, part) for part in must]
    if query.exclude:
        parts.append((Occur.MustNot, _any(schema, "document_id", query.exclude)))
    return Query.boolean_query(parts)


def _clause(schema: tantivy.Schema, clause: Clause) -> Query:
    if clause.stem:
        return _one(schema, "stems", clause.stem)
    *before, last = clause.exact
    if clause.beginning:
        # Terms hold letters, digits and underscores only, so nothing of the pattern needs escaping. Not tantivy's own
        # phrase-with-beginning query: it looks at the first 50 endings only and would drop finds silently.
        beginning = Query.regex_query(schema, "exact", last + ".*")
        row = [(Occur.Must, beginning)]
        if before:
            row.append((Occur.Must, _row(schema, before)))
        return Query.boolean_query(row)
    return _row(schema, list(clause.exact))


def _row(schema: tantivy.Schema, exact: list[str]) -> Query:
    if len(exact) == 1:
        return _one(schema, "exact", exact[0])
    return Query.phrase_query(schema, "exact", list(exact))


def _one(schema: tantivy.Schema, field: str, value: str) -> Query:
    return Query.term_query(schema, field, value)


def _any(schema: tantivy.Schema, field: str, values: Iterable[str]) -> Query:
    # A lone surrogate cannot be stored, so nothing can match it; tantivy would raise.
    usable = [value for value in values if value.isprintable() and value]
    return Query.term_set_query(schema, field, usable) if usable else Query.empty_query()


__all__ = ["Clause", "clauses_of", "query_of"]
