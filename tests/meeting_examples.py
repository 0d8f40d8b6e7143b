"""A question about a meeting and its events, as values: shared by the tests and by the vectors."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.consent_examples import CHILD, HOLDER, LOGIN, MOMENT, SERIES, request, uid
from tillid.consents.events import Event, next_event
from tillid.consents.meeting import (
    ASKED,
    BASIS,
    KINDS,
    PURPOSE,
    MeetingPlan,
    MeetingQuestion,
    Participant,
    is_refusal,
)
from tillid.consents.meeting_words import meeting_texts, words_of_withdrawal, words_to
from tillid.consents.model import Given, Withdrawn

NAME = "Søren O'Hara & Co"
PSYCHOLOGIST = Participant(name="Ida Holm <PPR>", role="Psykolog", organisation="PPR & Co")
TEACHER = Participant(name="Jonas Krogh", role="Pædagog")
PLAN = MeetingPlan(
    document_id=uid(0xF3),
    title="Gode skift i løbet af dagen",
    kind="dialogmoede",
    purpose="At vi forstår det samme ved skiftene, og aftaler to ting at prøve.",
    participants=(PSYCHOLOGIST, TEACHER),
)


def question(**changes: Any) -> MeetingQuestion:
    """One holder is asked about two participants; ``changes`` replace fields."""
    about, plan, until = request(), changes.get("plan", PLAN), date(2026, 1, 15)
    values: dict[str, Any] = {
        "id": uid(0xE3), "child_id": CHILD, "child_name": about.child_name, "controller": about.controller,
        "from_unit": about.from_unit, "plan": plan, "basis": BASIS, "valid_to": until, "required_holders": (HOLDER,),
        "texts": meeting_texts(plan, child=about.child_name, sender=about.from_unit.name, contact="lederen", valid_to=until),
        "series": {HOLDER: SERIES}, "created_at": MOMENT - timedelta(days=2), "created_by": uid(9),
    }  # fmt: skip
    return MeetingQuestion(**values | changes)


def asked_event(asked: MeetingQuestion) -> Event:
    """The question in the document's own series."""
    return next_event(
        [], id=asked.id, kind=ASKED, series_id=asked.plan.document_id, at=asked.created_at, actor=asked.created_by,
        child_id=asked.child_id, document_id=asked.plan.document_id, request_id=asked.id, payload=asked,
    )  # fmt: skip


def meeting_answer(
    asked: MeetingQuestion, answers: dict[str, bool] | None = None, *, holder: str = HOLDER, **changes: Any
) -> Event:
    """The first event of the holder's series; without ``answers`` a yes to everything."""
    said = dict.fromkeys(asked.plan.rows, True) | (answers or {})
    values: dict[str, Any] = {
        "holder_id": holder, "holder_name": NAME, "answers": said, "oral": False, "text": words_to(asked, NAME, "da"),
        "login": LOGIN,
    }  # fmt: skip
    kind = KINDS[1] if is_refusal(said) else KINDS[0]
    return _event([], kind, asked, holder, MOMENT, Given(**values | changes))


def meeting_withdrawal(asked: MeetingQuestion, given: Event, *items: str, **changes: Any) -> Event:
    """The withdrawal that follows ``given``: of ``items``, none named = everything."""
    values: dict[str, Any] = {
        "holder_id": given.payload["holder_id"], "holder_name": NAME, "items": items, "given_event": given.id,
        "given_digest": given.digest, "text": words_of_withdrawal(asked, "da"), "method": "portal", "login": LOGIN,
    }  # fmt: skip
    after = MOMENT + timedelta(days=9)
    return _event([given], KINDS[2], asked, given.payload["holder_id"], after, Withdrawn(**values | changes))


def _event(series: list[Event], kind: Any, asked: MeetingQuestion, holder: str, at: datetime, payload: Any) -> Event:
    number = 0x300 + len(series) + (0 if holder == HOLDER else 0x10)
    return next_event(
        series, id=uid(number), kind=kind, series_id=asked.series[holder], at=at, actor=holder, child_id=asked.child_id,
        document_id=asked.plan.document_id, request_id=asked.id, payload=payload,
    )  # fmt: skip


__all__ = ["PLAN", "PURPOSE", "asked_event", "meeting_answer", "meeting_withdrawal", "question"]
