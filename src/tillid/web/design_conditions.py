"""The picker for conditions: rows of field, operator and value in a form, and the condition they mean; or text for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from pyramid.request import Request

from tillid.forms.canonical_yaml import canonical_yaml
from tillid.forms.condition_rows import LETTERS, OPERATORS_BY_TYPE, Join, Row, Rows, condition_of, rows_of
from tillid.forms.facts import FACTS
from tillid.forms.fieldtypes import TYPES
from tillid.forms.yamldata import read_yaml
from tillid.web.design_settings import whole_number
from tillid.web.designing import line_of, text_of
from tillid.web.i18n import _

Data = dict[str, Any]
MOST_ROWS = 12
OPERATORS = {
    "eq": _("er"),
    "ne": _("er ikke"),
    "lt": _("er mindre end eller før"),
    "le": _("er højst eller senest"),
    "gt": _("er større end eller efter"),
    "ge": _("er mindst eller tidligst"),
    "in": _("er en af"),
    "has": _("har valgt"),
    "answered": _("er udfyldt"),
    "empty": _("er ikke udfyldt"),
}
FACT_WORDS = {
    "latest_position": _("Barnets placering i den seneste vurdering"),
    "variant": _("Hvilken slags skemaet er"),
    "sender_unit_kind": _("Stedet, hvor der skrives"),
    "receiver_unit_kind": _("Stedet, der modtager"),
    "joint_custody": _("Flere har forældremyndighed"),
    "legal_basis": _("Grundlaget for at give oplysningerne videre"),
    "has_sensitive_items": _("Der spørges om noget følsomt"),
    "parents_accept_evaluation": _("Forældrene vil have evalueringen"),
}
YES_NO = (("true", _("Ja")), ("false", _("Nej")))


class RowForm(msgspec.Struct, frozen=True, kw_only=True):
    """One row as it is edited. ``options``: what may be picked as value; none = it is typed, as a ``type``;
    ``group``: the letter of the rows it holds together with."""

    left: str
    operator: str
    values: tuple[str, ...]
    operators: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]
    type: str
    group: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.left) and (self.operator in ("answered", "empty") or bool(self.values))


class ConditionForm(msgspec.Struct, frozen=True, kw_only=True):
    """``text``: the condition as YAML where rows cannot say it or the editor wants it so; ``as_text``: it is edited."""

    name: str
    join: str = "all"
    rows: tuple[RowForm, ...] = ()
    text: str = ""
    as_text: bool = False
    error: str = ""
    condition: Any = None


class Asked:
    """What a condition may ask in one definition: fields, counts, facts, with their types and codes."""

    def __init__(self, data: Data, without: str = "") -> None:
        lists = {one["id"]: one["choices"] for one in data.get("code_lists") or ()}
        self.groups: list[tuple[str, list[tuple[str, str]]]] = []
        self.types: dict[str, str] = {}
        self.options: dict[str, tuple[tuple[str, str], ...]] = {}
        for section in data["sections"]:
            pairs = []
            for field in section["fields"]:
                if field["id"] == without or field["type"] not in TYPES:
                    continue
                kind = TYPES[field["type"]].condition_type
                key = f"field:{field['id']}"
                pairs.append((key, field["label"]))
                self.types[key] = kind
                choices = lists.get(field.get("settings", {}).get("code_list", ""), ())
                self.options[key] = tuple((one["code"], one["label"]) for one in choices)
                if kind in ("list", "codes"):
                    pairs.append((f"count:{field['id']}", _("Antal i »{label}«").format(label=field["label"])))
                    self.types[f"count:{field['id']}"] = "number"
            self.groups.append((section["title"], pairs))
        self.groups.append((_("Det, systemet ved"), [(f"fact:{name}", _fact_words(name)) for name in FACTS]))
        variants = tuple((one["id"], one["title"]) for one in data.get("variants") or ())
        for name, fact in FACTS.items():
            self.types[f"fact:{name}"] = fact.type
            self.options[f"fact:{name}"] = variants if name == "variant" else tuple((c, c) for c in fact.codes)

    def row(self, left: str, operator: str, values: tuple[str, ...], group: str = "") -> RowForm:
        """The row with what may be picked in it; an operator that the left side cannot have becomes its first."""
        kind = self.types.get(left, "")
        known = OPERATORS_BY_TYPE.get(kind, OPERATORS_BY_TYPE[""])
        if not left.startswith("field:"):
            known = tuple(one for one in known if one not in ("answered", "empty"))
        operators = tuple((one, OPERATORS[one]) for one in known) if left else ()
        options = YES_NO if kind == "boolean" else self.options.get(left, ())
        operator = operator if operator in known else (known[0] if known else "")
        if options and values:
            values = tuple(one for one in values if one in {code for code, _label in options})
        if operator != "in":
            values = values[:1]
        return RowForm(
            left=left, operator=operator, values=values, operators=operators, options=options, type=kind, group=group
        )


def _fact_words(name: str) -> str:
    return FACT_WORDS.get(name) or FACTS[name].meaning


def form_of(name: str, condition: Any, asked: Asked) -> ConditionForm:
    """A stored condition for editing."""
    if condition is None:
        return ConditionForm(name=name)
    rows = rows_of(condition)
    if rows is None or any(f"{row.kind}:{row.name}" not in asked.types for row in rows.rows):
        return ConditionForm(name=name, text=as_yaml(condition), condition=condition)
    shown = tuple(asked.row(f"{r.kind}:{r.name}", r.operator, tuple(map(_text, r.values)), r.group) for r in rows.rows)
    return ConditionForm(name=name, join=rows.join, rows=shown, condition=condition)


def posted_form(request: Request, name: str, stored: Any, asked: Asked, action: str) -> ConditionForm:
    """The posted condition, with ``action`` (``row-add.<name>``, ``row-remove.<name>.2``, ``as-text.<name>``) done."""
    verb, _sep, rest = action.partition(".")
    whose, _sep, number = rest.partition(".")
    mine = verb if whose == name else ""
    if f"{name}.text" in request.POST:
        return _from_text(request, name)
    if f"{name}.rows" not in request.POST:  # shown as text that is not edited
        form = form_of(name, stored, asked)
        return msgspec.structs.replace(form, as_text=True) if mine == "as-text" else form
    rows = [row for n in range(MOST_ROWS + 1) if (row := _posted_row(request, f"{name}.{n}", asked)) is not None]
    if mine == "row-add" and len(rows) < MOST_ROWS:
        rows.append(asked.row("", "", ()))
    elif mine == "row-remove" and number.isdecimal() and int(number) < len(rows):
        del rows[int(number)]
    join: Join = "any" if request.POST.get(f"{name}.join") == "any" else "all"
    made = condition_of(Rows(join=join, rows=tuple(_meant(row) for row in rows if row.complete)))
    form = ConditionForm(name=name, join=join, rows=tuple(rows), condition=made)
    if mine == "as-text":
        return msgspec.structs.replace(form, as_text=True, text=as_yaml(made or {}))
    return form


def _from_text(request: Request, name: str) -> ConditionForm:
    text = text_of(request, f"{name}.text")
    read = read_yaml(text.encode(), name)
    if not text:
        return ConditionForm(name=name)
    if read.problems or not isinstance(read.data, dict):
        why = read.problems[0].text if read.problems else ""
        return ConditionForm(name=name, text=text, as_text=True, error=why or "?")
    return ConditionForm(name=name, text=text, as_text=True, condition=read.data)


def _posted_row(request: Request, name: str, asked: Asked) -> RowForm | None:
    if f"{name}.left" not in request.POST:
        return None
    left = line_of(request, f"{name}.left", 80)
    group = request.POST.get(f"{name}.group", "")
    group = group if group in LETTERS else ""
    values = tuple(one for one in request.POST.getall(f"{name}.value") if isinstance(one, str) and 0 < len(one) <= 300)
    return asked.row(left if left in asked.types else "", line_of(request, f"{name}.op", 20), values, group)


def _meant(row: RowForm) -> Row:
    kind, _sep, target = row.left.partition(":")
    return Row(
        kind=kind,
        name=target,
        operator=row.operator,
        values=tuple(_literal(row.type, one) for one in row.values),
        group=row.group,
    )


def _literal(kind: str, text: str) -> Any:
    if kind == "boolean":
        return text == "true"
    return whole_number(text) if kind == "number" else text


def _text(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def as_yaml(condition: Any) -> str:
    """The condition as it stands in the file."""
    return canonical_yaml(condition).strip() if isinstance(condition, Mapping) and condition else ""
