"""Custody that ends while a page about the own answer is made ends that page: of a share and of a meeting, and each file of its evidence."""

from __future__ import annotations

import msgspec
import pytest

from tests.security.people import address, parts_of
from tests.support.installation import WorldInstallation, as_parent
from tests.support.shared_forms import SHEET
from tests.support.world import SET
from tests.walks.test_meeting_consent import answer, ask, meeting_called
from tillid.usecases.seal_record import PERSONAL
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.routes import ROUTES

EVIDENCE = ("receipt", "record", "receipt_zip", "receipt_progress", "receipt_pdf", "personal_signature")
OWN = {one.name: one for one in ROUTES if "GET" in one.views and {"request_id", "meeting_id"} & set(parts_of(one))}


def test_every_page_about_the_own_answer_is_looked_at():
    assert set(OWN) == {"consent", "withdraw", "meeting", *EVIDENCE}


def custody_ends(world, child_id, person_id):
    """And what gives it back."""
    with world.house() as house:
        before = house.people.custody(child_id)
        left = tuple(
            msgspec.structs.replace(one, until=world.clock.now()) if one.person_id == person_id else one
            for one in before.holders
        )
        house.people.put_custody(msgspec.structs.replace(before, holders=left))
    return before


def looked_at(world, child_id, question_id, kind, names):
    """Each page of ``names`` is there, and is not when custody ends under it."""
    installation, person = WorldInstallation(world), world.holders(child_id)[0].person_id
    with world.house() as house:
        event = next(
            one
            for one in house.ledger.of_request(question_id)
            if one.kind == kind and one.payload["holder_id"] == person
        )
        house.ledger.attach(event.id, PERSONAL, b"<signed/>")
    app = as_parent(installation, person)
    ids = {"request_id": question_id, "meeting_id": question_id, "event_id": event.id}
    assert world.drain() == []
    world.parts.event_log.sign_head()
    page = app.get(address(OWN["receipt"], ids))
    next(form for form in page.forms.values() if form.action.endswith("/pdf")).submit()
    assert world.drain() == []
    for name in names:
        path, taken = address(OWN[name], ids), []
        assert app.get(path).status_int == 200, name

        def take(taken=taken):
            if not taken:
                taken.append(custody_ends(world, child_id, person))

        installation.before_refresh = take
        assert app.get(path, status=404).body == NOT_FOUND_BODY and taken, name
        installation.before_refresh = lambda: None
        with world.house() as house:
            house.people.put_custody(taken[0])


@pytest.mark.req("R-33", "R-34", "P8")
def test_of_a_share(world_at):
    world = world_at("signed")
    looked_at(world, SET.child_id, world.made["request"], "consent_given", ("consent", "withdraw", *EVIDENCE))


@pytest.mark.req("R-33", "R-34", "P8", "D12")
def test_of_a_meeting(world_at):
    world = world_at("people")
    question = ask(world, *meeting_called(world))
    answer(world, world.holders(SHEET.child_id)[0], question)
    looked_at(world, SHEET.child_id, question.id, "meeting_given", ("meeting", *EVIDENCE))
