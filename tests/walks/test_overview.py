"""The overview of a round: marks beside each other for those who may see them, and nothing counted (T5, T32, design 25)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import fill_all
from tests.walks.test_open_round import after_deadline, open_as
from tests.walks.test_round_pages import MIKKEL, SOFIE, begin, main_of, submit
from tillid.forms.settings import Changed
from tillid.kernel.errors import NotFound
from tillid.usecases.make_overview import overview_id
from tillid.usecases.overview import overview_still_open, see_overview
from tillid.usecases.share_document import share_document
from tillid.web.answers import NOT_FOUND_BODY

OVERVIEW = f"/runde/{SOFIE.round_id}/overblik"
CHILD = SOFIE.child_id


@pytest.fixture
def people(world_at):
    return WorldInstallation(world_at("people"))


def row_of(world, username, child_id=CHILD):
    with world.house() as house:
        found = see_overview(house, world.staff(username), SOFIE.round_id)
    return next(row for group in found.groups for row in group.rows if row.child.id == child_id)


def both_in(world):
    submit(world, "sofie", SOFIE.professional)
    submit(world, "mikkel", MIKKEL.professional)


@pytest.mark.req("T5", "T4b")
def test_marks_stand_beside_each_other_for_who_has_submitted_and_nobody_else(people):
    world = people.world
    submit(world, "sofie", SOFIE.professional)
    assert [m.author for m in row_of(world, "sofie").marks] == [world.ids.staff["sofie"]], "the own one"
    assert not row_of(world, "mikkel").marks and not row_of(world, "birgit").marks
    submit(world, "mikkel", MIKKEL.professional)
    for username in ("sofie", "mikkel"):
        row = row_of(world, username)
        assert row.open and {m.author for m in row.marks} == {world.ids.staff["sofie"], world.ids.staff["mikkel"]}
    leader = row_of(world, "birgit")
    assert not leader.marks and not leader.open and not leader.differ, "the same for leaders"
    other = row_of(world, "sofie", world.ids.children["theo"])
    assert not other.marks, "a child about whom nobody has written"


@pytest.mark.req("T5", "T4b", "T9")
def test_the_page_tells_nothing_of_what_a_colleague_has_done(people):
    app = as_staff(people, "mikkel")
    empty = main_of(app.get(OVERVIEW))
    begin(people.world, "sofie", SOFIE.professional)
    assert main_of(app.get(OVERVIEW)) == empty
    submit(people.world, "sofie", SOFIE.professional)
    assert main_of(app.get(OVERVIEW)) == empty, "not even that somebody has submitted"


@pytest.mark.req("T5", "T32", "R-74", "R-122")
def test_the_page_counts_nothing_and_keeps_the_order_of_names(people):
    both_in(people.world)
    page = as_staff(people, "sofie").get(OVERVIEW)
    names = [a.text for a in page.html.select("main tbody th a")]
    assert names and len(names) == len(set(names))
    for table in page.html.select("main table"):
        shown = [a.text for a in table.select("tbody th a")]
        assert shown == sorted(shown), "by name, never by position"
    place = page.html.select_one("main .position")
    assert place.select_one("svg") is not None and place.text.strip(), "word and symbol, not a colour alone"
    marks = [one.text.strip() for one in page.html.select("main tbody .position")]
    assert len(marks) == 2 and not any(char.isdigit() for char in "".join(marks))
    assert "Ikke vurderet" in page, "no joint position comes out of the marks"


@pytest.mark.req("T7", "R-122")
def test_the_municipality_s_own_colours_stand_beside_word_and_symbol_and_words_alone_have_none(people):
    both_in(people.world)
    app = as_staff(people, "sofie")
    ours = app.get(OVERVIEW).html.select("main .position")
    assert all(len(one["class"]) == 2 and len(one.select("svg")) == 1 for one in ours)
    set_to(people.world, "position_farver", {"groen": "#112233", "gul": "#445566", "roed": "#778899"})
    own = app.get(OVERVIEW).html.select("main .position")
    assert {one.select_one("circle")["fill"] for one in own} <= {"#112233", "#445566", "#778899"}
    assert all(one["class"] == ["position"] and len(one.select("svg")) == 2 and one.text.strip() for one in own)
    set_to(people.world, "positionssaet", "ord")
    words = app.get(OVERVIEW).html.select("main .position")
    assert len(words) == len(own) and all(one["class"] == ["position"] and not one.select("circle") for one in words)


def set_to(world, setting, value):
    with world.house() as house:
        house.choices.put(setting, value, Changed(by=world.ids.staff["camilla"], at=house.moment))


@pytest.mark.req("T5")
def test_who_is_not_of_the_unit_has_no_overview(people):
    both_in(people.world)
    for username in ("trine", "hanne", "ove", "rasmus", "camilla", "mettemarie", "yusuf"):
        assert as_staff(people, username).get(OVERVIEW, status=404).body == NOT_FOUND_BODY
    parent = as_parent(people, people.world.ids.parents["dorthe"])
    assert parent.get(OVERVIEW, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("T5", "R-71")
def test_each_mark_is_logged_and_asked_again_before_the_page_leaves(people):
    world = people.world
    both_in(world)
    with world.house() as house:
        who = world.staff("sofie")
        found = see_overview(house, who, SOFIE.round_id)
        assert overview_still_open(house, who, found)
        gone = msgspec.structs.replace(who, assignments=())
        assert not overview_still_open(house, gone, found)
    rows = [r for r in world.parts.audit.tail(100) if r.action == "read_individual" and r.phase == "attempt"]
    assert len({r.object_id for r in rows}) == 2


@pytest.mark.req("T5")
def test_the_groups_document_is_made_when_the_round_is_opened_and_written_by_the_team(people):
    world = people.world
    document_id = overview_id(SOFIE.round_id, "Månestuen")
    with world.house() as house:
        assert house.documents.get(document_id) is None
    both_in(world)
    with world.house() as house:
        assert house.documents.get(document_id) is None, "Alma's and Noor's forms are still missing"
    after_deadline(world)
    open_as(world, "birgit")
    open_as(world, "birgit")  # once is enough
    fill_all(world, world.staff("sofie"), document_id, {"miljoe": "Vi mangler et roligt hjørne."})
    fill_all(world, world.staff("birgit"), document_id, {"moededato": "2026-12-10"})
    with pytest.raises(NotFound):
        fill_all(world, world.staff("mikkel"), document_id, {"moededato": "2026-12-11"})
    page = as_staff(people, "mikkel").get(OVERVIEW)
    assert "Vi mangler et roligt hjørne." in page and "10. december 2026" in page
    with world.house() as house, pytest.raises(NotFound):
        share_document(house, world.staff("sofie"), document_id)
    with world.house() as house:
        made = [d for d in house.documents.of_unit(world.ids.units["stjernehuset"]) if not d.child_id]
    assert {d.id for d in made} == {overview_id(SOFIE.round_id, g) for g in ("Månestuen", "Solstuen")}


@pytest.mark.req("T9", "T22")
def test_who_wants_action_now_tells_the_leader_at_once_and_nothing_more(people):
    world = people.world
    submit(world, "sofie", {**SOFIE.professional, "akut": True})
    with world.house() as house:
        told = {who: house.notices.of_person(world.ids.staff[who]) for who in ("birgit", "jonas", "mikkel")}
    assert [n.text_id for n in told["birgit"]] == ["act_now"] and not told["mikkel"] and not told["jonas"]
    assert told["birgit"][0].ids == {"child": CHILD}, "neither who nor what"
    home = as_staff(people, "birgit").get("/")
    assert home.html.select_one(f"main a[href='/barn/{CHILD}']") is not None and "der skal handles nu" in home
    with world.house() as house:
        document_id = next(d.id for d in house.documents.of_round(SOFIE.round_id))
    page = as_staff(people, "sofie").get(f"/dokument/{document_id}")
    assert page.html.select_one("main a.button[href$='/underret']") is not None, "and a way to the notification"
