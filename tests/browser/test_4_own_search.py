"""An employee searches the own documents: from the front page by keyboard, posted, each state of the page looked at (R-70, R-120)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import press
from tests.browser.test_5_pages import enter, tab_to


@pytest.mark.req("R-70", "R-111", "R-120", "R-121")
def test_sofie_finds_noors_text_from_the_front_page(people) -> None:
    page = people.staff("sofie")
    box = page.get_by_label("Søg i det, du må læse")
    tab_to(page, box)
    page.keyboard.type("vellidt")
    enter(page, page.get_by_role("button", name="Søg", exact=True))
    expect(page.locator("#hits")).to_be_focused()
    expect(page.locator("#hits")).to_have_text("1 dokument fundet")
    expect(page.locator(".excerpt mark")).to_have_text("vellidt")
    people.look("sofie", "egen-soegning-fundet")
    assert page.url.endswith("/soeg")
    page.locator("details.facets summary").focus()
    page.keyboard.press("Enter")
    people.look("sofie", "egen-soegning-filtre")
    tab_to(page, page.get_by_role("checkbox", name="Noor"))
    page.keyboard.press("Space")
    enter(page, page.get_by_role("button", name="Brug filtrene"))
    expect(page.locator("#hits")).to_be_focused()
    expect(page.locator("#hits")).to_have_text("1 dokument fundet")
    people.look("sofie", "egen-soegning-filtreret")
    enter(page, page.get_by_role("button", name="Fjern Barn: Noor"))
    box = page.get_by_label("Søg i det, du må læse")
    for words, name in (("overgangsbeskrivlse", "intet"), ("", "uden-ord")):
        box.fill(words)
        press(page, page.get_by_role("button", name="Søg", exact=True))
        people.look("sofie", f"egen-soegning-{name}")
    expect(page.locator(".error-summary")).to_be_focused()
    box.fill("overgangsbeskrivlse")
    press(page, page.get_by_role("button", name="Søg", exact=True))
    press(page, page.get_by_role("button", name="overgangsbeskrivelse", exact=True))
    people.look("sofie", "egen-soegning-mente")
    press(page, page.locator("main .list-cards a").first)
    expect(page.locator("h1")).to_be_visible()
    assert "/dokument/" in page.url
    page.goto("/soeg")
    people.look("sofie", "egen-soegning")


@pytest.mark.req("R-22", "R-70")
def test_hanne_finds_nothing_of_what_is_not_released_to_her(people) -> None:
    """Alma's text was, and was taken back."""
    page = people.staff("hanne")
    page.get_by_label("Søg i det, du må læse").fill("dyrehospital")
    press(page, page.get_by_role("button", name="Søg", exact=True))
    expect(page.locator("#hits")).to_have_text("Ingen resultater")
    people.look("hanne", "egen-soegning-intet")
