"""The consent to a meeting (D12, D15): the sender's side asks; and whom the parents have agreed to, asked of the ledger each time.

What is asked about is what the meeting's sheet says: what the meeting is for, and who takes part. The parents themselves are named there
too and are nobody's to consent to. When purpose or people change, the consent covers nothing until the parents are asked anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

import msgspec

from tillid.consents.custody import Custody
from tillid.consents.effective import Verdict, answers_of
from tillid.consents.events import Event
from tillid.consents.letters import require_one_alphabet
from tillid.consents.meeting import (
    ASKED,
    BASIS,
    KINDS,
    MayTakePart,
    MeetingPlan,
    MeetingQuestion,
    Participant,
    judge_meeting,
    may_take_part,
    questions_of,
)
from tillid.consents.meeting_words import meeting_texts
from tillid.consents.record_xml import words
from tillid.documents.model import Document
from tillid.kernel.clock import local_day, parse_instant
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import new_id
from tillid.process.access import Identity
from tillid.process.transitions import last_day
from tillid.usecases.facts import allowed, custody_of, require
from tillid.usecases.ports import Documents, House, LedgerView
from tillid.usecases.protected import protected_in
from tillid.usecases.request_consent import organisation, receiving_unit
from tillid.usecases.whose_consent import may_answer, to_ask
from tillid.usecases.writing import note, note_if_possible, record_event, tell

OPERATION = "ask_meeting"
PEOPLE, AIM, SUBJECT, KIND, WHEN = "deltagere", "oenske_moede", "titel", "moedetype", "tid_sted"  # fields of the sheet
UNNAMED_ROLE = "Deltager"
MOST_MONTHS = 12


class PlanUnfinished(TillidError):
    code = "meeting.plan-unfinished"
    text = "Skriv mødets emne, hvad I ønsker at få ud af mødet, og hvem der deltager, før I spørger forældrene."


class MeetingDay(TillidError):
    code = "meeting.day"
    text = "Vælg en dag fra i dag til og med {last}. Så længe kan forældrenes ja til mødet gælde."


class MeetingAsked(TillidError):
    code = "meeting.asked"
    text = "Forældrene er allerede spurgt om det samme møde med de samme deltagere."


class MeetingProtected(TillidError):
    """R-37: what would be asked about holds an address that the register knows as protected."""

    code = "meeting.protected"
    text = (
        "I mødets emne, formål eller deltagere står en adresse, som er beskyttet. Skriv den ud af arket, og spørg igen."
    )


class Sheets(LedgerView, Protocol):
    """What it takes to say what a sheet says now."""

    @property
    def documents(self) -> Documents: ...


class MeetingPage(msgspec.Struct, frozen=True, kw_only=True):
    """``may_ask``: the reader can ask; ``plan``: what would be asked now, ``None`` while the sheet does not say it, or to who cannot ask;
    ``question``: the newest, with ``verdict`` and, for each who takes part by the sheet, whether that may be; ``waiting``: names of
    those who have not answered; ``can_withdraw``: id of each with a yes left → the rows it still holds for; ``day``: the meeting's, else
    today; ``of_age``: the child is asked itself (R-41)."""

    document: Document
    may_ask: bool
    plan: MeetingPlan | None
    question: MeetingQuestion | None
    verdict: Verdict | None
    people: tuple[tuple[Participant, MayTakePart], ...]
    waiting: tuple[str, ...]
    can_withdraw: dict[str, tuple[str, ...]]
    day: date
    of_age: bool

    @property
    def asked(self) -> bool:
        """Whether the question is open or holds, so that nobody is asked anew."""
        return self.verdict is not None and _stands(self.verdict)


def _stands(verdict: Verdict) -> bool:
    return verdict.reason in ("waiting", "effective") and not verdict.unasked


def is_meeting(house: House, document: Document) -> bool:
    """Whether ``document`` is the sheet of a meeting about a child: it says who takes part and what for. No form is named."""
    return bool(document.child_id) and {PEOPLE, AIM} <= house.definitions.of(document.definition).fields_by_id.keys()


def plan_of(house: House, document: Document) -> MeetingPlan | None:
    """What the sheet says now; ``None`` when it is no meeting's about a child, or not enough is written."""
    return written_plan(house, document) if is_meeting(house, document) else None


