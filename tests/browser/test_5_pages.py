"""What holds for every page: by keyboard alone, without JavaScript, in both languages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.answering import Clicks, answer_all, rows
from tests.browser.judging import Judge
from tests.browser.looking import WIDTHS
from tests.browser.people import log_in_parent, log_in_staff, press

ANDERS, SHIRIN = "Anders Lundgren", "Shirin Rahimi"
NOOR_ASKED = re.compile("^Må Lindeskolen .* få oplysninger om Noor")


def tab_to(page: Page, target: Locator) -> None:
    """Tab until the element has the focus, as one does without a mouse."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"cannot be reached with Tab: {target}")


def enter(page: Page, target: Locator) -> None:
    """Tab to it and press Enter."""
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


BAD = """<!doctype html><html lang="da"><title>En side der er dårlig</title><h1>Dårlig</h1><img src="/x.png">
<div style="width: 3000px">bred</div><h1>{{ igen }}</h1>"""


RIGHT = """<!doctype html><html lang="da"><title>En side der er god</title><style>@media (max-width: 400px) {
button { width: 9px; height: 9px; padding: 0; border: 0; margin: 0; } }</style><main><h1>God</h1><p>Alle kan læse det.</p>
<button>A</button><button>B</button></main>"""
# What changes without a changed element: its colour, and whether it is shown.
CHANGES = {"p { color: #ccc; }": "color-contrast", "h1 { display: none; }": "page-has-heading-one"}


@pytest.mark.req("R-120")
def test_what_axe_found_right_is_asked_anew_where_it_can_have_become_wrong(people) -> None:
    page, judge = people.stranger(), Judge()
    page.set_content(RIGHT)
    assert judge.judge(page, "skrivebord") == judge.judge(page, "skrivebord") == []
    for change, rule in CHANGES.items():
        page.evaluate("rule => document.styleSheets[0].insertRule(rule)", change)
        assert f"axe {rule}:" in "".join(judge.judge(page, "skrivebord"))
        assert f"axe {rule}:" in "".join(judge.judge(page, "skrivebord")), "what is wrong is never taken for right"
        page.evaluate("() => document.styleSheets[0].deleteRule(0)")
        assert judge.judge(page, "skrivebord") == []
    wide, high = WIDTHS["telefon"]
    page.set_viewport_size({"width": wide, "height": high})
    assert "axe target-size:" in "".join(judge.judge(page, "telefon"))
    page.context.close()


@pytest.mark.req("R-120")
def test_the_look_itself_finds_what_is_wrong(people) -> None:
    page = people.stranger()
    page.set_content(BAD)
    with pytest.raises(AssertionError) as found:
        people.look("stranger", "daarlig", page)
    for sign in ("2 h1", "R-121", "left of a template: {{", "wider than the telefon", "axe image-alt"):
        assert sign in str(found.value)
    page.context.close()


def test_what_a_stranger_sees(people) -> None:
    page = people.stranger()
    for address, name in (("/", "login"), ("/login", "vaelg"), ("/login/medarbejder", "medarbejder"),
                          ("/login/foraelder", "foraelder"), ("/hjaelp", "hjaelp"), ("/was", "was")):  # fmt: skip
        page.goto(address)
        people.look("stranger", name, page)
    page.goto("/login/medarbejder")
    page.get_by_label("Brugernavn").fill("sofie")
    page.get_by_label("Adgangskode").fill("ikke den rigtige")
    press(page, page.get_by_role("button", name="Log ind"))
    expect(page.locator(".error-summary")).to_be_focused()
    people.look("stranger", "forkert", page)
    page.goto("/arkiv")
    people.look("stranger", "findes-ikke", page)
    page.context.close()


