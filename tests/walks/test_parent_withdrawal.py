"""Taking a consent back in the browser: by the parent, by an employee who is told so, and when everything else fails."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, request_now
from tillid.cms.store.people import ZodbPeople
from tillid.kernel.errors import Unavailable
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture
def at(world_at):
    def made(stage):
        return WorldInstallation(world_at(stage))

    return made


def holder(installation, number=0):
    return installation.world.holders(SET.child_id)[number]


def parent(installation, number=0):
    return as_parent(installation, holder(installation, number).person_id)


def question(installation, end=""):
    return f"/samtykke/{installation.world.made['request']}{end}"


def form_of(page, field):
    return next(form for form in page.forms.values() if field in form.fields)


def events(installation, *kinds):
    with installation.world.house() as house:
        found = house.ledger.of_document(installation.world.made["document"])
    return [event for event in found if event.kind in kinds]


@pytest.mark.req("R-16", "R-17", "P5")
def test_taking_back_takes_fewer_steps_than_giving_and_needs_no_reason(at):
    installation = at("signed")
    app = parent(installation)
    page = app.get("/").click("Træk samtykket tilbage")
    assert "Du behøver ikke give en grund" in page
    done = form_of(page, "nonce").submit()
    receipt = done.follow()
    assert "Det virker allerede" in receipt and "kan hentes her om lidt" in receipt
    assert installation.world.drain() == []
    record = app.get(done.location).click("Hent dit bevis")
    assert installation.verify_record(record.body, installation.clock.now()).details["kind"] == "ConsentWithdrawn"
    assert "Trukket tilbage" in app.get("/") and len(events(installation, "consent_withdrawn")) == 1
    assert "consent.nothing-to-withdraw" in app.get(question(installation, "/traek-tilbage"), status=409)


@pytest.mark.req("R-16", "R-17", "P5")
def test_the_same_withdrawal_twice_is_one_and_two_parts_are_two(at):
    installation = at("signed")
    app = parent(installation)
    items = request_now(installation.world).items
    page = app.get(question(installation, "/traek-tilbage"))
    parts = next(form for form in page.forms.values() if "del" in form.fields)
    assert "Kryds af" in parts.submit(status=422)
    parts.fields["del"][0].checked = True
    first, second = parts.submit(), parts.submit()
    assert first.location == second.location and len(events(installation, "consent_withdrawn")) == 1
    assert "Resten af dit ja gælder stadig" in first.follow()
    parts.fields["del"][0].checked, parts.fields["del"][1].checked = False, True  # from the same page, opened once
    assert parts.submit().location != first.location
    taken = [event.payload["items"] for event in events(installation, "consent_withdrawn")]
    assert taken == [[items[0].id], [items[1].id]]


@pytest.mark.req("R-16")
def test_the_button_for_everything_takes_back_everything_whatever_is_ticked_beside_it(at):
    installation = at("signed")
    app = parent(installation)
    whole = form_of(app.get(question(installation, "/traek-tilbage")), "nonce")
    app.post(whole.action, [*whole.submit_fields(), ("del", request_now(installation.world).items[0].id)], status=303)
    assert [event.payload["items"] for event in events(installation, "consent_withdrawn")] == [[]]


@pytest.mark.req("R-16", "R-17")
def test_nothing_typed_and_no_full_log_stops_a_withdrawal(at):
    installation = at("signed")
    app = parent(installation)
    with installation.world.full_log():
        form = form_of(app.get(question(installation, "/traek-tilbage")), "nonce")
        form["bemaerkning"] = "Usynligt\u200b\x07 " + "x" * 900
        assert form.submit().status_int == 303
    remark = events(installation, "consent_withdrawn")[0].payload["remark"]
    assert remark.startswith("Usynligt x") and len(remark) == 300


@pytest.mark.req("R-17")
def test_a_withdrawal_that_could_not_be_kept_says_so_with_the_phone_number(at):
    installation = at("signed")
    app = parent(installation)
    form = form_of(app.get(question(installation, "/traek-tilbage")), "nonce")

    installation.fails_at_vote = OSError(28, "No space left on device")
    page = form.submit(status=503)
    assert "Tilbagekaldelsen er IKKE registreret" in page and installation.settings.help_phone in page
    assert not events(installation, "consent_withdrawn")
    installation.fails_at_vote = None
    assert form.submit().status_int == 303 and len(events(installation, "consent_withdrawn")) == 1


@pytest.mark.req("R-16", "R-22")
def test_an_employee_records_a_call_at_once_and_it_counts_once(at):
    installation = at("signed")
    address = f"/dokument/{installation.world.made['document']}/tilbagekald"
    with installation.world.house() as house:
        username = house.people.staff(SET.author_id).username
    app = as_staff(installation, username)
    page = app.get(address)
    both = [form for form in page.forms.values() if "hvem" in form.fields]
    assert len(both) == 2
    for _ in range(2):
        assert both[0].submit("metode", value="telefon").follow().text.count("er registreret og virker allerede") == 1
    assert both[1].submit("metode", value="personligt").status_int == 303
    found = events(installation, "consent_withdrawn")
    assert [(event.payload["method"], event.payload["recorded_by"]) for event in found] == [
        ("phone", SET.author_id),
        ("in_person", SET.author_id),
    ]
    assert {event.payload["holder_id"] for event in found} == {holder(installation, n).person_id for n in (0, 1)}
    assert "Ingen har et ja" in app.get(address)
    assert as_staff(installation, "hanne").get(address, status=404).body == NOT_FOUND_BODY


def told_of_it(installation, number):
    """The lines about a withdrawal on that holder's front page: their text and where they lead."""
    links = parent(installation, number).get("/").html.select("main a")
    return [(one.text.strip(), one["href"]) for one in links if "trak dit samtykke tilbage" in one.text]


