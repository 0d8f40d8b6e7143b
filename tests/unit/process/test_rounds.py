"""Who opens a round, and not before its deadline's whole day has passed in Copenhagen (design 25)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.support.access import ORGANIGRAM, PEOPLE
from tillid.process.access import Identity
from tillid.process.organisation import Assignment, Round
from tillid.process.rounds import may_lead_round, may_open_round

ROUND = Round(
    id="round", unit_id="sender", title="t", deadline=date(2026, 12, 1), assigned={"child": ("writer", "leader")}
)
# The last second of 1 December in Copenhagen is 22:59:59 UTC.
BEFORE, AFTER = datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, 23, 0, 0, tzinfo=UTC)


@pytest.mark.req("T4b", "R-70")
@pytest.mark.parametrize("person", PEOPLE)
def test_only_the_units_leaders_and_those_above_and_only_after_the_deadline(person):
    who = PEOPLE[person][0]
    leads = person in ("leader", "area leader")
    assert may_lead_round(who, ROUND, ORGANIGRAM).allowed is leads
    assert may_open_round(who, ROUND, ORGANIGRAM, AFTER).allowed is leads
    assert not may_open_round(who, ROUND, ORGANIGRAM, BEFORE).allowed


def test_a_parent_with_a_leaders_assignment_leads_nothing():
    parent = Identity(
        person_id="p", name="p", kind="parent", assignments=(Assignment(role="leader", unit_id="sender"),)
    )
    assert not may_open_round(parent, ROUND, ORGANIGRAM, AFTER).allowed
