"""Definitions that are meant to hurt: each is refused with its place and the limit, before anything large is built."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.unit.forms.examples import SMALL, faults
from tillid.forms.loading import definition_from, load_definition
from tillid.forms.problems import DefinitionError
from tillid.forms.yamldata import MAX_BYTES, MAX_DEPTH, MAX_VALUES, read_bytes, read_yaml
from tillid.forms.yamllimits import LinedData

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("source", "code", "limit"),
    [
        (LAUGHS, "forms.yaml-alias", "må ikke bruges"),
        ("a: &x 1\n", "forms.yaml-alias", "må ikke bruges"),
        ("[" + "a," * (MAX_BYTES // 2 - 2) + "]", "forms.yaml-too-many", str(MAX_VALUES)),
        ("{" + ",".join(f"k{n}: 1" for n in range(MAX_VALUES)) + "}", "forms.yaml-too-many", str(MAX_VALUES)),
        ("x" * (10 * MAX_BYTES), "forms.yaml-too-large", "1 MB"),
        ("[" * 500 + "]" * 500, "forms.yaml-too-deep", str(MAX_DEPTH)),
        ("\n".join(" " * n + "a:" for n in range(500)), "forms.yaml-too-deep", str(MAX_DEPTH)),
        ("[" * (MAX_BYTES - 1), "forms.yaml-syntax", "YAML"),
        ("a: 1\n---\nb: 2\n", "forms.yaml-syntax", "dokument"),
        ("n: 1e999\nm: 99999999999999999999999\n", "", ""),  # no numbers: texts
    ],
)
def test_yaml_that_is_meant_to_hurt(source, code, limit):
    tracemalloc.start()
    try:
        problems = read_yaml(source.encode(), "x.yaml").problems
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 120_000_000
    assert [(p.code, limit in p.text) for p in problems] == ([(code, True)] if code else [])
    assert all(p.suggestion for p in problems)


def test_a_huge_file_is_never_read_whole(tmp_path):
    path = tmp_path / "v1.yaml"
    with path.open("wb") as file:
        file.truncate(2**33)  # 8 GB that takes no place
    assert len(read_bytes(path)) == MAX_BYTES + 1
    with pytest.raises(DefinitionError) as refused:
        load_definition(path, lists={})
    assert refused.value.problems[0].code == "forms.yaml-too-large"


def test_a_deep_condition_names_its_field_and_the_limit():
    for depth, code in ((25, "forms.condition-too-deep"), (500, "forms.yaml-too-deep")):
        condition = "{not: " * depth + "{answered: day}" + "}" * depth
        problem = faults("{eq: [{field: kind}, b]}", condition)[0]
        assert (problem.code, problem.field) == (code, "words") and "niveauer" in problem.text and problem.line == 23


def test_deep_data_that_never_was_a_file_is_refused_too():
    deep: dict = {"answered": "day"}
    for _ in range(5000):
        deep = {"not": deep}
    data = read_yaml(SMALL.encode(), "x").data
    data["sections"][0]["fields"][1]["required"] = deep
    with pytest.raises(DefinitionError) as refused:
        definition_from(LinedData(file="designer", data=data, lines={}, problems=[]))
    assert [(p.code, p.field) for p in refused.value.problems] == [("forms.yaml-too-deep", "words")]


@pytest.mark.parametrize("value", [1.5, float("nan"), b"x", 2**70, {1: "a"}, object()])
def test_data_that_is_not_plain_is_refused(value):
    data = read_yaml(SMALL.encode(), "x").data
    data["sections"][0]["fields"][1]["settings"] = value
    with pytest.raises(DefinitionError):
        definition_from(LinedData(file="designer", data=data, lines={}, problems=[]))


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066", "\ufeff", "\u00ad", "\u200f"])
@pytest.mark.parametrize(
    ("old", "field"), [('label: "Dag"', "day"), ('title: "Demo"', ""), ("id: day", "day"), ('body: "Hej {navn}"', "")]
)
def test_characters_that_nobody_can_see_are_refused_in_every_text(hidden, old, field):
    for problem in faults(old, old[:-1] + hidden + old[-1:]):
        assert problem.code == "forms.forbidden-characters" and f"U+{ord(hidden):04X}" in problem.text
        assert problem.field.startswith(field[:2]) and problem.line > 0
        assert hidden not in str(problem), "the message itself shows what was hidden"
        break
    else:
        pytest.fail("accepted")


@pytest.mark.parametrize(
    ("old", "new", "limit"),
    [
        ('label: "Dag"', f'label: "{"x" * 300_000}"', "5000"),
        ("version: 1\nstatus", "version: 10000\nstatus", "9999"),
        ("id: demo", f"id: {'a' * 61}", "gyldig kode"),
        (
            'title: "Slags"\n    choices:',
            'title: "Slags"\n    choices:\n' + "".join(f"      - {{code: c{n}, label: L}}\n" for n in range(250)),
            "200",
        ),
    ],
)
def test_each_limit_is_named(old, new, limit):
    found = faults(old, new)
    assert all(problem.suggestion for problem in found)
    assert any(limit in problem.text for problem in found) and all(len(str(p)) < 1500 for p in found)


def test_a_wide_condition_takes_no_more_than_its_bound():
    parts = ", ".join(f"{{eq: [{{field: kind}}, {'ab'[n % 2]}]}}" for n in range(3000))
    assert faults("{eq: [{field: kind}, b]}", f"{{any: [{parts}]}}") == []


def test_very_many_fields_in_one_condition_are_not_tried_out():
    links = "".join(
        f"      - {{id: c{n}, label: C, type: yes_no, required: no, filled_by: [parent], visible_to: [team, parent]}}\n"
        for n in range(60)
    )
    never = ", ".join(f"{{eq: [{{field: c{n}}}, true]}}" for n in range(60))
    last = f"      - {{id: z, label: Z, type: yes_no, required: no, filled_by: [parent], visible_to: [team, parent], shown_if: {{all: [{never}, {{eq: [{{field: c0}}, false]}}]}}}}\n"
    assert (
        faults("      - {id: secret", links + last + "      - {id: secret") == []
    )  # beyond the bound nothing is claimed
