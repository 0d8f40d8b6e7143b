"""The front page: strangers choose how to log in; everybody else sees their own list."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.web.render import page


def home(request: Request) -> Response:
    """Login for strangers, the own list for parents and staff."""
    if request.person is None:
        return page(request, "login.html")
    return page(request, "home.html")
