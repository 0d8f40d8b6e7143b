"""A leader hands a document out to a parent without custody (R-34)."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.canonical import json_digest
from tillid.usecases.hand_out import (
    LEAST_REASON,
    MOST,
    OPERATION,
    HandOutIncomplete,
    HandOutPage,
    hand_out,
    hand_out_page,
    handed_out_copy,
)
from tillid.usecases.ports import House
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, told_at
from tillid.web.i18n import _
from tillid.web.reading import pdf_response, reading
from tillid.web.render import page

# What of a ``HandOutIncomplete`` stands where on the page, and what is said there.
SAID = {
    "to": ("hvem", _("Skriv, hvem der får dokumentet. Skriv ikke CPR-numre.")),
    "reason": ("hvorfor", _("Skriv en begrundelse på mindst {count} tegn. Skriv ikke CPR-numre.")),
}


def look(request: Request) -> Response:
    """What was handed out to whom, and the form for one more."""

    def build(house: House) -> Response:
        found = hand_out_page(house, request.person, _document_id(request))
        return _page(request, found, "", "", issue(request, found.document.id, _digest(found)))

    return reading(request, OPERATION, _document_id(request), build)


def record(request: Request) -> Response:
    """Record it; the page then offers the file."""
    found = hand_out_page(request.house, request.person, _document_id(request))
    request.admitted = True
    to, reason = request.POST.get("hvem", ""), request.POST.get("hvorfor", "")
    event_id = accept(request, found.document.id, _digest(found), [to, reason])
    try:
        hand_out(request.house, request.person, found.document.id, to=to, reason=reason, event_id=event_id)
    except HandOutIncomplete as error:
        problems = told_at(request, SAID, error.parts, count=LEAST_REASON)
        return answered(_page(request, found, to, reason, request.POST.get("nonce", ""), problems), 422)
    return HTTPSeeOther(location=request.route_path("hand_out", document_id=_document_id(request)))


def copy(request: Request) -> Response:
    """The file of one handing out."""

    def build(house: House) -> Response:
        opened = handed_out_copy(house, request.person, _document_id(request), request.matchdict["entry_id"])
        return pdf_response(opened.data, opened.file_name, download=True)

    return reading(request, OPERATION, _document_id(request), build)


def _page(request: Request, found: HandOutPage, to: str, reason: str, nonce: str, problems: list = ()) -> Response:
    names = {one.by: staff.name for one in found.done if (staff := request.house.people.staff(one.by))}
    return page(request, "hand_out.html", found=found, to=to, reason=reason, nonce=nonce, problems=problems, names=names,
                least=LEAST_REASON, most=MOST)  # fmt: skip


def _digest(found: HandOutPage) -> str:
    return json_digest({"version": found.version, "act": OPERATION})


def _document_id(request: Request) -> str:
    return request.matchdict["document_id"]
