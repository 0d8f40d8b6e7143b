"""The parts of one value for several fields (``split`` in docs/moving_drafts.md). Nothing raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tillid.forms.carrying import (
    LONG,
    NO_CODE,
    NO_COLUMN,
    NOT_VALID,
    STUMBLES,
    Loose,
    Mapped,
    Side,
    carry,
    parts_of,
    raw_words,
    words_of,
)
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import TYPES
from tillid.forms.fieldtypes.table import column_fields
from tillid.forms.upcast_steps import Part, Split

_PART_GONE = "Denne del af svaret har ingen plads i den nye version."
Given = list[tuple[str, Any]]


def split(
    value: Any, old: Side, step: Split, places: Mapping[str, Field], new: FormDefinition, variant: str | None
) -> tuple[Given, list[Loose]]:
    """(target, value) for each part that came over, and what is left of ``value``."""
    if TYPES[old.field.type].is_empty(value):
        return [], []
    given: Given = []
    loose: list[Loose] = []
    try:
        for part in step.into:
            piece = _piece(value, old, part)
            if piece is None:
                continue
            raw, kind = piece
            if part.field not in places:
                loose.append(Loose(text=raw_words(raw), reason="no-place", why="Feltet findes ikke i den nye version."))
                continue
            side = Side(field=places[part.field], definition=new, variant=variant)
            carried, more = carry(
                raw, Side(field=kind, definition=old.definition), side, Mapped(codes=part.codes or {})
            )
            loose += more
            if carried is not None:
                given.append((part.field, carried))
        return given, loose + _untaken(value, old, step)
    except STUMBLES:
        words = words_of(value, old.field, old.definition)
        return [], [Loose(text=words, reason="not-valid", why=NOT_VALID)]


def _piece(value: Any, old: Side, part: Part) -> tuple[Any, Field] | None:
    """The part of ``value`` and a field of the type it is when it stands alone; ``None`` if it is not there."""
    field = old.field
    if part.part is not None:
        found = value.get(part.part)
        kind = parts_of(field).get(part.part, _alone(field, "text", LONG))
        text = raw_words(found) if kind.type == "text" else found
        return None if found is None else (text, kind)
    if part.has is not None:
        return (True, _alone(field, "yes_no", {})) if part.has in _codes(value, field) else None
    if part.codes is not None:
        chosen = [code for code in _codes(value, field) if code in part.codes]
        return (chosen, _alone(field, "multi_choice", field.settings)) if chosen else None
    if part.column is not None:
        column = next(c for c in column_fields(field) if c.id == part.column)
        cells = [words_of(row[column.id], column, old.definition) for row in value if column.id in row]
        return ("\n".join(cells), _alone(field, "long_text", LONG)) if cells else None
    first, _, rest = value.partition("\n")
    text = {"first": first, "rest": rest.strip(), "all": value}[part.lines or "all"]
    return (text, _alone(field, "long_text", LONG)) if text else None


def _alone(field: Field, kind: str, settings: dict[str, Any]) -> Field:
    return Field(id=field.id, label=field.label, type=kind, settings=settings)


def _codes(value: Any, field: Field) -> list[Any]:
    return value if isinstance(value, list) else [value["code"] if field.type == "choice_text" else value]


def _untaken(value: Any, old: Side, step: Split) -> list[Loose]:
    """The parts, codes, columns or lines that no target takes."""
    field, definition = old.field, old.definition
    why = step.why
    if isinstance(value, dict):
        taken = {part.part for part in step.into} | ({"code"} if _by_code(step) else set())
        rest = [(raw_words(one), "part", _PART_GONE) for key, one in value.items() if key not in taken]
        rest += [(words, "no-code", NO_CODE) for words in _untaken_codes(value, old, step)]
        return [Loose(text=text, reason=reason, why=why or said) for text, reason, said in rest]
    if field.type == "table":
        columns = {part.column for part in step.into}
        cells = [
            (number, column, row[column.id])
            for number, row in enumerate(value, start=1)
            for column in column_fields(field)
            if column.id in row and column.id not in columns
        ]
        return [
            Loose(
                text=f"Række {n}, {c.label}: {words_of(cell, c, definition)}", reason="no-column", why=why or NO_COLUMN
            )
            for n, c, cell in cells
        ]
    if _by_code(step):
        return [Loose(text=one, reason="no-code", why=why or NO_CODE) for one in _untaken_codes(value, old, step)]
    taken_lines = {part.lines for part in step.into}
    first, _, rest = value.partition("\n")
    missing = [] if "all" in taken_lines else [t for k, t in (("first", first), ("rest", rest)) if k not in taken_lines]
    return [Loose(text=text, reason="part", why=why or _PART_GONE) for text in missing if text.strip()]


def _untaken_codes(value: Any, old: Side, step: Split) -> list[str]:
    """The labels of chosen codes that no target asks for; none when the code is taken whole."""
    if not _by_code(step) or any(part.part == "code" for part in step.into):
        return []
    known = {part.has for part in step.into} | {code for part in step.into for code in part.codes or ()}
    gone = [code for code in _codes(value, old.field) if code not in known]
    shape = {"multi_choice": lambda code: [code], "choice_text": lambda code: {"code": code}}
    made = shape.get(old.field.type, lambda code: code)
    return [words_of(made(code), old.field, old.definition) for code in gone]


def _by_code(step: Split) -> bool:
    return any(part.has is not None or part.codes is not None for part in step.into)
