"""The administrator tries a step again that was given up (design 6: dead letters are seen and can be taken up)."""

from __future__ import annotations

from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.check_fixity import administrators
from tillid.usecases.ports import House, OutboxEntry
from tillid.usecases.running_state import reason, require_administrator
from tillid.usecases.writing import audit_row, tell

NOTICE = "work_given_up"


def retry_step(house: House, who: Identity, key: str, *, and_alike: bool = False) -> int:
    """Begin a dead entry anew: no attempts, due now, the same key and ids; with ``and_alike`` all that were given up for the same
    reason too, as after LibreOffice was away. Returns how many; a row in the log for each. Raises ``NotFound`` for who is no
    administrator, and for a key that is not there or not dead."""
    require_administrator(who)
    entry = house.outbox.get(key)
    if entry is None or not entry.dead:
        raise NotFound("no dead entry")
    found = (
        [one for one in house.outbox.pending() if one.dead and reason(one) == reason(entry)] if and_alike else [entry]
    )
    house.audit.write(*(audit_row(house, who, "retry_step", one.key, "", "retry_step") for one in found))
    for one in found:
        begin_anew(house, one)
    return len(found)


def tell_given_up(house: House, entry: OutboxEntry) -> None:
    """The administrators hear of what was given up, without looking for it: once a day of each reason, however many there are."""
    about = ":".join((*reason(entry), house.moment.date().isoformat()))
    tell(house, administrators(house), NOTICE, about, page="admin")


def retry_index(house: House) -> int:
    """Begin every dead entry of the index anew, after the index was built or mended: else what it is about stays hidden though it is
    in the index. Returns how many there were."""
    dead = [entry for entry in house.outbox.pending() if entry.step == "index" and entry.dead]
    for entry in dead:
        begin_anew(house, entry)
    return len(dead)


def begin_anew(house: House, entry: OutboxEntry) -> OutboxEntry:
    """``entry`` as if it had just been added: due now."""
    house.outbox.remove(entry.key)
    return house.outbox.add(entry.step, entry.ids, house.moment)
