"""Rasmus answers somebody who asks what is kept about a child, and a remark stands beside a text (R-72)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.filling import field
from tests.browser.own_draft import FILES, SECTION, THEO
from tests.browser.people import press
from tests.support import bad_files as bad


@pytest.mark.req("R-72", "R-120")
def test_rasmus_collects_reviews_and_leaves_out(people) -> None:
    page = people.staff("rasmus")
    press(page, page.get_by_role("link", name="Indsigt", exact=True))
    people.look("rasmus", "indsigt")
    page.locator("summary", has_text="Stjernehuset").click()
    press(page, page.get_by_role("link", name="Noor"))
    page.get_by_label("Hvilken indehaver, eller for hvem?").select_option(index=1)
    press(page, page.get_by_role("button", name="Begynd sagen"))
    expect(page.locator(".error-summary")).to_be_focused()
    people.look("rasmus", "indsigt-mangler")
    page.get_by_label("Hvordan har I sikret jer, hvem det er?").fill("Logget ind med MitID")
    page.get_by_label("Hvilken dag kom anmodningen?").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    press(page, page.get_by_role("button", name="Begynd sagen"))
    press(page, page.get_by_role("button", name="Saml alt om barnet"))
    page.locator("summary", has_text="Forlæng fristen").click()
    press(page, page.get_by_role("button", name="Forlæng fristen"))
    expect(page.locator(".error-summary")).to_be_focused()
    people.look("rasmus", "indsigt-sag")
    documents = page.locator("section[aria-labelledby=fundet] h3", has_text="TD-")
    press(page, documents.first.get_by_role("link"))
    part = page.locator("details.passages").first
    part.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(part.get_by_role("checkbox").first).to_be_checked()
    page.get_by_label("Giv det uden det, jeg har valgt fra").check()
    page.get_by_label("Hvis noget ikke gives: efter hvilken bestemmelse?").fill("Databeskyttelseslovens § 22, stk. 1")
    page.get_by_label("Og hvorfor?").fill("Det handler om en anden.")
    press(page, page.get_by_role("button", name="Vis, hvordan det bliver"))
    expect(page.locator("#bliver").locator("..")).to_contain_text("[Udeladt]")
    people.look("rasmus", "indsigt-post")
    press(page, page.get_by_role("button", name="Gem beslutningen"))
    press(page, page.get_by_role("link", name="Bemærkninger og begrænsning").first)
    page.get_by_label("Bemærkningen").fill("Mor mener, at det var anderledes.")
    press(page, page.get_by_role("button", name="Sæt bemærkningen på"))
    people.look("rasmus", "bemaerkninger")


@pytest.mark.req("R-72", "R-120")
def test_rasmus_covers_a_part_of_a_drawing(people, document) -> None:
    sofie = people.staff("sofie")
    sofie.goto(document + SECTION)
    place = field(sofie, FILES)
    place.get_by_label("Nej, filen er ikke et trivselsskema").check(force=True)
    place.locator("input[type=file]").set_input_files(
        {"name": "tegning.jpg", "mimeType": "image/jpeg", "buffer": bad.told_too_much()}
    )
    expect(place.get_by_role("link", name="Hent bilaget tegning.jpg")).to_be_visible()
    page = people.staff("rasmus")
    press(page, page.get_by_role("link", name="Indsigt", exact=True))
    page.locator("summary", has_text="Stjernehuset").click()
    press(page, page.get_by_role("link", name=THEO))
    page.get_by_label("Hvilken indehaver, eller for hvem?").select_option(index=1)
    page.get_by_label("Hvordan har I sikret jer, hvem det er?").fill("Logget ind med MitID")
    page.get_by_label("Hvilken dag kom anmodningen?").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    press(page, page.get_by_role("button", name="Begynd sagen"))
    case = page.url
    press(page, page.get_by_role("button", name="Saml alt om barnet"))
    press(page, page.locator("section[aria-labelledby=fundet] h3", has_text="Bilag").first.get_by_role("link"))
    people.look("rasmus", "indsigt-bilag")
    cells = page.get_by_label("Felter på side 1, der skal dækkes")
    cells.fill("A1-C3")
    picture = page.locator(".cells img").first
    picture.scroll_into_view_if_needed()
    at = picture.bounding_box()
    assert at is not None
    page.mouse.move(at["x"] + at["width"] * 0.52, at["y"] + at["height"] * 0.11)
    page.mouse.down()
    page.mouse.move(at["x"] + at["width"] * 0.73, at["y"] + at["height"] * 0.21)
    page.mouse.up()
    expect(cells).to_have_value("A1-C3, K4-O7")
    page.get_by_label("Giv det med de valgte felter dækket").check()
    press(page, page.get_by_role("button", name="Vis, hvordan det bliver"))
    expect(page.get_by_role("checkbox", name="Side 1: K4-O7")).to_be_checked()
    expect(page.get_by_alt_text("Siden, som den bliver udleveret, med de valgte felter dækket")).to_be_visible()
    people.look("rasmus", "indsigt-bilag-daekket")
    page.goto(case)  # closed, so that nothing of the child's is held for the stations to come
    page.locator("summary", has_text="Giv ingenting").click()
    page.get_by_label("Efter hvilken bestemmelse?").fill("Databeskyttelseslovens § 22, stk. 1")
    page.get_by_label("Begrundelse, som den, der spørger, får").fill("Anmodningen er trukket tilbage.")
    press(page, page.get_by_role("button", name="Afvis anmodningen"))
    expect(page.locator("main")).to_contain_text("Så længe gemmes sagen")
    people.look("rasmus", "indsigt-lukket")
