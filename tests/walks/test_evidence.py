"""A consent's evidence from the click on: stamped, frozen at level LT, closed into a batch, exported, renewed, and mended."""

from __future__ import annotations

import pytest

from tests.support.evidence import day
from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET, say_yes
from tests.walks.test_archived_page import case_of
from tillid.adapters.evidence_desk import EvidenceDesk, desk_of
from tillid.adapters.keys.life import hang_demo_key
from tillid.adapters.keys.places import ring_of
from tillid.adapters.log_file import is_in_use
from tillid.adapters.orders import Orders
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.cli import main
from tillid.kernel.files import put
from tillid.signatures.algorithms import read_algorithms
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.receipt import EVIDENCE_FILE, FROZEN_FILE
from tillid.signatures.receipt_verify import unpacked
from tillid.signatures.timed import verify_timed
from tillid.usecases.fetch_receipt import fetch_receipt
from tillid.usecases.freeze_record import FROZEN, stamped_names
from tillid.usecases.keep_evidence import close_batch, evidence_of
from tillid.usecases.seal_record import TIMESTAMP


def once(work):
    return work()


@pytest.mark.req("R-17", "R-21", "R-85", "O6")
def test_the_evidence_of_a_consent(world_at):
    world = world_at("asked")
    own = own_authority(world.folder / "keys", world.clock, demo=True)
    stamper = world.parts.time_stamper = Authorities([own], world.parts.trust, world.clock)
    desk = world.parts.evidence = EvidenceDesk(world.folder / "evidence", lambda: world.parts.trust, world.clock)
    first, second = world.holders(SET.child_id)
    say_yes(world, first)
    assert desk.state(world.clock.now()).noted == 0
    assert desk.run(world.house, stamper, once) == []
    assert world.drain() == []
    assert (desk.state(world.clock.now()).noted, desk.state(world.clock.now()).waiting) == (1, 0)
    (closed,) = desk.run(world.house, stamper, once)
    assert (closed.kind, closed.begin, closed.end) == ("close", 0, 1)
    world.clock.move(days=1)
    say_yes(world, second)
    assert world.drain() == []
    with world.house() as house:
        assert len(stamped_names(house)) == 2
    desk.look(world.house, stamper, once)
    desk.wait(30)
    state = desk.state(world.clock.now())
    assert (state.objects, state.batches, state.noted, state.waiting, state.alarm) == (2, 2, 0, 0, "")

    trust, now = world.parts.trust, world.clock.now()
    with world.house() as house:
        events = [e for e in house.ledger.of_document(world.made["document"]) if e.kind == "consent_given"]
        held = [house.ledger.attachments(event.id) for event in events]
    for attached in held:
        frozen = attached[FROZEN]
        assert verify_timed(frozen, trust, at=now).passed and b"CRLValues" in frozen
        assert attached[TIMESTAMP] not in frozen  # in base64
        record = evidence_of(desk.store, frozen)
        found = verify_evidence(record, frozen, trust, read_algorithms(), at=now)
        assert found.passed, found
        assert verify_evidence(record, frozen + b"\n", trust, read_algorithms(), at=now).step == "evidence.object"
    world.parts.event_log.sign_head()
    with world.house() as house:
        members = unpacked(fetch_receipt(house, first, world.made["request"], events[0].id).data, 10**7)
    assert members[FROZEN_FILE] == held[0][FROZEN], "the receipt has what is renewed, as it is now"
    assert members[EVIDENCE_FILE] == evidence_of(desk.store, held[0][FROZEN])
    # The archivist sees of each record until when that holds (ADR 0052).
    _, case = case_of(WorldInstallation(world))
    assert (
        case.text.count("Beviset holder")
        == 2
        == case.text.count("Det holder til")
        == case.text.count("Tidsstempel fra")
    )


