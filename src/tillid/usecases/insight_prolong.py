"""More time for a case of insight: with a reason that who asks is told before the first day is over (GDPR art. 12(3); R-72).

For aktindsigt and partsindsigt the acts ask for the same, reason and new day, and name no longest time (offentlighedsloven § 36,
stk. 2; forvaltningsloven § 16, stk. 2).
"""

from __future__ import annotations

from datetime import date

from tillid.archive.insight import PROLONGED, InsightCase
from tillid.archive.insight_days import Prolonged, latest_day
from tillid.consents.statement import danish_date
from tillid.kernel.clock import local_day
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.usecases.insight_case import InsightIncomplete, done_before, ref_of, stated, working_on
from tillid.usecases.ports import House
from tillid.usecases.writing import record_event

OPEN = ("open", "collected", "reviewed")


class TooLate(TillidError):
    code = "insight.too-late"
    text = (
        "Fristen kan ikke forlænges mere. Den, der spørger, skulle have haft besked senest {day}. Svar hurtigst muligt."
    )


class ProlongDay(InsightIncomplete):
    code = "insight.prolong-day"
    text = "Vælg en dag efter {first} og senest {last}."

    def __init__(self, case: InsightCase) -> None:
        TillidError.__init__(self, "until", first=danish_date(case.first_due), last=danish_date(last_day(case)))
        self.part = "until"


def can_prolong(case: InsightCase, today: date) -> bool:
    """Whether there is still time to tell who asks."""
    return case.state in OPEN and today <= case.first_due


def last_day(case: InsightCase) -> date:
    """The last day it can be prolonged to."""
    return latest_day(case.request.basis, case.request.asked_on)


def prolong_insight(
    house: House, who: Identity, case_id: str, until: date | None, reason: str, told: str, *, event_id: str
) -> None:
    """The case is due on ``until``; ``told``: how who asks was told of that and of ``reason``. The same click twice is one. Raises
    ``NotFound``, ``Conflict`` once it is closed, ``TooLate``, ``ProlongDay``, ``InsightIncomplete``."""
    if done_before(house, who, case_id, event_id):
        return
    case = working_on(house, who, case_id, "prolong_insight", *OPEN)
    if not can_prolong(case, local_day(house.moment)):
        raise TooLate("told too late", day=danish_date(case.first_due))
    if until is None or not case.first_due < until <= last_day(case):
        raise ProlongDay(case)
    payload = Prolonged(until=until, reason=stated("prolong_reason", reason), told=stated("told", told))
    record_event(house, ref_of(case), PROLONGED, who.person_id, payload, event_id=event_id)
