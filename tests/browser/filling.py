"""Typing into the form pages the way a person does: by label, radio, select; row after row in a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import press

SAVED = re.compile(r"^Gemt ")


def field(page: Page, field_id: str) -> Locator:
    """The whole field with its messages."""
    return page.locator(f"#field-{field_id}")


def state(page: Page, field_id: str) -> Locator:
    """The line that says whether the field is saved."""
    return page.locator(f"#f-{field_id}-state")


def write(page: Page, field_id: str, text: str) -> None:
    """Type into a text field and wait until the page says that it was saved by itself."""
    field(page, field_id).locator("textarea, input[type=text]").first.fill(text)
    expect(state(page, field_id)).to_have_text(SAVED)


def put(page: Page, field_id: str, value: Any) -> None:
    """Put an answer of the demo's texts into its field, whatever its kind."""
    place = field(page, field_id)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        _rows(page, field_id, value)
    elif isinstance(value, list):
        for code in value:
            _choose(place, "checkbox", code)
    elif isinstance(value, bool):
        _choose(place, "radio", "yes" if value else "no")
    elif isinstance(value, dict):
        place.locator("select").select_option(value["id"])
    elif place.locator("input[type=radio]").count():
        _choose(place, "radio", value)
    else:
        place.locator("textarea, input[type=text], input[type=date]").first.fill(value)


def _choose(place: Locator, kind: str, code: str) -> None:
    """By the label, as the finger does: the design system draws the mark itself."""
    input_id = place.locator(f"input[type={kind}][value='{code}']").get_attribute("id")
    place.locator(f"label[for='{input_id}']").click()


def _rows(page: Page, field_id: str, rows: list[dict[str, Any]]) -> None:
    """A new empty row comes each time the page is saved."""
    for number, row in enumerate(rows, start=1):
        if number > 1:
            press(page, page.get_by_role("button", name="Gem", exact=True))
        for column, value in row.items():
            cell = page.locator(f"#f-{field_id}-{number}-{column}")
            cell.select_option("yes" if value else "no") if isinstance(value, bool) else cell.fill(value)


def fill_in(page: Page, answers: dict[str, Any]) -> Iterator[str]:
    """Go through all sections from the present one to the review with ``answers``; yields each section's heading
    while it is filled and not yet sent."""
    while "/udfyld/" in page.url:
        here = page.locator("form[data-autosave] .field").evaluate_all("all => all.map(one => one.id)")
        for field_id in (name.removeprefix("field-") for name in here):
            if field_id in answers and field(page, field_id).locator("input, textarea, select").count():
                put(page, field_id, answers[field_id])
        yield page.locator("h1").inner_text()
        go_on(page)


def go_on(page: Page) -> None:
    """Save and go on, or only go on where there is nothing to write."""
    button = page.get_by_role("button", name="Gem og gå videre")
    press(page, button if button.count() else page.get_by_role("link", name="Videre", exact=True))


@cache
def answers_of(name: str):
    """The demo's set of answers of that name."""
    from tillid.demo.texts import ANSWERS

    return ANSWERS[name]
