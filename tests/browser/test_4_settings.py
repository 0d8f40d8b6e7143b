"""The municipality's settings, seen and changed by the administrator, by keyboard too."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.people import press


def test_camilla_changes_a_setting_and_takes_it_back(people) -> None:
    page = people.staff("camilla")
    press(page, page.get_by_role("link", name="Drift"))
    press(page, page.get_by_role("link", name="Kommunens indstillinger"))
    people.look("camilla", "indstillinger")
    section = page.get_by_role("region", name="Hvad forældre får at vide om positionen")
    section.get_by_label("Værdi").select_option("ord")
    press(page, section.get_by_role("button", name="Gem"))
    expect(page.get_by_role("status")).to_contain_text("Gemt")
    expect(section).to_contain_text("Valgt af kommunen")
    people.look("camilla", "indstillinger-gemt")
    rounds = page.get_by_role("region", name="Antal runder om året")
    rounds.get_by_label("Børnehave, 3-6 år").fill("99")
    press(page, rounds.get_by_role("button", name="Gem"))
    expect(page.get_by_role("alert")).to_contain_text("Skriv et helt tal fra 1 til 6")
    people.look("camilla", "indstillinger-fejl")
    press(page, section.get_by_role("button", name="Brug standarden igen"))
    expect(section).to_contain_text("Standard")
