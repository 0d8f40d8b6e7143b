"""A record that was frozen before any revocation list was there reaches level LT when they come, beside what is proven of it already,
and is proven in 2066 with them (ADR 0085)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.evidence import ALGORITHMS, day, made
from tests.support.evidence import everybody as of_all_times
from tests.support.fixity import read_again
from tests.support.installation import WorldInstallation, as_staff
from tests.support.kit import kit, trust_folder
from tests.support.world import SET, say_yes
from tests.walks.test_archive_revisions import version_of
from tests.walks.test_evidence_goes_along import once
from tests.walks.test_sign_personally import PURPOSE
from tillid.adapters.evidence_desk import EvidenceDesk
from tillid.adapters.pdf.box import opened
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.cli.evidence import ALARMS
from tillid.cli.verify_pdf import judge_pdf
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.evidenced import LEVEL_T_DOES_NOT_PROVE, verify_evidenced
from tillid.signatures.receipt import EVIDENCE_FILE, FROZEN_FILE
from tillid.signatures.receipt_verify import unpacked, verify_receipt
from tillid.signatures.timed import verify_timed
from tillid.usecases.add_revision import archive_bytes
from tillid.usecases.fetch_receipt import fetch_receipt
from tillid.usecases.freeze_record import FROZEN, GRACE, LATER, LT, is_level_t, kind_of
from tillid.usecases.keep_evidence import evidence_of
from tillid.usecases.open_archived import open_archived
from tillid.usecases.seal_record import TIMESTAMP

FAR = day(2066)


class Kept:
    """A signed document whose records were stamped while no list of their authorities was to be had; ``lists``: whether they are now."""

    def __init__(self, world) -> None:
        self.world, self.lists = world, False
        own = own_authority(world.folder / "keys", world.clock, demo=True)
        world.parts.time_stamper = Authorities([own], world.parts.trust, world.clock)
        self.desk = world.parts.evidence = EvidenceDesk(world.folder / "evidence", self.trust, world.clock)
        self.desk._algorithms = ALGORITHMS
        for holder in world.holders(SET.child_id):
            say_yes(world, holder)
        assert world.drain() == []
        with world.house() as house:
            self.events = [e for e in house.ledger.of_document(world.made["document"]) if e.kind == "consent_given"]

    def trust(self):
        """The lists of those who stamp evidence are always there."""
        own, more = self.world.parts.trust, of_all_times()
        held = own.lists if self.lists else ()
        return msgspec.structs.replace(own, stampers=(*own.stampers, *more.stampers), lists=(*held, *more.lists))

    def close(self, generation: int = 1):
        """What a day's work makes."""
        acts = self.desk.run(self.world.house, made(generation).authority(self.world.clock), once)
        assert self.world.drain() == []
        return acts

    def attached(self, place: int = 0) -> dict[str, bytes]:
        with self.world.house() as house:
            return dict(house.ledger.attachments(self.events[place].id))

    def state(self):
        return self.desk.state(self.world.clock.now())

    def receipt(self) -> bytes:
        self.world.parts.event_log.sign_head()
        holder = self.world.holders(SET.child_id)[0]
        with self.world.house() as house:
            return fetch_receipt(house, holder, self.world.made["request"], self.events[0].id).data


@pytest.fixture
def kept(world_at) -> Kept:
    return Kept(world_at("asked"))


def at_level_t(kept: Kept) -> dict[str, bytes]:
    kept.world.clock.move(days=6)
    assert kept.close() == [] and FROZEN not in kept.attached(), "waited for"
    kept.world.clock.moment = kept.events[-1].at + GRACE
    (closed,) = kept.close()
    assert closed.kind == "close"
    held = kept.attached()
    assert is_level_t(held[FROZEN]) and LATER not in held
    return held


