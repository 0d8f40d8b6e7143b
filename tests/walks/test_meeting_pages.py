"""The pages of the consent to a meeting: the leader asks, a mother answers and takes back, nobody else finds it (D12, R-16)."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.kit import kit
from tests.support.shared_forms import SHEET
from tests.walks.test_meeting_consent import PSYCHOLOGIST, SOFIE, answer, ask, called_meeting, record_of, told
from tests.walks.test_without_mitid import fill_sheet
from tillid.signatures.rendering import render
from tillid.signatures.verify import verify
from tillid.usecases.ledger_report import Reading, listed

__all__ = ["called_meeting"]


def form_with(page, name):
    """Not the one of the page's head that hands over a tablet."""
    return next(form for form in page.forms.values() if name in form.fields and "nonce" in form.fields)


@pytest.mark.req("D12", "D15", "R-12", "R-16", "R-17", "P8")
def test_asked_answered_and_taken_back_in_the_browser(called_meeting):
    world, _, document_id = called_meeting
    installation = WorldInstallation(world)
    birgit, address = as_staff(installation, "birgit"), f"/dokument/{document_id}/moedesamtykke"
    assert address in birgit.get(f"/dokument/{document_id}").text
    form = form_with(birgit.get(address), "til")
    day = form["til"].value
    form["til"] = "i morgen"
    assert "Vælg en dag" in form.submit(status=422).text
    form["til"] = day
    asked = form.submit().follow()
    assert "Forældrene er spurgt" in asked.text and "Ida Holm" in asked.text and "ikke alle har svaret" in asked.text
    assert "trækker sit ja tilbage" not in asked.text, "nobody has said yes yet"
    assert form.submit().follow().status_int == 200, "the same click twice is one question"
    maria, louise = (as_parent(installation, one.person_id) for one in world.holders(SHEET.child_id))
    link = next(a for a in maria.get("/").html.find_all("a") if "/moede/" in a["href"])["href"]
    page = maria.get(link)
    assert "checked" not in page.text, "nothing is chosen beforehand"
    form = form_with(page, "svar.purpose")
    missing = form.submit("trin", value="svar", status=422)
    assert missing.text.count("Svar ja eller nej: ") == 3
    for app in (maria, louise):
        form = form_with(app.get(link), "svar.purpose")
        for row in ("purpose", SOFIE.id, PSYCHOLOGIST.id):
            form[f"svar.{row}"] = "nej" if app is louise and row == PSYCHOLOGIST.id else "ja"
        assert "Dit svar er registreret" in form.submit("trin", value="svar").follow().text
        assert form.submit("trin", value="svar").follow().status_int == 200, "the same click twice is one answer"
    assert (told(world, document_id, SOFIE), told(world, document_id, PSYCHOLOGIST)) == ("yes", "no-to-participant")
    assert "nej" not in maria.get(link).html.find("ul", class_="answers").text.lower(), (
        "one never learns the other's answer"
    )
    # One page, one click.
    form = form_with(louise.get(link), "del")
    assert "Kryds af" in form.submit("trin", value="dele", status=422).text
    form["del"] = [SOFIE.id]
    assert "virker allerede" in form.submit("trin", value="dele").follow().text
    assert told(world, document_id, SOFIE) == "no-to-participant"
    form = next(f for f in birgit.get(address).forms.values() if f.fields.get("trin") and f["trin"].value == "tilbage")
    assert "Tilbagekaldelsen er registreret" in form.submit("metode", value="telefon").follow().text
    assert told(world, document_id, SOFIE) == "withdrawn"
    assert world.drain() == []
    for app in (as_staff(installation, "hanne"), as_staff(installation, "rasmus")):
        app.get(address, status=404)
        app.get(link, status=404)


@pytest.mark.req("D12", "R-106", "R-16", "R-85", "P8")
def test_answered_on_paper_by_two_employees_withdrawn_in_part_by_phone_and_proven(called_meeting):
    world, leader, document_id = called_meeting
    question = ask(world, leader, document_id)
    installation, (first, second) = WorldInstallation(world), world.holders(SHEET.child_id)
    base = f"/dokument/{document_id}/papir"
    birgit, sofie = as_staff(installation, "birgit"), as_staff(installation, "sofie")
    assert base in birgit.get(f"/dokument/{document_id}/moedesamtykke")
    sheet = birgit.get(f"{base}/{first.person_id}")
    assert question.plan.purpose in sheet and "Må vi holde et møde om" in sheet and "Ida Holm" in sheet
    entered = fill_sheet(sheet, no=(PSYCHOLOGIST.id,)).submit().follow()
    assert "En kollega skal sammenligne" in entered and told(world, document_id, SOFIE) == "waiting"
    assert "Du har selv indtastet svaret" in birgit.get(base)
    confirm = next(form for form in sofie.get(base).forms.values() if "post" in form.fields)
    assert "bekræftet og registreret" in confirm.submit("trin", value="bekraeft").follow()
    answer(world, second, question)
    assert (told(world, document_id, SOFIE), told(world, document_id, PSYCHOLOGIST)) == ("yes", "no-to-participant")
    with world.house() as house:
        event = next(
            one
            for one in house.ledger.of_request(question.id)
            if one.kind == "meeting_given" and "paper" in one.payload
        )
    page = render(verify(record_of(world, event.id), world.parts.trust, at=world.clock.now()).signed).decode()
    assert "På papir" in page and event.payload["paper"]["scan_sha256"] in page

    phone = next(
        form for form in birgit.get(f"/dokument/{document_id}/moedesamtykke").forms.values() if "del" in form.fields
    )
    assert "Har sagt ja til dette" in birgit.get(f"/dokument/{document_id}/moedesamtykke")
    phone["del"] = [SOFIE.id]
    phone.submit("metode", value="telefon").follow()
    assert told(world, document_id, SOFIE) == "no-to-participant" and world.drain() == []

    world.parts.event_log.sign_head()
    mother, other = (as_parent(installation, one.person_id) for one in (first, second))
    mine = f"/samtykke/{question.id}/kvittering/{event.id}"
    assert f"{mine}.zip" in mother.get(f"/moede/{question.id}").click("Se kvitteringen: Du svarede")
    assert mother.get(f"{mine}.xml").body == record_of(world, event.id)
    packed = mother.get(f"{mine}.zip").body
    assert kit().unzipped(packed)["record.xml"] == record_of(world, event.id)
    for end in ("", ".xml", ".zip"):
        other.get(f"{mine}{end}", status=404)
    assert reported(world, sheets=True) == ("meeting", "valid", 1, True)
    world.player.fill(leader, document_id, {"oenske_moede": "Noget helt andet."})
    assert reported(world, sheets=True)[1:3] == ("missing", 0), "a changed purpose covers nothing"
    assert reported(world, sheets=False)[1:] == ("valid", 1, False), "of another moment no sheet is known"


def reported(world, *, sheets):
    """What the operator's list says of the one question."""
    with world.house() as house:
        found = Reading(ledger=house.ledger, people=house.people, settings=house.settings, moment=house.moment,
                        restored=house.restored, documents=house.documents if sheets else None)  # fmt: skip
        (line,) = listed(found, [house.ledger.of_child(SHEET.child_id)])
    return line["what"], line["standing"], line["items"], line["sheet_looked_at"]
