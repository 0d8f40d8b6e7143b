"""What ends a leader's decision: a no that comes after it, in the same click (R-02); another receiver, for whom it was not made;
the leader. What follows, follows as after a withdrawal."""

from __future__ import annotations

from collections.abc import Iterable

from tillid.consents.decision import ENDED
from tillid.consents.events import Event
from tillid.documents.model import Document
from tillid.usecases.facts import custody_of, decided_share
from tillid.usecases.ports import House
from tillid.usecases.writing import receiver_people, record_event, sender_people, tell


def let_decision_stop(house: House, document: Document, events: Iterable[Event], event: Event) -> None:
    """Tell receiver and sender's side, and let the search follow, if ``event`` (the newest, after ``events``) has ended what a
    leader had decided. That it is ended needs nothing of this."""
    before, after = (decided_share(house, list(one)) for one in (events, [*events, event]))
    if before is None or not before[1].effective or after is not None and after[1].effective:
        return
    _let_follow(house, document, event)


def let_new_receiver_stop(house: House, document: Document) -> None:
    """Ends what was decided for another receiver than ``document`` is given now, before it is kept: who is chosen later reads
    nothing by it (R-02)."""
    kept = house.documents.get(document.id)
    decided = decided_share(house, house.ledger.of_document(document.id))
    if kept is None or decided is None or not decided[1].stands:
        return
    decision = decided[0]
    if decision.to_unit.id != document.receiver_unit_id:
        end_decision(house, kept, decision.id, "system")


def end_decision(house: House, document: Document, decision_id: str, actor: str) -> None:
    """From this transaction on nobody reads by it; the parents are told too."""
    event = record_event(house, document, ENDED, actor, request_id=decision_id)
    _let_follow(house, document, event)
    custody = custody_of(house, document.child_id)
    holders = custody.current(house.moment) if custody is not None else ()
    tell(house, [one.person_id for one in holders], "share_ended", event.id, document=document.id)


def _let_follow(house: House, document: Document, event: Event) -> None:
    house.exclusions.add(document.id, event.id)
    house.outbox.add("index", {"document": document.id, "event": event.id}, house.moment)
    tell(house, receiver_people(house, document), "no_longer_available", event.id, document=document.id)
    tell(house, sender_people(house, document), "share_ended", event.id, document=document.id)
