"""The FDR sheet as a definition: its parts, who fills them, its domains, and whose case it is (D1-D6, D13)."""

from __future__ import annotations

import pytest

from tests.unit.forms.test_forms_wellbeing import missing
from tillid.forms.answers import check_answers
from tillid.forms.showing import shown_fields


@pytest.mark.req("D1")
def test_the_sheet_has_its_three_parts(definitions):
    assert {"forberedelse", "dialog", "referat"} <= {f.id for f in definitions.get("fdr", 1).fields}
    assert [s.id for s in definitions.get("fdr", 2).sections] == [
        "praktisk",
        "indhold",
        "dialog",
        "referat",
        "evaluering",
    ]


@pytest.mark.req("D2", "D3", "D4")
def test_the_leader_prepares_and_who_asks_writes_the_problem(definitions):
    sheet = definitions.get("fdr", 2)
    practical = [f for f in sheet.section("praktisk").fields if f.filled_by != ("system",)]
    assert {f.filled_by for f in practical} == {("leader",)}
    assert {"titel", "tid_sted", "moedeleder", "referent", "deltagere", "leder_ansvarlig"} <= {f.id for f in practical}
    for field in ("problemstilling", "oenske_moede", "form_oenske"):
        assert sheet.field(field).filled_by == ("professional",)
    assert sheet.field("foraeldre_forb").filled_by == ("parent",), "and the parents their own (D15)"
    # D4: what an invitation needs is the preparation's, and all who are invited may read it.
    assert all("parent" in f.visible_to for f in practical if f.id != "foraeldre_nej")


@pytest.mark.req("D6")
def test_the_domains_chosen_open_their_part_of_the_dialogue(definitions):
    sheet = definitions.get("fdr", 2)
    assert sheet.code_list("domaene").codes == ("refleksion", "sparring", "analyse", "beslutning")
    for domain in sheet.code_list("domaene").codes:
        answers = {"domaener": [domain]}
        shown = {f.id for f in shown_fields(sheet, answers, {}, "team") if f.id.startswith("d_")}
        assert shown == {f"d_{domain}", "d_muligheder"}
        assert {f for f in missing(sheet, answers) if f.startswith("d_")} == {f"d_{domain}"}


@pytest.mark.req("D13", "R-01")
def test_a_case_is_named_anonymous_or_about_no_child(definitions):
    sheet = definitions.get("fdr", 2)
    child = {"id": "c1", "name": "Alma"}
    about = {"problemstilling", "barn_forb", "r_tovholder", "foraeldre_deltager"}
    general = {"moedetype": "faglig_sparring"}
    shown = {f.id for f in shown_fields(sheet, general, {}, "team")}
    assert not {"grundlag", "barn_forb", "foraeldre_deltager", "r_tovholder", "r_info_foraeldre"} & shown
    assert about & missing(sheet, general) == {"problemstilling"}
    named = {"moedetype": "dialogmoede", "barn": child, "grundlag": "samtykke"}
    assert about | {"grundlag_ref"} <= missing(sheet, named), "a consent or a provision is named (R-01)"
    anonymous = {"moedetype": "netvaerksmoede", "grundlag": "anonym"}
    assert "barn" not in missing(sheet, anonymous, sides=("system",))
    assert "barn_forb" not in missing(sheet, anonymous)
    assert "grundlag" in missing(sheet, {"moedetype": "dialogmoede", "barn": child}), "one basis, always"


@pytest.mark.req("D13")
@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"moedetype": "dialogmoede", "barn": {"id": "c1", "name": "Alma"}, "grundlag": "anonym"}, "grundlag"),
        ({"moedetype": "dialogmoede", "grundlag": "samtykke"}, "grundlag"),
        ({"moedetype": "faglig_sparring", "barn": {"id": "c1", "name": "Alma"}}, "problemstilling"),
    ],
)
def test_a_name_and_an_anonymous_case_do_not_go_together(definitions, answers, wrong):
    sheet = definitions.get("fdr", 2)
    found = check_answers(sheet, {**answers, "problemstilling": "Ro i garderoben"}, {}, complete=True)
    assert any(p.field_id == wrong and p.code == "forms.rule" for p in found), [(p.field_id, p.code) for p in found]
