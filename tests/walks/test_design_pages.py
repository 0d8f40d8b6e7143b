"""The designer's pages: every button of the outline and the editors, without a browser (without JavaScript it is the same)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.support.installation import WorldInstallation, as_staff
from tillid.demo.data import demo_data
from tillid.forms.canonical_yaml import canonical_yaml
from tillid.forms.yamldata import read_yaml
from tillid.kernel.clock import local_day
from tillid.kernel.paths import FORM_DEFINITIONS
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.render import day_text

FORM = "overgangsbeskrivelse"


class Desk:
    """An administrator with a design open."""

    def __init__(self, installation: WorldInstallation, who: str = "camilla") -> None:
        self.installation, self.app = installation, as_staff(installation, who)

    def begin(self, form: str = FORM, version: int = 3) -> Desk:
        page = self.app.get("/drift/skemaer")
        wanted = [
            one for one in page.forms.values()
            if "version" in one.fields and one["do"].value == "start"
            and (one["form"].value, one["version"].value) == (form, str(version))
        ]  # fmt: skip
        self.address = wanted[0].submit().location.removeprefix("http://127.0.0.1:8080")
        return self

    @property
    def page(self):
        return self.app.get(self.address)

    def act(self, action: str, path: str = "", **values):
        """Press the button ``action`` on the page at ``path``, with ``values`` typed; everything else as it stands."""
        page = self.app.get(self.address + path)
        form = next(f for f in page.forms.values() if any(b._value == action for b in f.fields.get("do", [])))
        for name, value in values.items():
            set_all(form, name.replace("__", "."), value)
        return form.submit("do", value=action)

    def data(self) -> dict:
        return read_yaml(self.app.get(f"{self.address}/skema.yaml").body, "x").data

    def findings(self) -> str:
        return self.page.html.select_one(".design-checks").get_text(" ", strip=True)

    def field(self, name: str) -> dict:
        return next(f for s in self.data()["sections"] for f in s["fields"] if f["id"] == name)


def draw(desk: Desk, form, action: str):
    """What the script posts when an input brings other inputs, or while one types: no button stands for it."""
    posted = [(name, value) for name, value in form.submit_fields() if name != "do"]
    return desk.app.post(form.action, [*posted, ("do", action)])


def set_all(form, name, value) -> None:
    fields = form.fields[name]
    if isinstance(value, set):  # boxes to tick
        for one in fields:
            one.checked = one._value in value
    elif len(fields) > 1 and hasattr(fields[0], "checked"):
        form[name] = value
    else:
        form[name] = value


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


def test_while_one_types_the_look_and_the_checks_come_and_nothing_is_stored(desk):
    before = desk.data()
    form = desk.app.get(f"{desk.address}/felt/u_greb").forms["editor"]
    form["label"] = "Noget helt andet"
    for box in form.fields["visible_to"]:
        box.checked = box._value in ("team",)
    page = draw(desk, form, "look")
    assert page.status_int == 200 and "Noget helt andet" in page and "<html" not in page
    assert "ser det aldrig" in page and desk.data() == before


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


def test_text_with_characters_nobody_can_see_is_refused(desk):
    form = desk.app.get(f"{desk.address}/felt/u_greb").forms["editor"]
    form["label"] = "Gr\u202eeb"
    answer = form.submit("do", value="save", expect_errors=True)
    assert answer.status_int == 409 and "design.hidden-characters" in answer and "U+202E" in answer
    form = desk.app.get(f"{desk.address}/felt/u_greb").forms["editor"]
    form["help"] = "x" * 6000
    assert "design.too-long" in form.submit("do", value="save", expect_errors=True)


@pytest.mark.req("U20")
def test_what_a_parent_sees_is_what_the_field_says(desk):
    seen = desk.app.get(f"{desk.address}/proev?laeser=parent&svar=1&variant=bh_sk")
    page = desk.app.get(f"{desk.address}/felt/u_greb")
    boxes = {box._value for box in page.forms["editor"].fields["visible_to"] if box.checked}
    label = desk.field("u_greb")["label"]
    main = seen.html.select_one("main form[method=post]").get_text(" ")
    assert (label in main) == ("parent" in boxes)
    hidden = [f["label"] for s in desk.data()["sections"] for f in s["fields"] if "parent" not in f["visible_to"]]
    assert hidden and not [
        label for label in hidden if f">{label}<" in str(seen.html.select_one("main form[method=post]"))
    ]


def test_a_trial_is_checked_and_stored_nowhere(desk):
    world = desk.installation.world
    before = world.store.db.lastTransaction()
    page = desk.app.get(f"{desk.address}/proev?laeser=team&variant=bh_sk")
    form = next(f for f in page.forms.values() if "f.u_greb" in f.fields)
    form["f.u_greb"] = "Et svar uden mening"
    page = form.submit("do", value="check")
    assert "Et svar uden mening" in page and "Hvad kontrollen siger" in page
    assert "skal udfyldes" in page.html.select_one("#resultat").get_text()
    assert world.store.db.lastTransaction() == before
    for folder in ("audit", "zodb"):
        for file in (world.folder / folder).rglob("*"):
            assert not file.is_file() or b"Et svar uden mening" not in file.read_bytes()


@pytest.mark.req("T30")
def test_the_second_person_sees_the_difference_and_publishes(desk):
    desk.act("save", "/felt/u_greb", label="Det virker hos os")
    desk.act("submit", comment="Et lettere ord.")
    own = desk.app.get(f"{desk.address}/godkendelse")
    assert "Det virker hos os" in own and "Udgiv version" not in own
    other = Desk(desk.installation, "henriette")
    other.address = desk.address
    page = other.app.get(f"{desk.address}/godkendelse")
    assert "Et lettere ord." in page and "Det virker hos os" in page and "Før:" in page
    assert other.act("publish", "/godkendelse").status_int == 303
    listed = other.app.get("/drift/skemaer")
    assert "Version 4" in listed and "Udgivet her" in listed
    assert "Udgivet her i kommunen" in other.app.get("/drift")
    text = other.app.get(f"/drift/skemaer/{FORM}/v4.yaml").body
    assert canonical_yaml(read_yaml(text, "x").data).encode() == text
    sofie = as_staff(desk.installation, "sofie")
    child = sofie.get(f"/barn/{demo_data().children['alma'].id}")
    start = next(f for f in child.forms.values() if "form" in f.fields and f["form"].value == FORM)
    first = start.submit().follow().follow() if start else None
    assert first.status_int == 200
    assert "Den kan flyttes til version 4" in sofie.get(f"/dokument/{desk.installation.world.made['document']}")


@pytest.mark.req("T30", "O22")
def test_a_day_ahead_is_on_the_list_and_new_documents_begin_in_the_version_before(desk):
    day = local_day(desk.installation.clock.now()) + timedelta(days=10)
    desk.act("save", "/felt/u_greb", label="Det virker hos os")
    desk.act("submit", usable_from=day.isoformat())
    other = Desk(desk.installation, "henriette")
    other.address = desk.address
    asked = other.app.get(f"{desk.address}/godkendelse").html.select_one("input[name=usable_from]")
    assert asked["value"] == day.isoformat()
    other.act("publish", "/godkendelse")
    assert f"Tages i brug {day_text(day)}" in other.app.get("/drift/skemaer")
    sofie = as_staff(desk.installation, "sofie")
    child = sofie.get(f"/barn/{demo_data().children['alma'].id}")
    start = next(f for f in child.forms.values() if "form" in f.fields and f["form"].value == FORM)
    first = start.submit().follow().follow()
    assert f"/skemaer/{FORM}/v3/tom" in first and f"/skemaer/{FORM}/v4/tom" not in first


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
