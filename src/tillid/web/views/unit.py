"""A unit's page and the overview of a round: what is about no particular child, or about a whole group (D13, T5)."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.documents.rendering import RenderSection, sections
from tillid.forms.readers import TEAM
from tillid.forms.showing import projection
from tillid.usecases.fill import definition_of
from tillid.usecases.municipal_rules import marks_call_for_parents
from tillid.usecases.overview import GroupOverview, Overview, overview_still_open, see_overview
from tillid.usecases.start_document import start_without_child
from tillid.usecases.unit_page import UnitPage, unit_page
from tillid.web.marks import SYMBOL, mark_place, names_of, position_look, position_words
from tillid.web.reading import looked_anew, same_again
from tillid.web.render import language_of, page

# Said by the page itself, not again below the group's heading.
_SAID = frozenset({"enhed", "gruppe", "runde"})


def unit(request: Request) -> Response:
    """What is written at the unit about no particular child, and what can be begun."""
    unit_id = request.matchdict["unit_id"]

    def build(found: UnitPage) -> Response:
        return page(request, "unit.html", found=found, crumbs=((found.name, ""),))

    return same_again(request, lambda house, who: unit_page(house, who, unit_id, language_of(request)), build)


def start(request: Request) -> Response:
    """Begin a document about no child, or an anonymous one, and go to its first section."""
    document = start_without_child(
        request.house,
        request.person,
        request.matchdict["unit_id"],
        request.POST.get("form", ""),
        request.POST.get("variant", ""),
    )
    return HTTPSeeOther(location=request.route_path("fill_start", document_id=document.id))


def overview(request: Request) -> Response:
    """The marks beside each other; asked again on a fresh view before the page leaves (design 9)."""
    while True:
        found = see_overview(request.house, request.person, request.matchdict["round_id"])
        request.admitted = True
        response = _overview(request, found)
        if overview_still_open(*looked_anew(request), found):
            return response


def _overview(request: Request, found: Overview) -> Response:
    return page(
        request,
        "overview.html",
        found=found,
        name=names_of(request),
        position=lambda mark: mark_place(request, mark),
        surroundings=lambda mark: mark_place(request, mark, "position_kontekst"),
        joint=lambda code: position_words(request, code),
        call_for_parents=lambda row: (
            row.open and marks_call_for_parents(request.house, (one.answers.get("position", "") for one in row.marks))
        ),
        written=lambda group: _written(request, group),
        symbol=SYMBOL,
        look=position_look(request),
        crumbs=((found.unit_name, request.route_path("unit", unit_id=found.round.unit_id)), (found.round.title, "")),
    )


def _written(request: Request, group: GroupOverview) -> tuple[RenderSection, ...]:
    """What the team has written about the group."""
    if group.document is None:
        return ()
    definition = definition_of(request.house, group.document).in_language(language_of(request))
    seen = {k: v for k, v in projection(definition, group.answers, TEAM).items() if k not in _SAID}
    return sections(definition, seen, language_of(request))
