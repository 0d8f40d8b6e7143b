"""One suite over the whole registry: hostile values, differences, taking over, search, documents. A new type needs no line here."""

from __future__ import annotations

from itertools import product

import jsonschema
import msgspec
import pytest

from tests.unit.forms.examples import small
from tillid.documents.rendering import sections
from tillid.forms.answers import clean_field
from tillid.forms.definition import Choice, CodeList, Field
from tillid.forms.fieldtypes import TYPES, field_type
from tillid.forms.fieldtypes.base import CANNOT, Source
from tillid.forms.problems import AnswerError
from tillid.kernel.canonical import canonical_json
from tillid.kernel.cpr import holds_cpr

CPR = "010119-4242"


def deep(levels: int) -> list:
    value: list = []
    for _ in range(levels):
        value = [value]
    return value


MEGABYTE = "x" * 1_000_000
HOSTILE = [
    MEGABYTE,
    [MEGABYTE],
    {"name": MEGABYTE, "id": MEGABYTE},
    "\u202eabc\u200b",
    "\ud800",
    ["\ud800"],
    {"text": "\ud800", "date": "\u202e"},
    deep(5000),
    {"text": deep(5000)},
    [{"what": deep(5000)}],
    10**400,
    -(10**400),
    float("nan"),
    float("-inf"),
    b"bytes",
    {1: 2},
    [{1: 2}],
    {"date": {}, "choice": [], "text": 5, "answer": "ja", "moment": 0, "unit": {}, "document": [], "file": {}},
    {"score": 10**400, "text": None},
    {"at": "9999-99-99T99:99:99Z", "name": "x"},
    [{"at": 5, "name": []}],
    "0000-00-00T00:00",
    "9999-12-31T23:59",
    "31.02.2026 kl. 25.61",
    [[], {}, None, 5, "x"],
    [{}] * 10_000,
    ["a"] * 10_000,
]
everyone = pytest.mark.parametrize("name", sorted(TYPES))


@pytest.fixture(scope="module")
def form():
    demo = CodeList(id="demo", version=1, title="Demo", choices=tuple(Choice(code=c, label=c.upper()) for c in "abc"))
    return msgspec.structs.replace(small(), code_lists=(demo,))


def a_field(name: str, settings: dict, field_id: str = "f") -> Field:
    return Field(id=field_id, label="Felt", type=name, settings=settings, filled_by=("team",), visible_to=("team",))


def samples(name: str, form):
    """Every good value in its field, normalised."""
    entry = field_type(name)
    assert entry.good, "the suite runs on the samples of the type"
    for settings, value in entry.good:
        one = a_field(name, settings)
        yield entry, one, entry.normalise(value, one)


def form_with(form, *fields: Field):
    section = msgspec.structs.replace(form.sections[0], fields=fields)
    return msgspec.structs.replace(form, sections=(section,))


@everyone
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_values_are_stored_as_they_are_allowed_or_refused_but_nothing_raises(name, number, form):
    for entry, one, good in samples(name, form):
        value = HOSTILE[number]
        for raw in (value, {**good, **value} if isinstance(good, dict) and isinstance(value, dict) else value):
            entry.typed(raw, one)
            entry.restored(raw, good, one)
            entry.restored(good, raw, one)
            entry.completed(raw, one, lambda register, by, text: None)
            kept = entry.normalise(raw, one)
            again = entry.normalise(kept, one)
            assert _same(kept, again)
            problems = [] if entry.is_empty(kept) else entry.validate(kept, one, form)
            for problem in problems:
                assert len(problem.text.format(**problem.params)) < 500, "a refusal does not repeat what was sent"
            if not problems and not entry.is_empty(kept):
                canonical_json(kept)
                assert len(entry.search_text(kept, one, form)) <= 25_000


@everyone
def test_the_settings_are_checked(name):
    """Against the schema (that the samples pass is in ``test_forms_types``): nothing unknown, nothing left out."""
    schema = jsonschema.Draft202012Validator(field_type(name).settings_schema)
    settings = field_type(name).good[0][0]
    assert schema.is_valid(settings)
    assert not schema.is_valid({**settings, "ukendt": 1})
    assert not schema.is_valid([])
    for key in field_type(name).settings_schema.get("required", ()):
        assert not schema.is_valid({k: v for k, v in settings.items() if k != key})
        assert not schema.is_valid({**settings, key: None})


@everyone
def test_a_refusal_names_the_field(name, form):
    for entry, one, _good in samples(name, form):
        if entry.from_system and not entry.validate(MEGABYTE, one, form):
            continue
        whole = form_with(form, one)
        with pytest.raises(AnswerError) as refused:
            clean_field(whole, "f", MEGABYTE)
        assert refused.value.problem.field_id == "f" and refused.value.problem.params["label"] == "Felt"


