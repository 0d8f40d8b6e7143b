"""A trivselsskema is blind in the browser too: nothing of a colleague's before all have submitted (design 25)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import fill_all
from tillid.demo.loading import ANSWERS
from tillid.kernel.ids import new_id
from tillid.usecases.start_document import start_document
from tillid.usecases.submit_form import submit_form
from tillid.web.answers import NOT_FOUND_BODY

SOFIE, MIKKEL = ANSWERS["villads_sofie"], ANSWERS["villads_mikkel"]


@pytest.fixture
def people(world_at):
    return WorldInstallation(world_at("people"))


def begin(world, username, answers):
    who = world.staff(username)
    with world.house() as house:
        document = start_document(house, who, SOFIE.child_id, "trivselsskema")
    fill_all(world, who, document.id, answers)
    return document.id


def submit(world, username, answers):
    document_id = begin(world, username, answers)
    with world.house() as house:
        submit_form(house, world.staff(username), document_id)


def page_of(installation, username, **kw):
    return as_staff(installation, username).get(f"/barn/{SOFIE.child_id}/runde/{SOFIE.round_id}", **kw)


def main_of(page):
    return page.html.select_one("main").text


@pytest.mark.req("T4b")
def test_the_own_form_is_begun_gone_on_with_and_submitted_from_here(people):
    assert "Begynd dit trivselsskema" in page_of(people, "sofie")
    begin(people.world, "sofie", SOFIE.professional)
    assert "Skriv videre" in page_of(people, "sofie")
    submit(people.world, "sofie", SOFIE.professional)
    page = page_of(people, "sofie")
    assert "Skemaet er låst" in page and "Skriv videre" not in page
    assert "Læs, hvad du skrev" in page and page.html.select_one("main details .position") is not None


@pytest.mark.req("T4b", "T9")
def test_a_page_does_not_change_with_what_the_colleague_has_done(people):
    nothing = main_of(page_of(people, "mikkel"))
    begin(people.world, "sofie", SOFIE.professional)
    assert main_of(page_of(people, "mikkel")) == nothing
    submit(people.world, "sofie", SOFIE.professional)
    assert main_of(page_of(people, "mikkel")) == nothing, "not even that a colleague has submitted"


@pytest.mark.req("T4b", "R-122", "R-71")
def test_when_all_have_submitted_each_sees_the_others_with_word_and_symbol(people):
    submit(people.world, "sofie", SOFIE.professional)
    submit(people.world, "mikkel", MIKKEL.professional)
    page = page_of(people, "sofie")
    place = page.html.select_one(".mark .position")
    assert "Vi undrer os" in place.text and place.select_one("svg") is not None
    assert "Mikkel Højlund" in main_of(page)
    reads = [r for r in people.world.parts.audit.tail(100) if r.action == "read_individual" and r.phase == "attempt"]
    assert {r.person_id for r in reads} == {people.world.ids.staff["sofie"]}
    assert len(reads) == len({r.object_id for r in reads}) == 2, "the own form and the colleague's, a row for each"


@pytest.mark.req("T4b")
def test_a_round_opened_at_its_deadline_is_open_only_to_who_has_submitted(people):
    submit(people.world, "sofie", SOFIE.professional)
    with people.world.house() as house:
        house.people.put_round(msgspec.structs.replace(house.people.round(SOFIE.round_id), opened=True))
    assert "Sofie" not in main_of(page_of(people, "mikkel"))
    submit(people.world, "mikkel", MIKKEL.professional)
    assert "Sofie Brandt" in main_of(page_of(people, "mikkel"))


@pytest.mark.req("R-70", "R-18", "T4b")
def test_who_is_not_assigned_gets_the_answer_of_what_does_not_exist(people):
    for who in ("birgit", "jonas", "trine", "hanne", "ove", "rasmus"):
        assert page_of(people, who, status=404).body == NOT_FOUND_BODY, who
    sofie, ids = as_staff(people, "sofie"), people.world.ids
    for child, round_ in (
        (SOFIE.child_id, new_id()),
        (new_id(), SOFIE.round_id),
        (ids.children["emil"], ids.rounds["baekken_efteraar"]),
        (SOFIE.child_id, ids.rounds["baekken_efteraar"]),
    ):
        assert sofie.get(f"/barn/{child}/runde/{round_}", status=404).body == NOT_FOUND_BODY
