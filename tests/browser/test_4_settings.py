"""The municipality's settings, seen and changed by the administrator, by keyboard too."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.filling import write
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
    names = page.get_by_role("region", name="Kommunens egne navne på positionerne")
    names.get_by_label("Gul position").fill("Vi holder øje")
    press(page, names.get_by_role("button", name="Se, hvad det ændrer"))
    expect(page.locator("#effect")).to_contain_text("»(tomt)« bliver til »Vi holder øje«")
    people.look("camilla", "indstillinger-hvad-det-aendrer")
    press(page, section.get_by_role("button", name="Brug standarden igen"))
    expect(section).to_contain_text("Standard")


def test_camilla_begins_an_addition_and_looks_at_it(people) -> None:
    page = people.staff("camilla")
    page.goto("/drift/skemaer")
    section = page.locator("section[aria-labelledby=tilfoejelser]")
    section.get_by_text("Lav en tilføjelse").click()
    section.get_by_label("Hvem den gælder for").select_option(label="Skovbørnehaven Skovtrolden")
    people.look("camilla", "tilfoejelser")
    press(page, section.get_by_role("button", name="Begynd tilføjelsen"))
    expect(page.locator("h1")).to_have_text("Skovtroldens lokale aftaler")
    expect(page.locator(".design-checks")).to_contain_text("Ingen fejl")
    people.look("camilla", "tilfoejelse-udkast")
    press(page, page.get_by_role("link", name="Se, hvad der er ændret"))
    expect(page.locator("main")).to_contain_text("Intet er ændret.")
    people.look("camilla", "tilfoejelse-aendret")


def test_a_unit_s_own_fields_are_filled_like_all_others(people) -> None:
    page = people.staff("nadja")
    press(page, page.get_by_role("link", name="Ellie Hartmann"))
    page.get_by_text("Fra børnehave til skole og SFO").click()
    press(page, page.get_by_role("button", name="Begynd en overgangsbeskrivelse"))
    press(page, page.get_by_role("link", name="Lokale aftaler"))
    expect(page.locator("h1")).to_have_text("Lokale aftaler")
    write(page, "egen_besoeg", "Vi besøger skolen i maj.")
    people.look("nadja", "udfyld-lokale-aftaler")
