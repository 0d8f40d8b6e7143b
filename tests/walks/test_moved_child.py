"""A child goes to another place: what was written about it closes to the old one, and what must still reach it finds its way (R-70)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.shared_forms import held, now
from tests.support.world import SET
from tests.walks.test_decided_share import decide, readable, sections_of_the_text
from tests.walks.test_forgotten_by_rule import allow
from tests.walks.test_meeting_consent import SOFIE as SOFIE_BRANDT
from tests.walks.test_meeting_consent import answer, ask, meeting_called, told
from tests.walks.test_overview import CHILD, both_in
from tests.walks.test_round_pages import SOFIE
from tillid.kernel.errors import NotFound
from tillid.usecases.forget_drafts import forget_drafts
from tillid.web.answers import NOT_FOUND_BODY

TEXT = ("/laes", "/dokument.pdf", "/gennemse", "/udfyld", "/aendringer", "/udlever", "/plejeforaelder")
READ = {"shared": "/laes", "agreed": "/dokument.pdf", "asked": "/aendringer", "signed": "/laes", "draft": "/gennemse"}


def moves(world, child_id, to=SET.receiver_unit_id):
    """As the register has it from now on; returns where it was."""
    with world.house() as house:
        child = house.people.child(child_id)
        moved = msgspec.structs.replace(child, unit_id=to, left={child.unit_id: world.clock.now().date()})
        house.people.put_child(moved, house.people.unmask_cpr(child.id), house.people.custody(child.id))
    return child.unit_id


@pytest.mark.req("R-70", "R1")
@pytest.mark.parametrize("stage", READ)
def test_the_old_place_reads_and_writes_nothing_about_a_child_that_has_gone(world_at, stage):
    world = world_at(stage)
    home, at = WorldInstallation(world), f"/dokument/{world.made['document']}"
    sofie, birgit = as_staff(home, "sofie"), as_staff(home, "birgit")
    sofie.get(at + READ[stage], status=200)
    moves(world, SET.child_id)
    for app in (sofie, birgit, as_staff(home, "hanne")):
        for where in TEXT:
            assert app.get(at + where, status=404).body == NOT_FOUND_BODY, where
    for app in (sofie, birgit):
        page = app.get(at, status=404 if stage == "draft" else 200)
        assert not page.html.select("main a[href$='/gennemse'], main a[href$='/laes'], main a[href$='/udfyld']")
    held_by = as_parent(home, world.holders(SET.child_id)[0].person_id)
    held_by.get(f"/foraelder{at}", status=404 if stage == "draft" else 200)


@pytest.mark.req("R-70", "T4b")
def test_a_mark_closes_to_its_author_and_to_colleagues_too(world_at):
    world = world_at("people")
    both_in(world)
    home, authors = WorldInstallation(world), ("sofie", "mikkel")
    with world.house() as house:
        marks = [f"/dokument/{one.id}" for one in house.documents.of_round(SOFIE.round_id) if one.child_id == CHILD]
    assert len(marks) == 2
    for at in marks:
        as_staff(home, "sofie").get(at, status=200)
    moves(world, CHILD)
    for username in authors:
        for at in marks:
            assert as_staff(home, username).get(at, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-70", "D7", "R-90")
def test_the_old_places_leader_ends_what_is_open_from_the_units_page(world_at):
    world = world_at("people")
    sheet = held(world)
    unit = moves(world, now(world, sheet).child_id)
    home = WorldInstallation(world)
    as_staff(home, "sofie").get(f"/dokument/{sheet}/aftaler", status=404)
    assert "Afslut det, der står åbent" not in as_staff(home, "sofie").get(f"/enhed/{unit}")
    birgit = as_staff(home, "birgit")
    page = birgit.get(f"/enhed/{unit}").click("Afslut det, der står åbent").click("Se aftalerne, og afslut dem")
    form = next(one for one in page.forms.values() if "set" in one.fields)
    for name in {name for name in form.fields if name and name.startswith("aftale.")}:
        form[name] = "opgivet"
    assert "Se, hvordan de endte" in form.submit("trin", value="afslut", status=303).follow()
    assert now(world, sheet).state == "closed"
    assert "Afslut det, der står åbent" not in birgit.get(f"/enhed/{unit}")
    birgit.get(f"/dokument/{sheet}/laes", status=404)


@pytest.mark.req("R-70", "R-02")
def test_a_leaders_decision_is_still_the_leaders_to_end_and_none_is_made_anew(world_at):
    world = world_at("agreed")
    decide(world, "birgit", chosen=sections_of_the_text(world))
    unit = moves(world, SET.child_id)
    birgit = as_staff(WorldInstallation(world), "birgit")
    page = birgit.get(f"/enhed/{unit}").click("Afslut det, der står åbent").click("Giv videre uden samtykke")
    assert readable(world)
    form = next(one for one in page.forms.values() if "beslutning" in one.fields)
    ended = form.submit("trin", value="ophoer", status=303).follow()
    assert "Beslutningen er ophørt" in ended and not any("hvorfor" in one.fields for one in ended.forms.values())
    assert readable(world) is None
    assert "Afslut det, der står åbent" not in birgit.get(f"/enhed/{unit}")
    with pytest.raises(NotFound):
        decide(world, "birgit", chosen=sections_of_the_text(world))


@pytest.mark.req("R-70", "R-16", "R-17", "D12")
def test_a_yes_to_a_meeting_is_taken_back_by_phone_and_nothing_is_asked_anew(world_at):
    world = world_at("people")
    leader, sheet = meeting_called(world)
    question = ask(world, leader, sheet)
    for one in world.holders(now(world, sheet).child_id):
        answer(world, one, question)
    unit = moves(world, now(world, sheet).child_id)
    assert told(world, sheet, SOFIE_BRANDT) == "yes"
    page = as_staff(WorldInstallation(world), "sofie").get(f"/enhed/{unit}").click("tilbagekaldelse om et møde")
    assert not any("til" in one.fields and "nonce" in one.fields for one in page.forms.values())
    form = next(one for one in page.forms.values() if "hvem" in one.fields)
    assert "Tilbagekaldelsen er registreret" in form.submit("metode", value="telefon").follow()
    assert told(world, sheet, SOFIE_BRANDT) == "withdrawn"


@pytest.mark.req("R-70", "R-90")
def test_a_warning_about_a_draft_leads_nowhere_once_its_child_has_gone(world_at):
    world = world_at("draft")
    allow(world)
    world.clock.move(days=170)
    assert forget_drafts(world.house) == (1, 0)
    front, at = as_staff(WorldInstallation(world), "sofie"), f"/dokument/{world.made['document']}"
    assert front.get("/").html.find("a", href=at)
    moves(world, SET.child_id)
    page = front.get("/")
    assert "bliver snart destrueret" in page and not page.html.find("a", href=at)
