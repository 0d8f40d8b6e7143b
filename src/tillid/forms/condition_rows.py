"""A condition as rows of field, operator and value, and back: what the designer's picker shows and makes.

A group (``all`` or ``any``) of comparisons between a field, a count or a fact and a literal; ``not`` before "answered". Within
it, groups of the other kind (one is enough of these, and all of those). Whatever else the grammar knows has no rows (``None``) and is edited as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from tillid.forms.conditions import COMPARISONS, GROUPS, ORDERINGS

Join = Literal["all", "any"]
LETTERS = ("a", "b", "c", "d")
OTHER: dict[Join, Join] = {"all": "any", "any": "all"}
OPERATORS_BY_TYPE: dict[str, tuple[str, ...]] = {
    "code": ("eq", "ne", "in", "answered", "empty"),
    "codes": ("has", "answered", "empty"),
    "boolean": ("eq", "ne", "answered", "empty"),
    "number": ("eq", "ne", "lt", "le", "gt", "ge", "answered", "empty"),
    "date": ("eq", "ne", "lt", "le", "gt", "ge", "answered", "empty"),
    "text": ("eq", "ne", "answered", "empty"),
    "list": ("answered", "empty"),
    "": ("answered", "empty"),
}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``kind``: field, fact or count, and its ``name``; ``operator``: as in a condition, or ``empty`` (not answered);
    ``group``: rows with the same letter hold together in the other way than the whole, empty = by itself."""

    kind: str
    name: str
    operator: str
    values: tuple[Any, ...] = ()
    group: str = ""


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """``all``: every row must hold; ``any``: one is enough."""

    join: Join = "all"
    rows: tuple[Row, ...] = ()


def rows_of(condition: Any) -> Rows | None:
    """The rows that mean ``condition``; ``None`` if rows cannot say it."""
    if not isinstance(condition, Mapping) or len(condition) != 1:
        return None
    ((name, body),) = condition.items()
    parts: Sequence[Any] = body if name in GROUPS and isinstance(body, list | tuple) else [condition]
    join: Join = name if name in GROUPS else "all"
    rows: list[Row] = []
    letters = iter(LETTERS)
    for part in parts:
        inside = part.get(OTHER[join]) if isinstance(part, Mapping) and len(part) == 1 else None
        letter = next(letters, "") if isinstance(inside, list | tuple) else ""
        found = [_row(one) for one in inside] if letter and isinstance(inside, list | tuple) else [_row(part)]
        if not found or None in found:
            return None
        rows += [msgspec.structs.replace(row, group=letter) for row in found if row]
    return Rows(join=join, rows=tuple(rows)) if rows else None


def condition_of(rows: Rows) -> dict[str, Any] | None:
    """The condition that ``rows`` mean: a single row without a group; ``None`` for no rows."""
    groups: dict[str, list[Any]] = {}
    for number, row in enumerate(rows.rows):
        groups.setdefault(row.group or str(number), []).append(_condition(row))
    parts = [one[0] if len(one) == 1 else {OTHER[rows.join]: one} for one in groups.values()]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {rows.join: parts}


def _row(part: Any) -> Row | None:
    if not isinstance(part, Mapping) or len(part) != 1:
        return None
    ((name, body),) = part.items()
    if name == "not":
        inner = _row(body)
        if inner is not None and inner.operator == "answered":
            return msgspec.structs.replace(inner, operator="empty")
        return None
    if name == "answered":
        return Row(kind="field", name=body, operator="answered") if isinstance(body, str) else None
    if name not in (*COMPARISONS, *ORDERINGS, "in", "has") or not isinstance(body, list | tuple) or len(body) != 2:
        return None
    left, right = body
    if not isinstance(left, Mapping) or len(left) != 1:
        return None
    ((kind, target),) = left.items()
    values = tuple(right) if isinstance(right, list | tuple) else (right,)
    if kind not in ("field", "fact", "count") or any(isinstance(one, Mapping | list) for one in values):
        return None
    return Row(kind=kind, name=str(target), operator=name, values=values)


def _condition(row: Row) -> dict[str, Any]:
    if row.operator in ("answered", "empty"):
        answered = {"answered": row.name}
        return answered if row.operator == "answered" else {"not": answered}
    left = {row.kind: row.name}
    if row.operator == "in":
        return {"in": [left, list(row.values)]}
    return {row.operator: [left, row.values[0] if row.values else ""]}
