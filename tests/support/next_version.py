"""A version of overgangsbeskrivelse after the newest, with something of everything, for tests that move a draft."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.support.definitions import our_definitions
from tillid.forms.code_lists import load_code_lists
from tillid.forms.definition import FormDefinition
from tillid.forms.loading import Definitions, definition_from
from tillid.forms.yamldata import LinedData, read_yaml
from tillid.kernel.paths import FORM_DEFINITIONS

if TYPE_CHECKING:  # it brings the object database, which the fast core does without
    from tests.support.world import World

FORM = "overgangsbeskrivelse"


@cache
def next_version() -> FormDefinition:
    """Version 4: one field renamed on each side, two merged, one too short, one dropped into another, one new."""
    raw = (FORM_DEFINITIONS / FORM / "v3.yaml").read_bytes()
    data: dict[str, Any] = copy.deepcopy(read_yaml(raw, "v3.yaml").data)
    data["version"] = 4
    for key in ("translations", "upcast"):
        data.pop(key, None)
    fields = {field["id"]: field for section in data["sections"] for field in section["fields"]}
    fields["u_greb"] |= {"id": "u_metoder", "label": "Det virker hos os"}
    fields["p_glad"] |= {"id": "p_glaede", "label": "Det glæder vores barn"}
    fields["u_folelser"] |= {"id": "u_folelser_krop", "label": "Følelser og krop", "settings": {"max": 1000}}
    fields["u_relationer"]["settings"] = {"max": 40}
    fields["u_laering"]["settings"] = {"max": 1000}
    fields["u_hverdag"] |= {"id": "u_ny", "label": "Noget nyt", "help": "", "required": "no"}
    section = next(one for one in data["sections"] if one["id"] == "fagpersonens_del")
    section["fields"] = [field for field in section["fields"] if field["id"] != "u_krop"]
    data["upcast"] = {
        "from": 3,
        "note": "Version 4 samler følelser og krop.",
        "steps": [
            {"rename": {"field": "u_greb", "to": "u_metoder"}},
            {"rename": {"field": "p_glad", "to": "p_glaede"}},
            {"merge": {"fields": ["u_folelser", "u_krop"], "into": "u_folelser_krop"}},
            {"drop": {"field": "u_hverdag", "text_to": "u_laering", "why": "Hverdagen hører nu til læring."}},
        ],
        "new": ["u_ny"],
    }
    lists, _ = load_code_lists(FORM_DEFINITIONS)
    return definition_from(LinedData(file="v4.yaml", data=data, lines={}, problems=[]), lists)


def publish_next(world: World) -> FormDefinition:
    """From now on the world knows the next version too."""
    found, known = next_version(), our_definitions()
    world.parts = replace(
        world.parts, definitions=Definitions([*known.all(), found], known.list_digests, additions=known.additions)
    )
    return found
