"""How a mark is shown wherever it may be seen: word and symbol, never a colour alone (R-122)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup
from pyramid.request import Request

from tillid.forms.definition import Choice
from tillid.forms.positions import position_colours
from tillid.usecases.fill import definition_of
from tillid.usecases.outside_facts import ASSESSMENT
from tillid.usecases.submit_form import Mark
from tillid.web.render import language_of

SYMBOL = {"groen": "success", "gul": "visibility", "roed": "warning"}


def mark_place(request: Request, mark: Mark, field_id: str = "position") -> Choice | None:
    """The position (of the child, or in ``position_kontekst`` of its surroundings) with the word of the list it was chosen
    from."""
    definition = definition_of(request.house, mark.document).in_language(language_of(request))
    field = definition.field(field_id)
    value: Any = mark.answers.get(field_id)
    code = value.get("code") if isinstance(value, dict) else value
    chosen = value.get("list") if isinstance(value, dict) else None
    return definition.code_list(chosen or field.settings["code_list"]).choice(code) if code else None


def position_words(request: Request, code: str) -> Choice | None:
    """The team's joint position in the words of the newest assessment form; ``None`` for none."""
    definition = request.house.definitions.latest(ASSESSMENT).in_language(language_of(request))
    return (
        definition.code_list(definition.field("samlet_position").settings["code_list"]).choice(code) if code else None
    )


def position_look(request: Request) -> Callable[[str], tuple[str, Markup]]:
    """Code → its class and, where the municipality has chosen colours of its own, a spot in that colour: always beside word
    and symbol (R-122). A municipality that uses words only has neither (T7)."""
    house = request.house
    coloured = house.settings.choices.get("positionssaet") != "ord"
    own = position_colours(house.choices.stored()) if coloured else {}

    def look(code: str) -> tuple[str, Markup]:
        return (
            f"position-{code}" if coloured and code not in own else "",
            _SPOT.format(own[code]) if code in own else _NO,
        )

    return look


_NO = Markup()
# ``fill`` as an attribute: the policy for styles allows none in the page.
_SPOT = Markup(
    '<svg class="position-colour" aria-hidden="true" focusable="false" width="20" height="20" viewBox="0 0 20 20">'
    '<circle cx="10" cy="10" r="9" fill="{}" stroke="#1a1a1a"></circle></svg>'
)


def names_of(request: Request) -> Callable[[str], str]:
    """Staff id → name, empty for somebody the register no longer knows."""

    def name(person_id: str) -> str:
        found = request.house.people.staff(person_id)
        return found.name if found else ""

    return name
