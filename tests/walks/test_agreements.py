"""From a meeting's minutes to the archivist's list: what was agreed on is followed up, closed, and counted from that day (D7, R-90)."""

from __future__ import annotations

import pytest

from tests.support.destruction import mark, ordered
from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.shared_forms import SHEET, held, lock, mother, now, read_by_parent
from tests.support.world import fill_all
from tillid.demo.present import called
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.usecases.close_agreements import AgreementsOpen, agreements_page, close_agreements
from tillid.usecases.due_list import due_list
from tillid.usecases.due_overview import due_overview
from tillid.usecases.facts import Conflict
from tillid.usecases.start_document import start_document, start_without_child
from tillid.usecases.work_out_due import work_out_due
from tillid.web.answers import NOT_FOUND_BODY

ARCHIVIST = "ove"
FIRST, SECOND = "Ud i en lille gruppe hver formiddag", "Sofie ringer til hjemmet"
AGREED = [
    {"hvad": FIRST, "hvem": "Mikkel Højlund", "status": "aaben"},
    {"hvad": SECOND, "hvem": "Sofie", "senest": "2026-12-01", "status": "udfoert"},
]


@pytest.fixture
def meeting(world_at):
    """Held and locked; with the address of its agreements."""
    world = world_at("people")
    return world, f"/dokument/{held(world, AGREED)}/aftaler"


def due_of(world):
    """The day on the archivist's page of the unit; ``None`` while there is none."""
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        found = due_list(house, world.staff(ARCHIVIST), document.unit_id)
    return next((one.due for _, ones in found.months for one in ones if one.document.id == document.id), None)


def five_years_on(world):
    today = world.clock.now().date()
    return today.replace(year=today.year + 5)


def found(world):
    return world.made["document"] in {one.document_id for one in world.parts.search.held()}


def chosen(page, *ends):
    form = next(form for form in page.forms.values() if "set" in form.fields)
    for number, end in enumerate(ends, start=1):
        form[f"aftale.{number}"] = end
    return form


@pytest.mark.req("D7", "R-82", "R-90")
def test_a_meeting_is_due_five_years_after_its_agreements_were_closed_and_goes_by_two(meeting):
    world, _ = meeting
    assert due_of(world) is None, "nothing is counted while the agreements are open"
    app = as_staff(WorldInstallation(world), "mikkel")
    page = app.get(f"/dokument/{world.made['document']}").click("Se aftalerne, og afslut dem")
    assert FIRST in page and SECOND in page and "1. december 2026" in page
    unsaid = chosen(page).submit("trin", value="afslut", status=422)
    assert "Vælg for hver aftale" in unsaid and unsaid.html.select_one(".error-summary a[href='#aftale-1']")
    assert unsaid.html.select_one("#aftale-2")["checked"] is not None, "as the minutes have it"
    form = chosen(unsaid, "opgivet")
    form.submit("trin", value="afslut", status=303)
    form.submit("trin", value="afslut", status=303)  # a double click is one
    assert now(world, world.made["document"]).state == "closed" and world.drain() == []
    assert due_of(world) == five_years_on(world)
    work_out_due(world.house)
    with world.house() as house:
        months = due_overview(house, world.staff(ARCHIVIST)).months
        events = [one for one in house.ledger.of_document(world.made["document"]) if one.kind == "document_closed"]
    assert f"{five_years_on(world):%Y-%m}" in months
    assert [one.payload["outcomes"] for one in events] == [["opgivet", "udfoert"]]
    assert FIRST not in str(events), "codes and no words"
    world.clock.move(days=5 * 366)
    mark(world, who=ARCHIVIST)
    ordered(world)
    world.clock.move(days=15)
    assert world.drain() == [] and now(world, world.made["document"]) is None


@pytest.mark.req("D7", "R-90", "R-35")
def test_who_had_the_minutes_keeps_them_and_what_was_closed_too_early_is_opened_again(meeting):
    world, address = meeting
    app, document = as_staff(WorldInstallation(world), "sofie"), world.made["document"]
    stale = app.get(address)
    chosen(stale, "aendret", "aendret").submit("trin", value="afslut", status=303)
    assert world.drain() == [] and found(world), "a closed case is the archive's"
    assert SHEET.team["r_resume"][:30] in read_by_parent(world, document)
    assert "Alle aftaler er afsluttet." in app.get(f"/dokument/{document}")
    parent = as_parent(WorldInstallation(world), mother(world).person_id)
    assert parent.get(address, status=404).body == NOT_FOUND_BODY
    shown = app.get(address)
    assert "Ændret" in shown and "Afsluttet af Sofie" in shown.text
    opened = chosen(shown)
    opened.submit("trin", value="aabn", status=303)
    opened.submit("trin", value="aabn", status=303)
    assert now(world, document).state == "submitted" and due_of(world) is None
    assert world.drain() == [] and not found(world), "not even its words are in the index"
    chosen(stale, "opgivet", "opgivet").submit("trin", value="afslut", status=409)
    chosen(app.get(address), "udfoert", "udfoert").submit("trin", value="afslut", status=303)
    assert due_of(world) == five_years_on(world)
    opened.submit("trin", value="aabn", status=303)
    assert now(world, document).state == "closed", "the old click a third time opens nothing"


