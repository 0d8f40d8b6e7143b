"""After a commit: the event's digest goes into the Merkle log (design 4, 21). The click never waits for it."""

from __future__ import annotations

from tillid.usecases.ports import OpenHouse, OutboxEntry

STEP = "enter_log"


def enter_log(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Enter the event; once, however often this runs. Raises ``Unavailable`` while the log cannot be written: the entry
    then waits as long as it takes."""
    with open_house() as house:
        event = house.ledger.event(entry.ids["event"])
        if event is not None:
            house.event_log.enter(event.digest)
