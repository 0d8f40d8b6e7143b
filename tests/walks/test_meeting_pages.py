"""The pages of the consent to a meeting: the leader asks, a mother answers and takes back, nobody else finds it (D12, R-16)."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.shared_forms import SHEET
from tests.walks.test_meeting_consent import PSYCHOLOGIST, SOFIE, called_meeting, told

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
