"""What must hold for any value and any answers, over our own four forms."""

from __future__ import annotations

import copy
from functools import cache

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.definitions import our_definitions
from tests.support.effort import times
from tests.unit.forms.examples import SMALL
from tillid.forms.answers import check_answers, clean_field, field_progress, projection, shown_fields
from tillid.forms.conditions import evaluate
from tillid.forms.facts import FACTS
from tillid.forms.fieldtypes import field_type
from tillid.forms.loading import definition_from
from tillid.forms.problems import AnswerError, DefinitionError
from tillid.forms.readers import READERS, may_see
from tillid.forms.yamldata import LinedData, read_yaml
from tillid.kernel.canonical import canonical_json

FORMS = our_definitions().all()
BY_NAME = {form.name: form for form in FORMS}
scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=30)
keys = st.sampled_from(["id", "name", "title", "code", "text", "document_id", "indsats", "x"])
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=8
)
# Names are drawn, not definitions, so that a failing example can be read.
a_field = st.sampled_from([(form.name, field.id) for form in FORMS for field in form.fields])


def found(names):
    form = BY_NAME[names[0]]
    return form, form.field(names[1])


@cache  # a strategy is dear to make and cheap to draw from
def _plausible(form_name, field_id):
    """Values that often pass: codes of the list, short texts, days, booleans; and sometimes anything at all."""
    form, field = found((form_name, field_id))
    codes = []
    if name := field.settings.get("code_list"):
        codes = list(form.code_list(name).codes)
    picks = [anything, st.booleans(), st.text(max_size=40), st.dates().map(str)]
    if codes:
        picks += [st.sampled_from(codes), st.lists(st.sampled_from(codes), max_size=3)] * 2
    return st.one_of(picks)


@cache
def _some_fields(form_name):
    return st.lists(st.sampled_from([field.id for field in BY_NAME[form_name].fields]), max_size=12, unique=True)


@st.composite
def form_and_answers(draw):
    form = BY_NAME[draw(st.sampled_from(sorted(BY_NAME)))]
    chosen = draw(_some_fields(form.name))
    return form.name, {field_id: draw(_plausible(form.name, field_id)) for field_id in chosen}


facts = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(fact.codes or ("boernehave", "bh_sk")) | st.none()
        if fact.type == "code"
        else st.booleans()
        for name, fact in FACTS.items()
    },
)


@given(a_field, anything)
def test_normalising_twice_is_normalising_once(formfield, value):
    _, field = found(formfield)
    entry = field_type(field.type)
    once = entry.normalise(value, field)
    assert entry.normalise(once, field) == once


@given(a_field, anything | st.lists(st.text(max_size=20), max_size=6))
def test_what_is_accepted_is_stable_and_can_be_shown(formfield, raw):
    form, field = found(formfield)
    try:
        stored = clean_field(form, field.id, raw)
    except AnswerError as error:
        assert error.message
        return
    if stored is None:
        return
    canonical_json(stored)
    assert clean_field(form, field.id, stored) == stored
    assert isinstance(field_type(field.type).format(stored, field, form), str | list)
    assert check_answers(form, {field.id: stored}, {}, complete=False, phase=field.phase) == []


@given(a_field, st.lists(st.text(max_size=20), max_size=6))
def test_what_is_posted_never_makes_a_type_raise(formfield, values):
    form, field = found(formfield)
    entry = field_type(field.type)
    value = entry.normalise(entry.parse(values, field), field)
    assert entry.is_empty(value) or isinstance(entry.validate(value, field, form), list)


@pytest.mark.req("T9")
@given(form_and_answers(), facts, st.sampled_from(READERS))
def test_a_reader_never_gets_a_field_that_is_not_visible_to_that_reader(pair, known, reader):
    form, answers = BY_NAME[pair[0]], pair[1]
    projected = projection(form, answers, reader)
    for field_id, value in projected.items():
        field = form.field(field_id)
        assert may_see(field.visible_to, reader)
        assert field.phase == "content"
        assert value == answers[field_id] and value not in (None, "", [], {})
    for field in shown_fields(form, answers, known, reader):
        assert may_see(field.visible_to, reader)
    if form.id == "trivselsskema" and reader not in ("author", "team"):
        assert projected == {}