@pytest.mark.req("R-122", "R-12")
def test_the_consent_page_by_keyboard_alone(people) -> None:
    page = people.parent(ANDERS)
    enter(page, page.get_by_role("link", name=NOOR_ASKED))
    for row in rows(page):
        tab_to(page, row.locator("input[value=ja]"))
        page.keyboard.press("Space")
        assert row.locator("input[value=ja]").is_checked()
    enter(page, page.get_by_role("button", name="Se dit svar, før du sender"))
    enter(page, page.get_by_role("button", name="Send mit svar"))
    expect(page.locator("h1")).to_have_text("Tak for dit svar")


@pytest.mark.req("R-122")
def test_skip_link_comes_first_and_leads_past_the_menu(people) -> None:
    page = people.parent(ANDERS)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Gå til sidens indhold")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.req("R-16")
def test_a_part_is_taken_back_and_the_rest_holds(people) -> None:
    page = people.parent(ANDERS)
    press(page, page.get_by_role("link", name="Træk samtykket tilbage"))
    press(page, page.get_by_role("button", name="Træk det, jeg har krydset af, tilbage"))
    expect(page.locator(".error-summary")).to_be_focused()
    people.look(ANDERS, "intet-krydset")
    page.locator("input[name=del]").first.locator("xpath=following-sibling::label").click()
    press(page, page.get_by_role("button", name="Træk det, jeg har krydset af, tilbage"))
    expect(page.locator("h1")).to_have_text("En del af dit samtykke er trukket tilbage")
    people.look(ANDERS, "en-del-trukket")


@pytest.mark.req("R-16", "P4", "P5")
def test_consenting_and_withdrawing_without_javascript(people) -> None:
    page = people.stranger("telefon", script=False)
    log_in_parent(page, SHIRIN)
    press(page, page.get_by_role("link", name=NOOR_ASKED))
    clicks = Clicks(page)
    answer_all(clicks)
    clicks.through(page.get_by_role("button", name="Se dit svar, før du sender"))
    clicks.through(page.get_by_role("button", name="Send mit svar"))
    expect(page.locator("h1")).to_have_text("Tak for dit svar")
    page.goto("/")
    press(page, page.get_by_role("link", name="Træk samtykket tilbage"))
    press(page, page.get_by_role("button", name="Træk hele samtykket tilbage"))
    expect(page.locator("h1")).to_have_text("Dit samtykke er trukket tilbage")
    page.context.close()


@pytest.mark.req("P9")
def test_the_language_changes_on_the_spot_and_is_kept(people) -> None:
    page = people.staff("jonas")
    page.goto("/hjaelp")
    press(page, page.get_by_role("link", name="English"))
    assert urlsplit(page.url).path == "/hjaelp"
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/")
    people.look("jonas", "home-english")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    press(page, page.get_by_role("link", name="Dansk"))
    expect(page.locator("html")).to_have_attribute("lang", "da")


def test_who_logs_out_is_out(people) -> None:
    page = people.stranger()
    log_in_staff(page, "nadja")
    cookies = page.context.cookies()
    press(page, page.get_by_role("button", name="Log af"))
    expect(page.get_by_role("link", name="Log ind som medarbejder")).to_be_visible()
    # The old cookie put back opens nothing: the session ended in the store.
    page.context.add_cookies(cookies)
    page.goto("/")
    expect(page.get_by_role("link", name="Log ind som medarbejder")).to_be_visible()
    page.context.close()


@pytest.mark.req("R-111")
def test_the_whole_cpr_number_is_shown_for_a_reason_and_the_page_says_it_is_logged(people) -> None:
    page = people.staff("birgit")
    press(page, page.get_by_role("link", name=re.compile("^Theo Lindgaard Bech")))
    page.locator("summary", has_text="Vis hele CPR-nummeret").click()
    people.look("birgit", "cpr-hvorfor")
    page.get_by_label("Hvad skal du bruge det til?").select_option("letter")
    press(page, page.get_by_role("button", name="Vis nummeret"))
    expect(page.locator("[role=status]")).to_be_focused()
    expect(page.locator("main")).not_to_contain_text("-xxxx")
    people.look("birgit", "cpr-vist")
