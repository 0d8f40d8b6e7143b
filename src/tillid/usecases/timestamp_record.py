"""After the seal: the record's timestamp (design 11, 15). Nobody waits for it; without it the record lacks level T and nothing
else.

The token is evidence beside the record, attached once. A file at level T is made of both when somebody wants one
(``signatures/timestamp_xades.py``).
"""

from __future__ import annotations

from tillid.consents.events import Event
from tillid.kernel.errors import Unavailable
from tillid.signatures.timestamp_xades import imprint_of
from tillid.usecases.add_revision import let_add_revision
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.seal_record import RECORD, TIMESTAMP, TIMESTAMP_STEP, request_of_event

STEP = TIMESTAMP_STEP


def timestamp_record(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Have the record of an event stamped and the token kept; once, however often this runs. No transaction is open while an
    authority is asked. Raises ``Unavailable`` while none answers: the entry then waits as long as it takes."""
    with open_house() as house:
        event = house.ledger.event(entry.ids["event"])
        attached = house.ledger.attachments(event.id) if event else {}
        stamper = house.time_stamper
    if event is None or RECORD not in attached or TIMESTAMP in attached:
        return
    if stamper is None:
        raise Unavailable("no timestamp authority is set up", code="tsa.unavailable")
    token = stamper.stamp(imprint_of(attached[RECORD]))
    with open_house() as house:
        # Before the token is there: noted twice is nothing, not noted would be forgotten.
        if house.evidence is not None:
            house.evidence.note(event.id)
        if house.ledger.attach(event.id, TIMESTAMP, token):
            _let_follow(house, event)


def _let_follow(house: House, event: Event) -> None:
    request = request_of_event(house, event)
    let_add_revision(house, event.document_id, request.document.version, f"{event.id}-{TIMESTAMP}")
