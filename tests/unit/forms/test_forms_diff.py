"""The difference between two versions: everything that can change is told, a renamed field is one field."""

from __future__ import annotations

import json

import msgspec
import pytest

from tests.support.definitions import our_definitions
from tests.unit.forms.examples import SMALL, small
from tests.unit.forms.upcast_examples import new, old
from tillid.forms.definition import FormDefinition
from tillid.forms.definition_words import condition_words
from tillid.forms.diff import DefinitionDiff, diff_definitions, diff_lines

pytestmark = pytest.mark.req("T30")


def changed(before: str, after: str) -> DefinitionDiff:
    return diff_definitions(small(), small(before, after))


def only(diff: DefinitionDiff) -> tuple[str, str, dict[str, tuple[str, str]]]:
    """Heading and id of the one thing that differs, and its changes by what."""
    ((heading, items),) = diff.parts.items()
    (item,) = items
    return heading, item.id, {change.what: (change.before, change.after) for change in item.changes}


@pytest.mark.parametrize(
    ("before", "after", "heading", "item", "what", "values"),
    [
        ('title: "Demo"', 'title: "Ny"', "Formularen", "title", "title", ("»Demo«", "»Ny«")),
        ("allowed_bases: [samtykke_gdpr]", "allowed_bases: []", "Formularen", "allowed_bases", "allowed_bases",
         ("samtykke_gdpr", "")),
        ('{id: bh, title: "Børnehave"}', '{id: bh, title: "Børnehaven"}', "Varianter", "bh", "title",
         ("»Børnehave«", "»Børnehaven«")),
        ('title: "Første"', 'title: "Begyndelsen"', "Afsnit", "first", "title", ("»Første«", "»Begyndelsen«")),
        ('label: "Ord"', 'label: "Egne ord"', "Felter", "words", "label", ("»Ord«", "»Egne ord«")),
        ("settings: {max: 20}, required: {eq", "settings: {max: 30}, required: {eq", "Felter", "words", "settings.max",
         ("20", "30")),
        ("required: {eq: [{field: kind}, b]}", 'required: "yes"', "Felter", "words", "required", ("når »Slags« er »B«", "ja")),
        ('required: "no", filled_by: [parent]', 'required: "no", shown_if: {answered: words}, filled_by: [parent]', "Felter",
         "day", "shown_if", ("", "»Ord« er udfyldt")),
        ("filled_by: [parent], visible_to: [team, parent]", "filled_by: [parent], visible_to: [team, parent, receiver]",
         "Felter", "day", "visible_to", ("teamet, forældrene", "teamet, forældrene, modtageren")),
        ('label: "Dag", type: date, required: "no", filled_by: [parent]',
         'label: "Dag", type: date, required: "no", filled_by: [professional]', "Felter", "day", "filled_by",
         ("forældrene", "fagpersonen")),
        ('label: "Dag", type: date,', 'label: "Dag", type: date, sensitive: true,', "Felter", "day", "sensitive",
         ("nej", "ja")),
        ('{code: a, label: "A"}', '{code: a, label: "Aa"}', "Kodelister", "kinds", "choices.a.label", ("»A«", "»Aa«")),
        ('{code: a, label: "A"}', '{code: a, label: "A"}\n      - {code: c, label: "C"}', "Kodelister", "kinds", "choices.c",
         ("", "C")),
    ],
)  # fmt: skip
def test_what_changed_is_told_where_it_changed(before, after, heading, item, what, values):
    found = only(changed(before, after))
    assert (found[0], found[1]) == (heading, item) and found[2][what] == values


def test_a_text_s_words_and_language_are_told():
    diff = changed('body: "Hello {navn}"', 'body: "Dear {navn}"')
    assert only(diff) == ("Tekster", "hello/en", {"body": ("»Hello {navn}«", "»Dear {navn}«")})


def test_what_this_module_has_no_words_for_is_told_under_its_own_name():
    class Later(FormDefinition, frozen=True, kw_only=True):
        colour: str = ""

    later = msgspec.convert({**msgspec.to_builtins(small()), "colour": "blå"}, Later)
    diff = diff_definitions(small(), later)
    assert only(diff) == ("Formularen", "colour", {"colour": ("", "»blå«")})


def test_every_field_of_both_versions_is_accounted_for():
    before, after = old(), new()
    told = {item.id: item for item in diff_definitions(before, after).parts["Felter"]}
    assert told["remark"].kind == "renamed" and told["remark"].was == "comment"
    assert "Andet" in told["remark"].note and "Bemærkning" in told["other"].note
    gone = {field.id for field in before.fields} - {field.id for field in after.fields}
    renamed = {item.was for item in told.values() if item.was}
    assert {name for name, item in told.items() if item.kind == "removed"} == gone - renamed


def test_no_difference():
    diff = diff_definitions(small(), small())
    assert diff.same and diff.parts == {} and diff_lines(diff) == ["demo/v1 og demo/v1 er ens."]
    assert SMALL


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"all": [{"answered": "day"}, {"ne": [{"field": "secret"}, True]}]}, "»Dag« er udfyldt og »Internt« er ikke ja"),
        ({"any": [{"answered": "day"}, {"answered": "words"}]}, "(»Dag« er udfyldt eller »Ord« er udfyldt)"),
        ({"not": {"in": [{"field": "kind"}, ["a", "b"]]}}, "ikke (»Slags« er »A« eller »B«)"),
        ({"ge": [{"count": "words"}, 2]}, "antallet i »Ord« er mindst 2"),
        ({"le": [{"field": "day"}, {"add_months": [{"fact": "today"}, 3]}]},
         "»Dag« er højst oplysningen today plus 3 måneder"),
        ({"eq": [{"field": "ukendt"}, "x"]}, "»ukendt« er »x«"),
        ("noget andet", "noget andet"),
    ],
)  # fmt: skip
def test_conditions_in_words(condition, words):
    assert condition_words(condition, small()) == words


def test_our_own_versions_can_be_told_and_sent_as_json():
    forms = our_definitions()
    known = {form.name: form for form in forms.all()}
    for form in forms.all():
        before = known.get(f"{form.id}/v{form.version - 1}")
        if before is not None:
            diff = diff_definitions(before, form)
            assert not diff.same and json.loads(msgspec.json.encode(diff))["new"] == form.name
            assert all("{'" not in line and "None" not in line for line in diff_lines(diff))
