"""A withdrawal, and whatever else ends a consent, closes every channel in the same second: nothing is drained, no clock moves.

The receiver's channels are all routes below ``/modtaget`` and the own list; the search is the archivist's. There are no
others: no calendar, no suggestions, no export for a receiver (a round's documents in one file are the sender's own).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET, author, request_now
from tillid.consents.custody import Holder
from tillid.consents.of_age import of_age_on
from tillid.kernel.clock import end_of
from tillid.kernel.errors import NotFound, Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases.facts import gathered
from tillid.usecases.lists import received_lines
from tillid.usecases.open_copy import open_copy, released
from tillid.usecases.withdraw_consent import record_withdrawal, withdraw_consent
from tillid.usecases.writing import record_event
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.routes import ROUTES

# Route → what follows the document's address; ``released_attachment`` is asked for in tests/walks/test_attachments.py too.
CHANNELS = {
    "released": "",
    "released_copy": "/dokument.pdf",
    "released_page": "/side/1.png",
    "released_progress": "/fremdrift",
    "released_attachment": "/bilag/r_bilag/1",
}


def test_every_address_of_the_receiver_is_looked_at():
    below = {one.name for one in ROUTES if one.pattern.startswith("/modtaget/") and "GET" in one.views}
    assert below == set(CHANNELS)


@pytest.mark.req("R-16", "R-17", "R-18", "R-22", "P5")
def test_a_call_recorded_by_one_employee_closes_each_channel_in_the_same_second(world_at):
    world = world_at("signed")
    installation = WorldInstallation(world)
    request, base = request_now(world), f"/modtaget/{world.made['document']}"
    receiver, archivist = as_staff(installation, "hanne"), as_staff(installation, "ove")
    opened = [end for name, end in CHANNELS.items() if name != "released_attachment"]
    for end in opened:
        receiver.get(base + end, status=200)
    assert request.child_name in receiver.get("/") and request.child_name in search(archivist)

    holder = world.holders(SET.child_id)[1]
    with world.house() as house:
        record_withdrawal(house, author(world), request.id, holder.person_id, method="phone", event_id=new_id())

    for end in CHANNELS.values():
        assert receiver.get(base + end, status=404).body == NOT_FOUND_BODY, end
    home, found = receiver.get("/"), search(archivist)
    assert request.child_name not in home and "Ikke tilgængelig" in home
    assert request.child_name not in found and "1 dokument" not in found and request.document.title not in found


def search(app):
    form = app.get("/arkiv").forms["search"]
    form["purpose"], form["words"] = "Aktindsigt, sag 26-1234", ""
    return form.submit()


class UndoneError(Exception):
    """Ends a transaction in which a test has changed something."""


def withdrawn(house, world):
    withdraw_consent(house, world.holders(SET.child_id)[0], world.made["request"], language="da", event_id=new_id())


def corrected(house, world):
    document = house.documents.get(world.made["document"])
    record_event(house, document, "version_corrected", "system", {"version": request_of(house, world).document.version})


def voided(house, world):
    document = house.documents.get(world.made["document"])
    record_event(house, document, "request_voided", "system", request_id=world.made["request"])


def a_new_holder(house, world):
    custody = house.people.custody(SET.child_id)
    someone = next(one.id for one in house.people.parents() if one.id not in {h.person_id for h in custody.holders})
    new = Holder(person_id=someone, name="x", relation="other", resident=True, since=house.moment)
    house.people.put_custody(msgspec.structs.replace(custody, holders=(*custody.holders, new)))


def nobody_left(house, world):
    custody = house.people.custody(SET.child_id)
    gone = tuple(msgspec.structs.replace(one, until=house.moment) for one in custody.holders)
    house.people.put_custody(msgspec.structs.replace(custody, holders=gone))


def register_silent(house, world):
    def refuse(_child_id):
        raise Unavailable("silent", code="custody.unavailable")

    house.people.custody = refuse


def fifteen(house, world):
    child = house.people.child(SET.child_id)
    day = house.moment.date()
    born = day.replace(year=day.year - 15)
    assert of_age_on(born) == day
    custody = house.people.custody(SET.child_id)
    house.people.put_child(msgspec.structs.replace(child, birth_date=born), house.people.unmask_cpr(child.id), custody)


def request_of(house, world):
    return gathered(house, house.documents.get(world.made["document"]))[1][0]


REASONS = {
    "withdrawn": withdrawn,
    "corrected": corrected,
    "voided": voided,
    "suspended": a_new_holder,
    "no-holder": nobody_left,
    "custody-unknown": register_silent,
    "child-fifteen": fifteen,
}


def assert_closed(house, world, reason):
    document_id, receiver = world.made["document"], world.staff("hanne")
    document = house.documents.get(document_id)
    assert gathered(house, document)[0].verdict.reason == reason
    for look in (released, lambda *of: open_copy(*of, "read_released")):
        with pytest.raises(NotFound):
            look(house, receiver, document_id)
    lines = received_lines(house, receiver, document.receiver_unit_id)
    line = next(one for one in lines if one.document_id == document_id)
    assert line.line != "open" and not line.child_name, reason


@pytest.mark.req("R-11", "R-17", "R-18", "R-19", "R-22", "R-33", "R-41")
def test_whatever_ends_a_consent_ends_it_for_page_file_and_list(world_at):
    world = world_at("signed")
    document_id, receiver = world.made["document"], world.staff("hanne")
    for reason, change in REASONS.items():
        with pytest.raises(UndoneError), world.house() as house:
            change(house, world)
            assert_closed(house, world, reason)
            raise UndoneError
    last = end_of(request_now(world).valid_to)
    world.clock.moment = last - timedelta(seconds=1)
    with world.house() as house:
        assert released(house, receiver, document_id).answers, "each change was undone"
    world.clock.moment = last
    with world.house() as house:
        assert_closed(house, world, "expired")
