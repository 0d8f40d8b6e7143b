"""The evidence of an answer about a meeting is what a share's is: page, record, ``.zip``, PDF, the person's own signature (D12, ADR 0059)."""

from __future__ import annotations

import json

import pytest

from tests.support.installation import WorldInstallation, as_parent
from tests.support.kit import kit, trust_folder
from tests.support.shared_forms import SHEET
from tests.walks.test_fifteen import turns_fifteen
from tests.walks.test_meeting_consent import PSYCHOLOGIST, SOFIE, answer, ask, meeting_called, record_of
from tests.walks.test_operator_commands import as_var, commands
from tests.walks.test_sign_personally import provider
from tests.walks.test_timestamps import with_authority
from tillid.adapters.pdf.box import opened
from tillid.cli.verify_pdf import judge_pdf
from tillid.kernel.clock import instant
from tillid.kernel.ids import new_id
from tillid.signatures.personal import expected_over, verify_personal
from tillid.signatures.timed import verify_timed
from tillid.usecases.answer_meeting import withdraw_meeting
from tillid.usecases.seal_record import PERSONAL, PERSONAL_STAMP
from tillid.web.answers import NOT_FOUND_BODY

__all__ = ["provider"]


@pytest.fixture
def met(world_at):
    """The leader has asked Theo's mothers; Maria has said no to the psychologist and yes to the rest."""
    world = world_at("people")
    with_authority(world)
    leader, document_id = meeting_called(world)
    question = ask(world, leader, document_id)
    given = answer(world, world.holders(SHEET.child_id)[0], question, **{PSYCHOLOGIST.id: False})
    assert world.drain() == []
    world.parts.event_log.sign_head()
    return world, question, given.event_id


def judged(world, data, folder):
    """What the offline kit says of a receipt."""
    trust = trust_folder(folder / new_id(), world.parts.event_log.verifier.text())
    return kit().verify(data, trust, world.clock.now())


@pytest.mark.req("D12", "R-85", "R-100", "R-101", "R-103", "R-104", "P4")
def test_page_zip_pdf_and_own_signature_are_those_of_a_share(met, provider, tmp_path):
    world, question, event_id = met
    world.parts.personal = provider.client(clock=world.clock)
    installation, (maria, louise) = WorldInstallation(world), world.holders(SHEET.child_id)
    app, mine = as_parent(installation, maria.person_id), f"/samtykke/{question.id}/kvittering/{event_id}"
    page = app.get(f"/moede/{question.id}").click("Se kvitteringen")
    assert page.request.path == mine and question.plan.purpose in page
    yes, no = (page.html.find("ul", class_=kind).text for kind in ("yes", "no"))
    assert SOFIE.name in yes and PSYCHOLOGIST.name in no and PSYCHOLOGIST.name not in yes
    on = next(form for form in page.forms.values() if form.action.endswith("/underskrift")).submit()
    (go_to,) = [link["href"] for link in on.html.find_all("a") if link["href"].startswith(provider.address)]
    provider.person(go_to, "sign")
    world.clock.move(seconds=21)
    assert world.drain() == [], "signed, and the signature stamped"
    world.parts.event_log.sign_head()
    page = app.get(mine)
    assert "Du har selv skrevet under" in page
    with world.house() as house:
        kept = house.ledger.attachments(event_id)
    assert page.click("Hent din underskrift").body == kept[PERSONAL]
    trust = provider.added(world.parts.trust)
    found = verify_personal(
        kept[PERSONAL], expected_over(record_of(world, event_id)), trust, at=world.clock.now(), token=kept[PERSONAL_STAMP]
    )  # fmt: skip
    assert found.step == "personal.ok"
    packed = page.click("Hent kvitteringen").body
    told = judged(world, packed, tmp_path)
    assert (told["kind"], told["record"]) == ("MeetingConsentGiven", event_id)
    assert told["not_judged"] == ["personal.xml", "personal.tst"], "only whether it is over this record"
    assert {"personal.xml", "personal.tst", "record.tst"} <= kit().unzipped(packed).keys()

    next(form for form in page.forms.values() if form.action.endswith("/pdf")).submit()
    assert world.drain() == []
    pdf = app.get(mine).click("Åbn kvitteringen").body
    (revision,) = opened(pdf)[1:]
    files = {file.name: file.data for file in revision.files}
    assert files["kvittering.zip"] == packed and files["record.personal"] == kept[PERSONAL]
    words = " ".join(world.parts.renderer.tools.texts(pdf)[0].split())
    assert all(one in words for one in (question.plan.purpose, SOFIE.name, PSYCHOLOGIST.name, "Din egen underskrift"))
    now = world.clock.now()
    seals = judge_pdf(pdf, lambda record, token: verify_timed(record, world.parts.trust, at=now, token=token), str)
    assert [(name, one.status) for name, one in seals.records] == [("record.xml", "passed")]
    other = as_parent(installation, louise.person_id)
    for end in ("", ".xml", ".zip", ".pdf", "/fremdrift", "/underskrift.xml"):
        assert other.get(mine + end, status=404).body == NOT_FOUND_BODY, "each has one's own (design 24)"
    rows = [row for row in world.parts.audit.of_child(SHEET.child_id) if row.phase == "attempt"]
    assert {"fetch_receipt", "sign_personally"} <= {row.action for row in rows if row.person_id == maria.person_id}
    # Taken back in part: the receipt of that says whom, and is true for the kit; the first one stays fetched as it was.
    with world.house() as house:
        taken = withdraw_meeting(house, maria, question.id, [SOFIE.id], language="da", event_id=new_id())
    page = app.get(f"/samtykke/{question.id}/kvittering/{taken.event_id}")
    assert SOFIE.name in page.html.find("ul", class_="no").text and "Det virker allerede" in page
    assert world.drain() == []
    world.parts.event_log.sign_head()
    page = app.get(page.request.path)
    assert judged(world, page.click("Hent kvitteringen").body, tmp_path)["kind"] == "MeetingConsentWithdrawn"
    assert "trukket noget af det tilbage" in app.get(mine)


