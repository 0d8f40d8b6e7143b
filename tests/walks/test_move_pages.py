"""The pages on which a draft is moved to a newer version of its form and brought back (T30)."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.next_version import publish_next
from tests.support.world import SET, document_now, fill_all, leader
from tillid.usecases.share_document import share_document
from tillid.web.answers import NOT_FOUND_BODY

pytestmark = pytest.mark.req("T30")


@pytest.fixture
def drafted(world_at) -> WorldInstallation:
    world = world_at("draft")
    publish_next(world)
    return WorldInstallation(world)


def path(installation: WorldInstallation, more: str = "") -> str:
    return f"/dokument/{installation.world.made['document']}{more}"


def form_to(page, ending: str):
    return next(form for form in page.forms.values() if form.action.endswith(ending))


def test_from_the_document_s_page_to_the_moved_draft_and_back(drafted):
    app = as_staff(drafted, "sofie")
    page = app.get(path(drafted))
    assert "Den kan flyttes til version 4" in page.text
    preview = page.click("Se, hvad en flytning gør")
    assert "Nu, version 3" in preview.text and "Bagefter, version 4" in preview.text
    assert "Version 4 samler følelser og krop." in preview.text
    assert preview.text.count(SET.professional["u_relationer"].split("\n")[0]) >= 2  # in its row and among what is left
    assert "1 tekst kan ikke føres med" in preview.text and "Skriv højst 40 tegn" in preview.text
    assert document_now(drafted.world).definition.version == 3
    done = form_to(preview, "/flyt").submit()
    assert done.status_int == 303 and done.location.endswith("/gennemse")
    assert document_now(drafted.world).definition.version == 4
    assert "Det virker hos os" in done.follow().text
    page = app.get(path(drafted))
    assert "Den kan flyttes" not in page.text and "1 tekst kunne ikke føres med" in page.text
    old = page.click("Kladden fra før")
    assert SET.professional["u_relationer"][:40] in old.text and "Det virker hos os" not in old.text
    back = old.click("Gå tilbage til den gamle kladde")
    assert "Hent den gamle kladde tilbage" in back.text
    form_to(back, "/hent").submit()
    assert document_now(drafted.world).definition.version == 3


def test_a_page_that_is_out_of_date_moves_nothing_and_says_so(drafted):
    app = as_staff(drafted, "sofie")
    preview = app.get(path(drafted, "/flyt"))
    fill_all(drafted.world, drafted.world.staff("sofie"), drafted.world.made["document"], {"u_greb": "Imens."})
    answer = form_to(preview, "/flyt").submit(status=409)
    assert "document.changed-meanwhile" in answer.text
    assert document_now(drafted.world).definition.version == 3


@pytest.mark.parametrize("version", ["", "x", "99999", "-1", "²"])
def test_a_version_nobody_offered(drafted, version):
    app = as_staff(drafted, "sofie")
    form = form_to(app.get(path(drafted, "/flyt")), "/flyt")
    form["version"].force_value(version)
    assert "document.no-newer-version" in form.submit(status=409).text


def test_strangers_and_parents_get_the_one_answer(drafted):
    for app in (
        as_staff(drafted, "hanne"),
        as_parent(drafted, drafted.world.holders(SET.child_id)[0].person_id),
        as_staff(drafted, "ove"),
    ):
        for more in ("/flyt", "/kladde/1", "/kladde/1/hent"):
            assert app.get(path(drafted, more), status=404).body == NOT_FOUND_BODY


def test_nothing_is_offered_while_there_is_no_newer_version(world_at):
    installation = WorldInstallation(world_at("draft"))
    app = as_staff(installation, "sofie")
    assert "nyere version" not in app.get(path(installation)).text
    assert "document.no-newer-version" in app.get(path(installation, "/flyt"), status=409).text


@pytest.mark.req("R-11")
def test_the_preview_says_that_enig_falls_and_that_parents_are_told(world_at):
    world = world_at("shared")
    publish_next(world)
    document_id = world.made["document"]
    fill_all(world, leader(world), document_id, SET.leader)
    holder = world.holders(SET.child_id)[0]
    fill_all(world, holder, document_id, {**SET.parents, **SET.child})
    world.player.agree(holder, document_id)
    installation = WorldInstallation(world)
    preview = as_staff(installation, "sofie").get(path(installation, "/flyt"))
    assert "skal sige det igen" in preview.text and "Forældrene får besked" in preview.text
    form_to(preview, "/flyt").submit()
    home = as_parent(installation, holder.person_id).get("/")
    assert "Teksten er flyttet til en anden version af skemaet" in home.text


def test_an_old_draft_is_read_only_once_the_text_was_shared_again(drafted):
    app = as_staff(drafted, "sofie")
    form_to(app.get(path(drafted, "/flyt")), "/flyt").submit()
    world = drafted.world
    fill_all(world, world.staff("sofie"), world.made["document"], {"u_relationer": "Alma leger med to andre."})
    with world.house() as house:
        share_document(house, world.staff("sofie"), world.made["document"])
    old = app.get(path(drafted, "/kladde/1"))
    assert "Den kan ikke hentes tilbage" in old.text
    assert "document.frozen-since" in app.get(path(drafted, "/kladde/1/hent"), status=409).text


def test_in_english(drafted):
    app = as_staff(drafted, "sofie")
    app.get("/sprog/en")
    assert "Move the draft to version 4" in app.get(path(drafted, "/flyt")).text
