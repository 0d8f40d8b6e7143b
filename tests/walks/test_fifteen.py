"""Before a child turns fifteen its team is told that the parents' consents end; from that day on the child is asked itself (R-41)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.support.installation import WorldInstallation, app_over, as_parent, as_staff
from tests.support.shared_forms import THEO, lock, mother
from tests.support.world import SET
from tests.walks.test_meeting_consent import SHEET, ask, meeting_called
from tests.walks.test_parent_consent import answer_all, form_of
from tillid.consents.record import read_record
from tillid.demo.present import assessed
from tillid.kernel.clock import local_day
from tillid.kernel.errors import Unavailable
from tillid.signatures.rendering import render
from tillid.usecases.facts import gathered
from tillid.usecases.request_consent import request_consent
from tillid.usecases.share_document import share_document
from tillid.usecases.whose_consent import may_answer
from tillid.web.answers import NOT_FOUND_BODY


def turns_fifteen(world, ahead=0, child_id=SET.child_id):
    """The register says so; the young person has MitID."""
    with world.house() as house:
        child, custody = house.people.child(child_id), house.people.custody(child_id)
        day = local_day(house.moment) + timedelta(days=ahead)
        born = day.replace(year=day.year - 15)
        number = house.people.unmask_cpr(child.id)
        house.people.put_child(msgspec.structs.replace(child, birth_date=born, mitid=True), number, custody)


def judged(world):
    """What is released now, and why."""
    with world.house() as house:
        return gathered(house, house.documents.get(world.made["document"]))[0].verdict


def no_register(_child_id):
    raise Unavailable("the register of custody is away")


@pytest.mark.req("R-41")
def test_the_childs_page_says_that_the_young_person_is_to_be_asked(world_at):
    world = world_at("people")
    app, path = as_staff(WorldInstallation(world), "sofie"), f"/barn/{SET.child_id}"
    assert "15 år" not in app.get(path)
    for ahead, words in (
        (30, "Tal med den unge og forældrene inden"),
        (0, "Forældrenes samtykker gælder ikke længere"),
    ):
        turns_fifteen(world, ahead)
        assert words in app.get(path)


@pytest.mark.req("R-41", "R-16", "R-17", "R-35", "R-71", "P8")
def test_the_young_person_is_asked_answers_and_takes_back_with_its_own_login(world_at):
    world = world_at("signed")
    installation, id = WorldInstallation(world), world.made["document"]
    turns_fifteen(world, ahead=1)
    offered = app_over(installation).get("/login/foraelder")
    assert "Alma Skov Petersen" not in offered, "no login of its own before the day"
    turns_fifteen(world)
    assert judged(world).reason == "child-fifteen"
    sofie = as_staff(installation, "sofie")
    page = sofie.get(f"/dokument/{id}")
    assert "Forældrene bliver ikke spurgt" in page
    asked = form_of(page, "after").submit().follow()
    assert "har ikke svaret endnu" in asked and "Spørg den unge" not in asked
    assert judged(world).waiting_for == (SET.child_id,)

    mother, young = (
        as_parent(installation, world.holders(SET.child_id)[0].person_id),
        as_parent(installation, SET.child_id),
    )
    home = young.get("/")
    assert "Du er fyldt 15 år" in home and "få oplysninger om dig?" in home and "Dine børn her" not in home
    assert young.get(f"/foraelder/dokument/{id}/laes").status_int == 200
    for closed in (
        f"/dokument/{id}/udfyld/udvikling",
        f"/foraelder/dokument/{id}/enig",
        f"/barn/{SET.child_id}",
        "/log",
    ):
        assert young.get(closed, status=404).body == NOT_FOUND_BODY, closed
    link = next(a["href"] for a in home.html.find_all("a") if a["href"].startswith("/samtykke/") and "Må" in a.text)
    before = mother.get("/").text
    assert "svarer selv" in before and link not in before
    mother.get(link, status=404)
    form = answer_all(young.get(link), "ja")
    words = young.get(link).html.find("section", class_="consent-words").text
    assert "Du er fyldt 15 år" in words and "har sin plads" not in words, "spoken to, and never about as to its parents"
    done = form_of(form.submit("trin", value="se"), "nonce").submit("trin", value="send")
    assert "Tak for dit svar" in done.follow() and world.drain() == []
    assert judged(world).effective
    record = young.get(done.location).click("Hent dit bevis").body
    with world.house() as house:
        given = house.ledger.event(done.location.rsplit("/", 1)[1])
        rows = {row.action for row in house.audit.of_child(SET.child_id) if row.person_id == SET.child_id}
    verdict = installation.verify_record(record, installation.clock.now())
    facts = read_record(verdict.signed)
    assert (facts.role, facts.holder_id, facts.event_digest) == ("self", SET.child_id, given.digest)
    assert "Den unge selv" in render(verdict.signed).decode()
    assert {"read_parent_copy", "give_consent"} <= rows
    assert mother.get(f"/foraelder/dokument/{id}").status_int == 200, "parents go on reading ..."
    assert mother.get("/").text.count("svarer selv") == 1 and link not in mother.get("/"), (
        "... and are told of no answer"
    )

    back = young.get(f"{link}/traek-tilbage")
    assert "kan ikke åbne oplysningerne om dig mere" in back, "in words to the one whose data it is, not to a parent"
    form_of(back, "nonce").submit()
    assert judged(world).standing == "withdrawn" and world.drain() == []
    page = young.get("/")
    assert "Trukket tilbage" in page
    turns_fifteen(world, ahead=1)
    assert "Hej" not in young.get("/"), "the session ends with what let it in"


@pytest.mark.req("R-41", "R-106", "R-22")
def test_on_paper_and_by_phone_for_a_young_person_without_mitid_whatever_the_register_of_custody_says(world_at):
    world = world_at("agreed")
    turns_fifteen(world)
    with world.house() as house:
        request = request_consent(house, world.staff("sofie"), world.made["document"], after="")
        assert request.required_holders == (SET.child_id,) and set(request.series) == {SET.child_id}
    birgit = as_staff(WorldInstallation(world), "birgit")
    paper = birgit.get(f"/dokument/{world.made['document']}/papir")
    assert "indtast svaret: Alma Skov Petersen" in paper and "indtast svaret: Katrine" not in paper
    with world.house() as house:
        person = house.people.child(SET.child_id)
        custody = house.people.custody(SET.child_id)
        house.people.put_custody(msgspec.structs.replace(custody, holders=()))
    world.store._custody_source = no_register
    given = world.player.say_yes(world.parent(person.id), request.id)
    assert given.sealed and judged(world).effective, (
        "who holds custody is not asked of her, nor is a register that is away"
    )
    world.store._custody_source = None
    assert judged(world).effective, "nor does it matter that nobody does"


@pytest.mark.req("R-41", "R-33", "R-21")
def test_a_birthday_that_the_register_mends_gives_the_question_back_to_the_parents(world_at):
    world = world_at("agreed")
    id, sofie = world.made["document"], world.staff("sofie")
    turns_fifteen(world)
    with world.house() as house:
        asked = request_consent(house, sofie, id, after="")
    world.player.say_yes(world.parent(SET.child_id), asked.id)
    assert judged(world).effective
    turns_fifteen(world, ahead=400)
    assert (judged(world).reason, judged(world).items) == ("child-not-of-age", frozenset())
    with world.house() as house:
        assert may_answer(house, asked, house.people.custody(SET.child_id)) == {}, "on no page, and on no paper"
        again = request_consent(house, sofie, id, after=asked.id)
    assert set(again.series) == {one.person_id for one in world.holders(SET.child_id)}


@pytest.mark.req("R-41")
def test_it_is_told_when_its_parents_are_given_a_text_about_it(world_at):
    world = world_at("draft")
    turns_fifteen(world)
    with world.house() as house:
        share_document(house, world.staff("sofie"), world.made["document"])
    assert "Der er delt en tekst om dig." in as_parent(WorldInstallation(world), SET.child_id).get("/")


@pytest.mark.req("R-41", "T6")
def test_it_is_told_when_a_text_about_it_is_locked_as_its_parents_are(world_at):
    world = world_at("people")
    document_id = assessed(world.player, THEO)
    world.player.fill(mother(world), document_id, {"f_foraeldre_bem": THEO.parents["f_foraeldre_bem"]})
    installation, parent = WorldInstallation(world), mother(world).person_id
    turns_fifteen(world, child_id=THEO.child_id)
    lock(world, document_id)
    assert "Et skema, der er delt med dig, er nu låst." in as_parent(installation, parent).get("/")
    young = as_parent(installation, THEO.child_id)
    home = young.get("/")
    assert "Et skema om dig, der er delt, er nu låst." in home and "er delt med dig" not in home
    link = next(a["href"] for a in home.html.find_all("a") if a["href"] == f"/foraelder/dokument/{document_id}")
    assert young.get(link).status_int == 200


@pytest.mark.req("R-41", "D12")
def test_about_a_meeting_it_alone_is_asked_and_in_words_of_its_own(world_at):
    world = world_at("people")
    leader, document_id = meeting_called(world)
    turns_fifteen(world, child_id=SHEET.child_id)
    question = ask(world, leader, document_id)
    assert question.required_holders == (SHEET.child_id,) and set(question.series) == {SHEET.child_id}
    assert "Derfor er det dig, vi spørger" in question.texts[0].body
