"""Who answers must be logged in at Substantial, and stays the same person when the login names them anew (R-105)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.world import SET
from tillid.consents.login import NotAssured
from tillid.kernel.ids import new_id
from tillid.usecases.give_consent import consent_page, give_consent
from tillid.usecases.withdraw_consent import withdraw_consent


@pytest.mark.req("R-105", "R-16")
def test_low_answers_and_takes_back_nothing_and_a_renamed_login_takes_back_its_own_yes(world_at):
    world = world_at("asked")
    who, request = world.holders(SET.child_id)[0], world.made["request"]
    low = _login(who, loa="urn:tillid:test:nsis:Low")
    renamed = _login(who, subject="an identifier that changed", evidence_sha256="0" * 64)
    with world.house() as house:
        items = {item.id: True for item in consent_page(house, who, request, "da").request.items}
    with pytest.raises(NotAssured), world.house() as house:
        give_consent(house, low, request, items, oral=False, language="da", event_id=new_id())
    with world.house() as house:
        given = give_consent(house, who, request, items, oral=False, language="da", event_id=new_id())
    with pytest.raises(NotAssured), world.house() as house:
        withdraw_consent(house, low, request, language="da", event_id=new_id())
    with world.house() as house:
        taken = withdraw_consent(house, renamed, request, language="da", event_id=new_id())
        told = {event.id: event for event in house.ledger.of_document(world.made["document"])}
        first, second = told[given.event_id].payload["login"], told[taken.event_id].payload["login"]
    assert first["loa"] == "urn:tillid:test:nsis:Substantial" and second["subject"] != first["subject"]
    assert told[taken.event_id].payload["given_event"] == given.event_id


def _login(who, **changes):
    return msgspec.structs.replace(who, login=msgspec.structs.replace(who.login, **changes))
