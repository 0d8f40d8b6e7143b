"""Whom a verified login is here: found by number, never by pseudonym; nothing of the number stays (R-41, R-102, R-105)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.world import SET
from tests.walks.test_fifteen import turns_fifteen
from tillid.consents.login import NotAssured
from tillid.kernel.clock import instant
from tillid.usecases.ports_login import Proven
from tillid.usecases.recognise import NotRecognised, evidence_of, recognised


@pytest.mark.req("R-41", "R-102", "R-105", "P8")
def test_a_login_is_known_by_its_number_alone_and_leaves_none_of_it(world_at):
    world = world_at("people")
    with world.house() as house:
        numbers = {
            who: house.people.unmask_cpr(who) for who in (world.holders(SET.child_id)[0].person_id, SET.child_id)
        }
    (mother, hers), (_, its) = numbers.items()
    proven = Proven(
        issuer="https://broker.example", subject="8cb1e51c-13aa-4044-b9ac-8978cf1f113c", provider="mitid", loa="Substantial",
        auth_time=world.clock.now(), session="s", transaction="t", token_sha256="0" * 64, cpr=hers,
    )  # fmt: skip
    with world.house() as house:
        who = recognised(house, proven)
        assert (who.person_id, who.kind, who.login) == (mother, "parent", evidence_of(proven))
        again = recognised(house, msgspec.structs.replace(proven, subject="another"))
        assert again.person_id == mother and again.login != who.login, "a pseudonym that changes finds the same person"
        for other in ("", "610101-0001", its):
            with pytest.raises(NotRecognised):
                recognised(house, msgspec.structs.replace(proven, cpr=other))
        with pytest.raises(NotAssured):
            recognised(house, msgspec.structs.replace(proven, loa="Low"))
    turns_fifteen(world)
    with world.house() as house:
        assert recognised(house, msgspec.structs.replace(proven, cpr=its)).kind == "young"
    kept = msgspec.json.encode(evidence_of(proven)).decode()
    assert hers not in kept and instant(proven.auth_time) in kept
    assert evidence_of(msgspec.structs.replace(proven, cpr="")) == evidence_of(proven), "nor does its digest hold it"
