"""Filling without loss: the connection cut, the browser killed, the login ended, somebody else at the same tablet.

No part of the walk: it has a document of its own, and can be run alone."""

from __future__ import annotations

import io
import random
import re
import time

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.filling import SAVED, field, state
from tests.browser.killed import mortal
from tests.browser.people import PASSWORDS, log_in_staff, press
from tests.browser.test_1_write import document_path

THEO, SECTION = "Theo Lindgaard Bech", "/udfyld/fagpersonens_del"
LONG, OTHER, TABLE, FILES = "u_greb", "u_sprog", "u_indsatser", "u_bilag"
STORES = """async () => ({
  local: {...localStorage}, session: {...sessionStorage}, bases: (await indexedDB.databases()).map(one => one.name),
  caches: await caches.keys(), workers: (await navigator.serviceWorker.getRegistrations()).length, cookies: document.cookie,
})"""
NOTHING = {"local": {}, "session": {}, "bases": [], "caches": [], "workers": 0, "cookies": ""}


@pytest.fixture
def document(people) -> str:
    page = people.staff("sofie")
    press(page, page.get_by_role("link", name=THEO))
    page.get_by_text("Fra børnehave til skole og SFO").click()
    press(page, page.get_by_role("button", name="Begynd en overgangsbeskrivelse"))
    return document_path(page)


@pytest.fixture
def sofie(people, document) -> Page:
    """A browser of her own, which may be broken."""
    page = people.stranger("telefon")
    log_in_staff(page, "sofie")
    page.goto(document + SECTION)
    yield page
    page.context.set_offline(False)
    page.context.close()


def area(page: Page, field_id: str):
    return field(page, field_id).locator("textarea")


def stored(people, document: str, field_id: str) -> str:
    """What is in the draft, asked by a fresh page."""
    page = people.staff("sofie")
    page.goto(document + SECTION)
    return area(page, field_id).input_value()


def asks_before_leaving(page: Page) -> bool:
    """Whether closing the page now asks first."""
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    return asked == ["beforeunload"]


@pytest.mark.req("R-122")
def test_what_is_typed_without_connection_is_kept_said_and_sent(people, document, sofie) -> None:
    area(sofie, LONG).press_sequentially("Før.")
    expect(state(sofie, LONG)).to_have_text(SAVED)
    sofie.context.set_offline(True)
    area(sofie, LONG).press_sequentially(" Uden forbindelse.")
    area(sofie, OTHER).press_sequentially("Også her.")
    box = sofie.locator("#connection")
    expect(box).to_contain_text("Der er ingen forbindelse.")
    expect(state(sofie, OTHER)).to_have_class(re.compile("failed"))
    people.look("sofie", "uden-forbindelse", sofie)
    assert stored(people, document, LONG) == "Før."
    # Leaving by a button stays on the page while the words are only there.
    sofie.get_by_role("button", name="Gem og gå videre").click()
    expect(sofie.locator("h1")).to_have_text("Fagpersonens del")
    assert asks_before_leaving(sofie)
    sofie.context.set_offline(False)
    expect(state(sofie, LONG)).to_have_text(SAVED)
    expect(state(sofie, OTHER)).to_have_text(SAVED)
    expect(box).to_contain_text("Forbindelsen er tilbage.")
    assert stored(people, document, LONG) == "Før. Uden forbindelse."
    assert stored(people, document, OTHER) == "Også her."


