"""The people of Solbjerg Kommune, each with a browser of their own (cookies apart), logged in by the real pages."""

from __future__ import annotations

from playwright.sync_api import APIResponse, Browser, BrowserContext, Page

from tests.browser.looking import WIDTHS, Looker
from tillid.demo.loading import accounts

PASSWORDS = dict(accounts())
WAITING_MS = 60_000
PURPOSE_ASKED, NOTE_ASKED = "Hvad skal du bruge det til?", "Sagens nummer, eller hvad det gælder"


class People:
    """Everybody who has logged in during the run; a person keeps the same session and page."""

    def __init__(self, browser: Browser, looker: Looker) -> None:
        self.browser, self.looker = browser, looker
        self._pages: dict[str, Page] = {}

    def context(self, width: str = "skrivebord", *, script: bool = True, like: str = "") -> BrowserContext:
        """A fresh browser of somebody who is not logged in, or (``like``) is in the session of one who is."""
        wide, high = WIDTHS[width]
        context = self.browser.new_context(
            base_url=self.looker.url,
            viewport={"width": wide, "height": high},
            locale="da-DK",
            java_script_enabled=script,
            accept_downloads=True,
            storage_state=self._pages[like].context.storage_state() if like else None,
        )
        context.set_default_timeout(WAITING_MS)
        return context

    def stranger(self, width: str = "skrivebord", *, script: bool = True, like: str = "") -> Page:
        """A page in a ``context`` of its own."""
        return self.looker.watch(self.context(width, script=script, like=like).new_page())

    def staff(self, username: str) -> Page:
        """The front page of an employee, at a desk."""
        return self._at_home(username, "skrivebord", lambda page: log_in_staff(page, username))

    def parent(self, name: str) -> Page:
        """The front page of a parent, on a phone."""
        return self._at_home(name, "telefon", lambda page: log_in_parent(page, name))

    def second_tab(self, who: str) -> Page:
        """Another tab in the same browser."""
        return self.looker.watch(self._pages[who].context.new_page())

    def get(self, who: str, address: str) -> APIResponse:
        """The bare answer to an address, with the person's cookies; a redirect is an answer too."""
        return self._pages[who].context.request.get(address, max_redirects=0)

    def look(self, who: str, name: str, page: Page | None = None) -> Page:
        """``Looker.look`` at the person's page; returns it."""
        page = page or self._pages[who]
        self.looker.look(page, who.split(" ")[0].lower(), name)
        return page

    def leave(self) -> None:
        """Everybody closes their pages: the server is about to be stopped. Who comes back logs in anew."""
        self.looker.close()
        self._pages.clear()

    def settled(self) -> None:
        """Until the worker has done all that waits: sealed, indexed, rendered. The administrator's page says so."""
        page = self.staff("camilla")
        page.goto("/drift")
        for _ in range(WAITING_MS // 1000):
            if "Intet venter." in page.locator("main").inner_text():
                return
            page.wait_for_timeout(1000)
            page.reload()
        raise AssertionError(page.locator("main").inner_text())

    def _at_home(self, who: str, width: str, log_in) -> Page:
        if who not in self._pages:
            page = self._pages[who] = self.stranger(width)
            log_in(page)
        page = self._pages[who]
        page.goto("/")
        return page


def log_in_staff(page: Page, username: str) -> None:
    """By the password form."""
    page.goto("/login/medarbejder")
    page.get_by_label("Brugernavn").fill(username)
    page.get_by_label("Adgangskode").fill(PASSWORDS[username])
    press(page, page.get_by_role("button", name="Log ind"))


def log_in_parent(page: Page, name: str) -> None:
    """By the declared test login."""
    page.goto("/login/foraelder")
    press(page, page.get_by_role("button", name=name))


def press(page: Page, target) -> None:
    """Click what leads to another page, and wait for it; a form may first wait for a field on its way to the server."""
    with page.expect_navigation():
        target.click()


def state_purpose(page: Page, purpose: str) -> None:
    """The archive's purpose, as it will be logged: "<ground>: <note>"."""
    ground, note = purpose.split(": ", 1)
    page.get_by_label(PURPOSE_ASKED).select_option(label=ground)
    page.get_by_label(NOTE_ASKED).fill(note)
