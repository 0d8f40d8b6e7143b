"""An underretning in the browser: begun with or without a known child, sent by the notifier's click alone, found by nobody
but the intake (R-50 to R-54, R-63)."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tillid.demo.loading import ANSWERS
from tillid.usecases.follow_up import all_entries
from tillid.web.answers import NOT_FOUND_BODY

CHILD = ANSWERS["villads_sofie"].child_id
NAME, WORRY = "Villads Krag", "Villads siger, at han ikke tør komme hjem."
OTHERS = ("mikkel", "birgit", "jonas", "hanne", "ove", "rasmus", "camilla")


@pytest.fixture
def people(world_at):
    return WorldInstallation(world_at("people"))


def begin(app, kind="bekymring", child_id=None):
    """Begun in the browser; the id of the draft."""
    page = app.get(f"/barn/{child_id}/underret" if child_id else "/underret")
    form = next(f for f in page.forms.values() if "kind" in f.fields)
    form["kind"] = kind
    answer = form.submit()
    assert answer.status_int == 303, answer
    return answer.location.split("/dokument/")[1].split("/")[0]


def write(app, document_id, section, status=303, **values):
    page = app.get(f"/dokument/{document_id}/udfyld/{section}")
    form = next(f for f in page.forms.values() if any(str(name).startswith("base.") for name in f.fields))
    for field, value in values.items():
        form[f"f.{field}"] = value
    return form.submit(name="go", value="stay", status=status)


def send(app, document_id, status=303):
    page = app.get(f"/underretning/{document_id}")
    form = next(f for f in page.forms.values() if f.action.endswith("/send"))
    return form.submit(status=status)


def sent(app, **kw):
    """With the least that it takes."""
    document_id = begin(app, **kw)
    write(app, document_id, "barnet", b_navn=NAME)
    write(app, document_id, "bekymringen", c_kort=WORRY)
    send(app, document_id)
    return document_id


def is_gone(app, path):
    answer = app.get(path, expect_errors=True)
    return answer.status_int == 404 and answer.body == NOT_FOUND_BODY


@pytest.mark.req("R-50", "R-51", "U18", "U20")
def test_the_child_and_the_worry_are_enough_and_nothing_less(people):
    app = as_staff(people, "sofie")
    document_id = begin(app)
    page = app.get(f"/underretning/{document_id}")
    assert "Send underretningen" not in page and "Skriv det her, så kan du sende" in page
    write(app, document_id, "barnet", b_navn="En dreng på cirka fem år i nummer 12")
    assert "Send underretningen" not in app.get(f"/underretning/{document_id}")
    write(app, document_id, "bekymringen", c_kort=WORRY)
    page = app.get(f"/underretning/{document_id}")
    assert "Send underretningen" in page and "Det kan du også skrive" in page, "reminders inform and stop nothing"
    assert send(app, document_id).location.endswith(f"/underretning/{document_id}")
    assert "sendt til kommunen" in app.get(f"/underretning/{document_id}")


@pytest.mark.req("R-51", "U5")
@pytest.mark.parametrize(("field", "value"), [("b_cpr", "010119-4242"), ("b_adresse", "Solbjergvej 12, stuen")])
def test_a_number_or_an_address_is_a_description_of_the_child_too(people, field, value):
    app = as_staff(people, "sofie")
    document_id = begin(app)
    write(app, document_id, "barnet", **{field: value})
    write(app, document_id, "bekymringen", c_kort=WORRY)
    send(app, document_id)
    assert "sendt til kommunen" in app.get(f"/underretning/{document_id}")


@pytest.mark.req("R-51", "R-110")
def test_a_cpr_number_is_optional_never_judged_by_modulus_and_a_wrong_one_stops_nothing(people):
    app = as_staff(people, "sofie")
    document_id = begin(app, child_id=CHILD)
    write(app, document_id, "barnet", b_cpr="310219-4242", status=422)  # there is no 31 February: said beside the field
    write(app, document_id, "barnet", b_cpr="010119-4242")  # does not satisfy modulus 11
    write(app, document_id, "barnet", b_cpr="")
    write(app, document_id, "bekymringen", c_kort=WORRY)
    send(app, document_id)
    assert "sendt til kommunen" in app.get(f"/underretning/{document_id}")


@pytest.mark.req("R-111")
def test_a_cpr_number_is_never_shown_whole(people):
    app = as_staff(people, "sofie")
    document_id = begin(app)
    write(app, document_id, "barnet", b_cpr="010119-4242")
    write(app, document_id, "bekymringen", c_kort=WORRY)
    for path in (f"/dokument/{document_id}/udfyld/barnet", f"/underretning/{document_id}"):
        assert "4242" not in app.get(path)
    send(app, document_id)
    for who in (app, as_staff(people, "mettemarie")):
        assert "4242" not in who.get(f"/underretning/{document_id}")


@pytest.mark.req("R-50", "U18")
@pytest.mark.parametrize("kind", ["bekymring", "overgreb", "ufoedt", "fravaer", "mellemkommunal"])
def test_every_kind_can_be_sent_with_the_least(people, kind):
    document_id = sent(as_staff(people, "sofie"), kind=kind)
    with people.world.house() as house:
        document = house.documents.get(document_id)
    assert (document.state, document.variant, document.basis) == ("submitted", kind, "lov")


@pytest.mark.req("R-52")
def test_the_notifier_is_known_and_reached_at_work(people):
    app = as_staff(people, "sofie")
    page = app.get(f"/dokument/{begin(app)}/udfyld/underretter")
    assert "Sofie Brandt, pædagog" in page and "Børnehaven Stjernehuset" in page
    assert "Skriv aldrig din private adresse" in page


@pytest.mark.req("R-54")
def test_it_lies_outside_the_childs_folder(people):
    app = as_staff(people, "sofie")
    document_id = begin(app, child_id=CHILD)
    page = app.get(f"/dokument/{document_id}/udfyld/barnet")
    assert NAME in page
    with people.world.house() as house:
        document = house.documents.get(document_id)
        assert document.child_id != CHILD and house.people.child(document.child_id) is None
        assert document_id not in {d.id for d in house.documents.of_child(CHILD)}
    assert document.number not in app.get(f"/barn/{CHILD}")
    assert document.number in app.get("/underret"), "the notifier finds the own one here"


@pytest.mark.req("R-50", "R-54")
@pytest.mark.parametrize("other", OTHERS)
def test_nobody_else_sees_the_draft_or_what_was_sent(people, other):
    app, theirs = as_staff(people, "sofie"), as_staff(people, other)
    document_id = begin(app, child_id=CHILD)
    ways = [f"/underretning/{document_id}", f"/dokument/{document_id}", f"/dokument/{document_id}/gennemse",
            f"/dokument/{document_id}/udfyld", f"/dokument/{document_id}/udfyld/barnet",
            f"/dokument/{document_id}/dokument.pdf", f"/arkiv/{document_id}", f"/modtaget/{document_id}"]  # fmt: skip
    closed = [path for path in ways if not (other == "ove" and path.startswith("/arkiv"))]
    assert all(is_gone(theirs, path) for path in closed)
    write(app, document_id, "bekymringen", c_kort=WORRY)
    send(app, document_id)
    assert all(is_gone(theirs, path) for path in closed)
    assert is_gone(theirs, "/underretninger")


@pytest.mark.req("R-54", "U3")
def test_the_intake_reads_what_was_sent_and_no_draft(people):
    app, intake = as_staff(people, "sofie"), as_staff(people, "mettemarie")
    document_id = begin(app, child_id=CHILD)
    with people.world.house() as house:
        number = house.documents.get(document_id).number
    assert number not in intake.get("/underretninger") and is_gone(intake, f"/underretning/{document_id}")
    write(app, document_id, "bekymringen", c_kort=WORRY)
    send(app, document_id)
    assert number in intake.get("/underretninger")
    page = intake.get(f"/underretning/{document_id}")
    assert WORRY in page and "Sofie Brandt" in page and "Send underretningen" not in page
    assert WORRY not in intake.get("/underretninger") and NAME not in intake.get("/underretninger")


@pytest.mark.req("R-71")
def test_the_intakes_reading_is_logged(people):
    document_id = sent(as_staff(people, "sofie"))
    as_staff(people, "mettemarie").get(f"/underretning/{document_id}")
    log = (people.world.folder / "audit" / "audit.jsonl").read_text()
    assert any("read_notification" in line and document_id in line for line in log.splitlines())


@pytest.mark.req("R-53", "R-54")
def test_no_message_trace_or_hit_reaches_a_parent_or_the_childs_log(people):
    world = people.world
    app = as_staff(people, "sofie")
    document_id = begin(app, kind="overgreb", child_id=CHILD)
    write(app, document_id, "type_og_hast", maa_ikke_orienteres="yes")
    write(app, document_id, "bekymringen", c_kort=WORRY)
    send(app, document_id)
    as_staff(people, "mettemarie").get(f"/underretning/{document_id}")
    assert world.drain() == []
    with world.house() as house:
        number = house.documents.get(document_id).number
        assert b"".join(house.audit.export(CHILD)).count(document_id.encode()) == 0
        assert all(document_id not in str(event) for event in house.ledger.of_child(CHILD))
        assert all(entry.document_id != document_id for entry in all_entries(house)), "no search ever finds it"
    for holder in world.holders(CHILD):
        with world.house() as house:
            assert house.notices.of_person(holder.person_id) == []
        parent = as_parent(people, holder.person_id)
        assert number not in parent.get("/") and "nderretning" not in parent.get("/").html.select_one("main").text
        for path in (
            f"/underretning/{document_id}",
            f"/foraelder/dokument/{document_id}",
            f"/dokument/{document_id}",
            "/underret",
        ):
            assert is_gone(parent, path), path
    assert number not in as_staff(people, "rasmus").get(f"/log/{CHILD}")


@pytest.mark.req("R-50", "U20")
def test_the_leader_is_told_nothing_and_can_stop_nothing(people):
    app = as_staff(people, "sofie")
    document_id = sent(app, child_id=CHILD)
    with people.world.house() as house:
        assert house.notices.of_person(people.world.staff("birgit").person_id) == []
        assert {entry.step for entry in house.outbox.pending()} == {"enter_log", "seal_attestation"}, (
            "and it is sent already"
        )
    assert document_id not in as_staff(people, "birgit").get("/")


@pytest.mark.req("R-63")
def test_what_was_sent_is_never_changed(people):
    app = as_staff(people, "sofie")
    document_id = begin(app)
    write(app, document_id, "barnet", b_navn=NAME)
    section = app.get(f"/dokument/{document_id}/udfyld/bekymringen")
    form = next(f for f in section.forms.values() if any(str(name).startswith("base.") for name in f.fields))
    form["f.c_kort"] = WORRY
    form.submit()
    review = app.get(f"/underretning/{document_id}")
    sending = next(f for f in review.forms.values() if f.action.endswith("/send"))
    sending.submit()
    form["f.c_kort"] = "Noget andet"
    assert form.submit(expect_errors=True).status_int == 404
    assert sending.submit(expect_errors=True).status_int == 404, "sent once"
    with people.world.house() as house:
        document = house.documents.get(document_id)
        events = house.ledger.of_document(document_id)
        assert house.documents.version(document_id, 1).answers["c_kort"] == WORRY
    assert document.versions == 1
    assert [event.kind for event in events] == [
        "document_created",
        "document_attested",
        "document_submitted",
        "document_journalled",
    ]
    assert events[-2].payload["attested"] is True and events[-2].actor == people.world.staff("sofie").person_id


@pytest.mark.req("R-63")
def test_only_the_text_that_was_read_is_sent(people):
    app = as_staff(people, "sofie")
    document_id = begin(app, child_id=CHILD)
    write(app, document_id, "bekymringen", c_kort=WORRY)
    review = app.get(f"/underretning/{document_id}")
    sending = next(f for f in review.forms.values() if f.action.endswith("/send"))
    write(app, document_id, "bekymringen", c_kort="Rettet i et andet vindue")
    assert sending.submit(expect_errors=True).status_int == 409
    with people.world.house() as house:
        assert house.documents.get(document_id).state == "draft"


@pytest.mark.req("R-51")
def test_whom_to_call_comes_first(people):
    app = as_staff(people, "sofie")
    page = app.get("/underret")
    phone = people.settings.help_phone
    text = page.html.select_one("main").text
    assert text.index("112") < text.index("Hvad underretter du om?") and phone in text and "114" in text
    document_id = begin(app, child_id=CHILD)
    write(app, document_id, "type_og_hast", akut="yes")
    text = app.get(f"/underretning/{document_id}").html.select_one("main").text
    assert "Er barnet i fare nu, så ring først" in text
    write(app, document_id, "bekymringen", c_kort=WORRY)
    send(app, document_id)
    assert "Barnet er i fare nu" in as_staff(people, "mettemarie").get("/underretninger")


@pytest.mark.req("R-70")
def test_it_is_begun_from_the_page_of_a_child_one_works_with_only(people):
    assert is_gone(as_staff(people, "hanne"), f"/barn/{CHILD}/underret")
    assert "Villads" not in as_staff(people, "hanne").get("/underret")


def test_a_kind_must_be_chosen(people):
    app = as_staff(people, "sofie")
    page = app.get("/underret")
    form = next(f for f in page.forms.values() if "kind" in f.fields)
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422 and "Vælg, hvilken slags det skal være" in answer


def test_the_form_speaks_english_to_who_reads_it(people):
    app = as_staff(people, "sofie")
    app.get("/sprog/en")
    assert "Worry about an unborn child" in app.get("/underret")
    page = app.get(f"/dokument/{begin(app)}/udfyld/bekymringen")
    assert "The worry in short" in page and "Insufficient care" in page and "Bekymringen kort" not in page


@pytest.mark.req("R-50", "U20")
def test_a_reminder_never_asks_for_a_reason(people):
    app = as_staff(people, "sofie")
    document_id = begin(app)
    for section in ("type_og_hast", "underretter", "bekymringen"):
        page = app.get(f"/dokument/{document_id}/udfyld/{section}")
        assert "skriv hvorfor" not in page and "Du har ikke skrevet" not in page
