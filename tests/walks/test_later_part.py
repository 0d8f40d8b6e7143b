"""The place that receives writes in documents of its own: its plan of the reception, its evaluation (design 11, ADR 0074)."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from ZODB.POSException import ConflictError

from tests.support.destruction import FIRST, SECOND, WHY, act, child_left, code, gone, mark, ordered, stops
from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.shared_forms import lock, read_by_parent, write_together
from tests.support.world import SET, document_now, fill_all
from tests.walks.test_insight_texts import collected, items
from tests.walks.test_moved_child import moves
from tests.walks.test_own_templates import OWN, published
from tests.walks.test_receiver_pages import rows, take_back
from tillid.archive.scope import may_be_found
from tillid.kernel.errors import NotFound, TillidError
from tillid.usecases.confirm_words import confirm_words
from tillid.usecases.facts import require
from tillid.usecases.follow_up import copy_job
from tillid.usecases.later_part import begin_later
from tillid.usecases.open_copy import name_reader, open_copy
from tillid.usecases.order_destruction import order_destruction
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.search_own import search_own
from tillid.usecases.share_document import share_document
from tillid.web.answers import NOT_FOUND_BODY

PLAN = [{"hvad": "Besøg i 0.A, mens de andre er ude", "hvem": "Peter", "hvornaar": "Uge 23"}]
SUBJECTS = "Hvordan middagsluren går for tiden."
WAYS = ("", "/udfyld/overlevering", "/gennemse", "/laes", "/dokument.pdf")


@pytest.fixture
def world(world_at):
    return world_at("signed")


def begun(world, who="hanne", phase="reception"):
    with world.house() as house:
        return begin_later(house, world.staff(who), world.made["document"], phase).id


def named(world, who="peter"):
    with world.house() as house:
        name_reader(house, world.staff("hanne"), world.made["document"], world.ids.staff[who])


def shared(world, own, who="hanne"):
    with world.house() as house:
        share_document(house, world.staff(who), own)


def may(world, who, operation, own):
    try:
        with world.house() as house:
            require(house, who, operation, own)
    except NotFound:
        return False
    return True


def answers(world, own):
    with world.house() as house:
        return house.documents.draft(own).answers


def source(world):
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        kept = (document, house.documents.version(document.id, document.versions), house.documents.draft(document.id))
        return kept, [event.id for event in house.ledger.of_document(document.id)]


@pytest.mark.req("O16", "R-22", "R-71", "P3")
def test_hanne_writes_her_plan_shares_and_locks_it_and_what_she_received_is_not_touched(world):
    home, before = WorldInstallation(world), source(world)
    hanne, at = as_staff(home, "hanne"), f"/modtaget/{world.made['document']}"
    form = next(one for one in hanne.get(at).forms.values() if one.action.endswith("/eget/reception"))
    filled = form.submit(status=303).follow().follow()
    own = filled.request.path.split("/")[2]
    assert form.submit(status=303).location.endswith(f"/dokument/{own}/udfyld"), (
        "the same click again is the same document"
    )
    assert len(rows(world, "begin_later")) == 2
    section = next(one for one in filled.forms.values() if "f.mundtligt" in one.fields)
    section["f.mundtligt"] = SUBJECTS
    section.submit("go", value="stay", status=303)
    fill_all(world, world.staff("hanne"), own, {"modtageplan": PLAN})
    page = hanne.get(at)
    link = page.html.select_one(f"section[aria-labelledby=egne] a[href='/dokument/{own}']")
    assert link is not None and not any(one.action.endswith("/eget/reception") for one in page.forms.values())
    assert (
        hanne.get("/")
        .html.select_one(f"section[aria-labelledby=own-parts] a[href='/dokument/{own}']")
        .text.startswith("Alma")
    )
    holder = world.holders(SET.child_id)[0]
    parent, parents = as_parent(home, holder.person_id), f"/foraelder/dokument/{own}"
    parent.get(parents, status=404)
    review = f"/dokument/{own}/gennemse"
    assert "referatet" not in hanne.get(review).html.select_one("main").text, "it is no meeting's minutes"
    next(one for one in hanne.get(review).forms.values() if one.action.endswith("/del")).submit(status=303)
    assert world.drain() == []
    assert SUBJECTS in read_by_parent(world, own, holder) and PLAN[0]["hvad"] in parent.get(f"{parents}/laes")
    next(one for one in hanne.get(review).forms.values() if one.action.endswith("/indsend")).submit(status=303)
    assert world.drain() == []
    with world.house() as house:
        document = house.documents.get(own)
        version = house.documents.version(own, document.versions)
        assert (document.state, document.unit_id, document.receiver_unit_id) == (
            "submitted",
            SET.receiver_unit_id,
            None,
        )
        assert document.source is not None and document.source.document_id == world.made["document"]
        assert {"team", "parent"} <= set(version.copies) and version.answers["modtageplan"][0]["hvem"] == "Peter"
        assert open_copy(house, holder, own, "read_parent_copy").data.startswith(b"%PDF-")
        printed = str(copy_job(house, document, version, "team"))
    assert SUBJECTS in printed and "Overgangsbeskrivelse (Barnets bog): Modtagelsen" in printed
    assert source(world) == before, "neither the text, nor its versions, nor its events"


@pytest.mark.req("R-22", "R-70", "R-18")
def test_nobody_reads_it_who_was_never_let_read_what_it_follows_on(world):
    own, home = begun(world), WorldInstallation(world)
    fill_all(world, world.staff("hanne"), own, {"mundtligt": SUBJECTS})
    for who in ("sofie", "birgit", "peter", "line", "ove", "camilla", "jonas"):
        app = as_staff(home, who)
        for way in WAYS:
            assert app.get(f"/dokument/{own}{way}", status=404).body == NOT_FOUND_BODY, (who, way)
    named(world)
    assert SUBJECTS in as_staff(home, "peter").get(f"/dokument/{own}/gennemse")
    assert begun(world, "peter") == own, "one of each phase for the place"
    for who in ("line", "sofie", "ove"):
        with pytest.raises(NotFound):
            begun(world, who)
    for phase in ("content", "derived", "modtagelse"):
        with pytest.raises(NotFound):
            begun(world, phase=phase)


@pytest.mark.req("R-17", "R-18", "R-22")
def test_after_a_withdrawal_it_stays_with_who_began_it_and_the_leader_and_none_is_begun(world):
    named(world)
    named(world, "line")
    plan, home = begun(world, "peter"), WorldInstallation(world)
    at = f"/modtaget/{world.made['document']}"
    stale = next(
        one for one in as_staff(home, "hanne").get(at).forms.values() if one.action.endswith("/eget/evaluation")
    )
    as_staff(home, "line").get(f"/dokument/{plan}", status=200)
    take_back(world)
    assert stale.submit(status=404).body == NOT_FOUND_BODY
    with pytest.raises(NotFound):
        begun(world, "peter", "evaluation")
    for who in ("hanne", "peter"):
        app = as_staff(home, who)
        app.get(at, status=404)
        fill_all(world, world.staff(who), plan, {"mundtligt": f"{who} skriver videre."})
        assert "Alma" not in app.get("/").html.select_one("main").text, "the line names nobody"
        assert "skriver videre" in app.get("/").click(href=f"/dokument/{plan}").click("Gennemse det hele")
    assert as_staff(home, "line").get(f"/dokument/{plan}", status=404).body == NOT_FOUND_BODY
    assert plan not in as_staff(home, "line").get("/")


@pytest.mark.req("R-70")
@pytest.mark.parametrize(("to", "reads"), [(SET.receiver_unit_id, True), ("elsewhere", False)])
def test_it_is_open_while_the_child_is_at_the_one_place_or_the_other(world, to, reads):
    own = begun(world)
    with world.house() as house:
        other = next(one for one in house.people.organigram().units if one not in (SET.unit_id, SET.receiver_unit_id))
    moves(world, SET.child_id, other if to == "elsewhere" else to)
    assert may(world, world.staff("hanne"), "see_draft", own) == reads
    assert not may(world, world.staff("line"), "see_status", own), "nor does a colleague come in with the child"


@pytest.mark.req("O16b", "O2")
def test_of_the_one_child_nothing_is_written_before_its_parents_take_part(world):
    named(world)
    own, holder = begun(world, "peter", "evaluation"), world.holders(SET.child_id)[0]
    fill_all(world, world.staff("peter"), own, {"eval_dato": "2026-11-25"})
    today = "Alma er glad for at gå her."
    shared(world, own)
    home = WorldInstallation(world)

    def write(base=0):
        with world.house() as house:
            return save_fields(house, world.staff("peter"), own, {"eval_barn": Change(value=today, base=base)})

    def asked():
        return "f.eval_barn" in str(as_staff(home, "peter").get(f"/dokument/{own}/udfyld/evaluering").html)

    write()
    shared(world, own)
    with world.house() as house:
        assert "eval_barn" not in house.documents.version(own, 2).answers, (
            "a field that nobody is asked for is not frozen"
        )
    write_together(world, own, "peter", holder.person_id, {"score": 4, "text": "Det gik godt."}, field="eval_foraeldre")
    shared(world, own)
    with world.house() as house:
        assert "eval_barn" not in house.documents.version(own, 3).answers, "others' words about them are not their word"
        confirm_words(house, holder, own)
    assert asked()
    shared(world, own)
    with world.house() as house:
        assert house.documents.version(own, 4).answers["eval_barn"] == today
    assert today in read_by_parent(world, own, holder)


@pytest.mark.req("R-90", "R-83")
def test_it_falls_due_with_what_it_follows_on_which_does_not_go_before_it(world):
    own, first = begun(world), world.made["document"]
    fill_all(world, world.staff("hanne"), own, {"mundtligt": SUBJECTS})
    shared(world, own)
    lock(world, own, "hanne")
    assert world.drain() == []
    child_left(world)
    moves(world, SET.child_id)
    with world.house() as house:
        child = house.people.child(SET.child_id)
        left = msgspec.structs.replace(child, left={SET.unit_id: date(2026, 12, 31)})
        house.people.put_child(left, house.people.unmask_cpr(child.id), house.people.custody(child.id))
    mark(world)
    assert stops(world) == ("followed",)
    assert code(act, world, FIRST, order_destruction, WHY) == "keeping.stopped"
    page = as_staff(WorldInstallation(world), FIRST).get(f"/arkiv/{first}/bevaring")
    assert "Det modtagende sted har skrevet videre i sit eget dokument." in page
    world.made["document"] = own
    mark(world)
    assert stops(world) == (), "due on the same day, although the child is still at the place that wrote it"
    ordered(world)
    world.clock.move(days=15)
    assert world.drain() == [] and gone(world)
    world.made["document"] = first
    assert stops(world) == ()
    ordered(world)
    world.clock.move(days=15)
    assert world.drain() == [] and gone(world) and SECOND != FIRST


@pytest.mark.req("R-22", "R-72", "R-05")
def test_no_search_finds_it_for_others_and_who_asks_for_insight_is_told_of_it(world):
    own = begun(world)
    fill_all(world, world.staff("hanne"), own, {"mundtligt": SUBJECTS})
    shared(world, own)
    lock(world, own, "hanne")
    assert world.drain() == []
    with world.house() as house:
        assert not may_be_found(house.documents.get(own), None)
    assert not may(world, world.staff("ove"), "read_archived", own)
    with world.house() as house:
        for who, finds in (("hanne", [own]), ("peter", []), ("sofie", [])):
            assert [one.document_id for one in search_own(house, world.staff(who), "middagsluren").hits] == finds, who
    case = collected(world)
    found = [one for one in items(world, case, "version", "document") if one.document_id == own]
    assert found, "the child's whole file is asked for"
    with world.house() as house:
        receivers = str(open_copy(house, world.staff("hanne"), world.made["document"], "read_released").data)
    assert SUBJECTS not in receivers and document_now(world).receiver_unit_id == SET.receiver_unit_id


@pytest.mark.req("O22")
def test_it_is_printed_in_the_programs_own_template_and_empty_as_its_own_form(world):
    """A municipality's template may print the form's fields by name, and these are others."""
    own, home = begun(world), WorldInstallation(world)
    shared(world, own)
    published(world)
    with world.house() as house:
        jobs = [
            copy_job(house, document, house.documents.version(document.id, document.versions), "team").template
            for document in map(house.documents.get, (own, world.made["document"]))
        ]
    assert jobs == [b"", OWN]
    hanne = as_staff(home, "hanne")
    empty = hanne.get(f"/dokument/{own}/gennemse").click("Udskriv et tomt skema")
    assert "Sådan tager vi imod barnet" in empty and "Barnets styrker" not in empty
    path = empty.request.path
    unknown = hanne.get(f"{path}?tilfoejelse=findes-ikke", expect_errors=True)
    for phase in ("content", "findes-ikke"):
        refused = hanne.get(f"{path}?fase={phase}", expect_errors=True)
        assert refused.status_int == unknown.status_int >= 400 and "Barnets styrker" not in refused


@pytest.mark.req("R-22")
def test_of_two_who_begin_in_the_same_second_one_is_told_again_and_finds_the_others(world):
    named(world)
    with pytest.raises(ConflictError), world.house() as house:
        begin_later(house, world.staff("hanne"), world.made["document"], "reception")
        theirs = begun(world, "peter")
    assert begun(world) == theirs


@pytest.mark.req("R-36", "R-34")
def test_it_goes_no_way_that_gives_a_text_on(world):
    own, home = begun(world), WorldInstallation(world)
    shared(world, own)
    for way in (
        "/udlever",
        "/plejeforaelder",
        "/moedesamtykke",
        "/flyt",
        "/papir",
        "/journalnotat.txt",
        "/beslutning",
        "/rettelse",
        "/aftaler",
    ):
        as_staff(home, "hanne").get(f"/dokument/{own}{way}", status=404)
    with pytest.raises((NotFound, TillidError)), world.house() as house:
        name_reader(house, world.staff("hanne"), own, world.ids.staff["peter"])
