"""The session cookie: 256 random bits that name a row in the session store; revoking the row ends it (design 18)."""

from __future__ import annotations

import hashlib
import hmac
import re

from pyramid.request import Request
from pyramid.response import Response

from tillid.web.installation import Session

SESSION_COOKIE = "tillid"
# Pages ask these by themselves: that is no sign of life of a person.
# How long a session lives without a sign of life (``cms/sessions.py`` IDLE): pages warn before it ends.
IDLE_MINUTES = 30
QUIET = frozenset({"session", "presence"})
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,128}\Z")


def cookie_name(name: str, request: Request) -> str:
    """``__Host-`` binds the cookie to this host, path ``/`` and TLS; browsers refuse it without TLS."""
    return f"__Host-{name}" if request.registry.web.secure else name


def session_token(request: Request) -> str | None:
    """The token in the cookie, if it has the shape of one."""
    token = request.cookies.get(cookie_name(SESSION_COOKIE, request), "")
    return token if _TOKEN.match(token) else None


def load_session(request: Request) -> Session | None:
    """The live session of this request, or ``None``. Looked up once per request; a sign of life keeps it alive."""
    token, sessions = session_token(request), request.registry.installation.sessions
    found = sessions.get(token, request.moment) if token else None
    if token and found is not None and not (request.matched_route and request.matched_route.name in QUIET):
        sessions.touch(token, request.moment, found)
    return found


def person_mark(request: Request, person_id: str) -> str:
    """What a page carries of the person it was made for, so that words typed in it are never sent by another; tells
    nothing to who does not have the installation's secret."""
    secret: bytes = request.registry.installation.secret
    return hmac.new(secret, f"page of {person_id}".encode(), hashlib.sha256).hexdigest()[:32]


def remember(request: Request, response: Response, token: str) -> Response:
    """Give the browser its session. No expiry: it goes with the browser, and the store ends it earlier if need be.

    Lax, not Strict: a link in a letter to a parent must find the session; unsafe methods pass the origin check anyway.
    """
    response.set_cookie(
        cookie_name(SESSION_COOKIE, request),
        token,
        path="/",
        secure=request.registry.web.secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(request: Request, response: Response, *, revoke: bool = True) -> Response:
    """End the session in the store first, unless the caller does, then drop the cookie."""
    token = session_token(request)
    if token and revoke:
        request.registry.installation.sessions.revoke(token)
    response.delete_cookie(cookie_name(SESSION_COOKIE, request), path="/")
    return response
