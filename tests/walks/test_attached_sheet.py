"""A trivselsskema is no attachment where parents or another place read along (T9, R-11): what can be read is recognised, and of
what cannot an employee says what it is, before it is kept and in the log."""

from __future__ import annotations

import pytest
from lxml import html
from webtest import Upload

from tests.support import bad_files as bad
from tests.support.definitions import our_definitions
from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET
from tillid.kernel.canonical import sha256
from tillid.kernel.paths import PROJECT
from tillid.usecases.attach_file import ACTION, FILE, is_asked
from tillid.usecases.start_document import start_document

SAMPLE = (PROJECT / "document_templates/trivselsskema/samples/v2.short.txt").read_text(encoding="utf-8").splitlines()
SHEET = bad.pdf(bad.saying("\n".join(line for line in SAMPLE if "rivselsskema" not in line)))
TEXT = bad.pdf(bad.saying("Sprogvurdering: Alma klarer det, der kan ventes af hendes alder."))
PICTURE = bad.picture("PNG")
NOT_SAID, REFUSED = "Svar på, om filen er et trivselsskema", "Filen er et trivselsskema. Det kan ikke vedlægges"


class Field:
    """A field for files of a draft, filled by an employee without JavaScript."""

    def __init__(self, world, document: str, section: str, field: str, who: str = "sofie") -> None:
        self.world, self.document, self.field = world, document, field
        self.app, self.at = as_staff(WorldInstallation(world), who), f"/dokument/{document}/udfyld/{section}"

    def form(self, said: str, data: bytes, name: str = "bilag.png"):
        form = next(form for form in self.app.get(self.at).forms.values() if f"f.{self.field}" in form.fields)
        form[f"f.{self.field}"] = Upload(name, data)
        if said:
            form[f"f.{self.field}.skema"].force_value(said)
        return form

    def send(self, data: bytes, said: str = "", name: str = "bilag.png") -> str:
        """What the page says at the field; empty when the file was taken."""
        answer = self.form(said, data, name).submit("go", value="stay", expect_errors=True)
        if answer.status_int == 303:
            return ""
        page = html.fromstring(answer.body)
        return page.get_element_by_id(f"f-{self.field}-error").text_content().strip()

    @property
    def stored(self) -> set[str]:
        with self.world.house() as house:
            answer = house.documents.draft(self.document).answers.get(self.field) or []
            return {one["sha256"] for one in ([answer] if isinstance(answer, dict) else answer)}

    @property
    def files(self) -> int:
        with self.world.house() as house:
            return len(list(house.blobs.digests()))

    @property
    def told(self) -> list[str]:
        rows = self.world.parts.audit.of_child(SET.child_id)
        return [
            row.purpose for row in rows if (row.action, row.object_id, row.phase) == (ACTION, self.document, "attempt")
        ]


@pytest.fixture
def attached(world_at):
    world = world_at("draft")
    return Field(world, world.made["document"], "fagpersonens_del", "u_bilag")


@pytest.mark.req("T9", "R-11", "O26")
def test_one_that_was_saved_anew_is_refused_whatever_is_said_of_it_and_other_instruments_are_taken(attached):
    before = attached.files
    assert [REFUSED in attached.send(SHEET, said, "skema.pdf") for said in ("", "nej", "ja")] == [True] * 3
    assert not attached.stored and attached.files == before and not attached.told, "nothing of it is kept"
    assert attached.send(TEXT, name="sprog.pdf") == "" and len(attached.stored) == 1
    assert not attached.told, "a text that can be read is not asked about"


