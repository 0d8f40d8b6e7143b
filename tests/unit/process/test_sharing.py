"""The way to the parents, for every form and every step of it: who may do what, and that nobody else may (T6, T9, D1)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.access import NOW, PEOPLE, facts
from tests.support.definitions import our_definitions
from tillid.forms.definition import Code
from tillid.process.access import may, may_all
from tillid.process.sharing import Way, steps, way_of

TEAM = ("writer", "peer", "late peer", "leader", "area leader")
LEADERS = {"leader", "area leader"}
# Where a document of the two forms can stand: the document's changes.
DRAFT = {"state": "draft"}
ATTESTED = {"state": "submitted", "versions": 1, "attested_version": 1}
SHARED_AFTER = {"state": "shared", "versions": 1, "attested_version": 1, "shared_version": 1}
SHARED_BEFORE = {"state": "shared", "versions": 1, "shared_version": 1}
LOCKED_WITH_PARENTS = {"state": "submitted", "versions": 2, "attested_version": 2, "shared_version": 2}
PLACES = (DRAFT, ATTESTED, SHARED_AFTER, SHARED_BEFORE, LOCKED_WITH_PARENTS)
CLOSED, CLOSED_WITH_PARENTS = {**ATTESTED, "state": "closed"}, {**LOCKED_WITH_PARENTS, "state": "closed"}


def who_may(operation: str, form: str, changes: dict) -> set[str]:
    known = facts(changes, {}, round_=False, form=form)
    return {name for name, (who, *_) in PEOPLE.items() if may(who, operation, known, NOW).allowed}


def parent_may(form: str, changes: dict) -> set[str]:
    return set(may_all(PEOPLE["holder"][0], facts(changes, {}, round_=False, form=form), NOW))


@pytest.mark.req("T9", "D1", "T6")
def test_each_forms_own_states_say_its_way():
    ways = {one.name: way_of(one) for one in our_definitions().all()}
    agreed = Way(shared=True, agreed=True)
    expected = {
        **{f"overgangsbeskrivelse/v{n}": agreed for n in (1, 2, 3)},
        **{f"trivselsvurdering/v{n}": Way(shared=True, attested=True, attested_first=True) for n in (1, 2)},
        **{f"fdr/v{n}": Way(shared=True, attested=True, closes=True) for n in (1, 2)},
        "trivselsoverblik/v1": Way(closes=True),
    }
    assert {name: way for name, way in ways.items() if way != Way()} == expected


@pytest.mark.req("T9", "R-03", "R-54")
@pytest.mark.parametrize("form", ["trivselsskema", "trivselsoverblik", "underretning", "something new"])
@pytest.mark.parametrize("changes", PLACES, ids=lambda c: "-".join(map(str, c.values())))
def test_a_form_without_that_state_is_never_shared_nor_locked_by_a_leader(form, changes):
    for operation in ("share", "attest", "write_for_parent", "acknowledge", "agree"):
        assert who_may(operation, form, changes) == set(), operation
    assert parent_may(form, changes) == set(), "and no parent opens it in any way"


@pytest.mark.req("T4b", "T9")
def test_an_individual_mark_is_no_parents_whatever_its_form_may_say():
    """A trivselsskema whose states were given ``shared``: the round still closes it."""
    for changes in PLACES:
        known = facts(changes, {"way": Way(shared=True, attested=True)}, round_=True)
        assert may_all(PEOPLE["holder"][0], known, NOW) == frozenset()
        for name in PEOPLE:
            for operation in ("share", "attest", "write_for_parent"):
                assert not may(PEOPLE[name][0], operation, known, NOW).allowed


@pytest.mark.req("T6", "T14", "R-70")
def test_an_assessment_is_locked_by_its_leader_before_parents_are_let_in():
    form = "trivselsvurdering"
    assert who_may("share", form, DRAFT) == set() == who_may("write_for_parent", form, DRAFT)
    assert who_may("attest", form, DRAFT) == LEADERS == who_may("attest", form, SHARED_AFTER)
    assert parent_may(form, DRAFT) == set() == parent_may(form, ATTESTED)
    assert who_may("share", form, ATTESTED) == set(TEAM)
    for changes in (ATTESTED, SHARED_AFTER, LOCKED_WITH_PARENTS):
        assert who_may("write_professional", form, changes) == set(), "locked is locked"
    assert who_may("share", form, SHARED_AFTER) == set(), "nothing of it can have changed"
    assert who_may("write_for_parent", form, SHARED_AFTER) == set(TEAM)
    own = {"see_draft", "write_parent", "confirm_words", "read_parent_copy", "acknowledge"}
    assert parent_may(form, SHARED_AFTER) == own


@pytest.mark.req("D1", "D2", "D4", "R-70")
def test_a_sheet_calls_the_meeting_and_is_written_on_until_the_leader_locks_it():
    form = "fdr"
    assert who_may("share", form, DRAFT) == set(TEAM) == who_may("share", form, SHARED_BEFORE)
    assert who_may("write_professional", form, SHARED_BEFORE) == set(TEAM)
    assert who_may("attest", form, SHARED_BEFORE) == LEADERS
    assert parent_may(form, DRAFT) == set()
    assert "write_parent" in parent_may(form, SHARED_BEFORE)
    assert who_may("share", form, ATTESTED) == set(TEAM), (
        "minutes locked without the parents can be shown to them after"
    )
    assert who_may("write_professional", form, SHARED_AFTER) == set()


@pytest.mark.req("R-23", "P3")
@pytest.mark.parametrize("form", ["trivselsvurdering", "fdr"])
def test_what_parents_have_had_they_keep_and_nobody_agrees_or_consents(form):
    assert parent_may(form, LOCKED_WITH_PARENTS) == {"read_parent_copy", "acknowledge"}
    for changes in PLACES:
        for operation in ("agree", "decline", "request_consent", "give_consent"):
            assert who_may(operation, form, changes) == set()
        assert who_may("move_draft", form, changes) == (set(TEAM) if changes == DRAFT else set())
    assert who_may("share", form, LOCKED_WITH_PARENTS) == set() == who_may("attest", form, LOCKED_WITH_PARENTS)


@pytest.mark.req("D13")
def test_what_is_about_no_child_of_the_register_is_shared_with_nobody():
    way = Way(shared=True, attested=True)
    for changes in PLACES:
        document = msgspec.structs.replace(facts(changes, {}, round_=False, form="fdr").document, child_id="")
        assert steps(document, way) <= {"writable", "attestable"}


@pytest.mark.req("D7", "R-70", "R-90")
def test_a_sheet_is_closed_and_opened_again_by_the_team_that_holds_its_agreements_and_no_other_form_is():
    for changes in (*PLACES, CLOSED, CLOSED_WITH_PARENTS):
        locked, closed = changes["state"] == "submitted", changes["state"] == "closed"
        assert who_may("close_agreements", "fdr", changes) == (set(TEAM) if locked else set())
        assert who_may("reopen_agreements", "fdr", changes) == (set(TEAM) if closed else set())
        assert who_may("cancel_meeting", "fdr", changes) == (LEADERS if changes == SHARED_BEFORE else set())
        for form in ("trivselsvurdering", "trivselsskema", "trivselsoverblik", "overgangsbeskrivelse", "underretning"):
            assert who_may("close_agreements", form, changes) == set() == who_may("reopen_agreements", form, changes)
            assert who_may("cancel_meeting", form, changes) == set()
    kept = parent_may("fdr", CLOSED_WITH_PARENTS) - {"see_consent"}  # of a request, and there is none
    assert kept == {"read_parent_copy", "acknowledge"}, "what they had, they keep"
    childless = msgspec.structs.replace(facts(CLOSED, {}, round_=False, form="fdr").document, child_id="")
    assert "finished" in steps(childless, Way(shared=True, attested=True, closes=True)), "a meeting about no child too"


@pytest.mark.req("T5", "T9", "R-70")
def test_what_a_team_writes_about_its_group_is_ended_by_the_leader_and_read_by_the_team_ever_after():
    for form in ("trivselsoverblik", "trivselsvurdering", "trivselsskema", "fdr", "overgangsbeskrivelse"):
        for changes in (*PLACES, CLOSED):
            mine = form == "trivselsoverblik" and changes == DRAFT
            assert who_may("lock_overview", form, changes) == (LEADERS if mine else set()), (form, changes)
    assert who_may("write_professional", "trivselsoverblik", CLOSED) == set()
    assert who_may("read_team_copy", "trivselsoverblik", CLOSED) == set(TEAM)
    assert parent_may("trivselsoverblik", CLOSED) <= {"see_consent", "read_parent_copy"}, (
        "of versions they were given: none"
    )


def test_the_order_of_the_states_decides_not_the_forms_name():
    one = our_definitions().latest("overgangsbeskrivelse")
    turned = (Code(id="draft", title="a"), Code(id="submitted", title="b"), Code(id="shared", title="c"))
    assert way_of(msgspec.structs.replace(one, states=turned)).attested_first
    assert not way_of(msgspec.structs.replace(one, states=(turned[0], turned[2], turned[1]))).attested_first
