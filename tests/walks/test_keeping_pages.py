"""The archivist's pages of keeping: appraise, hold, ask, have another confirm, and find the tombstone (R-82, R-90)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.destruction import FIRST, SECOND, WHY, gone
from tests.support.destruction import due as due
from tests.support.installation import WorldInstallation, as_staff
from tests.support.purposes import posted_purpose
from tests.support.world import SET, document_now
from tillid.archive.keeping import keeping_of
from tillid.archive.kle import SETTING
from tillid.forms.settings import Changed, checked, load_settings
from tillid.usecases.hand_over import packing_of
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
    asked = again.post(
        f"/arkiv/{world.made['document']}",
        {**csrf(again), **posted_purpose(f"Bevaring eller kassation: {WHY}")},
        status=303,
    )
    assert number in asked.follow(), "the permanent link leads to what is left"
    for who in ("birgit", "rasmus", "camilla"):
        app = as_staff(installation, who)
        assert app.get(address, status=404).body == NOT_FOUND_BODY
        gone_case = app.post(
            f"/arkiv/{world.made['document']}",
            {**csrf(app), **posted_purpose(f"Bevaring eller kassation: {WHY}")},
            status=404,
        )
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


def suggest(world, said):
    """What the municipality says in its settings that its forms are filed under."""
    setting = load_settings()[SETTING]
    with world.house() as house:
        house.choices.put(SETTING, checked(setting, said), Changed(by="camilla", at=house.moment))


@pytest.mark.req("R-82")
def test_what_is_suggested_for_the_form_is_shown_as_that_and_is_in_the_appraisal_to_be_changed(pages):
    world, address, first, _ = pages
    place = ("/arkiv/frister", {"sted": SET.unit_id})
    assert "Ikke sagt endnu" in first.get(address) and "KLE 2" not in first.get(*place)
    suggest(world, {"overgangsbeskrivelse": "27.00.00 G01"})
    suggested = "27.00.00 G01 (foreslået af reglen, ikke afgjort)"
    assert suggested in first.get(address) and suggested in first.get(*place)
    shown = press(
        first, address, "vurder", 422, maerke="kasseres", bestemmelse="BEK 183/2018", facet="A53", hvorfor="nej"
    )
    typed = next(one for one in shown.forms.values() if "emne" in one.fields)
    assert (typed["emne"].value, typed["facet"].value) == ("27.00.00", "A53"), "what was typed comes back"
    press(first, address, "vurder", maerke="kasseres", bestemmelse="BEK 183/2018", facet="A53", hvorfor=WHY)
    for page in (first.get(address), first.get(*place)):
        assert "27.00.00 A53" in page and "foreslået af reglen" not in page
    with world.house() as house:
        assert keeping_of(house.ledger.of_document(world.made["document"])).appraisal.subject == "27.00.00"


@pytest.mark.req("R-82", "R-83")
def test_the_page_says_whether_what_is_kept_can_be_packed(pages):
    world, address, first, _ = pages
    assert "Til det modtagende arkiv" not in first.get(address)
    press(first, address, "vurder", maerke="bevares", hvorfor=WHY)
    assert "Kan pakkes. Giv den" in first.get(address)
    assert "Ikke afleveret" in first.get("/arkiv/frister", {"sted": SET.unit_id})
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        lost = msgspec.structs.replace(document, state="shared", created_at=house.moment)
        events = [one for one in house.ledger.of_document(document.id) if one.kind == "document_appraised"]
        assert packing_of(house, lost, events) == "ready", "due, though nobody was asked"
        first_shared = msgspec.structs.replace(lost, versions=1, agreed_version=None)
        assert packing_of(house, first_shared, events) == "copy", (
            "never agreed on: its copy is made for the archive alone"
        )
        here = house.people.child(SET.child_id)
        house.people.put_child(msgspec.structs.replace(here, left={}), house.people.unmask_cpr(here.id), house.people.custody(here.id))  # fmt: skip
        assert packing_of(house, lost, events) == "not_final"
        assert packing_of(house, msgspec.structs.replace(lost, versions=0, agreed_version=None), events) == "none"
    press(first, address, "aflevering", arkiv="Stadsarkivet", journal="26/117", dag="2032-01-02")
    assert "Til det modtagende arkiv" not in first.get(address)


@pytest.mark.req("R-82", "R-83")
def test_a_draft_is_not_marked_to_be_kept_for_no_archive_gets_one(world_at):
    world = world_at("draft")
    first, address = as_staff(WorldInstallation(world), FIRST), f"/arkiv/{world.made['document']}/bevaring"
    told = press(first, address, "vurder", 422, maerke="bevares", hvorfor=WHY)
    assert "En kladde kan ikke afleveres" in told.html.select_one("#maerke-fejl").text
    assert told.html.select_one(told.html.select_one(".error-summary a")["href"])["value"] == "bevares"
    with world.house() as house:
        assert keeping_of(house.ledger.of_document(world.made["document"])).appraisal is None
    press(first, address, "vurder", maerke="uafklaret", hvorfor=WHY)
