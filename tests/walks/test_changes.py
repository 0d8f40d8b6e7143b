"""The page of what changed: each side its own projection, a parent when the text changed after it was read."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, author, fill_all, leader, say_yes
from tests.walks.test_asked_again import custody_ends
from tillid.adapters.pdf import check, extract, page_text
from tillid.kernel.errors import NotFound
from tillid.usecases.change_pdf import STEP, make_changes
from tillid.usecases.made_for_person import place_of
from tillid.usecases.open_copy import open_copy
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


def order(app, installation):
    page = app.get(path(installation))
    return next(one for one in page.forms.values() if one.action.endswith("/aendringer/pdf")).submit()


def entries(installation):
    with installation.world.house() as house:
        return [entry for entry in house.outbox.pending() if entry.step == STEP]


def attempts(installation):
    return [one for one in installation.world.parts.audit.tail(1000) if one.phase == "attempt"]


@pytest.fixture
def changed(agreed):
    change_and_agree(agreed)
    return agreed


@pytest.mark.req("P3", "R-71")
def test_the_changes_are_made_as_a_pdf_by_the_outbox_and_told_on_the_page(changed):
    app = parent(changed)
    assert "ved at blive lavet" in order(app, changed).follow()
    (entry,) = entries(changed)
    assert set(entry.ids) == {"document", "person", "before", "after"}, "ids and numbers only"
    rows = len(attempts(changed))
    assert "hx-get" in app.get(path(changed, "/fremdrift?fra=2&til=3"))
    assert len(attempts(changed)) == rows, "asking how far it is shows nothing"
    with changed.world.house() as house:
        house.outbox.failed(entry.key, "documents.render-failed", house.moment)
    assert "lykkedes ikke i første omgang" in app.get(path(changed, "/fremdrift?fra=2&til=3"))
    changed.world.clock.move(minutes=1)
    assert changed.world.drain() == [] and entries(changed) == []
    assert "aendringer.pdf" in app.get(path(changed, "/fremdrift?fra=2&til=3"))
    link = app.get(path(changed)).html.find("a", href=lambda one: one and ".pdf?" in one)["href"]
    answer = app.get(link)
    assert answer.headers["Cache-Control"] == "no-store, private" and answer.headers["X-Frame-Options"] == "DENY"
    text = " ".join(page_text(answer.body).split())
    assert "Hvad er ændret fra udgave 2 til udgave 3" in text and "Forældrenes eksemplar" in text
    assert "[tilføjet: " in text and "[fjernet: " in text
    assert attempts(changed)[-1].action == "read_parent_copy"
    with changed.world.full_log():
        assert app.get(link, status=503).content_type == "text/html", "no row, no bytes"


@pytest.mark.req("R-18", "P8", "R-70")
def test_the_pdf_is_its_own_persons_alone_and_ends_with_the_right_to_read(changed):
    world, app = changed.world, parent(changed)
    order(app, changed)
    assert world.drain() == []
    pdf = f"/dokument/{world.made['document']}/aendringer.pdf?fra=2&til=3"
    assert app.get(pdf).body.startswith(b"%PDF-")
    parent(changed, 1).get(pdf, status=409)
    as_staff(changed, "sofie").get(pdf, status=409)
    for other in (as_staff(changed, "yusuf"), as_staff(changed, "hanne")):
        assert other.get(pdf, status=404).body == NOT_FOUND_BODY
    for query in ("?fra=1&til=9", "?fra=3&til=2", "?fra=x"):
        assert app.get(pdf.split("?")[0] + query, status=404).body == NOT_FOUND_BODY
    custody_ends(world)
    assert app.get(pdf, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-70")
def test_who_may_no_longer_read_gets_nothing_made(changed):
    order(parent(changed), changed)
    (entry,) = entries(changed)
    custody_ends(changed.world)
    assert changed.world.drain() == []
    with changed.world.house() as house:
        assert house.previews.get(place_of(entry.key), entry.ids["person"], house.moment) is None


def test_what_was_given_up_can_be_asked_for_anew(changed):
    app = parent(changed)
    order(app, changed)
    (entry,) = entries(changed)
    for _ in range(8):
        with changed.world.house() as house:
            house.outbox.failed(entry.key, "render.failed", house.moment)
    assert "kunne ikke laves" in app.get(path(changed))
    order(app, changed)
    (again,) = entries(changed)
    assert not again.dead and again.attempts == 0


@pytest.mark.req("P3", "R-05", "R-70")
def test_who_was_given_what_was_released_and_the_archive_have_no_pdf_of_changes(world_at):
    """Nobody released an earlier wording to the receiver; the archivist compares on a page, with a purpose (ADR 0030)."""
    signed = WorldInstallation(world_at("signed"))
    world, document = signed.world, signed.world.made["document"]
    with world.house() as house:
        assert (
            open_copy(house, world.staff("hanne"), document, "read_released", purpose="Modtagelse").data[:5] == b"%PDF-"
        )
    for name in ("hanne", "ove"):
        app = as_staff(signed, name)
        for end in ("?fra=1&til=2", "/fremdrift?fra=1&til=2", ".pdf?fra=1&til=2", ""):
            address = path(signed) + end
            assert app.get(address, status=404).body == NOT_FOUND_BODY, (name, end)
        with world.house() as house, pytest.raises(NotFound):
            make_changes(house, world.staff(name), document, 1, 2)
    assert entries(signed) == []


def test_each_side_gets_its_own_comparison(changed):
    """What only the team may see is in the team's file alone."""
    world, document = changed.world, changed.world.made["document"]
    made = {}
    for name, app in (("parent", parent(changed)), ("team", as_staff(changed, "sofie"))):
        order(app, changed)
        assert world.drain() == []
        made[name] = app.get(f"/dokument/{document}/aendringer.pdf?fra=2&til=3").body
    assert made["parent"] != made["team"]
    for name, pdf in made.items():
        (file,) = extract(pdf)
        data = msgspec.json.decode(file.data)
        assert (file.name, data["reader"], data["before"], data["after"]) == ("changes.json", name, 2, 3)
        assert check(pdf) == []
    assert "Medarbejdernes eksemplar" in page_text(made["team"])


