"""Pages as people click them: what links to what, and forms that are filled in and sent."""

from __future__ import annotations

from collections import deque
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

LINKS = ("href", "hx-get", "src", "data")
# What people type while they walk; nothing of it may be found outside the answers' bodies.
TYPED = "Ordet zebrastribe skrev jeg selv"


def links(answer: Any, base: str) -> list[str]:
    """The addresses of our own that a page offers to open."""
    found = []
    for tag in html.document_fromstring(answer.body).iter(etree.Element):
        for name in LINKS:
            if target := tag.get(name):
                parts = urlsplit(urljoin(base, target))
                if parts.scheme == "http" and parts.netloc == urlsplit(base).netloc:
                    found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def crawl(app: Any, *, most: int = 80) -> None:
    """Open whatever can be reached by links from the front page, each once."""
    waiting, known = deque(["/"]), {"/"}
    while waiting and most:
        path = waiting.popleft()
        most -= 1
        answer = app.get(path, expect_errors=True)
        if answer.content_type != "text/html" or not answer.body or path.startswith("/sprog/"):
            continue
        for target in [urlsplit(answer.location).path] if answer.location else links(answer, answer.request.url):
            # One address is enough of the static files; a preview starts LibreOffice and is opened by one person only.
            if (
                target not in known
                and not target.startswith("/static/")
                and not target.endswith("forhaandsvisning.pdf")
            ):
                known.add(target)
                waiting.append(target)


def form_with(answer: Any, name: str) -> Any:
    """The first form with a field of that name."""
    return next(form for form in answer.forms.values() if name in form.fields)


def submit(app: Any, path: str, ending: str, button: tuple[str, str] | None = None, **said: str) -> Any:
    """Post the last form of the page at ``path`` whose address ends so, with ``said`` in its fields, by the button of that
    name and value."""
    form = [one for one in app.get(path).forms.values() if one.action.endswith(ending)][-1]
    for name, value in said.items():
        form[name] = value
    name, value = button or (None, None)
    return form.submit(name, value=value, expect_errors=True)


def type_into(app: Any, first: Any) -> None:
    """Post a section with own words, once as they should be and once beyond every limit."""
    for path in [
        first.request.path,
        *(one for one in links(first, first.request.url) if one.startswith("/dokument/") and "/udfyld/" in one),
    ]:
        page = app.get(path)
        assert page.content_type == "text/html", (path, page.status, page.location)
        form = next((f for f in page.forms.values() if f.method.lower() == "post" and f.action == path), None)
        words = [name for name, fields in form.fields.items() if name and fields[0].tag == "textarea"] if form else []
        if words:
            for text in (TYPED * 1000, TYPED):
                form[words[0]] = text
                form.submit(expect_errors=True)
            saved = page.html.select_one(f'[name="{words[0]}"]').find_parent(attrs={"data-save": True})
            app.post(saved["data-save"], form.submit_fields(), expect_errors=True)
            app.get(path)
            return
    raise AssertionError("no section to write in")
