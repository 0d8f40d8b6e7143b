"""Every stored byte is read again and held against its digest, a share a day, so that each month all was read.

What there is and what is wrong with it: ``fixity_things.py``. What is found stays an alarm until a later reading of the same
thing finds it whole, and the administrators are told of it once, with all
that the same day's reading finds. At the end of a round as many events must have been met as the log had when their reading began: one
that was taken out leaves no hole in its series if it was the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

import msgspec

from tillid.archive.fixity import DAYS, Damage, Fixity, Share
from tillid.usecases.fixity_ledger import Found
from tillid.usecases.fixity_things import IMPORTED, LEDGER, counted, look_at, named, things
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.ports_fixity import FixityParts, Pace, Stored
from tillid.usecases.writing import tell

NOTICE = "stored_damaged"
EVENTS = "log:events"
_AT_ONCE = 50  # things looked at in one view of the database
_MOST_TOLD = 100
_MOST_SHARES = 62


class _Read(NamedTuple):
    """Things that were read: which they were, what was found in each, and whether they are the last."""

    names: Sequence[str]
    found: Sequence[Found]
    last: bool


def is_due(state: Fixity | None, now: datetime) -> bool:
    """Once a day."""
    return state is None or now - state.ran_at >= timedelta(days=1)


def check_share(open_house: OpenHouse, parts: FixityParts, days: int = DAYS, pace: Pace = lambda: None) -> Fixity:
    """Read the next share of what is stored (all of it with ``days=1``), and keep what was found. Nothing is written in the view in
    which is read, so no click can conflict with it."""
    with open_house() as house:
        state = house.blobs.fixity() or Fixity(began_at=house.moment, ran_at=house.moment)
        (count, imported), leaves, began = counted(house, parts), house.event_log.size, house.moment
        left = due_now(state, count, days, began)
    if state.after < LEDGER:  # what is in the log by now is in every view that is opened later
        state = msgspec.structs.replace(state, log_size=leaves, log_met=0)
    share = Share(at=state.ran_at, things=0, size=0, damaged=0, whole=False)
    known, kept = {(one.what, one.how) for one in state.damages}, state.shares
    while True:
        with open_house() as house:
            read, moment = _some(house, parts, state, min(left, _AT_ONCE), pace), house.moment
        left -= len(read.names)
        state = _with(state, read, moment)
        new = {(one.what, one.how) for one in state.damages} - known
        share = msgspec.structs.replace(
            share,
            at=moment,
            things=share.things + len(read.names),
            size=share.size + sum(one.size for one in read.found),
            damaged=len(new),
            whole=read.last,
        )
        state = _ended(state, moment, count) if read.last else state
        shares = (share, *kept)[:_MOST_SHARES]
        state = msgspec.structs.replace(state, ran_at=moment, things=count, imported=imported, shares=shares)
        with open_house() as house:
            house.blobs.keep_fixity(state)
            if new:  # with what is kept: a run that ends here is known to have found them, and would tell nobody
                tell(house, administrators(house), NOTICE, began.isoformat(), page="fixity")
        if read.last or left <= 0:
            return state


def due_now(state: Fixity, count: int, days: int, now: datetime) -> int:
    """How many things are read today, so that the round is through in time: more than the day's part where days were lost, and not all
    of it at once."""
    days_left = max(days - (now - state.began_at).days, 1)
    even = -(-count // days)
    return max(min(-(-(count - state.done) // days_left), 3 * even), even)


def read_all(stored: Stored, parts: FixityParts, moment: datetime, leaves: int, pace: Pace = lambda: None) -> Fixity:
    """All of it at once, from a view that nobody writes to; nothing is kept of it. ``leaves``: how many the log had before the view was
    opened."""
    state = Fixity(began_at=moment, ran_at=moment, log_size=leaves)
    count = imported = 0
    for thing in things(stored, parts, ""):
        found = look_at(stored, thing, parts, moment, leaves, pace)
        state = _with(state, _Read([thing], [found], False), moment)
        count, imported = count + 1, imported + thing.startswith(IMPORTED)
        pace()
    state = _with(state, _Read((), (), True), moment)
    return msgspec.structs.replace(state, things=count, imported=imported, whole_at=moment, whole_from=moment)


def administrators(house: House) -> list[str]:
    """Everybody who looks after the running system."""
    every = house.people.all_staff()
    return [one.id for one in every if any(each.role == "administrator" for each in one.assignments)]


def _some(house: House, parts: FixityParts, state: Fixity, most: int, pace: Pace) -> _Read:
    names = list(islice(things(house, parts, state.after), max(most, 0) + 1))
    found = []
    for name in names[:most]:
        found.append(look_at(house, name, parts, house.moment, state.log_size, pace))
        pace()
    return _Read(names[:most], found, len(names) <= most)


def _with(state: Fixity, read: _Read, moment: datetime) -> Fixity:
    """With what was found in the place of what was known of the same things."""
    damages = {one.what: one for one in state.damages}
    for name, found in zip(read.names, read.found, strict=True):
        for what in [what for what in damages if what == named(name) or what.partition(":")[2] in found.about]:
            del damages[what]
        damages |= {what: Damage(what=what, how=how, at=moment) for what, how in found.damages.items()}
    met = state.log_met + sum(one.entered for one in read.found)
    if read.last:
        damages.pop(EVENTS, None)
        if met < state.log_size:
            damages[EVENTS] = Damage(what=EVENTS, how="fixity.events-missing", at=moment)
    return msgspec.structs.replace(
        state,
        after=read.names[-1] if read.names else state.after,
        done=state.done + len(read.names),
        size=state.size + sum(one.size for one in read.found),
        log_met=met,
        damages=tuple(damages.values())[-_MOST_TOLD:],
    )


def _ended(state: Fixity, moment: datetime, count: int) -> Fixity:
    """A round is through: the next begins at the beginning; a damage of what is there no more is forgotten."""
    return Fixity(began_at=moment, ran_at=moment, whole_at=moment, whole_from=state.began_at, things=count,
                  damages=tuple(one for one in state.damages if one.at >= state.began_at))  # fmt: skip
