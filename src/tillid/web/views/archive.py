"""Walk 3 in the browser: the archivist states a purpose and searches. All by POST: no words in any address (R-111).

The page of one document: ``archived.py``; searches that are kept: ``saved_searches.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.query import QueryRefused, SearchUnavailable
from tillid.kernel.cpr import holds_cpr
from tillid.kernel.errors import TillidError
from tillid.usecases.archive_purpose import PurposeMissing
from tillid.usecases.export_hits import MOST, export_hits
from tillid.usecases.find_child import find_children
from tillid.usecases.index_state import index_state
from tillid.usecases.saved_searches import began_as, searched_again
from tillid.usecases.search_archive import excerpts_of, search_archive, still_found
from tillid.usecases.search_words import meant, offered
from tillid.web import archive_search as form
from tillid.web.archive_columns import ADDRESS, CHILD, COLUMNS, LOOKS, cells
from tillid.web.archive_purpose import begun, purpose_problem, remember
from tillid.web.csv_file import csv_of
from tillid.web.days import DayWrong
from tillid.web.errors import answered, message_of
from tillid.web.i18n import translate
from tillid.web.reading import file_response, looked_anew
from tillid.web.render import language_of, page

PLACES = {"search.days": "since", "search.no-child": "child", "search.too-many-children": "child"}
# What is wrong with what was typed, and is said beside it.
Wrong = (PurposeMissing, QueryRefused, DayWrong)


def ask(request: Request) -> Response:
    """The form, empty but for the purpose of this visit's last work."""
    return form_page(request, begun(request))


def search(request: Request) -> Response:
    """Hits with excerpts, facets and paging; asked of the ledger once more right before the page leaves (design 9)."""
    asked = form.posted(request.POST)
    if asked.saved:
        searched_again(request.house, request.person, asked.saved)
    while True:
        try:
            asked = with_children(request, asked)
            query = asked.query(request.house)
            result = search_archive(request.house, request.person, query, asked.purpose)
        except Wrong as error:
            return answered(form_page(request, asked, problems=(problem(request, error),)), 422)
        except SearchUnavailable:
            # The purpose and the words stay in the form; the search is tried again by the button.
            return answered(form_page(request, asked, away=True), 503)
        request.admitted = True
        remember(request, asked)
        response = form_page(request, asked, result=result, hits=_shown(request, asked, result, query))
        if still_found(*looked_anew(request, writes=False), result):
            return response


def as_file(request: Request) -> Response:
    """What was found as a file for a spreadsheet: each hit asked about and logged as on the page."""
    asked = form.posted(request.POST)
    while True:
        try:
            asked = with_children(request, asked)
            result = export_hits(request.house, request.person, asked.query(request.house), asked.purpose)
        except Wrong as error:
            return answered(form_page(request, asked, problems=(problem(request, error),)), 422)
        except SearchUnavailable:
            return answered(form_page(request, asked, away=True), 503)
        request.admitted = True
        data = _table(request, asked, result)
        if still_found(*looked_anew(request, writes=False), result):
            return file_response(data, "text/csv", "soegeresultat.csv")


def problem(request: Request, error: TillidError) -> tuple[str, str]:
    """The input that ``error`` is about, and its words."""
    if isinstance(error, PurposeMissing):
        return purpose_problem(request, error)
    if isinstance(error, DayWrong):
        return error.part, message_of(request, error)
    return PLACES.get(error.code, "words"), message_of(request, error)


def with_children(request: Request, asked: form.Posted) -> form.Posted:
    """``asked`` with the children that were typed in their place; what was typed is carried no further (R-111). Raises
    ``PurposeMissing``, ``QueryRefused``."""
    if not asked.child:
        return asked
    found = find_children(request.house, request.person, asked.child, asked.purpose)
    if not found:
        raise QueryRefused(
            "no child",
            code="search.no-child",
            text="Ingen børn med det navn eller CPR-nummer har dokumenter, som du kan søge i. Navnet kan være stavet anderledes. Det, der er destrueret, står under Frister.",
        )
    return replace(asked, child="", children=tuple(child.id for child in found))


def form_page(request: Request, asked: form.Posted, *, result: Any = None, **more: Any) -> Response:
    """The page, with what was found if anything was asked."""
    house = request.house
    if holds_cpr(asked.child):
        asked = replace(asked, child="")  # shown to nobody again
    saved = began_as(house, request.person, asked.saved) if asked.saved else None
    if saved is not None and not asked.title:
        asked = replace(asked, title=saved.title)  # to be saved again in its place
    values = {"hits": (), "problems": (), "meant": "", "offered": offered(house), "away": False} | more
    if result is not None and not result.total:
        values["meant"] = meant(house, asked.words)
    return page(request, "archive.html", asked=asked, result=result, form=form, columns=COLUMNS, looks=LOOKS,
                pages=form.pages(result.total) if result is not None else 1, chips=form.chosen(house, request.person, asked), answers=form.answer_inputs(house, asked.filters["form"], asked.answers), most=MOST,
                options=form.options(house, asked, result), state=index_state(house, request.person) if result is not None else None,
                tells=saved is not None and saved.tell_until is not None, **values)  # fmt: skip


def _shown(request: Request, asked: form.Posted, result: Any, query: Any) -> list[tuple[Any, ...]]:
    """Of each hit the child, and an excerpt or the columns that were chosen."""
    house, table = request.house, asked.look == "table"
    excerpts = ("",) * len(result.hits) if table else excerpts_of(house, result.hits, query)
    return [
        (
            hit,
            form.child_name(house, hit),
            form.marked(text),
            cells(house, hit, asked.columns if table else ()),
        )
        for hit, text in zip(result.hits, excerpts, strict=True)
    ]


def _table(request: Request, asked: form.Posted, result: Any) -> bytes:
    house, language = request.house, language_of(request)
    head = [translate(CHILD, language), *(translate(COLUMNS[one], language) for one in asked.columns)]
    rows = []
    for hit in result.hits:
        row = cells(house, hit, asked.columns)
        if "state" in row:
            row["state"] = translate(form.STATE.get(hit.state, hit.state), language)
        rows.append(
            [form.child_name(house, hit), *row.values(), request.route_url("archived", document_id=hit.document_id)]
        )
    return csv_of([*head, translate(ADDRESS, language)], rows)
