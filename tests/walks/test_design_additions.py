"""An addition is made in the designer, read by a second person, published and used by the place it is for (O22)."""

from __future__ import annotations

import pytest

from tests.support.design_desk import Desk
from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import World
from tillid.forms import design_edits as edits
from tillid.forms.designs import Design
from tillid.forms.overlays import overlaid, overlay_from
from tillid.forms.overlays_data import OWN, FixedBase
from tillid.forms.settings import Changed
from tillid.forms.yamldata import read_yaml
from tillid.kernel.errors import NotFound
from tillid.usecases.design_addition import additions_overview, start_addition, withdraw_addition
from tillid.usecases.design_data import definition_data
from tillid.usecases.design_form import edit_design, open_design
from tillid.usecases.fill import definition_of
from tillid.usecases.review_form import BaseMoved, HasFaults, OwnWork, publish_design, submit_design
from tillid.usecases.start_document import start_document, start_without_child
from tillid.usecases.withdraw_form import use_version_again

pytestmark = pytest.mark.req("O22")

FORM = "overgangsbeskrivelse"
ELLIE = "a7f5918d-2b0a-4bd9-844d-e2c03f80df50"
SKOVTROLDEN = "68590934-7dce-43d7-bf10-bdfb442b57b7"


@pytest.fixture
def world(world_at):
    return world_at("people")


def begun(world: World, form: str = FORM, unit: str = "", title: str = "Solbjergs egne spørgsmål") -> Design:
    with world.house() as house:
        return start_addition(house, world.staff("camilla"), form, unit, title)


def step(world: World, design: Design, change) -> Design:
    with world.house() as house:
        return edit_design(house, world.staff("camilla"), design.id, design.revision, "Et felt er ændret", change)


def with_field(section: str = "fagpersonens_del", **values):
    def change(data: dict) -> dict:
        data, name = edits.add_field(data, section, "long_text", "Vaner i hverdagen", prefix=OWN)
        assert name == "egen_vaner_i_hverdagen"
        data = edits.translate(data, "fields", name, {"label": "Everyday habits"})
        return edits.edit_field(data, name, values) if values else data

    return change


def published(world: World, design: Design):
    with world.house() as house:
        design = submit_design(house, world.staff("camilla"), design.id, design.revision, "")
    with world.house() as house:
        return publish_design(house, world.staff("henriette"), design.id, design.revision)


def started(world: World, who: str = "nadja"):
    with world.house() as house:
        document = start_document(house, world.staff(who), ELLIE, FORM, variant="bh_sk")
        return document, definition_of(house, document)


def test_it_is_published_with_its_own_number_and_digest_and_used_at_once(world):
    before, _form = started(world)
    addition = published(world, step(world, begun(world), with_field()))
    assert addition.name == "solbjergs_egne_spoergsmaal/v1"
    assert (addition.author, addition.reviewer) == tuple(world.staff(n).person_id for n in ("camilla", "henriette"))
    document, form = started(world)
    # The municipality's before the unit's own, which was there already.
    assert document.definition.overlay == "solbjergs_egne_spoergsmaal/v1+skovtroldens_aftaler/v1"
    field = form.field("egen_vaner_i_hverdagen")
    assert field.visible_to == ("author", "team") and field.filled_by == ("professional",)
    assert form.in_language("en").field("egen_vaner_i_hverdagen").label == "Everyday habits"
    with world.house() as house:  # what was begun before stays as it was
        assert definition_of(house, before).overlays and "egen_vaner_i_hverdagen" not in str(
            definition_of(house, before)
        )


def test_what_is_exported_is_a_file_that_the_command_takes(world):
    design = step(world, begun(world), with_field())
    with world.house() as house:
        opened = open_design(house, world.staff("camilla"), design.id)
        data = definition_data(house, FORM, 3)
    source = read_yaml(opened.check.text.encode(), "egne.yaml")
    assert overlay_from(source).digest == opened.check.digest
    assert overlaid(data, source).digest == opened.check.definition.digest


