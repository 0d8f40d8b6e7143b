"""The designer's editors: of a field, its conditions, a table's columns and a rule, without a browser."""

from __future__ import annotations

import re

import pytest

from tests.support.design_desk import Desk, draw
from tests.support.installation import WorldInstallation


@pytest.fixture
def desk(world_at):
    return Desk(WorldInstallation(world_at("draft"))).begin()


def test_a_label_is_changed_and_undone(desk):
    desk.act("save", "/felt/u_greb", label="Det virker hos os", en__label="What works here").follow()
    assert desk.field("u_greb")["label"] == "Det virker hos os"
    assert desk.data()["translations"]["en"]["fields"]["u_greb"]["label"] == "What works here"
    assert "Ingen fejl" in desk.findings()
    desk.act("undo")
    assert desk.field("u_greb")["label"] != "Det virker hos os"


def test_saving_a_field_unchanged_changes_nothing(desk):
    before = desk.data()
    for name in ("u_greb", "til_enhed", "startdato", "u_behov", "p_glad", "overgangstype"):
        desk.act("save", f"/felt/{name}")
    after = desk.data()
    assert after["sections"] == before["sections"] and after.get("translations") == before.get("translations")


@pytest.mark.parametrize("form", ["trivselsskema", "trivselsvurdering", "fdr", "underretning", "samtykkeerklaering"])
def test_every_field_of_every_form_can_be_opened_and_saved_as_it_is(world_at, form):
    desk = Desk(WorldInstallation(world_at("draft"))).begin(form, 2)
    before = desk.data()
    # One of each type and each order of readers: saving all of them takes minutes.
    kinds = {(f["type"], *f["visible_to"]): f["id"] for s in before["sections"] for f in s["fields"]}
    for name in kinds.values():
        answer = desk.act("save", f"/felt/{name}")
        assert answer.status_int == 303, name
    after = desk.data()
    differ = [
        (a, b)
        for s, t in zip(before["sections"], after["sections"], strict=True)
        for a, b in zip(s["fields"], t["fields"], strict=True)
        if a != b
    ]
    assert differ == []
    assert after.get("translations") == before.get("translations")
    assert "Ingen fejl" in desk.findings()


def test_a_condition_is_picked(desk):
    page = desk.act("row-add.shown", "/felt/u_hverdag", shown="when")
    form = page.forms["editor"]
    form["shown.0.left"] = "field:overgangstype"
    page = draw(desk, form, "redraw")
    form = page.forms["editor"]
    form["shown.0.op"] = "in"
    form = draw(desk, form, "redraw").forms["editor"]
    for box in form.fields["shown.0.value"]:
        box.checked = box._value in ("bh_sk", "sk_sk")
    form = form.submit("do", value="row-add.shown").forms["editor"]
    form["shown.1.left"] = "field:u_greb"
    form = draw(desk, form, "redraw").forms["editor"]
    form["shown.1.op"], form["shown.join"] = "answered", "any"
    form["required"] = "no"
    assert form.submit("do", value="save").status_int == 303
    assert desk.field("u_hverdag")["shown_if"] == {
        "any": [{"in": [{"field": "overgangstype"}, ["bh_sk", "sk_sk"]]}, {"answered": "u_greb"}]
    }
    assert desk.page.status_int == 200


def test_a_nested_condition_is_shown_and_edited_as_text(desk):
    text = "all:\n  - any:\n      - answered: u_greb\n      - answered: u_krop\n  - not: {eq: [{field: overgangstype}, bh_sk]}"
    page = desk.act("as-text.shown", "/felt/u_hverdag", shown="when", required="no")
    form = page.forms["editor"]
    form["shown.text"] = text
    assert form.submit("do", value="save").status_int == 303
    stored = desk.field("u_hverdag")["shown_if"]
    page = desk.app.get(f"{desk.address}/felt/u_hverdag")
    assert "for sammensat" in page and "answered: u_krop" in page
    desk.act("save", "/felt/u_hverdag")
    assert desk.field("u_hverdag")["shown_if"] == stored
    form = desk.act("as-text.shown", "/felt/u_hverdag").forms["editor"]
    form["shown.text"] = "all: [&a x, *a]"
    again = form.submit("do", value="save")
    assert again.status_int == 200 and "Ankre og henvisninger" in again


