"""The intake's part of a case of insight: which cases wait for it, and its answer (R-53, R-54, R-72, ADR 0068).

Every case of the municipality waits for an answer, whether there is an underretning or not, and only a person gives it: so neither the
case nor the hour says which. What is found and decided stands in a series of its own and in log rows that no child's log has.
"""

from __future__ import annotations

import msgspec

from tillid.archive.insight import REOPENED as AGAIN
from tillid.archive.insight import REVIEWED, InsightCase, case_of
from tillid.archive.insight_intake import ANSWERED, REOPENED, answer_id, answer_of
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.facts import Conflict
from tillid.usecases.insight_case import CaseRef, ref_of
from tillid.usecases.insight_item import Undecided
from tillid.usecases.insight_released import order_released
from tillid.usecases.insight_units import child_among, own_units
from tillid.usecases.intake_find import notifications_about
from tillid.usecases.intake_told import tell_officer
from tillid.usecases.notifications import towns_of
from tillid.usecases.ports import House
from tillid.usecases.writing import already, audit_row, record_event

SEE, DECIDE, ANSWER = "see_insight_intake", "decide_insight_intake", "answer_insight_intake"


class NewSince(TillidError):
    code = "insight.new-since"
    text = "Der er kommet noget nyt, siden I ledte. Led igen, før I svarer."


class IntakeCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case as the intake sees it. ``answer``: what the intake has found and decided."""

    case: InsightCase
    child: Child
    answer: InsightCase

    @property
    def answered(self) -> bool:
        return self.answer.state == "reviewed"

    @property
    def open(self) -> bool:
        """Whether something can still be decided."""
        return not self.case.closed and not self.answered


def intake_cases(house: House, who: Identity) -> tuple[IntakeCase, ...]:
    """Those that wait first, by the day they must be answered; the closed ones last; logged before they are told. Raises ``NotFound``
    for who is no intake."""
    if not (units := _units(house, who)):
        raise NotFound("not the intake")
    house.audit.write(audit_row(house, who, "list_insight_intake", "", "", "list_insight_intake"))
    found = []
    for case_id in house.insights.all():
        try:
            found.append(_among(house, units, case_id))
        except NotFound:
            continue
    return tuple(sorted(found, key=lambda one: (one.case.closed, one.answered, one.case.due, one.case.id)))


def require_intake_case(house: House, who: Identity, case_id: str) -> IntakeCase:
    """The case for who may answer in it; else ``NotFound``."""
    return _among(house, _units(house, who), case_id)


def intake_case(house: House, who: Identity, case_id: str, action: str = SEE) -> IntakeCase:
    """The case, logged as ``action`` outside the child's log. Raises ``NotFound``."""
    found = require_intake_case(house, who, case_id)
    about = answer_id(case_id)
    house.audit.write(audit_row(house, who, action, about, about, action))
    return found


def working_on_answer(house: House, who: Identity, case_id: str, action: str) -> IntakeCase:
    """The case as long as something can be decided. Raises ``NotFound``, ``Conflict``."""
    found = intake_case(house, who, case_id, action)
    if not found.open:
        raise Conflict("answered, or closed")
    return found


def counted(house: House, who: Identity, case_id: str, event_id: str) -> bool:
    """Whether the same click was registered already, as ``done_before`` of the officer. Raises ``NotFound``."""
    require_intake_case(house, who, case_id)
    return already(house, answer_id(case_id), event_id) is not None


def answer_ref(case: InsightCase) -> CaseRef:
    """What ledger and log know the intake's series by: nothing of the child's."""
    return CaseRef(id=answer_id(case.id), child_id=answer_id(case.id))


def answer_case(house: House, who: Identity, case_id: str, digest: str, *, event_id: str) -> None:
    """Everything was found and decided about, also when that is nothing; what is given is made for the package. ``digest``: of what was
    on the page. Raises ``NotFound``, ``Conflict``, ``Undecided``, ``NewSince``."""
    if counted(house, who, case_id, event_id):
        return
    found = working_on_answer(house, who, case_id, ANSWER)
    answer = found.answer
    if answer.state != "collected" or answer.digest != digest:
        raise Conflict("not looked for, or decided anew meanwhile")
    if answer.undecided:
        raise Undecided("items", count=len(answer.undecided))
    if notifications_about(house, who, found.child).keys() - {one.document_id for one in answer.items}:
        raise NewSince("another notification")
    record_event(house, answer_ref(found.case), REVIEWED, who.person_id, event_id=event_id)
    tell_officer(house, found.case, record_event(house, ref_of(found.case), ANSWERED, who.person_id))
    order_released(house, found.case)


def reopen_answer(house: House, who: Identity, case_id: str, *, event_id: str) -> None:
    """Decide again, as long as nothing was handed out. Raises ``NotFound``, ``Conflict``."""
    if counted(house, who, case_id, event_id):
        return
    found = intake_case(house, who, case_id, ANSWER)
    if found.case.closed or not found.answered:
        raise Conflict("closed, or not answered")
    record_event(house, answer_ref(found.case), AGAIN, who.person_id, event_id=event_id)
    record_event(house, ref_of(found.case), REOPENED, who.person_id)


def _among(house: House, units: frozenset[str], case_id: str) -> IntakeCase:
    case = case_of(house.ledger.of_document(case_id))
    if case is None:
        raise NotFound("no such case")
    child = child_among(house, units, case.child_id)
    return IntakeCase(case=case, child=child, answer=answer_of(case, house.ledger.of_document(answer_id(case_id))))


def _units(house: House, who: Identity) -> frozenset[str]:
    return own_units(house.people.organigram(), towns_of(house, who))
