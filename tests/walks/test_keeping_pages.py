"""The archivist's pages of keeping: appraise, hold, ask, have another confirm, and find the tombstone (R-82, R-90)."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET, document_now
from tests.walks.test_destruction import FIRST, SECOND, WHY, gone
from tests.walks.test_destruction import due as due
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture
def pages(due):
    installation = WorldInstallation(due)
    address = f"/arkiv/{due.made['document']}/bevaring"
    return due, address, as_staff(installation, FIRST), as_staff(installation, SECOND)


def press(app, address, step, status=303, **typed):
    """The button of ``step`` on the page, with what is typed beside it."""
    found = app.get(address)
    form = next(form for form in found.forms.values() if form.html.select_one(f'button[value="{step}"]'))
    for name, value in typed.items():
        form[name] = value
    return form.submit("trin", value=step, status=status)


def csrf(app):
    """The token of the person's session, as a form has it."""
    return {"csrf_token": app.get("/").forms[0]["csrf_token"].value}


@pytest.mark.req("R-81", "R-82", "R-90", "R-111")
def test_the_whole_way_is_walked_by_two_and_leaves_a_tombstone(pages):
    world, address, first, second = pages
    shown = first.get(address)
    assert "Uafklaret" in shown and "Alma" not in shown, "the page tells nothing of the child"
    missing = press(first, address, "vurder", 422, maerke="kasseres", hvorfor=WHY)
    assert "Skriv KLE-emne" in missing and missing.html.select_one("#grund-vurder").text.strip() == WHY
    press(
        first,
        address,
        "vurder",
        maerke="kasseres",
        emne="17.00.00",
        facet="G01",
        bestemmelse="BEK 183/2018",
        hvorfor=WHY,
    )
    press(first, address, "hold", hold="legal", hvorfor="En retssag er anlagt mod kommunen.")
    held = first.get(address)
    assert "Dokumentet er holdt tilbage." in held and not held.html.select_one('button[value="destruer"]')
    assert "begrundelse på mindst" in press(second, address, "slip", 422, hvorfor="nej")
    press(second, address, "slip", hvorfor="Retssagen er afsluttet.")
    press(first, address, "destruer", hvorfor=WHY)
    assert not first.get(address).html.select_one('button[value="bekraeft"]'), "who asked cannot confirm"
    press(second, address, "bekraeft")
    listed = second.get("/arkiv/frister", {"sted": SET.unit_id})
    assert document_now(world).number in listed and "Bekræftet" in listed
    number = document_now(world).number
    world.clock.move(days=15)
    assert world.drain() == [] and gone(world)
    installation = WorldInstallation(world)
    again = as_staff(installation, FIRST)
    stone = again.get("/arkiv/frister", {"sted": SET.unit_id})
    assert number in stone and "BEK 183/2018" in stone and "Solvej Astrup" in stone
    left = again.get(address)
    assert number in left and "Alma" not in left and "Bliver destrueret" in left
    assert press(again, address, "hold", 422, hvorfor="nej").html.select_one(".error-summary")
    press(again, address, "hold", hvorfor="En forælder har klaget.")
    press(again, address, "slip", hvorfor="Klagen er afgjort.")
    form = next(one for one in again.get(address).forms.values() if "nonce" in one.fields)
    old_page = again.post(address, [*form.submit_fields(), ("trin", "vurder")], status=303)
    assert "findes ikke mere" in old_page.follow()
    asked = again.post(f"/arkiv/{world.made['document']}", {**csrf(again), "purpose": WHY}, status=303)
    assert number in asked.follow(), "the permanent link leads to what is left"
    for who in ("birgit", "rasmus", "camilla"):
        app = as_staff(installation, who)
        assert app.get(address, status=404).body == NOT_FOUND_BODY
        gone_case = app.post(f"/arkiv/{world.made['document']}", {**csrf(app), "purpose": WHY}, status=404)
        assert gone_case.body == NOT_FOUND_BODY


@pytest.mark.req("R-90")
def test_an_old_page_is_told_that_something_has_happened_since(pages):
    _, address, first, second = pages
    typed = {"emne": "17.00.00", "facet": "G01", "bestemmelse": "BEK 183/2018", "hvorfor": WHY}
    press(first, address, "vurder", maerke="kasseres", **typed)
    stale = next(f for f in first.get(address).forms.values() if f.html.select_one('button[value="destruer"]'))
    press(first, address, "destruer", hvorfor=WHY)
    stale["hvorfor"] = "En helt anden begrundelse."
    assert "Der er sket noget med dokumentet" in stale.submit("trin", value="destruer", status=422)
    found = second.get(address)
    twice = next(f for f in found.forms.values() if f.html.select_one('button[value="bekraeft"]'))
    press(second, address, "opgiv", hvorfor="Vi ser på det igen.")
    told = twice.submit("trin", value="bekraeft", status=422)
    assert "Det, du bad om, er ikke gjort" in told and told.html.select_one('button[value="destruer"]')
    press(first, address, "hold", hold="legal", hvorfor="En retssag er anlagt.")
    lifted = next(f for f in first.get(address).forms.values() if f.html.select_one('button[value="slip"]'))
    short = press(second, address, "slip", 422, hvorfor="nej")
    (link,) = short.html.select(".error-summary a")
    assert short.html.select_one(link["href"])["aria-invalid"] == "true", "the summary leads to the input"
    press(second, address, "slip", hvorfor="Retssagen er afsluttet.")
    lifted["hvorfor"] = "Retssagen er afsluttet."
    assert "Der er sket noget med dokumentet" in lifted.submit("trin", value="slip", status=422)


@pytest.mark.req("R-90")
def test_the_same_click_twice_is_one_and_an_order_can_be_given_up(pages):
    world, address, first, _ = pages
    press(
        first,
        address,
        "vurder",
        maerke="kasseres",
        emne="17.00.00",
        facet="G01",
        bestemmelse="BEK 183/2018",
        hvorfor=WHY,
    )
    form = next(f for f in first.get(address).forms.values() if f.html.select_one('button[value="destruer"]'))
    form["hvorfor"] = WHY
    for _ in range(2):
        form.submit("trin", value="destruer", status=303)
    with world.house() as house:
        events = [one.kind for one in house.ledger.of_document(world.made["document"])]
    assert events.count("destruction_ordered") == 1
    press(first, address, "opgiv", hvorfor="Vi ser på det igen.")
    assert first.get(address).html.select_one('button[value="destruer"]')


@pytest.mark.req("R-18", "R-05")
@pytest.mark.parametrize("who", ["birgit", "camilla", "rasmus", "hanne"])
def test_the_pages_exist_for_nobody_else(due, who):
    app = as_staff(WorldInstallation(due), who)
    for address in (f"/arkiv/{due.made['document']}/bevaring", "/arkiv/frister", f"/arkiv/frister?sted={SET.unit_id}"):
        assert app.get(address, status=404).body == NOT_FOUND_BODY


def test_a_place_that_is_not_the_archivists_and_an_address_that_means_nothing_are_404(pages):
    _, _, first, _ = pages
    for place in ("x", "00000000-0000-4000-8000-00000000000f"):
        assert first.get("/arkiv/frister", {"sted": place}, status=404).body == NOT_FOUND_BODY
