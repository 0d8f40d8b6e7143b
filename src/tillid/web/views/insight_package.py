"""The package of a case of insight: fetched by the officer, and noted as handed out (R-72). Posted, so that nothing of it stands in an
address; named by the case's number, which says nobody's name (R-111)."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.canonical import sha256
from tillid.usecases.insight_case import InsightIncomplete, hand_out_insight
from tillid.usecases.insight_package import INDEX, Package, package_of, packed, require_answered
from tillid.web import insight_words as said
from tillid.web.clicks import accept
from tillid.web.errors import typed as typed_error
from tillid.web.i18n import SOURCE
from tillid.web.reading import file_response, looked_anew
from tillid.web.render import made_with
from tillid.web.views.insight_case import ACT
from tillid.web.views.insight_item import WHAT
from tillid.web.words import ROLE


def fetch(request: Request) -> Response:
    """The file. This POST writes nothing to the database, so a fresh view drops nothing."""
    package = package_of(request.house, request.person, _case_id(request), "fetch_insight")
    request.admitted = True
    data = _file(request, package)
    require_answered(*looked_anew(request, writes=False), _case_id(request))
    return file_response(data, "application/zip", f"{package.case.request.number}.zip")


def hand_out(request: Request) -> Response:
    """Note how it went to who asked, with the file's own digest."""
    package = package_of(request.house, request.person, _case_id(request), "hand_out_insight")
    request.admitted = True
    how = request.POST.get("maade", "")
    event_id = accept(request, package.case.id, ACT, ["hand_out", how])
    try:
        hand_out_insight(
            request.house, request.person, package.case.id, how, sha256(_file(request, package)), event_id=event_id
        )
    except InsightIncomplete as error:
        return typed_error(request, error)
    return HTTPSeeOther(location=request.route_path("insight_case", case_id=package.case.id))


def _file(request: Request, package: Package) -> bytes:
    values = {"package": package, "case": package.case, "said": said, "settings": request.house.settings,
              "what": WHAT, "roles": ROLE}  # fmt: skip

    def write(name: str) -> bytes:
        # Read by citizens, whatever language the officer has chosen.
        template = "insight_index.html" if name == INDEX else "insight_lists.html"
        return made_with(SOURCE, template, values).encode()

    return packed(request.house, request.person, package, write)


def _case_id(request: Request) -> str:
    return request.matchdict["case_id"]