@pytest.mark.parametrize(
    "change",
    [
        lambda data: edits.edit_field(data, "u_greb", {"label": "Andet"}),
        lambda data: edits.remove_field(data, "u_greb"),
        lambda data: edits.move_field(data, "u_greb", 1),
        lambda data: edits.edit_form(data, {"title": "Andet"}),
        lambda data: edits.edit_form(data, {"rules": [], "code_lists": []}),
        lambda data: edits.add_section(data, "Uden præfiks")[0],
        lambda data: edits.move_section(
            edits.add_section(data, "Først", OWN)[0], "egen_foerst", -len(data["sections"])
        ),
    ],
)
def test_the_form_itself_stands_still(world, change):
    with pytest.raises(FixedBase):
        step(world, begun(world), change)


def test_an_own_section_is_never_first(world):
    def first(data: dict) -> dict:
        data, _name = edits.add_section(data, "Først", OWN)
        return {**data, "sections": [data["sections"][-1], *data["sections"][:-1]]}

    with pytest.raises(FixedBase):
        step(world, begun(world), first)


@pytest.mark.req("R-53", "R-03")
@pytest.mark.parametrize(
    ("form", "section", "values", "code"),
    [
        ("underretning", "bekymring", {"required": "yes"}, "forms.overlay-stops-notification"),
        ("trivselsskema", "position", {"label": "Giver forældrene samtykke?"}, "forms.consent-question"),
    ],
)
def test_what_no_addition_may_do_is_said_and_cannot_be_sent(world, form, section, values, code):
    with world.house() as house:
        section = definition_data(house, form, house.definitions.latest(form).version)["sections"][-1]["id"]
    design = step(world, begun(world, form), with_field(section, **values))
    with world.house() as house:
        assert code in {one.code for one in open_design(house, world.staff("camilla"), design.id).check.problems}
        with pytest.raises(HasFaults):
            submit_design(house, world.staff("camilla"), design.id, design.revision, "")


@pytest.mark.req("R-03")
def test_a_consent_question_cannot_hide_in_the_translation(world):
    design = step(world, begun(world, "trivselsskema"), lambda data: edits.translate(
        with_field(data["sections"][-1]["id"])(data), "fields", "egen_vaner_i_hverdagen", {"label": "Do you consent?"}))  # fmt: skip
    with world.house() as house:
        found = open_design(house, world.staff("camilla"), design.id).check.problems
    assert [one.code for one in found] == ["forms.consent-question"]


def test_two_people_and_the_very_content_that_was_sent(world):
    design = step(world, begun(world), with_field())
    with world.house() as house:
        design = submit_design(house, world.staff("camilla"), design.id, design.revision, "")
    with world.house() as house, pytest.raises(OwnWork):
        publish_design(house, world.staff("camilla"), design.id, design.revision)


def test_a_unit_s_next_version_begins_with_what_it_has(world):
    design = begun(world, unit=SKOVTROLDEN, title="")
    assert (design.addition.id, design.addition.version) == ("skovtroldens_aftaler", 2)
    assert "egen_besoeg" in edits.field_ids(design.data) and "egen_ude" in edits.field_ids(design.data)
    published(world, step(world, design, lambda data: edits.remove_field(data, "egen_ude")))
    document, form = started(world)
    assert document.definition.overlay == "skovtroldens_aftaler/v2"
    assert "egen_ude" not in {one.id for one in form.fields}


def test_of_two_for_the_same_place_the_second_goes_on_from_the_first(world):
    first, second = begun(world), begun(world, title="En anden")
    published(world, step(world, first, with_field()))
    second = step(world, second, with_field())
    with world.house() as house, pytest.raises(BaseMoved):
        submit_design(house, world.staff("camilla"), second.id, second.revision, "")


def test_it_can_be_taken_out_of_new_use_and_into_it_again(world):
    written, _form = started(world)
    with world.house() as house:
        withdraw_addition(house, world.staff("camilla"), "skovtroldens_aftaler", 1)
    assert started(world)[0].definition.overlay == ""
    with world.house() as house:
        assert definition_of(house, written).field("egen_ude")
        use_version_again(house, world.staff("camilla"), "overlays/skovtroldens_aftaler", 1)
    assert started(world)[0].definition.overlay == "skovtroldens_aftaler/v1"