@pytest.mark.req("R-17", "R-85", "O6")
def test_a_record_frozen_at_level_t_is_frozen_at_lt_beside_it_when_lists_come(kept: Kept) -> None:
    before = at_level_t(kept)
    state = kept.state()
    assert (state.below, state.noted, state.waiting, state.alarm) == (2, 0, 0, "evidence.below")
    assert kept.close() == [] and kept.state().below == 2, "tried each day, and nothing made"
    first = evidence_of(kept.desk.store, before[FROZEN])
    kept.lists = True
    kept.world.clock.move(days=40)
    (closed,) = kept.close()
    assert (closed.kind, closed.end - closed.begin) == ("close", 2)
    held, now = kept.attached(), kept.world.clock.now()
    assert {kind: held[kind] for kind in before} == before, "nothing that was there is changed"
    assert b"CRLValues" in held[LATER] and not is_level_t(held[LATER])
    assert verify_timed(held[LATER], kept.trust(), at=now).details["level"] == "LT"
    assert (kept.state().below, kept.state().noted, kept.state().alarm) == (0, 0, "")
    for frozen in (held[FROZEN], held[LATER]):
        record = evidence_of(kept.desk.store, frozen)
        assert verify_evidence(record, frozen, kept.trust(), ALGORITHMS, at=now).passed
    assert evidence_of(kept.desk.store, before[FROZEN]) == first, "what was proven is proven still"
    assert kept.close() == []


@pytest.mark.req("R-85", "O6")
def test_it_is_proven_in_2066_and_each_verdict_says_at_which_level(kept: Kept, tmp_path) -> None:
    at_level_t(kept)
    told = unpacked(kept.receipt(), 10**7)
    assert told[FROZEN_FILE] == kept.attached()[FROZEN]
    kept.lists = True
    kept.world.clock.move(days=40)
    kept.close()
    held = kept.attached()
    for year, generation in ((2035, 2), (2045, 3)):
        kept.world.clock.moment = day(year)
        kinds = {act.kind for act in kept.close(generation)}
        assert kinds == {"renew" if year == 2035 else "rehash"}
    trust, levels = kept.trust(), {}
    for kind in (FROZEN, LATER):
        assert not verify_timed(held[kind], trust, at=FAR).passed, "by itself no more"
        found = verify_evidenced(evidence_of(kept.desk.store, held[kind]), held[kind], trust, ALGORITHMS, at=FAR)
        assert found.passed and found.details["timestamps"] == "3"
        levels[kind] = (found.details["level"], LEVEL_T_DOES_NOT_PROVE in found.does_not_prove)
    assert levels == {FROZEN: ("T", True), LATER: ("LT", False)}
    # Who keeps no list of 2026 any more can judge it by the file alone.
    bare = msgspec.structs.replace(trust, lists=of_all_times().lists)
    found = verify_evidenced(evidence_of(kept.desk.store, held[LATER]), held[LATER], bare, ALGORITHMS, at=FAR)
    assert found.passed and found.details["level"] == "LT"

    data = kept.receipt()
    told = unpacked(data, 10**7)
    assert told[FROZEN_FILE] == held[LATER] and told[EVIDENCE_FILE] == evidence_of(kept.desk.store, held[LATER])
    keys = {kept.world.parts.event_log.verifier.text()}
    judge = lambda record, token: verify_timed(record, trust, at=FAR, token=token)  # noqa: E731
    proof = lambda record, frozen: verify_evidenced(record, frozen, trust, ALGORITHMS, at=FAR)  # noqa: E731
    found = verify_receipt(data, judge, keys, proof)
    assert found.passed and found.details["level"] == "LT" and found.details["renewed_at"][:4] == "2045"
    said = kit().judged(data, trust_folder(tmp_path / "trust", *keys), kept.world.clock.now())
    assert {FROZEN_FILE, EVIDENCE_FILE} <= set(said["not_judged"]) and said["result"] != "failed", (
        "the kit finds it to be of the record"
    )

    # The archive's copy carries both; the verdict is by the better one, and one that is not of the record is a forgery.
    with kept.world.house() as house:
        pdf = archive_bytes(house, version_of(kept.world))
    files = {file.name: file.data for revision in opened(pdf) for file in revision.files}
    stem = f"record-{kept.events[0].id}"
    assert files[f"{stem}.frozen"] == held[FROZEN] and files[f"{stem}.lt.frozen"] == held[LATER]
    results = dict(judge_pdf(pdf, judge, str, proof).records)
    # What lies in the file was made before 2035 and has not been renewed since: only as long as that holds.
    assert results[f"{stem}.xml"].details["evidence"] == "evidence.expired"
    early = day(2034)
    judge = lambda record, token: verify_timed(record, trust, at=early, token=token)  # noqa: E731
    proof = lambda record, frozen: verify_evidenced(record, frozen, trust, ALGORITHMS, at=early)  # noqa: E731
    assert dict(judge_pdf(pdf, judge, str, proof).records)[f"{stem}.xml"].details["level"] == "LT"


