"""Station 8 in the browser: a purpose, a search by POST, a case with its records and their verdicts."""

from __future__ import annotations

import re

import msgspec
import pytest
from webtest import Upload

from tests.support.installation import WorldInstallation, as_staff
from tests.support.purposes import posted_purpose, state_purpose
from tests.support.world import SET, document_now, request_now
from tillid.adapters.pdf.extract import extract
from tillid.adapters.tantivy.store import REBUILD
from tillid.archive.query import SearchUnavailable
from tillid.consents.record import read_record
from tillid.documents.model import DefinitionRef, Document, Draft
from tillid.kernel.ids import new_id
from tillid.usecases.destroy import FORGET
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web.answers import NOT_FOUND_BODY

PURPOSE = "Aktindsigt: sag 26-1234"


@pytest.fixture
def signed(world_at):
    return WorldInstallation(world_at("signed"))


def search(app, words="", purpose=PURPOSE, status=200, **more):
    form = app.get("/arkiv").forms["search"]
    state_purpose(form, purpose)
    form["words"] = words
    return form.submit(status=status, **more)


def open_case(app, found):
    form = found.forms["search"]
    button = found.html.select_one("button[formaction]")
    fields = [(name, value) for name, value in form.submit_fields() if name != "page"]
    return app.post(button["formaction"], [*fields, ("page", button["value"])])


def all_rows(world):
    return [row for row in world.parts.audit.tail(2000) if row.phase == "attempt"]


def name_of_child(world):
    return request_now(world).child_name


@pytest.mark.req("R-71", "R-111")
def test_the_search_is_posted_logged_with_its_purpose_and_leaves_no_words_in_an_address(signed):
    app = as_staff(signed, "ove")
    found = search(app, "pindsvin")
    assert found.request.url.endswith("/arkiv") and "?" not in found.request.url
    assert (
        "1 dokument fundet" in found
        and name_of_child(signed.world) in found
        and document_now(signed.world).number in found
    )
    row, hit = all_rows(signed.world)[-2:]
    assert (row.action, row.purpose, row.person_id) == ("search", PURPOSE, signed.world.ids.staff["ove"])
    assert (hit.action, hit.object_id, hit.child_id) == ("search_hit", signed.world.made["document"], SET.child_id)
    assert "pindsvin" not in row.purpose + hit.purpose
    for address in re.findall(r'(?:href|action|formaction)="([^"]*)"', found.text):
        assert not re.search("pindsvin|aktindsigt", address, re.IGNORECASE), address


@pytest.mark.req("R-71", "R-103")
def test_a_case_shows_facts_events_text_and_what_each_seal_says(signed):
    app = as_staff(signed, "ove")
    case = open_case(app, search(app, "pindsvin"))
    assert PURPOSE in case and case.text.count("Seglet er ægte") == 2 and "Det viser kontrollen ikke" in case
    assert "om samtykket stadig gælder" in case and "Gav samtykke" in case and "blev låst som den tekst" in case
    assert "segl" in case.text.lower() and "underskrevet" not in case.text.lower()
    assert [row.action for row in all_rows(signed.world)][-1] == "open_archived"
    assert {row.purpose for row in all_rows(signed.world) if row.action == "open_archived"} == {PURPOSE}


@pytest.mark.req("R-71", "R-102")
def test_record_and_pdf_leave_with_their_own_row(signed):
    app = as_staff(signed, "ove")
    case = open_case(app, search(app, "pindsvin"))
    record_form = next(f for f in case.forms.values() if "/post/" in f.action)
    record = record_form.submit()
    assert record.content_type == "application/xml" and "attachment" in record.headers["Content-Disposition"]
    verdict = signed.verify_record(record.body, signed.clock.now())
    assert verdict.passed and read_record(verdict.signed)
    pdf = next(f for f in case.forms.values() if f.action.endswith("/dokument.pdf")).submit()
    inside = {file.name: file.data for file in extract(pdf.body)}
    assert msgspec.json.decode(inside.pop("answers.json"))["reader"] == "archive"
    assert record.body in inside.values()  # the records are in the archive's copy too (ADR 0029)
    last = all_rows(signed.world)[-2:]
    assert [(row.action, row.purpose) for row in last] == [("export_record", PURPOSE), ("read_archived", PURPOSE)]


