"""From the clauses of a question, and the filters, to a tantivy query, and the counts of its facets. Built from terms: nothing typed is ever syntax."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import tantivy
from tantivy import FieldType, Occur, Query

from tillid.archive.analysis import Clause, clauses_of
from tillid.archive.filters import AnswerFilter, of_child, wanted
from tillid.archive.query import FACETS, SearchQuery, span

FIELD_OF_FACET = {"form": "form_id", "variant": "variant", "state": "state", "year": "year", "unit": "unit_id"}
_MOST_VALUES = 1_000


def query_of(index: tantivy.Index, query: SearchQuery, *, without: str = "") -> Query:
    """The whole question, which was ``checked``; ``without`` names the facet whose own filter is left out."""
    schema = index.schema
    must = [_one(schema, "live", "1"), _any(schema, "unit_id", query.allowed_units)]
    if query.words.strip():
        clauses = clauses_of(query.words, query.synonyms)
        must += [_clause(schema, clause) for clause in clauses] or [Query.empty_query()]
    for facet in FACETS:
        wanted = getattr(query, facet)
        if wanted and facet != without:
            must.append(_any(schema, FIELD_OF_FACET[facet], map(str, wanted)))
    if days := span(query):
        must.append(
            Query.range_query(
                schema, "frozen", FieldType.Unsigned, lower_bound=days[0], upper_bound=days[1], include_upper=False
            )
        )
    if query.among is not None:
        must.append(_any(schema, "document_id", query.among))
    if query.child:
        must.append(_any(schema, "filed", map(of_child, query.child)))
    must += [part for one in query.answers for part in _answer(index, one)]
    parts = [(Occur.Must, part) for part in must]
    if query.exclude:
        parts.append((Occur.MustNot, _any(schema, "document_id", query.exclude)))
    return Query.boolean_query(parts)


def _answer(index: tantivy.Index, one: AnswerFilter) -> Iterator[Query]:
    texts, bounds = wanted(one)
    if texts:
        yield _any(index.schema, "filed", texts)
    if bounds:
        # tantivy builds a range of texts from its own syntax alone. What stands in it are names of fields, numbers and days that
        # ``checked`` has let through: letters, digits and none of the syntax's signs.
        yield index.parse_query(f"filed:[{bounds.low} TO {bounds.high}}}", ["filed"])


def _clause(schema: tantivy.Schema, clause: Clause) -> Query:
    if clause.also:
        # The best of them counts, not their sum: who writes both words has not written more about it.
        alone = clause._replace(also=())
        return Query.disjunction_max_query([_clause(schema, one) for one in (alone, *clause.also)])
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


def facets_of(
    index: tantivy.Index, searcher: tantivy.Searcher, query: SearchQuery
) -> dict[str, tuple[tuple[str, int], ...]]:
    """How many hits each value of each facet has; a facet's own filter does not narrow it."""
    facets: dict[str, tuple[tuple[str, int], ...]] = {}
    filtered = [facet for facet in FACETS if getattr(query, facet)]
    free = [facet for facet in FACETS if facet not in filtered]
    for without, names in [("", free), *((facet, [facet]) for facet in filtered)]:
        asked = query_of(index, query, without=without)
        wanted = {name: {"terms": {"field": FIELD_OF_FACET[name], "size": _MOST_VALUES}} for name in names}
        for name, answer in searcher.aggregate(asked, wanted).items() if wanted else ():
            counts = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer["buckets"]]
            facets[name] = tuple(sorted(counts, key=_newest_first if name == "year" else _most_first))
    return {name: facets.get(name, ()) for name in FACETS}


def _newest_first(count: tuple[str, int]) -> tuple[int, str]:
    return (-int(count[0]) if count[0].isdigit() else 0, count[0])


def _most_first(count: tuple[str, int]) -> tuple[int, str]:
    return (-count[1], count[0])
