"""What must hold for any answers and any YAML: moving never raises nor loses a word, formatting never changes data, the
exported schema says yes and no as we do."""

from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.test_forms_properties import anything, form_and_answers
from tests.support.definitions import our_definitions
from tests.support.effort import times
from tests.unit.forms.upcast_examples import new, old
from tillid.forms.answers import check_answers
from tillid.forms.canonical_yaml import canonical_yaml
from tillid.forms.fieldtypes import TYPES
from tillid.forms.json_schema import answers_schema
from tillid.forms.upcasts import Moved, move, move_along
from tillid.forms.yaml_comments import comments_of
from tillid.forms.yamldata import read_yaml

FORMS = {form.name: form for form in our_definitions().all()}
SCHEMAS = {name: jsonschema.Draft202012Validator(answers_schema(form)) for name, form in FORMS.items()}
many = times(2)
OLD, NEW = old(), new()

words = st.text(alphabet="abcæø \n", min_size=1, max_size=70)
good_answers = st.fixed_dictionaries(
    {},
    optional={
        "same": words,
        "comment": words,
        "strong": words,
        "likes": words,
        "grip_1": words,
        "other": words,
        "siblings": words,
        "colour": st.sampled_from(["red", "green", "grey"]),
        "tags": st.lists(st.sampled_from(["play", "sleep", "food"]), unique=True),
        "tongue": st.fixed_dictionaries({"code": st.sampled_from(["red", "grey"])}, optional={"text": words}),
        "deals": st.lists(
            st.fixed_dictionaries({}, optional={"what": words, "who": words, "price": words}), max_size=5
        ),
    },
)


def everything(result: Moved) -> str:
    return json.dumps([result.answers, [one.text for one in result.left_over]], ensure_ascii=False)


@pytest.mark.req("T30")
@many
@given(good_answers)
def test_no_word_is_lost(answers):
    """Every word of every text is in the new answers or in what is left over."""
    answers = {k: v for k, v in answers.items() if not TYPES[OLD.field(k).type].is_empty(v)}
    result = everything(move(answers, OLD, NEW))

    def texts(value):
        if isinstance(value, str):
            return [value]
        parts = value.values() if isinstance(value, dict) else value
        return [text for part in parts for text in texts(part)]

    codes = {"red", "green", "grey", "play", "sleep", "food"}
    for value in answers.values():
        for text in texts(value):
            assert text in codes or all(json.dumps(word, ensure_ascii=False)[1:-1] in result for word in text.split())


@pytest.mark.req("T30")
@many
@given(st.dictionaries(st.sampled_from([field.id for field in OLD.fields] + ["ghost"]), anything, max_size=8))
def test_moving_anything_never_raises_and_what_arrives_is_right(answers):
    result = move(answers, OLD, NEW, variant="vug")
    assert check_answers(NEW, result.answers, {}, complete=False) == []
    # What arrived stays where it is: the same way again from the new version to itself changes nothing.
    again = move(result.answers, NEW, NEW, variant=result.variant)
    assert again.answers == result.answers and again.left_over == ()
    for name, value in answers.items():
        field = OLD.field(name if name != "ghost" else "same")
        kind = TYPES[field.type]
        if value is not None and not kind.is_empty(kind.normalise(value, field)):
            arrived = any(name in olds and target in result.answers for target, olds in result.origins.items())
            assert arrived or any(one.field == name for one in result.left_over), name


@pytest.mark.req("T30")
@given(form_and_answers())
def test_our_own_forms_move_whatever_is_in_them(drawn):
    name, answers = drawn
    form = FORMS[name]
    later = sorted(
        (f for f in FORMS.values() if f.id == form.id and f.version >= form.version), key=lambda f: f.version
    )
    result = move_along(answers, later)
    for phase in {field.phase for field in later[-1].fields} - {"derived"}:
        assert check_answers(later[-1], result.answers, {}, complete=False, phase=phase) == []


@given(form_and_answers())
def test_the_exported_schema_says_what_our_check_says(drawn):
    name, answers = drawn
    form = FORMS[name]
    kinds = {field.id: TYPES[field.type] for field in form.fields}
    # Stored answers hold nothing empty, and JSON has no difference between 4 and 4.0.
    answers = {k: v for k, v in answers.items() if v is not None and not kinds[k].is_empty(v)}
    unsaid = {"period", "percent_period", "percent"}
    answers = {k: v for k, v in answers.items() if form.field(k).type not in unsaid and k != "variant"}
    for phase in {field.phase for field in form.fields}:
        mine = {k: v for k, v in answers.items() if form.field(k).phase == phase}
        ours = check_answers(form, mine, {}, complete=False, phase="content" if phase == "derived" else phase)
        assert SCHEMAS[name].is_valid(mine) == (ours == []), (mine, ours)


# A definition holds no characters that nobody can see (``yamllimits``).
visible = st.characters(exclude_categories=["C", "Zl", "Zp"])
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text(visible | st.just("\n"), max_size=40) | st.sampled_from(["yes", "a_b", "~", "#x"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(visible, min_size=1, max_size=12).filter(str.isprintable), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(["id", "title", "sections", "texts", "upcast", "notes", "x"]), values, max_size=5)
)
def test_the_canonical_form_is_the_same_data_and_formats_to_itself(data):
    text = canonical_yaml(data)
    again = read_yaml(text.encode("utf-8"), "x.yaml")
    assert again.problems == [] and (again.data or {}) == data
    assert canonical_yaml(dict(reversed(list(data.items()))), comments_of(text)) == text
