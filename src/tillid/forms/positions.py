"""The three positions in the municipality's own words and colours; what is stored are always the codes (T7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tillid.forms.definition import CodeList, FormDefinition

CODES = ("groen", "gul", "roed")
WORDS = "positionssaet_ord"


def with_position_words(definition: FormDefinition, settings: Mapping[str, Any]) -> FormDefinition:
    """``definition`` with the names that ``settings`` (merged, ``settings.py``) give the positions; ids, codes and digest
    stay, so that what was stored before a change of names is read with the names of today. The same object if none differ."""
    names = _names(definition, settings)
    if not names:
        return definition
    lists = tuple(_named(one, names) if set(CODES) <= set(one.codes) else one for one in definition.code_lists)
    return definition if lists == definition.code_lists else msgspec.structs.replace(definition, code_lists=lists)


def position_colours(settings: Mapping[str, Any]) -> dict[str, str]:
    """Code → colour as ``#rrggbb``, of those the municipality has set."""
    found = settings.get("position_farver")
    return {code: found[code] for code in CODES if code in found} if isinstance(found, Mapping) else {}


def _names(definition: FormDefinition, settings: Mapping[str, Any]) -> dict[str, str]:
    own = settings.get("position_navne")
    names = {code: own[code] for code in CODES if own.get(code)} if isinstance(own, Mapping) else {}
    if settings.get("positionssaet") == "ord":
        words = next((one for one in definition.code_lists if one.id == WORDS), None)
        names = {choice.code: choice.label for choice in (words.choices if words else ())} | names
    return names


def _named(one: CodeList, names: Mapping[str, str]) -> CodeList:
    choices = tuple(msgspec.structs.replace(c, label=names.get(c.code, c.label)) for c in one.choices)
    return msgspec.structs.replace(one, choices=choices)
