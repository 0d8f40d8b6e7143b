"""Words that people should look at again before others read them (T9b, O3, T32, R-111, R-37): hints, no stop.

One thing stops: an address that the register knows as protected (``protected_problems``). Everything here is pure; the word
lists come from ``wording_lists``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tillid.forms.addresses import address_places, known_address_places
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.base import flat_text
from tillid.forms.problems import AnswerProblem, ValueProblem
from tillid.forms.wording_lists import Wording, WordingRule, load_wording
from tillid.forms.wording_match import Token, rule_places, tokens
from tillid.kernel.cpr import cpr_places, holds_cpr

READ_BY_OTHERS = frozenset({"parent", "receiver"})
AROUND = 40
MOST_HINTS = 20  # of one field: more would hide the text they are about


CPR = ValueProblem(code="forms.hint-cpr", text="Det ligner et CPR-nummer. Slet det, hvis det er det.")
ADDRESS = ValueProblem(
    code="forms.hint-address",
    text="Det ligner en adresse. Adresser hører ikke hjemme i det, andre læser. Slet den, hvis det er en.",
)
PROTECTED = ValueProblem(
    code="forms.protected-address",
    text="I »{label}« står der en adresse, som er beskyttet. Slet den, før I deler teksten.",
)
NAMED = ValueProblem(code="", text="I »{label}« er der noget at se på igen. ")


class Hint(AnswerProblem, frozen=True, kw_only=True):
    """A hint with its place. ``said``: the text without the field's name, for a page that shows it beside the field;
    ``where``: in which row or part (empty = the whole value); ``start`` and ``end``: in that
    text; ``before``, ``word`` and ``after``: the place with what stands around it, for the writer alone."""

    said: str
    where: str = ""
    start: int = 0
    end: int = 0
    before: str = ""
    word: str = ""
    after: str = ""


def wording_hints(
    definition: FormDefinition,
    answers: Mapping[str, Any],
    settings: Mapping[str, Any],
    wording: Wording | None = None,
) -> list[Hint]:
    """What in ``answers`` its writers should look at again, in the order of the form.

    ``settings``: the municipality's, by id (``vis_position_til_foraeldre``; not set = no colours for parents).
    """
    wording = wording or load_wording()
    return [
        hint
        for field in definition.fields
        if answers.get(field.id) is not None
        for hint in field_hints(definition, field, answers[field.id], settings, wording)
    ]


def settings_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The municipal settings among the outside facts, by their own id."""
    return {name.removeprefix("setting_"): value for name, value in facts.items() if name.startswith("setting_")}


def field_hints(
    definition: FormDefinition, field: Field, value: Any, settings: Mapping[str, Any], wording: Wording
) -> list[Hint]:
    """The hints of one field."""
    hints = [
        hint
        for where, text in field_type(field.type).free_text(value, field)
        for hint in _text_hints(field, where, text, settings, wording)
    ]
    if not any(hint.code == CPR.code for hint in hints) and _cpr_elsewhere(definition, field, value):
        hints.insert(0, _hint(field, "", "", (0, 0), CPR.code, CPR.text))
    return hints[:MOST_HINTS]


def protected_problems(
    definition: FormDefinition, answers: Mapping[str, Any], addresses: Sequence[str]
) -> list[AnswerProblem]:
    """A problem for every field that holds one of ``addresses`` (protected ones, of the register), however it is spelled.

    R-37: such a text is not shared. The problem says the field and never the address.
    """
    if not addresses:
        return []
    return [
        AnswerProblem(
            field_id=field.id,
            code=PROTECTED.code,
            text=PROTECTED.text,
            params={"label": field.label},
        )
        for field in definition.fields
        if READ_BY_OTHERS & set(field.visible_to)
        and answers.get(field.id) is not None
        and any(
            known_address_places(text, addresses)
            for _where, text in field_type(field.type).free_text(answers[field.id], field)
        )
    ]


def _cpr_elsewhere(definition: FormDefinition, field: Field, value: Any) -> bool:
    """In a name or a title, which are no free text but are read all the same. (A field for the number itself is masked.)"""
    kind = field_type(field.type)
    return not kind.is_empty(value) and holds_cpr(flat_text(kind.format(value, field, definition)))


def _text_hints(field: Field, where: str, text: str, settings: Mapping[str, Any], wording: Wording) -> Iterator[Hint]:
    for start, end in cpr_places(text):
        yield _hint(field, where, text, (start, end), CPR.code, CPR.text)
    if not READ_BY_OTHERS & set(field.visible_to):
        return
    found = tokens(text)
    for place in address_places(text, found, wording):
        yield _hint(field, where, text, place, ADDRESS.code, ADDRESS.text)
    if "parent" in field.visible_to:
        yield from _rule_hints(field, where, text, found, settings, wording)


def _rule_hints(
    field: Field, where: str, text: str, found: list[Token], settings: Mapping[str, Any], wording: Wording
) -> Iterator[Hint]:
    parents_own = set(field.filled_by) <= {"parent", "child"}
    for rule in wording.rules:
        if (parents_own and not rule.by_parents) or _silent(rule, settings):
            continue
        for place in rule_places(rule, found, wording):
            yield _hint(field, where, text, place, f"forms.hint-{rule.id}", rule.text)


def _silent(rule: WordingRule, settings: Mapping[str, Any]) -> bool:
    return rule.unless is not None and settings.get(rule.unless.setting) == rule.unless.value


def _hint(field: Field, where: str, text: str, place: tuple[int, int], code: str, said: str) -> Hint:
    start, end = place
    return Hint(
        field_id=field.id,
        code=code,
        text=NAMED.text + said.replace("{", "{{").replace("}", "}}"),
        said=said,
        params={"label": field.label},
        where=where,
        start=start,
        end=end,
        before=("…" if start > AROUND else "") + text[max(0, start - AROUND) : start],
        word=text[start:end],
        after=text[end : end + AROUND] + ("…" if len(text) > end + AROUND else ""),
    )
