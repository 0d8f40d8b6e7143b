"""A meeting's sheet with the parents: an invitation first, minutes nobody reads before they are given, then locked (D1-D6)."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.shared_forms import SHEET, lock, mother, now, read_by_parent
from tests.support.world import fill_all
from tillid.demo.data import demo_data
from tillid.demo.present import called
from tillid.kernel.errors import NotFound
from tillid.usecases.fill import open_draft
from tillid.usecases.follow_up import copy_job
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.settle_clash import settle_clash
from tillid.usecases.share_document import NotReady, share_document
from tillid.usecases.start_document import start_document, start_without_child


@pytest.fixture
def world(world_at):
    return world_at("people")


@pytest.fixture
def sheet(world):
    """Shared as the invitation to the meeting."""
    return called(world.player, SHEET)


@pytest.mark.req("D1", "D2", "D3", "D4", "D5", "D6", "P6")
def test_the_sheet_is_the_invitation_and_parents_see_no_minutes_while_they_are_written(world, sheet):
    assert SHEET.leader["titel"] in read_by_parent(world, sheet)
    fill_all(world, mother(world), sheet, SHEET.parents)
    fill_all(world, world.staff("mikkel"), sheet, SHEET.team)
    with world.house() as house:  # two write at once; what waits for a choice is the team's own too
        late = save_fields(house, world.staff("sofie"), sheet, {"r_resume": Change(value="Et udkast til.", base=0)})
    assert late.clashes
    summary = SHEET.team["r_resume"][:30]
    with world.house() as house:
        view = open_draft(house, mother(world), sheet)
    values = str({field: one.value for field, one in view.draft.fields.items()})
    assert "Et udkast til." not in str(view.draft)
    assert summary not in values and SHEET.leader["titel"] in values
    assert SHEET.parents["foraeldre_forb"][:30] in values, "the own words are always the newest"
    assert summary not in read_by_parent(world, sheet)
    with world.house() as house:
        settle_clash(house, world.staff("sofie"), sheet, "r_resume", keep="theirs")
        share_document(house, world.staff("sofie"), sheet)
    assert summary in read_by_parent(world, sheet)
    fill_all(world, mother(world, "louise"), sheet, {"r_foraeldre_bem": "Tak for mødet."})
    with pytest.raises(NotFound):
        lock(world, sheet, who="sofie")
    version = lock(world, sheet)
    assert version.answers["r_foraeldre_bem"] == "Tak for mødet." and now(world, sheet).state == "submitted"
    assert "Tak for mødet." in read_by_parent(world, sheet)


@pytest.mark.req("D2", "D3", "D4")
def test_an_invitation_needs_its_preparation_and_not_the_minutes(world):
    leader = world.staff("birgit")
    with world.house() as house:
        document = start_document(house, leader, SHEET.child_id, "fdr", variant="dialogmoede").id
    fill_all(world, leader, document, SHEET.leader)
    with world.house() as house, pytest.raises(NotReady) as found:
        share_document(house, leader, document)
    assert {p.field_id for p in found.value.problems} == {
        "problemstilling", "gaar_godt", "oenske_moede", "domaener", "barn_forb",
    }  # fmt: skip
    fill_all(world, leader, document, SHEET.professional)
    page = as_staff(WorldInstallation(world), "birgit").get(f"/dokument/{document}/gennemse")
    assert "Det mangler, før I kan gå videre" not in page, "what is written at the meeting stops no invitation"
    assert page.html.select_one("section[aria-labelledby=later-heading] a[href$='#f-r_resume']")
    with world.house() as house:
        share_document(house, leader, document)
    with pytest.raises(NotReady) as found:
        lock(world, document)
    assert "r_resume" in {p.field_id for p in found.value.problems}
    app = as_staff(WorldInstallation(world), "birgit")
    form = next(f for f in app.get(f"/dokument/{document}/gennemse").forms.values() if f.action.endswith("/indsend"))
    told = form.submit(status=422).html.select_one(".error-summary[data-focus]")
    assert "Det er ikke gjort endnu" in told.text and told.select_one("a[href$='#f-r_resume']")


@pytest.mark.req("D1", "R-71")
def test_why_the_parents_are_not_at_the_meeting_is_the_teams_own(world, sheet):
    fill_all(world, world.staff("birgit"), sheet, {"foraeldre_deltager": "nej", "foraeldre_nej": "En hemmelig grund."})
    fill_all(
        world, world.staff("sofie"), sheet, {**SHEET.team, "r_info_foraeldre": "Sofie ringer.", "e_bedre": "Kortere."}
    )
    with world.house() as house:
        share_document(house, world.staff("birgit"), sheet)
    lock(world, sheet)
    with world.house() as house:
        jobs = [
            copy_job(house, house.documents.get(sheet), house.documents.version(sheet, n), "parent") for n in (1, 2, 3)
        ]
    everything = str(jobs)
    assert "Sofie ringer." in everything and "hemmelig grund" not in everything and "Kortere." not in everything
    assert "hemmelig grund" not in read_by_parent(world, sheet)


@pytest.mark.req("D13", "R-01")
def test_a_sheet_without_a_child_is_locked_and_shared_with_nobody(world):
    leader, unit = world.staff("birgit"), world.ids.units["stjernehuset"]
    with world.house() as house:
        forum = start_without_child(house, leader, unit, "fdr", "faglig_sparring").id
    answers = {k: v for k, v in {**SHEET.leader, **SHEET.professional, **SHEET.team}.items()
               if k not in ("grundlag", "foraeldre_deltager", "barn_forb", "r_tovholder")}  # fmt: skip
    fill_all(world, leader, forum, answers)
    with world.house() as house, pytest.raises(NotFound):
        share_document(house, leader, forum)
    page = as_staff(WorldInstallation(world), "birgit").get(f"/dokument/{forum}/gennemse")
    assert "Del med forældrene" not in page and "Godkend referatet og lås" in page
    version = lock(world, forum).number
    assert world.drain() == []
    with world.house() as house:
        assert set(house.documents.version(forum, version).copies) == {"team", "archive"}
    assert "Forældrene</h2>" not in as_staff(WorldInstallation(world), "sofie").get(f"/dokument/{forum}").text


@pytest.mark.req("D4", "D12")
def test_the_page_says_what_cannot_be_sent_yet(world, sheet):
    page = as_staff(WorldInstallation(world), "birgit").get(f"/dokument/{sheet}/gennemse")
    assert "At sende det til andre eller spørge om samtykke til det kan systemet ikke endnu" in page
    assert "Vi er enige i teksten" not in page


@pytest.mark.req("R-37")
def test_a_protected_address_stops_sharing_and_the_lock(world):
    """Liva's mother lives where nobody may know; the register knows it."""
    leader = world.player.leader_of(world.ids.units["baekken"])
    child, secret = world.ids.children["liva"], demo_data().children["liva"].address
    with world.house() as house:
        document = start_document(house, leader, child, "fdr", variant="dialogmoede").id
    fill_all(world, leader, document, {**SHEET.leader, **SHEET.professional, "problemstilling": f"Hun bor {secret}."})
    with world.house() as house, pytest.raises(NotReady):
        share_document(house, leader, document)
    fill_all(world, leader, document, {"problemstilling": "Hun er flyttet."})
    with world.house() as house:
        share_document(house, leader, document)
    rune = world.parent(world.ids.parents["rune"])
    assert secret.split(",")[0] not in read_by_parent(world, document, rune)
    fill_all(world, leader, document, SHEET.team)
    fill_all(world, world.parent(world.ids.parents["signe"]), document, {"r_foraeldre_bem": f"Skriv til {secret}."})
    with pytest.raises(NotReady) as found:
        lock(world, document, leader.person_id)
    assert [one.field_id for one in found.value.problems] == ["r_foraeldre_bem"]
