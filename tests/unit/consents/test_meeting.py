"""A consent to a meeting: who may take part now and why, and the record of each answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.consent_examples import CHILD, HOLDER, MOMENT, SERIES, SYSTEM, uid
from tests.meeting_examples import (
    PLAN,
    PSYCHOLOGIST,
    PURPOSE,
    TEACHER,
    asked_event,
    meeting_answer,
    meeting_withdrawal,
    question,
)
from tests.unit.consents.test_record import PAPER
from tillid.consents.custody import Custody, Holder
from tillid.consents.effective import Verdict
from tillid.consents.events import Event
from tillid.consents.meeting import MeetingQuestion, Participant, judge_meeting, may_take_part
from tillid.consents.meeting_record import build_meeting_record, read_meeting
from tillid.consents.meeting_words import words_of_withdrawal
from tillid.consents.record import read_record
from tillid.kernel.errors import TillidError
from tillid.signatures.rendering import render

OTHER = uid(0xA2)
BOTH = question(series={HOLDER: SERIES, OTHER: uid(0x52)}, required_holders=(HOLDER, OTHER))
ONE = question()
LATER = MOMENT + timedelta(days=10)


def custody(*people: str, until: datetime | None = None) -> Custody:
    since = datetime(2020, 1, 1, tzinfo=UTC)
    holders = tuple(
        Holder(
            person_id=p, name="N", relation="parent", resident=True, since=since, until=until if p == OTHER else None
        )
        for p in people
    )
    return Custody(child_id=CHILD, holders=holders, shared_residence=False, checked_at=MOMENT)


def judged(asked: MeetingQuestion, *events: Event, holders: Any = "all", at: datetime = LATER, **facts: Any) -> Verdict:
    known = custody(*asked.series) if holders == "all" else holders
    return judge_meeting(
        asked, [asked_event(asked), *events], known, at, **{"plan_digest": asked.plan.digest, "restored": ()} | facts
    )


@pytest.mark.req("D12", "R-12", "R-32")
def test_whom_all_said_yes_to_may_take_part_and_nobody_else() -> None:
    events = [meeting_answer(BOTH), meeting_answer(BOTH, {PSYCHOLOGIST.id: False}, holder=OTHER)]
    verdict = judged(BOTH, *events)
    assert (verdict.standing, verdict.reason, verdict.signed) == ("valid", "effective", True)
    told = {one.name: may_take_part(BOTH, verdict, one) for one in (TEACHER, PSYCHOLOGIST)}
    assert [(one.allowed, one.reason) for one in told.values()] == [(True, "effective"), (False, "no-to-participant")]
    for stranger in (Participant(name=TEACHER.name, role="Leder"), Participant(name="En anden", role=TEACHER.role)):
        assert may_take_part(BOTH, verdict, stranger).reason == "not-named"


@pytest.mark.req("D12", "R-31", "R-32", "R-33", "R-41")
def test_each_reason_why_it_does_not_hold() -> None:
    mine, other = meeting_answer(BOTH), meeting_answer(BOTH, holder=OTHER)
    no = meeting_answer(BOTH, {PURPOSE: False}, holder=OTHER)
    left = custody(HOLDER, OTHER, until=MOMENT + timedelta(days=1))
    third = custody(HOLDER, OTHER, uid(0xA3))
    for reason, found in {
        "waiting": judged(BOTH, mine),
        "refused": judged(BOTH, mine, no),
        "withdrawn": judged(BOTH, mine, other, meeting_withdrawal(BOTH, other)),
        "custody-unknown": judged(BOTH, mine, other, holders=None),
        "no-holder": judged(BOTH, mine, other, holders=custody()),
        "child-fifteen": judged(BOTH, mine, other, born=date(2010, 11, 1)),
        "expired": judged(BOTH, mine, other, at=datetime(2026, 1, 15, 23, 0, tzinfo=UTC)),
        "changed": judged(BOTH, mine, other, plan_digest=msgspec.structs.replace(PLAN, participants=(TEACHER,)).digest),
        "asked-again": judged(BOTH, mine, other, asked_event(question(id=uid(0xE9)))),
    }.items():
        assert found.reason == reason and not found.effective and not found.items
        assert may_take_part(BOTH, found, TEACHER) == msgspec.structs.replace(
            may_take_part(BOTH, found, TEACHER), allowed=False, reason=reason
        )
    assert judged(BOTH, mine, other, at=datetime(2026, 1, 15, 22, 59, 59, tzinfo=UTC)).effective  # "til og med"
    assert judged(BOTH, mine, holders=left).effective  # who holds custody no more is not waited for ...
    assert judged(BOTH, mine, no, holders=left).reason == "refused"  # ... but a no stays
    assert judged(BOTH, mine, other, holders=third).waiting_for == (uid(0xA3),)


@pytest.mark.req("D12", "R-16", "R-17", "R-32")
def test_a_withdrawal_of_one_narrows_and_of_the_purpose_closes() -> None:
    given = meeting_answer(ONE)
    narrowed = judged(ONE, given, meeting_withdrawal(ONE, given, PSYCHOLOGIST.id))
    assert narrowed.effective and not may_take_part(ONE, narrowed, PSYCHOLOGIST).allowed
    assert may_take_part(ONE, narrowed, TEACHER).allowed
    assert judged(ONE, given, meeting_withdrawal(ONE, given)).reason == "withdrawn"
    assert judged(ONE, given, meeting_withdrawal(ONE, given, PURPOSE)).reason == "withdrawn"


@pytest.mark.req("D12", "R-11")
def test_what_it_covers_is_purpose_and_people_in_any_order_and_not_the_title() -> None:
    same = msgspec.structs.replace(PLAN, participants=PLAN.participants[::-1], title="Et andet emne")
    assert same.digest == PLAN.digest
    assert msgspec.structs.replace(PLAN, purpose="Noget andet").digest != PLAN.digest


@pytest.mark.req("D12", "R-10", "R-103", "R-104")
def test_a_record_says_and_shows_what_was_answered() -> None:
    given = meeting_answer(ONE, {PSYCHOLOGIST.id: False})
    record = build_meeting_record(given, ONE, role="parent", system=SYSTEM)
    said = read_meeting(record)
    assert said.answers == {PURPOSE: True, PSYCHOLOGIST.id: False, TEACHER.id: True}
    assert said.participants == PLAN.participants and said.plan_digest == PLAN.digest and said.valid_to == ONE.valid_to
    assert (said.kind, said.event_digest, said.basis) == ("meeting_given", given.digest, ONE.basis)
    assert said.text.body.startswith("Kære Søren O'Hara & Co") and PLAN.purpose in said.text.body
    page = render(record).decode()
    assert "<h1>Samtykke til et møde</h1>" in page and "Ida Holm &lt;PPR&gt;" in page and "platformens segl" in page
    with pytest.raises(TillidError, match=r"records\.schema"):
        read_record(record)  # no consent to share a document
    taken = build_meeting_record(meeting_withdrawal(ONE, given, TEACHER.id), ONE, role="parent", system=SYSTEM)
    assert read_meeting(taken).withdraws == (given.id, given.digest) and read_meeting(taken).participants == (TEACHER,)
    assert "Trukket tilbage" in render(taken).decode()
    refused = build_meeting_record(meeting_answer(ONE, {PURPOSE: False}), ONE, role="parent", system=SYSTEM)
    assert "<h1>Nej til et møde</h1>" in render(refused).decode()
    all_of_it = build_meeting_record(meeting_withdrawal(ONE, given), ONE, role="other", system=SYSTEM)
    assert "Hele samtykket er trukket tilbage" in render(all_of_it).decode()


@pytest.mark.req("D12", "R-10", "R-12", "R-102")
def test_nothing_is_sealed_that_was_not_asked_so() -> None:
    good, other_words = meeting_answer(ONE), msgspec.structs.replace(ONE.texts[0], body="Andre ord")
    named = question(plan=msgspec.structs.replace(PLAN, participants=(Participant(name="Bo 610190-1234", role="Far"),)))
    for code, asked, event in (
        ("records.contradiction", ONE, meeting_answer(ONE, oral=True)),
        ("records.contradiction", ONE, meeting_answer(ONE, login=None)),
        ("records.contradiction", ONE, meeting_answer(ONE, text=other_words)),
        ("records.contradiction", ONE, _paid(good, answers={PURPOSE: True})),  # a row without an answer
        ("records.contradiction", ONE, msgspec.structs.replace(good, kind="meeting_refused")),
        ("records.contradiction", question(id=uid(0xE9)), good),
        ("records.contradiction", ONE, meeting_withdrawal(ONE, good, "person:nobody")),
        ("records.contradiction", ONE, meeting_withdrawal(ONE, good, method="phone")),
        ("records.cpr", named, meeting_answer(named)),
    ):
        with pytest.raises(TillidError) as refused:
            build_meeting_record(event, asked, role="parent", system=SYSTEM)
        assert refused.value.code == code


def _paid(event: Event, **changes: Any) -> Event:
    return msgspec.structs.replace(event, payload=event.payload | changes)


@pytest.mark.req("D12", "R-41", "R-104", "R-106")
def test_a_young_person_answers_about_a_meeting_itself_and_anybody_may_on_paper() -> None:
    own = question(required_holders=(CHILD,), series={CHILD: SERIES})
    given = meeting_answer(own, holder=CHILD)
    fifteen, younger = date(2010, 11, 1), date(2015, 11, 1)
    assert judged(own, given, holders=None, born=fifteen).effective, "no register of custody is asked"
    assert judged(own, given, born=younger).reason == "child-not-of-age"
    assert judged(own, born=fifteen).waiting_for == (CHILD,)
    assert judged(own, given, meeting_withdrawal(own, given), born=fifteen).standing == "withdrawn"
    assert "mødet om dig" in words_of_withdrawal(own, "da").body, (
        "in words to the one whose data it is, not to a parent"
    )
    paper = {"login": None, "paper": PAPER}
    for asked, event, role, giver in (
        (own, given, "self", "Den unge selv"),
        (own, meeting_withdrawal(own, given), "self", "Den unge selv"),
        (own, meeting_answer(own, holder=CHILD, **paper), "self", "Den unge selv"),
        (ONE, meeting_answer(ONE, {PSYCHOLOGIST.id: False}, **paper), "parent", "Forældremyndighedsindehaver"),
    ):
        made = build_meeting_record(event, asked, role=role, system=SYSTEM)
        shown = render(made)
        assert giver in shown.decode()
        assert (PAPER.scan_sha256 in shown.decode()) == ("paper" in event.payload)
