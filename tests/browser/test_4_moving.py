"""T30 in the browser: Trine's draft of overgangsbeskrivelse, begun in version 2, is moved to version 3 and brought back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import press

EMIL = "Emil Yıldız"


@pytest.mark.req("T30")
def test_trine_moves_emil_s_draft_to_the_newer_version_and_back(people) -> None:
    page = people.staff("trine")
    press(page, page.get_by_role("link", name=re.compile(EMIL)).first)
    press(page, page.get_by_role("link", name=re.compile("Overgangsbeskrivelse")).first)
    expect(page.locator("main")).to_contain_text("Den kan flyttes til version 3")
    document = page.url
    people.look("trine", "dokument-nyere-version")
    press(page, page.get_by_role("link", name="Se, hvad en flytning gør"))
    left = page.locator("section[aria-labelledby=left-over]")
    expect(left).to_contain_text("Samtykke gives nu i en samtykkeerklæring")
    expect(page.locator(".move-row", has_text="»Se! Snegl hjem!«").first).to_contain_text("Flyttes til et andet felt")
    expect(page.locator(".move-row", has_text="Sover fra klokken").first).to_contain_text("Samles med andre svar")
    people.look("trine", "flyt")
    page.locator("summary", has_text="uændrede").click()
    people.look("trine", "flyt-uaendrede")
    press(page, page.get_by_role("button", name="Flyt kladden til version 3"))
    expect(page.locator("main")).to_contain_text("Det vil jeg gerne have, at de voksne ved om mig")
    expect(page.locator("main")).to_contain_text("»Se! Snegl hjem!«")
    page.goto(document)
    people.look("trine", "dokument-flyttet")
    press(page, page.get_by_role("link", name=re.compile("Kladden fra før")))
    expect(page.locator("main")).to_contain_text("Det siger barnet selv")
    people.look("trine", "gammel-kladde")
    press(page, page.get_by_role("link", name="Gå tilbage til den gamle kladde"))
    people.look("trine", "gammel-kladde-tilbage")
    press(page, page.get_by_role("button", name="Hent den gamle kladde tilbage"))
    page.goto(document)
    expect(page.locator("main")).to_contain_text("Den kan flyttes til version 3")


@pytest.mark.req("T30")
def test_moving_works_without_javascript(people) -> None:
    page = people.staff("trine")
    press(page, page.get_by_role("link", name=re.compile(EMIL)).first)
    press(page, page.get_by_role("link", name=re.compile("Overgangsbeskrivelse")).first)
    address, state = page.url, page.context.storage_state()
    bare = page.context.browser.new_context(java_script_enabled=False, storage_state=state)
    try:
        plain = bare.new_page()
        plain.goto(f"{address}/flyt")
        with plain.expect_navigation():
            plain.get_by_role("button", name="Flyt kladden til version 3").click()
        expect(plain.locator("main")).to_contain_text("Det vil jeg gerne have, at de voksne ved om mig")
    finally:
        bare.close()
