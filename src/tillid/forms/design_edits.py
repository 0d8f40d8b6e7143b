"""The steps of the designer on a definition's data: each takes the data and gives new data; what was given stays as it is.

A step that asks for something that is not there (a page left open) raises ``TillidError`` (``design.gone``).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any

from tillid.forms.fieldtypes import TYPES
from tillid.forms.readers import filling_readers
from tillid.kernel.errors import TillidError

Data = dict[str, Any]
# The first try of a setting that a type cannot do without; the editor shows them all.
_FIRST: Data = {
    "max": 500,
    "min": 0,
    "from": 1,
    "to": 5,
    "max_bytes": 10_000_000,
    "media_types": ["image/jpeg", "image/png", "application/pdf"],
}
_FIRST_COLUMNS = [{"id": "tekst", "label": "Tekst", "type": "text", "settings": {"max": 200}}]
_OPEN = ("author", "team", "notifier", "authority")  # readers a new field may have without anybody's asking (T9)
_OWN_FILLERS = ("professional", "leader", "team", "notifier")
_OWN_READERS = ("author", "team", "notifier")


class Gone(TillidError):
    code = "design.gone"
    text = "Det, du ville ændre, er der ikke mere. Siden viser udkastet, som det er nu."


def section_of(data: Data, section_id: str) -> Data:
    """The section in ``data``; raises ``Gone``."""
    found = next((one for one in data["sections"] if one["id"] == section_id), None)
    if found is None:
        raise Gone("section")
    return found


def field_of(data: Data, field_id: str) -> Data:
    """The field in ``data``; raises ``Gone``."""
    return _placed(data, field_id)[0][_placed(data, field_id)[1]]


def field_ids(data: Data) -> list[str]:
    return [field["id"] for section in data["sections"] for field in section["fields"]]


def add_section(data: Data, title: str, prefix: str = "") -> tuple[Data, str]:
    """With an empty section at the end, and its id. ``prefix``: what the id begins with, in an addition."""
    data = copy.deepcopy(data)
    section_id = named(f"{prefix}{title}", "afsnit", [one["id"] for one in data["sections"]])
    data["sections"].append({"id": section_id, "title": title, "fields": []})
    return data, section_id


def remove_section(data: Data, section_id: str) -> Data:
    """Only an empty one goes; raises ``Gone`` for one with fields."""
    if section_of(data, section_id)["fields"]:
        raise Gone("a section with fields")
    data = copy.deepcopy(data)
    data["sections"] = [one for one in data["sections"] if one["id"] != section_id]
    _forget(data, "sections", section_id)
    return data


def move_section(data: Data, section_id: str, step: int) -> Data:
    """One place up (-1) or down (1); nothing happens at the ends."""
    data = copy.deepcopy(data)
    _shift(data["sections"], data["sections"].index(section_of(data, section_id)), step)
    return data


def edit_section(data: Data, section_id: str, values: Data) -> Data:
    """With ``values`` in place of the section's own; an empty one is left out."""
    data = copy.deepcopy(data)
    _put(section_of(data, section_id), values, keep=("title", "fields"))
    return data


def add_field(
    data: Data, section_id: str, kind: str, label: str, taken: Iterable[str] = (), prefix: str = ""
) -> tuple[Data, str]:
    """With a new field at the end of the section, and its id. ``taken``: ids it may not have (those of the base: an id that
    comes back with another meaning would be given the old answers). Nobody outside the own side sees it unless they fill it.
    """
    data = copy.deepcopy(data)
    section = section_of(data, section_id)
    if kind not in TYPES:
        raise Gone("type")
    near = next((one for one in reversed(section["fields"]) if one["filled_by"] != ["system"]), None)
    filled_by = list(near["filled_by"]) if near else ["professional"]
    seen = near["visible_to"] if near else ["author", "team"]
    fillers = filling_readers(tuple(filled_by))
    field_id = named(f"{prefix}{label}", "felt", [*field_ids(data), *taken])
    field: Data = {"id": field_id, "label": label, "type": kind, "required": "no", "filled_by": filled_by}
    field["visible_to"] = [one for one in seen if one in _OPEN or one in fillers] or ["author", "team"]
    if prefix:  # an addition is the own side's, and nobody else sees it, unless somebody says so (T9, O22)
        field |= _inside(field)
    if TYPES[kind].from_system:
        field["filled_by"] = ["system"]
    if settings := first_settings(kind, data):
        field["settings"] = settings
    section["fields"].append(field)
    return data, field_id


def _inside(field: Data) -> Data:
    fills = [one for one in field["filled_by"] if one in _OWN_FILLERS] or ["professional"]
    return {"filled_by": fills, "visible_to": [one for one in field["visible_to"] if one in _OWN_READERS]
            or ["author", "team"]}  # fmt: skip


