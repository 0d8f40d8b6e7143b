"""The consent to a meeting as it is lived: asked by the leader, answered by each mother, changed, taken back (D12)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.support.shared_forms import SHEET
from tillid.consents.login import NotAssured
from tillid.consents.meeting import PURPOSE, Participant
from tillid.consents.meeting_record import read_meeting
from tillid.kernel.errors import NotFound, TillidError, Unavailable
from tillid.kernel.ids import new_id
from tillid.signatures.verify import verify
from tillid.usecases.answer_meeting import (
    answer_meeting,
    own_meeting,
    record_meeting_withdrawal,
    withdraw_meeting,
)
from tillid.usecases.ask_meeting import ask_meeting, may_be_told, meeting_page
from tillid.usecases.fetch_receipt import zip_of
from tillid.usecases.ledger_report import sealed_named
from tillid.usecases.seal_record import RECORD
from tillid.usecases.start_document import start_document

SOFIE = Participant(name="Sofie Brandt", role="Pædagog", organisation="Børnehaven Stjernehuset")
IDA = {"navn": "Ida Holm", "rolle": "Psykolog", "arbejdssted": "PPR"}
PSYCHOLOGIST = Participant(name="Ida Holm", role="Psykolog", organisation="PPR")


def meeting_called(world):
    """A sheet that is prepared and not shared yet, with a psychologist among those who take part: by whom, and its id."""
    leader = world.player.leader_of(SHEET.unit_id)
    with world.house() as house:
        document_id = start_document(house, leader, SHEET.child_id, SHEET.form_id, variant=SHEET.variant).id
    people = {"deltagere": [*SHEET.leader["deltagere"], IDA]}
    world.player.fill(leader, document_id, {**SHEET.leader, **SHEET.professional, **people})
    return leader, document_id


@pytest.fixture
def called_meeting(world_at):
    world = world_at("people")
    return world, *meeting_called(world)


def ask(world, leader, document_id, **changes):
    with world.house() as house:
        page = meeting_page(house, leader, document_id)
        assert page.plan is not None
        day = house.moment.date() + timedelta(days=8)
        values = {"seen": page.plan.digest, "event_id": new_id()} | changes
        return ask_meeting(house, leader, document_id, values.pop("valid_to", day), **values)


def answer(world, holder, question, **said):
    answers = dict.fromkeys(question.plan.rows, True) | said
    with world.house() as house:
        return answer_meeting(house, holder, question.id, answers, language="da", event_id=new_id())


def take_back(world, holder, question, *rows):
    with world.house() as house:
        return withdraw_meeting(house, holder, question.id, rows, language="da", event_id=new_id())


def told(world, document_id, who):
    with world.house() as house:
        found = may_be_told(house, house.documents.get(document_id), who)
    return found.reason if not found.allowed else "yes"


def record_of(world, event_id):
    with world.house() as house:
        return house.ledger.attachments(event_id)[RECORD]


def code_of(act):
    with pytest.raises(TillidError) as refused:
        act()
    return refused.value.code


@pytest.mark.req("D12", "D15", "R-10", "R-12", "R-16", "R-17", "R-31", "R-32")
def test_asked_answered_narrowed_changed_and_asked_anew(called_meeting):
    world, leader, document_id = called_meeting
    maria, louise = world.holders(SHEET.child_id)
    assert told(world, document_id, SOFIE) == "not-asked"
    question = ask(world, leader, document_id)
    assert question.plan.participants == (SOFIE, PSYCHOLOGIST), "the mothers are nobody's to consent to"
    assert code_of(lambda: ask(world, leader, document_id)) == "meeting.asked"
    first = answer(world, maria, question)
    assert told(world, document_id, SOFIE) == "waiting", "every holder separately"
    with world.house() as house:
        seen = own_meeting(house, louise, question.id, "en")
    assert seen.live and seen.mine is None and seen.text.language == "en" and "Louise" in seen.text.body
    answer(world, louise, question, **{PSYCHOLOGIST.id: False})
    assert (told(world, document_id, SOFIE), told(world, document_id, PSYCHOLOGIST)) == ("yes", "no-to-participant")
    found = verify(record_of(world, first.event_id), world.parts.trust, at=world.clock.now())
    assert found.passed and read_meeting(found.signed).answers[PSYCHOLOGIST.id]
    # Others than those who were asked about it find nothing.
    with world.house() as house, pytest.raises(NotFound):
        own_meeting(house, leader, question.id, "da")
    # Somebody else comes: the parents are asked anew, and what they said covers nothing until then.
    more = [*SHEET.leader["deltagere"], IDA, {"navn": "Per Juul", "rolle": "Talepædagog"}]
    world.player.fill(leader, document_id, {"deltagere": more})
    assert told(world, document_id, SOFIE) == "changed"
    assert told(world, document_id, Participant(name="Per Juul", role="Talepædagog")) == "not-named"
    again = ask(world, leader, document_id)
    assert told(world, document_id, SOFIE) == "waiting"
    for holder in (maria, louise):
        answer(world, holder, again)
    assert code_of(lambda: answer(world, maria, again)) == "consent.already-answered"
    assert told(world, document_id, Participant(name="Per Juul", role="Talepædagog")) == "yes"
    assert world.drain() == []


@pytest.mark.req("D12", "R-16", "R-17", "R-32", "R-33")
def test_a_withdrawal_works_at_once_by_click_or_call_and_waits_for_nothing(called_meeting, monkeypatch):
    world, leader, document_id = called_meeting
    maria, louise = world.holders(SHEET.child_id)
    question = ask(world, leader, document_id)
    for holder in (maria, louise):
        answer(world, holder, question)
    click = new_id()
    with world.full_log():
        for _ in "twice":
            with world.house() as house:
                one = withdraw_meeting(house, maria, question.id, [PSYCHOLOGIST.id], language="da", event_id=click)
    assert (told(world, document_id, SOFIE), told(world, document_id, PSYCHOLOGIST)) == ("yes", "no-to-participant")
    # What is not said yes to any more, or never was, is nothing to take back: it never means "everything".
    assert code_of(lambda: take_back(world, maria, question, PSYCHOLOGIST.id)) == "consent.nothing-to-withdraw"
    assert told(world, document_id, SOFIE) == "yes"
    with world.house() as house:
        call = record_meeting_withdrawal(
            house, leader, question.id, louise.person_id, method="phone", event_id=new_id()
        )
    assert told(world, document_id, SOFIE) == "withdrawn"
    assert world.drain() == []
    assert read_meeting(record_of(world, one.event_id)).participants == (PSYCHOLOGIST,)
    said = read_meeting(record_of(world, call.event_id))
    assert said.participants == () and said.recorded_by == leader.person_id and said.kind == "meeting_withdrawn"
    world.parts.event_log.sign_head()
    with world.house() as house:  # what ``tillid export-consent`` packs of a question
        sealed = sealed_named(house.ledger, question.id)
        assert [one.kind for one in sealed] == ["meeting_given"] * 2 + ["meeting_withdrawn"] * 2
        for event in sealed:
            proof = house.event_log.proof(event.digest)
            packed = zip_of(house.ledger.attachments(event.id), proof, {})
            assert proof is not None and b"MeetingConsent" in packed and b"record.html" in packed
    with world.house() as house:
        left = own_meeting(house, maria, question.id, "da").mine
        assert left is not None and left.yes == {PURPOSE, SOFIE.id}
        # The register is silent: nothing opens, and a yes is taken back all the same.
        monkeypatch.setattr(type(house.people), "custody", lambda *_: (_ for _ in ()).throw(Unavailable("silent")))
        done = withdraw_meeting(house, maria, question.id, language="da", event_id=new_id())
    assert done.kind == "meeting_withdrawn"
    with world.house() as house, pytest.raises(NotFound):
        answer_meeting(house, maria, question.id, {}, language="da", event_id=new_id())


@pytest.mark.req("D12", "R-102")
def test_what_cannot_be_asked_is_told_to_who_asks(called_meeting):
    world, leader, document_id = called_meeting
    today = world.clock.now().date()
    for day in (today - timedelta(days=1), today + timedelta(days=400)):
        assert code_of(lambda day=day: ask(world, leader, document_id, valid_to=day)) == "meeting.day"
    assert code_of(lambda: ask(world, leader, document_id, seen="0" * 64)) == "meeting.plan-unfinished"
    people = [*SHEET.leader["deltagere"], {"navn": "Bo\u200bris", "rolle": "Far"}]
    try:
        world.player.fill(leader, document_id, {"deltagere": people})
    except TillidError:
        return  # the field itself refuses it already
    assert code_of(lambda: ask(world, leader, document_id)) == "records.characters"


@pytest.mark.req("D12", "R-37")
def test_a_protected_address_is_not_asked_about(called_meeting):
    world, leader, document_id = called_meeting
    holder, place = world.holders(SHEET.child_id)[0].person_id, "Omkring 5, 4299 Solbjerg"
    people = [*SHEET.leader["deltagere"], IDA | {"arbejdssted": "PPR, omkring 5"}]
    world.player.fill(leader, document_id, {"deltagere": people})
    with world.house() as house:
        parent, cpr = house.people.parent(holder), house.people.unmask_cpr(holder)
        house.people.put_parent(msgspec.structs.replace(parent, protected_address=True), cpr)
        house.people.put_address(holder, place)
    assert code_of(lambda: ask(world, leader, document_id)) == "meeting.protected"
    world.player.fill(leader, document_id, {"deltagere": [*SHEET.leader["deltagere"], IDA]})
    assert ask(world, leader, document_id).plan.participants


@pytest.mark.req("D12", "R-105")
def test_a_login_below_substantial_answers_and_takes_back_nothing(called_meeting):
    world, leader, document_id = called_meeting
    question = ask(world, leader, document_id)
    holder = world.holders(SHEET.child_id)[0]
    low = msgspec.structs.replace(holder, login=msgspec.structs.replace(holder.login, loa="urn:tillid:test:nsis:Low"))
    assert code_of(lambda: answer(world, low, question)) == "login.not-assured"
    answer(world, holder, question)
    with world.house() as house, pytest.raises(NotAssured):
        withdraw_meeting(house, low, question.id, language="da", event_id=new_id())
    assert told(world, document_id, SOFIE) == "waiting"


@pytest.mark.req("D12")
def test_a_name_that_looks_like_another_is_not_asked_about(called_meeting):
    world, leader, document_id = called_meeting
    people = [*SHEET.leader["deltagere"], {"navn": "B\u043eris Holm", "rolle": "Nabo"}]
    world.player.fill(leader, document_id, {"deltagere": people})
    assert code_of(lambda: ask(world, leader, document_id)) == "consent.alphabets"
    with world.house() as house:
        assert "meeting_asked" not in {event.kind for event in house.ledger.of_document(document_id)}, (
            "nobody was asked"
        )
    world.player.fill(leader, document_id, {"deltagere": [*SHEET.leader["deltagere"], IDA]})
    assert ask(world, leader, document_id).plan.participants
