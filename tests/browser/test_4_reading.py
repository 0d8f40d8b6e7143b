"""A frozen text and its paper beside it: on the phone one of the two, on a desk both; what changed, and that as a PDF.

The browser of these tests shows no PDF within a page, so the pages come as pictures; that the PDF's own frame is let through is
asked of a browser that says it could."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import press, state_purpose

NOT_DRAWN = "Siden kan ikke vises som billede lige nu. Læs teksten på skærmen, eller hent PDF-filen."
ANDERS = "Anders Lundgren"


def drawn(page: Page) -> None:
    """The first page is there as a picture."""
    expect(page.locator(".page-pictures img").first).to_have_js_property("naturalWidth", 900)


@pytest.fixture
def text(people) -> str:
    """The address of the text that both parents of Noor have agreed on."""
    page = people.parent(ANDERS)
    press(page, page.locator("section[aria-labelledby=delt] a").first)
    return urlsplit(page.url).path + "/laes"


def asked_for(page: Page) -> list[str]:
    """The pictures and PDFs that the page asks for from now on."""
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url) if one.url.split("?")[0].endswith((".png", ".pdf")) else None)
    return found


@pytest.mark.req("P3", "R-121")
def test_on_the_phone_one_sees_the_text_or_the_paper(people, text) -> None:
    page = people.parent(ANDERS)
    fetched = asked_for(page)
    page.goto(text)
    article, paper = page.locator("article"), page.locator("#beside")
    expect(article).to_be_visible()
    expect(paper).to_be_hidden()
    assert not fetched, "nothing is fetched unseen"
    people.looker.look(page, "anders", "laes", widths=("telefon",))
    page.get_by_role("button", name="Som på papir").click()
    expect(article).to_be_hidden()
    expect(page.locator(".page-pictures img")).to_have_count(2)
    expect(paper.get_by_role("img", name="Side 1 af 2 af TD-")).to_be_visible()
    drawn(page)
    people.looker.look(page, "anders", "papir", widths=("telefon",))
    page.get_by_role("button", name="Tekst").click()
    expect(article).to_be_visible()


def test_on_a_desk_both_stand_side_by_side(people, text) -> None:
    page = people.stranger(like=ANDERS)
    page.goto(text)
    drawn(page)
    left, right = page.locator("article").bounding_box(), page.locator("#beside").bounding_box()
    assert left and right and left["x"] + left["width"] <= right["x"] and abs(left["y"] - right["y"]) < 40
    people.looker.look(page, "anders", "laes-ved-siden-af", widths=("skrivebord",))
    page.context.close()


@pytest.mark.req("R-121")
def test_a_page_that_cannot_be_drawn_is_told_in_its_place(people, text) -> None:
    page = people.stranger(like=ANDERS)
    page.route(re.compile(r"/side/1\.png"), lambda one: one.fulfill(status=409, body="no"))
    page.goto(text)
    expect(page.locator(".page-pictures [role=status]")).to_have_text(NOT_DRAWN)
    expect(page.locator(".page-pictures img")).to_have_count(1)
    people.looker.look(page, "anders", "laes-uden-side", widths=("skrivebord",))
    page.context.close()


@pytest.mark.req("R-121")
def test_the_archivist_is_told_when_the_pages_do_not_come(people) -> None:
    people.staff("ove")
    page = people.stranger(like="ove")
    page.goto("/arkiv")
    state_purpose(page, "Aktindsigt: sag 26-1234")
    press(page, page.get_by_role("button", name="Søg", exact=True))
    page.route(re.compile("/sider$"), lambda one: one.abort("internetdisconnected"))
    press(page, page.get_by_role("button", name=re.compile("Åbn sagen")).first)
    expect(page.locator("#beside [role=status]")).to_have_text(NOT_DRAWN)
    page.context.close()


def test_where_a_pdf_can_be_shown_its_own_address_is_let_into_the_frame(people, text) -> None:
    page = people.stranger(like=ANDERS)
    page.add_init_script("Object.defineProperty(navigator, 'pdfViewerEnabled', { get: () => true })")
    fetched = asked_for(page)
    with page.expect_event("request", lambda one: ".pdf" in one.url):
        page.goto(text)
    assert [urlsplit(one).path for one in fetched] == [f"{text}.pdf"] and not page.locator(".page-pictures img").count()
    people.looker.quiet()  # nothing was refused by the page's policy
    page.context.close()


def test_without_scripts_both_links_stand(people, text) -> None:
    page = people.stranger("telefon", script=False, like=ANDERS)
    page.goto(text)
    expect(page.get_by_role("link", name="Åbn som PDF")).to_be_visible()
    expect(page.locator("article")).to_be_visible()
    expect(page.get_by_role("button", name="Som på papir")).to_be_hidden()
    page.context.close()


@pytest.mark.req("P3")
def test_what_changed_is_read_and_had_as_a_pdf(people, text) -> None:
    page = people.parent(ANDERS)
    page.goto(text.removesuffix("/laes"))
    press(page, page.get_by_role("link", name="Se, hvad der er ændret"))
    expect(page.locator("ins").first).to_be_visible()
    press(page, page.get_by_role("button", name="Lav en PDF med ændringerne"))
    made = page.get_by_role("link", name="Åbn ændringerne som PDF")
    expect(made).to_be_visible()  # without a reload: the page asks until the worker has made it
    people.looker.look(page, "anders", "aendringer")
    assert people.get(ANDERS, made.get_attribute("href")).body().startswith(b"%PDF-")


def test_the_sender_reads_the_teams_own_copy(people, text) -> None:
    page = people.staff("sofie")
    page.goto(text.removeprefix("/foraelder"))
    drawn(page)
    expect(page.locator("article")).to_contain_text("Medarbejdernes eksemplar")
    people.looker.look(page, "sofie", "laes")
