"""The administrator's page of the municipality's settings, and that the house follows what is chosen there."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.purposes import state_purpose
from tests.support.world import document_now
from tillid.forms.settings import load_settings
from tillid.usecases.facts import facts_of
from tillid.usecases.outside_facts import outside_facts
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture
def home(world_at):
    return WorldInstallation(world_at("signed"))


def form_of(page, setting: str):
    return next(one for one in page.forms.values() if "setting" in one.fields and one["setting"].value == setting)


@pytest.mark.req("T2", "T7", "T10", "T15", "T31", "O22")
def test_every_setting_is_there_with_values_and_source(home):
    page = as_staff(home, "camilla").get("/drift").click("Kommunens indstillinger")
    main = page.html.select_one("main").text
    for one in load_settings().values():
        assert one.title in main and one.source in main
        assert all(label in main for label in one.per.values())
        assert form_of(page, one.id)


@pytest.mark.req("T10")
def test_a_choice_is_kept_told_to_conditions_and_can_be_taken_back(home):
    app = as_staff(home, "camilla")
    form = form_of(app.get("/drift/indstillinger"), "vis_position_til_foraeldre")
    form["v"] = "ord"
    page = form.submit().follow()
    assert "Gemt: " in page and "Valgt af kommunen" in page
    assert facts(home)["setting_vis_position_til_foraeldre"] == "ord"
    form_of(page, "vis_position_til_foraeldre").submit("do", value="default").follow()
    assert facts(home)["setting_vis_position_til_foraeldre"] == "nej"
    rows = (home.world.folder / "audit" / "audit.jsonl").read_text("utf-8").splitlines()
    assert len([row for row in rows if '"choose_setting"' in row and "vis_position_til_foraeldre" in row]) >= 2


@pytest.mark.req("O22")
def test_who_changed_it_and_when_is_told(home):
    app = as_staff(home, "camilla")
    assert "Sidst ændret" not in app.get("/drift/indstillinger")
    page = form_of(app.get("/drift/indstillinger"), "metode").submit().follow()
    assert page.text.count("Sidst ændret 25. november 2026") == 1 and "af Camilla Thorup" in page
    page = form_of(page, "metode").submit("do", value="default").follow()
    assert page.text.count("Sidst ændret") == 1  # setting it back is a change too


@pytest.mark.req("T7", "O22")
def test_what_a_choice_would_change_is_shown_and_nothing_is_stored(home):
    app = as_staff(home, "camilla")
    form = form_of(app.get("/drift/indstillinger"), "position_navne")
    form["v.gul"] = "Vi holder øje"
    page = form.submit("do", value="preview")
    shown = page.html.select_one("#effect").text
    assert "Gul position: »(tomt)« bliver til »Vi holder øje«" in shown and "trivselsskema/v2" in shown
    assert form_of(page, "position_navne")["v.gul"].value == "Vi holder øje"
    form = form_of(page, "egne_felter")
    form["v"] = "kommune"
    shown = form.submit("do", value="preview").html.select_one("#effect").text
    assert "får ikke længere: Skovtroldens lokale aftaler" in shown
    unchanged = form_of(page, "metode").submit("do", value="preview")
    assert "Intet ændres" in unchanged.html.select_one("#effect").text
    with home.world.house() as house:
        assert house.choices.stored() == {} and house.choices.changes() == {}


@pytest.mark.req("R-01", "R-31")
def test_bases_and_signers_are_followed(home):
    app = as_staff(home, "camilla")
    form = form_of(app.get("/drift/indstillinger"), "underskriver")
    assert {name for name in form.fields if name and name.startswith("v.")} == {"v.sp_dp", "v.dp_bh", "v.bh_bh"}
    form["v.dp_bh"] = "bopael"
    form.submit().follow()
    form = form_of(app.get("/drift/indstillinger"), "grundlag_pr_overgang")
    form["v.bh_sk"] = "retningslinje"
    form.submit().follow()
    with home.world.house() as house:
        assert house.settings.resident_parent_suffices == ("dp_bh",)
        assert house.settings.basis_of_transition["bh_sk"] == "retningslinje"


@pytest.mark.req("T7")
def test_the_municipalitys_names_of_the_positions_are_shown_and_codes_stay(home):
    app = as_staff(home, "camilla")
    with home.world.house() as house:
        before = house.definitions.get("trivselsskema", 2)
    form = form_of(app.get("/drift/indstillinger"), "position_navne")
    form["v.gul"] = "Vi holder øje"
    form.submit().follow()
    with home.world.house() as house:
        after = house.definitions.get("trivselsskema", 2)
        again = house.definitions
    name = after.field("position").settings["code_list"]
    assert after.code_list(name).choice("gul").label == "Vi holder øje"
    assert after.digest == before.digest and after.code_list(name).codes == before.code_list(name).codes
    with home.world.house() as house:
        assert house.definitions is again  # worked out once


def test_what_is_not_allowed_is_said_beside_the_setting_and_kept(home):
    app = as_staff(home, "camilla")
    form = form_of(app.get("/drift/indstillinger"), "runder")
    form["v.boernehave"] = "99"
    page = form.submit(status=422)
    assert "Skriv et helt tal fra 1 til 6" in page and form_of(page, "runder")["v.boernehave"].value == "99"
    assert page.html.select_one(".error-summary a")["href"] == "#runder-boernehave"
    assert [one["id"] for one in page.html.select("[aria-invalid]")] == ["runder-boernehave"]
    with home.world.house() as house:
        assert house.choices.stored() == {}


def test_only_an_administrator(home):
    for who in ("sofie", "birgit", "ove", "rasmus"):
        assert as_staff(home, who).get("/drift/indstillinger", status=404).body == NOT_FOUND_BODY


def facts(home) -> dict:
    document = document_now(home.world)
    with home.world.house() as house:
        return outside_facts(house, document, facts_of(house, document))


@pytest.mark.req("O15")
def test_words_that_are_searched_as_one_are_edited_previewed_and_followed(home):
    app, archive = as_staff(home, "camilla"), as_staff(home, "ove")
    form = form_of(app.get("/drift/indstillinger"), "soegeord")
    assert found_by("skiftepapir", archive) == 0
    form["v"] = form["v"].value + "\r\nalene"
    wrong = form.submit(status=422)
    assert "skriv 2 til 12 ord med komma imellem" in wrong and "alene" in form_of(wrong, "soegeord")["v"].value
    form["v"] = form["v"].value.replace("PPR, ", "PPR, PR, ").replace("\nalene", "\nskiftepapir, overgangsbeskrivelse")
    shown = form.submit("do", value="preview").html.select_one("#effect").text
    assert "»(tomt)« bliver til »skiftepapir, overgangsbeskrivelse«" in shown
    assert "»PPR, pædagogisk psykologisk rådgivning« bliver til »PPR, PR, pædagogisk psykologisk rådgivning«" in shown
    assert shown.count("bliver til") == 2
    assert found_by("skiftepapir", archive) == 0
    assert "Gemt: Ord, der søges som ét" in form.submit().follow()
    assert found_by("skiftepapir", archive) == 1
    assert found_by('"skiftepapir"', archive) == 0


def found_by(words: str, archive) -> int:
    form = archive.get("/arkiv").forms["search"]
    state_purpose(form, "Aktindsigt: anmodning fra forældrene")
    form["words"] = words
    return form.submit().text.count("1 dokument fundet")
