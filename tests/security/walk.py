"""The walk through the pages as people click it, with every request, every answer and every line of the logs kept."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import webtest

from tests.security.people import browser
from tests.support.installation import WorldInstallation
from tests.support.next_version import publish_next
from tests.support.own_templates import changed
from tests.support.uploads import world_with_file
from tests.support.world import SET
from tests.walks.test_round_pages import SOFIE as MARK
from tests.walks.test_round_pages import submit as submit_mark
from tillid.demo.data import demo_data
from tillid.demo.loading import ANSWERS
from tillid.demo.present import assessed, called

HOLDERS = tuple(one.parent for one in demo_data().children["alma"].custody)
STAFF = ("sofie", "birgit", "jonas", "hanne", "ove", "rasmus", "camilla", "mettemarie")
LINKS = ("href", "hx-get", "src", "data")
PURPOSE = "Tilsyn med overgange, sag 26-4711"
# What people type while they walk; nothing of it may be found outside the answers' bodies.
TYPED = "Ordet zebrastribe skrev jeg selv"


@dataclass(frozen=True)
class Seen:
    """One request and its answer."""

    stage: str
    who: str
    method: str
    url: str
    answer: Any

    @property
    def html(self) -> bool:
        return self.answer.content_type == "text/html"


@dataclass
class Walk:
    """Everything that was asked and said."""

    pages: list[Seen] = field(default_factory=list)
    records: list[logging.LogRecord] = field(default_factory=list)
    audit: list[Any] = field(default_factory=list)
    stage: str = ""
    who: str = ""

    def log_text(self) -> str:
        """All log lines with their traces."""
        lines = logging.Formatter("%(levelname)s %(name)s %(message)s")
        return "\n".join(lines.format(record) for record in self.records)


@contextmanager
def listening(walk: Walk) -> Iterator[None]:
    """Keep every request of every browser and every log record of the process, down to DEBUG."""
    asking = webtest.TestApp.do_request

    def noted(app, req, status=None, expect_errors=None):
        answer = asking(app, req, status=status, expect_errors=expect_errors)
        walk.pages.append(Seen(walk.stage, walk.who, req.method, req.path_qs, answer))
        return answer

    handler = logging.Handler(logging.DEBUG)
    handler.emit = walk.records.append
    root, own = logging.getLogger(), logging.getLogger("tillid")
    levels = root.level, own.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webtest.TestApp, "do_request", noted)
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        own.setLevel(logging.DEBUG)
        try:
            yield
        finally:
            root.removeHandler(handler)
            root.setLevel(levels[0])
            own.setLevel(levels[1])


def links(answer: Any, base: str) -> list[str]:
    """The addresses of our own that a page offers to open."""
    found = []
    for tag in answer.html.find_all(True):
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


class Walker:
    """Plays the stages on worlds of ``stages``."""

    def __init__(self, stages: Any) -> None:
        self._stages, self.walk = stages, Walk()

    def _as(self, who: str) -> Any:
        self.walk.who = who
        return browser(self.installation, who)

    @contextmanager
    def _at(self, stage: str, prepare: Callable[[Any], Any] = lambda world: None) -> Iterator[None]:
        with_file = stage in ("shared", "asked")  # a file is uploaded, and opened wherever a page offers it
        world = world_with_file(self._stages.at, stage) if with_file else self._stages.at(stage)
        prepare(world)
        self.world, self.installation, self.walk.stage = world, WorldInstallation(world), stage
        try:
            yield
            self.walk.audit += world.parts.audit.tail(5000)
        finally:
            world.close()

    def run(self) -> Walk:
        with listening(self.walk):
            self._strangers_and_draft()
            self._newer_version()
            self._designed()
            self._own_template()
            self._both_sides()
            self._read_and_added_to()
            self._round_gathered()
            self._consent_to_archive()
        return self.walk

    def _strangers_and_draft(self) -> None:
        with self._at("draft"):
            app = self._as("anonymous")
            crawl(app)
            for path in ("/ok", "/login", app.get("/").html.find("link", rel="stylesheet")["href"]):
                app.get(path)
            app, document = self._as("sofie"), self.world.made["document"]
            crawl(app)
            submit(app, f"/dokument/{document}/gennemse", "/forhaandsvisning")
            app.get(f"/dokument/{document}/forhaandsvisning/fremdrift")
            assert self.world.drain() == []
            app.get(f"/dokument/{document}/forhaandsvisning.pdf")
            page = app.get(f"/dokument/{document}/udfyld").follow()
            self._type_into(app, page)
            child = app.get(f"/barn/{SET.child_id}")
            for form in child.forms.values():
                if form.action.endswith("/begynd"):
                    form.submit(expect_errors=True)
            app.get(f"/dokument/{document}/udfyld/findes_ikke", status=404)
            self._notify(app, "/underret")
            self._notify(app, f"/barn/{SET.child_id}/underret")
            submit(app, f"/barn/{SET.child_id}", "/cpr", reason="letter")
            crawl(self._as("mettemarie"))
            self.walk.who = "sofie"
            submit(app, f"/dokument/{document}/gennemse", "/del")
            submit(app, "/hjaelp", "/logud")
            self._without_child()

    def _without_child(self) -> None:
        """A meeting about no child, begun by the leader on the unit's page; then the tablet is handed over (D13)."""
        app = self._as("birgit")
        home = app.get("/")
        unit = next(path for path in links(home, home.request.url) if path.startswith("/enhed/"))
        form = form_with(app.get(unit), "variant")
        form["variant"] = "faglig_sparring"
        page = form.submit().follow().follow()
        app.get(page.html.select_one("form[data-session]")["data-session"])
        crawl(app)
        submit(app, "/hjaelp", "/skift")

    def _newer_version(self) -> None:
        """The draft is moved to a newer version of its form and brought back; the forms themselves as JSON (T30)."""
        with self._at("draft", publish_next):
            app, document = self._as("sofie"), f"/dokument/{self.world.made['document']}"
            submit(app, f"{document}/flyt", "/flyt").follow()
            app.get(f"{document}/kladde/1")
            submit(app, f"{document}/kladde/1/hent", "/hent").follow()
            for one in app.get("/api/skemaer").json["forms"]:
                app.get(one["schema"])

    def _designed(self) -> None:
        """A new version of a form: begun, changed on each of its pages, sent, published by a second person, taken out."""
        with self._at("people"):
            app = self._as("camilla")
            design = next(
                form.submit().location
                for form in app.get("/drift/skemaer").forms.values()
                if "version" in form.fields
                and (form["do"].value, form["form"].value, form["version"].value)
                == ("start", "overgangsbeskrivelse", "3")
            ).removeprefix("http://127.0.0.1:8080")
            app.get("/drift/skemaer/overgangsbeskrivelse/v3.yaml")
            app.get(f"{design}/skema.yaml")
            for path in (
                "/skemaet",
                "/regler",
                "/afsnit/fagpersonens_del",
                "/felt/u_greb",
                "/liste/overgangstype",
            ):
                form = form_with(app.get(design + path), "revision")
                form.submit(*(("do", "save") if "do" in form.fields else ()), expect_errors=True)
            form = form_with(app.get(f"{design}/svar/u_hverdag"), "how")
            form["how"] = "kept"
            form.submit("do", value="save")
            form_with(app.get(f"{design}/proev"), "laeser").submit()
            posted = [one for one in app.get(f"{design}/proev").forms.values() if one.method.lower() == "post"][-1]
            posted.submit("do", value="check")
            form_with(app.get(design), "usable_from").submit("do", value="submit")
            app.get(f"{design}/godkendelse")
            app = self._as("henriette")
            form_with(app.get(f"{design}/godkendelse"), "usable_from").submit("do", value="publish").follow()

    def _own_template(self) -> None:
        """A template sent in and put aside, and what its pages offer."""
        with self._at("people"):
            app, page = self._as("camilla"), "/drift/skabeloner/overgangsbeskrivelse/v3"
            app.get("/drift/skabeloner")
            form = form_with(app.get(page), "file")
            own = changed(app.get(f"{page}.docx").body, ("{{ title }}", "{{ title }} hos os"))
            form["file"] = webtest.Upload("vores.docx", own)
            proposal = form.submit("do", value="upload").location.removeprefix("http://127.0.0.1:8080")
            app.get(f"{proposal}/fremdrift")
            app.get(app.get(proposal).html.select_one(f"a[href^='{proposal}/fil/']")["href"])
            form_with(app.get(proposal), "seen").submit("do", value="discard").follow()

    def _notify(self, app: Any, path: str) -> None:
        """An underretning with words of one's own, sent (R-50)."""
        form = form_with(app.get(path), "kind")
        form["kind"] = "bekymring"
        document = form.submit().location.split("/dokument/")[1].split("/")[0]
        for section, asked in (("barnet", "b_navn"), ("bekymringen", "c_kort")):
            own = f"/dokument/{document}/udfyld/{section}"
            submit(app, own, section, button=("go", "stay"), **{f"f.{asked}": TYPED})
        submit(app, f"/underretning/{document}", "/send").follow()

    def _type_into(self, app: Any, first: Any) -> None:
        """Post a section with own words, once as they should be and once beyond every limit."""
        for path in [
            first.request.path,
            *(one for one in links(first, first.request.url) if one.startswith("/dokument/") and "/udfyld/" in one),
        ]:
            page = app.get(path)
            assert page.content_type == "text/html", (path, page.status, page.location)
            form = next((f for f in page.forms.values() if f.method.lower() == "post" and f.action == path), None)
            words = (
                [name for name, fields in form.fields.items() if name and fields[0].tag == "textarea"] if form else []
            )
            if words:
                for text in (TYPED * 1000, TYPED):
                    form[words[0]] = text
                    form.submit(expect_errors=True)
                saved = page.html.select_one(f'[name="{words[0]}"]').find_parent(attrs={"data-save": True})
                app.post(saved["data-save"], form.submit_fields(), expect_errors=True)
                app.get(path)
                return
        raise AssertionError("no section to write in")

    def _both_sides(self) -> None:
        with self._at("shared"):
            for who in (*HOLDERS, "sofie", "birgit"):
                crawl(self._as(who))
            app = self._as(HOLDERS[0])
            self._type_into(app, app.get(f"/dokument/{self.world.made['document']}/udfyld").follow())
            submit(self._as(HOLDERS[1]), f"/foraelder/dokument/{self.world.made['document']}/enig", "/enig")
        with self._at("agreed"):
            for who in (HOLDERS[0], "sofie"):
                crawl(self._as(who), most=30)
            changes = f"/dokument/{self.world.made['document']}/aendringer"
            app = self._as(HOLDERS[0])
            submit(app, changes, "/aendringer/pdf").follow()
            app.get(f"{changes}/fremdrift?fra=1&til=2")
            assert self.world.drain() == []
            app.get(f"{changes}.pdf?fra=1&til=2")
            app = self._as("sofie")
            app.get(f"/dokument/{self.world.made['document']}/fremdrift")
            submit(app, f"/dokument/{self.world.made['document']}", "/sporg")

    def _read_and_added_to(self) -> None:
        """An assessment and the sheet of a meeting: read, added to, acknowledged by a mother, locked by the leader (T6, D1)."""
        with self._at("people"):
            shared = [assessed(self.world.player, ANSWERS["theo_vurdering"])]
            shared.append(called(self.world.player, ANSWERS["theo_dialogmoede"]))
            assert self.world.drain() == []
            app = self._as("maria")
            crawl(app, most=40)
            for document in shared:
                self._type_into(app, app.get(f"/dokument/{document}/udfyld").follow())
                submit(app, f"/foraelder/dokument/{document}", "/laest").follow()
            app = self._as("birgit")
            for document in shared:
                submit(app, f"/dokument/{document}/gennemse", "/indsend")
            assert self.world.drain() == []
            for who in ("maria", "louise", "sofie"):
                crawl(self._as(who), most=40)

    def _round_gathered(self) -> None:
        """A form of a round, all of whose documents are ordered, watched, fetched in one file and forgotten."""
        with self._at("people", lambda world: submit_mark(world, "sofie", MARK.professional)):
            app, gather = self._as("sofie"), f"/runde/{MARK.round_id}/dokumenter"
            submit(app, gather, "/dokumenter")  # without a purpose
            submit(app, gather, "/dokumenter", purpose="team_meeting").follow()
            app.get(f"{gather}/fremdrift")
            assert self.world.drain() == []
            assert app.get(f"{gather}.zip").body.startswith(b"PK")
            submit(app, gather, "/stop").follow()

    def _consent_to_archive(self) -> None:
        with self._at("asked"):
            question = f"/samtykke/{self.world.made['request']}"
            for who in HOLDERS:
                self._consent(self._as(who), question)
            assert self.world.drain() == []
            self.walk.stage = "signed"
            for who in (*HOLDERS, *STAFF):
                crawl(self._as(who))
            submit(self._as("rasmus"), f"/log/{SET.child_id}", "/hent")
            self._search(self._as("ove"))
            document = self.world.made["document"]
            submit(self._as("hanne"), f"/modtaget/{document}", "/laeser")
            app = self._as(HOLDERS[0])
            form = form_with(app.get(f"{question}/traek-tilbage"), "bemaerkning")
            form["bemaerkning"] = TYPED
            form.submit().follow()
            assert self.world.drain() == []
            submit(
                self._as("birgit"),
                f"/dokument/{document}/tilbagekald",
                "/tilbagekald",
                button=("metode", "telefon"),
                bemaerkning=TYPED,
            )
            assert self.world.drain() == []
            self.walk.stage = "withdrawn"
            for who in (*HOLDERS, *STAFF):
                crawl(self._as(who))
            self._search(self._as("ove"))

    def _consent(self, app: Any, question: str) -> None:
        form = form_with(app.get(question), "nonce")
        for name in [name for name in form.fields if name and name.startswith("svar.")]:
            form[name] = "ja"
        form_with(form.submit("trin", value="se"), "nonce").submit("trin", value="send").follow()

    def _search(self, app: Any) -> None:
        """Words and purpose are posted; the case is opened from its hit, or by its address, which asks for a purpose."""
        app.get(f"/arkiv/{self.world.made['document']}")
        form = app.get("/arkiv").forms["search"]
        form["purpose"], form["words"] = PURPOSE, "Alma"
        found = form.submit()
        form = found.forms["search"]
        button = found.html.select_one("button[formaction]")
        fields = [(name, value) for name, value in form.submit_fields() if name != "page"]
        case = app.post(button["formaction"], [*fields, ("page", button["value"])])
        for one in case.forms.values():
            if one.action.startswith("/arkiv/"):
                one.submit(expect_errors=True)
