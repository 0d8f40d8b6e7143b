"""The intake looks for underretninger about the child of a case of insight, and adds one that nothing points at (R-72, ADR 0068)."""

from __future__ import annotations

from tillid.archive.insight import COLLECTED, Collected
from tillid.process.access import Identity
from tillid.usecases.intake_case import DECIDE, IntakeCase, answer_ref, counted, working_on_answer
from tillid.usecases.intake_find import items_of, notifications_about, numbered
from tillid.usecases.intake_holds import hold_notification
from tillid.usecases.ports import House
from tillid.usecases.writing import record_event


def look_for_notifications(house: House, who: Identity, case_id: str, *, event_id: str) -> None:
    """List what there is now, beside what was listed before; decisions stay. The same click twice is one. Raises ``NotFound``,
    ``Conflict``, ``Unavailable``."""
    if not counted(house, who, case_id, event_id):
        found = working_on_answer(house, who, case_id, DECIDE)
        _list(house, who, found, notifications_about(house, who, found.child), event_id)


def add_notification(house: House, who: Identity, case_id: str, number: str, *, event_id: str) -> None:
    """The one with that number is about the child too. Raises as ``look_for_notifications``, and ``NoSuchNumber``."""
    if not counted(house, who, case_id, event_id):
        found = working_on_answer(house, who, case_id, DECIDE)
        added = numbered(house, who, number).id
        _list(house, who, found, {**notifications_about(house, who, found.child), added: True}, event_id)


def _list(house: House, who: Identity, found: IntakeCase, about: dict[str, bool], event_id: str) -> None:
    every = {**{one.document_id: True for one in found.answer.items}, **about}
    items = tuple(items_of(house, found.case, found.child, every))
    record_event(house, answer_ref(found.case), COLLECTED, who.person_id, Collected(items=items), event_id=event_id)
    for document_id in dict.fromkeys(one.document_id for one in items):
        hold_notification(house, found.case, document_id)