@pytest.mark.req("O2")
def test_a_field_changed_by_another_meanwhile_is_a_choice_and_the_rest_is_merged(people, document, sofie) -> None:
    sofie.context.set_offline(True)
    area(sofie, LONG).fill("Sofie skrev uden forbindelse.")
    expect(sofie.locator("#connection")).to_be_visible()
    birgit = people.staff("birgit")
    birgit.goto(document + SECTION)
    area(birgit, LONG).fill("Birgit skrev imens.")
    expect(state(birgit, LONG)).to_have_text(SAVED)
    area(birgit, OTHER).fill("Birgit skrev også her.")
    expect(state(birgit, OTHER)).to_have_text(SAVED)
    sofie.context.set_offline(False)
    told = sofie.locator(f"#f-{LONG}-clash")
    expect(told).to_contain_text("Birgit skrev imens.")
    expect(told).to_contain_text("Sofie skrev uden forbindelse.")
    # Writing on changes the own text, never the other's, until one is chosen.
    area(sofie, LONG).fill("Sofie skrev videre.")
    expect(told).to_contain_text("Sofie skrev videre.")
    assert stored(people, document, LONG) == "Birgit skrev imens."
    people.look("sofie", "to-tekster", sofie)
    press(sofie, told.get_by_role("button", name="Brug min tekst"))
    assert stored(people, document, LONG) == "Sofie skrev videre."
    assert stored(people, document, OTHER) == "Birgit skrev også her."


def test_a_browser_killed_while_typing_loses_the_last_second_at_most(
    people, player, served, document, tmp_path
) -> None:
    words = "".join(f"Ord nummer {number} af dem der kom med. " for number in range(100, 112))
    typed: list[float] = []
    with mortal(player, [CHROMIUM, *FLAGS], tmp_path / "profile", served.url) as chromium:
        page = chromium.page
        page.goto(served.url + "/login/medarbejder")
        page.get_by_label("Brugernavn").fill("sofie")
        page.get_by_label("Adgangskode").fill(PASSWORDS["sofie"])
        press(page, page.get_by_role("button", name="Log ind"))
        page.goto(served.url + document + SECTION)
        area(page, LONG).fill("")
        area(page, LONG).focus()
        for letter in words:
            page.keyboard.type(letter)
            typed.append(time.monotonic())
            time.sleep(0.012)
        chromium.kill()
        killed = time.monotonic()
        left = chromium.left_behind("der kom med")
    kept = stored(people, document, LONG)
    assert kept and words.startswith(kept)
    lost = [killed - at for at in typed[len(kept) :]]
    # One second of typing, and what the server takes to answer on a machine that does other things too.
    assert max(lost, default=0) < 2.0, f"lost {len(lost)} letters of {len(words)}, the oldest {max(lost):.2f} s old"
    assert len(kept) > len(words) // 2, "it was saved while the typing went on"
    assert left == [], "what was typed stands on the disk of the tablet"


@pytest.mark.req("R-111")
def test_nothing_is_put_into_the_browsers_own_storage(sofie) -> None:
    area(sofie, LONG).fill("Ord, som ikke må blive på maskinen.")
    expect(state(sofie, LONG)).to_have_text(SAVED)
    sofie.context.set_offline(True)
    area(sofie, LONG).fill("Ord, som endnu ikke er sendt.")
    expect(sofie.locator("#connection")).to_be_visible()
    assert sofie.evaluate(STORES) == NOTHING
    assert sofie.locator("#fill").get_attribute("autocomplete") == "off"


def log_in_here(page: Page, username: str, password: str) -> None:
    """In the dialog over the page."""
    dialog = page.locator("#again")
    dialog.get_by_label("Brugernavn").fill(username)
    dialog.get_by_label("Adgangskode").fill(password)
    dialog.get_by_role("button", name="Log ind igen").click()


@pytest.mark.req("R-122")
def test_a_login_that_ended_is_made_good_in_place(people, document, sofie) -> None:
    sofie.context.clear_cookies()
    area(sofie, LONG).fill("Skrevet, mens login var udløbet.")
    dialog = sofie.locator("#again")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Brugernavn")).to_be_focused()
    expect(area(sofie, LONG)).to_be_hidden()
    sofie.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    people.look("sofie", "logget-ud", sofie)
    log_in_here(sofie, "sofie", "ikke den rigtige")
    expect(dialog).to_contain_text("Du blev ikke logget ind.")
    log_in_here(sofie, "sofie", PASSWORDS["sofie"])
    expect(dialog).to_be_hidden()
    expect(state(sofie, LONG)).to_have_text(SAVED)
    expect(area(sofie, LONG)).to_have_value("Skrevet, mens login var udløbet.")
    assert stored(people, document, LONG) == "Skrevet, mens login var udløbet."
    # The new session goes on with its own tokens: autosave and the whole section.
    area(sofie, OTHER).fill("Videre efter login.")
    expect(state(sofie, OTHER)).to_have_text(SAVED)
    press(sofie, sofie.get_by_role("button", name="Gem og gå videre"))
    expect(sofie.locator("h1")).not_to_have_text("Fagpersonens del")


