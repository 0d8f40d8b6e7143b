"""Reading a frozen version: the words on a page for phone and screen reader, the PDF beside them, and its pages as pictures
where the browser shows no PDF (P3). For the sender's side and, each holder alone, for parents."""

from __future__ import annotations

import msgspec
from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.open_copy import Operation
from tillid.usecases.ports import House
from tillid.usecases.read_text import read_version
from tillid.web.made import FileAddress, page_of
from tillid.web.numbers import version_asked
from tillid.web.reading import beside, read_pdf, read_picture, reading
from tillid.web.render import language_of


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """Whose copy it is, and the routes of its pages. ``back``: the document's own page."""

    operation: Operation
    back: str
    pdf: str
    picture: str


TEAM = Side(operation="read_team_copy", back="document", pdf="copy", picture="copy_page")
PARENT = Side(operation="read_parent_copy", back="parent_document", pdf="parent_pdf", picture="parent_page")


def text(request: Request) -> Response:
    """The parents' copy to read on the page; ``?udgave`` names the version."""
    return _text(request, PARENT)


def pdf(request: Request) -> Response:
    """The parents' copy; the very file a consent is about can be asked for by its version."""
    return _pdf(request, PARENT)


def picture(request: Request) -> Response:
    """One page of it as a picture."""
    return _picture(request, PARENT)


def team_text(request: Request) -> Response:
    """The team's copy to read on the page."""
    return _text(request, TEAM)


def team_pdf(request: Request) -> Response:
    """The team's copy."""
    return _pdf(request, TEAM)


def team_picture(request: Request) -> Response:
    """One page of it as a picture."""
    return _picture(request, TEAM)


def _text(request: Request, side: Side) -> Response:
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        number = version_asked(request, "udgave")
        found = read_version(house, request.person, document_id, side.operation, language_of(request), number)
        file_at = FileAddress("attachment_of_version", {"document_id": document_id, "version": found.version})
        response = page_of(request, "read_copy.html", found=found, file_at=file_at, side=side)
        return beside(request, response, request.route_path(side.pdf, document_id=document_id))

    return reading(request, side.operation, document_id, build)


def _pdf(request: Request, side: Side) -> Response:
    return read_pdf(request, side.operation, request.matchdict["document_id"], version_asked(request, "udgave"))


def _picture(request: Request, side: Side) -> Response:
    return read_picture(request, side.operation, request.matchdict["document_id"], version_asked(request, "udgave"))
