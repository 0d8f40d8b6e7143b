"""The page of what changed: each side its own projection, a parent when the text changed after it was read."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, author, fill_all, say_yes
from tillid.web.answers import NOT_FOUND_BODY

NEW = "Hun leger gerne med de store børn og synger imens."


@pytest.fixture
def agreed(world_at):
    return WorldInstallation(world_at("agreed"))


def path(installation, query=""):
    return f"/dokument/{installation.world.made['document']}/aendringer{query}"


def parent(installation, number=0):
    return as_parent(installation, installation.world.holders(SET.child_id)[number].person_id)


def parents_page(installation):
    return f"/foraelder/dokument/{installation.world.made['document']}"


def change_and_agree(installation):
    """A third version: the professional changes a text, and all agree once more."""
    world, document = installation.world, installation.world.made["document"]
    fill_all(world, author(world), document, {"u_greb": NEW})
    for who in (author(world), *world.holders(SET.child_id)):
        world.player.agree(who, document)
    assert world.drain() == []


@pytest.mark.req("P3")
def test_a_parent_who_stood_by_a_text_is_told_that_it_changed_and_sees_where(agreed):
    app = parent(agreed)
    assert "efter at du læste den" not in app.get(parents_page(agreed))
    change_and_agree(agreed)  # the parent has agreed to the new words: nothing has changed since
    assert "efter at du læste den" not in app.get(parents_page(agreed))
    page = app.get(path(agreed))
    shown = page.html.select_one(".changed-text")
    assert shown.select("del") and shown.select("ins")
    for gone in [*shown.select("del"), *shown.select(".sr-only")]:
        gone.extract()
    assert shown.get_text() == NEW  # what is left is the new text, letter by letter
    assert [one["value"] for one in page.html.select("option[selected]")] == ["2", "3"]


def test_a_text_shared_again_after_the_agreement_is_told(world_at):
    installation = WorldInstallation(world_at("asked"))
    world, document = installation.world, installation.world.made["document"]
    holder = world.holders(SET.child_id)[0]
    say_yes(world, holder)
    fill_all(world, author(world), document, {"u_greb": NEW})
    form = as_staff(installation, "sofie").get(f"/dokument/{document}/gennemse")
    share = next((one for one in form.forms.values() if one.action.endswith("/del")), None)
    assert share is not None
    share.submit()
    assert world.drain() == []
    app = parent(installation)
    page = app.get(parents_page(installation))
    assert "Teksten er ændret, efter at du læste den" in page
    shown = page.click("Se, hvad der er ændret", index=0)
    assert "fra udgave 2 til udgave 3" in shown and shown.html.select("ins")


@pytest.mark.req("P8", "R-70")
def test_who_may_not_read_gets_the_one_answer(agreed):
    for query in ("?fra=9", "?fra=2&til=1", "?fra=x", "?fra=1&til=1", "?fra=0"):
        assert parent(agreed).get(path(agreed, query), status=404).body == NOT_FOUND_BODY
    for app in (as_staff(agreed, "yusuf"), as_staff(agreed, "ove")):
        assert app.get(path(agreed), status=404).body == NOT_FOUND_BODY
    assert as_staff(agreed, "sofie").get(path(agreed)).status_int == 200


@pytest.mark.req("R-71")
def test_each_look_is_logged_first(agreed):
    parent(agreed).get(path(agreed))
    row = [one for one in agreed.world.parts.audit.tail(20) if one.phase == "attempt"][-1]
    assert (row.action, row.object_id) == ("read_parent_copy", agreed.world.made["document"])


def test_with_one_version_there_is_nothing_to_compare(world_at):
    installation = WorldInstallation(world_at("shared"))
    assert parent(installation).get(path(installation), status=404).body == NOT_FOUND_BODY
    assert "aendringer" not in parent(installation).get(parents_page(installation))
