"""A child in a round of trivselsskemaer: the own one, and the colleagues' when all may see them (design 25, T4b)."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.documents.rendering import RenderSection, sections
from tillid.forms.readers import TEAM
from tillid.forms.showing import projection
from tillid.usecases.fill import definition_of
from tillid.usecases.municipal_rules import marks_call_for_parents
from tillid.usecases.submit_form import BlindView, Mark, round_of_child, still_open
from tillid.web.marks import SYMBOL, mark_place, names_of, position_look
from tillid.web.reading import looked_anew
from tillid.web.render import language_of, page

# Said by the page itself, not again in the colleagues' texts.
_SAID = ("barn_og_runde",)


def child_in_round(request: Request) -> Response:
    """The own form's way in; the colleagues' marks when they are open."""
    while True:
        found = round_of_child(
            request.house, request.person, request.matchdict["child_id"], request.matchdict["round_id"]
        )
        request.admitted = True
        response = _page(request, found)
        if still_open(*looked_anew(request), found):
            return response


def _page(request: Request, found: BlindView) -> Response:
    return page(
        request,
        "round.html",
        found=found,
        name=names_of(request),
        position=lambda mark: mark_place(request, mark),
        sections_of=lambda mark: _sections(request, mark),
        symbol=SYMBOL,
        look=position_look(request),
        call_for_parents=found.open and _call_for_parents(request, found),
    )


def _call_for_parents(request: Request, found: BlindView) -> bool:
    marks = (*((found.own_mark,) if found.own_mark else ()), *found.marks)
    return marks_call_for_parents(request.house, (one.answers.get("position", "") for one in marks))


def _sections(request: Request, mark: Mark) -> tuple[RenderSection, ...]:
    definition = definition_of(request.house, mark.document).in_language(language_of(request))
    seen = {
        field: value
        for field, value in projection(definition, mark.answers, TEAM).items()
        if definition.field(field).section not in _SAID and field != "position"
    }
    return sections(definition, seen, language_of(request))
