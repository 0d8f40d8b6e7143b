"""The intake's own part of a case of insight: which underretninger are about the child, and what of them is given (R-53, R-54, R-72).

It is a series of its own under an id of its own in the place of the child's, as an underretning is (ADR 0026, 0068): nothing by child,
by case or by officer leads to it. In the case itself stands only that the intake has answered, which it does whether there is anything
or not. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tillid.archive.insight import DECIDED, Decision, InsightCase, Item, carried_on
from tillid.consents.events import Event
from tillid.kernel.canonical import sha256
from tillid.kernel.ids import derived_id

ANSWERED, REOPENED = "insight_intake_answered", "insight_intake_reopened"


class IntakeDecision(Decision, frozen=True, kw_only=True):
    """Payload of ``insight_decided`` in the intake's series. Beside what a decision says, for the intake alone: ``despite``, why it is
    given although the parents must not be told yet (R-53), and ``notifier``, why what tells who notified is given."""

    despite: str = ""
    notifier: str = ""


def answer_id(case_id: str) -> str:
    """Of the intake's own series."""
    return _derived("answer", case_id)


def hold_id(case_id: str, document_id: str) -> str:
    """Of the event that keeps an underretning from destruction while the case is open. Its words cannot name the case: who looks
    after underretninger reads them."""
    return _derived("hold", case_id, document_id)


def answer_of(case: InsightCase, events: Iterable[Event]) -> InsightCase:
    """What the intake has found and decided, as a case beside ``case``: ``reviewed`` once it has answered. ``events``: its series,
    possibly none."""
    found, every = InsightCase(id=answer_id(case.id), child_id=case.child_id, request=case.request, begun_by=case.begun_by,
                               begun_at=case.begun_at, prolonged=case.prolonged), list(events)  # fmt: skip
    for event in every:
        found = carried_on(found, event)
    decided = (msgspec.convert(one.payload, IntakeDecision) for one in every if one.kind == DECIDED)
    newest = {one.item: one for one in decided}
    return msgspec.structs.replace(found, decisions={item: newest[item] for item in found.decisions})


def has_answered(events: Iterable[Event]) -> bool:
    """Whether the case with ``events`` has the intake's answer. They hold nothing of it, not even a digest: one of nothing would be
    known again."""
    last = [one.kind for one in events if one.kind in (ANSWERED, REOPENED)][-1:]
    return last == [ANSWERED]


def kept_from_parents(item: Item) -> bool:
    """Whether the notifier asked that the parents are not told yet (R-53)."""
    return any(flag.held == "not_told" for flag in item.flags)


def first_left_out(item: Item) -> frozenset[str]:
    """The answers that tell who notified, or that the parents must not be told: left out until somebody chooses otherwise."""
    return frozenset(flag.field for flag in item.flags if flag.held in ("notifier", "not_told") and flag.field)


def given_of_answer(answer: InsightCase) -> tuple[Item, ...]:
    """What goes into the package, in order."""
    return tuple(one for one in answer.items if answer.choice_of(one) != "hold")


def _derived(*about: str) -> str:
    return derived_id(bytes.fromhex(sha256(":".join(("intake", *about)).encode())))
