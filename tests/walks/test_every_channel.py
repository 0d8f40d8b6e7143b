"""A withdrawal, and whatever else ends a consent, closes every channel in the same second: nothing is drained, no clock moves.

The receiver's channels are all routes below ``/modtaget`` and the own list, for the leader and for whom the leader named; that no other
address of ours tells a receiver anything is asked of the whole route table in tests/security/test_uniform.py, and a page that is open
already or being made asks again (tests/walks/test_asked_again.py). The archivist's are the search with its counts, the list as a file, a
child by name, a saved search and the message that something is new; the case stays the archive's, and shows again, as withdrawn, when the index
has followed (tests/walks/test_archive_pages.py). A consent to a meeting: tests/walks/test_meeting_consent.py.

No channel of a receiver, so nothing of them closes: a round's documents in one file, the comparison as a PDF and its page are the sender's and the
parents' own; packages, the feed for an archive version and a case of insight are made of what the archive keeps, and say what was
withdrawn (tests/contract/test_package_handover.py, tests/unit/adapters/test_avid_feed.py, tests/walks/test_insight.py). There is no calendar
and there are no suggestions; ``/api`` knows forms alone.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.purposes import state_purpose
from tests.support.world import SET, author, document_now, request_now
from tests.walks.test_archive_pages import PURPOSE
from tillid.archive.query import SearchQuery
from tillid.consents.custody import Holder
from tillid.consents.of_age import of_age_on
from tillid.consents.restored import Restored
from tillid.kernel.clock import end_of
from tillid.kernel.errors import NotFound, Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases.export_hits import export_hits
from tillid.usecases.facts import gathered
from tillid.usecases.lists import received_lines
from tillid.usecases.open_copy import name_reader, open_copy, released
from tillid.usecases.ports import OutboxEntry
from tillid.usecases.saved_searches import save_search
from tillid.usecases.search_archive import search_archive
from tillid.usecases.watch_searches import watch_searches
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
    with world.house() as house:
        name_reader(house, world.staff("hanne"), world.made["document"], world.ids.staff["peter"])
    named = as_staff(installation, "peter")
    opened = [end for name, end in CHANNELS.items() if name != "released_attachment"]
    for app in (receiver, named):
        for end in opened:
            app.get(base + end, status=200)
    assert request.child_name in receiver.get("/") and request.child_name in search(archivist)

    holder = world.holders(SET.child_id)[1]
    with world.house() as house:
        record_withdrawal(house, author(world), request.id, holder.person_id, method="phone", event_id=new_id())

    for app in (receiver, named):
        for end in CHANNELS.values():
            assert app.get(base + end, status=404).body == NOT_FOUND_BODY, end
    assert request.child_name not in named.get("/")
    home, found = receiver.get("/"), search(archivist)
    assert request.child_name not in home and "Ikke tilgængelig" in home
    assert request.child_name not in found and "1 dokument" not in found and request.document.title not in found


def search(app):
    form = app.get("/arkiv").forms["search"]
    state_purpose(form, PURPOSE)
    form["words"] = ""
    return form.submit()


@pytest.mark.req("R-17", "R-18", "R-22", "R-71")
def test_no_count_list_file_saved_search_or_message_of_the_archive_shows_it_before_the_index_has_followed(world_at):
    world = world_at("signed")
    installation, ove, everything = WorldInstallation(world), world.staff("ove"), SearchQuery(allowed_units=())
    archivist, number, child = as_staff(installation, "ove"), document_now(world).number, request_now(world).child_name
    with world.house() as house:
        saved = save_search(house, ove, "Alt", everything, PURPOSE, tell=True)
    again = f"/arkiv/soegning/{saved.id}"
    found, kept = search(archivist), archivist.get(again).forms["search"]
    state_purpose(kept, PURPOSE)
    file = next(form for form in found.forms.values() if form.action == "/arkiv/resultat.csv")

    def shown(house):
        told = search_archive(house, ove, everything, PURPOSE)
        return (
            told.total,
            [hit.document_id for hit in told.hits],
            sum(n for rows in told.facets.values() for _, n in rows),
        )

    with world.house() as house:
        assert shown(house)[:2] == (1, [world.made["document"]]) and shown(house)[2] > 1
    assert all(number in page for page in (found, file.submit(), kept.submit()))

    with world.house() as house:
        withdrawn(house, world)

    with world.house() as house:
        assert shown(house) == (0, [], 0), "neither a hit nor a count of any kind"
        assert export_hits(house, ove, everything, PURPOSE).hits == ()
    pages = (search(archivist), file.submit(), kept.submit(), archivist.get(again), archivist.get("/"))
    assert not [page.request.path for page in pages if number in page or child in page]
    # An index entry of another document's change runs now: nobody is told of this one.
    ids, now = {"document": world.made["document"], "event": new_id()}, world.clock.now()
    entry = OutboxEntry(key="watch", step="watch_searches", ids=ids, created_at=now, due_at=now)
    watch_searches(world.house, entry)
    with world.house() as house:
        assert [one.text_id for one in house.notices.of_person(ove.person_id)] == []
    # What is told to the receiver names nobody, and says nothing of who or why.
    with world.house() as house:
        notices = house.notices.of_person(world.ids.staff["hanne"])
    (told,) = [one for one in notices if one.text_id == "no_longer_available"]
    assert told.ids == {"document": world.made["document"]}
    assert world.drain() == [] and number in search(archivist), "the case stays the archive's"


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


def put_back(house, world):
    house.restorations.add(Restored(id=new_id(), backup_at=house.moment, until=house.moment))


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
    "restored": put_back,
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
