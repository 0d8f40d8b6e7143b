"""The consent page in the browser: what is asked, the click that counts, and every click that does not."""

from __future__ import annotations

import re

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent
from tests.support.world import SET, author, fill_all, request_now, say_yes
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


def given(installation):
    return events(installation, "consent_given", "consent_refused")


def sends(app, form, status=409):
    """The final step posted straight from the form, as a browser without our pages would."""
    return app.post(form.action, [*form.submit_fields(), ("trin", "send")], status=status)


def answer_all(page, said, oral="ja", skip=()):
    form = form_of(page, "nonce")
    for name in form.fields:
        value = oral if name == "svar.oral" else said
        if name and name.startswith("svar.") and name not in skip and value:
            form[name] = value
    return form


def sent(app, installation, said="ja", **more):
    preview = answer_all(app.get(question(installation)), said, **more).submit("trin", value="se")
    return form_of(preview, "nonce").submit("trin", value="send")


@pytest.mark.req("R-10", "R-12", "R-13", "R-14", "R-15", "P4")
def test_the_page_stands_apart_says_everything_and_chooses_nothing(at):
    installation = at("asked")
    page = parent(installation).get(question(installation))
    request = request_now(installation.world)
    for said in (
        request.from_unit.name,
        request.to_unit.name,
        request.purpose.text,
        "Frivilligt",
        "Et nej får ingen betydning for barnets plads.",
        "Gælder til og med",
        "trække et ja tilbage",
    ):
        assert said in page
    words = page.html.find("section", class_="consent-words")
    assert "Jeg giver lov til" in words.text and holder(installation).name in words.text and not words.find("input")
    radios = page.html.find_all("input", type="radio")
    assert len(radios) == 2 * (len(request.items) + 1) and not any(radio.has_attr("checked") for radio in radios)
    assert not page.html.find_all("input", type="checkbox")
    for item in request.items:
        rows = [row for row in page.html.find_all("fieldset") if row.find("input", attrs={"name": f"svar.{item.id}"})]
        assert len(rows) == 1 and ("følsom" in rows[0].legend.text) == item.sensitive
    assert any(item.sensitive for item in request.items)
    assert "mundtligt" in page.html.find("input", attrs={"name": "svar.oral"})["id"]


@pytest.mark.req("R-12")
def test_an_unanswered_row_is_told_and_nothing_is_lost_or_sent(at):
    installation = at("asked")
    app = parent(installation)
    items = request_now(installation.world).items
    form = answer_all(app.get(question(installation)), "nej", oral=None, skip=(f"svar.{items[1].id}",))
    form[f"svar.{items[0].id}"] = "ja"
    page = form.submit("trin", value="se", status=422)
    problems = [link["href"] for link in page.html.find(class_="error-summary").find_all("a")]
    assert problems == ["#svar-2", "#svar-mundtligt"]
    again = form_of(page, "nonce")
    assert again[f"svar.{items[0].id}"].value == "ja" and again[f"svar.{items[2].id}"].value == "nej"
    assert sends(app, form, 422) and not given(installation)