@pytest.mark.req("R-16", "P5")
@pytest.mark.parametrize("by_phone", [False, True])
def test_who_took_it_back_has_a_confirmation_on_the_front_page_and_nobody_else_has(at, by_phone):
    """Once for each withdrawal; also of a call, which somebody else wrote down."""
    installation = at("signed")
    assert told_of_it(installation, 0) == told_of_it(installation, 1) == []
    if by_phone:
        page = as_staff(installation, "sofie").get(f"/dokument/{installation.world.made['document']}/tilbagekald")
        who = holder(installation).person_id
        form = next(one for one in page.forms.values() if "hvem" in one.fields and one["hvem"].value == who)
        clicks = [lambda: form.submit("metode", value="telefon")] * 2
    else:
        form = form_of(parent(installation).get(question(installation, "/traek-tilbage")), "nonce")
        clicks = [form.submit] * 2
    for click in clicks:
        assert click().status_int == 303
        confirmed = ("Vi har registreret, at du trak dit samtykke tilbage.", question(installation))
        assert told_of_it(installation, 0) == [confirmed] and told_of_it(installation, 1) == []
    assert parent(installation).get(question(installation)).status_int == 200, "it leads to what was taken back"


@pytest.mark.req("R-16", "R-17", "R-32")
def test_a_call_counts_for_a_part_and_for_all_after_the_child_and_the_holders_custody_have_gone(at):
    installation = at("signed")
    world, who = installation.world, holder(installation)
    with world.house() as house:
        child, custody = house.people.child(SET.child_id), house.people.custody(SET.child_id)
        unit, moved = child.unit_id, house.documents.get(world.made["document"]).receiver_unit_id
        gone = msgspec.structs.replace(custody.holder(who.person_id, house.moment), until=house.moment)
        others = [one for one in custody.holders if one.person_id != who.person_id]
        custody = msgspec.structs.replace(custody, holders=(gone, *others))
        child = msgspec.structs.replace(child, unit_id=moved)
        house.people.put_child(child, house.people.unmask_cpr(child.id), custody)
        house.people.put_custody(custody)
    app = as_staff(installation, "sofie")
    app.get(f"/barn/{SET.child_id}", status=404)
    page = app.get(f"/enhed/{unit}").click(linkid=None, href="/tilbagekald")
    form = next(one for one in page.forms.values() if "hvem" in one.fields and one["hvem"].value == who.person_id)
    item = form.fields["del"][0]
    item.checked = True
    form.submit("metode", value="telefon").follow()
    found = events(installation, "consent_withdrawn")
    assert [event.payload["items"] for event in found] == [[item._value]]
    page = app.get(page.request.url)
    form = next(one for one in page.forms.values() if "hvem" in one.fields and one["hvem"].value == who.person_id)
    assert item._value not in {box._value for box in form.fields["del"]}
    form.submit("metode", value="telefon").follow()
    assert [event.payload["items"] for event in events(installation, "consent_withdrawn")][1] == []
    as_staff(installation, "hanne").get(f"/modtaget/{world.made['document']}", status=404)


@pytest.mark.req("R-17", "R-33")
def test_a_silent_register_lets_a_yes_be_taken_back(at, monkeypatch):
    installation = at("signed")
    app = parent(installation)

    def silent(self, child_id):
        raise Unavailable("register silent")

    monkeypatch.setattr(ZodbPeople, "custody", silent)
    assert "Træk samtykket tilbage" in app.get(question(installation))
    form = form_of(app.get(question(installation, "/traek-tilbage")), "nonce")
    assert form.submit().status_int == 303
