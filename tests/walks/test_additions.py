"""A unit's own fields in its documents: begun with them, bound to them, seen by whom they say, kept when a draft moves (O22)."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from tests.support.definitions import our_definitions
from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.next_version import next_version, publish_next
from tests.support.world import SET, START, World, fill_all
from tillid.documents.model import Document
from tillid.documents.rendering import build_job
from tillid.forms.additions import Addition
from tillid.forms.loading import Definitions
from tillid.forms.settings import Changed
from tillid.kernel.errors import TillidError
from tillid.usecases.fill import definition_of
from tillid.usecases.move_draft import move_draft, preview_move
from tillid.usecases.share_document import share_document
from tillid.usecases.start_document import start_document

pytestmark = pytest.mark.req("O22")

NAME = "skovtroldens_aftaler/v1"
ELLIE = "a7f5918d-2b0a-4bd9-844d-e2c03f80df50"
OWN = {"egen_besoeg": "Nadja og Ellie besøger skolen i maj.", "egen_ude": "Mandag og torsdag."}


def begun(world: World, form_id: str = "overgangsbeskrivelse", child_id: str = ELLIE, who: str = "nadja") -> Document:
    with world.house() as house:
        return start_document(house, world.staff(who), child_id, form_id)


def written(world: World) -> Document:
    document = begun(world)
    fill_all(world, world.staff("nadja"), document.id, OWN)
    return document


def chosen(world: World, value: str) -> None:
    with world.house() as house:
        house.choices.put("egne_felter", value, Changed(by="camilla", at=world.clock.now()))


def test_a_document_of_the_unit_has_its_own_fields_and_is_bound_to_them(world_at):
    world = world_at("people")
    document = written(world)
    assert document.definition.overlay == NAME
    with world.house() as house:
        form = definition_of(house, house.documents.get(document.id))
        assert form.section("egen_aftaler").fields[0].id == "egen_besoeg"
        assert form.digest == document.definition.digest != house.definitions.get("overgangsbeskrivelse", 3).digest
        assert house.documents.draft(document.id).answers["egen_ude"] == OWN["egen_ude"]


def test_other_units_and_other_forms_have_the_minimum_alone(world_at):
    world = world_at("draft")
    with world.house() as house:
        other = house.documents.get(world.made["document"])
    assert other.definition.overlay == ""
    assert begun(world, "overgangsbeskrivelse", who="kaare").definition.overlay == NAME
    assert begun(world, "trivselsvurdering", who="kaare").definition.overlay == ""


@pytest.mark.parametrize(("value", "overlay"), [("ingen", ""), ("kommune", ""), ("kommune_og_enhed", NAME)])
def test_the_municipality_decides_of_new_documents_and_old_ones_stay(world_at, value, overlay):
    world = world_at("people")
    before = written(world)
    chosen(world, value)
    assert begun(world).definition.overlay == overlay
    with world.house() as house:
        assert definition_of(house, before).field("egen_besoeg").label == "Aftale om besøg det nye sted"


def test_an_addition_that_is_gone_is_said_and_never_left_out_silently(world_at):
    world = world_at("people")
    document = written(world)
    known = our_definitions()
    world.parts = replace(world.parts, definitions=Definitions(list(known.all()), known.list_digests))
    with world.house() as house, pytest.raises(TillidError) as caught:
        definition_of(house, document)
    assert caught.value.code == "forms.unknown-form"


def test_pages_show_own_fields_to_whom_they_are_for(world_at):
    world = world_at("people")
    document = written(world)
    home = WorldInstallation(world)
    nadja = as_staff(home, "nadja")
    assert OWN["egen_ude"] in nadja.get(f"/dokument/{document.id}/udfyld/fagpersonens_del")
    page = nadja.get(f"/dokument/{document.id}/udfyld/egen_aftaler")
    assert OWN["egen_besoeg"] in page and "Lokale aftaler" in page
    fill_all(world, world.staff("nadja"), document.id, {**SET.professional, "startdato": "2027-08-01"})
    with world.house() as house:
        share_document(house, world.staff("nadja"), document.id)
    parent = world.holders(ELLIE)[0]
    app = as_parent(home, parent.person_id)
    seen = app.get(f"/foraelder/dokument/{document.id}/laes").text + app.get(f"/foraelder/dokument/{document.id}").text
    assert OWN["egen_besoeg"] in seen and OWN["egen_ude"] not in seen and "egen_ude" not in seen


def test_a_copy_prints_the_own_section(world_at):
    world = world_at("people")
    document = written(world)
    with world.house() as house:
        form = definition_of(house, document)
        answers = house.documents.draft(document.id).answers
    copies = {
        reader: build_job(form, answers, reader=reader, document=document, municipality="Solbjerg", moment=START)
        for reader in ("team", "parent", "receiver")
    }
    printed = {reader: {s.title: [f.text for f in s.fields] for s in job.sections} for reader, job in copies.items()}
    assert printed["team"]["Lokale aftaler"] == printed["parent"]["Lokale aftaler"] == [OWN["egen_besoeg"]]
    assert OWN["egen_ude"] in printed["team"]["Fagpersonens del"]
    assert "Mandag" not in str(printed["parent"]) and "Lokale aftaler" not in printed["receiver"]


def test_moving_a_draft_keeps_own_texts_or_shows_them(world_at):
    """Without an addition to the new version the texts are left over in full; with one they stay where they are."""
    world = world_at("people")
    document = written(world)
    publish_next(world)
    who = world.staff("nadja")
    with world.house() as house:
        rows = {row.label: row for row in preview_move(house, who, document.id).rows}
    assert (
        rows["Aftale om besøg det nye sted"].left and rows["Aftale om besøg det nye sted"].words == OWN["egen_besoeg"]
    )
    world.parts = replace(world.parts, definitions=_with_addition_to_the_next())
    with world.house() as house:
        seen = preview_move(house, who, document.id).seen
    with world.house() as house:
        after = move_draft(house, who, document.id, 4, seen)
        draft = house.documents.draft(document.id)
        assert definition_of(house, after).version == 4
    assert after.definition.overlay == "skovtroldens_aftaler/v2"
    assert {name: draft.answers[name] for name in OWN} == OWN


def _with_addition_to_the_next() -> Definitions:
    """The municipality has made version 2 of the addition, for version 4 of the form."""
    known, base = our_definitions(), next_version()
    old = known.additions[0]
    overlay = msgspec.structs.replace(old.parts[0], version=2, base=base.name, base_digest=base.digest)
    own = {field.id: field for field in old.form.fields if field.id.startswith("egen_")}
    sections = [
        msgspec.structs.replace(one, fields=(*one.fields, own["egen_ude"])) if one.id == "fagpersonens_del" else one
        for one in base.sections
    ]
    whole = msgspec.structs.replace(
        base,
        sections=(*sections, old.form.section("egen_aftaler")),
        digest="0" * 64,
        overlays=(f"{overlay.id}/v2 {overlay.digest}",),
    )
    added = Addition(form=whole, parts=(overlay,), newest=True)
    return Definitions([*known.all(), base], known.list_digests, additions=[*known.additions, added])
