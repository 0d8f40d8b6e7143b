"""Access ends when the child goes to another place; what parents say still comes in, and leaders still end what they began (R-70)."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest

from tests.support.access import INDIVIDUAL, NOW, ORGANIGRAM, PEOPLE, SITUATIONS, facts
from tillid.process.access import Identity, may_all, relations
from tillid.process.organisation import Assignment

OF_SENDER = ["writer", "peer", "late peer", "leader"]
TAKEN_IN = {"see_status", "record_withdrawal", "record_meeting_withdrawal", "record_paper"}
ENDED = {
    "confirm_release",
    "correct_version",
    "end_share",
    "remark",
    "cancel_meeting",
    "close_agreements",
    "reopen_agreements",
}


def moved(situation, to="school"):
    known = INDIVIDUAL if situation in INDIVIDUAL else SITUATIONS
    document_changes, fact_changes, _ = known[situation]
    return facts(document_changes, {**fact_changes, "child_unit": to}, round_=situation in INDIVIDUAL)


@pytest.mark.req("R-70", "R-16")
@pytest.mark.parametrize(("person", "situation"), [*product(OF_SENDER, SITUATIONS)])
def test_who_worked_with_the_child_reads_and_writes_nothing_more(person, situation):
    who, known = PEOPLE[person][0], moved(situation)
    led = {"former_leader"} if person == "leader" else set()
    assert relations(who, known, NOW) == {"former_team"} | led
    assert may_all(who, known, NOW) <= TAKEN_IN | (ENDED if led else set())
    stays = facts(SITUATIONS[situation][0], SITUATIONS[situation][1], round_=False)
    assert may_all(who, known, NOW) & TAKEN_IN >= may_all(who, stays, NOW) & TAKEN_IN - {"see_status"}


@pytest.mark.req("R-70", "T4b")
@pytest.mark.parametrize(("person", "situation"), [*product(OF_SENDER, INDIVIDUAL)])
def test_a_mark_of_a_child_that_has_gone_is_nobodys_to_read(person, situation):
    assert may_all(PEOPLE[person][0], moved(situation), NOW) == frozenset()


@pytest.mark.req("R-70")
@pytest.mark.parametrize("situation", [*SITUATIONS, *INDIVIDUAL])
def test_for_everybody_else_nothing_changes_with_the_place(situation):
    here = moved(situation, "sender")
    for person in sorted(set(PEOPLE) - set(OF_SENDER)):
        assert may_all(PEOPLE[person][0], moved(situation), NOW) == may_all(PEOPLE[person][0], here, NOW), person


@pytest.mark.req("R-70", "R-04")
def test_who_works_with_the_child_at_both_places_goes_on_and_the_new_place_alone_gets_nothing():
    writer = PEOPLE["writer"][0]
    both = msgspec.structs.replace(
        writer, assignments=(*writer.assignments, Assignment(role="professional", unit_id="school"))
    )
    assert relations(both, moved("released"), NOW) == {"team"}
    assert relations(PEOPLE["area leader"][0], moved("released"), NOW) == {"team", "leader"}, "above both"
    assert relations(PEOPLE["area leader"][0], moved("released", "other"), NOW) == {"former_team", "former_leader"}
    elsewhere = Identity(
        person_id="new", name="N", kind="staff", assignments=(Assignment(role="leader", unit_id="other"),)
    )
    assert "other" in ORGANIGRAM.units and relations(elsewhere, moved("released", "other"), NOW) == frozenset()


@pytest.mark.req("R-70")
def test_what_is_about_no_child_that_the_register_knows_stays_with_who_wrote_it():
    assert relations(PEOPLE["writer"][0], moved("shared", ""), NOW) == {"team"}
