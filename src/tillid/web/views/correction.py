"""A leader marks what was given on as corrected (design 13)."""

from __future__ import annotations

from collections.abc import Sequence

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.correct_version import (
    LEAST_REASON,
    MOST,
    OPERATION,
    CorrectionPage,
    CorrectionReason,
    correct_version,
    correction_page,
)
from tillid.usecases.ports import House
from tillid.web.clicks import posted_count
from tillid.web.errors import answered, message_of
from tillid.web.reading import reading
from tillid.web.render import page


def look(request: Request) -> Response:
    """What ends with it, before it is done."""

    def build(house: House) -> Response:
        found = correction_page(house, request.person, _document_id(request))
        return _page(request, found, "", request.GET.get("gjort", ""))

    return reading(request, OPERATION, _document_id(request), build)


def mark(request: Request) -> Response:
    """The version that stood on the page."""
    found = correction_page(request.house, request.person, _document_id(request))
    request.admitted = True
    number, reason = posted_count(request, "udgave"), request.POST.get("hvorfor", "")
    if number < 1:
        raise HTTPNotFound()
    try:
        new = correct_version(request.house, request.person, _document_id(request), number, reason)
    except CorrectionReason as error:
        return answered(_page(request, found, reason, problems=[("hvorfor", message_of(request, error))]), 422)
    done = "maerket" if new else "allerede"
    return HTTPSeeOther(location=request.route_path("correction", document_id=_document_id(request)) + f"?gjort={done}")


def _page(
    request: Request, found: CorrectionPage, reason: str, done: str = "", problems: Sequence[tuple[str, str]] = ()
) -> Response:
    return page(request, "correction.html", found=found, reason=reason, done=done, problems=problems, least=LEAST_REASON,
                most=MOST)  # fmt: skip


def _document_id(request: Request) -> str:
    return request.matchdict["document_id"]
