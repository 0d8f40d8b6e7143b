"""Moving answers from version to version: each kind of step, what is left over, and what the static check finds."""

from __future__ import annotations

import json

import msgspec
import pytest

from tests.support.definitions import our_definitions
from tests.unit.forms.upcast_examples import NEW, new, new_source, old
from tillid.forms.checks_upcasts import upcast_problems
from tillid.forms.definition import FormDefinition
from tillid.forms.loading import definition_from
from tillid.forms.problems import DefinitionError
from tillid.forms.schema import SCHEMA_FILE
from tillid.forms.upcast_drafts import suggested_upcast
from tillid.forms.upcast_steps import Drop, Merge, Part, Recode, Rename, Split
from tillid.forms.upcasts import Moved, move, move_along
from tillid.forms.yamldata import LinedData, read_yaml

pytestmark = pytest.mark.req("T30")


def moved(**answers: object) -> Moved:
    return move(answers, old(), new())


def left(result: Moved) -> list[tuple[str, str, str]]:
    return [(one.field, one.text, one.reason) for one in result.left_over]


def test_a_field_with_the_same_id_is_kept_without_a_word_though_its_type_grew():
    result = moved(same="Kort")
    assert result.answers == {"same": "Kort"}
    assert result.fates[0].how == "kept" and result.origins["same"] == ("same",)


def test_a_text_longer_than_the_new_limit_is_left_over_whole_never_cut():
    text = "Længere end tyve tegn er det her"
    result = moved(same=text)
    assert result.answers == {} and left(result) == [("same", text, "too-long")]
    assert "20" in result.left_over[0].why


def test_renamed_with_codes():
    assert moved(comment="Går godt", colour="red").answers == {"remark": "Går godt", "position": "roed"}


def test_a_code_without_an_heir_is_left_over_with_its_label_and_the_declared_reason():
    result = moved(colour="grey")
    assert result.answers == {} and left(result) == [("colour", "Grå", "no-code")]
    assert result.left_over[0].why == "Grå bruges ikke mere."


def test_split_by_code_and_by_part():
    result = moved(tags=["play", "sleep", "food"], tongue={"code": "green", "text": "Egne ord"})
    assert result.answers == {"sleeps": True, "tags": ["play", "meals"], "hue": "groen", "own": "Egne ord"}
    assert result.left_over == ()


def test_a_code_that_was_not_chosen_is_no_answer_rather_than_a_no():
    assert "sleeps" not in moved(tags=["play"]).answers


def test_a_part_that_no_target_takes_is_left_over():
    result = moved(tongue={"code": "grey", "text": "Egne ord"})
    assert result.answers == {"own": "Egne ord"} and left(result) == [("tongue", "Grå", "no-code")]


def test_merged_texts_stand_below_their_old_labels():
    assert moved(strong="Stærk", likes="Biler").answers == {"can": "Styrker:\nStærk\n\nInteresser:\nBiler"}


def test_a_merged_part_without_room_is_left_over_and_the_others_stay():
    result = moved(strong="s" * 60, likes="l" * 60)
    assert result.answers == {"can": "Styrker:\n" + "s" * 60}
    assert left(result) == [("likes", "l" * 60, "too-long")]


def test_merged_into_rows_of_a_table():
    result = moved(grip_1="Piktogrammer", grip_2="Rolig stund")
    assert result.answers["grips"] == [
        {"grip": "Piktogrammer", "about": "Greb 1"},
        {"grip": "Rolig stund", "about": "Greb 2"},
    ]


def test_a_table_column_by_column_row_by_row():
    rows = [
        {"what": "Ring", "who": "Mette", "price": "10"},
        {"what": "For lang", "who": "Ali"},
        {"what": "Mød", "who": "Bo"},
    ]
    result = moved(deals=rows)
    assert result.answers["deals"] == [{"what": "Ring", "responsible": "Mette"}, {"responsible": "Ali"}]
    assert [(one.text, one.reason) for one in result.left_over] == [
        ("Række 1, Pris: 10", "no-column"),
        ("Række 2, Hvad: For lang", "too-long"),
        ("Række 3: Mød\nBo", "too-many-rows"),
    ]


def test_a_dropped_text_is_appended_where_the_definition_says_or_left_over():
    result = moved(comment="Først", other="Sidst", siblings="Bror på 7")
    assert result.answers == {"remark": "Først\n\nAndet:\nSidst"}
    assert left(result) == [("siblings", "Bror på 7", "dropped")]
    hows = {fate.field: fate.how for fate in result.fates}
    assert (hows["other"], hows["siblings"]) == ("moved", "dropped")


def test_what_nobody_has_said_a_word_about_is_left_over_all_the_same():
    silent = definition_from(read_yaml(NEW[: NEW.index("upcast:")].encode(), "demo/v2.yaml"))
    result = move({"comment": "Må ikke blive væk", "ghost": {"x": 1}}, old(), silent)
    assert left(result) == [("comment", "Må ikke blive væk", "no-place"), ("ghost", '{"x": 1}', "unknown")]


