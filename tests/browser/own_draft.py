"""Fields of a document of the test's own (fixture ``document``), and what is in its draft when a fresh page asks."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.filling import field

THEO, SECTION = "Theo Lindgaard Bech", "/udfyld/fagpersonens_del"
LONG, OTHER, TABLE, FILES = "u_greb", "u_sprog", "u_indsatser", "u_bilag"


def area(page: Page, field_id: str):
    return field(page, field_id).locator("textarea")


def stored(people, document: str, field_id: str) -> str:
    """What is in the draft, asked by a fresh page."""
    page = people.staff("sofie")
    page.goto(document + SECTION)
    return area(page, field_id).input_value()
