"""Walk 3 in the browser: the archivist states a purpose, searches, opens. All by POST: no words in any address (R-111)."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.query import QueryRefused
from tillid.usecases.search_archive import PurposeMissing, excerpt_of, search_archive, still_found
from tillid.usecases.search_words import meant, offered
from tillid.web import archive_search as form
from tillid.web.errors import answered, message_of
from tillid.web.reading import looked_anew
from tillid.web.render import page


def ask(request: Request) -> Response:
    """The empty form."""
    return _form(request, form.posted(request.POST))


def search(request: Request) -> Response:
    """Hits with excerpts, facets and paging; asked of the ledger once more right before the page leaves (design 9)."""
    asked = form.posted(request.POST)
    while True:
        try:
            result = search_archive(request.house, request.person, asked.query(), asked.purpose)
        except PurposeMissing as missing:
            return answered(_form(request, asked, problems=(("purpose", message_of(request, missing)),)), 422)
        except QueryRefused as refused:
            return answered(_form(request, asked, problems=(("words", message_of(request, refused)),)), 422)
        request.admitted = True
        query, house = asked.query(), request.house
        hits = [(hit, form.child_name(house, hit), form.marked(excerpt_of(house, hit, query))) for hit in result.hits]
        response = _form(request, asked, result=result, hits=hits, pages=form.pages(result.total))
        if still_found(*looked_anew(request, writes=False), result):
            return response


def _form(request: Request, asked: form.Posted, *, result: Any = None, **more: Any) -> Response:
    values = {"hits": (), "pages": 1, "problems": (), "meant": "", "offered": offered(request.house)} | more
    if result is not None and not result.total:
        values["meant"] = meant(request.house, asked.words)
    return page(request, "archive.html", asked=asked, result=result, form=form,
                options=form.options(request.house, asked, result), **values)  # fmt: skip
