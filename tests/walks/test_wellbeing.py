"""The overview of a round, the team's assessment and the FDR sheet: begun, filled and locked by those who may (T5, T6, D13)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import fill_all
from tests.walks.test_overview import both_in, row_of
from tests.walks.test_round_pages import MIKKEL, SOFIE, begin, submit
from tillid.kernel.errors import NotFound
from tillid.process.starting import RULES
from tillid.usecases.fill import open_draft
from tillid.usecases.share_document import NotReady, share_document
from tillid.usecases.start_document import WrongVariant, beginnings, start_document, start_without_child
from tillid.usecases.submit_form import submit_form

OVERVIEW = f"/runde/{SOFIE.round_id}/overblik"
CHILD = SOFIE.child_id
CALM = {
    "droeftet_dato": "2026-11-25",
    "droeftet_af": [{"name": "Sofie Brandt"}, {"name": "Mikkel Højlund"}],
    "samlet_position": "groen",
    "handling": ["fortsaet"],
    "f_gaar_godt": "Villads leger længe og har fået en ven.",
}


@pytest.fixture
def people(world_at):
    return WorldInstallation(world_at("people"))


# --- the assessment (T6, T9) ----------------------------------------------------------------------------------------------


def assess(world, username="sofie", child_id=CHILD):
    with world.house() as house:
        return start_document(house, world.staff(username), child_id, "trivselsvurdering").id


@pytest.mark.req("T6", "T4b")
def test_an_assessment_names_the_forms_that_are_open_to_who_begins_it(people):
    world = people.world
    submit(world, "sofie", SOFIE.professional)

    def named(document_id):
        with world.house() as house:
            answers = house.documents.draft(document_id).answers
        return [one["title"] for one in answers.get("grundlag_skemaer", [])], answers.get("runde")

    assert named(assess(world)) == ([], None), "before all are in not even the own one says anything"
    submit(world, "mikkel", MIKKEL.professional)
    forms, round_ = named(assess(world))
    assert sorted(forms) == ["Trivselsskema, Mikkel Højlund", "Trivselsskema, Sofie Brandt"]
    assert round_["id"] == SOFIE.round_id
    assert named(assess(world, "birgit")) == ([], None), "the leader has no form, so none is open (design 25)"


@pytest.mark.req("T6")
def test_two_forms_of_one_title_are_named_with_their_numbers(people, monkeypatch):
    """Two colleagues may have one name."""
    world = people.world
    for username, form in (("sofie", SOFIE), ("mikkel", MIKKEL)):
        submit(world, username, form.professional)
    monkeypatch.setattr("tillid.usecases.system_answers._title", lambda house, document: "Trivselsskema, Sofie Brandt")
    document_id = assess(world)
    with world.house() as house:
        named = house.documents.draft(document_id).answers["grundlag_skemaer"]
        numbers = {one["document_id"]: house.documents.get(one["document_id"]).number for one in named}
    assert len(named) == 2
    assert [one["title"] for one in named] == [f"Trivselsskema, Sofie Brandt ({number})" for number in numbers.values()]


@pytest.mark.req("T6", "T9", "T5")
def test_the_team_writes_the_leader_attests_and_no_parent_sees_it(people):
    world = people.world
    both_in(world)
    document_id = assess(world)
    with world.house() as house, pytest.raises(NotReady) as found:
        submit_form(house, world.staff("birgit"), document_id)
    assert {p.field_id for p in found.value.problems} == set(CALM)
    fill_all(world, world.staff("mikkel"), document_id, CALM)
    with world.house() as house, pytest.raises(NotFound):
        submit_form(house, world.staff("sofie"), document_id)
    with world.house() as house:
        version = submit_form(house, world.staff("birgit"), document_id)
    assert version.frozen_by == world.ids.staff["birgit"] and version.answers["samlet_position"] == "groen"
    with pytest.raises(NotFound):
        fill_all(world, world.staff("sofie"), document_id, {"uenighed": "Nej"})
    assert row_of(world, "sofie").joint == "groen" and row_of(world, "birgit").joint == "groen"
    page = as_staff(people, "sofie").get(f"/dokument/{document_id}")
    assert "Bekræftet af Birgit Lauridsen som leder" in page and "Villads" in as_staff(people, "sofie").get(
        f"/dokument/{document_id}/gennemse"
    )
    parent = as_parent(people, world.ids.parents["dorthe"])
    assert "Trivsel" not in parent.get("/")
    for address in (
        f"/foraelder/dokument/{document_id}",
        f"/foraelder/dokument/{document_id}/laes",
        f"/dokument/{document_id}/gennemse",
    ):
        parent.get(address, status=404)


@pytest.mark.req("T9", "O5")
def test_an_attested_concern_asks_for_more_in_the_transition_form_and_tells_no_parent(people):
    world = people.world
    with world.house() as house:
        transition = start_document(house, world.staff("sofie"), CHILD, "overgangsbeskrivelse", variant="bh_sk").id

    def missing(who):
        with world.house() as house:
            view = open_draft(house, who, transition)
        return {p.field_id for p in view.problems}, view.facts

    assert "u_behov" not in missing(world.staff("sofie"))[0]
    document_id = assess(world)
    concern = {
        **CALM, "samlet_position": "roed", "trekant_barnet": "Ja.", "trekant_faellesskabet": "Ja.", "f_undrer": "Træt.",
        "underret_stilling": "nej_ikke_grund", "underret_begrund": "Talt igennem.", "f_opfoelgning": "2026-12-20",
        "f_vi_goer": [{"hvad": "Ro"}], "f_foraeldre_inddraget": {"date": "2026-11-24", "choice": "samtale"},
    }  # fmt: skip
    fill_all(world, world.staff("sofie"), document_id, concern)
    assert "u_behov" not in missing(world.staff("sofie"))[0], "not before the leader has attested it"
    with world.house() as house:
        submit_form(house, world.staff("birgit"), document_id)
    asked, known = missing(world.staff("sofie"))
    assert "u_behov" in asked and known["latest_position"] == "roed"
    with world.house() as house:
        document = house.documents.get(transition)
        house.documents.replace(msgspec.structs.replace(document, state="shared", versions=0))
    told, known = missing(world.parent(world.ids.parents["dorthe"]))
    assert "u_behov" not in told and known == {}


@pytest.mark.req("T9", "T6")
def test_an_assessment_that_no_leader_has_attested_is_not_offered_to_parents(people):
    """Sharing is not offered, and refused when somebody posts it all the same."""
    world = people.world
    document_id = assess(world)
    page = as_staff(people, "birgit").get(f"/dokument/{document_id}/gennemse")
    assert "Del med forældrene" not in page and "Forhåndsvisning" not in page
    with world.house() as house, pytest.raises(NotFound):
        share_document(house, world.staff("birgit"), document_id)


# --- what can be begun, by whom, in which variant --------------------------------------------------------------------------


def offered(world, username, child):
    with world.house() as house:
        who, one = world.staff(username), house.people.child(world.ids.children[child])
        return {b.form_id: tuple(v.id for v in b.variants) for b in beginnings(house, who, one.unit_id, one)}


@pytest.mark.req("T15", "D2", "O20")
def test_the_variant_follows_the_child_or_is_asked(people):
    world = people.world
    assert offered(world, "sofie", "alma") == {
        "overgangsbeskrivelse": ("bh_bh", "bh_sk"),
        "trivselsvurdering": ("boernehave",),
    }
    assert offered(world, "birgit", "alma")["fdr"] == ("dialogmoede", "netvaerksmoede", "smaaborn", "tvaerfagligt")
    assert offered(world, "trine", "liva") == {
        "overgangsbeskrivelse": ("dp_bh",),
        "trivselsvurdering": ("dagpleje_vuggestue",),
    }
    assert offered(world, "peter", "freja") == {
        "overgangsbeskrivelse": ("sk_sk", "ind_mel"),
        "trivselsvurdering": ("skole_sfo",),
    }
    assert offered(world, "anja", "viggo") == {
        "overgangsbeskrivelse": ("sp_dp",),
        "trivselsvurdering": ("sundhedspleje",),
    }
    assert offered(world, "trine", "alma") == {} == offered(world, "ove", "alma")
    assert set(RULES) == {"overgangsbeskrivelse", "trivselsskema", "trivselsvurdering", "fdr"}


@pytest.mark.req("D2", "D13")
def test_only_a_leader_begins_a_sheet_and_only_in_a_kind_that_fits(people):
    world = people.world
    unit = world.ids.units["stjernehuset"]
    with world.house() as house:
        with pytest.raises(NotFound):
            start_document(house, world.staff("sofie"), CHILD, "fdr", variant="dialogmoede")
        with pytest.raises(NotFound):
            start_without_child(house, world.staff("sofie"), unit, "fdr", "faglig_sparring")
        with pytest.raises(NotFound):
            start_without_child(house, world.staff("hanne"), unit, "fdr", "faglig_sparring")
        with pytest.raises(NotFound):
            start_without_child(house, world.staff("birgit"), unit, "overgangsbeskrivelse", "bh_sk")
        for wrong in ("faglig_sparring", "", "bh_sk"):
            with pytest.raises(WrongVariant):
                start_document(house, world.staff("birgit"), CHILD, "fdr", variant=wrong)


@pytest.mark.req("D2", "D3", "D13", "R-01")
def test_a_named_case_has_the_child_an_anonymous_one_and_a_forum_have_none(people):
    world = people.world
    unit = world.ids.units["stjernehuset"]
    with world.house() as house:
        named = start_document(house, world.staff("birgit"), CHILD, "fdr", variant="netvaerksmoede")
        forum = start_without_child(house, world.staff("jonas"), unit, "fdr", "faglig_sparring")
    with world.house() as house:
        first, second = (house.documents.draft(one.id).answers for one in (named, forum))
        assert [d.id for d in house.documents.of_child(CHILD)] == [named.id]
    assert first["barn"]["id"] == CHILD and first["moedetype"] == "netvaerksmoede"
    assert first["leder_ansvarlig"]["name"] == "Birgit Lauridsen"
    assert "barn" not in second and second["moedetype"] == "faglig_sparring" and forum.child_id == ""
    fill_all(world, world.staff("birgit"), named.id, {"grundlag": "foraeldre_med", "titel": "Ro i garderoben"})
    fill_all(world, world.staff("sofie"), named.id, {"problemstilling": "Villads bliver vred, når vi skal ud."})
    with pytest.raises(NotFound):
        fill_all(world, world.staff("sofie"), named.id, {"titel": "Et andet emne"})
    page = as_staff(people, "birgit").get(f"/enhed/{unit}")
    assert forum.number in page and named.number not in page
    for username in ("trine", "hanne", "ove"):
        as_staff(people, username).get(f"/enhed/{unit}", status=404)
        as_staff(people, username).get(f"/dokument/{forum.id}", status=404)
    assert "Børnehaven Stjernehuset" in as_staff(people, "sofie").get(f"/dokument/{forum.id}/gennemse")


@pytest.mark.req("D13")
def test_pages_begin_what_is_chosen_and_nothing_without_a_choice(people):
    app = as_staff(people, "birgit")
    child = app.get(f"/barn/{CHILD}")
    form = next(f for f in child.forms.values() if "form" in f.fields and f["form"].value == "fdr")
    assert {one.attrs["value"] for one in child.html.select("input[name=variant][id^=fdr-]")} == {
        "dialogmoede", "netvaerksmoede", "smaaborn", "tvaerfagligt",
    }  # fmt: skip
    form["variant"] = "smaaborn"
    assert form.submit(status=303).follow().follow().status_int == 200
    unit = app.get(f"/enhed/{people.world.ids.units['stjernehuset']}")
    form = next(f for f in unit.forms.values() if "form" in f.fields and f["form"].value == "fdr")
    form["variant"] = "faglig_sparring"
    page = form.submit(status=303).follow().follow()
    assert "Grundlag for at drøfte barnet" not in page
    token = unit.forms[0]["csrf_token"].value
    answer = app.post(f"/barn/{CHILD}/begynd", {"form": "fdr", "csrf_token": token}, status="*")
    assert answer.status_int in (400, 409, 422) and "Vælg, hvilken slags" in answer


@pytest.mark.req("T15b", "T22")
def test_words_and_support_questions_stand_on_the_page_where_one_writes(people):
    world = people.world
    document_id = assess(world)
    page = as_staff(people, "sofie").get(f"/dokument/{document_id}/udfyld/opsporingstrekanten")
    terms = {one.text for one in page.html.select("main details dt")}
    assert {"Trivselsvurdering", "Opsporingstrekanten"} <= terms
    side = page.html.select_one("#field-trekant_faellesskabet")
    assert "Hvad gør vi selv, som hjælper?" in side.text and "Se på barnet fra tre sider" in page
    english = as_staff(people, "sofie")
    english.get("/sprog/en")
    page = english.get(f"/dokument/{document_id}/udfyld/opsporingstrekanten")
    side = page.html.select_one("#field-trekant_faellesskabet")
    assert "What do we do ourselves that helps?" in side.text and "Hvad gør vi selv" not in side.text


@pytest.mark.req("R-03", "T9")
def test_holders_are_told_before_the_first_form_once_and_reading_it_is_logged(people):
    world = people.world
    dorthe = world.ids.parents["dorthe"]

    def told():
        with world.house() as house:
            return [n for n in house.notices.of_person(dorthe) if n.text_id == "wellbeing_information"]

    assert not told()
    begin(world, "sofie", SOFIE.professional)
    begin(world, "mikkel", MIKKEL.professional)
    assert [n.ids for n in told()] == [{"child": CHILD}], "once, and nothing of who has begun what"
    app = as_parent(people, dorthe)
    address = f"/foraelder/barn/{CHILD}/trivsel"
    assert app.get("/").html.select(f"a[href='{address}']")
    page = app.get(address)
    assert "hvordan alle børn trives" in page and not page.html.select("main form"), "nothing to answer"
    rows = [r for r in world.parts.audit.tail(50) if r.action == "see_information" and r.phase == "attempt"]
    assert [(r.person_id, r.child_id, r.purpose) for r in rows] == [(dorthe, CHILD, "trivsel_orientering/v1/da")]
    for other in (as_parent(people, world.ids.parents["katrine"]), as_staff(people, "sofie")):
        other.get(address, status=404)
