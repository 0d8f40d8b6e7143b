"""What people see when something goes wrong: the uniform 404 before access is granted, a typed page after (design 24)."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Any

from pyramid.httpexceptions import HTTPException
from pyramid.request import Request
from pyramid.response import Response
from pyramid_retry import is_error_retryable, mark_error_retryable
from transaction.interfaces import TransientError

from tillid.kernel.errors import NotFound, TillidError, Unavailable, Words
from tillid.web.answers import where
from tillid.web.guard import SAFE_METHODS, uniform_not_found
from tillid.web.i18n import _, translate
from tillid.web.note import note_of
from tillid.web.render import language_of, page

log = logging.getLogger(__name__)
PLACES = (_("Række {row}, {column}: "), "{part}: ")
GONE_WRONG = _("Der skete en fejl hos os. Det, du var i gang med, er ikke gemt. Prøv igen, eller ring til supporten.")


def refused(request: Request) -> Response:
    """Missing, forbidden, bad CSRF token: the same page."""
    return uniform_not_found(request.registry.web.secure)


def failed(error: Exception, request: Request) -> Response:
    """A use case's error with its code and text. Use cases ask for access first, so whatever else they raise comes after;
    an error nobody foresaw may come from before, and is a 404 unless the view had been let in (``request.admitted``)."""
    if isinstance(error, NotFound | HTTPException):
        return uniform_not_found(request.registry.web.secure)
    if isinstance(error, TransientError):
        if is_error_retryable(request, error):
            return uniform_not_found(request.registry.web.secure)  # nobody sees it: the request runs again
        error = Unavailable("every attempt met others", code="store.busy")
    original, (error, again) = error, request.registry.installation.full(error, note_of(request))
    if again:
        mark_error_retryable(original)
        if is_error_retryable(request, original):
            return uniform_not_found(request.registry.web.secure)  # nobody sees this one either
    _log(error, request)
    # A view whose failure must be said in its own words (a withdrawal that was not registered) has left them here.
    own_words = getattr(request, "when_failed", None)
    if own_words is not None and (response := own_words(error)) is not None:
        return response
    if isinstance(error, TillidError) and request.__dict__.get("person") is not None:
        return typed(request, error)
    if getattr(request, "admitted", False):
        return _error_page(request, 500, "system.failed", GONE_WRONG)
    return uniform_not_found(request.registry.web.secure)


def typed(request: Request, error: TillidError) -> Response:
    """The page for an expected error: its text and stable code; 503 for what may work later, else 409."""
    return _error_page(request, 503 if isinstance(error, Unavailable) else 409, error.code, message_of(request, error))


def message_of(request: Request, error: TillidError) -> str:
    """The error's text in the reader's language, with its placeholders filled."""
    language = language_of(request)
    params = {name: translate(one, language) if isinstance(one, Words) else one for name, one in error.params.items()}
    return _translated(error.text, language).format(**params)


def told_at(
    request: Request, said: Mapping[str, tuple[str, str]], parts: Collection[str], **values: Any
) -> list[tuple[str, str]]:
    """The problems of a form of which ``parts`` are missing or wrong. ``said``: each part's input and what is said there; ``values``:
    of its placeholders."""
    language = language_of(request)
    return [
        (place, translate(text, language).format(**values)) for part, (place, text) in said.items() if part in parts
    ]


def _translated(text: str, language: str) -> str:
    """A text that says in which row or part something is wrong is two texts, one behind the other."""
    for place in PLACES:
        if text.startswith(place):
            return translate(place, language) + _translated(text.removeprefix(place), language)
    return translate(text, language)


def answered(response: Response, status: int, *, keeps: bool = False) -> Response:
    """``response`` with a status that says no; marked, so that the guard knows it for an answer to somebody let in.
    ``keeps``: what the request has written is committed all the same."""
    response.status_int = status
    response.typed, response.keeps = True, keeps
    return response


def _error_page(request: Request, status: int, code: str, text: str) -> Response:
    nothing_kept = request.method not in SAFE_METHODS
    return answered(page(request, "error.html", text=text, code=code, nothing_kept=nothing_kept), status)


def _log(error: Exception, request: Request) -> None:
    expected = isinstance(error, TillidError)
    name = error.code if isinstance(error, TillidError) else type(error).__name__
    route = request.matched_route.name if request.matched_route else "-"
    log.log(logging.INFO if expected else logging.ERROR, "%s %s: %s", request.request_id, route, name,
            exc_info=None if expected else where(error))  # fmt: skip
