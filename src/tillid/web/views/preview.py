"""What the parents will get, before it is shared: rendered through the outbox, read by who asked for it (station 3)."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.ports import House
from tillid.usecases.preview_document import make_preview, open_preview, preview_progress
from tillid.web.reading import pdf_response, reading
from tillid.web.render import page

OPERATION = "share"


def make(request: Request) -> Response:
    """ "Lav forhåndsvisning"."""
    document_id = request.matchdict["document_id"]
    make_preview(request.house, request.person, document_id)
    return HTTPSeeOther(location=request.route_path("review", document_id=document_id) + "#forhaandsvisning")


def progress(request: Request) -> Response:
    """How far it is (htmx asks until it is made)."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        document, state = preview_progress(house, request.person, document_id)
        return page(request, "preview.html", document=document, preview=state)

    return reading(request, OPERATION, document_id, build)


def pdf(request: Request) -> Response:
    """The parents' copy of the present text."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        document, data = open_preview(house, request.person, document_id)
        return pdf_response(data, f"{document.number}-kladde.pdf")

    return reading(request, OPERATION, document_id, build)
