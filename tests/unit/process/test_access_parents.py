"""What parents, foster parents and a child of age stand to, when the register is silent or the login is not sure too (R-33 to R-41)."""

from __future__ import annotations

import msgspec
import pytest

from tests.consent_examples import LOGIN
from tests.support.access import NOW, PEOPLE, SITUATIONS, VERDICT, facts
from tillid.process.access import may, may_all, relations


@pytest.mark.req("R-17", "R-33")
def test_a_silent_register_opens_nothing_but_lets_a_yes_be_taken_back():
    document_changes, fact_changes, _ = SITUATIONS["released"]
    known = facts(document_changes, fact_changes, round_=False)
    silent = msgspec.structs.replace(known, custody=None, asked_holders=frozenset({"ane"}), verdict=VERDICT)
    holder, other = PEOPLE["holder"][0], PEOPLE["other parent"][0]
    assert may(holder, "withdraw", silent, NOW).allowed
    assert not may(holder, "read_parent_copy", silent, NOW).allowed
    assert not may(holder, "give_consent", silent, NOW).allowed
    assert not may(other, "withdraw", silent, NOW).allowed


@pytest.mark.req("R-36", "P8")
@pytest.mark.parametrize("state", SITUATIONS)
def test_a_foster_parent_without_custody_stands_to_nothing_and_may_nothing(state):
    """The child lives there, and nobody has granted anything: there is no grant, so there is no access."""
    document_changes, fact_changes, _ = SITUATIONS[state]
    seen = facts(document_changes, fact_changes, round_=False)
    seen, foster = msgspec.structs.replace(seen, granted=frozenset()), PEOPLE["foster parent"][0]
    assert relations(foster, seen, NOW) == frozenset() and may_all(foster, seen, NOW) == frozenset()


@pytest.mark.req("R-36", "R-33", "P8")
@pytest.mark.parametrize("state", SITUATIONS)
def test_a_granted_foster_parent_reads_what_parents_were_given_and_may_nothing_else(state):
    document_changes, fact_changes, _ = SITUATIONS[state]
    seen, foster = facts(document_changes, fact_changes, round_=False), PEOPLE["foster parent"][0]
    assert may_all(foster, seen, NOW) == (frozenset() if state == "draft" else {"read_parent_copy"})
    assert may_all(foster, msgspec.structs.replace(seen, custody=None), NOW) == frozenset(), "the register is silent"
    holds = msgspec.structs.replace(seen, granted=frozenset({"ane"}))
    assert relations(PEOPLE["holder"][0], holds, NOW) == {"holder"}
    assert relations(PEOPLE["other parent"][0], seen, NOW) == frozenset(), "a grant is the named one's alone"


@pytest.mark.req("R-105")
@pytest.mark.parametrize("state", SITUATIONS)
def test_a_custody_holder_whose_login_is_not_enough_may_nothing(state):
    document_changes, fact_changes, _ = SITUATIONS[state]
    seen = facts(document_changes, fact_changes, round_=False)
    holder = PEOPLE["holder"][0]
    sure = msgspec.structs.replace(holder, login=LOGIN)
    assert may_all(sure, seen, NOW) == may_all(holder, seen, NOW)
    unsure = msgspec.structs.replace(holder, login=msgspec.structs.replace(LOGIN, loa="Low"))
    assert relations(unsure, seen, NOW) == frozenset() and may_all(unsure, seen, NOW) == frozenset()


@pytest.mark.req("R-41", "R-35", "R-105", "P8")
@pytest.mark.parametrize("state", SITUATIONS)
def test_a_child_of_age_reads_what_its_parents_do_and_answers_for_itself_alone(state):
    document_changes, fact_changes, _ = SITUATIONS[state]
    seen = msgspec.structs.replace(facts(document_changes, fact_changes, round_=False), of_age=True)
    young, holder = PEOPLE["young person"][0], PEOPLE["holder"][0]
    own = {"read_parent_copy", "see_consent", "give_consent", "withdraw", "answer_meeting", "withdraw_meeting"}
    assert relations(young, seen, NOW) == {"young"} and may_all(young, seen, NOW) == may_all(holder, seen, NOW) & own
    assert may_all(young, msgspec.structs.replace(seen, custody=None), NOW) == may_all(young, seen, NOW)
    assert may_all(PEOPLE["another young person"][0], seen, NOW) == frozenset()
    assert may_all(young, msgspec.structs.replace(seen, of_age=False), NOW) == frozenset(), "not before its day"
    unsure = msgspec.structs.replace(young, login=msgspec.structs.replace(LOGIN, loa="Low"))
    assert relations(unsure, seen, NOW) == frozenset()
    mark = msgspec.structs.replace(facts({"state": "submitted"}, {}, round_=True), of_age=True)
    assert relations(young, mark, NOW) == frozenset(), "a mark is never the child's to read either (T9)"


@pytest.mark.req("R-41", "R-21")
def test_what_parents_said_is_asked_anew_of_the_child_when_it_comes_of_age():
    document_changes, fact_changes, _ = SITUATIONS["released"]
    seen = facts(document_changes, fact_changes, round_=False)
    ended = msgspec.structs.replace(VERDICT, signed=True, reason="child-fifteen")
    assert not may(PEOPLE["writer"][0], "request_consent", seen, NOW).allowed
    assert may(PEOPLE["writer"][0], "request_consent", msgspec.structs.replace(seen, verdict=ended), NOW).allowed
