"""Something new was committed to the archive: each saved search that wants to know is asked about this document alone.

The owner is told that there is something new, and nothing of it. Asked with the owner's rights as they are now: of who lost
the role nothing is asked, nothing is told, and the saved search says why (ADR 0054).
"""

from __future__ import annotations

import msgspec

from tillid.archive.query import QueryRefused
from tillid.archive.saved import SavedSearch, Stop, standing
from tillid.kernel.clock import local_day
from tillid.process.access import Identity
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.saved_searches import TELLS_FOR, is_told, told_place
from tillid.usecases.search_archive import may_be_shown, scoped, search_row, units_of_archivist
from tillid.usecases.writing import tell

STEP = "watch_searches"
NOTICE = "saved_search_news"


def let_watch(house: House, document_id: str, cause: str) -> None:
    """With the commit that lets ``document_id`` be found: have the saved searches asked, if there are any that wait."""
    if any(one.tell_until is not None and not one.stop for one in house.saved.all()):
        house.outbox.add(STEP, {"document": document_id, "event": cause}, house.moment)


def watch_searches(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Tell the owners. May run twice: who was told and has not searched since is not told again. Raises ``Unavailable`` while
    the search or the log cannot be used; then nobody was told, and it is tried again."""
    with open_house() as house:
        told = [one for one in house.saved.all() if _is_new(house, one, entry.ids["document"])]
        for one in told:
            who = _owner(house, one)
            assert who is not None
            house.audit.write(search_row(house, who, "search_alert", one.id, "", one.purpose))
            tell(house, [one.owner], NOTICE, f"{one.id}:{entry.ids['event']}", search=one.id)
        previews, moment = house.previews, house.moment
    for one in told:  # after the commit: a crash in between tells once more, never once less
        previews.put(one.owner, b"told", "text/plain", moment, told_place(one.id), TELLS_FOR)


def _is_new(house: House, saved: SavedSearch, document_id: str) -> bool:
    who = _owner(house, saved)
    units = units_of_archivist(house, who) if who is not None else ()
    now = standing(saved, local_day(house.moment), archivist=bool(units))
    if now == "no-role" and not saved.stop:
        _stop(house, saved, "no-role")
    if now != "watching" or is_told(house, saved):
        return False
    try:
        asked = scoped(house, units, saved.question)
        found = house.search.search(msgspec.structs.replace(asked, among=frozenset((document_id,))))
    except QueryRefused:  # it was saved by an earlier Tillid
        _stop(house, saved, "refused")
        return False
    assert who is not None
    return any(may_be_shown(house, who, hit) for hit in found.hits)


def _stop(house: House, saved: SavedSearch, why: Stop) -> None:
    since = local_day(house.moment) if why == "no-role" else None
    house.saved.put(msgspec.structs.replace(saved, stop=why, stopped_on=saved.stopped_on or since))


def _owner(house: House, saved: SavedSearch) -> Identity | None:
    staff = house.people.staff(saved.owner)
    return Identity.of_staff(staff) if staff is not None else None
