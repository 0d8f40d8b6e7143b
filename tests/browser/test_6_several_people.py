"""Several at one document, several at one tablet, and paper: who else writes, changing person, the next child of a round.

No part of the walk: its documents are its own."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.filling import SAVED, field, state
from tests.browser.own_draft import LONG, SECTION, THEO
from tests.browser.people import PASSWORDS, log_in_staff, press
from tests.browser.test_1_write import document_path

NOOR = "Noor"


@pytest.fixture
def tablet(people):
    """A browser that several use one after the other."""
    page = people.stranger("telefon")
    yield page
    page.context.close()


def log_in(page: Page, username: str) -> None:
    """From the page that a locked tablet shows."""
    press(page, page.get_by_role("link", name="Log ind som medarbejder"))
    page.get_by_label("Brugernavn").fill(username)
    page.get_by_label("Adgangskode").fill(PASSWORDS[username])
    press(page, page.get_by_role("button", name="Log ind"))


@pytest.mark.req("O2")
def test_colleagues_see_each_other_and_write_at_the_same_time(people, document) -> None:
    sofie, birgit = people.staff("sofie"), people.staff("birgit")
    sofie.goto(document + SECTION)
    birgit.goto(document + SECTION)
    expect(birgit.locator("#presence")).to_contain_text("Sofie Brandt har også dette trin åbent.")
    people.look("birgit", "hvem-skriver")
    # Without a reload: the page asks every 15 seconds.
    expect(sofie.locator("#presence")).to_contain_text("Birgit Lauridsen")
    for page, name in ((sofie, "u_sprog"), (birgit, "u_krop")):
        field(page, name).locator("textarea").fill("Skrevet samtidig.")
    for page, name in ((sofie, "u_sprog"), (birgit, "u_krop")):
        expect(state(page, name)).to_have_text(SAVED)
        expect(page.locator(".clash")).to_have_count(0)


@pytest.mark.req("R-122")
def test_a_tablet_is_locked_in_one_tap_with_nothing_lost_and_leads_back(people, document, tablet) -> None:
    log_in_staff(tablet, "sofie")
    tablet.goto(document + SECTION)
    field(tablet, LONG).locator("textarea").fill("Skrevet i sidste øjeblik.")
    press(tablet, tablet.get_by_role("button", name="Lås og skift person"))
    expect(tablet.locator("main")).not_to_contain_text("Sofie")
    people.look("stranger", "laast", tablet)
    tablet.go_back()
    expect(tablet.locator("body")).not_to_contain_text("Skrevet i sidste øjeblik.")
    tablet.go_forward()
    log_in(tablet, "birgit")
    assert tablet.url.endswith(document + SECTION)
    expect(field(tablet, LONG).locator("textarea")).to_have_value("Skrevet i sidste øjeblik.")
    press(tablet, tablet.get_by_role("button", name="Lås og skift person"))
    log_in(tablet, "hanne")
    expect(tablet.locator("h1")).to_contain_text("Hanne")


@pytest.mark.req("T4b", "T8")
def test_save_and_next_child(people, tablet) -> None:
    log_in_staff(tablet, "mikkel")
    press(tablet, tablet.get_by_role("link", name=re.compile(NOOR)))
    press(tablet, tablet.get_by_role("link", name=re.compile("^Trivselsskema, ")))
    begin = tablet.get_by_role("button", name=re.compile("^Begynd dit trivselsskema"))
    press(tablet, begin if begin.count() else tablet.get_by_role("link", name="Skriv videre"))
    first = document_path(tablet)
    expect(tablet.locator("#presence")).to_have_count(0)
    people.look("mikkel", "naeste-barn", tablet)
    press(tablet, tablet.get_by_role("button", name=re.compile(r"^Gem og næste barn \([1-9] tilbage\)$")))
    assert document_path(tablet) != first


@pytest.mark.req("U20", "R-122")
def test_a_soft_warning_is_let_be_with_a_reason_by_keyboard(people) -> None:
    page = people.staff("sofie")
    press(page, page.get_by_role("link", name=THEO))
    press(page, page.get_by_role("button", name=re.compile("^Begynd en trivselsvurdering")))
    place = page.locator("#field-droeftet_af")
    while not place.locator("textarea").count():
        press(page, page.get_by_role("button", name="Gem og gå videre"))
    place.locator("textarea").fill("Sofie Brandt")
    expect(place).to_contain_text("Der er kun skrevet én")
    people.look("sofie", "advarsel", page)
    why = place.get_by_label("Er det rigtigt alligevel, så skriv hvorfor")
    why.fill("Kun jeg kender barnet endnu.")
    why.press("Enter")
    expect(place).to_contain_text("Begrundelse: Kun jeg kender barnet endnu.")
    expect(page.locator("#said")).to_contain_text("Begrundelsen er gemt.")
    page.goto(document_path(page) + "/gennemse")
    expect(page.locator("main")).to_contain_text("Kun jeg kender barnet endnu.")
    people.look("sofie", "advarsel-gennemse", page)


VARIANTS = ("sundhedspleje", "dagpleje_vuggestue", "boernehave", "skole_sfo")


@pytest.mark.parametrize("form", ["trivselsskema/v1", "trivselsskema/v2", "trivselsvurdering/v1"])
def test_an_empty_form_is_one_page_where_the_form_says_so(people, form) -> None:
    page = people.staff("sofie")
    for variant in VARIANTS:
        page.goto(f"/skemaer/{form}/tom?variant={variant}")
        expect(page.locator("h1")).to_contain_text("Trivsels")
        page.evaluate("document.fonts.ready")
        paper = page.pdf(prefer_css_page_size=True)
        assert len(pikepdf.open(io.BytesIO(paper)).pages) == 1, variant
    people.look("sofie", f"tomt-{form.replace('/', '-')}", page)
