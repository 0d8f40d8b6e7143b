"""Station 5: in which words and language a consent is asked for, who is asked where, and what no consent is."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from tests.support.world import SET, author, document_now, request_now, say_yes
from tests.walks.test_consent import all_yes, answer, verdict_of
from tillid.kernel.errors import TillidError
from tillid.usecases.facts import judge
from tillid.usecases.give_consent import consent_page
from tillid.usecases.request_consent import request_consent


@pytest.mark.req("P9")
def test_the_language_shown_is_the_language_recorded(world_at):
    world = world_at("asked")
    receipt = answer(world, world.holders(SET.child_id)[0], all_yes(world), oral=False, language="en")
    with world.house() as house:
        event = house.ledger.event(receipt.event_id)
    assert event.payload["text"]["language"] == "en" and "consent" in event.payload["text"]["body"].lower()


@pytest.mark.req("R-01")
def test_a_transition_on_another_basis_is_refused_with_a_clear_message(world_at):
    world = world_at("agreed")
    world.set_up_with(basis_of_transition={"bh_sk": "retningslinje"})
    with pytest.raises(TillidError) as refused, world.house() as house:
        request_consent(house, author(world), world.made["document"])
    assert refused.value.code == "transition.not-by-consent" and "retningslinjer" in refused.value.message


@pytest.mark.req("R-10", "R-13", "R-15", "R-19")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("da", ["Du bestemmer selv", "uanset hvad du svarer", "trække det tilbage", "til og med"]),
        ("en", ["decide", "whatever you answer", "withdraw", "up to and including", "to welcome"]),
    ],
)
def test_the_words_say_that_it_is_voluntary_until_when_and_how_to_withdraw(world_at, language, said):
    world = world_at("asked")
    request, holder = request_now(world), world.holders(SET.child_id)[0]
    with world.house() as house:
        page = consent_page(house, holder, request.id, language)
    body = page.text.body
    for words in said:
        assert words in body, words
    for part in (request.child_name, request.from_unit.name, request.to_unit.name, holder.name):
        assert part in body
    assert "{" not in body, "a placeholder was left unfilled"
    with world.house() as house:
        starts = date.fromisoformat(house.documents.version(world.made["document"], 2).answers["startdato"])
    assert 0 < (request.valid_to - starts).days <= 184, "half a year after the transition, never without an end"


@pytest.mark.req("R-30", "R-31")
def test_holders_living_apart_are_asked_separately_and_shared_residence_changes_nothing(world_at):
    world = world_at("asked")
    request = request_now(world)
    assert len(request.required_holders) == 2 and len(set(request.series.values())) == 2
    with world.house() as house:
        custody = house.people.custody(SET.child_id)
        house.people.put_custody(msgspec.structs.replace(custody, shared_residence=True))
    say_yes(world, world.holders(SET.child_id)[0])
    assert not verdict_of(world).effective


@pytest.mark.req("R-30", "R-31")
def test_the_resident_parent_alone_suffices_where_the_municipality_says_so_and_never_for_school(world_at):
    world = world_at("asked")
    first, second = world.holders(SET.child_id)

    def reason(transition):
        with world.house() as house:
            custody, request = house.people.custody(SET.child_id), request_now(world)
            purpose = msgspec.structs.replace(request.purpose, code=transition)
            about = msgspec.structs.replace(request, purpose=purpose)
            return judge(house, about, house.ledger.of_document(request.document.document_id), custody).reason

    with world.house() as house:
        custody = house.people.custody(SET.child_id)
        apart = tuple(
            msgspec.structs.replace(one, resident=one.person_id == first.person_id) for one in custody.holders
        )
        house.people.put_custody(msgspec.structs.replace(custody, holders=apart, shared_residence=False))
    say_yes(world, first)
    assert {reason(one) for one in ("dp_bh", "bh_sk")} == {"waiting"}, "without the setting all are asked"
    world.set_up_with(resident_parent_suffices=("dp_bh", "bh_sk"))
    assert reason("dp_bh") == "not-signed", "nobody else is waited for"
    assert reason("bh_sk") == "waiting" and not verdict_of(world).effective
    say_yes(world, second)
    assert verdict_of(world).effective


@pytest.mark.req("R-23", "O9")
def test_agreeing_on_a_text_is_never_a_consent(world_at):
    world = world_at("agreed")
    assert document_now(world).agreed_version is not None
    assert verdict_of(world) is None
    with world.house() as house:
        kinds = {event.kind for event in house.ledger.of_document(world.made["document"])}
    assert not {kind for kind in kinds if kind.startswith("consent")}
