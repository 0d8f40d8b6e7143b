"""A person's own signature over their sealed record, asked for by them and fetched after the click (R-100, R-101).

Nobody waits for it and nothing rests on it: the answer counted with the click, sealed by the platform. What a provider returns is
judged before it is kept, and then lies beside the record as ``personal.xml``, attached once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec

from tillid.consents.events import Event
from tillid.kernel.errors import NotFound, TillidError, Unavailable
from tillid.kernel.ids import new_id
from tillid.process.access import Identity
from tillid.signatures.personal import Expected, personal_imprint
from tillid.usecases.freeze_record import OWN
from tillid.usecases.own_consent import OwnReceipt, own_receipt
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.seal_record import PERSONAL, PERSONAL_STAMP, RECORD
from tillid.usecases.timestamp_record import let_follow, new_token

STEP, STAMP_STEP = "fetch_personal", "timestamp_personal"
# A provider's page is open for half an hour; asked this often, a signature is fetched while its certificate lives.
AGAIN, TURNS = timedelta(seconds=20), 90


class NothingToSign(TillidError):
    code = "personal.nothing"
    text = "Du kan ikke skrive under lige nu. Dit svar gælder alligevel. Gå tilbage til kvitteringen."


def may_sign(house: House, own: OwnReceipt) -> bool:
    """Whether the person can be sent to a provider with this record: sealed, answered by a login, not signed yet."""
    ready = house.personal is not None and house.personal.there and own.record is not None
    return ready and bool(_subject(own.event)) and PERSONAL not in house.ledger.attachments(own.event.id)


def begin_personal(house: House, who: Identity, request_id: str, event_id: str, return_to: str) -> str:
    """1. ``who``'s own record, logged 2. the provider takes the order 3. the answer will be fetched; where to send the person.

    Raises ``NotFound`` for anybody else's, ``NothingToSign``, and ``Unavailable`` while the provider does not answer."""
    own = own_receipt(house, who, request_id, event_id, "sign_personally")
    if house.personal is None or own.record is None or not may_sign(house, own):
        raise NothingToSign("no provider, no record, or signed already")
    order = new_id()
    go_to = house.personal.begin(order, _expected(own.event, own.record), return_to)
    house.outbox.add(STEP, {"event": event_id, "order": order, "turn": "1"}, house.moment + AGAIN)
    return go_to


class OwnSignature(msgspec.Struct, frozen=True, kw_only=True):
    """For the receipt's page. ``state``: empty where nothing can be signed."""

    state: Literal["", "can", "coming", "signed"]


def own_signature(house: House, own: OwnReceipt) -> OwnSignature:
    """How far the person's own signature over ``own`` is; for a page that has asked who it is for."""
    if PERSONAL in house.ledger.attachments(own.event.id):
        return OwnSignature(state="signed")
    if not may_sign(house, own):
        return OwnSignature(state="")
    return OwnSignature(state="coming" if is_being_fetched(house, own.event.id) else "can")


def is_being_fetched(house: House, event_id: str) -> bool:
    """Whether a signature may still come."""
    return any(one.step == STEP and one.ids["event"] == event_id and not one.dead for one in house.outbox.pending())


def fetch_personal(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Fetch what the person signed and keep it; once, however often the provider answers. While the person is at it, another
    turn is put into the outbox; in the end it is left. No transaction is open while the provider is asked."""
    event_id = entry.ids["event"]
    with open_house() as house:
        event, attached, provider = house.ledger.event(event_id), house.ledger.attachments(event_id), house.personal
    if event is None or RECORD not in attached or PERSONAL in attached:
        return
    if provider is None or not provider.there:
        raise Unavailable("no provider is set up", code="personal.unavailable")
    found = provider.fetch(entry.ids["order"], _expected(event, attached[RECORD]))
    with open_house() as house:
        if found.signature is not None:
            _keep(house, event, found.signature)
        elif found.waiting and (turn := int(entry.ids["turn"])) < TURNS:
            house.outbox.add(STEP, entry.ids | {"turn": str(turn + 1)}, house.moment + AGAIN)


def timestamp_personal(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """A timestamp over the signature: its certificate lives for minutes. Raises as ``new_token``."""
    if (found := new_token(open_house, entry, PERSONAL, PERSONAL_STAMP, personal_imprint)) is None:
        return
    event, token = found
    with open_house() as house:
        if house.evidence is not None:  # before the token is there, as for the record's
            house.evidence.note(event.id + OWN)
        if house.ledger.attach(event.id, PERSONAL_STAMP, token):
            let_follow(house, event, PERSONAL_STAMP)


def _keep(house: House, event: Event, signature: bytes) -> None:
    if house.ledger.attach(event.id, PERSONAL, signature):
        if house.time_stamper is not None:
            house.outbox.add(STAMP_STEP, {"event": event.id}, house.moment)
        let_follow(house, event, PERSONAL)


def _subject(event: Event) -> str:
    """Whom the login was, by the provider's pseudonym; empty for an answer on paper or by phone."""
    return str((event.payload.get("login") or {}).get("subject") or "")


def expected_of(event: Event, record: bytes) -> Expected:
    """What a signature beside ``record`` must be about."""
    return Expected(record=record, subject=_subject(event))


def _expected(event: Event, record: bytes) -> Expected:
    found = expected_of(event, record)
    if not found.subject:
        raise NotFound("not answered by a login")
    return found
