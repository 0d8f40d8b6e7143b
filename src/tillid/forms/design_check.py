"""What stands between a design and its publication: the same checks as a file's, the way from the base, what is undecided."""

from __future__ import annotations

import copy
from typing import Any

import msgspec

from tillid.forms.addition_check import addition_data, check_addition, require_same_base
from tillid.forms.canonical_yaml import canonical_yaml
from tillid.forms.checks import check_definition
from tillid.forms.checks_upcasts import upcast_problems
from tillid.forms.code_lists import Lists, with_lists
from tillid.forms.definition import FormDefinition
from tillid.forms.designs import Checked, Design
from tillid.forms.loading import shaped
from tillid.forms.problems import DefinitionError, Problem
from tillid.forms.schema import schema_problems
from tillid.forms.upcast_drafts import GONE, NO_COLUMN, NO_LONGER, OTHER_KIND, suggested_upcast
from tillid.forms.yamldata import LinedData, read_yaml
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError

MOST_REMEMBERED = 32
_remembered: dict[tuple[str, str, tuple[str, ...]], Checked] = {}
_OPEN = {GONE, OTHER_KIND, NO_LONGER, NO_COLUMN}


def whole(design: Design, status: str = "candidate", version: int | None = None) -> dict[str, Any]:
    """The data of ``design`` as its file has it; of an addition the whole form with it put in."""
    if design.addition is not None:
        return {**design.data, "version": design.base, "status": status}
    return {**design.data, "version": version or design.version, "status": status}


def checked(design: Design, base: FormDefinition, status: str = "candidate") -> Checked:
    """Everything that is wrong with ``design`` now; ``base``: the version it is moved from. Remembered by content: a page
    asks for the same design several times over."""
    added = design.addition is not None
    data = addition_data(design, base) if added else whole(design, status)
    key = (json_digest(data), base.digest, design.decided)
    if key not in _remembered:
        while len(_remembered) >= MOST_REMEMBERED:
            _remembered.pop(next(iter(_remembered)), None)
        _remembered[key] = check_addition(design, base, data) if added else _checked(design, base, data)
    return _remembered[key]


def _checked(design: Design, base: FormDefinition, data: dict[str, Any]) -> Checked:
    text = canonical_yaml(data)
    source = read_yaml(text.encode(), f"{design.form}/v{design.version}.yaml")
    problems = list(source.problems or schema_problems(source))
    definition = None
    if not problems:
        problems = check_definition(source)
        definition = shaped(data)
        if definition is not None:
            problems = [*problems, *relied_on(base, definition, source), *upcast_problems(base, definition, source)]
            problems += _undecided(design, base, source)
    return Checked(text=text, digest=json_digest(data), problems=tuple(problems), definition=definition)


def with_way(design: Design, base: FormDefinition) -> Design:
    """``design`` with a way from the base that is total: steps that are there stay, what has lost its place is named. An
    addition needs none; raises ``FixedBase`` if anything of its form was changed."""
    if design.addition is not None:
        require_same_base(design, base)
        return design
    data = copy.deepcopy(design.data)
    if data.get("upcast", {}).get("from") != base.version:
        data.pop("upcast", None)
    definition = shaped({**data, "version": base.version + 1, "status": "candidate"})
    if definition is not None:
        try:
            data["upcast"] = suggested_upcast(base, definition)
        except (TillidError, KeyError, TypeError, ValueError):
            pass  # half-made settings (a table without columns, a list that is gone): the check tells of them
    return msgspec.structs.replace(design, data=data)


def relied_on(base: FormDefinition, new: FormDefinition, source: LinedData) -> list[Problem]:
    """Fields that the system fills or works out stay: the program asks for them by name."""
    there = {field.id for field in new.fields}
    return [
        Problem(
            file=source.file,
            line=0,
            field=field.id,
            code="forms.relied-on",
            text=f"»{field.label}« ({field.id}) udfyldes af systemet og skal være med i skemaet.",
            suggestion="Fortryd, eller hent feltet ind igen.",
        )
        for field in base.fields
        if (field.filled_by == ("system",) or field.phase == "derived") and field.id not in there
    ]


def _undecided(design: Design, base: FormDefinition, source: LinedData) -> list[Problem]:
    """Steps that only the machine has proposed: somebody must say where the answers go."""
    labels = {field.id: field.label for field in base.fields}
    found = []
    for number, raw in enumerate(design.data.get("upcast", {}).get("steps", [])):
        ((kind, body),) = raw.items()
        if kind in ("drop", "recode") and body.get("why") in _OPEN and body["field"] not in design.decided:
            found.append(
                Problem(
                    file=source.file,
                    line=source.line(("upcast", "steps", number)),
                    field=body["field"],
                    code="forms.undecided",
                    text=f"Ingen har sagt, hvor svarene i »{labels.get(body['field'], body['field'])}« skal hen.",
                    suggestion="Vælg det under »Fra den gamle version«.",
                )
            )
    return found


def imported(raw: bytes, lists: Lists) -> dict[str, Any]:
    """The data of a definition file; raises ``DefinitionError`` for what is no YAML we take or not of the shape of one."""
    source = with_lists(read_yaml(raw, "fil.yaml"), lists)
    problems = source.problems or schema_problems(source)
    if problems:
        raise DefinitionError(list(problems)[:50])
    return source.data
