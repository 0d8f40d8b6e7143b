"""The disk broke and nothing but a backup is left: what is held, who sees what, and how it is opened again (ADR 0082)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import press
from tests.browser.test_5_pages import enter, tab_to

STORM = "Storm Nguyễn Madsen"


def says(page, *words) -> None:
    for one in words:
        expect(page.locator("main")).to_contain_text(one)


@pytest.mark.req("R-17", "R-18", "R-22", "R-71", "R-120", "R-121")
def test_after_a_backup_nothing_is_given_on_until_somebody_has_looked(served, people) -> None:
    page = people.staff("birgit")
    press(page, page.get_by_role("link", name=STORM).first)
    released = page.url
    assert "/modtaget/" in released
    people.settled()
    people.leave()
    served.again_from_a_backup()

    page = people.staff("birgit")
    assert STORM not in page.locator("main").inner_text() and people.get("birgit", released).status == 404
    page = people.parent("Linh Nguyễn")
    says(page, "Det nye sted kan ikke læse det, før vi har set efter", "hentet tilbage fra en sikkerhedskopi")
    people.look("Linh Nguyễn", "forside-efter-sikkerhedskopi")
    press(page, page.get_by_role("link", name=f"{STORM} →").first)
    expect(page.get_by_role("link", name="Træk samtykket tilbage")).to_be_visible()
    people.look("Linh Nguyễn", "samtykke-efter-sikkerhedskopi")

    page = people.staff("camilla")
    page.goto("/drift")
    says(page, "Holder tilbage")
    people.look("camilla", "drift-efter-sikkerhedskopi")
    press(page, page.get_by_role("link", name="Se, hvad I skal gøre"))
    people.look("camilla", "sikkerhedskopi")

    page = people.staff("lone")
    page.goto(released.replace("/modtaget/", "/dokument/"))
    says(page, "Holdt tilbage efter en sikkerhedskopi")
    people.look("lone", "dokument-efter-sikkerhedskopi")
    press(page, page.get_by_role("link", name="Se efter, og bekræft"))
    people.look("lone", "holdt-tilbage")
    button = page.get_by_role("button", name="Bekræft, at ingen tilbagekaldelse mangler").first
    press(page, button)
    expect(page.locator(".error-summary")).to_be_focused()
    people.look("lone", "holdt-tilbage-intet-valgt")
    box = page.get_by_label("Forældrene er spurgt, om de har trukket noget tilbage").first
    tab_to(page, box)
    page.keyboard.press("Space")
    enter(page, page.get_by_role("button", name="Bekræft, at ingen tilbagekaldelse mangler").first)
    assert people.get("birgit", released).status == 200, "the one that the leader has looked at"

    page = people.staff("camilla")
    page.goto("/drift/sikkerhedskopi")
    page.get_by_label("Et hoved af loggen over samtykker, som andre har gemt").check()
    press(page, page.get_by_role("button", name="Bekræft for det hele"))
    says(page, "Bekræftet af Camilla Thorup")
    people.look("camilla", "sikkerhedskopi-bekraeftet")
