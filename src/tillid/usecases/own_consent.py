"""A holder's own consents in that holder's words: the state shown, the receipt, what a withdrawal can take back.

One parent never learns the other's answer from any of it (design 24): what is said comes from the own answer, the text's
own history and, for "open", from what the receiver can in fact do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from tillid.consents.effective import HolderAnswer, Verdict, answers_of
from tillid.consents.events import Event
from tillid.consents.meeting import ASKED as MEETING_ASKED
from tillid.consents.meeting import MeetingQuestion, questions_of
from tillid.consents.model import ConsentItem, ConsentRequest
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.facts import closed_to_answers, document_of_request, request_of, requests_of, require
from tillid.usecases.ports import House
from tillid.usecases.seal_record import ANSWERS, MEETING, RECORD
from tillid.usecases.writing import note, note_if_possible

WITHDRAWALS = ("consent_withdrawn", MEETING[2])
MEETING_SEEN_BY = ("answer_meeting", "withdraw_meeting")
# ask: can be answered; open: the receiver can read; held: nobody can until a backup that was put back is looked at; not_open: said yes, and the receiver cannot read now, whatever the
# reason; outdated: the text was changed before all had answered, or was corrected; asked_again: a newer question is about
# the same text.
OwnState = Literal["ask", "refused", "withdrawn", "open", "held", "not_open", "expired", "outdated", "asked_again"]


def own_state(
    request: ConsentRequest, mine: HolderAnswer | None, events: list[Event], verdict: Verdict, moment: datetime
) -> OwnState:
    """The one word for ``mine``; the same whether another holder said no, took it back or has not answered."""
    if mine is not None and mine.refused:
        return "refused"
    if mine is not None and mine.closed:
        return "withdrawn"
    if mine is not None and verdict.effective:
        return "open"
    if mine is not None and verdict.held:
        return "held"
    closed = closed_to_answers(request, events, moment)
    if closed is not None:
        return closed if closed in ("expired", "asked_again") else "outdated"
    return "ask" if mine is None else "not_open"


def newest_yes(
    request: ConsentRequest, events: list[Event], holder_id: str
) -> tuple[ConsentRequest, HolderAnswer | None]:
    """What a withdrawal from ``request``'s page is about: the holder's yes to the newest question about the same text, when
    the parents were asked again after ``request``. Who takes an old yes back means the sharing, whichever page says so, and
    is never left with a newer yes that goes on releasing it (R-16)."""
    for other in reversed(requests_of(events)):
        answer = answers_of(other, events).get(holder_id)
        if other.id == request.id or (other.document == request.document and answer is not None and answer.yes):
            return other, answer
    return request, None


class OwnReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """One own answer or withdrawal, about a share or a meeting. ``record``: the sealed XML, ``None`` until it is there; ``yes``, ``no``:
    titles of what was answered, of a meeting who takes part; ``taken``: titles taken back, empty = everything."""

    event: Event
    request: ConsentRequest | MeetingQuestion
    record: bytes | None
    yes: tuple[str, ...]
    no: tuple[str, ...]
    taken: tuple[str, ...]


def own_receipt(house: House, who: Identity, request_id: str, event_id: str, action: str = "see_consent") -> OwnReceipt:
    """``who``'s own event with its record; ``NotFound`` for anybody else's (design 16, 24). ``action``: what the log says."""
    document, found = found_receipt(house, who, request_id, event_id)
    # The page after a withdrawal waits for the log as little as the withdrawal does (design 23).
    page = found.event.kind in WITHDRAWALS and action == "see_consent"
    (note_if_possible if page else note)(house, who, action, document)
    return found


def found_receipt(house: House, who: Identity, request_id: str, event_id: str) -> tuple[Document, OwnReceipt]:
    """The same without a row in the log: for who shows nothing of it."""
    document_id, operations = seen_by(house, request_id)
    document, _ = require(house, who, operations, document_id)
    events = house.ledger.of_document(document_id)
    request = next((one for one in (*requests_of(events), *questions_of(events)) if one.id == request_id), None)
    own = own_answers(house, who, request) if request is not None else ()
    event = next((one for one in own if one.id == event_id), None)
    if request is None or event is None:
        raise NotFound("no such own event")
    titles, answers = _titles(request), event.payload.get("answers", {})
    return document, OwnReceipt(
        event=event,
        request=request,
        record=house.ledger.attachments(event.id).get(RECORD),
        yes=tuple(title for item, title in titles.items() if answers.get(item) is True),
        no=tuple(title for item, title in titles.items() if answers.get(item) is False),
        taken=tuple(title for item, title in titles.items() if item in event.payload.get("items", ())),
    )


def seen_by(house: House, request_id: str) -> tuple[str, str | tuple[str, ...]]:
    """The document that ``request_id`` is about, and what its own evidence may be seen by: a question about a share or about a meeting.
    ``NotFound`` when there is none."""
    events = house.ledger.of_request(request_id)
    meeting = any(one.kind == MEETING_ASKED for one in events)
    return document_of_request(house, request_id), MEETING_SEEN_BY if meeting else "see_consent"


def own_answers(house: House, who: Identity, request: ConsentRequest | MeetingQuestion) -> tuple[Event, ...]:
    """``who``'s own answers and withdrawals to ``request``, oldest first; for a page that has asked who it is for."""
    series = request.series.get(who.person_id)
    events = house.ledger.of_request(request.id) if series is not None else []
    return tuple(one for one in events if one.series_id == series and one.kind in (*ANSWERS, *MEETING))


