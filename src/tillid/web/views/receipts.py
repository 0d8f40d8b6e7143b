"""An own answer or withdrawal, about a share or a meeting: what was registered, and its evidence as files (design 16; ADR 0039, 0059).

The sealed XML, the ``.zip`` that is judged without us, and the PDF, made when somebody wants it.
"""

from __future__ import annotations

from collections.abc import Callable

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.errors import NotFound
from tillid.usecases.fetch_receipt import fetch_receipt, receipt_parts
from tillid.usecases.own_consent import own_answers, own_receipt, seen_by
from tillid.usecases.ports import House
from tillid.usecases.receipt_pdf import make_receipt_pdf, open_receipt_pdf, receipt_pdf_progress, receipt_pdf_state
from tillid.usecases.seal_record import MEETING, RECORD
from tillid.usecases.sign_personally import own_signature
from tillid.web.reading import file_response, pdf_response, reading
from tillid.web.render import page


def shown(request: Request) -> Response:
    """What was registered, the own record, and what happens next; for answers and withdrawals alike."""

    def build(house: House) -> Response:
        found = own_receipt(house, request.person, *own_ids(request))
        parts, state = receipt_parts(house, found.event), receipt_pdf_state(house, request.person, found)
        own = own_answers(house, request.person, found.request)
        more = {"newest": own[-1].id == found.event.id, "personal": own_signature(house, found)}
        template = "receipt_meeting.html" if found.event.kind in MEETING else "receipt.html"
        return page(request, template, found=found, parts=parts, state=state, **more)

    return reading_own(request, build)


def record(request: Request) -> Response:
    """The holder's own sealed record as XML, named by its event: the evidence is the parent's too (design 16)."""

    def build(house: House) -> Response:
        found = own_receipt(house, request.person, *own_ids(request))
        if found.record is None:
            raise NotFound(f"no {RECORD} yet")
        return file_response(found.record, "application/xml", f"{found.event.id}.xml")

    return reading_own(request, build)


def package(request: Request) -> Response:
    """The ``.zip``, named by its event."""

    def build(house: House) -> Response:
        found = fetch_receipt(house, request.person, *own_ids(request))
        return file_response(found.data, "application/zip", f"{found.own.event.id}.zip")

    return reading_own(request, build)


def make(request: Request) -> Response:
    """ "Lav som PDF"."""
    request_id, event_id = own_ids(request)
    make_receipt_pdf(request.house, request.person, request_id, event_id)
    return HTTPSeeOther(location=f"{request.route_path('receipt', request_id=request_id, event_id=event_id)}#pdf")


def progress(request: Request) -> Response:
    """How far it is (htmx asks until it is made)."""

    def build(house: House) -> Response:
        found, state = receipt_pdf_progress(house, request.person, *own_ids(request))
        return page(request, "receipt_pdf.html", found=found, parts=receipt_parts(house, found.event), state=state)

    return reading_own(request, build)


def pdf(request: Request) -> Response:
    """The PDF, for who had it made."""

    def build(house: House) -> Response:
        data = open_receipt_pdf(house, request.person, *own_ids(request))
        return pdf_response(data, f"{own_ids(request)[1]}.pdf", download="hent" in request.GET)

    return reading_own(request, build)


def own_ids(request: Request) -> tuple[str, str]:
    """The question, and the own event that answers it."""
    return request.matchdict["request_id"], request.matchdict["event_id"]


def reading_own(request: Request, build: Callable[[House], Response]) -> Response:
    """``reading`` of what is about one's own answer: by what may be done with the question that it answers."""
    document_id, operations = seen_by(request.house, request.matchdict["request_id"])
    return reading(request, operations, document_id, build)