@pytest.mark.req("D7", "R-70")
def test_nobody_closes_before_the_lock_nor_from_another_place_nor_with_an_open_agreement(meeting):
    world, address = meeting
    document = world.made["document"]
    for username in ("trine", "hanne", "ove", "rasmus", "camilla"):
        assert as_staff(WorldInstallation(world), username).get(address, status=404).body == NOT_FOUND_BODY
    with world.house() as house:
        before = called(world.player, SHEET)
        with pytest.raises(NotFound):
            agreements_page(house, world.staff("sofie"), before)
    with world.house() as house, pytest.raises(Conflict):
        close_agreements(house, world.staff("sofie"), document, 99, ["udfoert"] * 2, event_id=new_id())
    with world.house() as house, pytest.raises(AgreementsOpen):
        seen = agreements_page(house, world.staff("sofie"), document)
        close_agreements(house, world.staff("sofie"), document, seen.version, ["udfoert", "aaben"], event_id=new_id())
    assert now(world, document).state == "submitted"


@pytest.mark.req("D13", "R-90")
def test_a_meeting_about_no_child_is_closed_too(meeting):
    world, _ = meeting
    leader, unit = world.staff("birgit"), world.ids.units["stjernehuset"]
    with world.house() as house:
        forum = start_without_child(house, leader, unit, "fdr", "faglig_sparring").id
    answers = {k: v for k, v in {**SHEET.leader, **SHEET.professional, **SHEET.team}.items()
               if k not in ("grundlag", "foraeldre_deltager", "barn_forb", "r_tovholder", "r_aftaler")}  # fmt: skip
    fill_all(world, leader, forum, {**answers, "r_ingen_aftaler": "Vi tog intet videre."})
    lock(world, forum)
    app = as_staff(WorldInstallation(world), "birgit")
    page = app.get(f"/dokument/{forum}/aftaler")
    assert "ingen aftaler på en liste" in page and "Forældrene har ikke fået" not in page
    chosen(page).submit("trin", value="afslut", status=303)
    world.made["document"] = forum
    assert due_of(world) is not None


@pytest.mark.req("D4", "D7")
def test_minutes_that_parents_were_not_given_say_so_before_they_are_closed_and_lead_nowhere_after(world_at):
    world = world_at("people")
    leader = world.staff("birgit")
    with world.house() as house:
        sheet = start_document(house, leader, SHEET.child_id, "fdr", variant="dialogmoede").id
    fill_all(world, leader, sheet, {**SHEET.leader, **SHEET.professional, **SHEET.team})
    lock(world, sheet)
    app = as_staff(WorldInstallation(world), "birgit")
    assert "Læs det igennem, og del det" in app.get(f"/dokument/{sheet}")
    page = app.get(f"/dokument/{sheet}/aftaler")
    assert "Forældrene har ikke fået dette referat" in page
    chosen(page, "udfoert").submit("trin", value="afslut", status=303)
    closed = app.get(f"/dokument/{sheet}")
    assert "Skemaet er ikke delt med forældrene." in closed and not closed.html.select("main a[href$='/gennemse']")


@pytest.mark.req("D4", "R-90")
def test_a_meeting_that_is_not_held_is_closed_by_its_leader_its_parents_are_told_and_it_falls_due_too(world_at):
    world = world_at("people")
    sheet = world.made["document"] = called(world.player, SHEET)
    address = f"/dokument/{sheet}/aftaler"
    assert as_staff(WorldInstallation(world), "sofie").get(address, status=404).body == NOT_FOUND_BODY
    app = as_staff(WorldInstallation(world), "birgit")
    page = app.get(f"/dokument/{sheet}").click("Mødet bliver ikke holdt")
    form = chosen(page)
    app.post(address, [*form.submit_fields(), ("trin", "afslut")], status=409)  # no minutes yet
    form.submit("trin", value="aflys", status=303)
    form.submit("trin", value="aflys", status=303)
    assert now(world, sheet).state == "closed" and due_of(world) == five_years_on(world)
    assert world.drain() == [] and found(world)
    with world.house() as house:
        assert "archive" in house.documents.version(sheet, 1).copies
    parent = as_parent(WorldInstallation(world), mother(world).person_id)
    front = parent.get("/")
    assert "bliver ikke holdt" in front.html.select_one("section[aria-labelledby=beskeder]").text
    assert SHEET.leader["titel"] in read_by_parent(world, sheet)
    assert "Skriv jeres egen del" not in parent.get(f"/foraelder/dokument/{sheet}")
    again = app.get(f"/dokument/{sheet}").click("Mødet blev ikke holdt")
    chosen(again).submit("trin", value="aabn", status=303)
    assert now(world, sheet).state == "shared" and due_of(world) is None
    assert world.drain() == [] and not found(world)
    assert "Skriv jeres egen del" in parent.get(f"/foraelder/dokument/{sheet}")
