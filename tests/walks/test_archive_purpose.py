"""The archivist says what a piece of work is for: once, from the list, and never in an address (R-71)."""

from __future__ import annotations

import pytest

from tests.support.installation import as_staff
from tests.support.world import document_now
from tests.walks.test_archive_pages import PURPOSE, all_rows, search
from tests.walks.test_archive_pages import signed as signed
from tillid.kernel.ids import new_id


@pytest.mark.req("R-71")
def test_without_a_purpose_nothing_is_searched_or_opened(signed):
    app = as_staff(signed, "ove")
    before = len(all_rows(signed.world))
    for purpose, place, said in (
        ("", "purpose", "Vælg på listen"),
        ("Aktindsigt", "purpose_note", "mindst 4 bogstaver eller tal"),
        ("Aktindsigt: 26-", "purpose_note", "mindst 4 bogstaver eller tal"),
        ("Andet: sag 26-12", "purpose_note", "mindst 10 bogstaver eller tal"),
        ("Nysgerrighed: sag 26-1234", "purpose", "Vælg på listen"),
        ("Aktindsigt, sag 26-1234", "purpose", "Vælg på listen"),
        ("Aktindsigt: 010119-1234", "purpose_note", "Skriv ikke CPR-numre"),
    ):
        page = search(app, "pindsvin", purpose=purpose, status=422)
        field = page.html.find(id=place)
        told = page.html.find(id=field["aria-describedby"].split()[-1])
        assert (
            said in told.text
            and page.html.select_one(f'.error-summary a[href="#{place}"]')
            and [one["id"] for one in page.html.select('[aria-invalid="true"]')] == [place]
            and page.forms["search"]["words"].value == "pindsvin"
        )
        assert document_now(signed.world).number not in page
    token = page.forms["search"]["csrf_token"].value
    address = f"/arkiv/{document_now(signed.world).id}"
    assert document_now(signed.world).number not in app.post(address, {"csrf_token": token}, status=422)
    for end in ("/dokument.pdf", f"/post/{new_id()}"):
        assert app.post(address + end, {"csrf_token": token}, status=409).content_type == "text/html"
    assert len(all_rows(signed.world)) == before


@pytest.mark.req("R-71", "R-111")
def test_a_purpose_is_stated_once_for_each_visit_and_never_said_for_somebody(signed):
    """Accepted, it stands in the form of the next search, package and address until log-out; what is posted without one is refused."""
    app, document = as_staff(signed, "ove"), document_now(signed.world).id
    forms = ("/arkiv", f"/arkiv/{document}", f"/arkiv/importeret/{new_id()}")
    search(app, purpose="Aktindsigt: 010119-1234", status=422)
    assert {stated_in(app.get(one)) for one in forms} == {("", "", False)}, "what was refused is not kept"
    search(app, "pindsvin")
    assert {stated_in(app.get(one)) for one in forms} == {("aktindsigt", "sag 26-1234", True)}
    assert "dokument fundet" in app.get("/arkiv").forms["search"].submit()
    assert {row.purpose for row in all_rows(signed.world) if row.action == "search"} == {PURPOSE}
    token = app.get("/arkiv").forms["search"]["csrf_token"].value
    before = len(all_rows(signed.world))
    for path, status in (("/arkiv", 422), (f"/arkiv/{document}", 422), (f"/arkiv/{document}/dokument.pdf", 409)):
        app.post(path, {"csrf_token": token, "words": "pindsvin"}, status=status)
    assert len(all_rows(signed.world)) == before
    search(app, purpose="Tilsyn eller revision: tilsyn 2026")
    assert stated_in(app.get("/arkiv"))[:2] == ("tilsyn", "tilsyn 2026"), "another piece of work, another purpose"
    for other in (as_staff(signed, "solvej"), as_staff(signed, "ove")):
        assert stated_in(other.get("/arkiv")) == ("", "", False), "of another session nothing is known"


def stated_in(page):
    form = next(one for one in page.forms.values() if "purpose_note" in one.fields)
    return form["purpose"].value, form["purpose_note"].value, "det, du sidst valgte" in page


@pytest.mark.req("R-71")
def test_an_address_asks_for_a_purpose_and_tells_nothing(signed):
    app = as_staff(signed, "ove")
    known, unknown = document_now(signed.world).id, new_id()
    first, second = (app.get(f"/arkiv/{one}").text.replace(one, "") for one in (known, unknown))
    assert first == second
