"""The outside facts a form's conditions may ask are given in the very codes that a definition may name."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from tests.support.world import request_now
from tillid.forms.facts import UNIT_KINDS, known_facts
from tillid.process.organisation import UnitKind
from tillid.usecases.facts import facts_of
from tillid.usecases.outside_facts import consent_facts, outside_facts

NOT_KNOWN = {"latest_position", "parents_accept_evaluation", "has_sensitive_items"}


def known(world):
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        return outside_facts(house, document, facts_of(house, document))


def test_the_organisation_and_the_forms_have_one_vocabulary(world_at):
    assert get_args(UnitKind) == UNIT_KINDS
    world = world_at("people")
    with world.house() as house:
        assert {unit.kind for unit in house.people.organigram().units.values()} <= set(UNIT_KINDS)


@pytest.mark.parametrize("stage", ["draft", "shared"])
def test_a_filled_draft_gives_every_fact_but_those_that_are_not_built(world_at, stage):
    world = world_at(stage)
    found = known(world)
    facts = known_facts()
    assert set(found) == set(facts) - NOT_KNOWN
    assert (found["sender_unit_kind"], found["receiver_unit_kind"]) == ("boernehave", "skole_sfo")
    for name, value in found.items():
        fact = facts[name]
        assert value in (True, False) if fact.type == "boolean" else not fact.codes or value in fact.codes, name


def test_the_receivers_kind_is_unknown_until_it_is_chosen(world_at):
    world = world_at("draft")
    with world.house() as house:
        draft = house.documents.draft(world.made["document"])
        fields = {name: field for name, field in draft.fields.items() if name != "til_enhed"}
        house.documents.save_draft(msgspec.structs.replace(draft, fields=fields))
    found = known(world)
    assert "receiver_unit_kind" not in found and found["sender_unit_kind"] == "boernehave"


@pytest.mark.req("R-14", "R-31")
def test_the_words_of_the_question_follow_the_declarations_own_conditions(world_at):
    world = world_at("asked")
    request = request_now(world)
    assert consent_facts(request.items, len(request.required_holders)) == {
        "joint_custody": True,
        "has_sensitive_items": True,
    }
    ids = request.texts[0].id.split("+")
    assert ids == ["samtykke_indledning", "samtykke_faelles", "samtykke_foelsom", "samtykke_erklaering"]
    plain = tuple(item for item in request.items if not item.sensitive)
    assert consent_facts(plain, 1) == {"joint_custody": False, "has_sensitive_items": False}
