"""A parent reads: the PDF in the browser or as a file, and the same words on a page for phone and screen reader (P3)."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.errors import NotFound
from tillid.usecases.ports import House
from tillid.usecases.read_text import read_version
from tillid.web.made import FileAddress, page_of
from tillid.web.reading import read_pdf, reading
from tillid.web.render import language_of

OPERATION = "read_parent_copy"


def pdf(request: Request) -> Response:
    """The parents' copy; the very file a consent is about can be asked for by its version."""
    return read_pdf(request, OPERATION, request.matchdict["document_id"], _number(request))


def text(request: Request) -> Response:
    """The frozen version to read on the page."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        found = read_version(house, request.person, document_id, OPERATION, language_of(request), _number(request))
        file_at = FileAddress("attachment_of_version", {"document_id": document_id, "version": found.version})
        return page_of(request, "parent_text.html", found=found, file_at=file_at)

    return reading(request, OPERATION, document_id, build)


def _number(request: Request) -> int | None:
    """``?udgave=2``; anything else than a small number does not exist."""
    wanted = request.GET.get("udgave", "")
    if not wanted:
        return None
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 5 and int(wanted)):
        raise NotFound("no such version")
    return int(wanted)