def test_what_a_command_orders_of_a_running_tillid(world_at, capsys, monkeypatch):
    """``tillid evidence close --records`` beside the server, whose sweeps are played by hand here."""
    world = world_at("asked")
    own = own_authority(world.folder / "keys", world.clock, demo=True)
    stamper = world.parts.time_stamper = Authorities([own], world.parts.trust, world.clock)
    desk = world.parts.evidence = desk_of(world.folder, lambda: world.parts.trust, world.clock, demo=True)
    say_yes(world, world.holders(SET.child_id)[0])
    assert world.drain() == []
    (world.folder / "evidence" / "noted").unlink()  # a store that was begun before there was evidence

    def command(stamper) -> tuple[int, str]:
        def sweep(self, order, _seconds):
            desk.look(world.house, stamper, once)
            desk.wait(30)
            return waited(self, order, 0)

        waited = Orders.wait
        with monkeypatch.context() as patch:
            patch.setattr(Orders, "wait", sweep)
            code = main(["evidence", "close", "--records", "--demo", "--var", str(world.folder)])
        said = capsys.readouterr()
        return code, said.out + said.err

    assert is_in_use(world.folder / "log")
    code, said = command(None)
    assert code == 1 and "[evidence.not-kept]" in said and "tsa.none" in said
    code, said = command(stamper)
    assert code == 0 and "Tillid kører" in said and "Nye poster samlet: 1, tidsstempel 1." in said
    code, said = command(stamper)
    assert code == 0 and "intet at gøre" in said and not desk.order.waiting()

    # And one record's evidence is read beside it, with a row that comes first.
    (world.folder / "data").symlink_to(world.folder / "zodb")
    put(world.folder / "keys" / "municipality.key", b"m" * 32)
    with world.house() as house:
        (event,) = (e for e in house.ledger.of_document(world.made["document"]) if e.kind == "consent_given")
    out = world.folder / "out"
    assert main(["evidence", "export", event.id, "--out", str(out), "--demo", "--var", str(world.folder)]) == 0
    frozen, record = (out / f"{event.id}.xml").read_bytes(), (out / f"{event.id}.er").read_bytes()
    assert verify_evidence(record, frozen, world.parts.trust, read_algorithms(), at=world.clock.now()).passed
    assert "export_evidence" in (world.folder / "audit" / "operators.jsonl").read_text("utf-8")


def test_the_administrator_sees_whether_the_evidence_holds(world_at):
    world = world_at("signed")
    desk = world.parts.evidence = desk_of(world.folder, lambda: world.parts.trust, world.clock, demo=True)
    hang_demo_key(ring_of(world.folder), world.clock.now())
    app = as_staff(WorldInstallation(world), "camilla")

    def line(title: str = "Beviser, der fornyes") -> str:
        return app.get("/drift").html.find("dt", string=title).find_next("dd").get_text(" ", strip=True)

    rests_on = "Certifikater, spærrelister og metoder"
    assert line().startswith("Ingen endnu") and line(rests_on) == "Holder"
    desk.store.enter(bytes(32), "sha256")
    own = own_authority(world.folder / "keys", world.clock, demo=True)
    close_batch(desk.keeping(Authorities([own], world.parts.trust, world.clock)))
    assert line().startswith("Holder Alle holder til 1. januar 2036")
    world.clock.moment = day(2035, 9)
    app = as_staff(WorldInstallation(world), "camilla")
    assert line().startswith("Skal fornyes")
    assert line(rests_on).startswith(
        "Udløber snart Metoden bag certifikatet »TEST Tillid segl, Solbjerg Kommune (opdigtet)«."
    )
    assert "Dato: 1. januar 2036" in line(rests_on) and "Spærrelisten" not in line(rests_on)
    world.clock.moment = day(2036, 9)
    app = as_staff(WorldInstallation(world), "camilla")
    assert line().startswith("Fornyet for sent")
    for copy in ("first", "second"):
        (world.folder / "evidence" / copy / "acts" / "000001.tst").unlink()
    desk.store._tokens.clear()
    assert line() == "Kan ikke læses Kode: evidence.damaged"
