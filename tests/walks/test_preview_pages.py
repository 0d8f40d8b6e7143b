"""Preview before sharing: made by the outbox, told on the page, read by who asked for it, of the text as it is now."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, author, fill_all
from tillid.tasks.queues import RENDER, queue_of
from tillid.usecases.follow_up import PREVIEW_STEP
from tillid.usecases.made_for_person import place_of
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture
def draft(world_at):
    return WorldInstallation(world_at("draft"))


def at(installation, end=""):
    return f"/dokument/{installation.world.made['document']}{end}"


def press(app, installation):
    page = app.get(at(installation, "/gennemse"))
    return next(form for form in page.forms.values() if form.action.endswith("/forhaandsvisning")).submit()


def entries(installation):
    with installation.world.house() as house:
        return [entry for entry in house.outbox.pending() if entry.step == PREVIEW_STEP]


@pytest.mark.req("R-71")
def test_it_is_made_by_the_outbox_and_told_on_the_page(draft):
    app = as_staff(draft, "sofie")
    first = app.get(at(draft, "/gennemse"))
    assert "Lav forhåndsvisning" in first and "forhaandsvisning.pdf" not in first and "Del med forældrene" in first
    assert "ved at blive lavet" in press(app, draft).follow()
    (entry,) = entries(draft)
    assert queue_of(entry.key) == RENDER and set(entry.ids) == {"document", "person", "text"}
    press_again = app.get(at(draft, "/gennemse"))
    assert not [form for form in press_again.forms.values() if form.action.endswith("/forhaandsvisning")]
    assert "hx-get" in app.get(at(draft, "/forhaandsvisning/fremdrift"))
    assert draft.world.drain() == [] and entries(draft) == []
    assert "forhaandsvisning.pdf" in app.get(at(draft, "/forhaandsvisning/fremdrift"))
    answer = app.get(app.get(at(draft, "/gennemse")).html.find("a", href=lambda h: h and h.endswith(".pdf"))["href"])
    assert answer.body.startswith(b"%PDF-") and answer.headers["Cache-Control"] == "no-store, private"
    rows = [row for row in draft.world.parts.audit.tail(100) if row.action == "preview" and row.phase == "attempt"]
    assert len(rows) == 2, "asking for it and reading it"


def test_reading_a_preview_writes_nothing_to_the_content(draft):
    app = as_staff(draft, "sofie")
    press(app, draft)
    draft.world.drain()
    before = draft.world.store.db.lastTransaction()
    app.get(at(draft, "/forhaandsvisning.pdf"))
    app.get(at(draft, "/forhaandsvisning/fremdrift"))
    assert draft.world.store.db.lastTransaction() == before


@pytest.mark.req("R-18", "R-70")
def test_it_is_its_own_persons_alone(draft):
    press(as_staff(draft, "sofie"), draft)
    draft.world.drain()
    leader = as_staff(draft, "birgit")
    assert "Lav forhåndsvisning" in leader.get(at(draft, "/gennemse"))
    leader.get(at(draft, "/forhaandsvisning.pdf"), status=409)
    stranger = as_staff(draft, "hanne")
    for end in ("/forhaandsvisning.pdf", "/forhaandsvisning/fremdrift"):
        assert stranger.get(at(draft, end), status=404).body == NOT_FOUND_BODY
    token = stranger.get("/").forms[0]["csrf_token"].value
    assert stranger.post(at(draft, "/forhaandsvisning"), {"csrf_token": token}, status=404).body == NOT_FOUND_BODY
    parent = as_parent(draft, draft.world.holders(SET.child_id)[0].person_id)
    assert parent.get(at(draft, "/forhaandsvisning.pdf"), status=404).body == NOT_FOUND_BODY


def test_another_text_has_no_preview_and_an_old_order_makes_none(draft):
    world, app = draft.world, as_staff(draft, "sofie")
    press(app, draft)
    world.drain()
    fill_all(world, author(world), world.made["document"], {"u_greb": "Noget ganske andet."})
    assert "Der er ingen forhåndsvisning" in app.get(at(draft, "/forhaandsvisning.pdf"), status=409)
    press(app, draft)
    fill_all(world, author(world), world.made["document"], {"u_greb": "Og igen noget andet."})
    assert world.drain() == [] and entries(draft) == []
    assert "Lav forhåndsvisning" in app.get(at(draft, "/gennemse")), "nobody gets a text that is not the text"


@pytest.mark.req("R-70")
def test_who_may_no_longer_share_gets_nothing_made(draft):
    world = draft.world
    press(as_staff(draft, "sofie"), draft)
    (entry,) = entries(draft)
    with world.house() as house:
        staff = house.people.staff_by_username("sofie")
        house.people.put_staff(msgspec.structs.replace(staff, assignments=()))
    assert world.drain() == []
    with world.house() as house:
        assert house.previews.get(place_of(entry.key), entry.ids["person"], house.moment) is None


def test_what_was_given_up_can_be_asked_for_anew(draft):
    world, app = draft.world, as_staff(draft, "sofie")
    press(app, draft)
    (entry,) = entries(draft)
    for _ in range(8):
        with world.house() as house:
            house.outbox.failed(entry.key, "render.failed", house.moment)
    page = app.get(at(draft, "/gennemse"))
    assert "kunne ikke laves" in page and "Lav forhåndsvisning" in page
    press(app, draft)
    (again,) = entries(draft)
    assert not again.dead and again.attempts == 0


@pytest.mark.req("R-123")
def test_what_did_not_work_and_is_tried_again_is_told_and_not_ordered_twice(draft):
    """For half an hour it would else be called under way."""
    world, app = draft.world, as_staff(draft, "sofie")
    token = app.get(at(draft, "/gennemse")).forms[0]["csrf_token"].value
    press(app, draft)
    (entry,) = entries(draft)
    with world.house() as house:
        house.outbox.failed(entry.key, "documents.render-failed", house.moment)
    page = app.get(at(draft, "/forhaandsvisning/fremdrift"))
    assert "lykkedes ikke i første omgang" in page and "hx-get" in page and "ved at blive lavet" not in page
    app.post(at(draft, "/forhaandsvisning"), {"csrf_token": token})
    assert [one.attempts for one in entries(draft)] == [1]
    world.clock.move(minutes=1)
    assert world.drain() == []
    assert "forhaandsvisning.pdf" in app.get(at(draft, "/forhaandsvisning/fremdrift"))
