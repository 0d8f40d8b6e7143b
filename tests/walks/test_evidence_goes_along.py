"""A record's renewed evidence goes where the record goes: into the archive's copy and into a package of insight, as the archive's
package and the receipt have it."""

from __future__ import annotations

from functools import partial

import msgspec
import page
import pytest

from tests.support.evidence import day, made
from tests.support.installation import WorldInstallation, as_staff
from tests.support.kit import kit, trust_folder
from tests.support.world import SET, say_yes
from tests.walks.test_archive_revisions import archived, version_of, withdraw
from tests.walks.test_insight import begun, csrf, members, now, press, reviewed, the_words
from tillid.adapters.evidence_desk import EvidenceDesk
from tillid.adapters.pdf.box import opened
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.cli import verify_pdf
from tillid.kernel.errors import Unavailable
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.evidenced import verify_evidenced
from tillid.signatures.receipt import EVIDENCE_FILE, FROZEN_FILE
from tillid.signatures.receipt_verify import verify_receipt
from tillid.signatures.timed import verify_timed
from tillid.usecases.freeze_record import FROZEN
from tillid.usecases.keep_evidence import close_batch
from tillid.usecases.seal_record import PERSONAL

LATE = day(2065)  # the seal's certificate has run out
LASTING = Algorithms(digests={"sha256": None}, keys={"ec-256": None})  # certificates end here, not methods


def once(work):
    return work()


@pytest.fixture
def kept(world_at):
    """Signed by all, each record with its timestamp; its evidence desk, and what stamps."""
    world = world_at("asked")
    own = own_authority(world.folder / "keys", world.clock, demo=True)
    world.parts.time_stamper = Authorities([own], world.parts.trust, world.clock)
    world.parts.evidence = EvidenceDesk(world.folder / "evidence", lambda: everybody(world), world.clock)
    for holder in world.holders(SET.child_id):
        say_yes(world, holder)
    assert world.drain() == []
    return world


def everybody(world):
    """Whom the installation trusts, and the authority of its evidence, whose certificate outlives the seal's."""
    trust, more = world.parts.trust, made(9)
    return msgspec.structs.replace(
        trust, stampers=(*trust.stampers, more.root), lists=(*trust.lists, more.revocation_list())
    )


def closes(world):
    """What the evidence's thread does once a day, and what follows."""
    world.parts.evidence.run(world.house, made(9).authority(world.clock), once)
    assert world.drain() == []


def named(pdf, suffix):
    files = (file for one in opened(pdf) for file in one.files)
    return {file.name[: -len(suffix)]: file.data for file in files if file.name.endswith(suffix)}


def judged(world, pdf, at, *, evidence=True):
    """Each record's verdict by who cannot have the first timestamp's word any more."""
    trust = everybody(world)
    proven = partial(verify_evidenced, trust=trust, algorithms=LASTING, at=at)
    found = verify_pdf.judge_pdf(
        pdf, lambda record, _: verify_timed(record, trust, at=at), str, proven if evidence else None
    )
    return [one for _, one in found.records]


@pytest.mark.req("R-17", "R-21", "R-85", "R-104", "O6")
def test_the_archives_copy_carries_what_proves_its_records_when_their_certificate_is_dead(kept):
    before = archived(kept)
    assert not named(before, ".er") and len(named(before, ".tst")) == 2
    closes(kept)
    after = archived(kept)
    assert after.startswith(before)
    frozen, evidence = named(after, ".frozen"), named(after, ".er")
    assert list(frozen) == list(evidence) == list(named(after, ".xml"))
    with kept.house() as house:
        for stem, data in frozen.items():
            assert data == house.ledger.attachments(stem.removeprefix("record-"))[FROZEN]
            assert evidence[stem] == kept.parts.evidence.record_of(data)
    assert [one.status for one in judged(kept, after, LATE, evidence=False)] == ["indeterminate"] * 2
    found = judged(kept, after, LATE)
    assert [one.status for one in found] == ["passed"] * 2
    assert {one.details["proven_at"] for one in found} and all(one.details["revision"] for one in found)
    for profile in ("3a", "ua1"):
        assert page.validate_pdf_bytes(after, profile=profile).is_compliant
    closes(kept)
    assert archived(kept) == after, "once"


@pytest.mark.req("R-21")
def test_evidence_that_was_closed_before_a_crash_is_added_by_the_next_day(kept):
    """Closed into a batch, and the process ended before anything was remembered to follow."""
    desk, before = kept.parts.evidence, archived(kept)

    def ends(*_):
        raise Unavailable("ended")

    desk._let_carry = ends
    with pytest.raises(Unavailable):
        desk.run(kept.house, made(9).authority(kept.clock), once)
    del desk._let_carry
    assert kept.drain() == [] and archived(kept) == before and desk.state(kept.clock.now()).batches == 1
    assert len(desk.store.noted()) == 2, "still to be followed"
    closes(kept)
    assert len(named(archived(kept), ".er")) == 2 and desk.store.noted() == []


@pytest.mark.req("R-21")
def test_what_was_closed_before_there_was_this_is_added_once_it_is_ordered(kept):
    """``tillid evidence close --records``."""
    desk, before = kept.parts.evidence, archived(kept)
    frozen = desk.freeze(kept.house, once)
    close_batch(desk.keeping(made(9).authority(kept.clock)))
    desk.store.done(frozen)  # as it was done then
    closes(kept)
    assert archived(kept) == before
    desk.note_all(kept.house)
    closes(kept)
    assert len(named(archived(kept), ".er")) == 2