@pytest.mark.req("T9")
@given(form_and_answers(), facts, st.sampled_from(("groen", "gul", "roed", None)))
def test_the_position_changes_nothing_that_parents_or_receivers_meet(pair, known, position):
    form, answers = BY_NAME[pair[0]], pair[1]
    without = {name: value for name, value in known.items() if name != "latest_position"}
    with_it = {**without, "latest_position": position}
    for reader in ("parent", "receiver", "archive"):
        for phase in ("content", "reception", "evaluation"):
            assert shown_fields(form, answers, without, reader, phase=phase) == shown_fields(
                form, answers, with_it, reader, phase=phase
            )
            assert field_progress(form, answers, without, reader, phase=phase) == field_progress(
                form, answers, with_it, reader, phase=phase
            )


@given(form_and_answers(), facts, st.booleans())
def test_checking_never_raises_and_complete_only_adds(pair, known, flag):
    form, answers = BY_NAME[pair[0]], pair[1]
    wrong = check_answers(form, answers, known, complete=False)
    everything = check_answers(form, answers, known, complete=True)
    assert [p for p in everything if p.code != "forms.missing"] == wrong
    assert all("{" not in p.message or "{" in str(p.params) for p in everything)
    msgspec.json.encode(everything)


conditions = st.recursive(
    st.sampled_from([{"answered": "a"}, {"eq": [{"fact": "f"}, "x"]}, {"eq": [{"field": "a"}, "x"]}]),
    lambda inner: (
        st.builds(lambda c: {"not": c}, inner)
        | st.builds(
            lambda name, parts: {name: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
        )
    ),
    max_leaves=8,
)


@given(conditions, st.sampled_from([{}, {"a": "x"}, {"a": "y"}]))
def test_unknown_is_honest(condition, answers):
    """If an unavailable fact leaves a result known, then no value of that fact changes the result."""
    result = evaluate(condition, answers.get, {})
    if result is not None:
        for value in ("x", "y", None):
            assert evaluate(condition, answers.get, {"f": value}) is result


@given(st.binary(max_size=200) | st.text(alphabet="ab:-[]{}&*!<> \n'\"1#|", max_size=120).map(str.encode))
def test_reading_yaml_never_raises(source):
    result = read_yaml(source, "x.yaml")
    assert result.problems or result.data is None or isinstance(result.data, str | int | bool | list | dict)


SMALL_DATA = read_yaml(SMALL.encode(), "demo/v1.yaml").data
words = st.sampled_from(
    ["texts", "settings", "shown_if", "required", "columns", "code_list", "field", "fact", "eq", "kind"]
)
damage = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


def _places(data, path=()):
    yield path
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, part in parts:
        yield from _places(part, (*path, key))


@times(2.5)
@given(st.sampled_from(list(_places(SMALL_DATA))[1:]), st.none() | words, damage)
def test_a_damaged_definition_is_refused_or_fine_but_never_crashes(place, new_key, value):
    data = copy.deepcopy(SMALL_DATA)
    target = data
    for step in place[:-1]:
        target = target[step]
    key = new_key if new_key is not None and isinstance(target, dict) else place[-1]
    target[key] = value
    try:
        form = definition_from(LinedData(file="demo/v1.yaml", data=data, lines={(): 1}, problems=[]))
    except DefinitionError as error:
        assert all(p.code and p.text for p in error.problems)
        return
    # What the checks let through can be filled, checked and projected.
    answers = {field.id: "a" for field in form.fields if field.phase == "content"}
    check_answers(form, answers, {}, complete=True)
    for reader in READERS:
        projection(form, answers, reader)
        shown_fields(form, answers, {}, reader)
