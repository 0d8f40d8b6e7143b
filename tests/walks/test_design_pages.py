"""The designer's pages: sections, fields, lists and files of a form, without a browser (without JavaScript it is the same)."""

from __future__ import annotations

import pytest

from tests.support.design_desk import FORM, Desk
from tests.support.installation import WorldInstallation, as_staff
from tillid.forms.yamldata import read_yaml
from tillid.kernel.paths import FORM_DEFINITIONS
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture
def desk(world_at):
    return Desk(WorldInstallation(world_at("draft"))).begin()


def test_a_section_and_a_field_are_made_and_moved(desk):
    desk.act("add-section", title="Fritid")
    assert desk.data is not None
    page = desk.page
    assert "Afsnittet har ingen felter endnu." in page
    moved = desk.act("to-section.u_hverdag", to__u_hverdag="fritid")
    assert moved.status_int == 303
    opened = desk.act("add-field.fritid", label__fritid="Går barnet til noget?", type__fritid="yes_no").follow()
    assert opened.status_int == 200 and "Går barnet til noget?" in opened
    assert desk.field("gaar_barnet_til_noget")["type"] == "yes_no"
    assert "parent" not in desk.field("gaar_barnet_til_noget")["visible_to"]
    ids = [f["id"] for f in desk.data()["sections"][-1]["fields"]]
    desk.act("field-up.gaar_barnet_til_noget")
    assert [f["id"] for f in desk.data()["sections"][-1]["fields"]] == ids[::-1]
    desk.act("section-up.fritid")
    assert desk.data()["sections"][-2]["id"] == "fritid"
    assert "gaar_barnet_til_noget" in desk.data()["upcast"]["new"]


def test_a_removed_field_asks_and_the_choice_is_kept(desk):
    asked = desk.act("remove-field.u_hverdag").follow()
    assert "Hvor skal svarene hen?" in asked and "Ingen har sagt" in desk.findings()
    form = next(f for f in asked.forms.values() if "how" in f.fields)
    form["how"] = "merge"
    form["merge_into"] = "u_laering"
    assert form.submit("do", value="save").status_int == 303
    assert {"merge": {"fields": ["u_hverdag"], "into": "u_laering"}} in desk.data()["upcast"]["steps"]
    assert "Ingen har sagt" not in desk.findings()
    form = next(f for f in desk.app.get(f"{desk.address}/svar/u_hverdag").forms.values() if "how" in f.fields)
    form["how"], form["text_to"], form["why"] = "drop", "u_laering", "Hverdagen hører nu til læring."
    form.submit("do", value="save")
    assert desk.data()["upcast"]["steps"][-1] == {
        "drop": {"field": "u_hverdag", "text_to": "u_laering", "why": "Hverdagen hører nu til læring."}
    }
    form = next(f for f in desk.app.get(f"{desk.address}/svar/u_hverdag").forms.values() if "how" in f.fields)
    form["how"], form["part.0.way"], form["part.0.field"], form["why"] = "split", "lines:first", "u_laering", ""
    form.submit("do", value="save")
    assert desk.data()["upcast"]["steps"][-1] == {
        "split": {"field": "u_hverdag", "into": [{"field": "u_laering", "lines": "first"}]}
    }


@pytest.mark.req("R-63")
def test_a_changed_code_list_is_a_new_version_with_its_statistics_codes(world_at):
    desk = Desk(WorldInstallation(world_at("draft"))).begin("trivselsskema", 2)
    was = next(one for one in desk.data()["code_lists"] if one["id"] == "kendskab")
    form = desk.act("choice-add", "/liste/kendskab").forms
    form = next(f for f in form.values() if "choice.0.label" in f.fields)
    last = len(was["choices"])
    form[f"choice.{last}.label"], form["choice.0.statistics_code"] = "Har lige mødt barnet", "17"
    form.submit("do", value="save")
    now = next(one for one in desk.data()["code_lists"] if one["id"] == "kendskab")
    assert now["version"] == was["version"] + 1
    assert now["choices"][-1] == {"code": "har_lige_moedt_barnet", "label": "Har lige mødt barnet"}
    assert now["choices"][0]["statistics_code"] == "17"
    desk.act("choice-remove.0", "/liste/kendskab")
    assert len(next(one for one in desk.data()["code_lists"] if one["id"] == "kendskab")["choices"]) == last + 1


def test_titles_and_sections_in_both_languages(desk):
    form = next(f for f in desk.app.get(f"{desk.address}/skemaet").forms.values() if "purpose" in f.fields)
    form["title"], form["en.title"], form["history"] = "Overgang", "Transition", "Nye ord."
    form.submit()
    form = next(
        f for f in desk.app.get(f"{desk.address}/afsnit/fagpersonens_del").forms.values() if "guidance" in f.fields
    )
    form["title"], form["en.title"], form["guidance"] = "Vores del", "Our part", "Først.\n\nSiden."
    form.submit()
    data = desk.data()
    assert (data["title"], data["history"], data["translations"]["en"]["title"]) == (
        "Overgang",
        "Nye ord.",
        "Transition",
    )
    section = next(s for s in data["sections"] if s["id"] == "fagpersonens_del")
    assert (section["title"], section["guidance"]) == ("Vores del", ["Først.", "Siden."])
    assert data["translations"]["en"]["sections"]["fagpersonens_del"]["title"] == "Our part"


def test_what_was_exported_comes_in_again_as_it_was(desk):
    desk.act("save", "/felt/u_greb", label="Det virker hos os")
    text = desk.app.get(f"{desk.address}/skema.yaml").body
    page = desk.app.get("/drift/skemaer")
    form = next(f for f in page.forms.values() if "file" in f.fields)
    from webtest import Upload

    form["file"] = Upload("v4.yaml", text, "application/yaml")
    again = Desk(desk.installation)
    again.address = form.submit("do", value="import").location.removeprefix("http://127.0.0.1:8080")
    assert again.app.get(f"{again.address}/skema.yaml").body == text
    form = next(f for f in page.forms.values() if "file" in f.fields)
    form["file"] = Upload("x.yaml", b"a: &b 1\nc: *b", "application/yaml")
    refused = form.submit("do", value="import", expect_errors=True)
    assert refused.status_int == 409 and "design.file-refused" in refused and "Ankre" in refused


def test_a_file_of_the_project_is_exported_as_format_writes_it(desk):
    exported = desk.app.get(f"/drift/skemaer/{FORM}/v3.yaml").body
    data = read_yaml((FORM_DEFINITIONS / FORM / "v3.yaml").read_bytes(), "x").data
    read = read_yaml(exported, "x").data
    # Its code lists are written out; all else is the file's.
    assert {k: v for k, v in read.items() if k != "code_lists"} == {k: v for k, v in data.items() if k != "code_lists"}


def test_nothing_is_changed_for_who_may_not(desk):
    for who in ("sofie", "ove"):
        app = as_staff(desk.installation, who)
        for path in ("", "/felt/u_greb", "/godkendelse", "/proev", "/skema.yaml", "/regler"):
            assert app.get(desk.address + path, status=404).body == NOT_FOUND_BODY
        assert app.get("/drift/skemaer", status=404).body == NOT_FOUND_BODY