def test_rows_are_put_into_a_group_and_stay_in_it(desk):
    form = desk.app.get(f"{desk.address}/felt/u_hverdag").forms["editor"]
    form["shown"] = "when"
    for _more in range(3):
        form = draw(desk, form, "row-add.shown").forms["editor"]
    for number in range(3):
        form[f"shown.{number}.left"] = "field:overgangstype"
    form = draw(desk, form, "redraw").forms["editor"]
    for number, code in enumerate(("bh_sk", "bh_bh", "dp_bh")):
        form[f"shown.{number}.value"] = code
        form[f"shown.{number}.group"] = "" if number == 0 else "b"
    form["shown.0.op"] = "ne"
    assert form.submit("do", value="save").status_int == 303
    picked = [{"eq": [{"field": "overgangstype"}, code]} for code in ("bh_bh", "dp_bh")]
    assert desk.field("u_hverdag")["shown_if"]["all"][1] == {"any": picked}
    again = desk.app.get(f"{desk.address}/felt/u_hverdag").forms["editor"]
    assert [again[f"shown.{n}.group"].value for n in range(3)] == ["", "a", "a"]


def test_while_one_types_the_look_and_the_checks_come_and_nothing_is_stored(desk):
    before = desk.data()
    form = desk.app.get(f"{desk.address}/felt/u_greb").forms["editor"]
    form["label"] = "Noget helt andet"
    for box in form.fields["visible_to"]:
        box.checked = box._value in ("team",)
    page = draw(desk, form, "look")
    assert page.status_int == 200 and "Noget helt andet" in page and "<html" not in page
    assert "ser det aldrig" in page and desk.data() == before


def test_a_rule_is_made(desk):
    form = next(f for f in desk.act("rule-add", "/regler").forms.values() if "rule.0.text" in f.fields)
    number = sum(1 for name in form.fields if name and re.fullmatch(r"rule\.\d+\.text", name)) - 1
    form[f"rule.{number}.text"] = "Skriv mere om hverdagen."
    for box in form.fields[f"rule.{number}.fields"]:
        box.checked = box._value == "u_hverdag"
    form = next(
        f for f in form.submit("do", value=f"row-add.rule-{number}").forms.values() if "rule.0.text" in f.fields
    )
    form[f"rule-{number}.0.left"] = "field:u_hverdag"
    form = next(f for f in draw(desk, form, "redraw").forms.values() if "rule.0.text" in f.fields)
    form[f"rule-{number}.0.op"] = "empty"
    assert form.submit("do", value="save").status_int == 303
    assert desk.data()["rules"][-1] == {
        "id": "skriv_mere_om_hverdagen", "level": "soft", "when": {"not": {"answered": "u_hverdag"}},
        "fields": ["u_hverdag"], "text": "Skriv mere om hverdagen.",
    }  # fmt: skip
    assert desk.page.status_int == 200


def test_columns_of_a_table(world_at):
    desk = Desk(WorldInstallation(world_at("draft"))).begin("fdr", 2)
    name = next(f["id"] for s in desk.data()["sections"] for f in s["fields"] if f["type"] == "table")
    before = desk.field(name)["settings"]["columns"]
    form = desk.act("col-add", f"/felt/{name}").forms["editor"]
    form[f"col.{len(before)}.label"] = "Hvem siger det"
    form.submit("do", value="save")
    after = desk.field(name)["settings"]["columns"]
    assert after[:-1] == before and after[-1]["label"] == "Hvem siger det"


def test_text_with_characters_nobody_can_see_is_refused(desk):
    form = desk.app.get(f"{desk.address}/felt/u_greb").forms["editor"]
    form["label"] = "Gr\u202eeb"
    answer = form.submit("do", value="save", expect_errors=True)
    assert answer.status_int == 409 and "design.hidden-characters" in answer and "U+202E" in answer
    form = desk.app.get(f"{desk.address}/felt/u_greb").forms["editor"]
    form["help"] = "x" * 6000
    assert "design.too-long" in form.submit("do", value="save", expect_errors=True)