@pytest.mark.req("P4", "R-10", "R-21")
def test_preview_correct_send_and_the_own_sealed_record(at):
    installation = at("asked")
    app = parent(installation)
    answered = answer_all(app.get(question(installation)), "ja", oral="nej")
    not_this = next(name for name in answered.fields if name and name.startswith("svar.") and name != "svar.oral")
    answered[not_this] = "nej"
    preview = answered.submit("trin", value="se")
    assert "Du siger ja til" in preview and not given(installation)
    back = form_of(preview, "nonce").submit("trin", value="ret")
    assert form_of(back, "nonce")["svar.oral"].value == "nej"
    preview = form_of(back, "nonce").submit("trin", value="se")
    page = form_of(preview, "nonce").submit("trin", value="send").follow()
    assert "Tak for dit svar" in page and "Dit ja gælder til og med" in page
    event = given(installation)[0]
    said = event.payload["answers"]
    assert [row for row, yes in said.items() if not yes] == [not_this.removeprefix("svar.")] and len(said) > 1
    record = page.click("Hent dit bevis")
    assert record.headers["Content-Disposition"] == f'attachment; filename="{event.id}.xml"'
    assert record.content_type == "application/xml" and record.headers["X-Content-Type-Options"] == "nosniff"
    verdict = installation.verify_record(record.body, installation.clock.now())
    assert verdict.passed and verdict.details["record"] == event.id and event.payload["oral"] is False
    assert parent(installation, 1).get(record.request.path, status=404).body == NOT_FOUND_BODY
    assert parent(installation, 1).get(page.request.path, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-12")
def test_a_refusal_is_a_full_answer_with_kind_words(at):
    installation = at("asked")
    app = parent(installation)
    page = sent(app, installation, "nej", oral=None).follow()
    assert "helt i orden" in page and "har sin plads som før" in page and "Træk" not in page
    assert [event.kind for event in given(installation)] == ["consent_refused"]
    assert "Du har sagt nej" in app.get("/")


@pytest.mark.req("R-10")
def test_the_record_keeps_the_language_that_was_shown(at):
    installation = at("asked")
    app = parent(installation)
    app.get("/sprog/en")
    page = app.get(question(installation))
    assert "I allow" in page and "Jeg giver lov" not in page
    app.get("/sprog/da")  # in another tab
    preview = answer_all(page, "ja").submit("trin", value="se")
    form_of(preview, "nonce").submit("trin", value="send")
    text = given(installation)[0].payload["text"]
    assert text["language"] == "en" and "I allow" in text["body"]


@pytest.mark.req("R-17", "R-21")
def test_the_same_click_twice_is_one_record_and_another_answer_from_the_same_page_is_told(at):
    installation = at("asked")
    app = parent(installation)
    form = form_of(answer_all(app.get(question(installation)), "ja").submit("trin", value="se"), "nonce")
    first, second = form.submit("trin", value="send"), form.submit("trin", value="send")
    assert first.location == second.location and len(given(installation)) == 1
    form["svar.oral"] = "nej"
    assert "allerede svaret" in form.submit("trin", value="send", status=409)
    assert len(given(installation)) == 1


@pytest.mark.req("R-102", "R-18")
def test_a_nonce_of_another_session_person_request_or_time_registers_nothing(at):
    installation = at("asked")
    app, other = parent(installation), parent(installation, 1)
    mine = answer_all(app.get(question(installation)), "ja")
    theirs = answer_all(other.get(question(installation)), "ja")
    nonce = mine["nonce"].value
    for foreign in (theirs["nonce"].value, "", "x", nonce[:-1], re.sub(r"^\d+", "99999999999", nonce)):
        mine["nonce"] = foreign
        assert "consent.nonce-foreign" in sends(app, mine)
    mine["nonce"] = nonce
    mine["sprog"] = "en"  # not the words that were shown
    assert "consent.page-changed" in sends(app, mine)
    again = parent(installation)  # logged in anew: the page of the old session is not this session's
    fresh = answer_all(again.get(question(installation)), "ja")
    fresh["nonce"] = nonce
    assert "consent.nonce-foreign" in sends(again, fresh)
    assert not given(installation)


@pytest.mark.req("R-11")
def test_a_text_that_changed_meanwhile_is_refused_and_told(at):
    installation = at("asked")
    app = parent(installation)
    preview = answer_all(app.get(question(installation)), "ja").submit("trin", value="se")
    with installation.world.house() as house:
        words = house.documents.draft(installation.world.made["document"]).answers["u_greb"]
    fill_all(
        installation.world,
        author(installation.world),
        installation.world.made["document"],
        {"u_greb": words + " Mere."},
    )
    told = form_of(preview, "nonce").submit("trin", value="send", status=409)
    assert "consent.document-changed" in told and "Teksten er ændret" in told and not given(installation)
    assert "Du kan ikke svare på dette mere" in app.get(question(installation))


@pytest.mark.req("R-12", "R-17")
def test_an_answer_that_cannot_be_sealed_is_not_registered(at, monkeypatch):
    installation = at("asked")
    app = parent(installation)
    form = form_of(answer_all(app.get(question(installation)), "ja").submit("trin", value="se"), "nonce")

    def away(record, moment):
        raise Unavailable("key away", code="seal.unavailable")

    monkeypatch.setattr(installation.world.parts.seal, "seal", away)
    assert "ikke registreret" in form.submit("trin", value="send", status=503) and not given(installation)
    monkeypatch.undo()
    assert form.submit("trin", value="send").status_int == 303


def test_the_other_parents_yes_leaves_this_ones_question_open(at):
    installation = at("asked")
    say_yes(installation.world, holder(installation, 1))
    assert sent(parent(installation), installation).follow()
    with installation.world.house() as house:
        assert msgspec.convert(house.documents.get(installation.world.made["document"]).state, str) == "signed"
