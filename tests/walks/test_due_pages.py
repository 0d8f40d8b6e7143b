"""The archivist's look at the whole: months, holds, other rules, KLE marks; underretninger for who has a role for them (R-54, R-81, R-82)."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from webtest import Upload

from tests.support.destruction import FIRST, SECOND, WHY, act, code, mark, stops
from tests.support.destruction import due as due
from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import document_now
from tests.walks.test_asked_again import with_notification
from tests.walks.test_keeping_pages import pages as pages
from tests.walks.test_keeping_pages import press
from tillid.archive.due_index import DueEntry, indexed
from tillid.archive.retention import due_day, preview
from tillid.archive.retention_rules import our_rules
from tillid.consents.statement import danish_date
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.usecases.due_list import due_list
from tillid.usecases.due_overview import due_overview, held_now, preview_rule
from tillid.usecases.keep_document import keeping_page, lift_hold, place_hold
from tillid.usecases.keepers import places_of, was_kept
from tillid.usecases.order_destruction import cancel_destruction, confirm_destruction, order_destruction
from tillid.usecases.work_out_due import work_out_due
from tillid.web.answers import NOT_FOUND_BODY

LIST = "emne;facet;bevaring;kilde\n17.00.00;;kasseres;Byrådet 2026\n;G01;kasseres;Byrådet 2026\n;A00;bevares;BEK 183/2018\n"


@pytest.mark.req("R-05", "R-82", "R-90")
def test_the_whole_municipality_by_month_what_is_held_and_another_rule(pages):
    world, address, first, _ = pages
    number = document_now(world).number
    assert "ikke lavet endnu" in first.get("/arkiv/frister?vis=alle")
    assert work_out_due(world.house) == 1
    months = first.get("/arkiv/frister?vis=alle")
    assert number not in months
    month = months.click("december 2031", href="maaned")
    assert number in month and "Alma" not in month and "Uafklaret" in month
    assert number not in first.get("/arkiv/frister?vis=alle&maaned=2031-11&side=99999")
    assert number in first.get("/arkiv/frister?vis=alle&maaned=2031-12&side=99"), "the last page there is"
    assert number not in first.get("/arkiv/frister?vis=holdt")
    press(first, address, "hold", hold="insight", hvorfor="Forældrene har bedt om indsigt.")
    held = first.get("/arkiv/frister?vis=holdt")
    assert (
        number in held
        and "Forældrene har bedt om indsigt." in held
        and "(1)" in held.html.select_one("#h-insight").text
    )
    rules = first.get("/arkiv/frister?vis=regler")
    form = next(
        one for one in rules.forms.values() if "regel" in one.fields and one["regel"].value == "overgangsbeskrivelse"
    )
    form["antal"] = "10"
    moved = form.submit()
    assert number in moved and "31. december 2036" in moved
    form["antal"] = "0"
    assert form.submit(status=422).html.select_one(".error-summary")
    for wrong in ("vis=x", "vis=regler&regel=nej&antal=1&enhed=Y"):
        assert first.get(f"/arkiv/frister?{wrong}", status=404).body == NOT_FOUND_BODY
    for who in ("birgit", "camilla", "rasmus"):
        app = as_staff(WorldInstallation(world), who)
        for seen in ("frister?vis=alle", "frister?vis=holdt", "frister?vis=regler", "kle"):
            assert app.get(f"/arkiv/{seen}", status=404).body == NOT_FOUND_BODY


def send(app, text):
    form = next(one for one in app.get("/arkiv/kle").forms.values() if "fil" in one.fields)
    form["fil"] = Upload("kle.csv", text.encode(), "text/csv")
    return form.submit("do", value="send", status="*")


@pytest.mark.req("R-81", "R-82")
def test_the_municipalitys_own_marks_are_taken_in_use_by_two_suggest_and_can_only_stop(pages):
    world, address, first, second = pages
    wrong = send(first, LIST + "17.1;;slet;x\n")
    assert wrong.status_int == 422 and "Linje 5:" in wrong and "Der er ingen liste endnu." in wrong
    assert send(first, LIST).status_int == 303
    waits = first.get("/arkiv/kle")
    assert "BEK 183/2018" in waits and not waits.html.select_one('button[value="use"]'), "who sent it in cannot"
    seen = second.get("/arkiv/kle")
    form = next(one for one in seen.forms.values() if "digest" in one.fields)
    first.post("/arkiv/kle", [*form_of(waits).submit_fields(), ("do", "use")], status=422)
    form.submit("do", value="use", status=303)
    assert "3 linjer" in first.get("/arkiv/kle")
    suggested = press(first, address, "slaaop", 200, emne="17.00.00", facet="G01")
    assert "foreslår: Kasseres" in suggested and "Byrådet 2026" in suggested
    assert stops(world) == ("undecided",), "a suggestion marks nothing"
    assert "siger intet" in press(first, address, "slaaop", 200, emne="99.00.00", facet="K04")
    typed = {"maerke": "kasseres", "emne": "17.00.00", "bestemmelse": "BEK", "hvorfor": WHY}
    assert "skal bevares" in press(first, address, "vurder", 422, facet="A00", **typed)
    press(first, address, "vurder", facet="G01", **typed)
    assert stops(world) == ()


def form_of(page):
    return next(one for one in page.forms.values() if "digest" in one.fields)


@pytest.mark.req("R-54", "R-82", "R-90")
def test_an_underretning_is_appraised_by_who_has_a_role_for_it_and_seen_by_no_other_archivist(world_at):
    world = with_notification(world_at("people"))
    keeper, other, ordinary = "mettemarie", "solvej", "ove"
    with world.house() as house, pytest.raises(NotFound):
        keeping_page(house, world.staff(ordinary), world.made["document"])
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        assert due_list(house, world.staff(ordinary), document.unit_id).waiting == 0
        page = due_list(house, world.staff(keeper), document.unit_id)
        assert [one.document.id for _, ones in page.months for one in ones] == [document.id]
    work_out_due(world.house)
    with world.house() as house:
        assert due_overview(house, world.staff(keeper)).months == {"2036-11": 1}
        assert due_overview(house, world.staff(ordinary)).months == {}, "no count tells of it"
        rule = preview_rule(house, world.staff(ordinary), "underretning", "P1Y")
        assert (rule.all, rule.moved) == (0, ())
    act(world, keeper, place_hold, "legal", WHY)
    with world.house() as house:
        (held,) = held_now(house, world.staff(keeper))
        assert held.document_id == document.id and held_now(house, world.staff(ordinary)) == ()
    act(world, keeper, lift_hold, held.placed.id, WHY)
    world.clock.move(days=10 * 366)
    mark(world, who=keeper)
    order = act(world, keeper, order_destruction, WHY)
    assert code(act, world, ordinary, confirm_destruction, order) == "access.not-found"
    shown = as_staff(WorldInstallation(world), keeper).get(f"/arkiv/{document.id}/bevaring")
    assert document.number in shown and "Alma" not in shown
    with world.house() as house:
        assert house.people.staff(document.author).name not in shown
    act(world, other, confirm_destruction, order)
    world.clock.move(days=15)
    assert world.drain() == []
    with world.house() as house:
        assert house.documents.get(document.id) is None
        assert due_list(house, world.staff(ordinary), document.unit_id).destroyed == (), "nor that it was there"
        assert [one.id for one in due_list(house, world.staff(keeper), document.unit_id).destroyed] == [document.id]
    app = as_staff(WorldInstallation(world), ordinary)
    assert app.get(f"/arkiv/{document.id}/bevaring", status=404).body == NOT_FOUND_BODY
    with world.house() as house:
        told = [who for who in (keeper, ordinary) if was_kept(house, world.staff(who), document.id)]
    assert told == [keeper], "nor does the permanent link tell"


def test_a_place_with_many_documents_is_shown_by_month_as_a_small_one_is_whole(pages, monkeypatch):
    world, _, first, _ = pages
    document = document_now(world)
    place = f"/arkiv/frister?sted={document.unit_id}"
    with world.house() as house:
        small = due_list(house, world.staff(FIRST), document.unit_id)
    work_out_due(world.house)
    monkeypatch.setattr("tillid.usecases.due_list.MOST_LIVE", 0)
    with world.house() as house:
        large = due_list(house, world.staff(FIRST), document.unit_id)
    assert large.months == () and large.many.months == {month: len(ones) for month, ones in small.months}
    assert (large.orders, large.destroyed, large.waiting) == (small.orders, small.destroyed, small.waiting)
    page = first.get(place)
    assert "mange dokumenter" in page and document.number not in page
    month = page.click("december 2031", href="maaned")
    assert document.number in month and f"sted={document.unit_id}" in str(month.request.url)
    assert first.get(f"{place}&vis=alle&maaned=2031-12").html.select("li .h5")
    for who, wrong in (("birgit", document.unit_id), (FIRST, new_id()), (FIRST, "x")):
        app = as_staff(WorldInstallation(world), who)
        assert app.get(f"/arkiv/frister?vis=alle&sted={wrong}", status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-82")
@pytest.mark.parametrize("period", ["P7Y", "P1Y", "P5Y", "P60M", "P1826D", "P61M"])
def test_what_another_period_would_move_is_counted_as_each_document_would_say(due, period):
    """Also where some days move one way and some another: five years are 1826 or 1827 days."""
    with due.house() as house:
        places = sorted(one for one in places_of(house, due.staff(FIRST)) if one.startswith("archivist:"))
    now = our_rules().of_forms()
    rule = now["overgangsbeskrivelse"]
    entries = []
    for number in range(120):
        happened = {} if number % 5 == 0 else {"child_left": date(2023, 1, 1) + timedelta(days=11 * number)}
        place = places[number % len(places)] if number % 4 else "archivist:another"
        form = rule.forms[0] if number % 3 else "trivselsoverblik"
        entries.append(
            DueEntry(id=new_id(), place=place, form_id=form, due=due_day(now[form], happened), happened=happened)
        )
    with due.house() as house:
        house.keeping.put_due(indexed(entries, house.moment))
    mine = [one.document for one in entries if one.place in places and one.form_id in rule.forms]
    other = {form: msgspec.structs.replace(rule, period=period) for form in rule.forms}
    moved = preview(now, {**now, **other}, mine)
    earlier = sum(one.after < one.before for one in moved)
    with due.house() as house:
        found = preview_rule(house, due.staff(FIRST), rule.id, period)
    assert (found.all, found.earlier, found.later) == (len(mine), earlier, len(moved) - earlier)


@pytest.mark.req("R-90")
def test_an_order_stands_on_the_page_of_a_large_place_until_it_is_given_up(due, monkeypatch):
    monkeypatch.setattr("tillid.usecases.due_list.MOST_LIVE", 0)
    document = document_now(due)

    def orders():
        with due.house() as house:
            return [one.document.id for one in due_list(house, due.staff(FIRST), document.unit_id).orders]

    assert orders() == []
    mark(due)
    order = act(due, FIRST, order_destruction, WHY)
    assert orders() == [document.id]
    act(due, SECOND, cancel_destruction, order, WHY)
    assert orders() == []
    act(due, FIRST, order_destruction, WHY)
    mark(due, "bevares")
    assert orders() == [], "another mark ends it"


def test_the_report_of_fixity_says_what_was_read_when_and_what_to_do(world_at):
    from tests.support.fixity import read_again
    from tests.walks.test_fixity import blob_file, change

    world = world_at("signed")
    installation = WorldInstallation(world)
    assert "Intet er læst igen endnu" in as_staff(installation, "camilla").get("/drift/eftersyn")
    document = document_now(world)
    with world.house() as house:
        digest = next(iter(house.documents.version(document.id, document.versions).copies.values())).sha256
    read_again(world, days=3)
    change(blob_file(world, digest))
    world.clock.move(days=1)
    state = read_again(world)
    if not state.damages:
        state = read_again(world)
    assert sum(one.damaged for one in state.shares) == 1 and sum(one.whole for one in state.shares) >= 1
    page = as_staff(installation, "camilla").get("/drift/eftersyn")
    assert (
        page.text.partition("Skal være færdig senest")[2]
        .partition("</dd>")[0]
        .endswith(danish_date(local_day(state.began_at + timedelta(days=30))))
    ), "all is read within a month"
    assert digest in page and "fra en sikkerhedskopi" in page and "1 skade" in page and "Alt læst" in page
    for who in (FIRST, SECOND, "rasmus", "birgit"):
        assert as_staff(installation, who).get("/drift/eftersyn", status=404).body == NOT_FOUND_BODY
