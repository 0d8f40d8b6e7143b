"""Rasmus answers somebody who asks what is kept about a child, and a remark stands beside a text (R-72)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import press


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
