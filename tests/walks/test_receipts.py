"""A parent's receipt: the own one alone, logged before the bytes, and true for who has nothing but the kit."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent
from tests.support.kit import kit, trust_folder
from tests.support.world import SET
from tillid.adapters.pdf.box import opened
from tillid.adapters.pdf.search import everything
from tillid.cli.verify_pdf import judge_pdf
from tillid.kernel.ids import new_id
from tillid.signatures.timed import verify_timed
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web.answers import NOT_FOUND_BODY

COMES = "kommer om lidt"


@pytest.fixture
def signed(world_at):
    return WorldInstallation(world_at("signed"))


def parent(signed, number=0):
    return as_parent(signed, signed.world.holders(SET.child_id)[number].person_id)


def receipts(signed, number=0):
    """The addresses of a holder's own receipts, oldest first."""
    world = signed.world
    who, request = world.holders(SET.child_id)[number].person_id, world.made["request"]
    with world.house() as house:
        events = [e for e in house.ledger.of_request(request) if e.payload.get("holder_id") == who]
    return [f"/samtykke/{request}/kvittering/{event.id}" for event in events]


def entered(signed):
    """What every sweep does."""
    assert signed.world.drain() == []
    signed.world.parts.event_log.sign_head()


def actions(signed):
    rows = signed.world.parts.audit.of_child(SET.child_id)
    return [row.action for row in rows if row.phase == "attempt"].count("fetch_receipt")


@pytest.mark.req("R-35", "R-85", "R-104", "P4")
def test_the_own_receipt_is_true_for_the_kit_and_nobody_elses(signed, tmp_path):
    world, app, (mine,) = signed.world, parent(signed), receipts(signed)
    assert COMES in app.get(mine) and "zip" not in app.get(mine)
    assert "receipt.not-yet" in app.get(f"{mine}.zip", status=409)
    entered(signed)
    page = app.get(mine)
    answer = page.click("Hent kvitteringen")
    assert answer.content_type == "application/zip" and answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{mine[-36:]}.zip"'
    trust = trust_folder(tmp_path / "trust", world.parts.event_log.verifier.text())
    told = kit().verify(answer.body, trust, world.clock.now())
    assert (told["kind"], told["record"]) == ("ConsentGiven", mine[-36:])
    for end in (".zip", ".pdf", "/fremdrift"):
        assert parent(signed, 1).get(mine + end, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-71")
def test_a_row_is_on_disk_before_the_bytes_or_there_are_none(signed):
    (mine,) = receipts(signed)
    entered(signed)
    app, before = parent(signed), actions(signed)
    with signed.world.full_log():
        assert b"PK" not in app.get(f"{mine}.zip", status=503).body
    assert actions(signed) == before
    app.get(f"{mine}.zip")
    assert actions(signed) == before + 1


@pytest.mark.req("R-21")
def test_it_is_there_after_a_withdrawal_and_after_the_child_has_moved(signed, tmp_path):
    world, app = signed.world, parent(signed)
    with world.house() as house:
        withdraw_consent(
            house, world.holders(SET.child_id)[0], world.made["request"], (), language="da", event_id=new_id()
        )
    entered(signed)
    with world.house() as house:
        child = house.people.child(SET.child_id)
        custody, cpr = house.people.custody(SET.child_id), house.people.unmask_cpr(SET.child_id)
        house.people.put_child(msgspec.structs.replace(child, unit_id=SET.receiver_unit_id), cpr, custody)
    listed = app.get(f"/samtykke/{world.made['request']}")
    trust = trust_folder(tmp_path / "trust", world.parts.event_log.verifier.text())
    kinds = []
    for mine in receipts(signed):
        assert mine in listed
        assert ("trukket noget af det tilbage" in app.get(mine)) == (mine == receipts(signed)[0])
        kinds.append(kit().verify(app.get(f"{mine}.zip").body, trust, world.clock.now())["kind"])
    assert kinds == ["ConsentGiven", "ConsentWithdrawn"]


@pytest.mark.req("R-104", "R-71")
def test_the_pdf_shows_the_sealed_page_and_holds_the_receipt(signed, tmp_path):
    world, app, (mine,) = signed.world, parent(signed), receipts(signed)
    entered(signed)
    page = app.get(mine)
    waits = next(form for form in page.forms.values() if form.action.endswith("/pdf")).submit().follow()
    assert "ved at blive lavet" in waits and app.get(f"{mine}.pdf", status=409)
    with world.house() as house:
        (entry,) = (one for one in house.outbox.pending() if one.step == "render_receipt")
        house.outbox.failed(entry.key, "documents.render-failed", house.moment)
    assert "lykkedes ikke i første omgang" in app.get(f"{mine}/fremdrift")
    world.clock.move(minutes=1)
    assert world.drain() == []
    page, before = app.get(mine), actions(signed)
    pdf = page.click("Åbn kvitteringen").body
    assert actions(signed) == before + 1
    with world.full_log():
        assert b"%PDF" not in app.get(f"{mine}.pdf", status=503).body, "no row, no bytes"
    (revision,) = opened(pdf)[1:]
    files = {file.name: file.data for file in revision.files}
    trust = trust_folder(tmp_path / "trust", world.parts.event_log.verifier.text())
    assert kit().verify(files["kvittering.zip"], trust, world.clock.now())["record"] == mine[-36:]
    now = world.clock.now()
    judged = judge_pdf(pdf, lambda record, token: verify_timed(record, world.parts.trust, at=now, token=token), str)
    assert [(name, one.status) for name, one in judged.records] == [("record.xml", "passed")]
    with world.house() as house:
        assert world.parts.renderer.tools.texts(pdf)[0].count("Sådan kontrolleres det") == 1
        assert house.outbox.pending() == []


@pytest.mark.req("R-104", "R-111", "R-35")
def test_the_whole_pdf_holds_nothing_of_the_other_holder_or_of_the_text(signed):
    """Pages, streams, strings, metadata and the receipt inside: nobody else's name, number or words."""
    world, app, (mine,) = signed.world, parent(signed), receipts(signed)
    entered(signed)
    next(form for form in app.get(mine).forms.values() if form.action.endswith("/pdf")).submit()
    assert world.drain() == []
    found = everything(app.get(f"{mine}.pdf").body)
    own, other = world.holders(SET.child_id)
    (theirs,) = receipts(signed, 1)
    with world.house() as house:
        request = next(iter(house.ledger.of_request(world.made["request"])))
        version = house.documents.version(world.made["document"], request.payload["document"]["version"])
    texts = [text for text in version.answers.values() if isinstance(text, str) and len(text) > 25]
    assert texts and own.person_id in found and spelled_in(own.name, found), "what is looked for would be found"
    assert other.person_id not in found and not spelled_in(other.name, found) and theirs[-36:] not in found
    assert not [text for text in texts if spelled_in(text[:25], found)]


def spelled_in(text, found):
    """As the pages say it, or as the bytes of a file inside do."""
    return text in found or text.encode().decode("latin-1") in found or text.encode("utf-16-be").hex() in found.lower()
