"""A parent signs their own record at a provider: asked for, fetched, kept once, in the archive's copy; nothing ever waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.installation import WorldInstallation, as_parent
from tests.support.sign_client import Process
from tests.support.world import SET, START, say_yes
from tests.walks.test_timestamps import with_authority
from tillid.adapters.pdf.box import opened
from tillid.cli.judging import Judging
from tillid.kernel.errors import NotFound
from tillid.signatures.personal import verify_personal
from tillid.signatures.receipt_verify import OwnSigned, own_signature_in
from tillid.signatures.verify import verify
from tillid.usecases.archived_versions import open_archived_copy
from tillid.usecases.facts import facts_of
from tillid.usecases.fetch_receipt import fetch_receipt, receipt_parts
from tillid.usecases.open_archived import open_archived
from tillid.usecases.own_consent import own_receipt
from tillid.usecases.seal_record import PERSONAL, PERSONAL_STAMP, RECORD
from tillid.usecases.sign_personally import NothingToSign, begin_personal, expected_of, is_being_fetched, may_sign
from tillid.web.answers import NOT_FOUND_BODY

BACK, PURPOSE = "http://127.0.0.1:8080/tilbage", "Aktindsigt: sag 26-1234"


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    process = Process(tmp_path_factory.mktemp("provider"), START)
    yield process
    process.stop()


@pytest.fixture
def world(world_at, provider):
    """Everybody has said yes."""
    world = world_at("signed")
    world.parts.personal = provider.client(clock=world.clock)
    return world


def own_event(world, who):
    with world.house() as house:
        return next(
            e for e in house.ledger.of_document(world.made["document"]) if e.kind == "consent_given" and e.actor == who.person_id
        )  # fmt: skip


def begin(world, who, event) -> str:
    with world.house() as house:
        return begin_personal(house, who, world.made["request"], event.id, BACK)


def later(world, **how) -> list[str]:
    """The worker's next look, after a while."""
    world.clock.move(**(how or {"seconds": 21}))
    return world.drain()


def attached(world, event) -> dict[str, bytes]:
    with world.house() as house:
        return house.ledger.attachments(event.id)


@pytest.mark.req("R-100", "R-101", "R-103")
def test_the_signature_is_kept_once_beside_the_sealed_record(world, provider):
    mother, father = world.holders(SET.child_id)
    event = own_event(world, mother)
    sealed = attached(world, event)[RECORD]
    go_to = begin(world, mother, event)
    assert later(world) == [] and PERSONAL not in attached(world, event), "the person is at it"
    with world.house() as house:
        assert is_being_fetched(house, event.id)
    provider.person(go_to, "sign")
    assert later(world) == []
    kept = attached(world, event)
    assert kept[RECORD] == sealed, "the record is what it was"
    with world.house() as house:
        found = house.personal.verdict(kept[PERSONAL], expected_of(event, sealed), house.moment, None)
        assert (found.step, found.details["signature_kind"]) == ("personal.ok", "personal")
        assert not may_sign(house, own_receipt(house, mother, world.made["request"], event.id))
    assert verify(sealed, world.parts.trust, at=world.clock.now()).details["signature_kind"] == "platform-seal"
    world.parts.event_log.sign_head()
    with world.house() as house:
        fetched = fetch_receipt(house, mother, world.made["request"], event.id).data
        assert receipt_parts(house, event).signed_too == (True, False)
    own = OwnSigned(record=sealed, signature=kept[PERSONAL])
    assert own_signature_in(fetched) == own, "the receipt has both (R-101)"
    provider.person(go_to, "sign")  # a second answer, another certificate
    later(world)
    assert attached(world, event)[PERSONAL] == kept[PERSONAL]
    with pytest.raises(NothingToSign):
        begin(world, mother, event)
    assert PERSONAL not in attached(world, own_event(world, father)), "each signs for one's own"


