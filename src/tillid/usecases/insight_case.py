"""A case of insight, step by step: begun, refused, handed out, and the lists of them (R-72; GDPR art. 12, 15).

For the data protection officer of the child's own controller alone (R-05). Each step is an event of the case's own series in the
child's ledger and a row in the log of the child.
"""

from __future__ import annotations

from datetime import date

import msgspec

from tillid.archive.insight import (
    ASKED,
    FORGOTTEN,
    HANDED,
    REFUSED,
    Asker,
    HandedOut,
    InsightCase,
    Refusal,
    Request,
    case_of,
)
from tillid.archive.insight_days import Basis, InsightStone
from tillid.archive.keeping import LIFTED, Lifted, keeping_of
from tillid.consents.custody import Holder
from tillid.kernel.clock import local_day
from tillid.kernel.cpr import as_written
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity, units_of_controller
from tillid.process.organisation import Child
from tillid.usecases.facts import Conflict
from tillid.usecases.insight_units import child_among
from tillid.usecases.intake_holds import let_notifications_go
from tillid.usecases.intake_told import tell_intake
from tillid.usecases.ports import House
from tillid.usecases.see_log import LogUnit, log_units
from tillid.usecases.writing import already, audit_row, record_event

LEAST, MOST = 5, 1000  # characters of what an officer writes
OLDEST = 366  # days back that a request may have come


class InsightIncomplete(TillidError):
    """``part``: what is missing."""

    code = "insight.incomplete"
    text = "Udfyld feltet med mindst {count} tegn. Skriv ikke CPR-numre."

    def __init__(self, part: str) -> None:
        super().__init__(part, count=LEAST)
        self.part = part


class WrongDay(InsightIncomplete):
    code = "insight.day"
    text = "Vælg den dag, anmodningen kom. Den kan ligge op til et år tilbage."


