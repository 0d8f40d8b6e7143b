"""A case of insight asks the intake: what it finds stays with it until it is given, and nothing tells that there is something
(R-53, R-54, R-72, ADR 0068)."""

from __future__ import annotations

import re

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.intake import INTAKE
from tests.support.world import SET, fill_all
from tests.unit.cms.samples import tombstone
from tests.walks.test_insight import PROVISION, WHY, begun, csrf, members, now, press, reviewed
from tests.walks.test_insight_passages import form_of
from tillid.archive.insight_intake import answer_id
from tillid.archive.keeping import keeping_of
from tillid.demo.data import demo_data
from tillid.forms.settings import Changed
from tillid.kernel.ids import new_id
from tillid.process.organisation import Assignment
from tillid.usecases.fill import text_digest
from tillid.usecases.forget_insight import SETTING, forget_insight
from tillid.usecases.insight_case import refuse_insight
from tillid.usecases.intake_find import notifications_about
from tillid.usecases.notify import send_notification, start_notification
from tillid.web.answers import NOT_FOUND_BODY

WORRY = "Barnet virker bange for at gå hjem og gråder hver eftermiddag."
# What is made by chance, or tells the hour: of no use to who looks for a hint.
CHANCE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|IND-[0-9A-F]{8}|name=\"(nonce|csrf_token)\" value=\"[^\"]*\""
)


def notified(world, child_id=SET.child_id, who="sofie", **answers):
    """One that was sent; its id."""
    sender = world.staff(who)
    with world.house() as house:
        document = start_notification(house, sender, "bekymring", child_id)
    fill_all(world, sender, document.id, {"c_kort": WORRY, **answers})
    with world.house() as house:
        send_notification(house, sender, document.id, text_digest(house.documents.draft(document.id)))
    assert world.drain() == []
    return document.id


def asked(world):
    """A case that waits; world, officer's browser, address, intake's browser and address."""
    world, app, address = begun(world, answered=False)
    return world, app, address, as_staff(WorldInstallation(world), INTAKE), "/underretninger" + address


def plain(text):
    return CHANCE.sub("", text)


def seen_by_the_officer(world, app, address):
    """Every page that tells of the case, and what lies behind them."""
    paths = ("/indsigt", f"/indsigt/barn/{SET.child_id}", address, f"/log/{SET.child_id}")
    pages = [plain(app.get(path).text) for path in paths]
    with world.house() as house:
        events = [
            (one.kind, one.payload if "intake" in one.kind else "") for one in house.ledger.of_child(SET.child_id)
        ]
        rows = [(one.action, one.role, one.purpose) for one in house.audit.of_child(SET.child_id, 5000)]
        notices = [one.text_id for who in world.holders(SET.child_id) for one in house.notices.of_person(who.person_id)]
    return pages, events, rows, notices


def held_back(intake, address):
    """Everything that was found is decided about."""
    press(intake, address, "led")
    for place in range(1, len(intake.get(address).html.select("#fundet ~ ul > li")) + 1):
        form_of(intake, f"{address}/post/{place}", "hold").submit("trin", value="gem", status=303)


