"""After the seal: the record's timestamp (design 11, 15). Nobody waits for it; without it the record lacks level T and nothing
else.

The token is evidence beside the record, attached once. A file at level T is made of both when somebody wants one
(``signatures/timestamp_xades.py``).
"""

from __future__ import annotations

from collections.abc import Callable

from tillid.consents.events import Event
from tillid.kernel.errors import Unavailable
from tillid.signatures.timestamp_xades import imprint_of
from tillid.usecases.add_revision import let_add_revision
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.seal_record import MEETING, RECORD, TIMESTAMP, TIMESTAMP_STEP, version_of_event

STEP = TIMESTAMP_STEP


def timestamp_record(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Have the record of an event stamped and the token kept; once, however often this runs. Raises as ``new_token``."""
    if (found := new_token(open_house, entry, RECORD, TIMESTAMP, imprint_of)) is None:
        return
    event, token = found
    with open_house() as house:
        # Before the token is there: noted twice is nothing, not noted would be forgotten.
        if house.evidence is not None:
            house.evidence.note(event.id)
        if house.ledger.attach(event.id, TIMESTAMP, token):
            let_follow(house, event, TIMESTAMP)


def new_token(
    open_house: OpenHouse, entry: OutboxEntry, what: str, stamp: str, imprint: Callable[[bytes], bytes]
) -> tuple[Event, bytes] | None:
    """The entry's event, and a token over the ``imprint`` of what lies beside it as ``what``; ``None``: nothing there, or
    stamped already as ``stamp``. No transaction is open while an authority is asked. Raises ``Unavailable`` while none
    answers: the entry then waits as long as it takes."""
    with open_house() as house:
        event = house.ledger.event(entry.ids["event"])
        attached = house.ledger.attachments(event.id) if event else {}
        stamper = house.time_stamper
    if event is None or what not in attached or stamp in attached:
        return None
    if stamper is None:
        raise Unavailable("no timestamp authority is set up", code="tsa.unavailable")
    return event, stamper.stamp(imprint(attached[what]))


def let_follow(house: House, event: Event, what: str) -> None:
    """What was attached to ``event`` as ``what`` is added to the archive's copy."""
    if event.kind not in MEETING:  # about whom the child is discussed with, not about a version of a text
        let_add_revision(house, event.document_id, version_of_event(house, event), f"{event.id}-{what}")
