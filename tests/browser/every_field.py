"""Filling every field of a form, whatever its kind: at once by the page's own means, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.people import press

WORDS = "Vi har set det flere gange og talt om det. "
ASKED = "form[data-autosave] .field:not([hidden])"
# What a person would put where any value of the kind will do; a yellow position opens most of what may be asked.
WISHED = {"position": "gul", "samlet_position": "roed", "position_kontekst": "gul", "samlet_position_kontekst": "gul",
          "grundlag": "lov", "foraeldre_deltager": "nej"}  # fmt: skip
NEVER = {"r_ingen_aftaler"}  # instead of another one
NAMES, PEOPLE = "Sofie Brandt\nMikkel Højlund", ["droeftet_af", "deltagere"]  # two where people are named
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)


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


# One round in the page instead of some for every field: what is written, chosen and told to the page's own script is the
# same as by hand, and what a hand could not do (a control that is hidden, closed, or takes no such answer) is an error here
# too. Clicking and typing themselves are tried in test_1_write, test_4_underret and by keyboard below.
FILL = """given => {
  const open = (one, field) => {
    const seen = one.checkVisibility() || (one.labels && [...one.labels].some(label => label.checkVisibility()));
    if (!seen || one.disabled || one.readOnly) throw new Error(`${field}: nobody could write in it: ${one.outerHTML}`);
  };
  const took = (one, field, right) => { if (!right) throw new Error(`${field} took no answer: ${one.outerHTML}`); };
  const tell = (one, ...kinds) => kinds.forEach(kind => one.dispatchEvent(new Event(kind, {bubbles: true})));
  const sample = (most, field, many) => many && given.people.includes(field) ? given.names
    : given.words.slice(0, most > 0 ? most : 60).trim();
  const put = (one, field) => {
    open(one, field);
    if (one.tagName === 'SELECT') one.selectedIndex = 1;
    else if (one.type === 'date') one.value = '2026-12-10';
    else if (one.type === 'datetime-local') one.value = '2026-12-10T14:30';
    else one.value = one.inputMode === 'numeric' ? '30' : sample(one.maxLength, field, one.tagName === 'TEXTAREA');
    took(one, field, one.value);
    tell(one, 'input', 'change');
  };
  const choose = (one, field) => {
    open(one, field);
    if (!one.checked) one.click();
    took(one, field, one.checked);
  };
  const fill = (place, field) => {
    const all = kind => [...place.querySelectorAll(kind)];
    const wish = given.wished[field], radios = all('input[type=radio]');
    const chosen = wish ? radios.find(one => one.value === wish) : radios[0];
    if (radios.length && !chosen) throw new Error(`${field} has no ${wish}`);
    if (chosen) choose(chosen, field);
    all('input[type=checkbox]').forEach(one => choose(one, field));
    all('textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=hidden])').forEach(one => put(one, field));
  };
  return [...document.querySelectorAll(given.asked)]
    .filter(place => place.querySelector('input:not([type=hidden]), textarea, select'))
    .map(place => [place, place.id.replace('field-', '')])
    .filter(([, field]) => !given.done.includes(field))
    .map(([place, field]) => {
      const file = Boolean(place.querySelector('input[type=file]'));
      if (!file && !given.never.includes(field)) fill(place, field);
      return [field, file];
    });
}"""


def fill_section(page: Page) -> set[str]:
    """Fill every field of the section, also those that an answer brings; returns their ids."""
    done: set[str] = set()
    given = {
        "asked": ASKED,
        "wished": WISHED,
        "never": sorted(NEVER),
        "words": WORDS * 12,
        "names": NAMES,
        "people": PEOPLE,
    }
    while left := page.evaluate(FILL, {**given, "done": sorted(done)}):
        for field_id, is_file in left:
            done.add(field_id)
            if is_file:
                _choose_file(page, field_id)
        _stay(page)
    return done - NEVER


def _stay(page: Page) -> None:
    press(page, page.get_by_role("button", name="Gem", exact=True))
    expect(page.locator(".error-summary")).to_have_count(0)


def _choose_file(page: Page, field_id: str) -> None:
    asked = page.locator(f"#field-{field_id} input[type=radio][value=nej]")
    if asked.count():
        asked.check(force=True)
    page.locator(f"#field-{field_id} input[type=file]").set_input_files(
        {"name": "bilag.png", "mimeType": "image/png", "buffer": PICTURE}
    )


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
        text = "30" if here["mode"] == "numeric" else typed_words(here)
        keys.type(text)
    else:
        return False  # a button, a link; a file is chosen in the system's own window
    return True


def typed_words(here: dict[str, Any]) -> str:
    """A word or two: each letter is a key of its own."""
    if here["field"] in PEOPLE and here["tag"] == "textarea":
        return NAMES
    return WORDS[: here["most"] if 0 < here["most"] < 12 else 12].strip()


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