@pytest.mark.req("R-85")
def test_the_archivist_is_shown_the_better_one_and_the_administrator_what_waits(kept: Kept, monkeypatch) -> None:
    at_level_t(kept)

    def line() -> str:
        app = as_staff(WorldInstallation(kept.world), "camilla")
        found = app.get("/drift").html.find("dt", string="Beviser, der fornyes").find_next("dd")
        return found.get_text(" ", strip=True)

    assert "Spærrelister mangler 2 poster er frosset uden." in line() and ALARMS["evidence.below"]
    kept.lists = True
    kept.world.clock.move(hours=1)
    kept.close()
    assert "Spærrelister mangler" not in line()
    asked: list[bytes] = []
    judged = kept.desk.judged
    monkeypatch.setattr(kept.desk, "judged", lambda frozen, at: asked.append(frozen) or judged(frozen, at))
    world = kept.world
    with world.house() as house:
        case = open_archived(house, world.staff("ove"), world.made["document"], PURPOSE, world.parts.verify_record)
    assert {kept.attached(place)[LATER] for place in (0, 1)} == set(asked)
    assert all(record.evidence.passed for record in case.records if record.evidence is not None)


@pytest.mark.req("R-85")
def test_what_no_list_can_cure_is_not_waited_for(kept: Kept) -> None:
    with kept.world.house() as house:
        names = [event.id for event in kept.events]
        assert all(TIMESTAMP in house.ledger.attachments(name) for name in names)
    kept.lists = True
    sealed = kept.world.parts.trust
    stranger = msgspec.structs.replace(sealed, seals=())  # a record that does not pass, whatever the lists say
    kept.world.parts.trust = stranger
    kept.world.clock.moment = kept.events[-1].at + GRACE
    kept.close()
    assert is_level_t(kept.attached()[FROZEN])
    assert (kept.state().below, kept.state().alarm) == (0, "") and kept.desk.store.noted() == []


@pytest.mark.req("R-85", "R-21")
def test_a_crash_between_the_bytes_and_the_batch_forgets_nothing_and_the_fixity_reading_knows_both(kept: Kept) -> None:
    at_level_t(kept)
    kept.lists = True
    kept.world.clock.move(days=1)
    names = kept.desk.store.noted()
    assert set(names) == {event.id + LT for event in kept.events} and kind_of(names[0]) == LATER
    assert kept.desk.freeze(kept.world.house, once) == names, "frozen and entered; the authority is not asked yet"
    assert kept.desk.store.noted() == names
    (closed,) = kept.close()
    assert closed.end - closed.begin == 2 and kept.desk.store.noted() == []
    assert read_again(kept.world).damages == ()
    held = kept.attached()
    assert kept.desk.knows("nobody", held[LATER]) and not kept.desk.knows("nobody", held[LATER] + b"\n")


def test_a_record_of_a_store_from_before_there_was_this_rises_too(kept: Kept) -> None:
    """``tillid evidence close --records`` notes what was frozen at level T long ago."""
    at_level_t(kept)
    kept.desk.store.done(kept.desk.store.noted())
    kept.lists = True
    kept.world.clock.move(days=90)
    assert kept.close() == []
    kept.desk.note_all(kept.world.house)
    assert kept.close() == []
    kept.world.clock.move(days=1)
    (closed,) = kept.close()
    assert closed.end - closed.begin == 2 and LATER in kept.attached(1)
