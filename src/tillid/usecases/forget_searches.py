"""A saved search outlives neither its owner's time here nor, for long, the role it was saved in (ADR 0054).

It may name a child, and nobody else can see it. Who left takes none along: it goes the same day. Of who lost the role it is mute at
once and waits half a year, for roles are given back. Each that goes is a row in the log, written first.
"""

from __future__ import annotations

import msgspec

from tillid.archive.saved import SavedSearch
from tillid.kernel.clock import local_day
from tillid.process.access import Identity
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.saved_searches import goes_on, told_place
from tillid.usecases.search_archive import search_row, units_of_archivist

ACTION, SYSTEM = "forget_search", "system"
LEFT, NO_ROLE = "owner left", "role ended"  # the purpose of the row: why it goes


def forget_searches(open_house: OpenHouse) -> int:
    """Mute and remove what is due; each in a transaction of its own. Returns how many are gone."""
    with open_house() as house:
        wanted = [one.id for one in house.saved.all() if _next(house, one) != one]
    gone = []
    for search_id in wanted:
        with open_house() as house:
            saved = house.saved.get(search_id)
            if saved is not None and _done(house, saved):
                gone.append(search_id)
    with open_house() as house:
        previews = house.previews
    for search_id in gone:  # that something new was told
        previews.drop(told_place(search_id))
    return len(gone)


def _done(house: House, saved: SavedSearch) -> bool:
    """Whether it is gone."""
    new = _next(house, saved)
    if new is None:
        why = LEFT if house.people.staff(saved.owner) is None else NO_ROLE
        row = search_row(house, Identity(person_id=SYSTEM, name="", kind="staff"), ACTION, saved.id, "", why)
        house.audit.write(msgspec.structs.replace(row, role=SYSTEM))
        house.saved.remove(saved.id)
        return True
    if new != saved:
        house.saved.put(new)
    return False


def _next(house: House, saved: SavedSearch) -> SavedSearch | None:
    """As it is to be from today; ``None``: not at all."""
    staff, today = house.people.staff(saved.owner), local_day(house.moment)
    if staff is None:
        return None
    if units_of_archivist(house, Identity.of_staff(staff)):
        return msgspec.structs.replace(
            saved, stopped_on=None
        )  # what was stopped begins again when the owner asks for it
    if (day := goes_on(saved)) is not None and today >= day:
        return None
    return msgspec.structs.replace(saved, stop="no-role", stopped_on=saved.stopped_on or today)
