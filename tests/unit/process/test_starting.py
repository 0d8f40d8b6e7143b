"""Which form is begun, by whom, in which variants (O1, O20, D2, D13, T15)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.definitions import our_definitions
from tillid.consents.model import Organisation
from tillid.process.access import Identity
from tillid.process.organisation import Assignment, Child, Organigram, Unit
from tillid.process.starting import RULES, may_begin, variants_for

PLACES = {
    "sundhedspleje": {"sp_dp"},
    "dagpleje_vuggestue": {"dp_bh"},
    "boernehave": {"bh_bh", "bh_sk"},
    "skole_sfo": {"sk_sk", "ind_mel"},
}
UNIT = "u"
TOWN = Organigram(
    units={
        UNIT: Unit(
            id=UNIT,
            name="U",
            kind="boernehave",
            parent_id=None,
            controller=Organisation(id="k", name="K", cvr="12345678"),
        )
    }
)


def form(name):
    return our_definitions().latest(name)


def child(variant):
    return Child(id="c", name="C", birth_date=date(2021, 1, 1), unit_id=UNIT, group="Blå", variant=variant)


def offered(name, variant):
    return {one.id for one in variants_for(form(name), child(variant) if variant else None)}


@pytest.mark.req("O1", "O20")
@pytest.mark.parametrize(("place", "ways"), PLACES.items())
def test_the_same_form_is_begun_at_every_place_in_the_ways_a_child_can_go_from_there(place, ways):
    assert offered("overgangsbeskrivelse", place) == ways


@pytest.mark.req("O1")
def test_every_transition_of_the_form_can_be_begun_somewhere_and_by_any_professional_of_the_place():
    assert set().union(*PLACES.values()) == {one.id for one in form("overgangsbeskrivelse").variants}
    assert offered("overgangsbeskrivelse", "et_sted_ingen_kender") == set().union(*PLACES.values())
    for role in ("professional", "leader"):
        assert begins("overgangsbeskrivelse", role)
    assert not begins("overgangsbeskrivelse", "archivist") and not begins("overgangsbeskrivelse", "intake")


@pytest.mark.req("D2", "D13")
def test_the_leader_begins_a_sheet_and_professional_sparring_is_about_no_child():
    assert begins("fdr", "leader") and not begins("fdr", "professional")
    about, without = offered("fdr", "boernehave"), offered("fdr", None)
    assert without - about == {"faglig_sparring"} and about < without


@pytest.mark.req("T15", "T4")
def test_a_childs_own_form_goes_by_its_place_and_is_begun_in_a_round_alone():
    for place in PLACES:
        assert offered("trivselsskema", place) == {place}
    assert offered("trivselsskema", None) == set() and RULES["trivselsskema"].beginner == "assigned"


def begins(name, role):
    who = Identity(person_id="p", name="P", kind="staff", assignments=(Assignment(unit_id=UNIT, role=role),))
    return may_begin(who, name, UNIT, TOWN)