@pytest.mark.req("D12", "R-41", "R-85")
def test_the_young_persons_own_receipt_of_a_meeting(world_at, tmp_path):
    world = world_at("people")
    leader, document_id = meeting_called(world)
    turns_fifteen(world, child_id=SHEET.child_id)
    question = ask(world, leader, document_id)
    given = answer(world, world.parent(SHEET.child_id), question)
    assert world.drain() == []
    world.parts.event_log.sign_head()
    young = as_parent(WorldInstallation(world), SHEET.child_id)
    page = young.get(f"/moede/{question.id}").click("Se kvitteringen")
    assert judged(world, page.click("Hent kvitteringen").body, tmp_path)["record"] == given.event_id
    next(form for form in page.forms.values() if form.action.endswith("/pdf")).submit()
    assert world.drain() == []
    pdf = young.get(page.request.path).click("Åbn kvitteringen").body
    words = " ".join(world.parts.renderer.tools.texts(pdf)[0].split())
    assert "Den unge selv" in words and SOFIE.name in words


@pytest.mark.req("D12", "R-17", "R-71")
def test_the_operator_is_told_what_holds_of_a_meeting_at_each_moment(met, capsys):
    world, question, given = met
    run = commands(as_var(world), capsys)
    maria, louise = world.holders(SHEET.child_id)
    waiting = json.loads(
        run("consents", "effective", question.id, "--at", instant(world.clock.now()), "--json", status=1)
    )
    assert (waiting["reason"], waiting["waiting_for"]) == ("waiting", [louise.person_id])
    world.clock.move(minutes=1)
    answer(world, louise, question)
    both = instant(world.clock.now())
    world.clock.move(minutes=1)
    with world.house() as house:
        withdraw_meeting(house, maria, question.id, language="da", event_id=new_id())
    after = instant(world.clock.now())
    told = json.loads(run("consents", "effective", given, "--at", both, "--json"))
    assert (told["what"], told["effective"], told["sheet_looked_at"]) == ("meeting", True, False)
    assert set(told["item_ids"]) == {"purpose", SOFIE.id}, "what all said yes to (R-32)"
    told = json.loads(run("consents", "effective", question.id, "--at", after, "--json", status=1))
    assert (told["standing"], told["item_ids"]) == ("withdrawn", [])
    shown = json.loads(run("consents", "show", question.id, "--at", both, "--json"))
    assert [one["kind"] for one in shown["events"]] == ["meeting_asked", "meeting_given", "meeting_given"]
    assert shown["broken_links"] == [] and len(shown["answered"]) == 2
    shown = json.loads(run("consents", "show", question.id, "--at", after, "--json"))
    assert shown["events"][-1]["kind"] == "meeting_withdrawn" and not shown["events"][-1]["sealed"], "sealed afterwards"
    (line,) = json.loads(run("consents", "list", "--at", both, "--child", SHEET.child_id, "--json"))
    assert (line["request"], line["items"], line["of_items"]) == (question.id, 2, 3)
    plain = run("consents", "list", "--at", both)
    assert "møde, valid" in plain and SOFIE.name not in plain and question.plan.title not in plain
