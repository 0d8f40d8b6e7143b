"""Beside the field while one writes: words to look at again, and files that are not taken, before and after sending."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.filling import SAVED, field, state
from tests.browser.people import press
from tests.browser.test_1_write import document_path
from tests.support import bad_files as bad

# Whether the browser asks before the page is left.
LEAVES = "() => window.dispatchEvent(new Event('beforeunload', { cancelable: true })) ? 'goes' : 'asks'"
THEO, SECTION = "Theo Lindgaard Bech", "/udfyld/fagpersonens_del"


@pytest.fixture
def page(people):
    page = people.staff("sofie")
    press(page, page.get_by_role("link", name=THEO))
    page.get_by_text("Fra børnehave til skole og SFO").click()
    press(page, page.get_by_role("button", name="Begynd en overgangsbeskrivelse"))
    page.goto(document_path(page) + SECTION)
    return page


@pytest.mark.req("T9b", "R-37", "R-111")
def test_words_are_marked_at_the_save_and_gone_when_they_are(people, page):
    beside, area = page.locator("#f-u_greb-wording"), field(page, "u_greb").locator("textarea")
    area.fill("Hun er i gul. Ring til Skovvej 12, hvis det er om den røde jakke.")
    expect(state(page, "u_greb")).to_have_text(SAVED)
    expect(beside.locator("mark")).to_have_text(["Skovvej 12", "gul"])
    people.looker.look(page, "sofie", "words-marked")
    area.fill("Hun leger helst ude.")
    expect(beside.locator("mark")).to_have_count(0)


def test_a_file_that_is_not_taken_says_why_at_its_field(people, page):
    place = field(page, "u_bilag")
    chosen, error = place.locator("input[type=file]"), place.locator(".form-error-message")
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    chosen.set_input_files({"name": "stor.png", "mimeType": "image/png", "buffer": bytes(10_000_001)})
    expect(error).to_have_text(re.compile("mere end 10 MB"))
    assert chosen.evaluate("one => one.files.length") == 0 and not sent, "nothing of it was sent"
    place.get_by_label("Nej, filen er ikke et trivselsskema").check(force=True)
    chosen.set_input_files({"name": "side.jpg", "mimeType": "image/jpeg", "buffer": bad.PAGE})
    expect(error).to_have_text(re.compile("Filen er ikke et billede"))
    chosen.set_input_files({"name": "script.pdf", "mimeType": "application/pdf", "buffer": bad.pdf(bad.open_script)})
    expect(error).to_have_text(re.compile("JavaScript"))
    chosen.set_input_files({"name": "tegning.jpg", "mimeType": "image/jpeg", "buffer": bad.told_too_much()})
    expect(place.get_by_role("link", name="Hent bilaget tegning.jpg")).to_be_visible()
    expect(error).to_be_hidden()
    with page.expect_download() as download:
        place.get_by_role("link", name="Hent bilaget tegning.jpg").click()
    assert b"Kamerafabrik" not in download.value.path().read_bytes()


@pytest.mark.req("T9", "R-11")
def test_a_picture_waits_until_the_employee_has_said_by_keyboard_what_it_is(people, page):
    place = field(page, "u_bilag")
    chosen, error, none = (
        place.locator("input[type=file]"),
        place.locator(".form-error-message"),
        place.locator("[value=nej]"),
    )
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    chosen.set_input_files({"name": "tegning.jpg", "mimeType": "image/jpeg", "buffer": bad.told_too_much()})
    expect(error).to_have_text("Svar først på, om billedet er et trivselsskema. Så bliver det gemt.")
    expect(none).to_be_focused()
    expect(none).to_have_accessible_description(re.compile("Svar først på"))
    assert not sent and place.locator(":checked").count() == 0, "nothing is sent, and nothing chosen beforehand"
    expect(state(page, "u_bilag")).to_have_text("Ikke gemt. Se beskeden ved feltet.")
    assert page.evaluate(LEAVES) == "asks", "the picture is not lost without a word"
    people.looker.look(page, "sofie", "picture-unsaid")
    page.keyboard.press("Space")
    expect(place.get_by_role("link", name="Hent bilaget tegning.jpg")).to_be_visible()
    expect(error).to_be_hidden()
    assert page.evaluate(LEAVES) == "goes"
    assert place.locator(":checked").count() == 0, "said of this file, not of the next"
    # A scanned page is told by the server alone; the file stays chosen, and the answer sends it.
    chosen.set_input_files({"name": "scan.pdf", "mimeType": "application/pdf", "buffer": bad.pdf(bad.scan_alone)})
    expect(error).to_have_text(re.compile("Vi kan ikke læse, hvad der står på et billede eller en scannet side"))
    place.locator("[value=ja]").check(force=True)
    expect(error).to_have_text(re.compile("Filen er et trivselsskema. Det kan ikke vedlægges"))
    expect(place.get_by_role("link")).to_have_count(1)
    place.locator("[value=nej]").check(force=True)
    expect(place.get_by_role("link", name="Hent bilaget scan.pdf")).to_be_visible()


def test_an_answer_without_a_file_is_nothing_to_save(people, page):
    place, sent = field(page, "u_bilag"), []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" and "/felt/" in one.url else None)
    place.locator("[value=nej]").check(force=True)
    write = field(page, "u_greb").locator("textarea")
    write.fill("Hun leger helst ude.")
    expect(state(page, "u_greb")).to_have_text(SAVED)
    assert [one.rsplit("/", 1)[1] for one in sent] == ["u_greb"]


def test_a_section_that_is_sent_with_a_picture_nobody_answered_for_says_so_above_too(people, page):
    place = field(page, "u_bilag")
    place.locator("input[type=file]").set_input_files(
        {"name": "tegning.jpg", "mimeType": "image/jpeg", "buffer": bad.told_too_much()}
    )
    expect(place.locator("[value=nej]")).to_be_focused()
    press(page, page.get_by_role("button", name="Gem", exact=True))
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("Svar på, om filen er et trivselsskema")
    people.looker.look(page, "sofie", "picture-unsaid-sent")
    expect(field(page, "u_bilag").get_by_role("link")).to_have_count(0)
