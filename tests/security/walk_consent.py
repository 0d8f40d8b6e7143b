"""The walk's end: the consents, what everybody then sees, the search in the archive, and the withdrawal."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from webtest import Upload

from tests.security.clicking import TYPED, crawl, form_with, submit
from tests.security.people import HOLDERS, STAFF
from tests.security.walker import Walker
from tests.support.purposes import state_purpose
from tests.support.world import SET

PURPOSE = "Tilsyn eller revision: overgange, sag 26-4711"


def consent_to_archive(walker: Walker) -> None:
    """Both parents consent and withdraw; after each, everybody opens whatever is offered."""
    with walker.at("asked"):
        question = f"/samtykke/{walker.world.made['request']}"
        for who in HOLDERS:
            _consent(walker.as_(who), question)
        assert walker.world.drain() == []
        _receipt(walker, walker.as_(HOLDERS[0]), question)
        walker.walk.stage = "signed"
        for who in (*HOLDERS, *STAFF):
            crawl(walker.as_(who))
        submit(walker.as_("rasmus"), f"/log/{SET.child_id}", "/hent")
        _insight(walker.as_("rasmus"), walker.as_("mettemarie"))
        _search(walker, walker.as_("ove"))
        document = walker.world.made["document"]
        submit(walker.as_("hanne"), f"/modtaget/{document}", "/laeser")
        submit(walker.as_("hanne"), f"/modtaget/{document}", "/kvittering")
        submit(walker.as_("hanne"), f"/modtaget/{document}", "/eget/reception")
        app = walker.as_(HOLDERS[0])
        form = form_with(app.get(f"{question}/traek-tilbage"), "bemaerkning")
        form["bemaerkning"] = TYPED
        form.submit().follow()
        assert walker.world.drain() == []
        submit(
            walker.as_("birgit"),
            f"/dokument/{document}/tilbagekald",
            "/tilbagekald",
            button=("metode", "telefon"),
            bemaerkning=TYPED,
        )
        assert walker.world.drain() == []
        walker.walk.stage = "withdrawn"
        for who in (*HOLDERS, *STAFF):
            crawl(walker.as_(who))
        _search(walker, walker.as_("ove"))


def _consent(app: Any, question: str) -> None:
    form = form_with(app.get(question), "nonce")
    for name in [name for name in form.fields if name and name.startswith("svar.")]:
        form[name] = "ja"
    form_with(form.submit("trin", value="se"), "nonce").submit("trin", value="send").follow()


def _receipt(walker: Walker, app: Any, question: str) -> None:
    """The own receipt in each of its forms; the log's head is signed as every sweep does."""
    walker.world.parts.event_log.sign_head()
    address = app.get(question).html.select_one("a[href*='/kvittering/']")["href"]
    submit(app, address, "/pdf")
    app.get(f"{address}/fremdrift")
    assert walker.world.drain() == []
    for end in (".zip", ".pdf", "/fremdrift"):
        app.get(f"{address}{end}")


def _insight(app: Any, intake: Any) -> None:
    """Somebody asks what is kept about the child: all of it is collected, and one thing is looked at and decided about; the intake looks
    for underretninger."""
    form = form_with(app.get(f"/indsigt/barn/{SET.child_id}"), "spoerger")
    form["spoerger"], form["navn"], form["identitet"], form["dag"] = "lawyer", TYPED, TYPED, "2026-11-25"
    case = urlsplit(form.submit().location).path
    submit(app, case, case, button=("trin", "afvis"))
    form_with(app.get(case), "set").submit("trin", value="saml").follow()
    form = form_with(app.get(case), "frist")
    form["frist"], form["aarsag"], form["besked"] = "2027-01-15", TYPED, TYPED
    form.submit("trin", value="forlaeng")
    for step in ("se", "gem"):
        form = form_with(app.get(f"{case}/post/1"), "valg")
        form["bestemmelse"], form["hvorfor"] = TYPED, TYPED
        for words in [one for one in form.fields if one and one.startswith("ord-")][:1]:
            form[words] = TYPED
        form.submit("trin", value=step, expect_errors=True)
    submit(intake, f"/underretninger{case}", f"/underretninger{case}", button=("trin", "led"))


def _search(walker: Walker, app: Any) -> None:
    """Words and purpose are posted; the case is opened from its hit, or by its address, which asks for a purpose."""
    app.get(f"/arkiv/{walker.world.made['document']}")
    form = app.get("/arkiv").forms["search"]
    state_purpose(form, PURPOSE)
    form["words"] = "vinterhotel"
    found = form.submit()
    next(one for one in found.forms.values() if one.action == "/arkiv/resultat.csv").submit()
    save = found.forms["save"]
    save["title"], save["tell"] = "Tilsyn", True
    app.get(save.submit().html.find("a", string="Fast link til søgningen")["href"])
    form_with(app.get("/arkiv/soegninger"), "trin").submit()
    form = found.forms["search"]
    button = found.html.select_one("button[formaction]")
    fields = [(name, value) for name, value in form.submit_fields() if name != "page"]
    case = app.post(button["formaction"], [*fields, ("page", button["value"])])
    for one in case.forms.values():
        if one.action.startswith("/arkiv/"):
            one.submit(expect_errors=True)
    keeping = f"/arkiv/{walker.world.made['document']}/bevaring"
    held = next(one for one in app.get(keeping).forms.values() if "hold" in one.fields)
    held["hvorfor"] = f"Nogen har bedt om indsigt. {TYPED}"
    held.submit("trin", value="hold").follow()
    app.get("/arkiv/frister", {"sted": SET.unit_id})
    for shown in ("alle", "holdt", "regler"):
        app.get("/arkiv/frister", {"vis": shown})
    form = next(one for one in app.get("/arkiv/kle").forms.values() if "fil" in one.fields)
    form["fil"] = Upload("kle.csv", f"emne;facet;bevaring;kilde\n17.00.00;;bevares;{TYPED}\n".encode(), "text/csv")
    form.submit("do", value="send").maybe_follow()
