"""A child in a round of trivselsskemaer: the own one, and the colleagues' when all may see them (design 25, T4b)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from tillid.documents.rendering import RenderSection, sections
from tillid.forms.definition import Choice
from tillid.forms.readers import TEAM
from tillid.forms.showing import projection
from tillid.usecases.fill import definition_of
from tillid.usecases.submit_form import BlindView, Mark, round_of_child, still_open
from tillid.web.reading import looked_anew
from tillid.web.render import language_of, page

# Said by the page itself, not again in the colleagues' texts.
_SAID = ("barn_og_runde",)
# A shape for each position, so that it is never told by colour alone.
SYMBOL = {"groen": "success", "gul": "visibility", "roed": "warning"}


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
        name=_names(request),
        position=lambda mark: _position(request, mark),
        sections_of=lambda mark: _sections(request, mark),
        symbol=SYMBOL,
    )


def _position(request: Request, mark: Mark) -> Choice | None:
    """The position with the word of the list it was chosen from."""
    definition = definition_of(request.house, mark.document)
    field = definition.field("position")
    value: Any = mark.answers.get("position")
    code = value.get("code") if isinstance(value, dict) else value
    chosen = value.get("list") if isinstance(value, dict) else None
    return definition.code_list(chosen or field.settings["code_list"]).choice(code) if code else None


def _sections(request: Request, mark: Mark) -> tuple[RenderSection, ...]:
    definition = definition_of(request.house, mark.document)
    seen = {
        field: value
        for field, value in projection(definition, mark.answers, TEAM).items()
        if definition.field(field).section not in _SAID and field != "position"
    }
    return sections(definition, seen, language_of(request))


def _names(request: Request) -> Callable[[str], str]:
    def name(person_id: str) -> str:
        found = request.house.people.staff(person_id)
        return found.name if found else ""

    return name
