"""Who else has a section of a draft open (O2, ADR 0023)."""

from __future__ import annotations

import hmac

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.editing import LOOK, editing_now
from tillid.usecases.fill import definition_of
from tillid.usecases.ports import House
from tillid.web.reading import reading
from tillid.web.render import page
from tillid.web.session import person_mark

STOP_ASKING = 286  # htmx: the page asks no more


def look(request: Request) -> Response:
    """The line above the fields, asked for every 15 seconds; for the person the page was made for alone."""
    document_id, section = request.matchdict["document_id"], request.matchdict["section"]
    mark = person_mark(request, request.person.person_id)
    asked_by = request.GET.get("side", mark)  # the page says whose it is
    if not hmac.compare_digest(asked_by.encode("utf-8", "replace"), mark.encode()):
        raise HTTPNotFound()

    def build(house: House) -> Response:
        colleagues = editing_now(house, request.person, document_id, section)
        if colleagues is None:
            return Response(status=STOP_ASKING)
        document = house.documents.get(document_id)
        titles = {one.id: one.title for one in definition_of(house, document).sections} if document else {}
        return page(request, "presence.html", address=f"{request.path}?side={mark}", colleagues=colleagues, here=section,
                    titles=titles)  # fmt: skip

    return reading(request, LOOK, document_id, build)