def written_plan(house: Sheets, document: Document) -> MeetingPlan | None:
    """The same for a sheet that is known to be a meeting's."""
    draft = house.documents.draft(document.id).answers
    subject, aim = (" ".join(str(draft.get(one) or "").split()) for one in (SUBJECT, AIM))
    people = _people(draft.get(PEOPLE) or (), document.child_id, house)
    if not subject or not aim or not people:
        return None
    kind = str(draft.get(KIND) or document.definition.form_id)
    return MeetingPlan(document_id=document.id, title=subject, kind=kind, purpose=aim, participants=people)


def _people(rows: Any, child_id: str, house: LedgerView) -> tuple[Participant, ...]:
    """Each named once, without the child itself and its own custody holders."""
    custody, child = custody_of(house, child_id), house.people.child(child_id)
    family = {one.name for one in custody.current(house.moment)} if custody is not None else set()
    family |= {child.name} if child is not None else set()
    found: dict[str, Participant] = {}
    for row in rows:
        name, role, place = (" ".join(str(row.get(one) or "").split()) for one in ("navn", "rolle", "arbejdssted"))
        if name and name not in family:
            one = Participant(name=name, role=role or UNNAMED_ROLE, organisation=place)
            found.setdefault(one.id, one)
    return tuple(found.values())


def judge_now(
    house: House, document: Document, question: MeetingQuestion, events: list[Event], custody: Custody | None
) -> Verdict:
    """What of ``question`` holds at this moment, by the sheet and the register as they are now."""
    plan, child = plan_of(house, document), house.people.child(document.child_id)
    known, born = (custody, child.birth_date) if child is not None else (None, None)
    digest = plan.digest if plan else ""
    return judge_meeting(question, events, known, house.moment, plan_digest=digest, restored=house.restored, born=born)


def meeting_page(house: House, who: Identity, document_id: str) -> MeetingPage:
    """For the sender's side; ``NotFound`` for others, and for a document that is no meeting's about a child."""
    document, facts = require(house, who, (OPERATION, "record_meeting_withdrawal"), document_id)
    _require_meeting(house, document)
    note_if_possible(house, who, "meeting_page", document)  # from it a yes is taken back by phone
    events, may_ask = house.ledger.of_document(document_id), allowed(house, who, OPERATION, facts)
    plan = plan_of(house, document) if may_ask else None
    question = next(reversed(questions_of(events)), None)
    verdict = judge_now(house, document, question, events, facts.custody) if question else None
    named = (plan.participants if plan else ()) or (question.plan.participants if question else ())
    given = answers_of(question, events, KINDS) if question else {}
    people = tuple((one, may_take_part(question, verdict, one)) for one in named) if question and verdict else ()
    names = {one.person_id: one.name for one in facts.custody.holders} if facts.custody is not None else {}
    names |= may_answer(house, question, facts.custody) if question else {}
    return MeetingPage(
        document=document,
        may_ask=may_ask,
        plan=plan,
        question=question,
        verdict=verdict,
        people=people,
        can_withdraw={
            one: tuple(row for row in question.plan.rows if row in left.yes) for one, left in given.items() if left.yes
        },
        waiting=tuple(names.get(one, "") for one in (verdict.waiting_for if verdict else ())),
        of_age=facts.of_age,
        day=_meeting_day(house, document),
    )


def may_be_told(house: House, document: Document, participant: Participant) -> MayTakePart:
    """The effective-now answer for one who would take part, in the reading transaction; ``not-asked`` without a question."""
    events = house.ledger.of_document(document.id)
    question = next(reversed(questions_of(events)), None)
    if question is None:
        return MayTakePart(allowed=False, reason="not-asked")
    verdict = judge_now(house, document, question, events, custody_of(house, document.child_id))
    return may_take_part(question, verdict, participant)


