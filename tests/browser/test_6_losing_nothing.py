"""Filling without loss: the connection cut, the browser killed, the login ended, somebody else at the same tablet.

No part of the walk: it has a document of its own, and can be run alone."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.filling import SAVED, state
from tests.browser.killed import mortal
from tests.browser.own_draft import LONG, OTHER, SECTION, area, stored
from tests.browser.people import PASSWORDS, press

STORES = """async () => ({
  local: {...localStorage}, session: {...sessionStorage}, bases: (await indexedDB.databases()).map(one => one.name),
  caches: await caches.keys(), workers: (await navigator.serviceWorker.getRegistrations()).length, cookies: document.cookie,
})"""
NOTHING = {"local": {}, "session": {}, "bases": [], "caches": [], "workers": 0, "cookies": ""}


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
