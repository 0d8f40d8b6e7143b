"""Every error of a page is told at its field too, in words that the field itself names: who listens hears it there (WCAG 3.3.1)."""

from __future__ import annotations

from typing import Any

import webtest

SUMMARY = ".alert-error.error-summary a[href^='#']"


def not_told(page: Any) -> list[str]:
    """What the summary of ``page`` says that is not at the field it leads to, tied to it or to the fieldset around it."""
    return [f"{link['href']}: {words(link)}" for link in page.select(SUMMARY) if not _told(page, link)]


def _told(page: Any, link: Any) -> bool:
    field = page.find(id=link["href"][1:])
    if field is None:
        return False
    # A whole form, or two texts at the field itself and the choice between them.
    if field.name == "form" or field.select_one("[role=alert]"):
        return True
    ties = " ".join(one.get("aria-describedby", "") for one in (field, *field.find_parents("fieldset"))).split()
    messages = [one for one in (page.find(id=name) for name in ties) if one is not None]
    return any(words(one).removeprefix("Fejl:").removeprefix("Error:").strip() for one in messages if _is_error(one))


def _is_error(element: Any) -> bool:
    return "form-error-message" in element.get("class", []) and not element.has_attr("hidden")


def words(element: Any) -> str:
    """The text of an element on one line."""
    return " ".join(element.get_text(" ").split())


class TellingBrowser(webtest.TestApp):
    """A browser that looks at each page it gets for errors that are not told at their field."""

    def do_request(self, *args: Any, **kwargs: Any) -> webtest.TestResponse:
        answer = super().do_request(*args, **kwargs)
        if answer.content_type == "text/html" and b"error-summary" in answer.body:
            assert (left := not_told(answer.html)) == [], left
        return answer
