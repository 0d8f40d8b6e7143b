"""From the clauses of a question, and the filters, to the server's query language. Built from terms: nothing typed is ever
syntax, and no query that could be made heavy by what is typed (wildcards, regular expressions, scripts) is ever sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tillid.adapters.elasticsearch.documents import SHOWN
from tillid.archive.analysis import Clause, clauses_of
from tillid.archive.filters import AnswerFilter, of_child, wanted
from tillid.archive.query import DEEPEST, FACETS, SearchQuery, span

FIELD_OF_FACET = {"form": "form_id", "variant": "variant", "state": "state", "year": "year", "unit": "unit_id"}
_MOST_VALUES = 1_000
_NOTHING: dict[str, Any] = {"match_none": {}}


def request_of(query: SearchQuery) -> dict[str, Any]:
    """The body of one search: page, total and facets in one. ``query`` was ``checked``."""
    offset = (query.page - 1) * query.size
    size = max(0, min(query.size, DEEPEST - offset))
    chosen = {
        facet: _any(FIELD_OF_FACET[facet], map(str, wanted)) for facet in FACETS if (wanted := getattr(query, facet))
    }
    return {
        "query": _query(query),
        # What a facet chooses narrows the hits and the other facets, never itself.
        "post_filter": {"bool": {"filter": list(chosen.values())}},
        "aggs": {facet: _facet(facet, chosen) for facet in FACETS},
        "from": min(offset, DEEPEST - size),
        "size": size,
        "sort": _sort(query.sort),
        "track_total_hits": True,
        "_source": SHOWN,
    }


def _query(query: SearchQuery) -> dict[str, Any]:
    # What is left of a deleted version has no unit, so the units leave it out; a term that nearly all have would cost each search.
    filters = [_any("unit_id", query.allowed_units)]
    if days := span(query):
        filters.append({"range": {"frozen": {"gte": days[0], "lt": days[1]}}})
    if query.among is not None:
        filters.append(_any("document_id", query.among))
    if query.child:
        filters.append(_any("filed", map(of_child, query.child)))
    filters += [part for one in query.answers for part in _answer(one)]
    must = [_clause(clause) for clause in clauses_of(query.words, query.synonyms)]
    if query.words.strip() and not must:
        return _NOTHING
    asked: dict[str, Any] = {"filter": filters, "must": must}
    if query.exclude:
        asked["must_not"] = [_any("document_id", query.exclude)]
    return {"bool": asked}


def _answer(one: AnswerFilter) -> Iterator[dict[str, Any]]:
    texts, bounds = wanted(one)
    if texts:
        yield _any("filed", texts)
    if bounds:
        yield {"range": {"filed": {"gte": bounds.low, "lt": bounds.high}}}


def _clause(clause: Clause) -> dict[str, Any]:
    if clause.also:
        # The best of them counts, not their sum: who writes both words has not written more about it.
        alone = clause._replace(also=())
        return {"dis_max": {"queries": [_clause(one) for one in (alone, *clause.also)]}}
    if clause.stem:
        return {"term": {"stems": clause.stem}}
    *before, last = clause.exact
    if clause.beginning:
        row: list[dict[str, Any]] = [{"prefix": {"exact": last}}]
        return {"bool": {"must": [*row, _row(before)] if before else row}}
    return _row(list(clause.exact))


def _row(exact: list[str]) -> dict[str, Any]:
    if len(exact) == 1:
        return {"term": {"exact": exact[0]}}
    return {"match_phrase": {"exact": " ".join(exact)}}


def _any(field: str, values: Iterable[str]) -> dict[str, Any]:
    # A lone surrogate cannot be stored, so nothing can match it, nor can it be sent.
    usable = sorted(value for value in values if value.isprintable() and value)
    return {"terms": {field: usable}} if usable else _NOTHING


def _facet(facet: str, chosen: dict[str, dict[str, Any]]) -> dict[str, Any]:
    others = [one for name, one in chosen.items() if name != facet]
    values = {"terms": {"field": FIELD_OF_FACET[facet], "size": _MOST_VALUES}}
    # Without one around it a fifth of a large search is saved.
    return {"filter": {"bool": {"filter": others}}, "aggs": {"values": values}} if others else values


def _sort(sort: str) -> list[dict[str, str]]:
    # The key at the end: two pages of one search never show the same hit twice.
    if sort == "relevance":
        return [{"_score": "desc"}, {"frozen": "desc"}, {"key": "asc"}]
    return [{"frozen": "desc" if sort == "newest" else "asc"}, {"key": "asc"}]
