"""A leader's decision to share: judged from events and one moment, and never stronger than a parent's later no (R-02)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from tests.consent_examples import ITEMS, request, uid
from tests.unit.consents.test_effective import ANE, BO, BOTH, FIRST, NOW, SENSITIVE, Story
from tillid.consents.decision import ShareDecision, decisions_of, judge_decision
from tillid.consents.model import Organisation

NONE = {FIRST: False, SENSITIVE: False}


def decision(**changes) -> ShareDecision:
    asked = request()
    shared = {name: getattr(asked, name) for name in ("child_id", "child_name", "document", "controller", "from_unit",
                                                      "to_unit", "purpose", "basis", "valid_to")}  # fmt: skip
    values = {"id": uid(0xD1), "ground": "provision", "items": ITEMS[:1], "reason": "x", "informed_on": None,
              "objection": "", "after_no": False, "decided_by": uid(9), "decided_at": NOW}  # fmt: skip
    return ShareDecision(**shared | values | changes)


def judged(story: Story, one: ShareDecision, moment: datetime = NOW):
    return judge_decision(one, story.events, moment, ())


def asked() -> Story:
    story = Story()
    story._add("request_created", story.request)
    return story


def decided(story: Story, one: ShareDecision) -> Story:
    event = story._add("share_decided", one)
    story.events[-1] = msgspec.structs.replace(event, request_id=one.id)
    return story


@pytest.mark.req("R-02", "R-17", "R-22")
def test_it_lets_through_what_was_chosen_until_its_last_day_its_end_or_a_correction():
    one = decision(valid_to=date(2026, 2, 1))
    story = decided(Story(), one)
    verdict = judged(story, one)
    assert verdict.effective and verdict.items == {ITEMS[0].id} and not verdict.oral
    assert decisions_of(story.events) == [one]
    assert judged(story, one, datetime(2026, 2, 1, 22, 59, 59, tzinfo=UTC)).effective
    assert judged(story, one, datetime(2026, 2, 1, 23, tzinfo=UTC)).reason == "expired"
    corrected = decided(Story(), one).then("version_corrected", {"version": one.document.version})
    assert judged(corrected, one).reason == "corrected"
    story.events.append(msgspec.structs.replace(story._add("share_ended"), request_id=one.id))
    ended = judged(story, one)
    assert (ended.reason, ended.effective, ended.items) == ("ended", False, frozenset())


@pytest.mark.req("R-22")
def test_before_it_was_made_it_lets_nothing_through():
    one = decision()
    found = judged(asked(), one)
    assert (found.standing, found.effective, found.items, found.reason) == (
        "missing",
        False,
        frozenset(),
        "not-decided",
    )
    assert judged(decided(asked(), one), one).effective


@pytest.mark.req("R-02")
@pytest.mark.parametrize("no", ["refusal", "withdrawal"])
def test_a_no_to_the_same_share_ends_what_was_decided_before_it_and_nothing_after(no):
    def says_no(story: Story) -> Story:
        return story.says(ANE, NONE) if no == "refusal" else story.withdraws(BO)

    one = decision()
    before = says_no(decided(asked().says(BO, BOTH), one))
    assert judged(before, one).reason == "answered-no"
    after = decided(says_no(asked().says(BO, BOTH)), one)
    assert judged(after, one).effective
    elsewhere = decision(to_unit=Organisation(id=uid(77), name="Et andet sted"))
    assert judged(says_no(decided(asked().says(BO, BOTH), elsewhere)), elsewhere).effective
