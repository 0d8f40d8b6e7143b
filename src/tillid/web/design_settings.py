"""The inputs of a field's settings, made from its type's settings schema, and what was posted in them as settings again."""

from __future__ import annotations

from typing import Any

import msgspec
from pyramid.request import Request

from tillid.forms.definition import Field
from tillid.forms.design_edits import first_settings, named
from tillid.forms.fieldtypes import TYPES
from tillid.web.designing import chosen, line_of
from tillid.web.i18n import _

Data = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]
NAMES = {
    "max": _("Højst så mange tegn"),
    "min": _("Mindste tal"),
    "from": _("Første trin"),
    "to": _("Sidste trin"),
    "unit": _("Enhed efter tallet"),
    "code_list": _("Liste med svarmuligheder"),
    "alternative_lists": _("Lister med andre ord for de samme svar"),
    "texts": _("Tekster, der kan vises"),
    "media_types": _("Slags filer"),
    "max_bytes": _("Største fil i byte"),
    "max_rows": _("Højst så mange rækker"),
    "whole": _("Alle dele skal udfyldes, hvis én er"),
}
MOST_NUMBER = _("Største tal")
FILE_TYPES: Pairs = (
    ("image/jpeg", _("Billede (JPG)")),
    ("image/png", _("Billede (PNG)")),
    ("application/pdf", "PDF"),
)
MOST_COLUMNS = 12


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One input. ``kind``: number, text, yes_no, pick, many or labels (a text for each of ``options``)."""

    name: str
    label: str
    kind: str
    value: Any
    options: Pairs = ()
    low: int = 0
    high: int = 0


class ColumnForm(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a table as it is edited."""

    id: str
    label: str
    type: str
    hidden: bool
    settings: tuple[Setting, ...]


def inputs_of(kind: str, settings: Data, data: Data) -> list[Setting]:
    """The inputs for a field of that type; columns are asked for on their own."""
    schema = TYPES[kind].settings_schema.get("properties", {})
    return [
        _input(kind, name, part, settings.get(name), data, settings)
        for name, part in schema.items()
        if name != "columns"
    ]


def _input(kind: str, name: str, part: Data, value: Any, data: Data, settings: Data) -> Setting:
    label = MOST_NUMBER if name == "max" and kind == "number" else NAMES.get(name, name)
    lists = tuple((one["id"], one["title"]) for one in data.get("code_lists") or ())
    if name == "code_list":
        return Setting(name=name, label=label, kind="pick", value=value or "", options=lists)
    if name == "labels":
        whole = Field(id="x", label="x", type=kind, settings=settings)
        parts = tuple((one.key, one.text) for one in _parts(kind, whole))
        return Setting(name=name, label=_("Ord ved delene"), kind="labels", value=value or {}, options=parts)
    if part.get("type") == "array":
        texts = tuple((one["id"], one["id"]) for one in data.get("texts") or () if one["language"] == "da")
        options = {"media_types": FILE_TYPES, "texts": texts}.get(name, lists)
        return Setting(name=name, label=label, kind="many", value=value or [], options=options)
    if part.get("type") == "integer":
        low, high = part.get("minimum", 0), part.get("maximum", 999_999_999)
        return Setting(name=name, label=label, kind="number", value=value, low=low, high=high)
    kind_of_input = "yes_no" if part.get("type") == "boolean" else "text"
    return Setting(name=name, label=label, kind=kind_of_input, value=value)


def _parts(kind: str, whole: Field) -> tuple[Any, ...]:
    try:
        return TYPES[kind].parts(whole)
    except (LookupError, TypeError, ValueError):
        return ()  # a setting the parts are made of is not there yet


def posted_settings(request: Request, kind: str, stored: Data, data: Data, prefix: str = "set") -> Data:
    """The settings of a field of type ``kind`` out of the posted form; what a changed type lacks begins with its first."""
    schema = TYPES[kind].settings_schema.get("properties", {})
    found: Data = {}
    for one in inputs_of(kind, stored, data):
        name = f"{prefix}.{one.name}"
        if one.kind == "many":
            value: Any = chosen(request, name, dict.fromkeys((*one.value, *(code for code, _label in one.options))))
        elif one.kind == "yes_no":
            value = bool(request.POST.get(name))
        elif one.kind == "labels":
            words = {key: line_of(request, f"{name}.{key}", 120) for key, _text in one.options}
            value = {key: word for key, word in words.items() if word}
        else:
            text = line_of(request, name)
            value = whole_number(text) if one.kind == "number" else text
        if value not in ("", [], {}, None, False):
            found[one.name] = value
    for name, first in first_settings(kind, data).items():
        if name not in found and f"{prefix}.{name}" not in request.POST and name in schema:
            found[name] = stored.get(name, first)
    return found


def whole_number(text: str) -> Any:
    """The number; the text itself when it is none, which the check then objects to."""
    return int(text) if text.lstrip("-").isdecimal() and text.isascii() and len(text) < 11 else text


def columns_of(settings: Data, data: Data) -> list[ColumnForm]:
    """The columns of a table for editing."""
    return [
        ColumnForm(
            id=column["id"],
            label=column["label"],
            type=column["type"],
            hidden=bool(column.get("hidden")),
            settings=tuple(inputs_of(column["type"], column.get("settings", {}), data)),
        )
        for column in settings.get("columns", ())
    ]


def posted_columns(request: Request, stored: list[Data], data: Data, action: str) -> list[Data]:
    """The columns out of the posted form, with ``action`` (``col-add``, ``col-remove.2``, ``col-up.2`` …) done."""
    known = {column["id"]: column for column in stored}
    columns: list[Data] = []
    for number in range(MOST_COLUMNS):
        if f"col.{number}.type" not in request.POST:
            continue
        kind = line_of(request, f"col.{number}.type", 60)
        if kind not in TYPES or not TYPES[kind].in_table:
            continue
        label = line_of(request, f"col.{number}.label") or "Kolonne"
        own = line_of(request, f"col.{number}.id", 40)
        column_id = own or named(label, "kolonne", [c["id"] for c in columns] + list(known))[:40]
        before = known.get(own, {})
        settings = before.get("settings", {}) if before.get("type") == kind else {}
        settings = posted_settings(request, kind, settings, data, f"col.{number}.set")
        column: Data = {"id": column_id, "label": label, "type": kind}
        columns.append(
            column
            | ({"settings": settings} if settings else {})
            | ({"hidden": True} if request.POST.get(f"col.{number}.hidden") else {})
        )
    return _acted(columns, action)


def _acted(columns: list[Data], action: str) -> list[Data]:
    verb, _sep, text = action.partition(".")
    number = int(text) if text.isdecimal() and text.isascii() else -1
    if verb == "col-add" and len(columns) < MOST_COLUMNS:
        new = named("Ny kolonne", "kolonne", [c["id"] for c in columns])
        return [*columns, {"id": new, "label": "Ny kolonne", "type": "text", "settings": {"max": 200}}]
    if 0 <= number < len(columns):
        if verb == "col-remove" and len(columns) > 1:
            return columns[:number] + columns[number + 1 :]
        other = number + {"col-up": -1, "col-down": 1}.get(verb, 0)
        if 0 <= other < len(columns):
            columns[number], columns[other] = columns[other], columns[number]
    return columns
