"""Code lists by reference, rules over several answers, and a definition in another language."""

from __future__ import annotations

import pytest

from tests.unit.forms.examples import SMALL, small
from tillid.forms.answers import check_answers
from tillid.forms.code_lists import load_code_lists
from tillid.forms.loading import definition_from, load_definitions
from tillid.forms.problems import DefinitionError
from tillid.forms.rules import rule_problems
from tillid.forms.yamldata import read_yaml

LIST = """\
id: kinds
version: 1
title: "Slags"
choices:
  - {code: a, label: "A"}
  - {code: b, label: "B", variants: [bh], statistics_code: "17"}
"""
INLINE = SMALL[SMALL.index("code_lists:") : SMALL.index("texts:\n  - {id: hello, version")]
BY_REFERENCE = SMALL.replace(INLINE, "code_lists:\n  - {id: kinds, version: 1}\n")
RULES = """\
rules:
  - {id: both, level: hard, when: {all: [{eq: [{field: kind}, a]}, {answered: words}]}, fields: [words], text: "Slags A har ingen ord."}
  - {id: look, level: soft, when: {eq: [{field: kind}, b]}, fields: [kind, day], text: "Se efter en gang til."}
"""
ENGLISH = """\
translations:
  en:
    title: "Demo in English"
    sections: {first: {title: "First"}}
    fields: {kind: {label: "Kind"}}
    choices: {kinds.a: {label: "The letter A"}}
    rules: {both: "Kind A has no words."}
"""


def with_(more: str):
    return definition_from(read_yaml((SMALL + more).encode(), "demo/v1.yaml"))


def faults(more: str) -> set[str]:
    with pytest.raises(DefinitionError) as refused:
        with_(more)
    return {problem.code for problem in refused.value.problems}


@pytest.fixture
def folder(tmp_path):
    for name, text in (("code_lists/kinds/v1.yaml", LIST), ("demo/v1.yaml", BY_REFERENCE)):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.req("R-63")
def test_a_list_by_reference_is_the_list_written_out(folder):
    loaded = load_definitions(folder)
    written_out = SMALL.replace("variants: [bh]}", 'variants: [bh], statistics_code: "17"}')
    assert loaded.get("demo", 1) == definition_from(read_yaml(written_out.encode(), "x")), "the digest included"
    assert list(loaded.list_digests) == ["code_lists/kinds/v1"]
    assert loaded.get("demo", 1).code_list("kinds").choice("b").statistics_code == "17"


def test_a_list_that_is_not_there_or_not_right_is_told(folder):
    wanted = folder / "code_lists" / "kinds"
    (wanted / "v1.yaml").write_text(LIST.replace("code: b", "code: a"))
    assert {p.code for p in load_code_lists(folder)[1]} == {"forms.duplicate-id"}
    (wanted / "v1.yaml").write_text(LIST.replace("version: 1", "version: 2"))
    assert {p.code for p in load_code_lists(folder)[1]} == {"forms.wrong-file-name"}
    (wanted / "v1.yaml").unlink()
    with pytest.raises(DefinitionError) as refused:
        load_definitions(folder)
    assert {(p.code, p.line > 1) for p in refused.value.problems} == {("forms.unknown-code-list", True)}


def test_a_hard_rule_is_a_problem_and_a_soft_one_is_not():
    form = with_(RULES)
    wrong = {"kind": "a", "words": "ord"}
    assert [(p.field_id, p.code, p.message) for p in check_answers(form, wrong, {}, complete=True)] == [
        ("words", "forms.rule", "Slags A har ingen ord.")
    ]
    assert check_answers(form, wrong, {}, complete=False) == [], "what is not finished is not judged"
    assert check_answers(form, {"kind": "b", "words": "ord"}, {}, complete=True) == []
    soft = rule_problems(form, {"kind": "b"}, {}, level="soft")
    assert [(p.field_id, p.code) for p in soft] == [("kind", "forms.soft-rule"), ("day", "forms.soft-rule")]
    assert [p.field_id for p in rule_problems(form, {"kind": "b"}, {}, level="soft", filled_by={"parent"})] == ["day"]


def test_a_rule_is_checked_before_anybody_can_use_it():
    assert faults(RULES.replace("fields: [words]", "fields: [wrods]")) == {"forms.unknown-field"}
    assert faults(RULES.replace("{field: kind}, a]", "{field: kind}, z]")) == {"forms.unknown-code"}
    assert faults(RULES.replace("id: look", "id: both")) == {"forms.duplicate-id"}
    leaking = RULES.replace("{answered: words}", "{answered: secret}").replace("fields: [words]", "fields: [day]")
    assert faults(leaking) == {"forms.leaking-condition"}, "a parent would learn what only the team may see"


def test_another_language_has_its_words_and_danish_where_it_has_none():
    danish = with_(RULES + ENGLISH)
    english = danish.in_language("en")
    assert (english.title, english.field("kind").label, english.field("words").label) == (
        "Demo in English",
        "Kind",
        "Ord",
    )
    assert english.section("first").title == "First" and english.section("second").title == "Anden"
    assert [choice.label for choice in english.code_list("kinds").choices] == ["The letter A", "B"]
    assert [rule.text for rule in english.rules] == ["Kind A has no words.", "Se efter en gang til."]
    assert english.digest == danish.digest and danish.in_language("ar") is danish
    assert small().in_language("en") == small()


def test_a_translation_of_nothing_is_told():
    assert faults(ENGLISH.replace("fields: {kind:", "fields: {knid:")) == {"forms.unknown-translation"}
    assert faults(ENGLISH.replace("kinds.a", "kinds.z")) == {"forms.unknown-translation"}
