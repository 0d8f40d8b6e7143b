"""A parent's own signature gets evidence that is renewed, as the record has it: in the day's batch, in the receipt, in the archive's PDF, in
what is exported and in what the operator verifies (ADR 0079)."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import msgspec
import pytest

from tests.contract.test_package import made_in, make
from tests.support.evidence import day, made
from tests.support.fixity import read_again
from tests.support.kit import trust_folder
from tests.support.world import SET
from tests.walks.test_archive_revisions import version_of
from tests.walks.test_evidence_goes_along import LASTING, everybody, named, once
from tests.walks.test_operator_commands import as_var, commands
from tests.walks.test_sign_personally import PURPOSE, attached, begin, later, own_event
from tests.walks.test_sign_personally import provider as provider
from tillid.adapters import package_judges
from tillid.adapters.evidence_desk import EvidenceDesk
from tillid.adapters.package_sources import opened as opened_package
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.archive.insight import Item
from tillid.archive.package_check import check
from tillid.archive.package_proof import prove
from tillid.cli import verify_store
from tillid.cli.judging import Judging
from tillid.kernel.errors import TillidError
from tillid.signatures.evidence_tree import digest
from tillid.signatures.long_term_xades import parts
from tillid.signatures.personal import expected_over
from tillid.signatures.personal_evidenced import verify_own
from tillid.signatures.receipt import FROZEN_FILE, OWN, OWN_EVIDENCE_FILE, OWN_FROZEN_FILE
from tillid.signatures.receipt_verify import OwnSigned, own_signature_in
from tillid.usecases.add_revision import archive_bytes
from tillid.usecases.fetch_receipt import beside_of, fetch_receipt, receipt_parts
from tillid.usecases.freeze_record import (
    FROZEN,
    GRACE,
    LT,
    OWN_FROZEN,
    OWN_LATER,
    Freezing,
    best_proven,
    freeze_record,
    frozen_digests,
)
from tillid.usecases.freeze_record import OWN as NOTED
from tillid.usecases.insight_proof import NOT_THEIRS, proof_of
from tillid.usecases.open_archived import open_archived
from tillid.usecases.seal_record import PERSONAL, PERSONAL_STAMP, RECORD

LATE = day(2065)


@pytest.fixture
def world(world_at, provider):
    """Everybody has said yes, and the mother signs too, with her timestamp."""
    world = world_at("signed")
    world.parts.personal = provider.client(clock=world.clock)
    world.parts.trust = provider.added(world.parts.trust)
    own = own_authority(world.folder / "keys", world.clock, demo=True)
    world.parts.time_stamper = Authorities([own], world.parts.trust, world.clock)
    world.parts.evidence = EvidenceDesk(world.folder / "evidence", lambda: everybody(world), world.clock)
    provider.person(begin(world, mother(world), event_of(world)), "sign")
    assert later(world) == []
    return world


def mother(world):
    return world.holders(SET.child_id)[0]


def event_of(world):
    return own_event(world, mother(world))


def closes(world):
    world.parts.evidence.run(world.house, made(9).authority(world.clock), once)
    assert world.drain() == []


def pdf_of(world):
    with world.house() as house:
        return archive_bytes(house, version_of(world))


def judging(world, monkeypatch, at=LATE):
    monkeypatch.setattr("tillid.cli.judging.read_algorithms", lambda: LASTING)
    keys = frozenset({world.parts.event_log.verifier.text()})
    return Judging(trust=everybody(world), at=at, log_keys=keys)


def receipt_of(world):
    world.parts.event_log.sign_head()
    with world.house() as house:
        return fetch_receipt(house, mother(world), world.made["request"], event_of(world).id).data


@pytest.mark.req("R-85", "R-100", "R-101", "O6")
def test_it_is_frozen_and_goes_where_the_signature_goes(world, tmp_path, monkeypatch):
    event, desk = event_of(world), world.parts.evidence
    assert desk.store.noted() == [event.id + NOTED]
    before = pdf_of(world)
    closes(world)
    kinds = attached(world, event)
    held = parts(kinds[OWN_FROZEN])
    assert (held.record, held.token) == (kinds[PERSONAL], kinds[PERSONAL_STAMP]) and held.lists
    assert desk.state(world.clock.now()).objects == 1 and desk.store.noted() == []

    after, stem = pdf_of(world), f"record-{event.id}.personal"
    assert after.startswith(before) and named(after, ".frozen") == {stem: kinds[OWN_FROZEN]}
    assert named(after, ".er") == {stem: desk.record_of(kinds[OWN_FROZEN])}
    (tmp_path / "archive.pdf").write_bytes(after)
    (tmp_path / "before.pdf").write_bytes(before)
    told = {name.rpartition("!")[2]: one for name, one in judging(world, monkeypatch).path(tmp_path / "archive.pdf")}
    assert (told[stem].status, told[stem].step) == ("passed", "personal.ok"), "the certificate lived for ten minutes"
    told = {name.rpartition("!")[2]: one for name, one in judging(world, monkeypatch).path(tmp_path / "before.pdf")}
    assert told[stem].status == "indeterminate"
    closes(world)
    assert pdf_of(world) == after, "once"

    data = receipt_of(world)
    own = own_signature_in(data)
    assert (own.frozen, own.evidence) == (kinds[OWN_FROZEN], desk.record_of(kinds[OWN_FROZEN]))
    (tmp_path / "receipt.zip").write_bytes(data)
    told = {name.rpartition("!")[2]: one for name, one in judging(world, monkeypatch).path(tmp_path / "receipt.zip")}
    assert told[OWN].passed and told[OWN].details["signature_kind"] == "personal"
    with world.house() as house:
        assert receipt_parts(house, event).own_frozen
    beside = beside_of(kinds, desk.record_of)
    assert {OWN_FROZEN_FILE, OWN_EVIDENCE_FILE} <= set(beside) and set(beside) <= {*NOT_THEIRS}, (
        "no package of insight has it"
    )
    with world.house() as house:
        given = proof_of(house, Item(kind="record", document_id=world.made["document"], of=event.id))
    with zipfile.ZipFile(io.BytesIO(given)) as inside:
        assert "record.xml" in inside.namelist() and not {*NOT_THEIRS} & {*inside.namelist()}


@pytest.mark.req("R-21", "R-85")
def test_what_was_signed_before_there_was_this_gets_it_by_order(world):
    """``tillid evidence close --records``: never noted, or lost with the folder."""
    desk, event = world.parts.evidence, event_of(world)
    desk.store.done(desk.store.noted())
    closes(world)
    assert OWN_FROZEN not in attached(world, event)
    desk.note_all(world.house)
    assert event.id + NOTED in desk.store.noted()
    closes(world)
    assert named(pdf_of(world), ".er").keys() == {f"record-{event.id}.personal"}


@pytest.mark.req("R-21")
def test_a_crash_after_the_batch_loses_nothing_and_each_object_is_noted_for_itself(world):
    desk, event = world.parts.evidence, event_of(world)

    def ends(*_):
        raise TillidError("ended", code="ended", text="x")

    desk._let_carry = ends
    desk.store.note(event.id)  # the record's own: it has no timestamp, and is no reason to hold the signature back
    with pytest.raises(TillidError):
        desk.run(world.house, made(9).authority(world.clock), once)
    del desk._let_carry
    assert desk.store.noted() == [event.id + NOTED] and not named(pdf_of(world), ".er")
    closes(world)
    assert len(named(pdf_of(world), ".er")) == 1 and desk.store.noted() == []


@pytest.mark.req("R-85")
def test_lists_are_waited_for_a_week_and_then_it_is_frozen_without(world):
    event = event_of(world)
    bare = msgspec.structs.replace(everybody(world), lists=(), answers=())
    with world.house() as house:
        assert freeze_record(house, event.id + NOTED, bare) == Freezing(None, wanted=True)
    world.clock.move(days=GRACE.days + 1)
    with world.house() as house:
        made = freeze_record(house, event.id + NOTED, bare)
        held = parts(made.frozen)
        assert (held.record, held.lists) == (house.ledger.attachments(event.id)[PERSONAL], ()) and held.token
        first = dict(house.ledger.attachments(event.id))
        assert made.rises and made == freeze_record(house, event.id + NOTED, bare), "and once more, after a crash"
        waits = freeze_record(house, event.id + NOTED + LT, bare)
        assert waits == Freezing(None, wanted=True), "the lists are waited for as long as it takes (ADR 0085)"
        risen = freeze_record(house, event.id + NOTED + LT, everybody(world)).frozen
        assert risen is not None and parts(risen).lists and parts(risen).record == held.record
        now = house.ledger.attachments(event.id)
        assert now[OWN_LATER] == risen and {kind: now[kind] for kind in first} == first
        assert not freeze_record(house, event.id + NOTED, everybody(world)).rises
        assert best_proven(now, {risen: "both", first[OWN_FROZEN]: "are"}.get, own=True) == (risen, "both")
        assert best_proven(now, {first[OWN_FROZEN]: "only this"}.get, own=True) == (first[OWN_FROZEN], "only this")
        assert best_proven(now, {}.get, own=True) is None
    assert digest("sha256", risen) in frozen_digests(world.house, "sha256", "sha512")


@pytest.mark.req("R-85")
def test_a_renewal_of_hash_trees_reads_it_too(world):
    closes(world)
    frozen = attached(world, event_of(world))[OWN_FROZEN]
    assert frozen_digests(world.house, "sha256", "sha512") == {digest("sha256", frozen): digest("sha512", frozen)}


@pytest.mark.req("R-21", "R-82")
def test_one_whose_digest_is_in_no_batch_is_named_by_the_reading(world):
    event = event_of(world)
    closes(world)
    assert read_again(world).damages == ()
    with world.house() as house:
        entry = house.ledger._entry(event.id)
        entry.evidence.kinds = dict(entry.evidence.kinds) | {OWN_FROZEN: attached(world, event)[OWN_FROZEN] + b"\n"}
    world.clock.move(days=1)
    assert {(one.what, one.how) for one in read_again(world).damages} == {(f"frozen:{event.id}", "fixity.frozen")}


@pytest.mark.req("R-85", "R-103")
def test_the_operator_exports_it_and_verifies_the_store(world, capsys, monkeypatch, tmp_path):
    event = event_of(world)
    closes(world)
    with world.house() as house:  # the record has its own
        house.ledger.attach(event.id, FROZEN, b"frozen record")
    world.parts.evidence.store.enter(digest("sha256", b"frozen record"), "sha256")
    closes(world)
    receipt_of(world)
    run = commands(as_var(world), capsys)
    run("evidence", "export", event.id, "--out", str(tmp_path / "out"))
    kinds = attached(world, event)
    assert (tmp_path / "out" / f"{event.id}.personal.xml").read_bytes() == kinds[OWN_FROZEN]
    written = (tmp_path / "out" / f"{event.id}.personal.er").read_bytes()
    assert written == world.parts.evidence.record_of(kinds[OWN_FROZEN])
    run("export-consent", event.id, "--out", str(tmp_path / "one.zip"))
    with zipfile.ZipFile(io.BytesIO((tmp_path / "one.zip").read_bytes())) as packed:
        assert packed.read(OWN_EVIDENCE_FILE) == written and FROZEN_FILE in packed.namelist()

    def told(at):
        found = (
            one for unit in verify_store.units(world.folder, judging(world, monkeypatch, at)) for one in unit.judge()
        )
        return dict(found)

    assert told(world.clock.now())[f"{event.id}!{OWN}"].passed
    late = told(LATE)
    assert (late[f"{event.id}!{OWN}"].step, late[event.id].status) == ("personal.ok", "indeterminate")
    with world.house() as house:
        entry = house.ledger._entry(event.id)
        entry.evidence.kinds = dict(entry.evidence.kinds) | {
            PERSONAL: kinds[PERSONAL].replace(b"text/xml", b"text/htm")
        }
    assert told(world.clock.now() + timedelta(minutes=1))[f"{event.id}!{OWN}"].status == "failed"


@pytest.mark.req("R-85", "R-103")
def test_the_archivist_is_told_by_the_evidence_when_the_timestamp_is_dead(world):
    desk, event = world.parts.evidence, event_of(world)
    world.parts.personal._trust = lambda: everybody(world)
    closes(world)
    desk._algorithms, world.clock.moment = LASTING, LATE

    def told():
        with world.house() as house:
            case = open_archived(house, world.staff("ove"), world.made["document"], PURPOSE, world.parts.verify_record)
            return next(one.personal for one in case.records if one.event.id == event.id)

    assert told().step == "personal.ok"
    desk.record_of = lambda _: None
    assert told().status == "indeterminate"


@pytest.mark.req("R-85", "R-101")
def test_the_archives_package_has_it_and_another_archive_judges_by_it(world, tmp_path, monkeypatch):
    event = event_of(world)
    closes(world)
    receipt_of(world)
    as_var(world)
    assert make(world, tmp_path / "out", "--document", world.made["document"]) == 0
    (packed,) = made_in(tmp_path / "out")
    source, folder = opened_package(packed), trust_folder(tmp_path / "trust", world.parts.event_log.verifier.text())
    monkeypatch.setattr(package_judges, "load_trust", lambda _: everybody(world))
    monkeypatch.setattr(package_judges, "read_algorithms", lambda: LASTING)
    part = f"records/{event.id}/{OWN}"

    def told():
        return dict(prove(source, check(source), package_judges.judges_of(folder, LATE)).found)

    assert told()[part].step == "personal.ok"
    kinds = attached(world, event)
    kept = OwnSigned(record=kinds[RECORD], signature=kinds[PERSONAL], token=kinds[PERSONAL_STAMP])
    assert verify_own(kept, expected_over(kept.record), everybody(world), LASTING, at=LATE).status == "indeterminate"
