"""What can be answered on paper, in one shape: a question about a share, or about a meeting (R-106, D12).

The sheet bears the very words and rows of the question. What an answer must be, and what follows of it, is as by click.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from tillid.consents.effective import CONSENT, HolderAnswer, answers_of
from tillid.consents.events import Event
from tillid.consents.meeting import KINDS, MeetingQuestion, questions_of
from tillid.consents.meeting_words import words_to
from tillid.consents.model import ConsentRequest, ConsentText, Given, Organisation
from tillid.consents.statement import words_for
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound
from tillid.process.access import Facts
from tillid.usecases.answer_meeting import closed_to_meeting, register_meeting, require_open, require_rows
from tillid.usecases.facts import closed_to_answers, requests_of
from tillid.usecases.give_consent import Receipt, register, require_answered, require_live
from tillid.usecases.ports import House

LANGUAGE = "da"  # of the printed sheet
Question = ConsentRequest | MeetingQuestion


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the sheet. ``title`` is empty for the purpose of a meeting."""

    id: str
    title: str
    sensitive: bool = False


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed and entered. ``receiver``: of a share, ``version``: of its document; ``purpose``: of a meeting."""

    id: str
    child_name: str
    from_unit: Organisation
    valid_to: date
    rows: tuple[Row, ...]
    oral_asked: bool = False
    receiver: str = ""
    version: int = 0
    purpose: str = ""


def questions(events: Iterable[Event]) -> list[Question]:
    """Every question among ``events``, in the order asked."""
    found = list(events)
    both: list[Question] = [*requests_of(found), *questions_of(found)]
    return sorted(both, key=lambda one: one.created_at)


def question_named(events: Iterable[Event], question_id: str) -> Question:
    """The question with that id; ``NotFound``."""
    for one in questions(events):
        if one.id == question_id:
            return one
    raise NotFound("no such question")


def sheet_of(question: Question) -> Sheet:
    """``question`` as it is printed."""
    common = {
        "id": question.id,
        "child_name": question.child_name,
        "from_unit": question.from_unit,
        "valid_to": question.valid_to,
    }
    if isinstance(question, MeetingQuestion):
        people = ((one, question.plan.participant(one)) for one in question.plan.rows)
        rows = tuple(Row(id=row, title=p.label if p else "") for row, p in people)
        return Sheet(**common, rows=rows, purpose=question.plan.purpose)
    rows = tuple(Row(id=one.id, title=one.title, sensitive=one.sensitive) for one in question.items)
    return Sheet(
        **common,
        rows=rows,
        oral_asked=question.oral_asked,
        receiver=question.to_unit.name,
        version=question.document.version,
    )


def sheet_words(question: Question, name: str) -> ConsentText:
    """The words on the sheet of ``name``."""
    meeting = isinstance(question, MeetingQuestion)
    return words_to(question, name, LANGUAGE) if meeting else words_for(question, name, LANGUAGE)


def answered(question: Question, events: Iterable[Event]) -> dict[str, HolderAnswer]:
    """Person → answer to ``question``, by whatever way it was given."""
    return answers_of(question, events, KINDS if isinstance(question, MeetingQuestion) else CONSENT)


def is_open(house: House, document: Document, facts: Facts, question: Question, events: list[Event]) -> bool:
    """Whether somebody could still answer it."""
    if isinstance(question, MeetingQuestion):
        return not closed_to_meeting(house, document, facts, question, events)
    return closed_to_answers(question, events, house.moment) is None


def require_answerable(
    house: House, document: Document, facts: Facts, question: Question, events: list[Event], person: str
) -> None:
    """Raises unless ``person`` was asked, has not answered, and the question is still the question."""
    if isinstance(question, MeetingQuestion):
        require_open(house, document, facts, question, events, person)
    else:
        require_live(house, person, question, events)


def require_full(question: Question, answers: Mapping[str, bool], oral: bool | None) -> None:
    """Raises ``Unanswered`` unless every row is answered."""
    if isinstance(question, MeetingQuestion):
        require_rows(question, answers)
    else:
        require_answered(question, answers, oral)


def register_answer(
    house: House,
    document: Document,
    question: Question,
    events: list[Event],
    given: Given,
    *,
    actor: str,
    event_id: str,
) -> Receipt:
    """The answer, sealed in one transaction, and what follows of it. Raises ``NotSealed``."""
    if isinstance(question, MeetingQuestion):
        return register_meeting(house, document, question, given, actor=actor, event_id=event_id)
    return register(house, document, question, events, given, actor=actor, event_id=event_id)
