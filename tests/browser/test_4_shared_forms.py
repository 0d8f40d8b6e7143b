"""Theo's assessment and the sheet that calls a meeting about him, with one of his mothers on her phone (T6, T14, D1, D4)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import press
from tillid.demo.loading import ANSWERS

MARIA = "Maria Lindgaard"
REMARK = ANSWERS["theo_vurdering"].parents["f_foraeldre_bem"]
FORMS = {"Trivselsvurdering": "vurdering", "FDR-skema": "fdr"}


@pytest.mark.req("T6", "T9", "T14", "D1", "D4", "P3", "P6")
def test_maria_reads_adds_her_part_and_acknowledges(people) -> None:
    people.settled()
    page = people.parent(MARIA)
    people.look(MARIA, "forside-delt")
    for title, name in FORMS.items():
        page.goto("/")
        press(page, page.get_by_role("link", name=re.compile(f"^Læs om Theo.*{title}")))
        people.look(MARIA, f"{name}-delt")
        press(page, page.get_by_role("link", name="Læs teksten her på siden"))
        people.look(MARIA, f"{name}-tekst")
        page.go_back()
        press(page, page.get_by_role("link", name="Skriv jeres egen del"))
        page.locator("#fill textarea").first.fill(REMARK)
        people.look(MARIA, f"{name}-egen-del")
        finish(page)
        press(page, page.get_by_role("button", name="Jeg har læst det"))
        expect(page.locator("main")).to_contain_text("hverken et samtykke eller en enighed")
        people.look(MARIA, f"{name}-kvitteret")


@pytest.mark.req("T6", "O2")
def test_the_leader_sees_who_has_read_it_and_locks_it_with_her_words(people) -> None:
    page = people.staff("birgit")
    press(page, page.get_by_role("link", name=re.compile("^Theo Lindgaard Bech")))
    press(page, page.get_by_role("link", name="Trivselsvurdering").first)
    expect(page.locator("main")).to_contain_text(f"{MARIA}: har kvitteret for at have læst udgave 1")
    people.look("birgit", "vurdering-delt")
    press(page, page.get_by_role("link", name="Skriv sammen med forældrene"))
    people.look("birgit", "vurdering-skriv-sammen")
    page.go_back()
    press(page, page.get_by_role("link", name="Gennemse det hele"))
    expect(page.locator("main")).to_contain_text(REMARK[:40])
    people.look("birgit", "vurdering-laas")
    press(page, page.get_by_role("button", name="Lås skemaet"))
    expect(page.locator("main")).to_contain_text("Skemaet er låst med forældrenes ord")
    people.settled()
    page = people.parent(MARIA)
    press(page, page.locator("#delt ~ * a, section[aria-labelledby=delt] a", has_text="Trivselsvurdering").first)
    people.look(MARIA, "vurdering-laast")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Hent PDF-filen").click()
    assert waiting.value.suggested_filename.endswith("-v2.pdf")


@pytest.mark.req("D12", "R-12", "R-16")
def test_maria_says_whom_the_meeting_may_be_held_with_and_takes_it_back(people) -> None:
    page = people.staff("birgit")
    page.goto("/")
    press(page, page.get_by_role("link", name=re.compile("^Theo Lindgaard Bech")))
    press(page, page.get_by_role("link", name=re.compile("^FDR-skema")).first)
    press(page, page.get_by_role("link", name="Samtykke til mødet: hvem må være med?"))
    people.look("birgit", "moede-spoerg")
    press(page, page.get_by_role("button", name="Spørg forældrene om samtykke"))
    expect(page.locator("#hvem ~ ul")).to_contain_text("Nej, ikke alle har svaret endnu")
    people.look("birgit", "moede-spurgt")
    page = people.parent(MARIA)
    page.goto("/")
    press(page, page.get_by_role("link", name=re.compile("^Må vi holde et møde om Theo")))
    people.look(MARIA, "moede")
    press(page, page.get_by_role("button", name="Send dit svar"))
    people.look(MARIA, "moede-mangler")
    for row in page.locator("fieldset.item").all():
        row.get_by_label("Ja", exact=True).check()
    press(page, page.get_by_role("button", name="Send dit svar"))
    people.look(MARIA, "moede-svaret")
    press(page, page.get_by_role("button", name="Træk hele samtykket tilbage"))
    expect(page.locator("main")).to_contain_text("virker allerede")
    people.look(MARIA, "moede-tilbage")
    press(page, page.get_by_role("link", name=re.compile("^Se kvitteringen: Du svarede")))
    expect(page.locator("main")).to_contain_text("Du sagde ja til, at disse er med")
    people.look(MARIA, "moede-kvittering")
    page.go_back()
    press(page, page.get_by_role("link", name=re.compile("^Se kvitteringen: Du trak tilbage")))
    expect(page.locator("main")).to_contain_text("Dit samtykke til mødet gælder ikke mere.")
    people.look(MARIA, "moede-kvittering-tilbage")


def finish(page: Page) -> None:
    """Go on through the sections to the document's own page."""
    while (
        page.get_by_role("button", name="Gem og gå videre")
        .or_(page.get_by_role("link", name="Videre", exact=True))
        .count()
    ):
        press(
            page,
            page.get_by_role("button", name="Gem og gå videre").or_(
                page.get_by_role("link", name="Videre", exact=True)
            ),
        )
