"""Undo, rows, files and the keyboard, with and without JavaScript.

No part of the walk: it has documents of its own."""

from __future__ import annotations

import io
import random
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.filling import SAVED, field, state
from tests.browser.own_draft import FILES, LONG, OTHER, SECTION, TABLE, area, stored
from tests.browser.people import log_in_staff, press


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
    place.get_by_label("Nej, filen er ikke et trivselsskema").check(force=True)
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
