"""Whether a case of insight asks the municipality's intake, and how both sides hear of it (R-54, R-72, ADR 0068).

Who is told of a case, and when, never depends on whether there is an underretning.
"""

from __future__ import annotations

from tillid.archive.insight import HANDED, InsightCase
from tillid.archive.insight_intake import has_answered
from tillid.consents.events import Event
from tillid.process.access import Identity, units_of_controller
from tillid.usecases.notify import municipality_of
from tillid.usecases.ports import House
from tillid.usecases.writing import tell

ASKS, ANSWERED = "insight_asks_intake", "insight_intake_answered"


def asks_intake(house: House, who: Identity) -> bool:
    """Whether the cases of the officer ``who`` wait for the intake: those of the municipality's own controller. Whoever runs a place
    of its own has no share in what the municipality has received (R-05)."""
    return bool(_towns(house, who))


def answer_stands(house: House, who: Identity, case_id: str) -> bool:
    """Whether nothing waits for the intake: also what was handed out before it was asked at all."""
    events = house.ledger.of_document(case_id)
    return not asks_intake(house, who) or has_answered(events) or any(one.kind == HANDED for one in events)


def tell_intake(house: House, who: Identity, case_id: str) -> None:
    """A case that ``who`` began waits for it."""
    towns, organigram = _towns(house, who), house.people.organigram()
    people = [
        staff.id
        for staff in house.people.all_staff()
        if any(one.role == "intake" and municipality_of(organigram, one.unit_id) in towns for one in staff.assignments)
    ]
    tell(house, people, ASKS, case_id, case=case_id)


def tell_officer(house: House, case: InsightCase, answered: Event) -> None:
    """The case that an officer began has its answer."""
    tell(house, [case.begun_by], ANSWERED, answered.id, case=case.id)


def _towns(house: House, who: Identity) -> frozenset[str]:
    units = house.people.organigram().units
    mine = units_of_controller(who, "dpo", house.people.organigram()) if who.kind == "staff" else frozenset()
    return frozenset(one for one in mine if units[one].kind == "municipality")