@pytest.mark.req("R-53", "R-54", "R-72")
def test_whether_there_is_one_that_is_held_back_is_told_nowhere(world_at):
    """Step by step, page by page and byte for byte the same as where there is none; so is the package."""
    with_one = world_at("people")
    hidden = notified(with_one, maa_ikke_orienteres=True)
    both, stages = (asked(world_at("people")), asked(with_one)), []
    for world, app, address, intake, answer in both:
        seen = [seen_by_the_officer(world, app, address)]
        told = intake.get("/").html.find("a", string=re.compile("uanset om der er underretninger"))
        assert told["href"] == answer and WORRY not in app.get("/")
        assert "Har ikke svaret endnu" in app.get(address)
        press(intake, answer, "led")
        seen.append(seen_by_the_officer(world, app, address))
        held_back(intake, answer)
        reviewed(world, app, address)
        seen.append(plain(app.get(f"{address}/fremdrift").text))
        waits = app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)}, status=409)
        assert "har ikke svaret endnu" in waits
        press(intake, answer, "svar")
        assert world.drain() == []
        assert "Har svaret" in app.get(address) and "har svaret i en sag om indsigt" in app.get("/")
        seen.append(seen_by_the_officer(world, app, address))
        package = app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)})
        seen.append({name: plain(data.decode()) for name, data in members(package.body).items()})
        stages.append(seen)
    assert stages[0] == stages[1]
    world, app, address, intake, answer = both[1]
    assert len(intake.get(answer).html.select("#fundet ~ ul > li")) == 1, "the intake has seen it"
    with world.house() as house:
        document = house.documents.get(hidden)
        assert "review_notification" in {row.action for row in house.audit.of_child(document.child_id)}
    assert "Ingen har læst den endnu" in app.get("/log/underretninger"), "else the hour would tell whom it is about"
    form = next(one for one in app.get(address).forms.values() if "maade" in one.fields)
    form["maade"] = "Digital Post"
    form.submit(status=303)
    assert now(world, address).state == "handed_out"
    assert press_is_gone(intake, answer)


def press_is_gone(intake, answer):
    """A closed case is decided about no more."""
    page = intake.get(answer)
    form = next(one for one in intake.get("/underretninger").forms.values() if "csrf_token" in one.fields)
    sent = intake.post(answer, {"csrf_token": form["csrf_token"].value, "trin": "led", "nonce": "x"}, status="4*")
    return page.html.select_one('button[name="trin"]') is None and sent.status_int >= 400


@pytest.mark.req("R-54", "R-18", "R-71")
def test_the_intakes_pages_are_the_intakes_alone(world_at):
    world = world_at("people")
    notified(world)
    world, app, address, intake, answer = asked(world)
    press(intake, answer, "led")
    assert now(world, address).request.number in intake.get("/underretninger/indsigt")
    assert "/underretninger/indsigt" in intake.get("/underretninger")
    paths = ("/underretninger/indsigt", answer, f"{answer}/post/1", f"{answer}/post/1/fil")
    others = [app, *(as_staff(WorldInstallation(world), who) for who in ("sofie", "birgit", "jonas", "ove", "camilla"))]
    others.append(as_parent(WorldInstallation(world), world.holders(SET.child_id)[0].person_id))
    for other in others:
        for path in paths:
            assert other.get(path, status=404).body == NOT_FOUND_BODY, path
    assert intake.get(address, status=404).body == NOT_FOUND_BODY, "nor does the intake see what the officer collects"
    assert intake.get(f"{answer}/post/1/fil", status=404).body == NOT_FOUND_BODY, "no file"
    for path in (answer, f"{answer}/post/1"):
        taken = []

        def leaves(taken=taken):
            if not taken:
                taken.append(True)
                with world.house() as house:
                    staff = house.people.staff_by_username(INTAKE)
                    house.people.put_staff(msgspec.structs.replace(staff, assignments=()))

        installation = WorldInstallation(world)
        again = as_staff(installation, INTAKE)
        with world.house() as house:
            before = house.people.staff_by_username(INTAKE)
        installation.before_refresh = leaves
        assert again.get(path, status=404).body == NOT_FOUND_BODY and taken, "a right that ends while the page is made"
        with world.house() as house:
            house.people.put_staff(before)


