"""Station 6 on the page: the receiver reads what is released now, and the leader names who reads along (R-22)."""

from __future__ import annotations

from collections.abc import Callable

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.ids import is_id
from tillid.usecases.acknowledge_reception import acknowledge_reception
from tillid.usecases.later_part import begin_later
from tillid.usecases.open_copy import Mark, OpenedCopy, name_reader, open_copy, still_released
from tillid.usecases.ports import House
from tillid.usecases.receive_document import copy_fails, pages_of, received_page
from tillid.web.made import FileAddress, page_of
from tillid.web.reading import beside, copy_response, holds, looked_anew, picture_response, reading
from tillid.web.render import language_of, page


def released(request: Request) -> Response:
    """The released answers to read, what they may be used for and until when."""
    language = language_of(request)
    found = received_page(request.house, request.person, _id(request), language)

    def fresh() -> Mark:
        nonlocal found
        now = still_released(request.house, request.person, _id(request))
        if now.mark != found.mark:
            found = received_page(request.house, request.person, _id(request), language, again=True)
        return now.mark

    file_at = FileAddress("released_attachment", {"document_id": _id(request)})
    framed = request.route_path("released_copy", document_id=_id(request))
    return _asked_again(
        request,
        found.mark,
        fresh,
        lambda: beside(request, page_of(request, "released.html", found=found, file_at=file_at), framed),
    )


def copy(request: Request) -> Response:
    """The receiver's PDF."""
    return _opened(request, lambda opened: copy_response(request, opened))


def picture(request: Request) -> Response:
    """One page of it as a picture."""
    return _opened(request, lambda opened: picture_response(request, request.house, opened))


def _opened(request: Request, answer: Callable[[OpenedCopy], Response]) -> Response:
    before = still_released(request.house, request.person, _id(request)).mark
    opened = open_copy(request.house, request.person, _id(request), "read_released")

    def fresh() -> Mark:
        nonlocal opened
        now = still_released(request.house, request.person, _id(request))
        if now.mark != before:
            opened = open_copy(request.house, request.person, _id(request), "read_released")
        return now.mark

    return _asked_again(request, before, fresh, lambda: answer(opened))


def progress(request: Request) -> Response:
    """Whether the PDF is made (htmx asks until it is)."""

    def build(house: House) -> Response:
        now = still_released(house, request.person, _id(request))
        pages, failing = pages_of(now), copy_fails(house, now)
        return page(request, "released_copy.html", document=now.document, pages=pages, failing=failing, oob=True)

    return reading(request, "read_released", _id(request), build)


def name(request: Request) -> Response:
    """The leader names a teacher or pædagog of the own unit."""
    staff_id = request.POST.get("staff", "")
    if not is_id(staff_id):
        raise HTTPNotFound()
    name_reader(request.house, request.person, _id(request), staff_id)
    return HTTPSeeOther(location=request.route_path("released", document_id=_id(request)) + "#laesere")


def acknowledge(request: Request) -> Response:
    """What was received is acknowledged; ``digest``: of what the page showed."""
    acknowledge_reception(request.house, request.person, _id(request), request.POST.get("digest", ""))
    return HTTPSeeOther(location=request.route_path("released", document_id=_id(request)) + "#kvittering")


def begin(request: Request) -> Response:
    """A document of the place's own, and to its first section."""
    own = begin_later(request.house, request.person, _id(request), request.matchdict["phase"])
    return HTTPSeeOther(location=request.route_path("fill_start", document_id=own.id))


def _asked_again(request: Request, before: Mark, fresh: Callable[[], Mark], answer: Callable[[], Response]) -> Response:
    """The answer, when the ledger on a fresh view still releases what it was made of; made anew when it is less or more.

    Raises ``NotFound`` when nothing is released any more (design 9)."""
    request.admitted = True
    while True:
        response = answer()
        if holds(request, "read_released", _id(request)):
            return response
        looked_anew(request)
        now = fresh()
        if now == before:
            return response
        before = now


def _id(request: Request) -> str:
    return request.matchdict["document_id"]