def test_an_addition_to_a_form_without_a_child_is_used_too(world):
    def change(data: dict) -> dict:
        data, section = edits.add_section(data, "Husregler", OWN)
        return edits.add_field(data, section, "text", "Kaffe", prefix=OWN)[0]

    published(world, step(world, begun(world, "fdr", SKOVTROLDEN, "Husregler"), change))
    with world.house() as house:
        document = start_without_child(house, world.staff("kaare"), SKOVTROLDEN, "fdr", "faglig_sparring")
        assert definition_of(house, document).section("egen_husregler").fields[0].id == "egen_kaffe"
        house.choices.put("egne_felter", "ingen", Changed(by="camilla", at=world.clock.now()))
    with world.house() as house:
        lines = additions_overview(house, world.staff("camilla")).lines
        assert lines and not any(one.permitted for one in lines)


def test_nobody_but_an_administrator(world):
    with world.house() as house:
        for ask in (
            lambda: additions_overview(house, world.staff("kaare")),
            lambda: start_addition(house, world.staff("kaare"), FORM, SKOVTROLDEN, "Egne"),
            lambda: withdraw_addition(house, world.staff("kaare"), "skovtroldens_aftaler", 1),
        ):
            with pytest.raises(NotFound):
                ask()


def test_the_whole_way_through_the_pages(world):
    """Begun, changed, sent, published and used without a file; the form's own parts have no page to change them on."""
    home = WorldInstallation(world)
    desk = AdditionDesk(home, "camilla").begin_addition("overgangsbeskrivelse", SKOVTROLDEN, "")
    assert "Skovtroldens lokale aftaler" in desk.page and "Gælder for " in desk.page
    assert not desk.page.html.select("a[href$='/felt/u_greb']") and desk.page.html.select("a[href$='/felt/egen_ude']")
    assert desk.app.get(f"{desk.address}/felt/u_greb", status=404)
    assert desk.app.get(f"{desk.address}/afsnit/samtalen", status=404)
    desk.act("add-list", list_title="Ugedage")
    desk.act("add-field.fagpersonens_del", label__fagpersonens_del="Bedste dag", type__fagpersonens_del="choice")
    desk.act("save", "/felt/egen_bedste_dag", set__code_list="egen_ugedage", en__label="Best day")
    assert "Ingen fejl" in desk.findings()
    assert desk.data()["translations"]["en"]["fields"]["egen_bedste_dag"] == {"label": "Best day"}
    assert "Bedste dag" in desk.app.get(f"{desk.address}/proev")
    desk.act("submit")
    second = AdditionDesk(home, "henriette")
    second.address = desk.address
    changed = second.app.get(f"{desk.address}/godkendelse").html.select_one("main").text
    assert "Bedste dag" in changed and "skovtroldens_aftaler/v1" in changed
    assert (
        "Barnets dage ude i skoven" not in changed and "overlays" not in changed
    )  # what was there before is no change
    page = second.act("publish", "/godkendelse").follow()
    assert "Med i nye dokumenter" in page.html.select_one("section[aria-labelledby=tilfoejelser]").text
    document, form = started(world)
    assert form.field("egen_bedste_dag").settings["code_list"] == "egen_ugedage"
    nadja = as_staff(home, "nadja")
    empty = nadja.get(f"/barn/{ELLIE}").html.select_one("a[href*=tilfoejelse]")["href"]
    assert "Bedste dag" in nadja.get(empty)
    rows = {one["name"]: one for one in nadja.get("/api/skemaer").json["forms"]}
    row = rows["overgangsbeskrivelse/v3+skovtroldens_aftaler/v2"]
    assert row["digest"] == form.digest and row["units"] == [SKOVTROLDEN]
    schema = nadja.get(row["schema"]).json
    assert "egen_bedste_dag" in schema["properties"] and schema["x-tillid-digest"] == document.definition.digest
    assert nadja.get(row["schema"].replace("v2", "v9"), status=404)
    exported = second.app.get("/drift/skemaer/overgangsbeskrivelse/v3.yaml?tilfoejelse=skovtroldens_aftaler/v2")
    assert overlay_from(read_yaml(exported.body, "x.yaml")).digest in form.overlays[0]


class AdditionDesk(Desk):
    def begin_addition(self, form: str, unit: str, title: str) -> AdditionDesk:
        page = self.app.get("/drift/skemaer")
        found = next(one for one in page.forms.values() if "unit" in one.fields)
        found["form"], found["unit"], found["title"] = form, unit, title
        self.address = found.submit().location.removeprefix("http://127.0.0.1:8080")
        return self
