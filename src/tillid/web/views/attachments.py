"""Uploaded files, to read: for the sender's side, the parents, and the receiver of what is released (design 16)."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.open_attachment import (
    Attachment,
    draft_attachment,
    released_attachment,
    version_attachment,
    version_operations,
)
from tillid.usecases.ports import House
from tillid.web.reading import file_response, looked_anew, reading


def of_draft(request: Request) -> Response:
    """A file of the text that is being written."""
    document_id, field, place = _asked(request)

    def build(house: House) -> Response:
        return _response(draft_attachment(house, request.person, document_id, field, place))

    return reading(request, "see_draft", document_id, build)


def of_version(request: Request) -> Response:
    """A file of a frozen version."""
    document_id, field, place = _asked(request)
    number = int(request.matchdict["version"])

    def build(house: House) -> Response:
        return _response(version_attachment(house, request.person, document_id, number, field, place))

    return reading(request, version_operations(request.person), document_id, build)


def released_file(request: Request) -> Response:
    """A file the parents have said yes to pass on; this very one is asked for again, for it can be taken back alone."""
    asked = _asked(request)
    response = _response(released_attachment(request.house, request.person, *asked))
    released_attachment(*looked_anew(request), *asked, again=True)
    request.admitted = True
    return response


def _asked(request: Request) -> tuple[str, str, int]:
    return request.matchdict["document_id"], request.matchdict["field"], int(request.matchdict["place"])


def _response(found: Attachment) -> Response:
    """Always a download: what somebody uploaded is never shown as a page of ours."""
    return file_response(found.data, found.media_type, found.file_name)
