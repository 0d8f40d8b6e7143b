"""The contract every field type keeps: one suite over the whole registry, then what is special to some."""

from __future__ import annotations

import jsonschema
import msgspec
import pytest

from tests.unit.forms.examples import small
from tillid.forms.definition import Choice, CodeList, Field
from tillid.forms.fieldtypes import TYPES, field_type, widget
from tillid.kernel.canonical import canonical_json
from tillid.kernel.errors import TillidError

WIDGETS = {
    "text", "textarea", "radios", "checkboxes", "yes-no", "date", "select", "table", "file", "documents", "persons",
    "readonly", "parts", "moment", "time", "number", "percent", "cpr", "person", "yes-no-unknown",
}  # fmt: skip
CONDITION_TYPES = {"", "text", "code", "codes", "boolean", "date", "number", "list"}
RAW = [
    [],
    [""],
    ["a"],
    ["x" * 100_000],
    ["1", "2"],
    ["\x00"],
    ["a", "b", "c"],
    ["{"],
    ["\ud800"],
    ["yes"],
    ["9" * 30, ""],
]
HOSTILE = [
    None,
    0,
    -1,
    1.5,
    True,
    "",
    "x",
    [],
    {},
    [[]],
    [{}],
    [None],
    {"id": []},
    {"name": {}},
    [{"name": 1}],
    {"at": []},
]


@pytest.fixture(scope="module")
def form():
    demo = CodeList(id="demo", version=1, title="Demo", choices=tuple(Choice(code=c, label=c.upper()) for c in "abc"))
    base = small()
    return msgspec.structs.replace(base, code_lists=(*base.code_lists, demo))


def a_field(name: str, settings: dict) -> Field:
    return Field(id="f", label="Felt", type=name, settings=settings, filled_by=("professional",), visible_to=("team",))


everyone = pytest.mark.parametrize("name", sorted(TYPES))


@everyone
def test_entry_is_complete(name):
    entry = field_type(name)
    assert entry.name == name
    assert entry.widget in WIDGETS
    assert entry.condition_type in CONDITION_TYPES
    assert entry.good and entry.bad or name == "text"
    jsonschema.Draft202012Validator.check_schema(entry.settings_schema)
    assert entry.settings_schema["additionalProperties"] is False
    schema = jsonschema.Draft202012Validator(entry.settings_schema)
    for settings, _ in (*entry.good, *entry.bad):
        schema.validate(settings)


@everyone
def test_good_values_are_kept_and_shown(name, form):
    entry = field_type(name)
    for settings, value in entry.good:
        field = a_field(name, settings)
        stored = entry.normalise(value, field)
        assert entry.validate(stored, field, form) == []
        assert entry.normalise(stored, field) == stored
        assert not entry.is_empty(stored)
        canonical_json(stored)  # can be digested
        for language in ("da", "en", "xx"):
            assert _all_text(entry.format(stored, field, form, language))
        assert isinstance(entry.search_text(stored, field, form), str)


@everyone
@pytest.mark.req("R-72")
def test_own_words_are_found_and_changed_in_the_same_order(name):
    entry = field_type(name)
    for settings, value in entry.good:
        field = a_field(name, settings)
        stored, met = entry.normalise(value, field), []
        assert entry.reworded(stored, field, lambda text, met=met: met.append(text) or text) == stored
        assert met == [text for _, text in entry.free_text(stored, field)]
        other = entry.reworded(stored, field, lambda text: "x")
        assert [text for _, text in entry.free_text(other, field)] == ["x"] * len(met) and (other != stored) == bool(
            met
        )


@everyone
def test_bad_values_are_refused_without_repeating_them(name, form):
    entry = field_type(name)
    for settings, value in entry.bad:
        field = a_field(name, settings)
        problems = entry.validate(entry.normalise(value, field), field, form)
        assert problems, value
        for problem in problems:
            assert problem.code.startswith("forms.")
            assert problem.text.format(**problem.params)
            assert not isinstance(value, str) or len(value) < 3 or value not in problem.text.format(**problem.params)


@everyone
def test_nothing_that_can_be_posted_or_stored_makes_it_raise(name, form):
    entry = field_type(name)
    field = a_field(name, entry.good[0][0])
    for raw in [entry.parse(values, field) for values in RAW] + HOSTILE:
        value = entry.normalise(raw, field)
        assert entry.normalise(value, field) == value
        if not entry.is_empty(value) and entry.validate(value, field, form) == []:
            assert _all_text(entry.format(value, field, form))


