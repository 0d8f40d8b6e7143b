"""Filling every field of a form, whatever its kind: quickly with the mouse's means, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import ElementHandle, Page, expect

from tests.browser.people import press

WORDS = "Vi har set det flere gange og talt om det. "
ASKED = "form[data-autosave] .field:not([hidden])"
# What a person would put where any value of the kind will do; a yellow position opens most of what may be asked.
WISHED = {"position": "gul", "samlet_position": "roed", "position_kontekst": "gul", "samlet_position_kontekst": "gul",
          "grundlag": "lov", "foraeldre_deltager": "nej"}  # fmt: skip
NEVER = {"r_ingen_aftaler"}  # instead of another one
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)

Wish = Callable[[str], str | None]


def sections_of(page: Page, fill: Callable[[Page], set[str]]) -> dict[str, set[str]]:
    """Go through every section from the present one to the review; heading → the fields filled there."""
    found: dict[str, set[str]] = {}
    while "/udfyld/" in page.url:
        heading = page.locator("h1").inner_text()
        found[heading] = fill(page)
        following = page.get_by_role("button", name="Gem og gå videre")
        press(page, following if following.count() else page.get_by_role("link", name="Videre", exact=True))
        errors = page.locator(".error-summary li").all_inner_texts()
        assert page.locator("h1").inner_text() != heading, f"{heading} was not left: {errors}"
    return found


# --- quickly --------------------------------------------------------------------------------------------------------------


def fill_section(page: Page) -> set[str]:
    """Fill every field of the section, also those that an answer brings; returns their ids."""
    done: set[str] = set()
    while left := [field for field in _fields(page) if field not in done]:
        for field_id in left:
            done.add(field_id)
            if field_id not in NEVER:
                _fill_field(page, field_id)
        _stay(page)
    return {field for field in done if field not in NEVER}


def _fields(page: Page) -> list[str]:
    """The fields of the section with something to write in."""
    return page.locator(ASKED).evaluate_all(
        "all => all.filter(one => one.querySelector('input:not([type=hidden]), textarea, select'))"
        ".map(one => one.id.replace('field-', ''))"
    )


def _stay(page: Page) -> None:
    press(page, page.get_by_role("button", name="Gem", exact=True))
    expect(page.locator(".error-summary")).to_have_count(0)


def _fill_field(page: Page, field_id: str) -> None:
    place = page.locator(f"#field-{field_id}")
    if place.locator("input[type=file]").count():
        place.locator("input[type=file]").set_input_files(
            {"name": "bilag.png", "mimeType": "image/png", "buffer": PICTURE}
        )
        return
    radios = place.locator("input[type=radio]")
    if radios.count():
        wish = WISHED.get(field_id)
        chosen = place.locator(f"input[type=radio][value='{wish}']") if wish else radios.first
        chosen.check(force=True)  # the design system draws the mark over it
    for box in place.locator("input[type=checkbox]").all():
        box.check(force=True)
    for control in place.locator(
        "textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=hidden])"
    ).all():
        _put(control.element_handle(), field_id)


def _put(control: ElementHandle, field_id: str) -> None:
    kind = control.evaluate("one => one.tagName === 'INPUT' ? one.type : one.tagName.toLowerCase()")
    if kind == "select":
        control.select_option(index=1)
    elif kind == "date":
        control.fill("2026-12-10")
    elif kind == "datetime-local":
        control.fill("2026-12-10T14:30")
    elif control.get_attribute("inputmode") == "numeric":
        control.fill("30")
    else:
        control.fill(sample(control.evaluate("one => one.maxLength"), kind, field_id))


def sample(most: int, kind: str, field_id: str) -> str:
    """Ordinary words up to the limit; two names where people are named."""
    if field_id in ("droeftet_af", "deltagere") and kind == "textarea":
        return "Sofie Brandt\nMikkel Højlund"
    text = WORDS * 12
    return text[: most if most > 0 else 60].strip()


# --- by keyboard alone ----------------------------------------------------------------------------------------------------

HERE = """() => { const one = document.activeElement, field = one.closest('.field');
  return {tag: one.tagName.toLowerCase(), type: one.type || '', field: field ? field.id.replace('field-', '') : '',
          name: one.name || '', id: one.id, value: one.value || '', go: one.name === 'go' ? one.value : '',
          mode: one.inputMode || '', most: one.maxLength || -1, group: !!document.querySelector(
            `input[type=radio][name="${CSS.escape(one.name || '-')}"]:checked`), checked: !!one.checked}; }"""


def type_section(page: Page) -> set[str]:
    """The same with Tab, typing, Space, arrows and Enter, and nothing else; ends with the section saved."""
    done: set[str] = set()
    while True:
        new = _tab_through(page, done)
        done |= new
        if not new:
            return done
        with page.expect_navigation():
            page.keyboard.press("Enter")  # on »Gem«, where the round of Tab ended
        expect(page.locator(".error-summary")).to_have_count(0)


def _tab_through(page: Page, done: set[str]) -> set[str]:
    """Tab from the top of the page to »Gem«, filling what is new and empty on the way."""
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    new: set[str] = set()
    seen: set[str] = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here["go"] == "stay":
            return new
        if not here["field"] or here["field"] in done or here["field"] in NEVER or here["id"] in seen:
            continue
        if _typed(page, here):
            new.add(here["field"])
            seen.add(here["id"])
    raise AssertionError("»Gem« cannot be reached with Tab")


def _typed(page: Page, here: dict[str, Any]) -> bool:
    """Answer the control that has the focus; whether it is one that takes an answer."""
    kind, keys = here["type"] if here["tag"] == "input" else here["tag"], page.keyboard
    if kind == "radio":
        if not here["group"]:
            keys.press("Space")
            _to_wish(page, here["field"])
    elif kind == "checkbox":
        if not here["checked"]:
            keys.press("Space")
    elif kind == "select":
        keys.press("ArrowDown")
    elif kind == "date":
        keys.type("10122026")
    elif kind == "datetime-local":
        keys.type("101220261430")
    elif kind == "textarea" or kind in ("text", "search"):
        text = (
            "30"
            if here["mode"] == "numeric"
            else sample(min(here["most"] if here["most"] > 0 else 60, 60), kind, here["field"])
        )
        keys.type(text)
    else:
        return False  # a button, a link; a file is chosen in the system's own window
    return True


def _to_wish(page: Page, field_id: str) -> None:
    wish = WISHED.get(field_id)
    for _ in range(8):
        if wish is None or page.evaluate("() => document.activeElement.value") == wish:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{field_id}: {wish} cannot be reached with the arrows")


def document_of(page: Page) -> str:
    """``/dokument/<id>`` of the page's address."""
    return re.search(r"/dokument/[0-9a-f-]{36}", page.url)[0]
