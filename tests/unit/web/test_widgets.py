"""Every field type as an input and as something to read: one label per control, nothing masked comes out, posts come back."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from lxml import html
from webob.multidict import MultiDict

from tests.unit.forms.examples import small
from tillid.documents.model import Draft, DraftField
from tillid.forms.definition import Choice, CodeList, Field
from tillid.forms.fieldtypes import TYPES, field_type
from tillid.web.fields import field_view
from tillid.web.render import environment

NOW = datetime(2026, 11, 25, 20, tzinfo=UTC)
OFFERED = (("u1", "Børnehaven Åkanden"), ("u2", "Skolen"))
ASKED = sorted(name for name, kind in TYPES.items() if not kind.from_system)
# Drawn with their own inputs for files and picking, which are posted and tried in the walks.
FILES = {"file", "document_list"}


class View(msgspec.Struct):
    """The two things of a ``DraftView`` that a field's view reads."""

    draft: Draft
    facts: dict


@pytest.fixture(scope="module")
def form():
    demo = CodeList(id="demo", version=1, title="Demo", choices=tuple(Choice(code=c, label=c.upper()) for c in "abc"))
    return msgspec.structs.replace(small(), code_lists=(demo,))


def a_field(name: str, settings: dict) -> Field:
    return Field(id="felt", label="Felt", type=name, settings=settings, help="Hjælp", filled_by=("professional",))


def drawn(form, one: Field, value, editable: bool):
    kept = {} if value is None else {one.id: DraftField(value=value, revision=1, by="p", side="professional", at=NOW)}
    view = View(draft=Draft(document_id="d", fields=kept), facts={})
    made = field_view(form, view, one, person_id="p", editable=editable, offers=lambda register: OFFERED,
                      file_at=lambda field, place: f"/fil/{field}/{place}")  # fmt: skip
    macros = environment("da").get_template("forms.html").make_module({"path": lambda *a, **k: "/"})
    return html.fromstring(str(macros.field(made, "/gem" if editable else "")))


def samples(name: str):
    kind = field_type(name)
    for settings, value in kind.good or TYPES["long_text"].good:
        one = a_field(name, settings)
        yield one, kind.normalise(value, one)


@pytest.mark.parametrize("name", ASKED)
def test_every_control_has_one_label_and_says_what_describes_it(name, form):
    for one, stored in samples(name):
        for value in (None, stored):
            page = drawn(form, one, value, True)
            ids = page.xpath("//@id")
            assert len(ids) == len(set(ids)), "no id twice"
            controls = page.xpath("//input[not(@type='hidden')] | //select | //textarea")
            assert controls or field_type(name).widget == "readonly" or name == "document_or_text"
            for control in controls:
                assert len(page.xpath(f"//label[@for='{control.get('id')}']")) == 1, html.tostring(control)
            for described in page.xpath("//@aria-describedby"):
                assert set(described.split()) <= set(ids), described
            assert f"f-{one.id}" in ids, "the summary of errors leads somewhere"


@pytest.mark.parametrize("name", [name for name in ASKED if name not in FILES])
def test_what_is_shown_can_be_posted_again_unchanged(name, form):
    kind = field_type(name)
    for one, stored in samples(name):
        posted = kind.restored(kind.parse(as_posted(drawn(form, one, stored, True)), one), stored, one)
        for part in kind.parts(one):
            if part.type in ("file", "document_ref") and part.key in stored:
                posted = {**(posted or {}), part.key: stored[part.key]}  # not posted as text
        again = kind.normalise(kind.completed(posted, one, find), one)
        # Boxes come in the order of the page; the stored order is the list's (``answers.clean_field``).
        assert sorted(again) == sorted(stored) if name == "multi_choice" else again == stored


def find(register: str, by: str, text: str):
    known = {"id": text, "name": dict(OFFERED).get(text, "Børnehaven Åkanden")}
    return known if by == "id" else None


def as_posted(page) -> list[str]:
    """What a browser posts under the field's name, in order."""
    texts = MultiDict()
    for control in page.xpath("//*[@name='f.felt']"):
        if control.tag == "select":
            chosen = control.xpath("./option[@selected]/@value")
            texts.add("f", chosen[0] if chosen else control.xpath("./option/@value")[0])
        elif control.tag == "textarea":
            texts.add("f", (control.text or "").removeprefix("\n"))
        elif control.get("type") not in ("radio", "checkbox") or control.get("checked") is not None:
            texts.add("f", control.get("value", ""))
    return texts.getall("f")


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_type_can_be_read(name, form):
    for one, stored in samples(name):
        if name == "child_ref" or field_type(name).from_system or name in ASKED:
            page = drawn(form, one, stored, False)
            assert page.text_content().strip()
            assert not page.xpath("//input[not(@type='hidden')] | //select | //textarea")


@pytest.mark.req("R-111")
def test_a_cpr_number_is_masked_in_every_page(form):
    columns = [
        {"id": "cpr", "label": "CPR", "type": "cpr"},
        {"id": "navn", "label": "Navn", "type": "text", "settings": {"max": 40}},
    ]
    cases = [(a_field("cpr", {}), "0101194242"), (a_field("table", {"columns": columns}), [{"cpr": "0101194242"}])]
    for one, stored in cases:
        for editable in (True, False):
            text = html.tostring(drawn(form, one, stored, editable)).decode()
            assert "010119-xxxx" in text and "4242" not in text


@pytest.mark.req("R-111")
def test_a_masked_number_that_was_not_touched_is_kept_also_when_rows_moved(form):
    columns = [
        {"id": "navn", "label": "Navn", "type": "text", "settings": {"max": 40}},
        {"id": "cpr", "label": "CPR", "type": "cpr"},
    ]
    one, kind = a_field("table", {"columns": columns}), field_type("table")
    stored = [{"navn": "A", "cpr": "0101194242"}, {"navn": "B", "cpr": "0202204242"}]
    moved = kind.restored(kind.parse(["B", "020220-xxxx", "A", "010119-xxxx"], one), stored, one)
    assert kind.normalise(moved, one) == [stored[1], stored[0]]
    invented = kind.restored(kind.parse(["C", "030320-xxxx"], one), stored, one)
    [problem] = kind.validate(kind.normalise(invented, one), one, form)
    assert "Skriv hele CPR-nummeret" in problem.text


@pytest.mark.req("T22", "T15b", "D5")
def test_help_and_support_questions_stand_beside_what_one_writes(form):
    one = msgspec.structs.replace(a_field("long_text", {"max": 200}), support=("Hvad ser I?", "Hvem ser det?"))
    page = drawn(form, one, None, True)
    (box,) = page.xpath("//textarea")
    help_ = page.get_element_by_id(next(i for i in box.get("aria-describedby").split() if i.endswith("-help")))
    assert help_.text == "Hjælp"
    assert page.xpath("//details[contains(@class, 'support')]//li/text()") == ["Hvad ser I?", "Hvem ser det?"]
    assert not drawn(form, a_field("long_text", {"max": 200}), None, True).xpath("//details")
