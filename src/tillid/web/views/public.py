"""Pages for everybody: health, static files, help, accessibility, language."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.web.assets import assets, release
from tillid.web.gate import PATH
from tillid.web.i18n import LANGUAGES
from tillid.web.render import LANGUAGE_COOKIE, page


def ok(request: Request) -> Response:
    """The process answers; touches neither session nor database."""
    return Response(b"ok", content_type="text/plain")


def static_file(request: Request) -> Response:
    """A file of the exact list, for a year: its address changes when any file does."""
    found = assets().get(request.matchdict["path"])
    if found is None or request.matchdict["release"] != release():
        raise HTTPNotFound()
    response = Response(found.data)
    response.headers["Content-Type"] = found.content_type
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def help_page(request: Request) -> Response:
    """The two help lines (P10)."""
    return page(request, "help.html")


def statement(request: Request) -> Response:
    """The accessibility statement, or where it lies."""
    return page(request, "was.html")


def language(request: Request) -> Response:
    """Keep the language in a cookie and go back to a path of ours."""
    chosen = request.matchdict["language"]
    if chosen not in LANGUAGES:
        raise HTTPNotFound()
    back = request.GET.get("til", "/")
    response = HTTPSeeOther(location=back if PATH.match(back) and not back.startswith("//") else "/")
    response.set_cookie(
        LANGUAGE_COOKIE,
        chosen,
        max_age=31536000,
        path="/",
        secure=request.registry.web.secure,
        httponly=True,
        samesite="Lax",
    )
    return response