@everyone
def test_an_empty_post_is_no_answer(name):
    entry = field_type(name)
    field = a_field(name, entry.good[0][0])
    for values in ([], [""], ["", ""]):
        assert entry.is_empty(entry.normalise(entry.parse(values, field), field)), values


@everyone
def test_every_type_of_our_forms_is_known(name, definitions):
    assert {f.type for d in definitions.all() for f in d.fields} <= set(TYPES)


def test_an_unknown_type_is_a_known_error():
    with pytest.raises(TillidError) as unknown:
        field_type("colour_picker")
    assert unknown.value.code == "forms.unknown-type"


@pytest.mark.parametrize(
    ("name", "settings", "posted", "stored"),
    [
        ("long_text", {"max": 99}, ["Linje\r\nto \r\n"], "Linje\nto"),
        ("text", {"max": 99}, ["en\nlinje"], "en linje"),
        ("text", {"max": 99}, ["A\u030angel"], "\u00c5ngel"),  # NFC
        ("yes_no", {}, ["no"], False),
        ("yes_no", {}, ["yes"], True),
        ("date", {}, ["5/3-2026"], "2026-03-05"),
        ("date", {}, ["05.03.2026"], "2026-03-05"),
        ("date", {}, ["2026-03-05"], "2026-03-05"),
        ("multi_choice", {"code_list": "demo"}, ["b", "a", "b"], ["b", "a"]),
        ("choice_text", {"code_list": "demo", "max": 9}, ["", "a", " ord "], {"code": "a", "text": "ord"}),
        ("choice_text", {"code_list": "demo", "max": 9}, ["kun ord"], {"text": "kun ord"}),
        ("scale_text", {"from": 1, "to": 5, "max": 9}, ["4", ""], {"score": 4}),
        ("unit_ref", {}, ["u1"], {"id": "u1"}),
        ("person_list", {}, ["Mette Holm\r\n\r\nAli "], [{"name": "Mette Holm"}, {"name": "Ali"}]),
        ("document_list", {}, ["d1", ""], [{"document_id": "d1"}]),
        ("file", {"media_types": ["image/png"], "max_bytes": 1}, ["abc"], {"sha256": "abc"}),
    ],
)
def test_what_is_posted(name, settings, posted, stored):
    entry, field = field_type(name), a_field(name, settings)
    assert entry.normalise(entry.parse(posted, field), field) == stored


def test_a_table_is_posted_row_by_row(form):
    entry = field_type("table")
    field = a_field("table", entry.good[0][0])
    posted = entry.parse(["Leg", "yes", "", "", "Ro", ""], field)
    assert entry.normalise(posted, field) == [{"what": "Leg", "goes_on": True}, {"what": "Ro"}]
    torn = entry.normalise(entry.parse(["Leg", "yes", "Ro"], field), field)
    assert [p.code for p in entry.validate(torn, field, form)] == ["forms.wrong-type"]
    [problem] = entry.validate([{"what": "Leg"}, {"goes_on": "ja"}], field, form)
    assert problem.text.format(**problem.params).startswith("Række 2, Fortsætter: ")
    assert entry.format([{"goes_on": False}], field, form) == [["", "Nej"]]


def test_moments_are_shown_in_copenhagen_time(form):
    field = a_field("instant", {})
    assert field_type("instant").format("2026-06-25T19:47:46Z", field, form) == "25.06.2026 kl. 21.47"


def test_days_are_shown_in_words(form):
    field = a_field("date", {})
    assert field_type("date").format("2026-03-05", field, form) == "5. marts 2026"
    assert field_type("date").format("2026-03-05", field, form, "en") == "5 March 2026"


def test_what_the_system_fills_is_drawn_read_only(transition):
    assert widget(transition.field("fra_enhed")) == "readonly"
    assert widget(transition.field("samtykke_status")) == "readonly"
    assert widget(transition.field("til_enhed")) == "select"


def _all_text(formatted) -> bool:
    if isinstance(formatted, str):
        return True
    return isinstance(formatted, list) and all(map(_all_text, formatted))