@pytest.mark.req("T9", "R-11", "O21")
@pytest.mark.parametrize(
    "data", [PICTURE, bad.picture("JPEG"), bad.pdf(bad.scan_alone)], ids=["png", "jpeg", "scanned pdf"]
)
def test_what_cannot_be_read_is_kept_when_the_employee_has_said_that_it_is_none(attached, data):
    before = attached.files
    assert NOT_SAID in attached.send(data) and NOT_SAID in attached.send(data, said="")
    assert REFUSED in attached.send(data, said="ja")
    assert not attached.stored and attached.files == before and not attached.told
    assert attached.send(data, said="nej") == ""
    (kept,) = attached.stored
    assert attached.told == [FILE + kept] and attached.files == before + 1
    with attached.world.house() as house:
        assert sha256(house.blobs.get(kept)) == kept, "the log names the very bytes that are kept"


@pytest.mark.req("T9")
def test_an_answer_is_for_one_file_and_any_other_word_is_none(attached):
    assert attached.send(PICTURE, said="nej") == ""
    page = html.fromstring(attached.app.get(attached.at).body)
    answers = page.xpath("//input[@name='f.u_bilag.skema']")
    assert [one.get("value") for one in answers] == ["nej", "ja"] and not page.xpath(
        "//input[@name='f.u_bilag.skema'][@checked]"
    )
    assert NOT_SAID in attached.send(bad.picture("PNG", (50, 40)))
    assert NOT_SAID in attached.send(bad.picture("PNG", (50, 40)), said="NEJ")
    assert len(attached.stored) == len(attached.told) == 1


@pytest.mark.req("R-71")
def test_what_cannot_be_logged_is_not_kept_and_the_officer_reads_which_file_it_was(attached):
    before, form = attached.files, attached.form("nej", PICTURE)
    with attached.world.full_log():
        assert form.submit("go", value="stay", expect_errors=True).status_int >= 400
    assert not attached.stored and attached.files == before
    attached.send(PICTURE, said="nej")
    (kept,) = attached.stored
    page = as_staff(WorldInstallation(attached.world), "rasmus").get(f"/log/{SET.child_id}")
    assert "at det ikke er et trivselsskema" in page and f"Filens kontroltal begynder med {kept[:16]}" in page


def test_a_meeting_is_asked_about_as_a_handover_is(world_at):
    world = world_at("people")
    with world.house() as house:
        document = start_document(house, world.staff("birgit"), SET.child_id, "fdr", variant="dialogmoede").id
        section = next(field.section for field in house.definitions.get("fdr", 2).fields if field.id == "bilag")
    meeting = Field(world, document, section, "bilag", "birgit")
    assert REFUSED in meeting.send(SHEET, said="nej") and NOT_SAID in meeting.send(PICTURE)
    assert meeting.send(PICTURE, said="nej") == "" and len(meeting.told) == 1


@pytest.mark.req("T9")
def test_parents_who_never_have_one_are_not_asked_and_send_their_drawing(world_at):
    world = world_at("shared")
    parent = as_parent(WorldInstallation(world), world.holders(SET.child_id)[0].person_id)
    page = parent.get(f"/dokument/{world.made['document']}/udfyld/barnets_egen_del")
    assert "trivselsskema" not in page.text.casefold()
    form = next(form for form in page.forms.values() if "f.b_tegning" in form.fields)
    form["f.b_tegning"] = Upload("tegning.png", PICTURE)
    form.submit("go", value="stay", status=303)
    form["f.b_tegning"] = Upload("skema.pdf", SHEET)
    assert REFUSED in form.submit("go", value="stay", status=422), "and what is one all the same is refused"


def test_whoever_may_have_one_is_asked_where_parents_or_another_place_read_along(world_at):
    world = world_at("people")
    sofie, parent = world.staff("sofie"), world.holders(SET.child_id)[0]
    files = {
        f"{form.id} {field.id}": is_asked(sofie, field)
        for form in our_definitions().all()
        for field in form.fields
        if field.type in ("file", "document_list") and field.filled_by != ("system",)
    }
    assert files == {
        "fdr bilag": True,
        "overgangsbeskrivelse b_tegning": True,
        "overgangsbeskrivelse u_bilag": True,
        "underretning i_bilag": False,
    }
    assert not any(is_asked(parent, field) for form in our_definitions().all() for field in form.fields)
