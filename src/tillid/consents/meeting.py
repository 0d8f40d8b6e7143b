"""Consent to a meeting about a child: to its purpose, and to each participant by name (D12, D15; R-10, R-12, R-16, R-32).

It shares no document: it says whom the child may be discussed with, what for, and until when. Each holder answers the purpose
and every participant; whoever one of them says no to, or takes back, neither takes part nor is told. It covers the purpose and the
list that were asked about and no other: a changed list or purpose is a new question, and the old one covers nothing from then on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec

from tillid.consents.custody import Custody
from tillid.consents.effective import ASKED_AGAIN, Kinds, Standing, Verdict, answers_of
from tillid.consents.events import Event
from tillid.consents.model import Basis, ConsentText, Organisation
from tillid.consents.of_age import NOT_YET, PARENTS_ENDED, asks_child, decides_itself
from tillid.consents.restored import REASON as RESTORED
from tillid.consents.restored import Restored, holding
from tillid.kernel.canonical import json_digest
from tillid.kernel.clock import end_of

ASKED = "meeting_asked"
KINDS: Kinds = ("meeting_given", "meeting_refused", "meeting_withdrawn")
PURPOSE = "purpose"  # the row of the purpose; a no to it is a no to the meeting
BASIS = Basis(
    code="samtykke_gdpr",
    provision="Samtykke (databeskyttelsesforordningen art. 6, stk. 1, litra a, og art. 9, stk. 2, litra a)",
)


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes part: by name, in what role, from where (``organisation``: empty where the sheet names none)."""

    name: str
    role: str
    organisation: str = ""

    @property
    def id(self) -> str:
        """The row this participant is answered by: another name, role or place is another participant."""
        return f"person:{json_digest(msgspec.to_builtins(self))[:16]}"

    @property
    def label(self) -> str:
        """Who it is, on one line."""
        return ", ".join(filter(None, (self.name, self.role, self.organisation)))


class MeetingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the parents are asked about. ``kind``: code of the meeting's kind; ``purpose``: in words that a parent understands."""

    document_id: str
    title: str
    kind: str
    purpose: str
    participants: tuple[Participant, ...]

    @property
    def digest(self) -> str:
        """Of what a consent covers: purpose and participants, in any order. The title may be mended."""
        return json_digest(
            {"kind": self.kind, "purpose": self.purpose, "participants": sorted(p.id for p in self.participants)}
        )

    @property
    def rows(self) -> tuple[str, ...]:
        """What each holder answers: the purpose, then each participant."""
        return (PURPOSE, *(one.id for one in self.participants))

    def participant(self, item: str) -> Participant | None:
        """Who is answered by the row ``item``, or ``None``."""
        return next((one for one in self.participants if one.id == item), None)


class MeetingQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``meeting_asked``: one question to all custody holders, or to the child that decides itself. ``valid_to``: last day, of the meeting itself or a later
    one; ``texts``: the words per language but for the holder's own ``{navn}``; ``series``: holder id → that holder's own series."""

    id: str
    child_id: str
    child_name: str
    controller: Organisation
    from_unit: Organisation
    plan: MeetingPlan
    basis: Basis
    valid_to: date
    texts: tuple[ConsentText, ...]
    required_holders: tuple[str, ...]
    series: dict[str, str]
    created_at: datetime
    created_by: str


class MayTakePart(msgspec.Struct, frozen=True, kw_only=True):
    """Whether somebody may take part in the meeting and be told of the child. ``reason``: a stable code, for staff and tests."""

    allowed: bool
    reason: str


def questions_of(events: Iterable[Event]) -> list[MeetingQuestion]:
    """Every question about a meeting among ``events``, oldest first."""
    return [msgspec.convert(event.payload, MeetingQuestion) for event in events if event.kind == ASKED]


def is_refusal(answers: Mapping[str, bool]) -> bool:
    """Whether ``answers`` are a no to the meeting: to its purpose, whatever is said of those who take part."""
    return not answers.get(PURPOSE, False)


def judge_meeting(
    question: MeetingQuestion,
    events: Sequence[Event],
    custody: Custody | None,
    moment: datetime,
    *,
    plan_digest: str,
    restored: Collection[Restored],
    born: date | None = None,
) -> Verdict:
    """What of ``question`` holds at ``moment``: a pure function, asked at each use. ``events``: all of the document in order;
    ``custody``: ``None`` = register silent; ``plan_digest``: of purpose and participants as they stand now; ``restored``: every backup that was put back; ``born``: the child's birthday.
    Reasons: ``withdrawn``, ``refused``, ``asked-again``, ``changed``, ``child-fifteen``, ``child-not-of-age``, ``custody-unknown``,
    ``no-holder``, ``waiting``,
    ``expired``, ``restored``, ``effective``. ``items``: the rows that all said yes to, and still do. No one's answer here gives oral talk more (``oral``)."""
    answers = answers_of(question, events, KINDS)
    holders, own = _asked(question, custody, moment), asks_child(question)
    of_age = born is not None and decides_itself(born, moment)
    common = frozenset.intersection(*(one.yes for one in answers.values())) if answers else frozenset()
    waiting = frozenset() if holders is None else holders - answers.keys()
    taken = any(one.withdrawn_at and PURPOSE not in one.yes and not one.refused for one in answers.values())
    found: tuple[Standing, str] = ("valid", "effective")
    for holds, standing, reason in (
        (taken, "withdrawn", "withdrawn"),  # what one holder closed stays closed, also after that holder has left
        (any(one.refused for one in answers.values()), "refused", "refused"),
        (questions_of(events)[-1:] != [question], "missing", ASKED_AGAIN),
        (plan_digest != question.plan.digest, "missing", "changed"),
        (of_age and not own, "missing", PARENTS_ENDED),
        (own and not of_age, "missing", NOT_YET),
        (holders is None, "missing", "custody-unknown"),
        (not holders, "missing", "no-holder"),
        (bool(waiting), "missing", "waiting"),
        (moment >= end_of(question.valid_to), "expired", "expired"),
        (bool(holding(question.id, question.created_at, events, restored)), "missing", RESTORED),
    ):
        if holds:
            found = (standing, reason)  # type: ignore[assignment]
            break
    effective = found[1] == "effective"
    return Verdict(
        standing=found[0],
        effective=effective,
        signed=not waiting and bool(answers) and PURPOSE in common,
        items=common if effective else frozenset(),
        oral=False,
        reason=found[1],
        waiting_for=tuple(sorted(waiting)) if found[1] == "waiting" else (),
        unasked=found[1] == "waiting" and not waiting <= question.series.keys(),
    )


def _asked(question: MeetingQuestion, custody: Custody | None, moment: datetime) -> frozenset[str] | None:
    """Whose answers count: the child's alone when it decides itself (R-41), else all holders' now; ``None``: register silent."""
    if asks_child(question):
        return frozenset({question.child_id})
    return None if custody is None else frozenset(one.person_id for one in custody.current(moment))


def may_take_part(question: MeetingQuestion, verdict: Verdict, participant: Participant) -> MayTakePart:
    """Whether ``participant`` may take part and be told now. Who was not named in the question was consented to by nobody."""
    if question.plan.participant(participant.id) is None:
        return MayTakePart(allowed=False, reason="not-named")
    if not verdict.effective:
        return MayTakePart(allowed=False, reason=verdict.reason)
    agreed = participant.id in verdict.items
    return MayTakePart(allowed=agreed, reason="effective" if agreed else "no-to-participant")
