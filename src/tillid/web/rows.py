"""Rows of a table field that are added, moved and removed by a button, with or without JavaScript."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from tillid.forms.definition import Field
from tillid.forms.fieldtypes.table import column_fields
from tillid.web.i18n import _

Kind = Literal["add", "up", "down", "remove"]
_ASKED = re.compile(r"row-(add|up|down|remove)\.([a-z][a-z0-9_]{0,59})(?:\.([1-9][0-9]{0,2}))?\Z")


class RowStep(msgspec.Struct, frozen=True, kw_only=True):
    """What a button of a table asks for. ``number``: of the row it stands in, from 1."""

    kind: Kind
    field: str
    number: int = 0


def row_step(asked: str) -> RowStep | None:
    """The step that the button ``asked`` for, ``None`` for another button."""
    found = _ASKED.match(asked)
    return found and RowStep(kind=found[1], field=found[2], number=int(found[3] or 0))  # type: ignore[arg-type]


def stepped(texts: list[str], one: Field, step: RowStep | None) -> list[str]:
    """``texts`` of the posted cells, row after row, with ``step`` done; a step that makes no sense changes nothing."""
    if step is None or step.field != one.id or one.type != "table":
        return texts
    width = len(column_fields(one))
    if len(texts) % width:
        return texts
    rows = [texts[at : at + width] for at in range(0, len(texts), width)]
    here, other = step.number - 1, step.number - 2 if step.kind == "up" else step.number
    if step.kind == "remove" and 0 <= here < len(rows):
        del rows[here]
    elif step.kind in ("up", "down") and 0 <= here < len(rows) and 0 <= other < len(rows):
        rows[here], rows[other] = rows[other], rows[here]
    return [text for row in rows for text in row]


def focus_after(step: RowStep, one: Field, rows: int) -> str:
    """The id of what has the focus when ``step`` is done and ``rows`` rows are filled: the new row, the row that moved, or
    the row that took the removed one's place."""
    first = next(column["id"] for column in one.settings["columns"] if not column.get("hidden"))
    if step.kind == "add":
        return f"f-{one.id}-{rows + 1}-{first}"
    if step.kind == "remove":
        return f"f-{one.id}-{min(step.number, rows + 1)}-{first}"
    now = step.number - 1 if step.kind == "up" else step.number + 1
    way = step.kind if (now > 1 if step.kind == "up" else now <= rows) else {"up": "down", "down": "up"}[step.kind]
    return f"f-{one.id}-{now}-{way}"


SAID = {
    "add": _("Der er en ny tom række."),
    "up": _("Rækken er flyttet op."),
    "down": _("Rækken er flyttet ned."),
    "remove": _("Rækken er fjernet. Tryk på Fortryd, hvis du vil have den tilbage."),
}