@pytest.mark.req("R-101", "R-103")
def test_the_archive_has_it_and_says_which_is_which(world, provider, tmp_path):
    mother = world.holders(SET.child_id)[0]
    event = own_event(world, mother)
    provider.person(begin(world, mother, event), "sign")
    assert later(world) == []
    with world.house() as house:
        ove = world.staff("ove")
        case = open_archived(house, ove, world.made["document"], PURPOSE, world.parts.verify_record)
        shown = {one.event.id: one for one in case.records}
        assert shown[event.id].personal.step == "personal.ok" and shown[event.id].verdict.passed
        assert sum(one.personal is not None for one in case.records) == 1
        pdf = open_archived_copy(house, ove, world.made["document"], PURPOSE).data
    files = {file.name: file for revision in opened(pdf) for file in revision.files}
    assert files[f"record-{event.id}.personal"].data == attached(world, event)[PERSONAL]
    judging = Judging(trust=provider.added(world.parts.trust), at=world.clock.now())
    (tmp_path / "copy.pdf").write_bytes(pdf)
    told = {name.rpartition("!")[2]: one for name, one in judging.path(tmp_path / "copy.pdf")}
    assert told[f"record-{event.id}.personal"].details["signature_kind"] == "personal"
    assert told[f"record-{event.id}.xml"].details["signature_kind"] == "platform-seal"
    assert {one.status for one in told.values()} == {"passed"} and len(told) == 3, "two seals, one signature"


@pytest.mark.req("R-100")
def test_a_timestamp_follows_and_carries_it_on_when_its_certificate_has_ended(world, provider):
    mother = world.holders(SET.child_id)[0]
    event = own_event(world, mother)
    with_authority(world)
    provider.person(begin(world, mother, event), "sign")
    assert later(world) == []
    kept, trust = attached(world, event), provider.added(world.parts.trust)
    about, next_year = expected_of(event, kept[RECORD]), world.clock.now() + timedelta(days=365)
    assert verify_personal(kept[PERSONAL], about, trust, at=next_year).step == "personal.expired"
    assert verify_personal(kept[PERSONAL], about, trust, at=next_year, token=kept[PERSONAL_STAMP]).step == "personal.ok"


@pytest.mark.req("R-100")
@pytest.mark.parametrize("what", [None, "refuse", "foreign-person", "other-record"])
def test_without_a_good_signature_the_answer_counts_as_it_did(world, provider, what):
    mother = world.holders(SET.child_id)[0]
    event = own_event(world, mother)
    go_to = begin(world, mother, event)
    if what is not None:
        provider.person(go_to, what)
    failed = later(world)
    assert failed == (["personal.wrong-answer"] if what in ("foreign-person", "other-record") else [])
    assert PERSONAL not in attached(world, event) and RECORD in attached(world, event)
    with world.house() as house:
        assert facts_of(house, house.documents.get(world.made["document"])).verdict.effective
    if what is None:
        for _ in range(100):
            later(world, seconds=30)
        with world.house() as house:
            assert not is_being_fetched(house, event.id), "in the end it is left"


@pytest.mark.req("R-103", "R-18")
def test_the_receipts_page_leads_there_and_back(world, provider):
    installation = WorldInstallation(world)
    mother, father = world.holders(SET.child_id)
    mine = f"/samtykke/{world.made['request']}/kvittering/{own_event(world, mother).id}"
    theirs = f"/samtykke/{world.made['request']}/kvittering/{own_event(world, father).id}"
    app = as_parent(installation, mother.person_id)
    page = app.get(mine)
    assert "Seglet viser, hvad du trykkede på, da du var logget ind. Det er ikke din underskrift." in page
    assert "Du har selv skrevet under" not in page
    on = next(form for form in page.forms.values() if form.action.endswith("/underskrift")).submit()
    (go_to,) = [link["href"] for link in on.html.find_all("a") if link["href"].startswith(provider.address)]
    assert provider.person(go_to, "sign") == f"http://127.0.0.1:8080{mine}#underskrift"
    assert "på vej hertil" in app.get(mine)
    assert later(world) == []
    page = app.get(mine)
    assert "Du har selv skrevet under" in page
    file = page.click("Hent din underskrift")
    assert file.body == attached(world, own_event(world, mother))[PERSONAL] and file.content_type == "application/xml"
    for path in (f"{mine}/underskrift.xml", f"{theirs}/underskrift.xml"):
        assert as_parent(installation, father.person_id).get(path, status=404).body == NOT_FOUND_BODY
    world.parts.personal = None
    assert (
        "underskrift" not in as_parent(installation, father.person_id).get(theirs).html.find("main").get_text().lower()
    )


def test_nobody_signs_anothers_and_nobody_what_is_not_there(world_at, provider):
    world = world_at("asked")
    world.parts.personal = provider.client(clock=world.clock)
    mother, father = world.holders(SET.child_id)
    say_yes(world, mother)
    event = own_event(world, mother)
    with pytest.raises(NotFound):
        begin(world, father, event)
    world.parts.personal = None
    with pytest.raises(NothingToSign):
        begin(world, mother, event)
