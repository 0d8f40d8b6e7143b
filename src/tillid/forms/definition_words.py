"""Danish words for what a definition says: conditions, types, readers. For the difference of versions and the designer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tillid.forms.conditions import OPERATORS
from tillid.forms.definition import Field, FormDefinition
from tillid.kernel.errors import TillidError

READER_WORDS = {
    "author": "den, der har skrevet",
    "team": "teamet",
    "parent": "forældrene",
    "receiver": "modtageren",
    "authority": "myndigheden",
    "notifier": "den, der underretter",
    "archive": "arkivet",
}
FILLER_WORDS = {
    "professional": "fagpersonen",
    "leader": "lederen",
    "team": "teamet",
    "parent": "forældrene",
    "child": "barnet",
    "receiver": "modtageren",
    "notifier": "den, der underretter",
    "authority": "myndigheden",
    "system": "systemet",
}
TYPE_WORDS = {
    "text": "kort tekst",
    "long_text": "tekst",
    "choice": "ét valg",
    "multi_choice": "flere valg",
    "choice_text": "valg med egne ord",
    "scale_text": "trin med egne ord",
    "yes_no": "ja eller nej",
    "yes_no_text": "ja eller nej med egne ord",
    "date": "dato",
    "date_choice": "dato og måde",
    "date_text": "dato og tekst",
    "table": "tabel",
    "file": "fil",
    "document_list": "liste af dokumenter",
    "person_list": "liste af personer",
    "number": "tal",
    "percent": "procent",
    "period": "periode",
}
_COMPARED = {
    "eq": "{} er {}",
    "ne": "{} er ikke {}",
    "lt": "{} er mindre end {}",
    "le": "{} er højst {}",
    "gt": "{} er større end {}",
    "ge": "{} er mindst {}",
    "has": "{} har {}",
}


def type_words(name: str) -> str:
    """The type in Danish; its own name when there is no word for it."""
    return TYPE_WORDS.get(name, name)


def readers_words(codes: tuple[str, ...]) -> str:
    return ", ".join(READER_WORDS.get(code, code) for code in codes)


def fillers_words(codes: tuple[str, ...]) -> str:
    return ", ".join(FILLER_WORDS.get(code, code) for code in codes)


def required_words(required: str | Mapping[str, Any], definition: FormDefinition) -> str:
    """``ja``, ``nej`` or ``når …``."""
    if isinstance(required, str):
        return {"yes": "ja", "no": "nej"}.get(required, required)
    return f"når {condition_words(required, definition)}"


def condition_words(condition: Any, definition: FormDefinition) -> str:
    """A condition as a Danish sentence part: »Slags« er »B« og »Dag« er udfyldt. Never raises."""
    if not isinstance(condition, Mapping) or len(condition) != 1:
        return str(condition)
    ((name, body),) = condition.items()
    if name in ("all", "any") and isinstance(body, list | tuple):
        parts = [condition_words(part, definition) for part in body]
        joined = (" og " if name == "all" else " eller ").join(parts)
        return f"({joined})" if len(parts) > 1 and name == "any" else joined
    if name == "not":
        return f"ikke ({condition_words(body, definition)})"
    if name == "answered":
        return f"{_field_words(body, definition)} er udfyldt"
    if not isinstance(body, list | tuple) or len(body) != 2:
        return f"{name} {body}"
    left, label = _operand_words(body[0], definition), _labels(body[0], definition)
    if name == "in" and isinstance(body[1], list | tuple):
        return f"{left} er " + " eller ".join(_operand_words(one, definition, label) for one in body[1])
    return _COMPARED.get(name, "{} " + name + " {}").format(left, _operand_words(body[1], definition, label))


def computed_words(expression: Any, definition: FormDefinition) -> str:
    """What a computed field is worked out from: »Dag« plus 4 måneder. Never raises."""
    condition = isinstance(expression, Mapping) and next(iter(expression), "") in OPERATORS
    return (condition_words if condition else _operand_words)(expression, definition)


def _operand_words(operand: Any, definition: FormDefinition, label: Callable[[Any], str] = str) -> str:
    if isinstance(operand, bool):
        return "ja" if operand else "nej"
    if not isinstance(operand, Mapping) or len(operand) != 1:
        return f"»{label(operand)}«" if isinstance(operand, str) else str(operand)
    ((kind, body),) = operand.items()
    if kind == "field":
        return _field_words(body, definition)
    if kind == "count":
        return f"antallet i {_field_words(body, definition)}"
    if kind in ("add_months", "add_days") and isinstance(body, list | tuple) and len(body) == 2:
        unit = "måneder" if kind == "add_months" else "dage"
        return f"{_operand_words(body[0], definition)} plus {body[1]} {unit}"
    if kind == "if" and isinstance(body, list | tuple) and len(body) == 3:
        first, second = (_operand_words(one, definition) for one in body[1:])
        return f"{first}, når {condition_words(body[0], definition)}, ellers {second}"
    return f"oplysningen {body}" if kind == "fact" else f"{kind} {body}"


def _field_words(name: Any, definition: FormDefinition) -> str:
    try:
        return f"»{definition.field(name).label}«"
    except TillidError:
        return f"»{name}«"


def _labels(operand: Any, definition: FormDefinition) -> Callable[[Any], str]:
    """Code → label, for the field that ``operand`` names."""
    name = operand.get("field") if isinstance(operand, Mapping) else None
    try:
        field: Field = definition.field(name or "")
        code_list = definition.code_list(field.settings.get("code_list", ""))
    except TillidError:
        return str
    return lambda code: found.label if (found := code_list.choice(code)) else str(code)
