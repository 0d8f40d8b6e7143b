"""Whether a case of insight asks the municipality's intake, and how both sides hear of it (R-54, R-72, ADR 0068).

Who is told of a case, and when, never depends on whether there is an underretning.
"""

from __future__ import annotations

from tillid.archive.insight import InsightCase
from tillid.archive.insight_intake import has_answered
from tillid.consents.events import Event
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity, units_of_controller
from tillid.usecases.insight_units import child_among, own_units
from tillid.usecases.notify import intake_towns
from tillid.usecases.ports import House
from tillid.usecases.writing import tell

ASKS, ANSWERED = "insight_asks_intake", "insight_intake_answered"


def asks_intake(house: House, who: Identity, child_id: str) -> bool:
    """Whether a case of the officer ``who`` about the child waits for the intake: where it is the municipality's own controller that is
    asked. Whoever runs a place of its own has no share in what the municipality has received (R-05)."""
    return bool(_towns(house, who, child_id))


def answer_stands(house: House, who: Identity, case: InsightCase) -> bool:
    """Whether nothing waits for the intake: also what was handed out before it was asked at all."""
    if not asks_intake(house, who, case.child_id) or case.handed is not None:
        return True
    return has_answered(house.ledger.of_document(case.id))


def tell_intake(house: House, who: Identity, case_id: str, child_id: str) -> None:
    """A case that ``who`` began waits for it."""
    towns, organigram = _towns(house, who, child_id), house.people.organigram()
    people = [one.id for one in house.people.all_staff() if intake_towns(organigram, one.assignments) & towns]
    tell(house, people, ASKS, case_id, case=case_id)


def tell_officer(house: House, case: InsightCase, answered: Event) -> None:
    """The case that an officer began has its answer."""
    tell(house, [case.begun_by], ANSWERED, answered.id, case=case.id)


def _towns(house: House, who: Identity, child_id: str) -> frozenset[str]:
    """The municipalities for which ``who`` is the officer and whose intake finds the child's cases: an officer of several controllers
    waits for nobody who cannot answer."""
    organigram, found = house.people.organigram(), set()
    for unit in units_of_controller(who, "dpo", organigram) if who.kind == "staff" else ():
        if organigram.units[unit].kind == "municipality":
            try:
                child_among(house, own_units(organigram, (unit,)), child_id)
            except NotFound:
                continue
            found.add(unit)
    return frozenset(found)