@pytest.mark.req("P3")
def test_the_list_says_that_a_text_was_changed_after_it_was_read(world_at):
    installation = WorldInstallation(world_at("asked"))
    world, document = installation.world, installation.world.made["document"]
    say_yes(world, world.holders(SET.child_id)[0])
    app = parent(installation)
    assert "efter at du læste den" not in app.get("/")
    fill_all(world, author(world), document, {"u_greb": NEW})
    form = as_staff(installation, "sofie").get(f"/dokument/{document}/gennemse")
    next(one for one in form.forms.values() if one.action.endswith("/del")).submit()
    assert world.drain() == []
    page = app.get("/")
    assert "Teksten er ændret, efter at du læste den" in page
    assert "fra udgave 2 til udgave 3" in page.click("Se, hvad der er ændret", index=0)
    change_and_agree(installation)  # the new words are stood by
    assert "efter at du læste den" not in app.get("/")


def complete(world):
    """The parents and the leader have written their parts."""
    fill_all(world, leader(world), world.made["document"], SET.leader)
    fill_all(world, world.holders(SET.child_id)[0], world.made["document"], {**SET.parents, **SET.child})


def share_again(installation):
    form = as_staff(installation, "sofie").get(f"/dokument/{installation.world.made['document']}/gennemse")
    next(one for one in form.forms.values() if one.action.endswith("/del")).submit()
    assert installation.world.drain() == []


@pytest.mark.req("P3")
def test_who_has_said_nothing_of_a_text_is_told_when_it_was_changed(world_at):
    """That a page was opened is not asked of the log; the parent knows whether that was before."""
    installation = WorldInstallation(world_at("shared"))
    world, document = installation.world, installation.world.made["document"]
    assert "Teksten blev ændret" not in parent(installation).get(parents_page(installation))
    fill_all(world, author(world), document, {"u_greb": NEW})
    share_again(installation)
    app = parent(installation)
    for address in ("/", parents_page(installation)):
        page = app.get(address)
        assert "Har du læst den før, så se, hvad der er ændret." in page and "efter at du læste den" not in page
        assert "fra udgave 1 til udgave 2" in page.click("Se, hvad der er ændret", index=0)


@pytest.mark.req("P3", "R-11")
def test_who_agreed_to_a_text_that_was_changed_before_it_was_frozen_is_told(world_at):
    installation = WorldInstallation(world_at("shared"))
    world, document = installation.world, installation.world.made["document"]
    holder = world.holders(SET.child_id)[0]
    complete(world)
    world.player.agree(holder, document)
    share_again(installation)  # the words that the parent agreed to: nothing has changed since
    page = parent(installation).get(parents_page(installation))
    assert "Teksten er ændret" not in page and "Teksten blev ændret" not in page
    fill_all(world, author(world), document, {"u_greb": NEW})
    share_again(installation)
    page = parent(installation).get(parents_page(installation))
    assert "Teksten er ændret, efter at du læste den" in page
    assert "fra udgave 2 til udgave 3" in page.click("Se, hvad der er ændret", index=0)


@pytest.mark.req("P3", "R-11")
def test_an_agreement_taken_back_by_a_change_still_says_what_was_read(world_at):
    installation = WorldInstallation(world_at("shared"))
    world, document = installation.world, installation.world.made["document"]
    complete(world)
    world.player.agree(world.holders(SET.child_id)[0], document)
    fill_all(world, author(world), document, {"u_greb": NEW})
    share_again(installation)
    page = parent(installation).get(parents_page(installation))
    assert "Teksten er ændret, efter at du læste den" in page
    assert "fra udgave 1 til udgave 2" in page.click("Se, hvad der er ændret", index=0)
    assert "Har du læst den før" in parent(installation, 1).get(parents_page(installation)), (
        "the other has said nothing"
    )


@pytest.mark.req("P3")
def test_a_new_version_that_says_the_same_to_parents_is_no_change(world_at):
    installation = WorldInstallation(world_at("shared"))
    world, document = installation.world, installation.world.made["document"]
    share_again(installation)
    app = parent(installation)
    assert "Teksten blev ændret" not in app.get(parents_page(installation)) and "Teksten blev ændret" not in app.get(
        "/"
    )
    fill_all(world, author(world), document, {"u_greb": NEW})
    share_again(installation)
    assert "Teksten blev ændret" in app.get("/")