@pytest.mark.req("R-111", "T4b")
def test_another_persons_login_never_sends_the_first_persons_words(people, document, sofie) -> None:
    sofie.context.clear_cookies()
    area(sofie, LONG).fill("Sofies ord, som Birgit ikke må sende.")
    dialog = sofie.locator("#again")
    expect(dialog).to_be_visible()
    log_in_here(sofie, "birgit", PASSWORDS["birgit"])
    expect(dialog).to_contain_text("En anden er logget ind nu.")
    expect(area(sofie, LONG)).to_be_hidden()
    sofie.wait_for_timeout(2500)  # more than one try
    assert stored(people, document, LONG) == ""
    log_in_here(sofie, "sofie", PASSWORDS["sofie"])
    expect(dialog).to_be_hidden()
    expect(state(sofie, LONG)).to_have_text(SAVED)
    assert stored(people, document, LONG) == "Sofies ord, som Birgit ikke må sende."


def test_the_last_change_is_taken_back_and_brought_again(people, document, sofie) -> None:
    area(sofie, LONG).fill("Det første.")
    expect(state(sofie, LONG)).to_have_text(SAVED)
    press(sofie, sofie.get_by_role("button", name="Gem", exact=True))
    undo = field(sofie, LONG).get_by_role("button", name=re.compile("^Fortryd"))
    undo.press("Enter")
    expect(area(sofie, LONG)).to_have_value("")
    expect(undo).to_be_focused()
    expect(sofie.locator("#said")).to_contain_text("taget tilbage")
    undo.press("Enter")
    expect(area(sofie, LONG)).to_have_value("Det første.")
    assert stored(people, document, LONG) == "Det første."


def test_an_answer_that_is_lost_makes_no_clash_of_ones_own_words(people, document, sofie) -> None:
    lost = []

    def swallow(route) -> None:
        if not lost:
            lost.append(route.fetch().status)
            route.abort("internetdisconnected")
        else:
            route.continue_()

    sofie.route(re.compile(f"/felt/{LONG}$"), swallow)
    area(sofie, LONG).press_sequentially("Det kom frem.")
    expect(sofie.locator("#connection")).to_be_visible()
    area(sofie, LONG).press_sequentially(" Det sidste også.")
    expect(state(sofie, LONG)).to_have_text(SAVED)
    assert lost == [200]
    expect(sofie.locator(".clash")).to_have_count(0)
    assert stored(people, document, LONG) == "Det kom frem. Det sidste også."


def noise() -> bytes:
    """A picture that cannot be made smaller."""
    made = io.BytesIO()
    Image.frombytes("RGB", (400, 400), random.Random(1).randbytes(480_000)).save(made, "PNG")
    return made.getvalue()


def test_how_far_a_file_has_got_is_shown_and_then_the_file(people, document, sofie) -> None:
    slow = sofie.context.new_cdp_session(sofie)
    slow.send("Network.enable")
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 150_000}
    slow.send("Network.emulateNetworkConditions", conditions)
    place = field(sofie, FILES)
    place.locator("input[type=file]").set_input_files(
        {"name": "tegning.png", "mimeType": "image/png", "buffer": noise()}
    )
    expect(place.locator("progress")).to_be_visible()
    expect(place.get_by_role("link", name=re.compile("tegning"))).to_be_visible()
    expect(place.locator("progress")).to_be_hidden()
    assert place.locator("input[type=file]").evaluate("input => input.files.length") == 0
    expect(state(sofie, FILES)).to_have_text(SAVED)