def test_the_variant_goes_along():
    assert move({}, old(), new(), variant="vug").variant == "dag"


def test_a_field_with_an_answer_that_the_new_version_hides_is_pointed_at():
    hiding = new("max: 120}", "max: 120}, shown_if: {answered: practice}")
    assert move({"comment": "Skjult"}, old(), hiding).hidden == ("remark",)


def test_a_field_that_more_people_can_read_is_pointed_at():
    wider = new("max: 20}, required: 'no', filled_by: [professional], visible_to: [team]", "max: 20}, required: 'no', "
                "filled_by: [professional], visible_to: [team, parent]")  # fmt: skip
    fate = move({"same": "Kun for os"}, old(), wider).fates[0]
    assert fate.wider == ("parent",)


def test_moving_to_the_same_version_changes_nothing():
    answers = {"same": "Kort", "tags": ["play", "food"], "deals": [{"what": "Ring"}]}
    result = move(answers, old(), old())
    assert result.answers == answers and result.left_over == () and {f.how for f in result.fates} == {"kept"}


def _third() -> FormDefinition:
    text = NEW[: NEW.index("upcast:")].replace("version: 2\n", "version: 3\n").replace("{id: remark,", "{id: note,")
    text = text.replace("      - {id: own, label", "      - {id: mine, label")
    text += """\
upcast:
  from: 2
  note: "Version 3 omdøber."
  steps:
    - rename: {field: remark, to: note}
    - drop: {field: own, why: "Bruges ikke."}
  new: [mine]
"""
    return definition_from(read_yaml(text.encode(), "demo/v3.yaml"))


def test_several_versions_at_once_are_walked_one_by_one():
    result = move_along(
        {"comment": "Først", "other": "Sidst", "siblings": "Bror", "tongue": {"code": "red", "text": "Ord"}},
        [old(), new(), _third()],
    )
    assert result.answers == {"note": "Først\n\nAndet:\nSidst", "hue": "roed"}
    fates = {fate.field: (fate.how, fate.to) for fate in result.fates}
    assert fates["comment"] == ("renamed", ("note",)) and fates["tongue"] == ("split", ("hue",))
    assert result.origins["note"] == ("comment", "other")
    assert [(one.field, one.version, one.text) for one in result.left_over] == [
        ("siblings", 1, "Bror"),
        ("own", 2, "Ord"),
    ]
    assert len(result.notes) == 2


def test_the_example_is_without_fault():
    source = new_source()
    assert upcast_problems(old(), definition_from(source), source) == []


@pytest.mark.parametrize(
    ("before", "after", "code", "field"),
    [
        ("    - drop: {field: siblings, why: \"Søskendes oplysninger hører ikke til her.\"}\n", "", "not-total", "siblings"),
        ("new: [practice]", "new: []", "no-origin", "practice"),
        ("new: [practice]", "new: [practice, remark]", "not-new", "remark"),
        ("new: [practice]", "new: [practice, ukendt]", "unknown", "ukendt"),
        ("rename: {field: comment,", "rename: {field: coment,", "unknown", "coment"),
        ("to: remark}", "to: remarks}", "unknown", "remarks"),
        ("fields: [strong, likes], into: can", "fields: [strong, likes, other], into: can", "twice", "other"),
        ("from: 1", "from: 3", "from", ""),
        ("variants: {vug: dag}", "variants: {}", "variant", ""),
        ("green: groen, grey: null", "grey: null", "code", "colour"),
        ("red: roed, green: groen, grey", "red: roed, green: blaa, grey", "code", "colour"),
        (", grey: null}, why: \"Grå bruges ikke mere.\"", ", grey: null}", "why", "colour"),
        ("columns: {who: responsible, price: null}", "columns: {price: null}", "column", "deals"),
        ("{field: sleeps, has: sleep}, ", "{field: sleeps, has: sov}, ", "split", "tags"),
        ("{field: sleeps, has: sleep}, ", "{field: sleeps, lines: all}, ", "split", "tags"),
        ("food: meals}", "food: play}", None, ""),
        (", food: meals}", "}", "not-total", "tags"),
        ("column: grip,", "column: greb,", "column", "grips"),
        ("rename: {field: comment, to: remark}", "rename: {field: comment, to: grips}", "type", "comment"),
        ("text_to: remark", "text_to: sleeps", "type", "sleeps"),
        ("rename: {field: comment, to: remark}", "rename: {field: comment, to: position}", "two-values", "position"),
        ("label: \"Bemærkning\", type: long_text, settings: {max: 120}, required: 'no', filled_by: [professional], visible_to: [team]",
         "label: \"Bemærkning\", type: long_text, settings: {max: 120}, required: 'no', filled_by: [professional], visible_to: [team, parent]",
         "wider", "comment"),
    ],
)  # fmt: skip
def test_the_check_finds(before: str, after: str, code: str | None, field: str):
    source = new_source(before, after)
    found = upcast_problems(old(), definition_from(source), source)
    if code is None:
        assert found == []
        return
    assert (f"forms.upcast-{code}", field) in [(p.code, p.field) for p in found]
    assert all(p.line > 0 and p.suggestion for p in found)
    assert all(p.text and p.line > 0 and p.file == "demo/v2.yaml" for p in found)


