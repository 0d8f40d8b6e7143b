"""The whole CPR number of a child, shown once with a reason that is logged (R-111). Only ever the answer to a POST: the number
and the reason stand in no address."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.lists import child_page
from tillid.usecases.unmask_cpr import ReasonMissing, require_child, unmask_cpr
from tillid.web.errors import answered, message_of
from tillid.web.reading import looked_anew
from tillid.web.render import language_of, page


def unmask(request: Request) -> Response:
    """The child's page with the number, or with what is missing. Writes nothing to the database, so the fresh view right
    before it leaves drops nothing."""
    child_id = request.matchdict["child_id"]
    cpr, refused = "", ""
    try:
        cpr = unmask_cpr(request.house, request.person, child_id, request.POST.get("reason", "")).cpr
    except ReasonMissing as error:
        refused = message_of(request, error)
    request.admitted = True
    found = child_page(request.house, request.person, child_id, language_of(request))
    response = page(request, "child.html", found=found, crumbs=((found.child.name, ""),), cpr=cpr, refused=refused)
    require_child(*looked_anew(request, writes=False), child_id)
    return answered(response, 422) if refused else response
