"""A no that comes after a leader's decision ends the decision in the same click (R-02); what follows, follows as after a
withdrawal."""

from __future__ import annotations

from collections.abc import Iterable

from tillid.consents.events import Event
from tillid.documents.model import Document
from tillid.usecases.facts import decided_share
from tillid.usecases.ports import House
from tillid.usecases.writing import receiver_people, sender_people, tell


def let_decision_stop(house: House, document: Document, events: Iterable[Event], event: Event) -> None:
    """Tell receiver and sender's side, and let the search follow, if ``event`` (the newest, after ``events``) has ended what a
    leader had decided. That it is ended needs nothing of this."""
    before, after = (decided_share(list(one), house.moment) for one in (events, [*events, event]))
    if before is None or not before[1].effective or after is not None and after[1].effective:
        return
    house.exclusions.add(document.id, event.id)
    house.outbox.add("index", {"document": document.id, "event": event.id}, house.moment)
    tell(house, receiver_people(house, document), "no_longer_available", event.id, document=document.id)
    tell(house, sender_people(house, document), "share_ended", event.id, document=document.id)