class CaseRef(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger and the log know a case by."""

    id: str
    child_id: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed when a case is begun."""

    asker: Asker
    name: str
    holder_id: str
    identity: str
    basis: Basis
    asked_on: date | None


class InsightLine(msgspec.Struct, frozen=True, kw_only=True):
    """``late``: the day has passed and nothing was answered."""

    case: InsightCase
    child_name: str
    late: bool


class InsightList(msgspec.Struct, frozen=True, kw_only=True):
    """Open cases first, by the day they must be answered; the children whose case can be begun; and what is left of cases whose
    period is over, newest first."""

    lines: tuple[InsightLine, ...]
    stones: tuple[InsightStone, ...]
    units: tuple[LogUnit, ...]


class InsightChild(msgspec.Struct, frozen=True, kw_only=True):
    """``holders``: everybody who has or had custody."""

    child: Child
    lines: tuple[InsightLine, ...]
    holders: tuple[Holder, ...]


def officers_child(house: House, who: Identity, child_id: str) -> Child:
    """The child, if ``who`` is the data protection officer of where it is or of a document about it; else ``NotFound``."""
    mine = units_of_controller(who, "dpo", house.people.organigram()) if who.kind == "staff" else frozenset()
    return child_among(house, mine, child_id)


def require_case(house: House, who: Identity, case_id: str) -> tuple[InsightCase, Child]:
    """The case for who may work on it; else ``NotFound``."""
    case = case_of(house.ledger.of_document(case_id))
    if case is None:
        raise NotFound("no such case")
    return case, officers_child(house, who, case.child_id)


def working_on(house: House, who: Identity, case_id: str, action: str, *states: str) -> InsightCase:
    """The case in one of ``states``, logged as ``action``. Raises ``NotFound``, and ``Conflict`` when it stands elsewhere."""
    case, _ = require_case(house, who, case_id)
    house.audit.write(audit_row(house, who, action, case.id, case.child_id, case.request.basis))
    if case.state not in states:
        raise Conflict(f"the case is {case.state}")
    return case


def done_before(house: House, who: Identity, case_id: str, event_id: str) -> bool:
    """Whether the same click was registered already; a click counts once. Raises ``NotFound``."""
    require_case(house, who, case_id)
    return already(house, case_id, event_id) is not None


def ref_of(case: InsightCase) -> CaseRef:
    return CaseRef(id=case.id, child_id=case.child_id)


def insight_list(house: House, who: Identity) -> InsightList:
    """All cases of the own controller, logged before they are told. Raises ``NotFound`` for who is no data protection officer."""
    units, found, stones = log_units(house, who), [], []
    house.audit.write(audit_row(house, who, "list_insight", "", "", "list_insight"))
    for case_id, child_id in house.insights.all().items():
        try:
            child = officers_child(house, who, child_id)
        except NotFound:
            continue
        events = house.ledger.of_document(case_id)
        case = case_of(events)
        if case is not None:
            found.append(_line(house, case, child))
        stones += [msgspec.convert(one.payload, InsightStone) for one in events if one.kind == FORGOTTEN]
    stones.sort(key=lambda one: (one.closed_on, one.number), reverse=True)
    return InsightList(lines=tuple(sorted(found, key=_order)), stones=tuple(stones), units=units)


def insight_child(house: House, who: Identity, child_id: str) -> InsightChild:
    """One child's cases, and who can ask. Raises ``NotFound``."""
    child = officers_child(house, who, child_id)
    house.audit.write(audit_row(house, who, "insight_child", child.id, child.id, "insight_child"))
    ids = [case_id for case_id, of in house.insights.all().items() if of == child_id]
    cases = [case for one in ids if (case := case_of(house.ledger.of_document(one))) is not None]
    return InsightChild(
        child=child,
        lines=tuple(sorted((_line(house, case, child) for case in cases), key=_order)),
        holders=house.people.custody(child_id).holders,
    )


def begin_insight(house: House, who: Identity, child_id: str, asked: Asked, *, event_id: str) -> str:
    """A new case; returns its id, which is the event's: the same click twice is one case. Raises ``InsightIncomplete``."""
    child = officers_child(house, who, child_id)
    house.audit.write(audit_row(house, who, "begin_insight", event_id, child.id, asked.basis))
    if house.ledger.event(event_id) is not None:
        return event_id
    request = _request(house, child, asked, event_id)
    record_event(house, CaseRef(id=event_id, child_id=child.id), ASKED, who.person_id, request, event_id=event_id)
    house.insights.add(event_id, child.id)
    tell_intake(house, who, event_id, child.id)
    return event_id


def refuse_insight(house: House, who: Identity, case_id: str, provision: str, reason: str, *, event_id: str) -> None:
    """Nothing is given; the case is closed. Raises ``InsightIncomplete``, ``Conflict``."""
    if done_before(house, who, case_id, event_id):
        return
    case = working_on(house, who, case_id, "refuse_insight", "open", "collected", "reviewed")
    payload = Refusal(provision=stated("provision", provision), reason=stated("reason", reason))
    record_event(house, ref_of(case), REFUSED, who.person_id, payload, event_id=event_id)
    let_go(house, who, case)


def hand_out_insight(house: House, who: Identity, case_id: str, how: str, sha256: str, *, event_id: str) -> None:
    """The package with that digest has gone to who asked; the case is closed. Raises as ``refuse_insight``."""
    if done_before(house, who, case_id, event_id):
        return
    case = working_on(house, who, case_id, "hand_out_insight", "reviewed")
    payload = HandedOut(how=stated("how", how), sha256=sha256)
    record_event(house, ref_of(case), HANDED, who.person_id, payload, event_id=event_id)
    let_go(house, who, case)


def hold_reason(case: InsightCase) -> str:
    """What stands with the holds that a case places; it names nobody."""
    return f"Indsigtssag {case.request.number}"


def let_go(house: House, who: Identity, case: InsightCase) -> None:
    """A closed case holds nothing back from destruction any more; what others hold stays held (R-90)."""
    for document_id in dict.fromkeys(one.document_id for one in case.items if one.document_id):
        document = house.documents.get(document_id)
        keeping = keeping_of(house.ledger.of_document(document_id))
        for one in keeping.holds:
            if document is not None and (one.hold.kind, one.hold.reason) == ("insight", hold_reason(case)):
                record_event(house, document, LIFTED, who.person_id, Lifted(hold=one.id, reason=hold_reason(case)))
    let_notifications_go(house, case)


def stated(part: str, words: str) -> str:
    """What an officer wrote, as it is stored. Raises ``InsightIncomplete``."""
    text = as_written(words, LEAST, MOST)
    if text is None:
        raise InsightIncomplete(part)
    return text


def _request(house: House, child: Child, asked: Asked, event_id: str) -> Request:
    today = local_day(house.moment)
    holder = next((one for one in house.people.custody(child.id).holders if one.person_id == asked.holder_id), None)
    if asked.asker == "holder" and holder is None:
        raise InsightIncomplete("holder_id")
    if asked.asked_on is None or not 0 <= (today - asked.asked_on).days <= OLDEST:
        raise WrongDay("asked_on")
    for_holder = holder is not None and asked.asker in ("holder", "lawyer")
    return Request(
        number=f"IND-{event_id[:8].upper()}",
        asker=asked.asker,
        name=holder.name if holder is not None and asked.asker == "holder" else stated("name", asked.name),
        holder_id=holder.person_id if holder is not None and for_holder else "",
        identity=stated("identity", asked.identity),
        basis=asked.basis,
        asked_on=asked.asked_on,
    )


def _line(house: House, case: InsightCase, child: Child) -> InsightLine:
    return InsightLine(case=case, child_name=child.name, late=not case.closed and local_day(house.moment) > case.due)


def _order(line: InsightLine) -> tuple[bool, date, str]:
    return line.case.closed, line.case.due, line.case.id