@pytest.mark.req("R-54", "R-72", "R-51")
def test_what_may_be_about_the_child_is_found_and_the_rest_is_added_by_number(world_at):
    world, child = world_at("people"), SET.child_id
    mother = demo_data().parents["katrine"]
    with world.house() as house:
        known, parent = house.people.child(child), house.people.unmask_cpr(mother.id)
        cpr = house.people.unmask_cpr(child)
    first = known.name.split()[0]
    sure = {notified(world), notified(world, None, b_navn="En pige", b_cpr=cpr)}
    perhaps = {
        notified(world, None, b_navn=known.name.upper()),
        notified(world, None, b_navn="Et barn", f_personer=[{"navn": "Mor", "cpr": parent}]),
        notified(world, None, b_navn="Bror", b_soeskende=[{"navn": known.name}]),
        notified(world, None, b_navn=first, f_personer=[{"navn": mother.name}]),
    }
    elsewhere = notified(world, None, b_navn=f"{first} i nummer 12")
    who = world.staff(INTAKE)
    with world.house() as house:
        found = notifications_about(house, who, known)
        number = house.documents.get(elsewhere).number
    assert found == {**dict.fromkeys(sure, True), **dict.fromkeys(perhaps, False)}
    world, _, _, intake, answer = asked(world)
    press(intake, answer, "led")
    form = next(one for one in intake.get(answer).forms.values() if "nummer" in one.fields)
    form["nummer"] = "TD-NEJ"
    assert "ingen sendt underretning med det nummer" in form.submit("trin", value="tilfoej", status=422)
    form["nummer"] = number.lower()
    form.submit("trin", value="tilfoej", status=303)
    assert number in intake.get(answer)
    held_back(intake, answer)
    assert number in intake.get(answer), "and stays when it is looked for again"
    notified(world)
    press(intake, answer, "svar", 422)
    assert "Led igen" in intake.get(answer)


@pytest.mark.req("R-05", "R-54")
@pytest.mark.parametrize("also", [False, True], ids=["of the place alone", "of the municipality too"])
def test_a_place_of_its_own_asks_nobody_and_the_intake_sees_no_case_of_it(world_at, also):
    """Else an officer of both would wait for an intake that finds no case."""
    world = world_at("people")
    notified(world)
    with world.house() as house:
        unit, officer = house.people.unit(SET.unit_id), house.people.staff_by_username("rasmus")
        private = msgspec.structs.replace(unit.controller, id="another", name="En privat institution")
        house.people.put_unit(msgspec.structs.replace(unit, controller=private))
        own = Assignment(role="dpo", unit_id=unit.id)
        both = (*officer.assignments, own) if also else (own,)
        house.people.put_staff(msgspec.structs.replace(officer, assignments=both))
    world, app, address, intake, answer = asked(world)
    page = app.get(address)
    assert "Har ikke svaret" not in page and "Spørg kommunens underretningsfunktion" in page
    assert intake.get(answer, status=404).body == NOT_FOUND_BODY
    assert now(world, address).request.number not in intake.get("/underretninger/indsigt")
    assert "uanset om der er underretninger" not in intake.get("/")
    reviewed(world, app, address)
    package = app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)})
    assert "Underretninger er ikke med" in members(package.body)["indhold.html"].decode()


@pytest.mark.req("R-90", "R-81", "R-54")
def test_what_is_listed_is_held_and_the_answer_goes_with_the_case(world_at):
    world = world_at("people")
    document = notified(world)
    world, _, address, intake, answer = asked(world)
    held_back(intake, answer)
    case_id = address.rsplit("/", 1)[1]
    with world.house() as house:
        (hold,) = keeping_of(house.ledger.of_document(document)).holds
        assert (hold.hold.kind, hold.hold.reason) == ("insight", "Indsigt"), (
            "who reads it learns neither case nor child"
        )
        assert all(case_id not in str(one.payload) for one in house.ledger.of_document(document))
        refuse_insight(house, world.staff("rasmus"), case_id, PROVISION, WHY, event_id=new_id())
    with world.house() as house:
        assert not keeping_of(house.ledger.of_document(document)).holds
    assert "Det bliver ikke udleveret" in (closed := intake.get(f"{answer}/post/1")) and 'name="valg"' not in closed
    with world.house() as house:  # by its own rule, while the closed case is still kept
        house.documents.destroy(tombstone(house.documents.get(document)), again=True)
    assert "Afvist" in intake.get(answer), "the page of the closed case needs none of it"
    with world.house() as house:
        house.choices.put(SETTING, True, Changed(by="camilla", at=house.moment))
    world.clock.move(days=6 * 366)
    assert forget_insight(world.house) == 1
    with world.house() as house:
        kinds = {one.kind for one in house.ledger.of_document(answer_id(case_id))}
    assert kinds == {"forgotten"}