@pytest.mark.req("R-71")
def test_nothing_leaves_when_the_log_cannot_be_written(signed):
    app = as_staff(signed, "ove")
    found = search(app, "pindsvin")
    case = open_case(app, found)
    with signed.world.full_log():
        for form in [f for f in case.forms.values() if "/arkiv/" in f.action]:
            answer = form.submit(status=503)
            assert "audit.unavailable" in answer and SET.child_id not in answer
        nothing = search(app, "pindsvin", status=503)
    assert name_of_child(signed.world) not in nothing


@pytest.mark.req("R-05", "R-18")
def test_another_controllers_case_does_not_exist_for_the_archivist(signed):
    world = signed.world
    document = document_now(world)
    other = msgspec.structs.replace(document, unit_id=world.ids.units["skovtrolden"])
    with world.house() as house:
        house.documents.replace(other)
    app = as_staff(signed, "ove")
    page = search(app, "pindsvin")
    assert document.number not in page
    token = page.forms["search"]["csrf_token"].value
    for end in ("", "/dokument.pdf"):
        answer = app.post(f"/arkiv/{document.id}{end}", {"csrf_token": token, **posted_purpose(PURPOSE)}, status=404)
        assert answer.body == NOT_FOUND_BODY


@pytest.mark.req("R-18", "T9")
def test_drafts_and_others_do_not_exist_here(signed):
    world = signed.world
    with world.house() as house:
        base = document_now(world)
        draft = Document(
            id=new_id(), number="TD-KLADDE", child_id=base.child_id, unit_id=base.unit_id, variant=base.variant, state="draft",
            definition=DefinitionRef(form_id="overgangsbeskrivelse", version=3, digest=base.definition.digest),
            created_at=world.clock.now(), author=base.author,
        )  # fmt: skip
        house.documents.add(draft, Draft(document_id=draft.id))
    app = as_staff(signed, "ove")
    token = app.get("/arkiv").forms["search"]["csrf_token"].value
    for document_id in (draft.id, new_id()):
        answer = app.post(f"/arkiv/{document_id}", {"csrf_token": token, **posted_purpose(PURPOSE)}, status=404)
        assert answer.body == NOT_FOUND_BODY
    for who in ("hanne", "sofie", "rasmus", "camilla", "mettemarie"):
        other = as_staff(signed, who)
        token = other.get("/").forms[0]["csrf_token"].value
        assert other.get("/arkiv", status=404).body == NOT_FOUND_BODY
        asked = {"csrf_token": token, **posted_purpose(PURPOSE)}
        assert other.post(f"/arkiv/{document_now(world).id}", asked, status=404).body == NOT_FOUND_BODY


def test_an_excerpt_is_escaped_before_its_marks_are_made():
    from tillid.archive.query import MARK_END, MARK_START
    from tillid.web.archive_search import marked

    shown = marked(f"Mette & Søn <3 kg {MARK_START}<script>{MARK_END}")
    assert shown == "Mette &amp; Søn &lt;3 kg <mark>&lt;script&gt;</mark>"


def test_filters_narrow_and_no_result_helps(signed):
    app = as_staff(signed, "ove")
    found = search(app, "")
    form = found.forms["search"]
    assert {name for name in form.fields if name in ("form", "state", "year", "unit")} == {
        "form",
        "state",
        "year",
        "unit",
    }
    form["state"].checked = True
    again = form.submit()
    assert "1 dokument fundet" in again and again.forms["search"]["state"].checked
    none = search(app, "xylofonhest")
    assert "Ingen resultater" in none and "Det kan hjælpe" in none
    for odd in ('"', "AND OR ((", "*", "æøå" * 60, "\x00\ue000"):
        search(app, odd)


@pytest.mark.req("R-21", "R-17")
def test_a_withdrawn_case_stays_the_archives_and_tells_so(signed):
    world = signed.world
    request = request_now(world)
    with world.house() as house:
        withdraw_consent(house, world.holders(SET.child_id)[0], request.id, language="da", event_id=new_id())
    app = as_staff(signed, "ove")
    assert "Ingen resultater" in search(app, "pindsvin"), "until the index has followed, the case is not shown at all"
    assert world.drain() == []
    case = open_case(app, search(app, "pindsvin"))
    assert "Trak samtykket tilbage" in case and "Samtykket er trukket tilbage" in case
    assert case.text.count("Seglet er ægte") == 3


def closed_cases(world, count):
    """Cases closed without a question, as many as asked for, in the archive and its index."""
    base = document_now(world)
    with world.house() as house:
        version = house.documents.version(base.id, base.versions)
        for number in range(count):
            case = msgspec.structs.replace(
                base, id=new_id(), number=f"TD-LUK{number:03}", state="closed", versions=1, agreed_version=1
            )
            house.documents.add(case, Draft(document_id=case.id))
            house.documents.add_version(msgspec.structs.replace(version, document_id=case.id, number=1))
            house.outbox.add("index", {"document": case.id, "event": new_id()}, house.moment)
    assert world.drain() == []