@pytest.mark.req("R-122")
def test_a_section_is_filled_by_keyboard_alone_in_the_order_of_the_page(people, document, sofie) -> None:
    sofie.locator("main").focus()
    met: list[str] = []
    for _ in range(90):
        sofie.keyboard.press("Tab")
        here = sofie.evaluate("""() => {
          const it = document.activeElement, one = it.closest('.field');
          return one && {field: one.id, tag: it.tagName, type: it.type, top: one.getBoundingClientRect().top + scrollY};
        }""")
        if here and here["field"] not in met:
            met.append(here["field"])
        if here and here["tag"] == "TEXTAREA":
            sofie.keyboard.type(f"Ord i {here['field']}.")
        elif here and here["type"] == "radio":
            sofie.keyboard.press("Space")
        if sofie.evaluate("document.activeElement.value === 'next'"):
            break
    drawn = sofie.locator("#fill .field[data-save]").evaluate_all("all => all.map(one => one.id)")
    assert met == drawn, "every field, once, in the order it is read"
    with sofie.expect_navigation():
        sofie.keyboard.press("Enter")
    expect(sofie.locator("h1")).not_to_have_text("Fagpersonens del")
    assert stored(people, document, LONG) == f"Ord i field-{LONG}."


def row_cell(page: Page, number: int):
    return field(page, TABLE).locator(".row-table").nth(number - 1).locator("input").first


@pytest.mark.req("R-122")
def test_rows_by_keyboard_alone(people, document, sofie) -> None:
    table = field(sofie, TABLE)
    add = table.get_by_role("button", name=re.compile("^Tilføj en række"))
    for number, text in enumerate(("Første", "Anden", "Tredje"), start=1):
        add.press("Enter")
        expect(row_cell(sofie, number)).to_be_focused()
        sofie.keyboard.type(text)
    add.press("Enter")
    expect(row_cell(sofie, 4)).to_be_focused()
    table.get_by_role("button", name=re.compile("^Flyt op.*række 3$")).press("Enter")
    expect(row_cell(sofie, 2)).to_have_value("Tredje")
    expect(table.get_by_role("button", name=re.compile("^Flyt op.*række 2$"))).to_be_focused()
    expect(sofie.locator("#said")).to_contain_text("Rækken er flyttet op.")
    people.look("sofie", "raekker", sofie)
    table.get_by_role("button", name=re.compile("^Fjern.*række 1$")).press("Enter")
    expect(row_cell(sofie, 1)).to_have_value("Tredje")
    expect(row_cell(sofie, 1)).to_be_focused()
    expect(row_cell(sofie, 2)).to_have_value("Anden")
    field(sofie, TABLE).get_by_role("button", name=re.compile("^Fortryd")).press("Enter")
    expect(row_cell(sofie, 1)).to_have_value("Første")


@pytest.mark.req("R-122")
def test_rows_and_undo_without_javascript_lose_nothing_typed(people, document) -> None:
    page = people.stranger("telefon", script=False)
    log_in_staff(page, "sofie")
    page.goto(document + SECTION)
    for number, text in enumerate(("Første", "Anden"), start=1):
        row_cell(page, number).fill(text)
        press(page, field(page, TABLE).get_by_role("button", name=re.compile("^Tilføj en række")))
        assert page.url.endswith(f"#f-{TABLE}-{number + 1}-indsats")
    area(page, OTHER).fill("Skrevet uden JavaScript.")
    press(page, field(page, TABLE).get_by_role("button", name=re.compile("^Flyt ned.*række 1$")))
    expect(area(page, OTHER)).to_have_value("Skrevet uden JavaScript.")
    expect(row_cell(page, 2)).to_have_value("Første")
    assert page.url.endswith(f"#f-{TABLE}-2-down")
    area(page, LONG).fill("Også dette.")
    press(page, field(page, TABLE).get_by_role("button", name=re.compile("^Fortryd")))
    expect(row_cell(page, 1)).to_have_value("Første")
    expect(area(page, LONG)).to_have_value("Også dette.")
    page.context.close()
