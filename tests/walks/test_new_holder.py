"""Somebody gets custody after the parents were asked: it is closed until all have answered a fresh question (design 13, R-21, R-33)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, author, document_now, request_now, say_yes
from tests.walks.test_ask_again import ask, kinds, may_ask, say_no, verdict_of
from tests.walks.test_consent import change_custody
from tests.walks.test_meeting_consent import SHEET, SOFIE, answer, meeting_called, told
from tests.walks.test_meeting_consent import ask as ask_meeting
from tillid.consents.custody import Holder
from tillid.kernel.errors import NotFound, TillidError
from tillid.usecases.lists import received_lines
from tillid.usecases.open_copy import released
from tillid.usecases.paper_answer import paper_page
from tillid.usecases.request_consent import AlreadyAsked, request_consent


def comes(world, child_id=SET.child_id):
    """Shirin, who was never asked; as the register tells it."""
    person = world.player.parent(world.ids.parents["shirin"])
    new = Holder(person_id=person.person_id, name=person.name, relation="other", resident=True,
                 since=world.clock.now() - timedelta(seconds=1))  # fmt: skip
    with world.house() as house:
        custody = house.people.custody(child_id)
        house.people.put_custody(msgspec.structs.replace(custody, holders=(*custody.holders, new)))
    return person


def goes(world, person):
    until = world.clock.now()
    change_custody(world, lambda held: [
        msgspec.structs.replace(one, until=until) if one.person_id == person.person_id else one for one in held
    ])  # fmt: skip


def opens(world):
    with world.house() as house:
        try:
            return bool(released(house, world.staff("hanne"), world.made["document"]).answers)
        except NotFound:
            return False


@pytest.mark.req("R-21", "R-22", "R-31", "R-33")
def test_what_a_new_holder_suspends_is_asked_anew_of_all_and_counts_when_all_have_answered(world_at):
    world = world_at("signed")
    first, second = world.holders(SET.child_id)
    assert opens(world) and not may_ask(world)
    third = comes(world)
    assert not opens(world) and verdict_of(world).reason == "suspended"
    app, address = as_staff(WorldInstallation(world), "sofie"), f"/dokument/{world.made['document']}"
    page = app.get(address)
    assert f"{third.name} har fået forældremyndighed og er ikke spurgt" in page
    next(form for form in page.forms.values() if form.action.endswith("/sporg")).submit(status=303)
    with world.house() as house:
        events = house.ledger.of_document(world.made["document"])
    old, world.made["request"] = (one.request_id for one in events if one.kind == "request_created")
    assert set(request_now(world).series) == {first.person_id, second.person_id, third.person_id}
    assert request_now(world).renews == old and "er ikke spurgt" not in app.get(address) and not may_ask(world)
    assert "Afløst af et nyt spørgsmål" in as_parent(WorldInstallation(world), first.person_id).get("/")
    for holder in (first, second):
        say_yes(world, holder)
        assert not opens(world)
    say_yes(world, third)
    assert opens(world) and verdict_of(world).effective and kinds(world).count("set_signed") == 2


@pytest.mark.req("R-21", "R-32", "R-33")
def test_a_no_to_the_fresh_question_is_not_undone_by_the_old_yes_when_the_new_holder_goes(world_at):
    world = world_at("signed")
    first, _ = world.holders(SET.child_id)
    third = comes(world)
    ask(world)
    goes(world, third)
    assert not opens(world), "all are asked anew, and nobody has answered"
    say_no(world, first)
    assert not opens(world) and verdict_of(world).standing == "refused"
    with world.house() as house:
        (line,) = received_lines(house, world.staff("hanne"), SET.receiver_unit_id)
    assert line.line != "open" and not line.child_name
    ask(world)
    assert set(request_now(world).series) == {one.person_id for one in world.holders(SET.child_id)}
    assert third.person_id not in request_now(world).required_holders, "who holds custody no more is not asked"


@pytest.mark.req("R-21", "R-31", "R-33")
def test_before_all_have_answered_they_are_asked_anew_too_and_the_old_question_is_over(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    say_yes(world, first)
    with pytest.raises(AlreadyAsked):
        ask(world)
    third = comes(world)
    assert verdict_of(world).reason == "waiting" and may_ask(world)
    with world.house() as house:
        assert set(paper_page(house, author(world), world.made["document"]).open) == {second.person_id}, "nor on paper"
    old = ask(world)
    with pytest.raises(TillidError) as refused:
        world.player.say_yes(second, old)
    assert refused.value.code == "consent.asked-again"
    for holder in (first, second, third):
        assert document_now(world).state == "shared"
        say_yes(world, holder)
    assert document_now(world).state == "signed" and opens(world)


@pytest.mark.req("R-21", "R-33")
def test_who_has_been_asked_and_has_not_answered_is_no_reason_to_ask_anew(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)
    goes(world, second)
    say_yes(world, first)
    assert opens(world), "a leaving holder's answer is not missed"
    with world.house() as house:
        custody = house.people.custody(SET.child_id)
        back = tuple(msgspec.structs.replace(one, until=None) for one in custody.holders)
        house.people.put_custody(msgspec.structs.replace(custody, holders=back))
    assert verdict_of(world).reason == "suspended" and not may_ask(world)
    with pytest.raises((AlreadyAsked, NotFound)), world.house() as house:
        request_consent(house, author(world), world.made["document"])
    say_yes(world, second)
    assert opens(world)


@pytest.mark.req("D12", "R-33")
def test_about_a_meeting_all_are_asked_anew_too(world_at):
    world = world_at("people")
    leader, document_id = meeting_called(world)
    question = ask_meeting(world, leader, document_id)
    for holder in world.holders(SHEET.child_id):
        answer(world, holder, question)
    assert told(world, document_id, SOFIE) == "yes"
    third = comes(world, SHEET.child_id)
    assert told(world, document_id, SOFIE) == "waiting"
    again = ask_meeting(world, leader, document_id)
    assert third.person_id in again.series
    for holder in world.holders(SHEET.child_id):
        assert told(world, document_id, SOFIE) == "waiting"
        answer(world, holder, again)
    assert told(world, document_id, SOFIE) == "yes"