def test_pages_are_turned_with_the_same_question(signed):
    closed_cases(signed.world, 24)
    app = as_staff(signed, "ove")
    first = search(app, "pindsvin")
    assert "25 dokumenter fundet" in first and "Side 1 af 2" in first and "Forrige side" not in first
    form = first.forms["search"]
    second = app.post("/arkiv", [*(f for f in form.submit_fields() if f[0] != "page"), ("page", "2")])
    assert "Side 2 af 2" in second and len(second.html.select("button[formaction]")) == 5
    numbers = [set(re.findall(r"TD-[A-Z0-9]+", page.text)) for page in (first, second)]
    assert len(numbers[0]) == 20 and not numbers[0] & numbers[1]
    beyond = app.post("/arkiv", [*(f for f in form.submit_fields() if f[0] != "page"), ("page", "9")])
    assert "Der er ikke flere" in beyond


@pytest.mark.req("R-70")
def test_a_slip_is_offered_put_right_from_the_forms_words_and_never_from_a_document(signed):
    app = as_staff(signed, "ove")
    found = search(app, "overgangsbeskrivlse")
    assert "Ingen resultater" in found and "Mente du:" in found
    again = found.forms["search"].submit("meant")
    assert "1 dokument fundet" in again and again.forms["search"]["words"].value == "overgangsbeskrivelse"
    offered = [one["value"] for one in found.html.select("#words-list option")]
    assert "logopæd" in offered and any(one.startswith("Overgangsbeskrivelse") for one in offered)
    name = name_of_child(signed.world).split()[0]
    assert name not in " ".join(offered)
    assert "Mente du" not in search(app, name + "x")
    assert "Mente du" not in search(app, "overgangsbeskrivelse")


def test_a_search_that_is_too_long_says_so_and_keeps_the_words(signed):
    found = search(as_staff(signed, "ove"), "leg " * 40, status=422)
    assert "for mange ord" in found and "leg leg" in found.forms["search"]["words"].value


def test_a_file_in_the_place_of_a_word_is_said_to_be_none(signed, caplog):
    """Whoever writes the request themselves: no fault of the program's, and nothing in its log."""
    app = as_staff(signed, "ove")
    fields = search(app, "").forms["search"].submit_fields()
    for name in ("words", "child", "since", "title", "form", "year", "variant", "meant", "purpose_note"):
        posted = [*((one, value) for one, value in fields if one != name), (name, Upload("a.txt", b"leg"))]
        answer = app.post("/arkiv", posted, expect_errors=True)
        assert answer.status_int == 409 and "web.file-in-text" in answer.text, name
    assert not [row for row in caplog.records if row.levelname == "ERROR"]


def test_days_narrow_and_a_wrong_one_is_said_at_its_field(signed):
    app = as_staff(signed, "ove")
    form = search(app, "").forms["search"]
    form["since"] = "0-0-0000"
    wrong = form.submit(status=422)
    assert "Skriv året med fire tal, fra 1900 til 2100." in wrong and wrong.forms["search"]["since"].value == "0-0-0000"
    form["since"], form["until"] = "2-1-2027", "1-1-2027"
    assert "Byt om på de to datoer" in form.submit(status=422)
    form["until"] = ""
    none = form.submit()
    assert "Ingen resultater" in none and "fjerne filtre" in none
    again = none.forms["search"].submit("off", value="since")
    assert "1 dokument fundet" in again and again.forms["search"]["since"].value == ""


def test_chosen_filters_stand_as_chips_that_are_taken_off(signed):
    app = as_staff(signed, "ove")
    form = search(app, "pindsvin").forms["search"]
    form["state"].checked = True
    found = form.submit()
    chips = {one["value"]: one.text for one in found.html.select(".chips button")}
    assert chips == {"state:released": "Fjern Tilstand: Givet videre"}
    off = found.forms["search"].submit("off", value="state:released")
    assert (
        not off.html.select(".chips button") and not off.forms["search"]["state"].checked and "1 dokument fundet" in off
    )


