"""``Looker``: what every page must stand, whoever opens it, on a phone and on a desk."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Response

from tests.browser.judging import Judge

WIDTHS = {"telefon": (390, 844), "skrivebord": (1280, 900)}
# The browser's own line about a page that was answered with a refusal (404, 422 …), which is what the test asked for.
# Or that the connection is cut, which is what the test did.
ANSWERED_NO = re.compile(
    r"^Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED)"
)
SHAPE = """() => ({
  title: document.title, language: document.documentElement.lang, headings: document.querySelectorAll('h1').length,
  contact: ['/was', '/hjaelp'].every(one => document.querySelector(`footer a[href='${one}']`)),
  // What is quoted as code may look like a template: a tag that the linter of templates tells of.
  text: [...document.querySelectorAll('code')].reduce((all, one) => all.replace(one.innerText, ''), document.body.innerText),
})"""
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > width + 1 && !e.closest('.table--responsive-scroll'))
    .slice(0, 5).map(e => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right));
}"""
LANGUAGES = ("da", "en")


class Looker:
    """Looks at pages and remembers which addresses it has seen.

    ``url``: the server's. ``TILLID_SHOTS``: a folder for a picture of every page, role and width. Every page is measured at
    both widths; what axe is asked of it stands in ``judging.py``."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: set[tuple[str, str]] = set()  # (role, path) looked at
        self._judge = Judge()
        self._said: dict[Page, list[str]] = {}
        self._number = 0
        self._shots = Path(folder) if (folder := os.environ.get("TILLID_SHOTS")) else None

    def watch(self, page: Page) -> Page:
        """Note everything the page's browser complains about."""
        said = self._said.setdefault(page, [])

        def console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not ANSWERED_NO.match(message.text):
                said.append(f"{message.type}: {message.text} ({page.url}, {message.location})")

        def response(answer: Response) -> None:
            if answer.status >= 500:
                said.append(f"{answer.status} {answer.url}")

        page.on("console", console)
        page.on("pageerror", lambda error: said.append(f"script: {error} ({page.url})"))
        page.on("response", response)
        return page

    def look(self, page: Page, role: str, name: str, *, widths: tuple[str, ...] = tuple(WIDTHS)) -> None:
        """The page as it stands now, at each width. Puts the viewport back as it was. Raises ``AssertionError``."""
        before = page.viewport_size
        # The width it has comes first: each change makes the browser lay out the whole page anew.
        found: list[str] = []
        for width in sorted(widths, key=lambda one: _size(one) != before):
            if page.viewport_size != _size(width):
                page.set_viewport_size(_size(width))
            self._picture(page, f"{role}-{name}-{width}")
            found += [*_shape(page), *_beyond_the_edge(page, width), *self._judge.judge(page, width)]
        if before and page.viewport_size != before:
            page.set_viewport_size(before)
        assert not found, f"{role}, {name}, {page.url}:\n" + "\n".join(dict.fromkeys(found))
        self.seen.add((role, urlsplit(page.url).path))
        self.quiet()

    def close(self) -> None:
        """Every page that is still open, so that none asks the server for anything any more."""
        for page in self._said:
            page.close()

    def quiet(self) -> None:
        """No page has been complained about: no script error, nothing refused by the CSP, no answer of 5xx."""
        said = [line for lines in self._said.values() for line in lines]
        assert not said, "\n".join(said)

    def _picture(self, page: Page, name: str) -> None:
        if self._shots is None:
            return
        self._shots.mkdir(parents=True, exist_ok=True)
        self._number += 1
        # caret: hiding it would leave style="" on every input, which htmx copies and the CSP refuses
        page.screenshot(path=self._shots / f"{self._number:03}-{name}.png", full_page=True, caret="initial")


def _size(width: str) -> dict[str, int]:
    return dict(zip(("width", "height"), WIDTHS[width], strict=True))


def pattern_of(pattern: str) -> re.Pattern[str]:
    """A route's pattern as a regular expression."""
    return re.compile(re.sub(r"{\w+:((?:[^{}]|{\d+(?:,\d+)?})+)}", r"(?:\1)", pattern).replace(".pdf", r"\.pdf"))


def _shape(page: Page) -> list[str]:
    """A title that says more than the name of the place, a language, one h1, the footer, nothing left of a template."""
    shape = page.evaluate(SHAPE)
    wrong = []
    if len(shape["title"].split(" – ")[0].strip()) < 3:
        wrong.append(f"title: {shape['title']!r}")
    if shape["language"] not in LANGUAGES:
        wrong.append(f"lang: {shape['language']!r}")
    if shape["headings"] != 1:
        wrong.append(f"{shape['headings']} h1")
    if not shape["contact"]:
        wrong.append("no link to the accessibility statement, or no way of contact (R-121)")
    signs = ("{{", "{%", "%(", "None", "Undefined", "Traceback")
    return wrong + [f"left of a template: {sign}" for sign in signs if sign in shape["text"]]


def _beyond_the_edge(page: Page, width: str) -> list[str]:
    found = page.evaluate(OVERFLOW)
    return [f"wider than the {width}: {', '.join(found)}"] if found else []