def add_code_list(data: Data, title: str, prefix: str = "") -> tuple[Data, str]:
    """With a list of two choices to begin with, and its id."""
    data = copy.deepcopy(data)
    lists = data.setdefault("code_lists", [])
    list_id = named(f"{prefix}{title}", "liste", [one["id"] for one in lists])
    choices = [{"code": code, "label": code.capitalize()} for code in ("ja", "nej")]
    lists.append({"id": list_id, "version": 1, "title": title, "choices": choices})
    return data, list_id


def first_settings(kind: str, data: Data) -> Data:
    """Settings with which a field of that type can begin."""
    schema = TYPES[kind].settings_schema
    lists, texts = data.get("code_lists") or [], data.get("texts") or []
    known = {
        **_FIRST,
        "code_list": lists[0]["id"] if lists else "",
        "texts": [texts[0]["id"]] if texts else [],
        "columns": copy.deepcopy(_FIRST_COLUMNS),
    }
    return {name: known[name] for name in schema.get("required", ()) if name in known}


def edit_field(data: Data, field_id: str, values: Data) -> Data:
    """With ``values`` in place of the field's own; an empty one is left out."""
    data = copy.deepcopy(data)
    _put(field_of(data, field_id), values, keep=("id", "label", "type", "required", "filled_by", "visible_to"))
    return data


def remove_field(data: Data, field_id: str) -> Data:
    data = copy.deepcopy(data)
    fields, number = _placed(data, field_id)
    del fields[number]
    _forget(data, "fields", field_id)
    return data


def move_field(data: Data, field_id: str, step: int) -> Data:
    """One place up or down in its section; nothing happens at the ends."""
    data = copy.deepcopy(data)
    _shift(*_placed(data, field_id), step)
    return data


def move_to_section(data: Data, field_id: str, section_id: str) -> Data:
    """To the end of another section."""
    data = copy.deepcopy(data)
    fields, number = _placed(data, field_id)
    section_of(data, section_id)["fields"].append(fields.pop(number))
    return data


def edit_form(data: Data, values: Data) -> Data:
    """With ``values`` (title, purpose, rules, code lists …) in place of the form's own; an empty one is left out."""
    data = copy.deepcopy(data)
    _put(data, values, keep=("title", "purpose"))
    return data


def translate(data: Data, kind: str, name: str, words: Data) -> Data:
    """With the English ``words`` for a section, field, choice or rule; empty ones are forgotten. ``kind`` empty: the form's."""
    data = copy.deepcopy(data)
    english = data.setdefault("translations", {}).setdefault("en", {})
    words = {key: word for key, word in words.items() if word}
    if not kind:
        _put(english, {key: words.get(key) for key in ("title", "purpose")})
    elif words:
        english.setdefault(kind, {})[name] = words if kind != "rules" else words["text"]
    else:
        _forget(data, kind, name)
    if not english:
        del data["translations"]
    return data


def english(data: Data, kind: str, name: str) -> Data:
    """The English words that are there."""
    found = data.get("translations", {}).get("en", {}).get(kind, {}).get(name, {})
    return found if isinstance(found, dict) else {"text": found}


def named(words: str, fallback: str, taken: Iterable[str]) -> str:
    """An id out of ``words`` that nothing else has."""
    plain = words.casefold()
    for letter, spelt in (("æ", "ae"), ("ø", "oe"), ("å", "aa"), ("é", "e"), ("ü", "u"), ("ö", "oe"), ("ä", "ae")):
        plain = plain.replace(letter, spelt)
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    base = plain if re.match(r"[a-z]", plain) else f"{fallback}_{plain}".strip("_")
    used, number, found = set(taken), 1, base
    while found in used:
        number += 1
        found = f"{base}_{number}"
    return found


def _placed(data: Data, field_id: str) -> tuple[list[Data], int]:
    for section in data["sections"]:
        for number, field in enumerate(section["fields"]):
            if field["id"] == field_id:
                return section["fields"], number
    raise Gone("field")


def _shift(items: list[Data], number: int, step: int) -> None:
    where = number + step
    if 0 <= where < len(items):
        items[number], items[where] = items[where], items[number]


def _put(place: Data, values: Data, keep: tuple[str, ...] = ()) -> None:
    for key, value in values.items():
        if value in (None, "", [], {}, False) and key not in keep:
            place.pop(key, None)
        else:
            place[key] = value


def _forget(data: Data, kind: str, name: str) -> None:
    """Translations of what is gone."""
    for words in data.get("translations", {}).values():
        words.get(kind, {}).pop(name, None)
        if kind in words and not words[kind]:
            del words[kind]
