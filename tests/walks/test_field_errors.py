"""A field that is missing or wrong is told at the field, in its own words, and tied to it; not in the summary alone (WCAG 3.3.1).

``TellingBrowser`` looks at every page of all walks for the same; here each form is sent with nothing or something unfit in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from bs4 import BeautifulSoup
from webtest import Upload

from tests.support.installation import WorldInstallation, app_over, as_staff
from tests.support.told_at_fields import not_told
from tests.support.uploads import picture
from tests.support.world import SET
from tillid.kernel.paths import PROJECT

TEMPLATES = PROJECT / "src" / "tillid" / "web" / "templates"
# What pages with a summary say their errors by: a macro that stands at the field, or the words themselves.
AT_THE_FIELD = (
    "error_at(",
    "form-error-message",
    "purpose_field(",
    "forms.field(",
    "shown_by_boxes(",
    "keeping_parts.html",
    "own_search_field.html",
)
WITHOUT_FIELDS = {
    "login_parent.html": "a choice of buttons",
    "parent_words.html": "what was read has changed since: nothing was typed",
}


class Sent(NamedTuple):
    """One form, sent. ``has``: a field that only it has; ``typed``: what is put into it; ``at``: the fields that are told."""

    stage: str
    who: str
    address: str
    has: str
    typed: dict[str, Any]
    step: tuple[str, str]
    at: tuple[str, ...]


NONE = ("", "")
SENT = {
    "login": Sent("draft", "", "/login/medarbejder", "username", {"username": "sofie"}, NONE, ("username",)),
    "template": Sent("draft", "camilla", "/drift/skabeloner/overgangsbeskrivelse/v3", "file", {}, ("do", "upload"), ("file",)),
    "setting": Sent("draft", "camilla", "/drift/indstillinger", "v.boernehave", {"v.boernehave": "99"}, NONE, ("runder-boernehave",)),
    "notification": Sent("draft", "sofie", "/underret", "kind", {}, NONE, ("kind-1",)),
    "hand out": Sent("shared", "birgit", "/dokument/{document}/udlever", "hvem", {}, NONE, ("hvem", "hvorfor")),
    "hand out, who": Sent("shared", "birgit", "/dokument/{document}/udlever", "hvem", {"hvorfor": "Hun har bedt om det."}, NONE, ("hvem",)),
    "foster parent": Sent("shared", "birgit", "/dokument/{document}/plejeforaelder", "cpr", {}, NONE, ("afgoerelse", "dag")),
    "paper": Sent("asked", "sofie", "/dokument/{document}/papir/{holder}", "dato", {"scan": Upload("p.png", b"x")}, NONE, ("dato",)),
    "paper, no answer": Sent("asked", "sofie", "/dokument/{document}/papir/{holder}", "dato", {"dato": "2026-11-25", "scan": Upload("p.png", picture(), "image/png")}, NONE, tuple(f"svar-{n}" for n in range(1, 7))),
    "decision": Sent("agreed", "birgit", "/dokument/{document}/beslutning", "orienteret", {}, ("trin", "se"), ("bestemmelse",)),
    "note": Sent("signed", "birgit", "/dokument/{document}/bemaerkninger", "slags", {}, ("trin", "note"), ("tekst",)),
    "restriction": Sent("signed", "birgit", "/dokument/{document}/bemaerkninger", "grund", {}, ("trin", "begraens"), ("hvorfor-ny",)),
    "correction": Sent("signed", "birgit", "/dokument/{document}/rettelse", "hvorfor", {}, NONE, ("hvorfor",)),
    "insight": Sent("signed", "rasmus", "/indsigt/barn/{child}", "identitet", {}, NONE, ("holder",)),
    "period": Sent("signed", "ove", "/arkiv/frister?vis=regler", "antal", {"antal": "0"}, NONE, ("antal-*",)),
    "marks": Sent("signed", "ove", "/arkiv/kle", "fil", {"fil": Upload("kle.csv", b"x;y")}, ("do", "send"), ("fil",)),
}  # fmt: skip


@pytest.mark.parametrize("which", SENT)
def test_what_is_wrong_is_told_at_the_field(world_at, which):
    sent = SENT[which]
    world = world_at(sent.stage)
    installation = WorldInstallation(world)
    holder = world.holders(SET.child_id)[0].person_id
    address = sent.address.format(document=world.made["document"], child=SET.child_id, holder=holder)
    app = as_staff(installation, sent.who) if sent.who else app_over(installation)
    form = next(one for one in app.get(address).forms.values() if sent.has in one.fields)
    for name, value in sent.typed.items():
        form[name] = value
    name, value = sent.step
    answer = form.submit(*([name] if name else []), **({"value": value} if name else {}), expect_errors=True)
    assert answer.status_int in (403, 422)
    links = [link["href"][1:] for link in answer.html.select(".error-summary a")]
    assert len(links) == len(sent.at) and all(map(_fits, links, sent.at)), links
    assert not_told(answer.html) == []
    for field in links:
        inputs = answer.html.find(id=field)
        assert inputs.find_parent(class_="form-error") is not None, field
        assert inputs.has_attr("aria-invalid") or inputs.find_parent("fieldset") is not None, field


def _fits(field: str, wanted: str) -> bool:
    return field == wanted or (wanted.endswith("*") and field.startswith(wanted[:-1]))


@pytest.mark.parametrize(
    "name", sorted(one.name for one in TEMPLATES.glob("*.html") if "error_summary(" in one.read_text("utf-8"))
)
def test_each_page_with_a_summary_says_its_errors_at_the_fields_too(name):
    text = (TEMPLATES / name).read_text("utf-8")
    assert any(sign in text for sign in AT_THE_FIELD) is (name not in WITHOUT_FIELDS | {"parts.html": ""})


def page_of(inside: str) -> BeautifulSoup:
    summary = '<div class="alert alert-error error-summary"><a href="#a">Skriv noget.</a></div>'
    return BeautifulSoup(summary + inside, "lxml")


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ('<span class="form-error-message" id="e">Fejl: Skriv noget.</span><input id="a" aria-describedby="h e">', True),
        ('<fieldset aria-describedby="e"><span class="form-error-message" id="e">Skriv.</span><input id="a"></fieldset>', True),
        ('<span class="form-error-message" id="e">Skriv noget.</span><input id="a">', False),
        ('<span class="form-hint" id="e">Skriv noget.</span><input id="a" aria-describedby="e">', False),
        ('<span class="form-error-message" id="e" hidden>Skriv noget.</span><input id="a" aria-describedby="e">', False),
        ('<span class="form-error-message" id="e">Fejl: </span><input id="a" aria-describedby="e">', False),
        ('<input id="b">', False),
    ],
)  # fmt: skip
def test_the_look_at_a_page_sees_what_is_not_at_its_field(inside, told):
    assert (not_told(page_of(inside)) == []) is told
