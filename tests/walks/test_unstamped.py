"""A record that nobody has stamped is told in time: what comes more than thirty days after the seal leaves its moment in doubt for good
(ADR 0069, 0085)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET, say_yes
from tests.walks.test_evidence_goes_along import once
from tillid.adapters.evidence_desk import PATIENCE, STAMP_STEPS, EvidenceDesk
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.cli.evidence import ALARMS
from tillid.cli.probe_evidence import evidence
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import Unavailable
from tillid.signatures.times import timestamp_delay
from tillid.usecases.seal_record import RECORD, TIMESTAMP


class Away:
    """An authority that does not answer."""

    def stamp(self, imprint: str, algorithm: str = "sha256") -> bytes:
        raise Unavailable("away", code="tsa.unavailable")


@pytest.fixture
def world(world_at):
    world = world_at("asked")
    world.parts.time_stamper = Away()
    world.parts.evidence = EvidenceDesk(world.folder / "evidence", lambda: world.parts.trust, world.clock)
    say_yes(world, world.holders(SET.child_id)[0])
    world.drain()
    return world


def looked(world, stamper=None, **moved: int):
    world.clock.move(**moved)
    world.parts.evidence.look(world.house, stamper, once)
    world.parts.evidence.wait(20)
    return world.parts.evidence.state(world.clock.now())


@pytest.mark.req("R-85", "R-17")
@pytest.mark.parametrize("stamper", [Away(), None])
def test_a_record_without_its_timestamp_is_told_after_a_week_and_no_more_when_it_has_it(world, stamper, monkeypatch):
    since = world.clock.now().replace(microsecond=0)
    found = looked(world, stamper)
    assert (found.alarm, found.unstamped_since) == ("", since)
    assert looked(world, stamper, days=6, hours=23).alarm == ""
    found = looked(world, stamper, hours=1)
    assert (found.alarm, found.unstamped_since) == ("evidence.unstamped", since)
    assert timestamp_delay() - PATIENCE > timedelta(days=21), "time enough to mend it"
    page = as_staff(WorldInstallation(world), "camilla").get("/drift").html
    line = page.find("dt", string="Beviser, der fornyes").find_next("dd").get_text(" ", strip=True)
    assert "Tidsstempel mangler En post har ventet siden" in line
    monkeypatch.setattr(SystemClock, "now", lambda _: world.clock.now())
    monkeypatch.setenv("TILLID_MODE", "demo")
    (finding,) = evidence(world.folder)
    assert finding.advice == ALARMS["evidence.unstamped"] and finding.usable
    # The authority is back.
    own = own_authority(world.folder / "keys", world.clock, demo=True)
    world.parts.time_stamper = Authorities([own], world.parts.trust, world.clock)
    assert world.drain() == []
    found = looked(world, stamper, hours=1)
    assert (found.alarm, found.unstamped_since) == ("", None)
    with world.house() as house:
        (event,) = (e for e in house.ledger.of_document(world.made["document"]) if e.kind == "consent_given")
        assert {RECORD, TIMESTAMP} <= house.ledger.attachments(event.id).keys()


@pytest.mark.req("R-85")
def test_steps_that_gave_up_and_peoples_own_signatures_count(world):
    with world.house() as house:
        (step,) = (one for one in house.outbox.pending() if one.step == "timestamp_record")
        for _ in range(20):
            house.outbox.failed(step.key, "tsa.wrong-answer", house.moment)
        assert next(one for one in house.outbox.pending() if one.key == step.key).dead
    assert looked(world, days=8).alarm == "evidence.unstamped"
    assert set(STAMP_STEPS) == {"timestamp_record", "timestamp_personal"}