@everyone
def test_differences_read_both_ways_and_say_when_nothing_changed(name, form):
    values = [(one, stored) for _entry, one, stored in samples(name, form)]
    for (one, old), (_other, new) in product(values, values):
        entry = field_type(name)
        if entry.validate(new, one, form) or entry.validate(old, one, form):
            continue  # a sample of other settings
        there, back = entry.diff(old, new, one, form), entry.diff(new, old, one, form)
        assert there.same == (entry.format(old, one, form) == entry.format(new, one, form))
        between = "" if there.shape == "words" else "\n"
        assert between.join(there.side("same", "removed")) == between.join(back.side("same", "added"))
        assert between.join(there.side("same", "added")) == between.join(back.side("same", "removed"))
        assert there.plain or not entry.format(new, one, form)
    for one, stored in values:
        entry = field_type(name)
        appeared, vanished = entry.diff(None, stored, one, form), entry.diff(stored, None, one, form)
        assert {change.kind for change in appeared.changes} == {"added"}
        assert {change.kind for change in vanished.changes} == {"removed"}


@everyone
def test_a_type_takes_its_own_values_unchanged(name, form):
    for entry, one, stored in samples(name, form):
        source = Source(field=one, definition=form)
        assert entry.takes_from(name, stored, one, form, source) == stored


@everyone
def test_taking_from_any_type_gives_a_value_that_can_be_stored_or_cannot(name, form):
    for entry, one, _own in samples(name, form):
        assert set(entry.taken) <= set(TYPES)
        for other in sorted(TYPES):
            for _kind, old, value in samples(other, form):
                source = Source(field=old, definition=form)
                for raw in (value, None, 5, "x", [], {}, ["\ud800"], deep(500)):
                    moved = entry.takes_from(other, raw, one, form, source)
                    if other != name and other not in entry.taken:
                        assert moved is CANNOT
                    if moved is not CANNOT:
                        assert entry.validate(moved, one, form) == []
                        assert entry.normalise(moved, one) == moved


@everyone
@pytest.mark.req("R-111")
def test_no_search_finds_a_cpr_number(name, form):
    """Wherever a value can hold a text, the text is a CPR number."""
    entry = field_type(name)
    for _entry, one, stored in samples(name, form):
        for value in (stored, _with_cpr(stored)):
            value = entry.normalise(value, one)
            if entry.validate(value, one, form) == []:
                assert not holds_cpr(entry.search_text(value, one, form))
                assert not any(holds_cpr(text) for text in entry.search_values(value, one))


# What the search does with a type is decided here, one by one: of all others nothing goes into the index (ADR 0055). Own words beside
# yes and no, a meeting or a unit are names, places and addresses.
SEARCHED = {
    "choice": "keyword text", "choice_text": "keyword text", "multi_choice": "keyword text", "unit_ref": "keyword text",
    "yes_no": "keyword", "yes_no_unknown": "keyword", "number": "number", "percent": "number", "scale": "number",
    "scale_text": "number text", "date": "day", "moment": "day", "instant": "day", "text": "text", "long_text": "text",
    "item_list": "text",
}  # fmt: skip
MADE_OF_OTHERS = dict.fromkeys(("table", "date_text", "moment_text"), "text keyword number day") | dict.fromkeys(
    ("date_choice", "document_or_text", "moment_minutes_text", "percent_period", "period", "unit_and_text", "unit_or_text",
     "yes_no_text"), "keyword number day"
)  # fmt: skip


@everyone
@pytest.mark.req("R-111")
def test_each_type_is_searched_as_was_decided(name, form):
    assert set(field_type(name).search) == set((SEARCHED | MADE_OF_OTHERS).get(name, "").split())
    for entry, one, stored in samples(name, form):
        assert bool(entry.inner(one)) == (name in MADE_OF_OTHERS)
        filtered = {"keyword", "number", "day"} & set(SEARCHED.get(name, "").split())
        assert bool(entry.search_values(stored, one)) == bool(filtered)
        assert bool(entry.search_text(stored, one, form)) <= ("text" in SEARCHED.get(name, ""))
        assert not entry.search_choices(one, form) or "keyword" in filtered


@everyone
def test_every_value_can_be_printed(name, form):
    for entry, one, stored in samples(name, form):
        definition = form_with(form, one)
        section, *attached = sections(definition, {"f": stored}, "da")
        [printed] = section.fields
        assert [file.sha256 for file in printed.files] == [
            item[-64:] for listed in attached for field in listed.fields for item in field.items
        ], "each file is listed by its digest, and nothing else"
        assert printed.text or printed.items or printed.rows
        for row in printed.rows:
            assert len(row) == len(printed.columns)
        assert "4242" not in str(printed), "and a CPR number is masked"
        assert entry.format(stored, one, form, "en")


def _same(one, other) -> bool:
    if one is other:
        return True
    try:
        return one == other or repr(one) == repr(other)  # a NaN is not equal to itself
    except RecursionError:
        return type(one) is type(other)  # nested too deeply to be compared: never taken apart, and so never changed


def _with_cpr(value):
    if isinstance(value, str):
        return CPR
    if isinstance(value, dict):
        return {key: _with_cpr(one) if key in ("text", "name", "title", "what") else one for key, one in value.items()}
    return [_with_cpr(one) for one in value] if isinstance(value, list) else value
