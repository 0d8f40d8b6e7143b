"""An employee searches what can be read of the own units' documents. By POST: no words in any address (R-111)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.query import QueryRefused
from tillid.kernel.cpr import holds_cpr
from tillid.kernel.errors import NotFound
from tillid.usecases.search_own import OwnFound, found_now, own_units, search_own
from tillid.usecases.search_words import meant, offered
from tillid.web import archive_search as form
from tillid.web.errors import answered, message_of
from tillid.web.reading import looked_anew
from tillid.web.render import language_of, page


def ask(request: Request) -> Response:
    """The empty form, for who works or leads somewhere."""
    if not own_units(request.house, request.person):
        raise NotFound("works nowhere")
    return _page(request, form.posted(request.POST))


def search(request: Request) -> Response:
    """What is found; asked about once more right before the page leaves, and made anew when it is no longer the same (design 9)."""
    asked, language = form.posted(request.POST), language_of(request)
    while True:
        try:
            found = search_own(request.house, request.person, asked.words, asked.page, language)
        except QueryRefused as error:
            return answered(_page(request, asked, problems=(("words", message_of(request, error)),)), 422)
        request.admitted = True
        response = _page(request, asked, found=found)
        if request.opened_house.unchanged():
            return response
        now = found_now(*looked_anew(request, writes=False), asked.words, asked.page, language)
        if now == found:
            return response


def _page(request: Request, asked: form.Posted, *, found: OwnFound | None = None, problems: Any = ()) -> Response:
    if holds_cpr(asked.words):
        asked = replace(asked, words="")  # shown to nobody again
    # From the house's own words alone, so that neither tells of a text that somebody may not read.
    better = meant(request.house, asked.words) if found is not None and not found.total else ""
    return page(request, "own_search.html", asked=asked, found=found, problems=problems, meant=better,
                offered=offered(request.house), form=form)  # fmt: skip
