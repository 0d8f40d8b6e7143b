"""Reading a child's document: asked and logged, built, and asked again on a fresh view right before the bytes leave.

A withdrawal that commits while a page is being built closes that page too: only the second question, put to the
database as it is then, sees it (design 5, 9). It begins with whether anything at all was committed since the first; if
nothing was, a fresh view would be the very same one. GET alone: a fresh view drops what the request has written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.facts import require, still_granted
from tillid.usecases.open_copy import OpenedCopy, Operation, open_copy, picture_of
from tillid.usecases.ports import House
from tillid.web.answers import POLICY
from tillid.web.guard import SAFE_METHODS
from tillid.web.identity import load_identity

T = TypeVar("T")

# Browsers show a PDF inside a page of their own, which inherits this policy: it may use itself and nothing else.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# A copy may stand beside its text on a page of ours.
FRAMED_POLICY = PDF_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
XML_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def looked_anew(request: Request, *, writes: bool = True) -> tuple[House, Identity]:
    """House and person on a fresh view of the database: also an assignment that ended meanwhile is seen.

    ``NotFound`` when the register no longer knows the person. For GET, and for a POST that says it ``writes`` nothing."""
    if writes and request.method not in SAFE_METHODS:
        raise RuntimeError("the fresh view drops pending writes")
    request.opened_house.refresh()
    request.house.granted.clear()
    request.person = load_identity(request)
    if request.person is None:
        raise NotFound("nobody any more")
    return request.house, request.person


def reading(
    request: Request, operation: str | tuple[str, ...], document_id: str, build: Callable[[House], Response]
) -> Response:
    """The answer of ``build`` if ``operation`` (one of them) is allowed before *and* after; else ``NotFound``, the
    uniform 404.

    ``build`` calls the use case that asks first and writes the audit row, and makes the whole answer, bytes and all.
    """
    if request.method not in SAFE_METHODS:
        raise RuntimeError("reading() is for GET: the fresh view drops pending writes")
    response = build(request.house)
    if not holds(request, operation, document_id):
        require(*looked_anew(request), operation, document_id)
    request.admitted = True
    return response


def holds(request: Request, operation: str | tuple[str, ...], document_id: str) -> bool:
    """Whether the second question would be the first: ``operation`` was allowed on this request's view, and nothing was
    committed since. Then the answer stands without taking the data apart once more."""
    return request.opened_house.unchanged() and still_granted(request.house, request.person, operation, document_id)


def same_again(request: Request, gather: Callable[[House, Identity], T], build: Callable[[T], Response]) -> Response:
    """The answer of ``build`` for a page about many documents: if anything was committed meanwhile, what may be seen is
    gathered again on a fresh view, and the page is made anew when that is no longer the same."""
    found = gather(request.house, request.person)
    request.admitted = True
    while True:
        response = build(found)
        if request.opened_house.unchanged():
            return response
        now = gather(*looked_anew(request))
        if now == found:
            return response
        found = now


def read_pdf(request: Request, operation: Operation, document_id: str, number: int | None = None) -> Response:
    """``operation``'s copy of version ``number`` (default: the newest) as a file; ``?hent`` in the address downloads it."""

    def build(house: House) -> Response:
        return copy_response(request, open_copy(house, request.person, document_id, operation, number))

    return reading(request, operation, document_id, build)


def read_picture(request: Request, operation: Operation, document_id: str, number: int | None = None) -> Response:
    """The same copy's page ``{page}`` of the address as a picture: asked and logged as the copy is."""

    def build(house: House) -> Response:
        return picture_response(request, house, open_copy(house, request.person, document_id, operation, number))

    return reading(request, operation, document_id, build)


def beside(request: Request, response: Response, address: str) -> Response:
    """``response`` as a page that may show the copy at ``address``, and nothing else, in a frame."""
    origins = request.registry.web.origins
    origin = next((one for one in origins if one.endswith(f"://{request.host}")), origins[0])
    response.headers["Content-Security-Policy"] = POLICY.replace("frame-src 'none'", f"frame-src {origin}{address}")
    return response


def copy_response(request: Request, opened: OpenedCopy, *, download: bool = False) -> Response:
    """A copy, in a window of its own, beside its text, or as a download."""
    response = pdf_response(opened.data, opened.file_name, download=download or "hent" in request.GET)
    response.headers["Content-Security-Policy"] = FRAMED_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def picture_response(request: Request, house: House, opened: OpenedCopy) -> Response:
    """The page of ``opened`` that the address names, as PNG; kept by no browser, so that it is asked for again."""
    page = int(request.matchdict["page"])
    name = f"{opened.file_name.removesuffix('.pdf')}-s{page}.png"
    return file_response(picture_of(house, opened, page), "image/png", name, download=False)


def pdf_response(data: bytes, name: str, *, download: bool = False) -> Response:
    """``name``: the document's number, never a person's (R-111)."""
    return file_response(data, "application/pdf", name, PDF_POLICY, download=download)


def file_response(
    data: bytes, media_type: str, name: str, policy: str = XML_POLICY, *, download: bool = True
) -> Response:
    """A file of ours: never stored on the way, never taken for another type than it is."""
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'{"attachment" if download else "inline"}; filename="{name}"'
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