@pytest.mark.req("R-17")
def test_without_an_authority_they_wait_and_are_counted_once(kept):
    desk = kept.parts.evidence
    desk.freeze(kept.house, once)
    state = desk.state(kept.clock.now())
    assert (state.noted, state.waiting, len(desk.store.noted())) == (0, 2, 2)
    assert kept.drain() == [] and not named(archived(kept), ".er")


@pytest.mark.req("R-17")
def test_a_later_record_gets_its_own(kept):
    closes(kept)
    before = archived(kept)
    withdraw(kept, kept.holders(SET.child_id)[0])
    assert kept.drain() == []
    assert len(named(archived(kept), ".xml")) == 3 and len(named(archived(kept), ".er")) == 2
    kept.clock.move(days=1)
    closes(kept)
    after = archived(kept)
    assert after.startswith(before) and len(named(after, ".er")) == 3
    assert len({one.key for one in version_of(kept).archive_revisions}) == 9


@pytest.mark.req("R-85")
def test_evidence_beside_another_record_is_told_and_proves_nothing(kept, monkeypatch):
    closes(kept)
    pdf = archived(kept)
    revisions = opened(pdf)
    first, second = named(pdf, ".xml")
    held = {file.name: file.data for one in revisions for file in one.files}

    def of_the_other(file):
        other = file.name.replace(first, "?").replace(second, first).replace("?", second)
        return msgspec.structs.replace(file, data=held[other]) if file.name.endswith((".frozen", ".er")) else file

    lying = tuple(msgspec.structs.replace(one, files=tuple(map(of_the_other, one.files))) for one in revisions)
    monkeypatch.setattr(verify_pdf, "opened", lambda _: lying)
    for at in (kept.clock.now(), LATE):
        assert [one.step for one in judged(kept, pdf, at)] == ["pdf.other-evidence"] * 2


def package(app, address):
    return app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)}).body


def of_records(data):
    """By the number of its event, each record of a package with what proves it."""
    held = members(data)
    records = {name[:-4]: data for name, data in held.items() if name.startswith("poster/") and name.endswith(".xml")}
    return {name: (data, held.get(f"{name}.zip")) for name, data in records.items()}


@pytest.mark.req("R-72", "R-17", "R-85", "O6")
def test_a_record_in_a_package_of_insight_is_proven_without_us_when_its_certificate_is_dead(kept, tmp_path):
    closes(kept)
    kept.parts.event_log.sign_head()
    second = kept.holders(SET.child_id)[1]
    with kept.house() as house:
        events = [one for one in house.ledger.of_request(kept.made["request"]) if one.kind == "consent_given"]
        (own,) = (one for one in events if one.payload["holder_id"] == second.person_id)
    _, app, address = begun(kept)
    reviewed(kept, app, address)
    fetched = package(app, address)
    ((name, (record, proof)),) = of_records(fetched).items()
    assert own.id[:8] in name and f'href="{name}.zip"' in the_words(fetched, kept) and proof is not None

    trust = trust_folder(tmp_path / "trust", kept.parts.event_log.verifier.text())
    told = kit().verify(proof, trust, kept.clock.now())
    assert (told["record"], told["not_judged"]) == (own.id, [FROZEN_FILE, EVIDENCE_FILE])
    told = kit().judged(proof, trust, LATE)
    assert told["result"] == "indeterminate" and told["not_judged"] == [FROZEN_FILE, EVIDENCE_FILE], "and where to look"
    held = members(proof)
    assert held["record.xml"] == record
    everyone, keys = everybody(kept), {kept.parts.event_log.verifier.text()}
    assert verify_evidence(held[EVIDENCE_FILE], held[FROZEN_FILE], everyone, LASTING, at=LATE).passed
    proven = partial(verify_evidenced, trust=everyone, algorithms=LASTING, at=LATE)
    dead = verify_receipt(proof, lambda data, _: verify_timed(data, everyone, at=LATE), keys)
    alive = verify_receipt(proof, lambda data, _: verify_timed(data, everyone, at=LATE), keys, proven)
    assert (dead.status, alive.status) == ("indeterminate", "passed")

    # The log goes on: what was fetched is what is handed out.
    withdraw(kept, kept.holders(SET.child_id)[0])
    assert kept.drain() == []
    kept.parts.event_log.sign_head()
    assert package(app, address) == fetched


@pytest.mark.req("R-72")
def test_a_record_that_stands_in_no_signed_head_yet_is_given_without_a_proof_and_holds_nothing_up(kept):
    _, app, address = begun(kept)
    reviewed(kept, app, address)
    ((_, (record, proof)),) = of_records(package(app, address)).items()
    assert record.startswith(b"<ConsentRecord") and proof is None
    # Two weeks later it is made anew, with what there is by then; of the person no more than the record has.
    kept.parts.event_log.sign_head()
    with kept.house() as house:
        for event in house.ledger.of_request(kept.made["request"]):
            house.ledger.attach(event.id, PERSONAL, b"<certificate>of the person</certificate>")
    kept.clock.move(days=15)
    app = as_staff(WorldInstallation(kept), "rasmus")
    press(app, address, "lav")
    assert kept.drain() == []
    ((_, (_, proof)),) = of_records(package(app, address)).items()
    assert proof is not None and "personal.xml" not in members(proof)


@pytest.mark.req("R-72", "R-05")
def test_nothing_proves_a_record_that_is_held_back(kept):
    kept.parts.event_log.sign_head()
    _, app, address = begun(kept)
    reviewed(kept, app, address)
    held = [one for one in now(kept, address).items if one.kind == "record" and one.flags]
    assert held and not [name for name in members(package(app, address)) if any(one.of[:8] in name for one in held)]