def ask_meeting(
    house: House, who: Identity, document_id: str, valid_to: date, *, seen: str, event_id: str
) -> MeetingQuestion:
    """Ask all custody holders, or the child that decides itself, about the purpose and each who takes part, valid until and including
    ``valid_to``. ``seen``: digest of the
    plan that the page showed. The same click (``event_id``) twice is one question. An earlier question ends with this one.

    Raises ``PlanUnfinished``, ``MeetingDay``, ``MeetingAsked``, ``MeetingProtected``, ``MixedAlphabets``, and ``records.characters`` or ``records.cpr`` for what no
    record may say."""
    document, facts = require(house, who, OPERATION, document_id)
    _require_meeting(house, document)
    done = house.ledger.event(event_id)
    if done is not None and done.kind == ASKED and done.document_id == document_id:
        return msgspec.convert(done.payload, MeetingQuestion)
    plan = plan_of(house, document)
    if plan is None or plan.digest != seen:
        raise PlanUnfinished("nothing to ask about, or another plan than was shown")
    _refuse_protected(house, document)
    events = house.ledger.of_document(document_id)
    earlier = next(reversed(questions_of(events)), None)
    if earlier and _stands(judge_now(house, document, earlier, events, facts.custody)):
        raise MeetingAsked(earlier.id)
    question = _question(house, who, document, plan, valid_to, facts.custody, event_id)
    require_one_alphabet(question)
    note(house, who, OPERATION, document)
    record_event(house, document, ASKED, who.person_id, question, request_id=question.id, event_id=event_id)
    tell(house, question.required_holders, ASKED, question.id, meeting=question.id)
    return question


def _question(house: House, who: Identity, document: Document, plan: MeetingPlan, valid_to: date, custody: Custody | None,
              event_id: str) -> MeetingQuestion:  # fmt: skip
    child, unit = house.people.child(document.child_id), receiving_unit(house, document.unit_id)
    if child is None:
        raise NotFound("child unknown")
    today = local_day(house.moment)
    last = last_day(None, today, MOST_MONTHS, BASIS, child.birth_date)
    if not today <= valid_to <= last:
        raise MeetingDay("outside", last=last.isoformat())
    for text in (
        plan.title,
        plan.purpose,
        *(w for p in plan.participants for w in msgspec.to_builtins(p).values() if w),
    ):
        words("Text", text)  # what no record may say is told to who asks, not to the parent who answers
    asked = to_ask(house, child, custody)
    contact = f"{unit.name}, telefon {unit.phone}"
    return MeetingQuestion(
        id=event_id,
        child_id=child.id,
        child_name=child.name,
        controller=unit.controller,
        from_unit=organisation(unit),
        plan=plan,
        basis=BASIS,
        valid_to=valid_to,
        texts=meeting_texts(
            plan, child=child.name, sender=unit.name, contact=contact, valid_to=valid_to, young=child.id in asked
        ),
        required_holders=tuple(asked),
        series={person: new_id() for person in asked},
        created_at=house.moment,
        created_by=who.person_id,
    )


def _refuse_protected(house: House, document: Document) -> None:
    draft = house.documents.draft(document.id).answers
    asked = {name: draft[name] for name in (SUBJECT, AIM, PEOPLE) if name in draft}
    if protected_in(house, document, house.definitions.of(document.definition), asked):
        raise MeetingProtected("protected address")


def _require_meeting(house: House, document: Document) -> None:
    if not is_meeting(house, document):
        raise NotFound("no meeting about a child")


def _meeting_day(house: House, document: Document) -> date:
    place: Mapping[str, Any] = house.documents.draft(document.id).answers.get(WHEN) or {}
    try:
        return max(local_day(parse_instant(place["moment"])), local_day(house.moment))
    except (KeyError, ValueError, TypeError):
        return local_day(house.moment)
