"""What a team writes about its group ends with the round, is kept like the marks it was made of, and goes by two and no rule (T5, R-90)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.destruction import FIRST, mark, ordered
from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import fill_all
from tests.walks.test_forgotten_by_rule import allow
from tests.walks.test_open_round import after_deadline, open_as, round_now
from tests.walks.test_round_pages import SOFIE
from tillid.archive.retention import after
from tillid.demo.loading import ANSWERS
from tillid.documents.model import Document
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound
from tillid.usecases.due_list import due_list
from tillid.usecases.due_overview import due_overview
from tillid.usecases.forget_drafts import forget_drafts
from tillid.usecases.lock_overview import lock_overviews
from tillid.usecases.make_overview import make_overviews, overview_id
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.start_document import start_document
from tillid.usecases.submit_form import submit_form
from tillid.usecases.work_out_due import work_out_due

ASSESSED = ANSWERS["theo_vurdering"]
GROUP, WORDS = "Månestuen", "Vi mangler et roligt hjørne til de mindste."
PAGE = f"/runde/{SOFIE.round_id}/overblik"


@pytest.fixture
def world(world_at):
    """The round is open after its deadline, and the team has written about its group."""
    made = world_at("people")
    after_deadline(made)
    open_as(made, "birgit")
    made.made["document"] = overview_id(SOFIE.round_id, GROUP)
    fill_all(made, made.staff("sofie"), made.made["document"], {"miljoe": WORDS})
    return made


def now(world) -> Document:
    with world.house() as house:
        return house.documents.get(world.made["document"])


def kept_of(world):
    """How it stands on the archivist's page of the unit."""
    with world.house() as house:
        found = due_list(house, world.staff(FIRST), world.ids.units["stjernehuset"])
    return next(one for _, ones in found.months for one in ones if one.document.id == world.made["document"])


def year_after_deadline(world):
    return after(round_now(world).deadline, "P12M")


@pytest.mark.req("T5", "R-82", "R-90", "R-70")
def test_the_leader_locks_it_the_team_still_reads_it_and_it_falls_due_a_year_after_the_round(world):
    app, team = as_staff(WorldInstallation(world), "birgit"), as_staff(WorldInstallation(world), "mikkel")
    ends = after(local_day(world.clock.now()), "P6M")
    assert f"og ellers den {ends.day}. " in app.get(PAGE).html.select_one("main").text
    review = app.get(PAGE).click(href=f"{world.made['document']}/gennemse")
    assert WORDS in review and "kan ikke gøres om" in review
    assert "Gennemse det, og lås det nu" not in team.get(PAGE)
    with world.house() as house, pytest.raises(NotFound):
        submit_form(house, world.staff("mikkel"), world.made["document"])
    next(form for form in review.forms.values() if form.action.endswith("/indsend")).submit(status=303)
    locked = now(world)
    assert (locked.state, locked.versions) == ("closed", 1) and world.drain() == []
    with world.house() as house:
        assert set(house.documents.version(locked.id, 1).copies) == {"team"}, "nothing of it is the archive's to read"
        with pytest.raises(NotFound):
            save_fields(house, world.staff("sofie"), locked.id, {"miljoe": Change(value="Nyt.", base=1)})
    shown = team.get(PAGE)
    assert WORDS in shown and "Overblikket er låst." in shown
    own_page = shown.click("Se dokumentet")
    assert locked.number in own_page and "Låst af Birgit" in own_page.html.select_one("main").text
    assert kept_of(world).due == year_after_deadline(world)
    work_out_due(world.house)
    with world.house() as house:
        months = due_overview(house, world.staff(FIRST)).months
    assert months[f"{year_after_deadline(world):%Y-%m}"] == 1


@pytest.mark.req("T5", "R-81", "R-82", "R-90")
def test_nobody_having_locked_it_no_rule_destroys_what_the_team_has_read_and_its_time_locks_it(world):
    allow(world)
    begun = local_day(world.clock.now())
    world.clock.move(days=170)
    assert forget_drafts(world.house) == (0, 0), "not even a warning: it is no draft of one person's"
    assert lock_overviews(world.house) == 0
    world.clock.moment += timedelta(days=(after(begun, "P6M") - local_day(world.clock.now())).days)
    assert forget_drafts(world.house) == (0, 0) and now(world).state == "draft"
    assert lock_overviews(world.house) == 2 and lock_overviews(world.house) == 0, "both groups, once"
    assert now(world).state == "closed" and kept_of(world).due == year_after_deadline(world)
    page = as_staff(WorldInstallation(world), "mikkel").get(f"/dokument/{world.made['document']}")
    assert "Låst, da runden var slut" in page
    rows = [row for row in world.parts.audit.tail(50) if row.action == "lock_overview" and row.role == "system"]
    assert len(rows) == 2
    world.clock.move(days=370)
    assert forget_drafts(world.house) == (0, 0) and kept_of(world).stops == ("undecided",)
    mark(world)
    ordered(world)
    world.clock.move(days=15)
    assert world.drain() == [] and now(world) is None
    with world.house() as house:
        assert [one.id for one in due_list(house, world.staff(FIRST), world.ids.units["stjernehuset"]).destroyed] == [
            world.made["document"]
        ]
        make_overviews(house, world.staff("birgit"), round_now(world))
    assert now(world) is None, "and is not begun anew"


@pytest.mark.req("T5", "T6")
def test_the_lock_of_the_last_assessment_in_the_group_locks_it(world):
    with world.house() as house:
        round_ = house.people.round(SOFIE.round_id)
        known = [one for one in house.people.children_of_unit(round_.unit_id) if one.id in round_.assigned]
    children = [one.id for one in known if one.group == GROUP]
    assert len(children) > 1
    for child in children:
        assert now(world).state == "draft"
        whole(world, "trivselsskema", child, SOFIE.professional, world.ids.staff["sofie"])
        whole(world, "trivselsvurdering", child, {**ASSESSED.team, **ASSESSED.professional}, world.ids.staff["birgit"])
    assert now(world).state == "closed"
    with world.house() as house:
        (event,) = [one for one in house.ledger.of_document(world.made["document"]) if one.kind == "document_closed"]
    assert (event.payload["by"], event.payload["round"]) == ("assessed", round_.id)


def whole(world, form, child, answers, locker):
    """Begun by Sofie, filled, and locked."""
    with world.house() as house:
        document = start_document(house, world.staff("sofie"), child, form).id
    fill_all(world, world.staff("sofie"), document, answers)
    with world.house() as house:
        submit_form(house, world.player.staff(locker), document)
