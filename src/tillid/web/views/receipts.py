"""A parent's receipt as files: the ``.zip`` that is judged without us, and the PDF, made when somebody wants it (ADR 0039)."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.facts import document_of_request
from tillid.usecases.fetch_receipt import fetch_receipt, receipt_parts
from tillid.usecases.ports import House
from tillid.usecases.receipt_pdf import make_receipt_pdf, open_receipt_pdf, receipt_pdf_progress
from tillid.web.reading import file_response, pdf_response, reading
from tillid.web.render import page

OPERATION = "see_consent"


def package(request: Request) -> Response:
    """The ``.zip``, named by its event."""

    def build(house: House) -> Response:
        found = fetch_receipt(house, request.person, *_ids(request))
        return file_response(found.data, "application/zip", f"{found.own.event.id}.zip")

    return reading(request, OPERATION, _document_id(request), build)


def make(request: Request) -> Response:
    """ "Lav som PDF"."""
    request_id, event_id = _ids(request)
    make_receipt_pdf(request.house, request.person, request_id, event_id)
    return HTTPSeeOther(location=f"{request.route_path('receipt', request_id=request_id, event_id=event_id)}#pdf")


def progress(request: Request) -> Response:
    """How far it is (htmx asks until it is made)."""

    def build(house: House) -> Response:
        found, state = receipt_pdf_progress(house, request.person, *_ids(request))
        return page(request, "receipt_pdf.html", found=found, parts=receipt_parts(house, found.event), state=state)

    return reading(request, OPERATION, _document_id(request), build)


def pdf(request: Request) -> Response:
    """The PDF, for who had it made."""

    def build(house: House) -> Response:
        data = open_receipt_pdf(house, request.person, *_ids(request))
        return pdf_response(data, f"{_ids(request)[1]}.pdf", download="hent" in request.GET)

    return reading(request, OPERATION, _document_id(request), build)


def _ids(request: Request) -> tuple[str, str]:
    return request.matchdict["request_id"], request.matchdict["event_id"]


def _document_id(request: Request) -> str:
    return document_of_request(request.house, request.matchdict["request_id"])
