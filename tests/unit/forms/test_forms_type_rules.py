"""What is special to single field types: what is typed, what is refused and why, what is taken over."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from tests.unit.forms.examples import small
from tillid.forms.definition import Choice, CodeList, Field
from tillid.forms.fieldtypes import TYPES, field_type
from tillid.forms.fieldtypes.base import CANNOT, Source

DOCS = Path(__file__).parents[3] / "docs/field_types.md"


@pytest.fixture(scope="module")
def form():
    demo = CodeList(id="demo", version=1, title="Demo", choices=tuple(Choice(code=c, label=c.upper()) for c in "abc"))
    return msgspec.structs.replace(small(), code_lists=(demo,))


def a_field(name: str, settings: dict) -> Field:
    return Field(id="f", label="Felt", type=name, settings=settings)


def test_the_table_in_the_docs_is_the_registry():
    rows = re.findall(r"^\| `(\w+)`( \(system\))? \| .* \| (.*) \|$", DOCS.read_text("utf-8"), re.M)
    assert [name for name, _, _ in rows] == sorted(TYPES)
    for name, system, taken in rows:
        assert bool(system) == TYPES[name].from_system, name
        assert set(re.findall(r"`(\w+)`", taken)) == set(TYPES[name].taken) - {name}, name


@pytest.mark.parametrize(
    ("name", "settings", "posted", "stored"),
    [
        ("moment", {}, ["2026-07-01T14:30"], "2026-07-01T12:30:00Z"),
        ("moment", {}, ["1.12.2026 kl. 14.30"], "2026-12-01T13:30:00Z"),
        ("moment", {}, ["2026-10-25T02:30"], "2026-10-25T00:30:00Z"),  # there twice: the first
        ("time", {}, ["kl. 8.05"], "08:05"),
        ("number", {"min": 0, "max": 99}, ["7"], 7),
        ("percent", {}, ["12,5 %"], 12.5),
        ("percent", {}, ["15.0"], 15),
        ("cpr", {}, ["010119-4242"], "0101194242"),
        ("scale", {"from": 1, "to": 5}, ["4"], 4),
        ("person", {}, [" Mette Holm "], {"name": "Mette Holm"}),
        ("date_choice", {"code_list": "demo"}, ["5.3.2026", "a"], {"date": "2026-03-05", "choice": "a"}),
        ("date_choice", {"code_list": "demo"}, ["", ""], None),
        ("yes_no_text", {"max": 40}, ["no", ""], {"answer": False}),
        ("unit_or_text", {"max": 40}, ["u1", ""], {"unit": {"id": "u1"}}),
        ("document_or_text", {"max": 40}, ["Barnets lov"], {"text": "Barnets lov"}),
        ("period", {}, ["2026-08-01", "31.10.2026"], {"from": "2026-08-01", "to": "2026-10-31"}),
    ],
)
def test_what_is_posted(name, settings, posted, stored):
    entry, field = field_type(name), a_field(name, settings)
    assert entry.normalise(entry.parse(posted, field), field) == stored


@pytest.mark.parametrize(
    ("name", "settings", "value", "said"),
    [
        ("long_text", {"max": 300}, "x" * 1_000_000, "Skriv højst 300 tegn. Teksten er på 1000000 tegn."),
        ("date", {}, "31.2.2026", "Datoen findes ikke. Skriv den som dag.måned.år."),
        ("date", {}, "0001-01-01", "Året skal ligge mellem 1900 og 2100."),
        ("moment", {}, "2026-03-29T02:30", "Tidspunktet skal findes."),  # summer time skips it
        ("number", {"min": 1, "max": 20}, "21", "Skriv et helt tal fra 1 til 20."),
        ("date_choice", {"code_list": "demo"}, {"choice": "a"}, "Udfyld også »Dato«."),
        ("date_choice", {"code_list": "demo"}, {"date": "31.2.2026"}, "Dato: Datoen findes ikke."),
        ("period", {}, {"from": "2026-02-01", "to": "2026-01-01"}, "»Til og med« skal ligge efter"),
        ("unit_or_text", {"max": 5}, {"text": "for langt"}, "Tekst: Skriv højst 5 tegn."),
        ("cpr", {}, "010119-xxxx", "Skriv hele CPR-nummeret igen."),
        ("scale", {"from": 1, "to": 5}, 6, "Vælg et trin fra 1 til 5."),
    ],
)
def test_a_refusal_names_the_limit(name, settings, value, said, form):
    entry, field = field_type(name), a_field(name, settings)
    [problem] = entry.validate(entry.normalise(value, field), field, form)
    assert said in problem.text.format(**problem.params)


def test_ten_thousand_rows_are_refused_by_their_number_also_when_posted(form):
    settings = {"columns": [{"id": "what", "label": "Hvad", "type": "text", "settings": {"max": 20}}], "max_rows": 10}
    entry, field = field_type("table"), a_field("table", settings)
    for rows in ([{"what": "x"}] * 10_000, entry.parse(["x"] * 10_000, field)):
        [problem] = entry.validate(entry.normalise(rows, field), field, form)
        assert problem.text.format(**problem.params) == "Skriv højst 10 rækker."


@pytest.mark.req("R-110")
@pytest.mark.parametrize("cpr", ["0101190000", "0101191111", "6101194242", "2902004242", "3112999999"])
def test_a_cpr_number_is_judged_by_date_and_length_never_by_modulus_11(cpr, form):
    assert field_type("cpr").validate(cpr, a_field("cpr", {}), form) == []


@pytest.mark.req("R-110")
@pytest.mark.parametrize("cpr", ["3102194242", "2902194242", "0113194242", "0001194242", "010119424", "01011942420"])
def test_a_cpr_number_without_a_date_or_ten_digits_is_refused(cpr, form):
    assert field_type("cpr").validate(cpr, a_field("cpr", {}), form)


@pytest.mark.req("R-111")
def test_a_cpr_number_is_masked_where_people_read_and_compare_and_absent_from_search(form):
    entry, field = field_type("cpr"), a_field("cpr", {})
    assert entry.format("0101194242", field, form) == "010119-xxxx"
    assert entry.search_text("0101194242", field, form) == ""
    changed = entry.diff("0101194242", "0202195555", field, form)
    assert changed.plain == "[-010119-xxxx-]\n{+020219-xxxx+}"
    columns = [{"id": "cpr", "label": "CPR", "type": "cpr"}]
    rows = field_type("table").diff([], [{"cpr": "0101194242"}], a_field("table", {"columns": columns}), form)
    assert rows.plain == "{+010119-xxxx+}"


def test_a_text_shows_the_words_that_were_added_and_removed(form):
    changed = field_type("long_text").diff(
        "Barnet leger helst ude", "Barnet leger ofte ude", a_field("long_text", {"max": 99}), form
    )
    assert changed.shape == "words"
    assert changed.plain == "Barnet leger [-helst-]{+ofte+} ude"


@pytest.mark.req("R-123")
def test_a_language_is_called_what_people_call_it(form):
    code = field_type("language_code")
    assert code.format("da", a_field("language_code", {}), form) == "dansk"
    assert code.format("da", a_field("language_code", {}), form, "en") == "Danish"
    assert code.format("pt-BR", a_field("language_code", {}), form) == "pt-BR", "no text of ours is shown in it"
    shown = [{"id": "t", "version": "1", "language": "en"}]
    assert field_type("text_version_ref").format(shown, a_field("text_version_ref", {"texts": ["t"]}), form) == [
        "t, version 1 (engelsk)"
    ]


def test_a_table_shows_whole_rows(form):
    columns = [{"id": k, "label": k, "type": "text", "settings": {"max": 20}} for k in ("hvad", "hvem")]
    field = a_field("table", {"columns": columns})
    old = [{"hvad": "Leg", "hvem": "Ali"}, {"hvad": "Ro", "hvem": "Bo"}]
    changed = field_type("table").diff(old, [old[1], {"hvad": "Sang"}], field, form)
    assert changed.plain == "[-hvad: Leg | hvem: Ali-]\nhvad: Ro | hvem: Bo\n{+hvad: Sang+}"


@pytest.mark.parametrize(
    ("name", "settings", "other", "old_settings", "value", "codes", "taken"),
    [
        ("long_text", {"max": 99}, "text", {"max": 9}, "ord", {}, "ord"),
        ("long_text", {"max": 2}, "text", {"max": 9}, "ord", {}, CANNOT),  # never cut off
        ("long_text", {"max": 99}, "choice", {"code_list": "demo"}, "a", {}, "A"),
        ("long_text", {"max": 99}, "person_list", {}, [{"name": "Ali"}, {"name": "Bo"}], {}, "Ali\nBo"),
        ("choice", {"code_list": "demo"}, "choice", {"code_list": "demo"}, "a", {"a": "b"}, "b"),
        ("choice", {"code_list": "demo"}, "yes_no", {}, True, {"yes": "a"}, "a"),
        ("choice", {"code_list": "demo"}, "yes_no", {}, False, {"yes": "a"}, CANNOT),
        ("choice", {"code_list": "demo"}, "multi_choice", {"code_list": "demo"}, ["a"], {}, "a"),
        ("choice", {"code_list": "demo"}, "multi_choice", {"code_list": "demo"}, ["a", "b"], {}, CANNOT),
        ("multi_choice", {"code_list": "demo"}, "choice", {"code_list": "demo"}, "a", {}, ["a"]),
        ("yes_no", {}, "choice", {"code_list": "demo"}, "a", {"a": "no"}, False),
        ("yes_no_unknown", {}, "yes_no", {}, True, {}, "yes"),
        ("yes_no", {}, "yes_no_unknown", {}, "unknown", {}, CANNOT),
        ("date_choice", {"code_list": "demo"}, "date", {}, "2026-03-05", {}, {"date": "2026-03-05"}),
        ("scale_text", {"from": 1, "to": 5, "max": 9}, "scale", {"from": 1, "to": 5}, 4, {}, {"score": 4}),
        ("scale_text", {"from": 1, "to": 5, "max": 9}, "scale", {"from": 1, "to": 10}, 4, {}, CANNOT),
        ("scale", {"from": 1, "to": 5}, "scale_text", {"from": 1, "to": 5, "max": 9}, {"score": 4, "text": "x"}, {}, CANNOT),
        ("person_list", {}, "person_ref", {}, {"id": "p1", "name": "Ali"}, {}, [{"name": "Ali", "person_id": "p1"}]),
        ("unit_or_text", {"max": 9}, "text", {"max": 9}, "Skolen", {}, {"text": "Skolen"}),
        ("moment_text", {"max": 9}, "instant", {}, "2026-11-25T19:47:46Z", {}, {"moment": "2026-11-25T19:47:46Z"}),
        ("date", {}, "long_text", {"max": 99}, "2026-03-05", {}, CANNOT),
    ],
)  # fmt: skip
def test_what_a_type_takes_from_another(name, settings, other, old_settings, value, codes, taken, form):
    source = Source(field=a_field(other, old_settings), definition=form, codes=codes)
    assert field_type(name).takes_from(other, value, a_field(name, settings), form, source) == taken


def test_a_moment_taken_from_the_system_keeps_its_seconds_until_another_is_written():
    entry, field, stored = field_type("moment"), a_field("moment", {}), "2026-11-25T19:47:46Z"
    assert entry.restored(entry.typed(stored, field), stored, field) == stored
    assert entry.normalise(entry.restored("2026-11-25T20:48", stored, field), field) == "2026-11-25T19:48:00Z"
