"""Tween over everything: request id and moment, origin check, the headers of every answer, the uniform 404, the outcome."""

from __future__ import annotations

import logging
from collections.abc import Callable

from pyramid.httpexceptions import HTTPException
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.ids import new_id
from tillid.web.answers import NO_STORE, NOT_FOUND_BODY, not_found_headers, safe_headers
from tillid.web.outcomes import write_outcomes

log = logging.getLogger(__name__)
SAFE_METHODS = frozenset({"GET", "HEAD"})


def uniform_not_found(secure: bool) -> Response:
    """The one answer, byte for byte, with no trace of who asked or why it was refused."""
    response = Response(status=404, body=NOT_FOUND_BODY)
    response.headers.clear()
    response.headers.extend(not_found_headers(secure))
    return response


def own_origin(request: Request, origins: tuple[str, ...]) -> bool:
    """Whether an unsafe request comes from a page of ours.

    Fetch metadata (W3C) must say ``same-origin`` where the browser sends it, and ``Origin`` must be one of ours; a
    request with neither, or from a sandboxed page (``null``), is refused. Other ports of the same host are other origins.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    return origin in origins if origin is not None else site == "same-origin"


def guard_factory(handler: Callable[[Request], Response], registry) -> Callable[[Request], Response]:
    """The tween; ``registry.web`` are the ``WebSettings``, ``registry.installation`` the running installation."""
    web = registry.web
    always = tuple((safe_headers(web.secure) | NO_STORE).items())

    def guard(request: Request) -> Response:
        request.request_id = new_id()
        request.moment = registry.installation.clock.now()
        if request.method in SAFE_METHODS:
            return answered(request)
        if not own_origin(request, web.origins):
            log.warning("%s refused: foreign origin", request.request_id)
            return uniform_not_found(web.secure)
        with registry.installation.clicks.click(request.path):
            return answered(request)

    def answered(request: Request) -> Response:
        response = None
        try:
            response = dressed(answer_of(request))
        finally:
            write_outcomes(request, response.status_int if response is not None else None)
        return response

    def answer_of(request: Request) -> Response:
        try:
            return handler(request)
        except HTTPException as answer:
            return answer

    def dressed(response: Response) -> Response:
        if response.status_int == 404 or (
            response.status_int in (400, 401, 403, 405) and not hasattr(response, "typed")
        ):
            return uniform_not_found(web.secure)
        there = {name.lower() for name, _ in response.headerlist}
        response.headerlist.extend(pair for pair in always if pair[0].lower() not in there)
        return response

    return guard
