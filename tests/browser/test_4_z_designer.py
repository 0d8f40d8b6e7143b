"""Part 8 in the browser: a new version is designed, reviewed by a second person, published and used; no file is touched."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import press

EMIL = "Emil Yıldız"
ASKED = "Hvad glæder jeres barn mest lige nu?"


def open_design(people, who: str) -> Page:
    page = people.staff(who)
    press(page, page.get_by_role("link", name="Skemaer"))
    return page


@pytest.mark.req("T30", "O22")
def test_camilla_designs_a_new_version(people, walk) -> None:
    page = open_design(people, "camilla")
    people.look("camilla", "skemaer")
    card = page.locator("section[aria-labelledby=overgangsbeskrivelse]")
    press(page, card.get_by_role("button", name="Lav en ny version ud fra version 3"))
    walk.kept["design"] = page.url
    expect(page.locator(".design-checks")).to_contain_text("Ingen fejl")
    people.look("camilla", "udkast")
    press(page, page.get_by_role("link", name=re.compile("glad", re.I)).first)
    question = page.get_by_label("Spørgsmålet, som det skal stå")
    question.fill(ASKED)
    expect(page.locator("#looked")).to_contain_text(ASKED)  # drawn anew while she types, stored nowhere yet
    people.look("camilla", "felt")
    page.get_by_label("Slags", exact=True).select_option("text")
    expect(page.get_by_label("Højst så mange tegn")).to_be_visible()
    people.look("camilla", "felt-anden-slags")
    page.get_by_label("Slags", exact=True).select_option("long_text")
    page.get_by_label("Højst så mange tegn").fill("1200")
    expect(question).to_have_value(ASKED)
    press(page, page.get_by_role("button", name="Gem feltet"))
    expect(page.locator("main")).to_contain_text(ASKED)


def test_a_condition_is_picked_and_taken_back(people, walk) -> None:
    page = people.staff("camilla")
    page.goto(walk.kept["design"])
    press(page, page.get_by_role("link", name=ASKED))
    page.get_by_role("radio", name="Kun når betingelsen herunder passer").check(force=True)
    box = page.locator("details", has=page.get_by_text("Betingelse for, at feltet vises")).last
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    press(page, box.get_by_role("button", name="Tilføj en betingelse"))
    left = page.locator("#shown-0-left")
    expect(left).to_be_focused()
    with page.expect_navigation():
        left.select_option("field:overgangstype")
    expect(page.locator("#shown-0-value")).to_be_visible()
    page.locator("#shown-0-value").select_option("bh_sk")
    people.look("camilla", "betingelse")
    press(page, page.get_by_role("button", name="Gem feltet"))
    expect(page.locator("main")).to_contain_text("vises på en betingelse")
    press(page, page.get_by_role("button", name="Fortryd den seneste ændring"))
    expect(page.locator(f"li:has-text('{ASKED}')")).not_to_contain_text("vises på en betingelse")


def test_the_outline_by_keyboard(people, walk) -> None:
    page = people.staff("camilla")
    page.goto(walk.kept["design"])
    section = page.locator(".design-fields").filter(has=page.get_by_role("link", name=ASKED))
    before = section.locator("li > p > a").all_inner_texts()
    down = section.get_by_role("button", name=re.compile("^Flyt ned")).first
    down.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    after = section.locator("li > p > a").all_inner_texts()
    assert after == [before[1], before[0], *before[2:]]
    press(page, page.get_by_role("button", name="Fortryd den seneste ændring"))


def test_every_page_of_the_designer_is_looked_at(people, walk) -> None:
    page = people.staff("camilla")
    design = walk.kept["design"]
    for path, name in (
        ("/skemaet", "skemaet"), ("/regler", "regler"), ("/liste/formaal", "liste"), ("/svar/u_hverdag", "svar"),
        ("/afsnit/fagpersonens_del", "afsnit"), ("/proev?variant=bh_sk&laeser=parent&svar=1", "proev-foraelder"),
        ("/proev?variant=bh_sk&laeser=team", "proev-team"), ("/godkendelse", "godkendelse-egen"),
    ):  # fmt: skip
        if path.startswith("/liste"):
            page.goto(design)
            path = (
                page.get_by_role("link", name=re.compile("^Liste: "))
                .first.get_attribute("href")
                .removeprefix("/drift/skemaer/" + design.rsplit("/", 1)[1])
            )
        page.goto(design + path)
        assert page.url.endswith(path), "no other page answered"
        people.look("camilla", f"designer-{name}")


def test_she_tries_to_fill_it_and_nothing_is_stored(people, walk) -> None:
    page = people.staff("camilla")
    page.goto(walk.kept["design"] + "/proev?variant=bh_sk&laeser=parent")
    page.get_by_label(ASKED).fill("At bygge.")
    press(page, page.get_by_role("button", name="Kontrollér svarene").last)
    expect(page.locator("#resultat")).to_be_visible()
    expect(page.get_by_label(ASKED)).to_have_value("At bygge.")
    people.look("camilla", "proevet")
    page.goto(walk.kept["design"] + "/proev?variant=bh_sk&laeser=parent")
    expect(page.get_by_label(ASKED)).to_have_value("")


def test_she_sends_it_and_cannot_publish_it_herself(people, walk) -> None:
    page = people.staff("camilla")
    page.goto(walk.kept["design"])
    page.get_by_label("Besked til den, der godkender").fill("Et spørgsmål, som forældre forstår.")
    press(page, page.get_by_role("button", name="Send til godkendelse"))
    expect(page.locator("main")).to_contain_text("Til godkendelse")
    people.look("camilla", "sendt")
    page.goto(walk.kept["design"] + "/godkendelse")
    expect(page.get_by_role("button", name=re.compile("^Udgiv"))).to_have_count(0)


def test_henriette_reads_the_difference_and_publishes(people, walk) -> None:
    page = open_design(people, "henriette")
    press(page, page.get_by_role("link", name=re.compile("^Overgangsbeskrivelse.*, version 4$")))
    press(page, page.get_by_role("link", name="Se, hvad der er ændret"))
    expect(page.locator(".design-diff").first).to_be_visible()
    expect(page.locator("main")).to_contain_text(ASKED)
    expect(page.locator("main")).to_contain_text("Et spørgsmål, som forældre forstår.")
    people.look("henriette", "godkendelse")
    press(page, page.get_by_role("button", name="Udgiv version 4"))
    expect(page.locator("main")).to_contain_text("Lavet af Camilla Thorup, godkendt af Henriette Bonde")
    people.look("henriette", "udgivet")
    page.goto("/")
    people.look("henriette", "forside")


@pytest.mark.req("T30", "O22")
def test_sofie_begins_a_document_in_it_at_once(people) -> None:
    page = people.staff("sofie")
    press(page, page.get_by_role("link", name=re.compile("Alma")).first)
    page.get_by_text("Fra børnehave til skole og SFO").click()
    press(page, page.get_by_role("button", name="Begynd en overgangsbeskrivelse"))
    press(page, page.get_by_role("link", name="Udskriv et tomt skema"))
    expect(page.locator("main")).to_contain_text("Tomt skema, version 4")
    expect(page.locator("main")).to_contain_text(ASKED)
    page.go_back()
    page.goto(page.url.split("#")[0].rsplit("/", 1)[0] + "/fagpersonens_del")
    box = page.locator("textarea").first
    box.fill("Alma bygger gerne.")
    press(page, page.get_by_role("button", name="Gem", exact=True).last)
    expect(page.locator("textarea").first).to_have_value("Alma bygger gerne.")


@pytest.mark.req("T30")
def test_a_draft_of_an_older_version_is_offered_the_move(people) -> None:
    page = people.staff("trine")
    press(page, page.get_by_role("link", name=re.compile(EMIL)).first)
    press(page, page.get_by_role("link", name=re.compile("Overgangsbeskrivelse")).first)
    expect(page.locator("main")).to_contain_text("Den kan flyttes til version 4")
    press(page, page.get_by_role("link", name="Se, hvad en flytning gør"))
    expect(page.locator("main")).to_contain_text("i version 4")


@pytest.mark.req("O22")
def test_a_version_is_taken_out_of_new_use(people) -> None:
    """Which also leaves the form as it was for the tests after this one."""
    page = open_design(people, "henriette")
    card = page.locator(
        "section[aria-labelledby=overgangsbeskrivelse] li",
        has=page.get_by_role("heading", name=re.compile("^Version 4")),
    )
    card.locator("summary").click()
    press(page, card.get_by_role("button", name="Tag version 4 ud af brug"))
    expect(card).to_contain_text("Taget ud af brug")
    people.look("henriette", "ud-af-brug")
    trine = people.staff("trine")
    press(trine, trine.get_by_role("link", name=re.compile(EMIL)).first)
    press(trine, trine.get_by_role("link", name=re.compile("Overgangsbeskrivelse")).first)
    expect(trine.get_by_role("link", name="Skriv i dokumentet")).to_be_visible()
    expect(trine.locator("main")).not_to_contain_text("Den kan flyttes til version 4")
