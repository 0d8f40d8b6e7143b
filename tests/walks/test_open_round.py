"""A leader opens a round at its deadline: not before, nobody else, and no mark is the leader's to read (design 25)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.walks.test_round_pages import MIKKEL, SOFIE, begin, main_of, page_of, submit
from tillid.kernel.clock import end_of
from tillid.kernel.errors import NotFound, Unavailable
from tillid.usecases.open_round import RoundNotDue, open_round, round_to_open
from tillid.web.answers import NOT_FOUND_BODY

ADDRESS = f"/runde/{SOFIE.round_id}/aabn"
OTHERS = ("sofie", "mikkel", "trine", "yusuf", "hanne", "peter", "ove", "rasmus", "camilla", "mettemarie")


@pytest.fixture
def people(world_at):
    return WorldInstallation(world_at("people"))


def round_now(world):
    with world.house() as house:
        return house.people.round(SOFIE.round_id)


def after_deadline(world):
    world.clock.moment = end_of(round_now(world).deadline)


def open_as(world, username):
    with world.house() as house:
        return open_round(house, world.staff(username), SOFIE.round_id)


def logged(world, action):
    """The attempts; whether each came through stands in rows of their own."""
    return [row for row in world.parts.audit.tail(500) if row.action == action and row.phase == "attempt"]


@pytest.mark.req("T4b")
def test_before_the_deadline_it_is_refused_and_tells_nothing(people):
    world = people.world
    app = as_staff(people, "birgit")
    empty = main_of(app.get(ADDRESS))
    submit(world, "sofie", SOFIE.professional)
    submit(world, "mikkel", MIKKEL.professional)
    assert main_of(app.get(ADDRESS)) == empty, "no name and no count, whatever has been submitted"
    world.clock.moment = end_of(round_now(world).deadline) - timedelta(seconds=1)
    app = as_staff(people, "birgit")
    page = app.get(ADDRESS)
    assert main_of(page) == empty and "Mikkel" not in main_of(page) and not page.html.select("main form")
    with pytest.raises(RoundNotDue):
        open_as(world, "birgit")
    app.post(ADDRESS, {"csrf_token": page.forms[0]["csrf_token"].value}, status=409)
    assert not round_now(world).opened
    assert not logged(world, "open_round") and not logged(world, "see_missing")


@pytest.mark.req("T4b", "T27c", "R-71")
def test_after_it_the_leader_sees_who_is_missing_and_opens(people):
    world = people.world
    submit(world, "sofie", SOFIE.professional)
    begin(world, "mikkel", MIKKEL.professional)
    after_deadline(world)
    app = as_staff(people, "birgit")
    home = app.get("/")
    assert "Fristen er gået" in home
    page = home.click(href=ADDRESS)
    lines = {line.text.split(":")[0]: line.text for line in page.html.select("main ul")[0].select("li")}
    assert "Mikkel Højlund" in lines["Villads Krag"] and "Sofie" not in lines["Villads Krag"]
    assert not page.html.select("main .position") and "bygger landskaber" not in page
    opened = page.forms[next(one for one in page.forms if page.forms[one].action == ADDRESS)].submit().follow()
    assert "Runden er åbnet" in opened and "Ja, åbn runden" not in opened
    rows = logged(world, "open_round")
    assert {row.child_id for row in rows} == set(round_now(world).assigned) and len(rows) == len(
        round_now(world).assigned
    )
    assert {(row.person_id, row.object_id) for row in rows} == {(world.ids.staff["birgit"], SOFIE.round_id)}


@pytest.mark.req("T4b")
def test_after_opening_who_has_submitted_sees_and_who_has_not_does_not(people):
    world = people.world
    submit(world, "sofie", SOFIE.professional)
    after_deadline(world)
    assert "Sofie" not in main_of(page_of(people, "mikkel"))
    open_as(world, "birgit")
    assert "Sofie" not in main_of(page_of(people, "mikkel")), "not before the own one is submitted"
    submit(world, "mikkel", MIKKEL.professional)
    assert "Sofie Brandt" in main_of(page_of(people, "mikkel"))
    assert "Mikkel Højlund" in main_of(page_of(people, "sofie"))


@pytest.mark.req("T4b")
def test_a_third_who_is_missing_keeps_nothing_from_those_who_have_submitted_once_it_is_open(people):
    world = people.world
    with world.house() as house:
        round_ = house.people.round(SOFIE.round_id)
        assigned = {**round_.assigned, SOFIE.child_id: (*round_.assigned[SOFIE.child_id], world.ids.staff["birgit"])}
        house.people.put_round(msgspec.structs.replace(round_, assigned=assigned))
    submit(world, "sofie", SOFIE.professional)
    submit(world, "mikkel", MIKKEL.professional)
    after_deadline(world)
    assert "Mikkel" not in main_of(page_of(people, "sofie")), "one is missing, and nobody has opened it"
    open_as(world, "birgit")
    assert "Mikkel Højlund" in main_of(page_of(people, "sofie"))
    # The leader opened it and is assigned, but has not submitted: no mark.
    page = main_of(page_of(people, "birgit"))
    assert "Sofie" not in page and "Mikkel" not in page
    for document in documents_of(world):
        assert as_staff(people, "birgit").get(f"/dokument/{document}", status=404).body == NOT_FOUND_BODY


def documents_of(world):
    with world.house() as house:
        return [document.id for document in house.documents.of_round(SOFIE.round_id)]


@pytest.mark.req("T4b", "R-70", "R-18")
def test_everybody_else_gets_the_answer_of_what_does_not_exist(people):
    world = people.world
    after_deadline(world)
    for who in OTHERS:
        app = as_staff(people, who)
        assert app.get(ADDRESS, status=404).body == NOT_FOUND_BODY, who
        token = app.get("/").forms[0]["csrf_token"].value
        assert app.post(ADDRESS, {"csrf_token": token}, status=404).body == NOT_FOUND_BODY, who
        with pytest.raises(NotFound):
            open_as(world, who)
    parent = as_parent(people, world.ids.parents["anders"])
    assert parent.get(ADDRESS, status=404).body == NOT_FOUND_BODY
    assert not round_now(world).opened


@pytest.mark.req("T4b")
def test_the_area_leader_may_and_a_second_click_is_harmless(people):
    world = people.world
    after_deadline(world)
    first = open_as(world, "jonas")
    assert first.opened and open_as(world, "birgit") == first == round_now(world)
    rows = logged(world, "open_round")
    assert {row.person_id for row in rows} == {world.ids.staff["jonas"]}, "who opened it is who opened it"


@pytest.mark.req("R-71")
def test_without_the_log_nothing_is_shown_or_opened(people, monkeypatch):
    world = people.world
    after_deadline(world)

    def away(_row):
        raise Unavailable("log away", code="audit.unavailable")

    monkeypatch.setattr(world.parts.audit, "write", away)
    for act in (open_round, round_to_open):
        with pytest.raises(Unavailable), world.house() as house:
            act(house, world.staff("birgit"), SOFIE.round_id)
    assert not round_now(world).opened