def _titles(request: ConsentRequest | MeetingQuestion) -> dict[str, str]:
    """By row what it is called; a meeting's purpose has no title, for nothing is said yes to without it."""
    if isinstance(request, ConsentRequest):
        return {item.id: item.title for item in request.items}
    return {one.id: one.label for one in request.plan.participants}


class OwnYes(msgspec.Struct, frozen=True, kw_only=True):
    """What a withdrawal can take back. ``seen``: how long the holder's own series is, for the one-time value."""

    request: ConsentRequest
    mine: HolderAnswer
    seen: int


def own_yes(house: House, who: Identity, request_id: str) -> OwnYes:
    """``who``'s own yes, also when it is already taken back; ``NotFound`` for others and for who never said yes.

    Shows nothing of the document. Neither page nor click waits for the audit log: a withdrawal never does (design 23).
    """
    document_id = document_of_request(house, request_id)
    document, _ = require(house, who, "withdraw", document_id)
    request, events = request_of(house, document_id, request_id)
    request, mine = newest_yes(request, events, who.person_id)
    if who.person_id not in request.series or mine is None or mine.refused:
        raise NotFound("no own yes")
    note_if_possible(house, who, "withdraw_page", document)
    return OwnYes(request=request, mine=mine, seen=len(house.ledger.series(request.series[who.person_id])))


class StandingYes(msgspec.Struct, frozen=True, kw_only=True):
    """A yes that still stands, for the employee who is told that it is taken back. ``seen``: how long the series is."""

    request: ConsentRequest
    holder_id: str
    holder_name: str
    given_at: datetime
    items: tuple[ConsentItem, ...]
    seen: int


def standing_yeses(house: House, who: Identity, document_id: str) -> tuple[Document, tuple[StandingYes, ...]]:
    """What holders of the document's child have said yes to and not taken back, newest request first (R-16)."""
    document, _ = require(house, who, "record_withdrawal", document_id)
    note_if_possible(house, who, "withdraw_page", document)
    events = house.ledger.of_document(document_id)
    found = []
    for request in reversed(requests_of(events)):
        for holder_id, answer in answers_of(request, events).items():
            # Of two questions about one text the newest yes alone: taking it back is what counts.
            if answer.yes and newest_yes(request, events, holder_id)[0].id == request.id:
                found.append(
                    StandingYes(
                        request=request,
                        holder_id=holder_id,
                        holder_name=_name(events, answer),
                        given_at=answer.at,
                        items=tuple(item for item in request.items if item.id in answer.yes),
                        seen=len(house.ledger.series(request.series[holder_id])),
                    )
                )
    return document, tuple(found)


def _name(events: list[Event], answer: HolderAnswer) -> str:
    return next(event.payload["holder_name"] for event in events if event.id == answer.event_id)
