"""What the requirements ask of documents in use: whose they are, under what name they are kept, and who chooses that."""

from __future__ import annotations

import io

import msgspec
import pikepdf
import pytest

from tests.support import bad_files
from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, author, document_now, fill_all, say_yes
from tillid.adapters.pdf import finish
from tillid.archive.query import SearchQuery
from tillid.documents.model import DefinitionRef
from tillid.kernel.clock import parse_instant
from tillid.kernel.errors import NotFound
from tillid.usecases.archived_versions import open_archived_copy
from tillid.usecases.copy_job import copy_job
from tillid.usecases.search_archive import search_archive
from tillid.usecases.share_document import share_document
from tillid.web.answers import NOT_FOUND_BODY

TITLE = "Sprogvurdering marts 2026.pdf"


@pytest.mark.req("P7", "O26")
def test_a_language_assessment_reaches_the_parents_in_their_portal_and_nobody_elses(world_at):
    """The PDF of another instrument, attached by the team, as it came."""
    world = world_at("shared")
    with world.house() as house:
        clean = house.uploads.cleaned(bad_files.pdf(bad_files.saying("Sprogvurdering: alderssvarende")))
        stored = {
            "sha256": house.blobs.put(clean.data, clean.media_type),
            "title": TITLE,
            "media_type": clean.media_type,
        }
    fill_all(world, author(world), world.made["document"], {"u_bilag": [stored]})
    with world.house() as house:
        share_document(house, author(world), world.made["document"])
    installation, document = WorldInstallation(world), world.made["document"]
    for holder in world.holders(SET.child_id):
        parent = as_parent(installation, holder.person_id)
        page = parent.get(f"/foraelder/dokument/{document}/laes")
        link = next(a["href"] for a in page.html.find_all("a") if TITLE in a.get_text())
        answer = parent.get(link)
        assert answer.body == clean.data and answer.content_type == "application/pdf"
    stranger = as_parent(installation, world.ids.parents["dorthe"])
    assert stranger.get(link, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("O15")
def test_the_description_is_filed_only_when_the_parents_have_chosen_it(world_at):
    """Agreed on and asked about is not filed: the archive neither finds nor opens it before the last yes."""
    world = world_at("asked")
    archivist, document = world.staff("ove"), world.made["document"]

    def found() -> int:
        assert world.drain() == []
        with world.house() as house:
            query = SearchQuery(allowed_units=(), words="vinterhotel")
            return len(search_archive(house, archivist, query, "Aktindsigt: sag 26-1234").hits)

    def opened() -> bytes:
        with world.house() as house:
            return open_archived_copy(house, archivist, document, "Aktindsigt: sag 26-1234").data

    one, *others = world.holders(SET.child_id)
    say_yes(world, one)
    assert found() == 0
    with pytest.raises(NotFound):
        opened()
    for other in others:
        say_yes(world, other)
    assert found() == 1 and opened().startswith(b"%PDF-")


@pytest.mark.req("U5", "R-111")
def test_the_authoritys_copy_says_the_fixed_name_of_the_case_and_nobody_elses_does(world_at):
    world = world_at("agreed")
    with world.house() as house:
        form = house.definitions.latest("underretning")
        ref = DefinitionRef(form_id=form.id, version=form.version, digest=form.digest)
        document = msgspec.structs.replace(document_now(world), definition=ref, variant="")
        version = house.documents.version(document.id, document_now(world).versions)
        late = parse_instant("2026-11-25T23:30:00Z")  # already the next day where people read it
        sent = msgspec.structs.replace(version, definition=ref, answers={"c_kort": "Uro."}, frozen_at=late)
        heads = {r: dict(copy_job(house, document, sent, r).header) for r in ("authority", "notifier")}
    assert heads["authority"]["Sagens navn"] == "BU underretning dato 26.11.2026"
    assert "Sagens navn" not in heads["notifier"]


def _heading_left_out(*args, **asked) -> bytes:
    """The finished PDF with a level of heading left out: it opens, it looks right, and PDF/UA-1 is lost."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(finish(*args, **asked))) as document:
        found = (one for one in document.objects if isinstance(one, pikepdf.Dictionary))
        next(one for one in found if one.get("/S") == "/H1").S = pikepdf.Name.H3
        document.save(out, fix_metadata_version=False)
    return out.getvalue()


@pytest.mark.req("R-120")
def test_a_document_that_is_not_valid_is_not_shared_the_person_is_told_and_the_administrator_sees_why(
    world_at, monkeypatch
):
    world = world_at("draft")
    monkeypatch.setattr("tillid.adapters.renderer.finish", _heading_left_out)
    with world.house() as house:
        share_document(house, author(world), world.made["document"])
    assert world.drain() == ["documents.render-failed"]

    def copies() -> set[str]:
        with world.house() as house:
            return set(house.documents.version(world.made["document"], 1).copies)

    installation, at = WorldInstallation(world), f"/dokument/{world.made['document']}"
    sender, administrator = as_staff(installation, "sofie"), as_staff(installation, "camilla")
    assert copies() == set()
    page = sender.get(at)
    assert "kunne ikke laves som PDF i første omgang" in page and "PDFUA1" not in page
    assert "not valid PDF/UA-1: rule PDFUA1-HEADING-NESTING-001" in administrator.get("/drift")
    for _ in range(7):
        world.clock.move(hours=2)
        world.drain()
    assert copies() == set() and "systemet prøver ikke mere" in as_staff(installation, "sofie").get(at)
    given_up = as_staff(installation, "camilla").get("/drift")
    assert "er opgivet" in given_up and "PDFUA1-HEADING-NESTING-001" in given_up
    monkeypatch.undo()
    next(form for form in given_up.forms.values() if form.action == "/drift/igen").submit()
    assert world.drain() == [] and copies() == {"team", "parent"}


@pytest.mark.req("R-120")
def test_the_receiver_of_a_document_that_is_not_valid_reads_the_text_and_is_told(world_at, monkeypatch):
    world = world_at("asked")
    assert world.drain() == []
    monkeypatch.setattr("tillid.adapters.renderer.finish", _heading_left_out)
    for holder in world.holders(SET.child_id):
        say_yes(world, holder)
    assert "documents.render-failed" in world.drain()
    installation, at = WorldInstallation(world), f"/modtaget/{world.made['document']}"
    receiver = as_staff(installation, "hanne")
    for page in (receiver.get(at), receiver.get(f"{at}/fremdrift")):
        assert "kunne ikke laves som PDF lige nu" in page
    monkeypatch.undo()
    world.clock.move(hours=1)
    assert world.drain() == [] and "kunne ikke laves" not in as_staff(installation, "hanne").get(at)
