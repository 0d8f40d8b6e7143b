"""What goes into the full text, and what never does (design 22, R-111)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.definitions import our_definitions
from tillid.archive.entry import build_entry, is_searched, text_of
from tillid.documents.model import DefinitionRef, Document, Version
from tillid.forms.readers import ARCHIVE, may_see
from tillid.kernel.cpr import holds_cpr, without_cpr

NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Copenhagen


@pytest.fixture(scope="module")
def definition():
    definitions = our_definitions()
    return definitions.get("overgangsbeskrivelse", 3)


ANSWERS = {
    "barn": {"id": "5c0f7a5e-1f53-4c0b-9f0e-0d6a0b9d7c11", "name": "Alma Solskin"},
    "p_styrker": "Bygger højt. Ring på 610119-1234 eller 6101191234.",
    "p_helbred": "Allergi over for nødder",
    "kontakt_afgiver": {"id": "6c0f7a5e-1f53-4c0b-9f0e-0d6a0b9d7c12", "name": "Mette Holm"},
    "u_position": True,
    "u_sprog": "Taler i hele sætninger",
    "mundtligt": "Sagt efter frigivelsen",
}


@pytest.mark.req("R-111")
def test_words_of_a_version(definition):
    text = text_of(definition, ANSWERS)
    for inside in ("Alma Solskin", "Bygger højt", "Taler i hele sætninger"):
        assert inside in text
    for outside in ("nødder", "Mette Holm", "1234", "Sagt efter frigivelsen", "5c0f7a5e"):
        assert outside not in text
    assert not holds_cpr(text)


def test_no_field_the_archive_may_not_see_and_no_position_is_searched(definition):
    searched = [field for field in definition.fields if is_searched(field)]
    assert searched
    assert all(may_see(field.visible_to, ARCHIVE) and not field.sensitive for field in searched)
    assert not any("position" in field.id for field in searched)


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
    entry = build_entry(definition, document, version, state="released", controller_id="k", sequence=4)
    assert (entry.year, entry.unit_id, entry.sequence, entry.title) == (2027, "u", 4, definition.title)


@pytest.mark.req("R-111")
def test_only_the_shape_of_a_cpr_number_is_taken_out():
    assert without_cpr("ring 12345678, nr. 990199-1234") == "ring 12345678, nr. 990199-1234"
    assert without_cpr("610119-1234 og 010120 1234.") == "[cpr] og [cpr]."
