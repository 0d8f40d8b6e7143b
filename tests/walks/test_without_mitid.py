"""A holder who cannot log in answers on paper: one employee enters it, another compares (R-106)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.uploads import picture
from tests.support.world import SET, request_now, say_yes
from tillid.consents.record import read_record
from tillid.kernel.canonical import sha256
from tillid.usecases.facts import gathered
from tillid.usecases.seal_record import RECORD
from tillid.web.answers import NOT_FOUND_BODY

TOLD = "har ikke MitID og kan ikke svare her"


def without_mitid(world, number):
    person = world.holders(SET.child_id)[number].person_id
    with world.house() as house:
        parent = msgspec.structs.replace(house.people.parent(person), mitid=False)
        house.people.put_parent(parent, house.people.unmask_cpr(person))
    return parent.name


@pytest.mark.req("R-106")
@pytest.mark.parametrize("stage", ["agreed", "asked"])
def test_the_page_that_asks_names_who_cannot_answer_and_whom_to_ring(world_at, stage):
    installation = WorldInstallation(world_at(stage))
    world, app = installation.world, as_staff(installation, "sofie")
    path = f"/dokument/{world.made['document']}"
    assert TOLD not in app.get(path)
    name = without_mitid(world, 1)
    page = app.get(path)
    told = page.html.find(id="ask-consent").get_text(" ", strip=True)
    assert f"{name} {TOLD}" in told and "kan svare på papir" in told and told.count(TOLD) == 1
    assert ("Svar på papir" in told) == (stage == "asked")


@pytest.mark.req("R-106")
def test_nothing_is_said_of_who_has_answered(world_at):
    installation = WorldInstallation(world_at("asked"))
    say_yes(installation.world, installation.world.holders(SET.child_id)[0])
    without_mitid(installation.world, 0)
    page = as_staff(installation, "sofie").get(f"/dokument/{installation.world.made['document']}")
    assert TOLD not in page


def fill_sheet(page, *, no=(), day="2026-11-25", scan=True):
    form = next(one for one in page.forms.values() if "dato" in one.fields)
    for name in [one for one in form.fields if one and one.startswith("svar.")]:
        form[name] = "nej" if name.removeprefix("svar.") in no else "ja"
    form["dato"] = day
    if scan:
        form["scan"] = ("papir.png", picture(), "image/png")
    return form


@pytest.mark.req("R-10", "R-12", "R-21", "R-22", "R-31", "R-106", "P4")
def test_a_paper_is_entered_by_one_compared_by_another_and_is_then_an_answer_as_any_other(world_at):
    world = world_at("asked")
    installation, (first, second) = WorldInstallation(world), world.holders(SET.child_id)
    base, request = f"/dokument/{world.made['document']}/papir", request_now(world)
    sofie, birgit = as_staff(installation, "sofie"), as_staff(installation, "birgit")
    sheet = sofie.get(f"{base}/{first.person_id}")
    assert request.texts[0].body.split("\n\n")[1][:40] in sheet, "the very words"
    assert not [tag for tag in sheet.html.select("input[type=radio]") if tag.has_attr("checked")]
    item = request.items[0].id
    again = fill_sheet(sheet, no=(item,), scan=False).submit(status=422)
    assert "Vælg en fil" in again
    assert "skal ligge mellem" in fill_sheet(again, no=(item,), day="2026-11-26").submit(status=422)
    form = fill_sheet(again, no=(item,))
    assert "En kollega skal" in form.submit().follow()
    form.submit().follow()
    assert kinds(world).count("paper_entered") == 1, "the second click adds nothing"

    own = sofie.get(base)
    assert "Bekræft: papiret siger det samme" not in own
    waiting = own.html.select_one("input[name=post]")["value"]
    nonce = own.html.select_one("input[name=nonce]")["value"]
    token = own.html.select_one("input[name=csrf_token]")["value"]
    posted = {"csrf_token": token, "nonce": nonce, "post": waiting, "trin": "bekraeft"}
    assert "En anden medarbejder skal" in sofie.post(base, posted, status=409)
    assert kinds(world).count("consent_given") == 0

    page = birgit.get(base)
    scan = birgit.get(f"{base}/{waiting}/scan")
    assert scan.content_type == "image/png" and scan.cache_control.no_store
    confirm = next(one for one in page.forms.values() if "post" in one.fields)
    assert "Svaret er bekræftet" in confirm.submit("trin", value="bekraeft").follow()

    with world.house() as house:
        given = next(e for e in house.ledger.of_document(world.made["document"]) if e.kind == "consent_given")
        facts = read_record(house.ledger.attachments(given.id)[RECORD])
        told = [one.text_id for one in house.notices.of_person(first.person_id)]
    assert (facts.method, facts.login, facts.holder_id) == ("paper", None, first.person_id)
    people = world.ids.staff
    assert (facts.paper.entered_by, facts.paper.confirmed_by) == (people["sofie"], people["birgit"])
    assert facts.paper.scan_sha256 == sha256(scan.body) and facts.answers[item] is False
    assert "paper_registered" in told, "a parent who did not answer learns of it"
    say_yes(world, second)
    with world.house() as house:
        verdict = gathered(house, house.documents.get(world.made["document"]))[0].verdict
    assert verdict.effective and item not in verdict.items


@pytest.mark.req("R-106")
def test_an_entry_that_is_not_what_the_paper_says_is_rejected_and_an_own_answer_goes_before_it(world_at):
    world = world_at("asked")
    installation, (first, second) = WorldInstallation(world), world.holders(SET.child_id)
    base = f"/dokument/{world.made['document']}/papir"
    sofie, birgit = as_staff(installation, "sofie"), as_staff(installation, "birgit")
    fill_sheet(sofie.get(f"{base}/{first.person_id}")).submit()
    call = f"/dokument/{world.made['document']}/tilbagekald"
    assert "afvis indtastningen" in birgit.get(call), "a call that takes back what is no answer yet is not lost"
    reject = next(one for one in birgit.get(base).forms.values() if "post" in one.fields)
    assert "er afvist" in reject.submit("trin", value="afvis").follow()
    assert "afvis indtastningen" not in birgit.get(call)
    fill_sheet(sofie.get(f"{base}/{first.person_id}")).submit()
    say_yes(world, first)
    assert "Venter på en kollega" not in birgit.get(base)
    assert kinds(world).count("consent_given") == 1
    for stranger in ("hanne", "ove", "camilla"):
        assert as_staff(installation, stranger).get(base, status=404).body == NOT_FOUND_BODY
    sofie.get(f"{base}/{first.person_id}", status=404)
    sofie.get(f"{base}/{second.person_id}")


def kinds(world):
    with world.house() as house:
        return [event.kind for event in house.ledger.of_document(world.made["document"])]
