"""What goes into the full text, and what never does (design 22, R-111)."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from tests.support.definitions import our_definitions
from tillid.archive.entry import asked_fields, build_entry, filed_under, is_searched, people_in, text_of
from tillid.documents.model import DefinitionRef, Document, Version
from tillid.forms.definition import Choice, CodeList, Field
from tillid.forms.readers import ARCHIVE, may_see
from tillid.kernel.cpr import holds_cpr, without_cpr

NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Copenhagen


@pytest.fixture(scope="module")
def definition():
    definitions = our_definitions()
    return definitions.get("overgangsbeskrivelse", 3)


ANSWERS = {
    "barn": {"id": "5c0f7a5e-1f53-4c0b-9f0e-0d6a0b9d7c11", "name": "Alma Solskin"},
    "p_styrker": "Bygger højt. Ring på 610119-1234 eller 6101191234. Bor på Elmevej 12, 2. th, leger på vej 3 gange.",
    "p_helbred": "Allergi over for nødder",
    "kontakt_afgiver": {"id": "6c0f7a5e-1f53-4c0b-9f0e-0d6a0b9d7c12", "name": "Mette Holm"},
    "u_position": True,
    "u_sprog": "Taler i hele sætninger",
    "mundtligt": "Sagt efter frigivelsen",
}


@pytest.mark.req("R-111")
def test_words_of_a_version(definition):
    text = text_of(definition, ANSWERS)
    for inside in ("Bygger højt", "Taler i hele sætninger", "Bor på •••, 2. th, leger på vej 3 gange"):
        assert inside in text
    for outside in ("Alma Solskin", "nødder", "Mette Holm", "1234", "Elmevej", "Sagt efter frigivelsen", "5c0f7a5e"):
        assert outside not in text
    assert not holds_cpr(text)


def test_no_field_the_archive_may_not_see_and_no_position_is_searched(definition):
    searched = [field for field in definition.fields if is_searched(field)]
    assert searched
    assert all(may_see(field.visible_to, ARCHIVE) and not field.sensitive for field in searched)
    assert not any("position" in field.id for field in searched)


@pytest.mark.req("R-04", "R-22", "R-54")
def test_another_reader_searches_what_that_reader_may_see_and_no_more(definition):
    only = {
        "u_sprog": ("team",),
        "p_styrker": ("receiver",),
        "p_glad": ("parent",),
        "u_krop": ("notifier", "authority"),
    }
    sections = tuple(
        msgspec.structs.replace(
            one,
            fields=tuple(msgspec.structs.replace(f, visible_to=only.get(f.id, f.visible_to)) for f in one.fields),
        )
        for one in definition.sections
    )
    seen = msgspec.structs.replace(definition, sections=sections)
    answers = {"u_sprog": "holdets", "p_styrker": "modtagerens", "p_glad": "hjemmets", "u_krop": "myndighedens"}
    words = {
        reader: text_of(seen, answers, reader).split() for reader in ("team", "author", "receiver", "archive", "parent")
    }
    assert words == {
        "team": ["holdets"],
        "author": ["holdets"],
        "receiver": ["modtagerens"],
        "archive": [],
        "parent": ["hjemmets"],
    }


def test_positions_of_every_form_stay_out():
    for definition in our_definitions().all():
        for field in definition.fields:
            if "position" in field.id or "position" in str(field.settings):
                assert not is_searched(field), (definition.name, field.id)


def test_the_year_is_copenhagens(definition):
    document = Document(
        id="d", number="TD-1", child_id="c", unit_id="u", variant="boernehave", state="signed", created_at=NEW_YEAR,
        definition=DefinitionRef(form_id=definition.id, version=3, digest=definition.digest), author="a",
    )  # fmt: skip
    version = Version(
        document_id="d", number=1, agreed=True, definition=document.definition, answers=ANSWERS, answers_digest="x",
        frozen_at=NEW_YEAR, frozen_by="a",
    )  # fmt: skip
    entry = build_entry(
        definition, document, version, state="released", controller_id="k", sequence=4, names=["Bygger Sætning"]
    )
    assert (entry.year, entry.unit_id, entry.sequence, entry.title) == (2027, "u", 4, definition.title)
    assert entry.variant == "boernehave" and "child=c" in entry.filed and "variant=boernehave" in entry.filed
    assert "Bygger" not in entry.text and "sætninger" in entry.text, "and no other word"


@pytest.mark.req("R-111")
def test_only_the_shape_of_a_cpr_number_is_taken_out():
    assert without_cpr("ring 12345678, nr. 990199-1234") == "ring 12345678, nr. 990199-1234"
    assert without_cpr("610119-1234 og 010120 1234.") == "[cpr] og [cpr]."


@pytest.mark.req("R-111")
def test_each_column_and_part_is_searched_in_its_own_way(definition):
    """People, addresses and contact data stay out of a table as well, whatever stands beside them."""
    kinds = {
        "what": "text",
        "who": "text",
        "adresse": "text",
        "goes_on": "yes_no",
        "kode": "choice",
        "nr": "number",
        "dag": "date",
    }
    settings = {
        "what": {"max": 40},
        "who": {"max": 40},
        "adresse": {"max": 40},
        "kode": {"code_list": "l"},
        "nr": {"min": 0, "max": 99},
    }
    columns = [{"id": i, "label": i, "type": t, "settings": settings.get(i, {})} for i, t in kinds.items()]
    columns[1] |= {"type": "person", "settings": {}}
    plan = Field(id="plan", label="Plan", type="table", settings={"columns": columns}, visible_to=("archive",))
    meeting = Field(id="moede", label="Møde", type="moment_minutes_text", settings={"max": 40}, visible_to=("archive",))
    told = Field(id="fortalt", label="Fortalt", type="yes_no_text", settings={"max": 40}, visible_to=("archive",))
    hidden = msgspec.structs.replace(told, id="skjult", visible_to=("team",))
    codes = CodeList(id="l", version=1, title="L", choices=(Choice(code="a", label="Ofte"),))
    section = msgspec.structs.replace(definition.sections[0], fields=(plan, meeting, told, hidden))
    form = msgspec.structs.replace(definition, id="f", sections=(section,), code_lists=(codes,))
    row = {
        "what": "Sprogleg",
        "who": {"name": "Mette Holm"},
        "adresse": "Åvej 1",
        "goes_on": True,
        "kode": "a",
        "nr": 12,
        "dag": "2026-01-02",
    }
    answers = {
        "plan": [row, {"what": "Sang"}],
        "moede": {"moment": "2026-06-30T22:30:00Z", "minutes": 45, "text": "Mødelokale 2"},
        "fortalt": {"answer": False, "text": "Karl Holm"},
        "skjult": {"answer": True, "text": "Ane"},
    }
    assert text_of(form, answers) == "Sprogleg\nOfte\nSang"
    document = Document(
        id="d", number="TD-1", child_id="c", unit_id="u", variant="", state="signed", created_at=NEW_YEAR,
        definition=DefinitionRef(form_id="f", version=3, digest="x"), author="a",
    )  # fmt: skip
    assert filed_under(form, document, answers) == (
        "child=c", "f/fortalt.answer=no", "f/moede.minutes=10000000450", "f/moede.moment=2026-07-01", "f/plan.dag=2026-01-02",
        "f/plan.goes_on=yes", "f/plan.kode=a", "f/plan.nr=10000000120", "variant=",
    )  # fmt: skip
    assert {asked.path for asked in asked_fields(form)} == {
        "plan.what", "plan.goes_on", "plan.kode", "plan.nr", "plan.dag", "moede.moment", "moede.minutes", "fortalt.answer",
    }  # fmt: skip
    assert list(people_in(form, answers)) == ["Mette Holm"]
