"""The sealed record of an answer about a meeting: a consent of its own kind in the same vocabulary (``consent-1.xsd``), and what such a
record says, read from the bytes that its seal covers."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, Literal

import msgspec

from tillid.consents import record_read as r
from tillid.consents import record_xml as x
from tillid.consents.events import Event
from tillid.consents.meeting import KINDS, PURPOSE, MeetingQuestion, Participant, is_refusal
from tillid.consents.meeting_words import words_to
from tillid.consents.model import Basis, ConsentText, Given, Purpose, Withdrawn
from tillid.consents.record import RecordError, Role, how, require_giver
from tillid.signatures.rendering import MEETING, SECOND
from tillid.signatures.xml import element

GIVEN, REFUSED, WITHDRAWN = KINDS
ELEMENTS = {GIVEN: "MeetingConsentGiven", REFUSED: "MeetingConsentRefused", WITHDRAWN: "MeetingConsentWithdrawn"}


class MeetingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What one record says. ``answers``: row → yes or no, empty in a withdrawal; ``participants``: those answered or, in a
    withdrawal, taken back (none = everything); ``withdraws``: event and digest of the answer; ``recorded_by``: of a call or a visit."""

    kind: Literal["meeting_given", "meeting_refused", "meeting_withdrawn"]
    record_id: str
    event_digest: str
    question_id: str
    holder_id: str
    child_id: str
    meeting_id: str
    plan_digest: str
    purpose: Purpose
    basis: Basis | None
    participants: tuple[Participant, ...]
    answers: dict[str, bool]
    valid_to: date | None
    text: ConsentText
    recorded_by: str | None
    withdraws: tuple[str, str] | None


def build_meeting_record(event: Event, question: MeetingQuestion, *, role: Role, system: x.RecordingSystem) -> bytes:
    """The unsealed record of ``event``. Raises ``TillidError``: ``records.contradiction`` (event and question do not fit),
    ``records.characters``, ``records.cpr`` (R-102), ``records.schema``."""
    about = (event.request_id, event.child_id, event.document_id)
    if event.kind not in ELEMENTS or about != (question.id, question.child_id, question.plan.document_id):
        raise RecordError("event and question do not belong together")
    require_giver(event, question, role)
    body = _withdrawn(event, question, role) if event.kind == WITHDRAWN else _answer(event, question, role)
    return x.whole("ConsentRecord", event, question.controller, system, body)


def _answer(event: Event, question: MeetingQuestion, role: Role) -> Any:
    given, plan = msgspec.convert(event.payload, Given), question.plan
    if set(given.answers) != set(plan.rows):
        raise RecordError("not every row is answered, or another is")
    if given.text != words_to(question, given.holder_name, given.text.language):
        raise RecordError("the text shown is none of the question's texts")
    if is_refusal(given.answers) != (event.kind == REFUSED) or given.oral:
        raise RecordError("kind and answers do not fit")
    purpose = x.words("Purpose", plan.purpose, code=plan.kind, answer=x.yes_no(given.answers[PURPOSE]))
    answered = (_participant(one, x.yes_no(given.answers[one.id])) for one in plan.participants)
    return element(
        ELEMENTS[event.kind],
        x.person("Holder", given.holder_id, given.holder_name, role),
        *_about(question, purpose, x.basis(question.basis)),
        element("Participants", *answered),
        element("ValidTo", question.valid_to.isoformat()),
        x.shown_text(given.text),
        how(given),
        x.sealed_as(SECOND if given.paper or role == "self" else MEETING),
        request=question.id,
    )


def _withdrawn(event: Event, question: MeetingQuestion, role: Role) -> Any:
    taken, plan = msgspec.convert(event.payload, Withdrawn), question.plan
    people = [plan.participant(one) for one in taken.items]
    if None in people:
        raise RecordError("somebody is withdrawn who was not asked about")
    in_portal = taken.method == "portal"
    if in_portal != (taken.login is not None) or in_portal != (taken.recorded_by is None):
        raise RecordError("method, login and recorder do not fit")
    return element(
        ELEMENTS[event.kind],
        element("Withdraws", event=taken.given_event, sha256=taken.given_digest),
        x.person("Holder", taken.holder_id, taken.holder_name, role),
        *_about(question, x.words("Purpose", plan.purpose, code=plan.kind), None),
        element("Participants", *(_participant(one, None) for one in people if one))
        if people
        else element("Everything"),
        x.shown_text(taken.text),
        x.login(taken.login) if taken.login else element("Recorded", by=taken.recorded_by, method=taken.method),
        x.sealed_as(SECOND if role == "self" else MEETING),
        request=question.id,
    )


def _about(question: MeetingQuestion, purpose: Any, basis: Any) -> tuple[Any, ...]:
    plan = question.plan
    return (
        x.person("Child", question.child_id, question.child_name),
        x.organisation("From", question.from_unit),
        purpose,
        basis,
        element("Meeting", x.words("Title", plan.title), uuid=plan.document_id, sha256=plan.digest),
    )


def _participant(one: Participant, answer: str | None) -> Any:
    place = x.words("Organisation", one.organisation) if one.organisation else None
    return element(
        "Participant", x.words("Name", one.name), x.words("Role", one.role), place, item=one.id, answer=answer
    )


def read_meeting(signed: bytes) -> MeetingFacts:
    """What a record says. Raises ``XmlRefused``, or ``TillidError`` (``records.schema``) for any other record."""
    kinds = {name: kind for kind, name in ELEMENTS.items()}
    header, body = r.opened(signed, kinds)
    at = partial(r.at, body)
    recorded, withdraws = at("Recorded"), at("Withdraws")
    people = () if at("Participants") is None else tuple(at("Participants"))
    rows = [(PURPOSE, at("Purpose")), *((node.get("item"), node) for node in people)]
    return MeetingFacts(
        kind=kinds[r.name_of(body)],  # type: ignore[arg-type]
        record_id=r.text(header, "RecordId"),
        event_digest=r.at(header, "Event").get("sha256"),
        question_id=body.get("request"),
        holder_id=at("Holder").get("uuid"),
        child_id=at("Child").get("uuid"),
        meeting_id=at("Meeting").get("uuid"),
        plan_digest=at("Meeting").get("sha256"),
        purpose=r.purpose(at("Purpose")),
        basis=r.basis(at("Basis")),
        participants=tuple(_read_participant(node) for node in people),
        answers={row: node.get("answer") == "yes" for row, node in rows if node.get("answer")},
        valid_to=None if at("ValidTo") is None else date.fromisoformat(at("ValidTo").text),
        text=r.shown_text(at("ShownText")),
        recorded_by=None if recorded is None else recorded.get("by"),
        withdraws=None if withdraws is None else (withdraws.get("event"), withdraws.get("sha256")),
    )


def _read_participant(node: Any) -> Participant:
    name, role, place = (r.text(node, one) for one in ("Name", "Role", "Organisation"))
    return Participant(name=name, role=role, organisation=place)
