"""A word with letters of several alphabets: nobody is asked about it; what was asked before there was this rule can be answered and
taken back all the same, and whoever looks at the record is told."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent
from tests.support.world import SET, author, document_now, request_now
from tillid.consents.letters import MixedAlphabets
from tillid.kernel.ids import new_id
from tillid.kernel.paths import SIGNING
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import load_trust
from tillid.usecases import request_consent as asking
from tillid.usecases.give_consent import give_consent
from tillid.usecases.seal_record import RECORD
from tillid.usecases.withdraw_consent import withdraw_consent

TRUST = load_trust(SIGNING / "trust" / "test")
DECEIVING = "B\u03c5rnehaven Skovtrolden"


def renamed(world) -> None:
    """The receiving unit has a Greek letter in its name."""
    with world.house() as house:
        unit = house.people.unit(document_now(world).receiver_unit_id)
        house.people.put_unit(msgspec.structs.replace(unit, name=DECEIVING))


def kinds(world) -> list[str]:
    with world.house() as house:
        return [event.kind for event in house.ledger.of_document(world.made["document"])]


@pytest.mark.req("R-10")
def test_nobody_is_asked_in_words_that_look_like_others(world_at):
    world = world_at("agreed")
    renamed(world)
    with pytest.raises(MixedAlphabets) as refused, world.house() as house:
        asking.request_consent(house, author(world), world.made["document"])
    assert refused.value.params == {"where": "navnet på det modtagende sted"}
    assert "request_created" not in kinds(world)
    with world.house() as house:
        assert not house.outbox.pending() or all(entry.step != "consent_asked" for entry in house.outbox.pending())


@pytest.mark.req("R-17")
def test_what_was_asked_before_is_answered_and_taken_back_and_the_record_is_told_of(world_at, monkeypatch):
    world = world_at("agreed")
    renamed(world)
    monkeypatch.setattr(asking, "require_one_alphabet", lambda question: None)  # asked before there was this rule
    with world.house() as house:
        world.made["request"] = asking.request_consent(house, author(world), world.made["document"]).id
    monkeypatch.undo()
    holder = world.holders(SET.child_id)[0]
    page = as_parent(WorldInstallation(world), holder.person_id).get(f"/samtykke/{world.made['request']}")
    assert "Det gælder navnet på det modtagende sted." in page
    yes = {item.id: True for item in request_now(world).items}
    with world.house() as house:
        give_consent(house, holder, world.made["request"], yes, oral=False, language="da", event_id=new_id())
    with world.house() as house:
        withdraw_consent(house, holder, world.made["request"], language="da", event_id=new_id())
    assert kinds(world)[-2:] == ["consent_given", "consent_withdrawn"]
    assert world.drain() == []
    with world.house() as house:
        for event in house.ledger.of_request(world.made["request"])[1:]:
            record = house.ledger.attachments(event.id)[RECORD]
            found = verify_timed(record, TRUST, at=world.clock.now())
            assert found.passed and "navnet på det sted, oplysningerne går til" in found.warnings[0]
