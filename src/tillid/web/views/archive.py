"""Walk 3 in the browser: the archivist states a purpose, searches, opens. All by POST: no words in any address (R-111)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.query import QueryRefused
from tillid.usecases.facts import require
from tillid.usecases.open_archived import open_archived, open_archived_copy, open_archived_record
from tillid.usecases.open_copy import picture_of
from tillid.usecases.search_archive import PurposeMissing, excerpt_of, search_archive, still_found
from tillid.usecases.search_words import meant, offered
from tillid.web import archive_search as form
from tillid.web.archive_words import timeline
from tillid.web.errors import answered, message_of
from tillid.web.reading import beside, copy_response, file_response, looked_anew
from tillid.web.render import language_of, page

MOST_PAGES = 60


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


def purpose(request: Request) -> Response:
    """A case's address opened without a purpose asks for one; the same for every address, so it tells nothing."""
    return page(request, "archived_purpose.html", asked=form.posted(request.POST), document_id=_id(request))


def case(request: Request) -> Response:
    """The case: facts, text, events, records with their verdicts."""
    asked = form.posted(request.POST)
    house, verify = request.house, request.registry.installation.verify_record
    try:
        found = open_archived(house, request.person, _id(request), asked.purpose, verify, language_of(request))
    except PurposeMissing as missing:
        problems = (("purpose", message_of(request, missing)),)
        return answered(
            page(request, "archived_purpose.html", asked=asked, document_id=_id(request), problems=problems), 422
        )
    units = house.people.organigram().units
    child = house.people.child(found.document.child_id)
    framed = request.route_path("archived_copy", document_id=_id(request))

    def build() -> Response:
        made = page(request, "archived.html", asked=asked, case=found, found=found.text, document=found.document, form=form,
                    units=units, child_name=child.name if child else "", file_at=None, timeline=timeline(house, found))  # fmt: skip
        return beside(request, made, framed)

    return _left(request, build)


def record(request: Request) -> Response:
    """One signed record as XML."""
    event_id = request.matchdict["event_id"]
    data = open_archived_record(request.house, request.person, _id(request), event_id, _purpose(request))
    return _left(request, lambda: file_response(data, "application/xml", f"segl-{event_id}.xml"))


def copy(request: Request) -> Response:
    """The archive's PDF: a download, or (``vis``) to stand beside the text."""
    opened = open_archived_copy(request.house, request.person, _id(request), _purpose(request))
    return _left(request, lambda: copy_response(request, opened, download="vis" not in request.POST))


def pages(request: Request) -> Response:
    """The same as pictures in one page, for a browser that shows no PDF: a picture cannot be posted for, and the purpose
    stands in no address."""
    opened = open_archived_copy(request.house, request.person, _id(request), _purpose(request))
    request.admitted = True
    numbers = range(1, min(opened.copy.pages, MOST_PAGES) + 1)
    shown = [as_data(picture_of(request.house, opened, number)) for number in numbers]
    asked, document = form.posted(request.POST), opened.document
    return _left(
        request,
        lambda: page(
            request, "archived_pages.html", asked=asked, document=document, pages=opened.copy.pages, shown=shown
        ),
    )


def as_data(png: bytes) -> str:
    """A picture as an address of its own."""
    return "data:image/png;base64," + b64encode(png).decode()


def _left(request: Request, build: Callable[[], Response]) -> Response:
    """The built answer, if it is still the archivist's to see. These POSTs write nothing, so a fresh view drops nothing."""
    request.admitted = True
    response = build()
    require(*looked_anew(request, writes=False), "read_archived", _id(request))
    return response


def _purpose(request: Request) -> str:
    return form.posted(request.POST).purpose


def _id(request: Request) -> str:
    return request.matchdict["document_id"]
