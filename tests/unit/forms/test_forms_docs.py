"""docs/definitions.md: its worked example loads and does what the text says, and it names every fault there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tillid.forms
from tillid.forms.answers import check_answers, projection
from tillid.forms.computing import computed_answers
from tillid.forms.loading import definition_from
from tillid.forms.problems import DefinitionError
from tillid.forms.rules import rule_problems
from tillid.forms.yamldata import read_yaml

DOCS = Path(__file__).parents[3] / "docs" / "definitions.md"
TEXT = DOCS.read_text("utf-8")
EXAMPLE = re.search(r"^## A whole example$.*?^```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)[1]
SHOWN = "shown_if: {eq: [{field: leg}, anden]}"


def codes(text: str) -> set[str]:
    try:
        definition_from(read_yaml(text.encode(), "legeaftale/v1.yaml"))
    except DefinitionError as error:
        return {problem.code for problem in error.problems}
    return set()


def changed(old: str, new: str) -> str:
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new)


@pytest.mark.req("T15b", "T22")
def test_the_example_does_what_the_text_says():
    form = definition_from(read_yaml(EXAMPLE.encode(), "legeaftale/v1.yaml"))
    assert form.definitions[0].term == "Leg" and form.field("andet").support
    refused = check_answers(form, {"leg": "bold"}, {"variant": "inde"}, complete=False)
    assert [problem.field_id for problem in refused] == ["leg"]
    assert check_answers(form, {"leg": "bold"}, {"variant": "ude"}, complete=True) == []
    missing = check_answers(form, {"leg": "anden"}, {"variant": "ude"}, complete=True)
    assert [(problem.field_id, problem.code) for problem in missing] == [("andet", "forms.missing")]
    assert [p.field_id for p in rule_problems(form, {"leg": "bold"}, {}, level="soft")] == ["start"]
    answers = {"leg": "anden", "andet": "Skak", "start": "2026-01-31"}
    assert computed_answers(form, answers, {}) == {"opfoelgning": "2026-02-28"}
    assert projection(form, answers, "parent") == answers
    assert form.in_language("en").title == "Play date" and form.in_language("en").digest == form.digest


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("required: {eq: [{field: leg}, anden]}", 'required: "yes"', "forms.required-but-hidden"),
        (SHOWN, "shown_if: {all: [{eq: [{field: leg}, bold]}, {eq: [{fact: variant}, inde]}]}", "forms.never-true"),
        (SHOWN, "shown_if: {answered: opfoelgning}", "forms.leaking-condition"),
    ],
)
def test_the_mistakes_it_warns_of_are_found(old, new, code):
    assert code in codes(changed(old, new))


def test_every_fault_is_explained():
    """A code of the checks stands in the table, by itself or under a ``…-*``; a row may leave out the first word of a list."""
    table = TEXT[TEXT.index("## What the static check finds") : TEXT.index("## A whole example")]
    named = {
        name if name.startswith("forms.") else f"forms.unknown{name}"
        for name in re.findall(r"`((?:forms\.|-)[a-z*-]+)`", table)
    }
    stems = tuple(name[:-1] for name in named if name.endswith("*"))
    folder = Path(tillid.forms.__file__).parent
    files = [
        *folder.glob("checks*.py"),
        *(
            folder / f"{name}.py"
            for name in ("condition_types", "leaks", "code_lists", "yamldata", "yamllimits", "schema")
        ),
    ]
    found = {code for file in files for code in re.findall(r'"(forms\.[a-z-]+)"', file.read_text("utf-8"))}
    found -= {code for code in found if "overlay" in code or code == "forms.minimum"}  # in the last part of the page
    assert len(found) > 40
    assert sorted(code for code in found - named if not code.startswith(stems)) == []
