"""Random additions to random forms (O22): what is let through adds and changes nothing else; the whole can be filled and read
like any form, and tells parents no more than it says."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.property.generated import _field, answers_to, definition_data, facts, fine, hidden_facts
from tests.property.test_generated_forms import PHASES, filled_and_read, met_by_parents
from tests.support.effort import times
from tillid.forms.answers import check_answers, projection, shown_fields
from tillid.forms.definition import FormDefinition
from tillid.forms.fieldtypes import TYPES
from tillid.forms.overlays import overlaid
from tillid.forms.problems import DefinitionError
from tillid.forms.readers import PARENT, READERS
from tillid.forms.yamllimits import LinedData
from tillid.kernel.canonical import json_digest

_CONDITIONS = ("shown_if", "computed")


@st.composite
def _own(draw: st.DrawFn, number: int, before: list[dict[str, Any]]) -> dict[str, Any]:
    field = draw(_field(number, before)) | {"id": f"egen_{number}"}
    field.pop("phase", None)
    if TYPES[field["type"]].from_system:
        field["phase"] = "derived"
    if draw(st.booleans()):
        field.pop("visible_to")
    return field


@st.composite
def additions(draw: st.DrawFn, base: FormDefinition, data: dict[str, Any]) -> dict[str, Any]:
    """An addition to ``base``; perhaps one that is refused."""
    before = [field for section in data["sections"] for field in section["fields"]]
    own: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 3))):
        known = [*before, *({"visible_to": ["author", "team"], **one} for one in own)]
        own.append(draw(_own(number, known)))
    inside = draw(st.integers(0, len(own)))
    section = draw(st.sampled_from(data["sections"]))
    after = {"after": draw(st.sampled_from(section["fields"]))["id"]} if draw(st.booleans()) else {}
    placed = [{"section": section["id"], **after, "field": one} for one in own[:inside]]
    apart = {"section": {"id": "egen_afsnit", "title": "Vores eget", "fields": own[inside:]}}
    return {
        "id": "vores",
        "version": 1,
        "title": "Vores eget",
        "base": base.name,
        "base_digest": json_digest(data),
        **({"fields": placed} if placed else {}),
        **({"sections": [apart]} if own[inside:] else {}),
    }


def without_conditions(addition: dict[str, Any]) -> dict[str, Any]:
    """The same, asking for nothing and hanging on nothing."""
    plain = copy.deepcopy(addition)
    fields = [one["field"] for one in plain.get("fields", ())]
    fields += [field for one in plain.get("sections", ()) for field in one["section"]["fields"]]
    for field in fields:
        field["required"] = "no"
        for key in _CONDITIONS:
            field.pop(key, None)
    return plain


def whole_of(data: dict[str, Any], addition: dict[str, Any]) -> FormDefinition | None:
    try:
        return overlaid(data, LinedData(file="vores/v1.yaml", data=addition, lines={(): 1}, problems=[]))
    except DefinitionError:
        return None


@st.composite
def added(draw: st.DrawFn) -> tuple[FormDefinition, FormDefinition, dict[str, Any]]:
    """A form, the same with an addition that was let through, and the addition."""
    base, data = fine(draw(definition_data()))
    addition = draw(additions(base, data))
    whole = whole_of(data, addition)
    if whole is None:
        addition = without_conditions(addition)
        whole = whole_of(data, addition)
    assume(whole is not None)
    assert whole is not None
    return base, whole, addition


@pytest.mark.req("O22")
@times(0.5)
@given(added(), st.data())
def test_an_addition_adds_and_changes_nothing_else(drawn, data):
    base, whole, addition = drawn
    answers, known = data.draw(answers_to(whole)), data.draw(facts)
    filled_and_read(whole, answers, known)
    ours = {name: value for name, value in answers.items() if name in base.fields_by_id}
    for reader in READERS:
        for phase in PHASES:
            shown = [f.id for f in shown_fields(whole, answers, known, reader, phase=phase)]
            mine = [f.id for f in shown_fields(base, ours, known, reader, phase=phase)]
            assert [name for name in shown if name in base.fields_by_id] == mine
        # What is worked out is in it without having been answered.
        seen = {name: value for name, value in projection(whole, answers, reader).items() if name in base.fields_by_id}
        assert seen == projection(base, ours, reader)
    for complete in (True, False):
        found = check_answers(whole, answers, known, complete=complete)
        assert [p for p in found if p.field_id in base.fields_by_id] == check_answers(
            base, ours, known, complete=complete
        )
    said = [one["field"] for one in addition.get("fields", ())]
    said += [field for one in addition.get("sections", ()) for field in one["section"]["fields"]]
    for field in said:
        assert ("visible_to" in field) or PARENT not in whole.field(field["id"]).visible_to


@pytest.mark.req("O22", "T9")
@times(0.5)
@given(added(), st.data())
def test_nothing_that_parents_meet_of_an_addition_depends_on_what_they_may_not_see(drawn, data):
    _base, whole, _addition = drawn
    first, known = data.draw(answers_to(whole)), data.draw(facts)
    more = data.draw(answers_to(whole))
    second = {**first, **{name: more[name] for name in more if PARENT not in whole.field(name).visible_to}}
    one, other = ({**known, **data.draw(hidden_facts)} for _ in range(2))
    assert met_by_parents(whole, first, one) == met_by_parents(whole, second, other)
