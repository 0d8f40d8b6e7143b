"""What the municipality chooses is followed where the station exists: reminders, who gets a description, another method."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import World
from tillid.documents.model import Version
from tillid.forms.settings import Changed
from tillid.forms.settings_units import by_unit
from tillid.kernel.errors import NotFound
from tillid.usecases.facts import facts_of
from tillid.usecases.lists import child_page
from tillid.usecases.municipal_rules import (
    NotForThisChild,
    OtherMethod,
    assessment_reminders,
    marks_call_for_parents,
    round_plan,
)
from tillid.usecases.municipal_settings import choose_default_for_unit, choose_for_unit
from tillid.usecases.outside_facts import outside_facts
from tillid.usecases.start_document import start_document

ELLIE = "a7f5918d-2b0a-4bd9-844d-e2c03f80df50"
SKOVTROLDEN = "68590934-7dce-43d7-bf10-bdfb442b57b7"


@pytest.fixture
def world(world_at):
    return world_at("people")


def chosen(world: World, **values) -> None:
    with world.house() as house:
        for name, value in values.items():
            house.choices.put(name, value, Changed(by="camilla", at=world.clock.now()))


def assessed(world: World, position: str) -> None:
    """A locked assessment of the child, as the team's leader leaves it behind."""
    with world.house() as house:
        document = start_document(house, world.staff("nadja"), ELLIE, "trivselsvurdering")
        house.documents.replace(msgspec.structs.replace(document, state="submitted", versions=1))
        version = Version(
            document_id=document.id,
            number=1,
            agreed=False,
            definition=document.definition,
            answers={"samlet_position": position},
            answers_digest="",
            frozen_at=house.moment,
            frozen_by=document.author,
        )
        house.documents.add_version(version)
    world.clock.move(days=1)


def page(world: World, who: str = "nadja"):
    with world.house() as house:
        return child_page(house, world.staff(who), ELLIE)


def begin(world: World, form: str, who: str = "nadja", **more):
    with world.house() as house:
        return start_document(house, world.staff(who), ELLIE, form, **more)


@pytest.mark.req("O22")
@pytest.mark.parametrize(("position", "gets"), [("groen", False), ("gul", True), ("roed", True), ("", False)])
def test_a_description_for_yellow_and_red_only(world, position, gets):
    if position:
        assessed(world, position)
    assert "overgangsbeskrivelse" in {one.form_id for one in page(world).beginnings}  # the default: all children
    chosen(world, overgang_for_alle="kun_gul_roed")
    found = page(world)
    assert found.gets_description is gets
    assert ("overgangsbeskrivelse" in {one.form_id for one in found.beginnings}) is gets
    if gets:
        assert begin(world, "overgangsbeskrivelse", variant="bh_sk").id
    else:
        with pytest.raises(NotForThisChild):
            begin(world, "overgangsbeskrivelse", variant="bh_sk")
        assert "kun børn i gul eller rød position" in as_staff(WorldInstallation(world), "nadja").get(f"/barn/{ELLIE}")


@pytest.mark.req("T13", "T10")
def test_a_dialogue_meeting_is_asked_for_until_one_is_begun(world):
    chosen(world, krav_dialogmoede=["gul", "roed"])
    assessed(world, "gul")
    assert [one.kind for one in page(world).reminders] == ["dialogue"]
    app = as_staff(WorldInstallation(world), "nadja")
    assert "altid holdes dialogmøde" in app.get(f"/barn/{ELLIE}")
    second = begin(world, "trivselsvurdering")
    with world.house() as house:
        told = [assessment_reminders(house, second, {"samlet_position": one}) for one in ("gul", "groen", "")]
    assert [[one.kind for one in each] for each in told] == [["dialogue"], [], []]
    begin(world, "fdr", "kaare", variant="dialogmoede")
    assert page(world).reminders == ()
    chosen(world, krav_dialogmoede=[])
    assessed(world, "roed")
    assert page(world).reminders == ()


@pytest.mark.req("T10")
def test_a_reminder_is_a_reading_that_is_logged_and_nothing_is_read_for_none(world):
    assessed(world, "gul")
    log = world.folder / "audit" / "audit.jsonl"

    def read() -> int:
        return sum('"see_draft"' in row for row in log.read_text("utf-8").splitlines())

    before = read()
    page(world)
    assert read() == before
    chosen(world, krav_dialogmoede=["gul"])
    page(world)
    assert read() == before + 1


