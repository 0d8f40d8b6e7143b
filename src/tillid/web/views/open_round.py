"""The leader's page for a round of trivselsskemaer: who is missing after the deadline, and opening it (design 25)."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.open_round import led_round, open_round, round_to_open
from tillid.web.reading import looked_anew
from tillid.web.render import page


def ask(request: Request) -> Response:
    """Are you sure? Before the deadline: when it can be done; after opening: that it is."""
    round_id = request.matchdict["round_id"]
    found = round_to_open(request.house, request.person, round_id)
    request.admitted = True
    response = page(request, "open_round.html", found=found, crumbs=((found.round.title, ""),))
    led_round(*looked_anew(request), round_id)
    return response


def open_it(request: Request) -> Response:
    """Open it; the same page says that it is."""
    opened = open_round(request.house, request.person, request.matchdict["round_id"])
    request.admitted = True
    return HTTPSeeOther(location=request.route_path("open_round", round_id=opened.id))