def test_two_versions_without_a_way_between_them():
    silent = definition_from(read_yaml(NEW[: NEW.index("upcast:")].encode(), "demo/v2.yaml"))
    assert [p.code for p in upcast_problems(old(), silent)] == ["forms.upcast-missing"]


@pytest.mark.req("R-14")
def test_a_sensitive_text_does_not_slip_into_a_field_without_its_own_yes():
    sensitive = old_with("id: comment, label", "id: comment, sensitive: true, label")
    assert "forms.upcast-sensitive" in [p.code for p in upcast_problems(sensitive, new())]


def test_words_of_parents_are_not_moved_out_of_their_sight():
    theirs = old_with(
        "settings: {max: 200}, required: 'no', filled_by: [professional], visible_to: [team]",
        "settings: {max: 200}, required: 'no', filled_by: [parent], visible_to: [team, parent]",
    )
    assert "forms.upcast-hides" in [p.code for p in upcast_problems(theirs, new())]


def old_with(before: str, after: str) -> FormDefinition:
    from tests.unit.forms.upcast_examples import OLD

    assert before in OLD
    return definition_from(read_yaml(OLD.replace(before, after, 1).encode(), "demo/v1.yaml"))


def test_the_schema_and_the_grammar_know_the_same_keys():
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))["$defs"]
    steps = schema["upcast_step"]["properties"]
    for name, kind in (("rename", Rename), ("recode", Recode), ("split", Split), ("merge", Merge), ("drop", Drop)):
        assert set(steps[name]["properties"]) == set(kind.__struct_fields__), name
    assert set(schema["upcast_part"]["properties"]) == set(Part.__struct_fields__)


@pytest.mark.parametrize(
    "upcast",
    [
        {"from": 1, "steps": [{"rename": {"field": "comment"}}]},
        {"from": 1, "steps": [{"rename": {}, "drop": {}}]},
        {"from": 1, "steps": [{"split": {"field": "tags", "into": [{"field": "tags"}]}}]},
        {"from": 1, "steps": [{"drop": {"field": "comment"}}]},
        {"from": 1, "steps": [{"recode": {"field": "colour", "codes": {}}}]},
        {"from": "1"},
        {},
        [],
    ],
)
def test_an_upcast_of_another_shape_is_refused(upcast):
    data = {**new_source().data, "upcast": upcast}
    with pytest.raises(DefinitionError) as refused:
        definition_from(LinedData(file="v2.yaml", data=data, lines={}, problems=[]))
    assert {problem.code for problem in refused.value.problems} == {"forms.schema"}


def without_way(definition: FormDefinition) -> FormDefinition:
    return msgspec.structs.replace(definition, upcast={})


def _neighbours() -> list[tuple[FormDefinition, FormDefinition]]:
    known = {(form.id, form.version): form for form in our_definitions().all()}
    pairs = [(known[i, n - 1], form) for (i, n), form in known.items() if (i, n - 1) in known]
    return [*pairs, (old(), new())]


@pytest.mark.parametrize(("before", "after"), _neighbours(), ids=lambda form: form.name)
def test_a_first_draft_of_the_way_is_total(before: FormDefinition, after: FormDefinition):
    made = msgspec.structs.replace(after, upcast=suggested_upcast(before, without_way(after)))
    # What only people know: the heir of a variant, and of a code within a table's column.
    assert {p.code for p in upcast_problems(before, made)} <= {"forms.upcast-code", "forms.upcast-variant"}
    assert suggested_upcast(before, made) == made.upcast


def test_a_choice_that_becomes_yes_or_no_says_of_each_code_that_it_has_no_place():
    before, replace = old(), msgspec.structs.replace
    changed = {"type": "yes_no_unknown", "settings": {}}
    sections = tuple(
        replace(s, fields=tuple(replace(f, **changed) if f.id == "colour" else f for f in s.fields))
        for s in before.sections
    )
    after = replace(before, version=before.version + 1, sections=sections)
    (step,) = suggested_upcast(before, after)["steps"]
    assert (step["recode"]["field"], set(step["recode"]["codes"].values())) == ("colour", {None})
    assert upcast_problems(before, replace(after, upcast=suggested_upcast(before, after))) == []


def test_a_first_draft_keeps_what_is_declared_and_fits():
    assert suggested_upcast(old(), new()) == new().upcast
    fewer = new('      - {id: practice, label: "Egen praksis", type: long_text, settings: {max: 60}, '
                "required: 'no', filled_by: [professional], visible_to: [team]}\n", "")  # fmt: skip
    assert suggested_upcast(old(), fewer)["new"] == []
