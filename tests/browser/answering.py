"""Answering the consent page, with every click and key counted, so that giving and taking back can be compared."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.browser.people import press


class Clicks:
    """A parent at one page who counts. ``count``: clicks; ``pages``: pages opened by them."""

    def __init__(self, page: Page) -> None:
        self.page, self.count, self.pages = page, 0, 0

    def on(self, target: Locator) -> None:
        """A click that stays on the page."""
        target.click()
        self.count += 1

    def through(self, target: Locator) -> None:
        """A click that leads on."""
        press(self.page, target)
        self.count += 1
        self.pages += 1


def rows(page: Page) -> list[Locator]:
    """The questions of the consent page, item by item, the oral permission last."""
    return page.locator("fieldset.item").all()


def choose(clicks: Clicks, row: Locator, yes: bool) -> None:
    """Ja or Nej in one row, by its label."""
    clicks.on(row.locator(f"label[for='{row.locator(_VALUE[yes]).get_attribute('id')}']"))


_VALUE = {True: "input[value=ja]", False: "input[value=nej]"}


def answer_all(clicks: Clicks, *, no: str = "") -> None:
    """Yes in every row but the one whose title holds ``no``."""
    for row in rows(clicks.page):
        choose(clicks, row, not (no and no in row.locator("legend").inner_text()))