@pytest.mark.req("T15")
def test_discussions_are_counted_and_never_stop_anything(world):
    chosen(
        world,
        krav_droeftelser_foer_luk={
            **dict.fromkeys(("sundhedspleje", "dagpleje_vuggestue", "skole_sfo"), 0),
            "boernehave": 2,
        },
    )
    assessed(world, "gul")
    assert [(one.kind, one.wanted, one.held) for one in page(world).reminders] == [("discussions", 2, 1)]
    second = begin(world, "trivselsvurdering")
    with world.house() as house:
        assert assessment_reminders(house, second, {"samlet_position": "roed"}) == ()  # it is the second
    assessed(world, "gul")
    assert page(world).reminders == ()


@pytest.mark.req("T10", "T32")
def test_the_threshold_is_one_red_or_so_many_yellow(world):
    with world.house() as house:
        told = [marks_call_for_parents(house, marks) for marks in (["gul"], ["gul", "gul"], ["roed"], ["groen"] * 4)]
    assert told == [False, True, True, False]
    chosen(world, taerskel_foraeldre=3)
    with world.house() as house:
        assert not marks_call_for_parents(house, ["gul", "gul"])


@pytest.mark.req("T31")
def test_a_unit_with_another_method_begins_none_of_the_model_s_forms(world):
    with world.house() as house:
        choose_for_unit(house, world.staff("camilla"), "metode", SKOVTROLDEN, "anden")
    with pytest.raises(OtherMethod):
        begin(world, "trivselsvurdering")
    found = page(world)
    assert found.other_method and {one.form_id for one in found.beginnings} == {"overgangsbeskrivelse"}
    document = begin(world, "overgangsbeskrivelse", variant="bh_sk")
    with world.house() as house:
        assert outside_facts(house, document, facts_of(house, document))["setting_metode"] == "anden"
        choose_default_for_unit(house, world.staff("camilla"), "metode", SKOVTROLDEN)
    assert begin(world, "trivselsvurdering").id


@pytest.mark.req("T31", "O22")
def test_a_unit_chooses_only_what_units_may_choose(world):
    with world.house() as house:
        for who, setting, unit in (
            ("camilla", "overgang_for_alle", SKOVTROLDEN),
            ("camilla", "metode", "findes-ikke"),
            ("kaare", "metode", SKOVTROLDEN),
        ):
            with pytest.raises(NotFound):
                choose_for_unit(house, world.staff(who), setting, unit, "anden")
    assert by_unit({"metode@units": {"x": "anden", "y": "ukendt"}, "runder@units": {"x": 3}}) == {
        "x": {"metode": "anden"}
    }


@pytest.mark.req("T2")
def test_rounds_a_year_stand_on_the_round_s_page(world):
    with world.house() as house:
        plan = round_plan(house, SKOVTROLDEN)
        round_id = house.people.rounds_of_unit(SKOVTROLDEN)[0].id
    assert plan.wanted == (("Børnehave, 3-6 år", 1),) and plan.held == 1
    assert "Børnehave, 3-6 år: 1" in as_staff(WorldInstallation(world), "kaare").get(f"/runde/{round_id}/aabn")


@pytest.mark.req("T31")
def test_the_administrator_chooses_for_a_unit_on_the_page(world):
    app = as_staff(WorldInstallation(world), "camilla")
    forms = app.get("/drift/indstillinger").forms.values()
    form = next(one for one in forms if "unit" in one.fields and one["setting"].value == "metode")
    form["unit"], form["v"] = SKOVTROLDEN, "anden"
    page = form.submit("do", value="unit").follow()
    region = page.html.select_one("section[aria-labelledby=metode]")
    assert "En anden metode" in region.select_one("li").text and "Systemet laver ikke selv runder" in page
    back = next(one for one in page.forms.values() if [b._value for b in one.fields.get("do", [])] == ["unit-default"])
    assert (
        back.submit("do", value="unit-default").follow().html.select_one("section[aria-labelledby=metode] li") is None
    )
