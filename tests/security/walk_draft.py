"""The walk's beginning: strangers, a draft that is written, previewed, shared and moved, a notification, a meeting about no child."""

from __future__ import annotations

from typing import Any

from tests.security.clicking import TYPED, crawl, form_with, links, submit, type_into
from tests.security.walker import Walker
from tests.support.next_version import publish_next
from tests.support.world import SET


def strangers_and_draft(walker: Walker) -> None:
    """Who is not logged in, and a draft up to its being shared."""
    with walker.at("draft"):
        app = walker.as_("anonymous")
        crawl(app)
        for path in ("/ok", "/login", app.get("/").html.find("link", rel="stylesheet")["href"]):
            app.get(path)
        app, document = walker.as_("sofie"), walker.world.made["document"]
        crawl(app)
        submit(app, f"/dokument/{document}/gennemse", "/forhaandsvisning")
        app.get(f"/dokument/{document}/forhaandsvisning/fremdrift")
        assert walker.world.drain() == []
        app.get(f"/dokument/{document}/forhaandsvisning.pdf")
        page = app.get(f"/dokument/{document}/udfyld").follow()
        type_into(app, page)
        child = app.get(f"/barn/{SET.child_id}")
        for form in child.forms.values():
            if form.action.endswith("/begynd"):
                form.submit(expect_errors=True)
        app.get(f"/dokument/{document}/udfyld/findes_ikke", status=404)
        _notify(app, "/underret")
        _notify(app, f"/barn/{SET.child_id}/underret")
        submit(app, f"/barn/{SET.child_id}", "/cpr", reason="letter")
        for path, words in (("/", TYPED), ("/soeg", "010120-1234"), ("/soeg", SET.answers["u_greb"][:30])):
            submit(app, path, "/soeg", words=words)
        crawl(walker.as_("mettemarie"))
        walker.walk.who = "sofie"
        submit(app, f"/dokument/{document}/gennemse", "/del")
        submit(app, "/hjaelp", "/logud")
        _without_child(walker)


def _without_child(walker: Walker) -> None:
    """A meeting about no child, begun by the leader on the unit's page; then the tablet is handed over (D13)."""
    app = walker.as_("birgit")
    home = app.get("/")
    unit = next(path for path in links(home, home.request.url) if path.startswith("/enhed/"))
    form = form_with(app.get(unit), "variant")
    form["variant"] = "faglig_sparring"
    page = form.submit().follow().follow()
    app.get(page.html.select_one("form[data-session]")["data-session"])
    crawl(app)
    submit(app, "/hjaelp", "/skift")


def _notify(app: Any, path: str) -> None:
    """An underretning with words of one's own, sent (R-50)."""
    form = form_with(app.get(path), "kind")
    form["kind"] = "bekymring"
    document = form.submit().location.split("/dokument/")[1].split("/")[0]
    for section, asked in (("barnet", "b_navn"), ("bekymringen", "c_kort")):
        own = f"/dokument/{document}/udfyld/{section}"
        submit(app, own, section, button=("go", "stay"), **{f"f.{asked}": TYPED})
    submit(app, f"/underretning/{document}", "/send").follow()


def newer_version(walker: Walker) -> None:
    """The draft is moved to a newer version of its form and brought back; the forms themselves as JSON (T30)."""
    with walker.at("draft", publish_next):
        app, document = walker.as_("sofie"), f"/dokument/{walker.world.made['document']}"
        submit(app, f"{document}/flyt", "/flyt").follow()
        app.get(f"{document}/kladde/1")
        submit(app, f"{document}/kladde/1/hent", "/hent").follow()
        for one in app.get("/api/skemaer").json["forms"]:
            app.get(one["schema"])
