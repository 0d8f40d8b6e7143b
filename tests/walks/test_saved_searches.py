"""An archivist's saved searches: the owner's alone, asked with a purpose, told of without content, stopped with the role."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.contract.search.searching import entry
from tests.support.installation import WorldInstallation, as_staff
from tests.support.purposes import state_purpose
from tests.support.world import SET, World, document_now, request_now
from tests.walks.test_archive_pages import PURPOSE, all_rows, search
from tillid.archive.query import SearchQuery
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound, Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases.archive_purpose import PurposeMissing
from tillid.usecases.forget_searches import forget_searches
from tillid.usecases.saved_searches import (
    MOST,
    TELLS_FOR,
    RoleEnded,
    TitleWrong,
    TooMany,
    WordsUnfit,
    delete_saved,
    open_saved,
    own_searches,
    save_search,
    searched_again,
    tell_of_news,
)
from tillid.usecases.watch_searches import NOTICE, STEP
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.render import day_text

WITHDRAWN = SearchQuery(allowed_units=(), words="pindsvin", state=("withdrawn",))


@pytest.fixture
def world(world_at):
    return world_at("signed")


def saved(world: World, query: SearchQuery = WITHDRAWN, title: str = "Tilbagekaldte", **more: object):
    with world.house() as house:
        return save_search(house, world.staff("ove"), title, query, PURPOSE, **{"tell": True, **more})


def withdrawn(world: World, holder: int = 0) -> None:
    with world.house() as house:
        who = world.holders(SET.child_id)[holder]
        withdraw_consent(house, who, request_now(world).id, language="da", event_id=new_id())
    assert world.drain() == []


def told(world: World) -> list:
    with world.house() as house:
        return [one for one in house.notices.of_person(world.ids.staff["ove"]) if one.text_id == NOTICE]


def standing(world: World) -> tuple[str, bool]:
    with world.house() as house:
        (line,) = own_searches(house, world.staff("ove"))
    return line.standing, line.news


def role_ends(world: World) -> None:
    with world.house() as house:
        staff = house.people.staff(world.ids.staff["ove"])
        house.people.put_staff(msgspec.structs.replace(staff, assignments=()))


@pytest.mark.req("R-71")
def test_what_comes_new_is_told_once_until_the_owner_has_searched_and_says_nothing_of_it(world):
    one = saved(world)
    other = saved(world, SearchQuery(allowed_units=(), words="xylofonhest"), "Andet")
    assert told(world) == []
    withdrawn(world)
    (notice,) = told(world)
    assert notice.ids == {"search": one.id}, "neither document nor child nor a number"
    alerts = [row for row in all_rows(world) if row.action == "search_alert"]
    assert [(row.object_id, row.child_id, row.purpose) for row in alerts] == [(one.id, "", PURPOSE)]
    with world.house() as house:
        lines = {line.search.id: line.news for line in own_searches(house, world.staff("ove"))}
    assert lines == {one.id: True, other.id: False}
    withdrawn(world, 1)
    assert len(told(world)) == 1, "told already"
    with world.house() as house:
        searched_again(house, world.staff("birgit"), one.id)
        assert any(line.news for line in own_searches(house, world.staff("ove"))), "nobody else searches for the owner"
        searched_again(house, world.staff("ove"), one.id)
        house.outbox.add("index", {"document": document_now(world).id, "event": new_id()}, house.moment)
    assert world.drain() == []
    assert len(told(world)) == 2


@pytest.mark.req("R-04", "R-70")
def test_of_who_lost_the_role_nothing_is_asked_nothing_told_and_the_search_says_why(world, monkeypatch):
    one, asked = saved(world), []
    role_ends(world)
    search_of = type(world.parts.search).search
    monkeypatch.setattr(type(world.parts.search), "search", lambda *a: asked.append(a) or search_of(*a))
    withdrawn(world)
    assert told(world) == [] and asked == [] and standing(world) == ("no-role", False)
    ove = world.staff("ove")
    with world.house() as house:
        with pytest.raises(RoleEnded):
            open_saved(house, ove, one.id)
        with pytest.raises(RoleEnded):
            tell_of_news(house, ove, one.id, True)
        assert house.saved.get(one.id).stop == "no-role", "and stays so until the owner says otherwise"
        delete_saved(house, ove, one.id)
        with pytest.raises(NotFound):
            own_searches(house, ove)


@pytest.mark.req("R-05", "R-18")
def test_another_controllers_document_is_told_to_nobody(world):
    saved(world)
    with world.house() as house:
        other = msgspec.structs.replace(document_now(world), unit_id=world.ids.units["skovtrolden"])
        house.documents.replace(other)
    withdrawn(world)
    assert told(world) == []


@pytest.mark.req("R-18", "R-70")
def test_an_index_that_lies_tells_nobody_of_what_the_ledger_does_not_know(world):
    saved(world, SearchQuery(allowed_units=()), "Alt")
    lie = entry(1, "pindsvin", document_id=new_id(), unit_id=world.ids.units["stjernehuset"])
    world.parts.search.put(lie)
    with world.house() as house:
        assert (
            house.search.search(SearchQuery(allowed_units=(lie.unit_id,), among=frozenset({lie.document_id}))).total
            == 1
        )
        house.outbox.add(STEP, {"document": lie.document_id, "event": new_id()}, house.moment)
    assert world.drain() == [] and told(world) == []
    with world.house() as house:
        house.outbox.add(STEP, {"document": document_now(world).id, "event": new_id()}, house.moment)
    assert world.drain() == [] and len(told(world)) == 1, "of the real one"


def test_beskeder_end_after_half_a_year_and_begin_again_when_asked_for(world):
    one = saved(world)
    world.clock.move(days=181)
    assert standing(world) == ("rested", False)
    with world.house() as house:
        tell_of_news(house, world.staff("ove"), one.id, True)
    assert standing(world) == ("watching", False)
    with world.house() as house:
        tell_of_news(house, world.staff("ove"), one.id, False)
    assert standing(world) == ("off", False)


def test_what_cannot_be_saved_is_refused_by_its_name(world):
    for error, changes in (
        (TitleWrong, {"title": ""}),
        (TitleWrong, {"title": "x" * 81}),
        (TitleWrong, {"title": "Alma 010119-1234"}),
        (TitleWrong, {"title": "a\u202eb"}),
        (WordsUnfit, {"query": SearchQuery(allowed_units=(), words="010119-1234")}),
    ):
        with pytest.raises(error):
            saved(world, **changes)
    with world.house() as house, pytest.raises(PurposeMissing):
        save_search(house, world.staff("ove"), "Navn", WITHDRAWN, "kort")
    with world.house() as house, pytest.raises(NotFound):
        save_search(house, world.staff("birgit"), "Navn", WITHDRAWN, PURPOSE)
    first = saved(world, title="0")
    for number in range(1, MOST):
        saved(world, title=str(number), tell=False)
    with pytest.raises(TooMany):
        saved(world, title="en til")
    assert saved(world, SearchQuery(allowed_units=("u",), words="x", page=3), "0").id == first.id, (
        "a name is there once"
    )
    with world.house() as house:
        kept = house.saved.get(first.id).question
    assert kept == SearchQuery(allowed_units=(), words="x"), "whose archive it is, is found out anew"


@pytest.mark.req("R-111", "R-71")
def test_saved_in_the_browser_its_link_holds_no_word_and_asks_for_a_purpose_anew(world):
    installation = WorldInstallation(world)
    app = as_staff(installation, "ove")
    form = search(app, "pindsvin").forms["save"]
    assert form.submit(status=422).forms["save"]["title"].value == ""
    form["title"], form["tell"] = "Tilsyn i efteråret", True
    done = form.submit()
    link = done.html.find("a", string="Fast link til søgningen")["href"]
    assert "pindsvin" not in link and "?" not in link
    again = app.get(link)
    assert "Tilsyn i efteråret" in again and again.forms["search"]["words"].value == "pindsvin"
    assert (
        again.forms["search"]["purpose"].value == again.forms["search"]["purpose_note"].value == ""
        and "dokument fundet" not in again
    )
    again.forms["search"].submit(status=422)
    state_purpose(again.forms["search"], PURPOSE)
    found = again.forms["search"].submit()
    assert "1 dokument fundet" in found
    kept = found.forms["save"]
    assert (kept["title"].value, kept["tell"].checked) == ("Tilsyn i efteråret", True), (
        "saved again, it takes its own place"
    )
    back = next(one for one in done.forms.values() if one.action == "/arkiv")
    assert "1 dokument fundet" in back.submit(), "the purpose is said once per piece of work"
    withdrawn(world)
    assert app.get("/").html.find("a", href=link).text == "Der er nyt i en gemt søgning."
    listed = app.get("/arkiv/soegninger")
    assert "Tilsyn i efteråret" in listed and "Nyt" in [one.text for one in listed.html.select(".badge")]
    stranger = as_staff(installation, "birgit")
    assert stranger.get(link, status=404).body == stranger.get("/arkiv/soegninger", status=404).body == NOT_FOUND_BODY
    wrong = {"csrf_token": stranger.get("/").forms[0]["csrf_token"].value, "trin": "gem", "since": "0-0-0000"}
    assert stranger.post("/arkiv/soegninger", wrong, status=404).body == NOT_FOUND_BODY
    role_ends(world)
    assert "Du er ikke arkivar længere" in app.get(link, status=409)
    lost = app.get("/arkiv/soegninger")
    assert "Bliver ikke brugt" in lost
    gone = next(one for one in lost.forms.values() if "trin" in one.fields and one["trin"].value == "slet")
    assert gone.submit().status_int == 303
    assert app.get("/arkiv/soegninger", status=404).body == NOT_FOUND_BODY
    assert not app.get("/").html.find("a", href=link), "a notice leads nowhere when its search is gone"


def test_nothing_is_told_while_the_log_cannot_be_written_and_it_is_tried_again(world):
    saved(world)
    with world.house() as house:
        house.outbox.add("watch_searches", {"document": document_now(world).id, "event": new_id()}, house.moment)
    saved(world, SearchQuery(allowed_units=(), words="pindsvin"), "Alt")
    with world.full_log():
        assert world.drain() == ["audit.unavailable"]
    assert told(world) == []
    world.clock.move(seconds=timedelta(minutes=1).total_seconds())
    assert world.drain() == [] and len(told(world)) == 1


def gone_row(world: World, search_id: str) -> list[tuple[str, str]]:
    return [(r.role, r.purpose) for r in all_rows(world) if (r.action, r.object_id) == ("forget_search", search_id)]


@pytest.mark.req("R-71")
def test_the_search_of_who_lost_the_role_is_mute_at_once_and_gone_half_a_year_later(world):
    one, day = saved(world), timedelta(days=1)
    assert forget_searches(world.house) == 0, "its owner is an archivist"
    role_ends(world)
    assert forget_searches(world.house) == 0
    ends = local_day(world.clock.now()) + TELLS_FOR
    with world.house() as house:
        (line,) = own_searches(house, world.staff("ove"))
    assert (line.search.stop, line.standing, line.goes_on) == ("no-role", "no-role", ends), "though nothing new came"
    assert day_text(ends) in as_staff(WorldInstallation(world), "ove").get("/arkiv/soegninger")
    world.clock.move(days=(TELLS_FOR - day).days)
    assert forget_searches(world.house) == 0 and gone_row(world, one.id) == []
    world.clock.move(days=1)
    assert forget_searches(world.house) == 1
    with world.house() as house:
        assert house.saved.get(one.id) is None
    assert gone_row(world, one.id) == [("system", "role ended")]


@pytest.mark.req("R-71")
def test_who_left_leaves_no_search_and_who_got_the_role_back_loses_none(world):
    one = saved(world)
    with world.house() as house:
        ove = house.people.staff(world.ids.staff["ove"])
        other = msgspec.structs.replace(one, id=new_id(), owner=new_id())  # of somebody who is in no register any more
        house.saved.put(other)
    role_ends(world)
    assert forget_searches(world.house) == 1 and gone_row(world, other.id) == [("system", "owner left")]
    with world.house() as house:
        house.people.put_staff(ove)
    world.clock.move(days=TELLS_FOR.days + 1)
    assert forget_searches(world.house) == 0
    with world.house() as house:
        kept = house.saved.get(one.id)
        assert kept.stopped_on is None and kept.stop == "no-role", "it begins again when its owner asks"


def test_no_search_is_removed_while_the_log_cannot_be_written(world):
    one = saved(world)
    with world.house() as house:
        house.saved.put(msgspec.structs.replace(one, id=(lost := new_id()), owner=new_id()))
    with world.full_log(), pytest.raises(Unavailable):
        forget_searches(world.house)
    with world.house() as house:
        assert house.saved.get(lost) is not None
