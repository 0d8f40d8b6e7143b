"""Answers: from raw to stored, what is wrong or missing, and what each reader gets to see.

Stored shapes: text ``str`` (NFC, ``\\n``), choice = code, multiple choice = codes in the order of the list, yes/no =
``bool``, date ``YYYY-MM-DD``, table = list of mappings, file = ``{sha256, name, media_type, size}``, references
``{id, name}``, document list = ``[{document_id | sha256, title}]``, person list = ``[{name, person_id?}]``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.problems import AnswerError, AnswerProblem, ValueProblem
from tillid.forms.rules import rule_problems
from tillid.forms.showing import Progress, Showing, field_progress, projection, section_texts, shown_fields
from tillid.forms.wording import Hint, wording_hints
from tillid.kernel.errors import TillidError

__all__ = [
    "Progress",
    "answer_hints",
    "check_answers",
    "clean_field",
    "field_progress",
    "projection",
    "section_texts",
    "shown_fields",
]

Resolve = Callable[[str, str], Mapping[str, Any] | None]
_MISSING = "Feltet »{label}« skal udfyldes."


def clean_field(definition: FormDefinition, field_id: str, raw: Any, *, resolve: Resolve | None = None) -> Any:
    """The stored value of ``raw`` (what ``parse`` gave, or a value already of the stored shape); ``None`` = no answer.

    ``resolve(kind, id)`` completes a bare reference from a register: it returns the whole value (``{"id", "name"}``, a
    file's description …) or ``None`` if the register does not know it. Raises ``AnswerError`` with ``.problem``.
    """
    field = _known_field(definition, field_id)
    kind = field_type(field.type)
    value = kind.normalise(_completed(field, raw, resolve), field)
    if kind.is_empty(value):
        return None
    if wrong := kind.validate(value, field, definition):
        raise AnswerError(_told(field, wrong)[0])
    return _in_list_order(definition, field, value)


def check_answers(
    definition: FormDefinition,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    filled_by: set[str] | None = None,
    complete: bool,
    phase: str = "content",
) -> list[AnswerProblem]:
    """What is wrong with ``answers`` and, if ``complete``, what is missing, in the order of the form.

    ``filled_by`` narrows both to the fields these people fill (so nobody is told what only others are asked for). A
    requirement that hangs on a fact that is not available does not count: what the system does not know stops no one.
    """
    problems = [_unknown_field(name) for name in answers if name not in definition.fields_by_id]
    showing = Showing(definition, answers, facts)
    for field in definition.fields:
        if field.phase != phase:
            if field.phase == "derived" and answers.get(field.id) is not None:
                problems.append(_problem(field, "forms.derived-field", "Feltet »{label}« udfyldes af systemet."))
            continue
        if filled_by is not None and not filled_by.intersection(field.filled_by):
            continue
        value, kind = answers.get(field.id), field_type(field.type)
        if value is None or kind.is_empty(value):
            if complete and showing.required(field):
                problems.append(_problem(field, "forms.missing", _MISSING))
        elif wrong := kind.validate(value, field, definition):
            problems += _told(field, wrong)
        elif kind.list_setting and showing.variant is not None:
            problems += _variant_problems(definition, field, value, showing)
    if complete and phase == "content":
        problems += rule_problems(definition, answers, facts, level="hard", filled_by=filled_by)
    return problems


def answer_hints(
    definition: FormDefinition, answers: Mapping[str, Any], settings: Mapping[str, Any] | None = None
) -> list[Hint]:
    """What the writer should look at but may keep, with its place: a CPR number or an address in a text that others will
    read (R-111, R-37), words that parents' texts are better without (T9b). ``settings``: see ``wording_hints``."""
    return wording_hints(definition, answers, settings or {})


def _completed(field: Field, raw: Any, resolve: Resolve | None) -> Any:
    """``raw`` with every bare reference in it completed from its register."""
    reference = field_type(field.type).reference
    if resolve is None or not reference:
        return raw

    def complete(item: Any) -> Any:
        bare = next(iter(item.values())) if isinstance(item, dict) and len(item) == 1 else None
        if not isinstance(bare, str):
            return item
        found = resolve(reference, bare)
        if found is None:
            text = "Det valgte under »{label}« findes ikke længere. Vælg igen."
            raise AnswerError(_problem(field, "forms.unknown-reference", text))
        return dict(found)

    return [complete(item) for item in raw] if isinstance(raw, list) else complete(raw)


def _told(field: Field, wrong: list[ValueProblem]) -> list[AnswerProblem]:
    return [
        AnswerProblem(field_id=field.id, code=p.code, text=p.text, params={"label": field.label, **p.params})
        for p in wrong
    ]


def _variant_problems(definition: FormDefinition, field: Field, value: Any, showing: Showing) -> list[AnswerProblem]:
    """A code of another variant's list is a wrong code."""
    if field.type not in ("choice", "multi_choice"):
        return []
    offered = {c.code for c in definition.code_list(field.settings["code_list"]).for_variant(showing.variant)}
    codes = value if isinstance(value, list) else [value]
    if offered.issuperset(codes):
        return []
    return [_problem(field, "forms.wrong-code", "Vælg et af de svar, der er på listen.")]


def _in_list_order(definition: FormDefinition, field: Field, value: Any) -> Any:
    if field.type != "multi_choice":
        return value
    order = definition.code_list(field.settings["code_list"]).codes
    return sorted(value, key=order.index)


def _known_field(definition: FormDefinition, field_id: str) -> Field:
    try:
        field = definition.field(field_id)
    except TillidError:
        raise AnswerError(_unknown_field(field_id)) from None
    if field.phase == "derived":
        raise AnswerError(_problem(field, "forms.derived-field", "Feltet »{label}« udfyldes af systemet."))
    return field


def _unknown_field(name: str) -> AnswerProblem:
    # The name came from outside: only a plausible one is repeated.
    shown = name if isinstance(name, str) and name.isidentifier() and len(name) <= 60 else ""
    return AnswerProblem(
        field_id=shown,
        code="forms.unknown-field",
        text="Skemaet har ikke det felt, der blev udfyldt. Åbn skemaet igen.",
    )


def _problem(field: Field, code: str, text: str) -> AnswerProblem:
    return AnswerProblem(field_id=field.id, code=code, text=text, params={"label": field.label})
