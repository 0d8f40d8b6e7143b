"""The access log's own period: when a month of it is over, its rows go; the chain stays whole and says that they went (R-90, ADR 0060).

What is about a child or a document that is held stays. Nothing goes before the municipality has said that rules may.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from tillid.archive.retention import after
from tillid.archive.retention_rules import our_rules
from tillid.archive.rule_run import RuleRun
from tillid.kernel.clock import end_of, local_day
from tillid.kernel.ids import new_id
from tillid.usecases.forget_drafts import by_rule
from tillid.usecases.ports import Audit, AuditRow, House, OpenHouse

ACTION = "forget_log"
SYSTEM = "system"


def month_that_stays(today: date, period: str) -> date:
    """The first day of the first month that is not over: all that was written before it has had its ``period``."""
    first = today.replace(day=1)
    while first > date.min + timedelta(days=31) and after(first - timedelta(days=1), period) > today:
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def forget_log(open_house: OpenHouse, *others: Audit) -> int:
    """Destroy the rows whose month is over, also in ``others`` (the log of the operator's commands). Returns how many."""
    with open_house() as house:
        if not by_rule(house):
            return 0
        rule = our_rules().of_kind("access_log")
        first = month_that_stays(local_day(house.moment), rule.period)
        held = {name for one in house.ledger.open_holds() for name in (one.child_id, one.document_id)}
        row = _row(house, f"{rule.id} {rule.period}")

        def stays(one: AuditRow) -> bool:
            return one.child_id in held or one.object_id in held

        def told(said: str) -> AuditRow:
            return msgspec.structs.replace(row, id=new_id(), outcome=said)

        before = end_of(first - timedelta(days=1))
        count = sum(one.forget_before(before, stays, told) for one in (house.audit, *others))
        if count:
            rules = our_rules().digest
            house.keeping.add_run(RuleRun(what="access_log", at=house.moment, count=count, before=first, rules=rules))
        return count


def _row(house: House, purpose: str) -> AuditRow:
    return AuditRow(
        id=new_id(),
        phase="outcome",
        at=house.moment,
        request_id=house.request_id,
        person_id=SYSTEM,
        role=SYSTEM,
        action=ACTION,
        object_id=our_rules().digest,
        child_id="",
        purpose=purpose,
    )
