"""A parent reads: the PDF in the browser or as a file, and the same words on a page for phone and screen reader (P3)."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.ports import House
from tillid.usecases.read_text import read_version
from tillid.web.made import FileAddress, page_of
from tillid.web.numbers import version_asked
from tillid.web.reading import read_pdf, reading
from tillid.web.render import language_of

OPERATION = "read_parent_copy"


def pdf(request: Request) -> Response:
    """The parents' copy; the very file a consent is about can be asked for by its version."""
    return read_pdf(request, OPERATION, request.matchdict["document_id"], version_asked(request, "udgave"))


def text(request: Request) -> Response:
    """The frozen version to read on the page."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        found = read_version(
            house, request.person, document_id, OPERATION, language_of(request), version_asked(request, "udgave")
        )
        file_at = FileAddress("attachment_of_version", {"document_id": document_id, "version": found.version})
        return page_of(request, "parent_text.html", found=found, file_at=file_at)

    return reading(request, OPERATION, document_id, build)