@pytest.mark.req("R-71")
def test_the_table_shows_the_chosen_columns_and_the_file_has_them_too(signed):
    app = as_staff(signed, "ove")
    form = search(app, "pindsvin").forms["search"]
    form["look"] = "table"
    for box in form.fields["column"]:
        box.checked = box._value in ("number", "receiver")
    found = form.submit()
    document = document_now(signed.world)
    assert [one.text for one in found.html.select("thead th")] == ["Barn", "Nummer", "Til", "Åbn sagen"]
    assert document.number in found.html.select_one("tbody").text
    before = len(all_rows(signed.world))
    answer = next(one for one in found.forms.values() if one.action == "/arkiv/resultat.csv").submit()
    assert answer.content_type == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    head, row, end = answer.body.decode("utf-8-sig").split("\r\n")
    assert head == "Barn;Nummer;Til;Adresse" and end == ""
    assert row.split(";")[:2] == [name_of_child(signed.world), document.number] and row.endswith(
        f"/arkiv/{document.id}"
    )
    rows = all_rows(signed.world)[before:]
    assert [(one.action, one.object_id, one.child_id, one.purpose) for one in rows] == [
        ("export_hits", "", "", PURPOSE),
        ("export_hit", document.id, SET.child_id, PURPOSE),
    ]


@pytest.mark.req("R-18", "R-17", "R-71")
def test_the_file_holds_only_what_may_be_shown_when_it_leaves(signed):
    world, app = signed.world, as_staff(signed, "ove")
    found = search(app, "pindsvin")
    form = next(one for one in found.forms.values() if one.action == "/arkiv/resultat.csv")

    def moved() -> None:
        signed.before_refresh = lambda: None
        with world.house() as house:
            other = msgspec.structs.replace(document_now(world), unit_id=world.ids.units["skovtrolden"])
            house.documents.replace(other)

    signed.before_refresh = moved
    assert len(form.submit().body.decode("utf-8-sig").split("\r\n")) == 2, "the head and an end"
    with world.full_log():
        assert SET.child_id not in form.submit(status=503)
    form["purpose_note"] = "kor"
    form.submit(status=422)


def test_an_incomplete_index_is_told_with_what_to_do(signed):
    world, app = signed.world, as_staff(signed, "ove")
    (mark,) = (world.folder / "index").rglob(REBUILD)  # of the stages' own index
    mark.unlink()
    whole = search(app, "pindsvin")
    assert not [word for word in ("Drift", "om et øjeblik", "bygget op", "ikke alt") if word in whole]
    with world.house() as house:
        ids = {"document": document_now(world).id, "event": new_id()}
        house.exclusions.add(*ids.values())
        entry = house.outbox.add("index", ids, house.moment)
    late = search(app, "pindsvin")
    assert "kommer med i søgningen om et øjeblik" in late and "har ikke alt lige nu" in late
    with world.house() as house:
        house.outbox.failed(entry.key, "search.unavailable", house.moment)
    assert "Tillid prøver igen af sig selv" in search(app, "pindsvin")
    with world.house() as house:
        for _ in range(8):
            house.outbox.failed(entry.key, "search.rejected", house.moment)
        other = msgspec.structs.replace(document_now(world), unit_id=world.ids.units["skovtrolden"])
    assert "kunne ikke komme med i søgningen" in search(app, "pindsvin")
    mark.touch()
    assert "bliver bygget op igen" in search(app, "pindsvin")
    mark.unlink()
    with world.house() as house:
        house.documents.replace(other)
    assert "kunne ikke komme med" not in search(app, "pindsvin"), "of another controller's documents nothing is told"


def test_a_search_that_does_not_answer_keeps_what_was_typed(signed, monkeypatch):
    def away(*_: object) -> None:
        raise SearchUnavailable("away")

    app = as_staff(signed, "ove")
    monkeypatch.setattr(type(signed.world.parts.search), "search", away)
    page = search(app, "pindsvin", status=503)
    assert "svarer ikke lige nu" in page
    assert (page.forms["search"]["words"].value, page.forms["search"]["purpose_note"].value) == (
        "pindsvin",
        "sag 26-1234",
    )


def test_what_is_hidden_and_nothing_brings_back_is_for_the_administrator_and_what_is_destroyed_is_under_way(signed):
    world, app = signed.world, as_staff(signed, "ove")
    (mark,) = (world.folder / "index").rglob(REBUILD)
    mark.unlink()
    ids = {"document": document_now(world).id, "event": new_id()}
    with world.house() as house:
        house.exclusions.add(*ids.values())
    assert "kunne ikke komme med i søgningen" in search(app, "pindsvin")
    with world.house() as house:
        house.outbox.add(FORGET, ids, house.moment)
    late = search(app, "pindsvin")
    assert "kommer med i søgningen om et øjeblik" in late and "kunne ikke komme med" not in late
