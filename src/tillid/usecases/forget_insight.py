"""Closed cases of insight go by their rule, once the municipality has said that they may (R-81, R-90, ADR 0058).

What was found, decided and reasoned, and who asked, gives way to digests; a stone says that there was a case and how it was closed. What
was handed out was never kept. Each case is one transaction, asked anew in it.
"""

from __future__ import annotations

from tillid.archive.insight import FORGOTTEN, InsightCase, case_of
from tillid.archive.insight_days import InsightStone, forgotten_on
from tillid.archive.insight_intake import answer_id
from tillid.archive.keeping import LIFTED, PLACED, Hold, Lifted, Placed, keeping_of
from tillid.archive.retention_rules import our_rules
from tillid.archive.rule_run import RuleRun
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.insight_case import done_before, ref_of, stated, working_on
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.writing import note_of_system, record_event

SETTING = "indsigt_efter_regel"
ACTION, HOLD = "forget_insight", "hold_insight"
SYSTEM = "system"
CLOSED = ("handed_out", "refused")


def forget_insight(open_house: OpenHouse) -> int:
    """Destroy what is due. Returns how many cases."""
    with open_house() as house:
        ids = [case_id for case_id in house.insights.all() if _due(house, case_id) is not None]
    count = 0
    for case_id in ids:
        with open_house() as house:
            case = _due(house, case_id)
            if case is not None:
                _forget(house, case)
                count += 1
    if count:
        with open_house() as house:
            today = local_day(house.moment)
            house.keeping.add_run(
                RuleRun(what="insight", at=house.moment, count=count, before=today, rules=our_rules().digest)
            )
    return count


def holds_of(house: House, case_id: str) -> tuple[Placed, ...]:
    """What holds the case itself."""
    return keeping_of(house.ledger.of_document(case_id)).holds


def hold_insight(house: House, who: Identity, case_id: str, reason: str, *, event_id: str) -> None:
    """A closed case stays as long as it is held. Raises ``NotFound``, ``Conflict``, ``InsightIncomplete``."""
    if done_before(house, who, case_id, event_id):
        return
    case = working_on(house, who, case_id, HOLD, *CLOSED)
    payload = Hold(kind="legal", reason=stated("hold", reason))
    record_event(house, ref_of(case), PLACED, who.person_id, payload, event_id=event_id)


def let_insight_go(house: House, who: Identity, case_id: str, hold_id: str, *, event_id: str) -> None:
    """Raises ``NotFound`` also when the hold does not stand."""
    if done_before(house, who, case_id, event_id):
        return
    case = working_on(house, who, case_id, HOLD, *CLOSED)
    found = next((one for one in holds_of(house, case.id) if one.id == hold_id), None)
    if found is None:
        raise NotFound("no such hold")
    record_event(
        house, ref_of(case), LIFTED, who.person_id, Lifted(hold=found.id, reason=found.hold.reason), event_id=event_id
    )


def _due(house: House, case_id: str) -> InsightCase | None:
    """The case, if it goes now: a rule may, its period is over, and neither it nor anything about the child is held."""
    case = case_of(house.ledger.of_document(case_id))
    if case is None or case.closed_at is None or house.settings.choices.get(SETTING) is not True:
        return None
    over = local_day(house.moment) >= forgotten_on(local_day(case.closed_at))
    held = any(one.child_id == case.child_id for one in house.ledger.open_holds())
    return case if over and not held else None


def _forget(house: House, case: InsightCase) -> None:
    assert case.closed_at is not None, "only what is closed is due"
    rules = our_rules()
    rule = rules.of_kind("insight")
    note_of_system(house, ACTION, ref_of(case), rule.id)
    stone = InsightStone(
        number=case.request.number,
        basis=case.request.basis,
        outcome=case.state,
        asked_on=case.request.asked_on,
        closed_on=local_day(case.closed_at),
        rule=rule.id,
        rules=rules.digest,
    )
    record_event(house, ref_of(case), FORGOTTEN, SYSTEM, stone)
    house.ledger.forget(case.id, {FORGOTTEN})
    house.ledger.forget(answer_id(case.id), ())
    house.insights.forgotten(case.id)
