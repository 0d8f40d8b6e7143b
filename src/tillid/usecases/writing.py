"""Small steps that several verbs share: append an event, freeze a version, note an audit row, send a notice."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, Protocol

import msgspec

from tillid.consents.events import Event, EventKind, next_event
from tillid.documents.model import Document, Version
from tillid.forms.computing import computed_answers
from tillid.forms.showing import Showing
from tillid.kernel.canonical import json_digest, sha256
from tillid.kernel.errors import Unavailable
from tillid.kernel.ids import derived_id, new_id
from tillid.process.access import LEADER_ROLES, Identity
from tillid.usecases.enter_log import STEP as ENTER_LOG
from tillid.usecases.facts import facts_of
from tillid.usecases.outside_facts import outside_facts
from tillid.usecases.ports import AuditRow, House, Notice

log = logging.getLogger(__name__)
SYSTEM = Identity(person_id="system", name="", kind="staff")  # who acts where no person does


class About(Protocol):
    """A document, or what is left of one."""

    @property
    def id(self) -> str: ...
    @property
    def child_id(self) -> str: ...


def record_event(
    house: House,
    document: About,
    kind: EventKind,
    actor: str,
    payload: Any = None,
    *,
    series_id: str | None = None,
    request_id: str | None = None,
    event_id: str | None = None,
) -> Event:
    """Append one event to ``series_id`` (the document's own series unless told otherwise) and return it."""
    series = series_id or document.id
    event = next_event(
        house.ledger.series(series),
        id=event_id or new_id(),
        kind=kind,
        series_id=series,
        at=house.moment,
        actor=actor,
        child_id=document.child_id,
        document_id=document.id,
        request_id=request_id,
        payload=payload,
    )
    house.ledger.append(event)
    house.outbox.add(ENTER_LOG, {"event": event.id}, house.moment)
    return event


def already(house: House, document_id: str, event_id: str) -> Event | None:
    """What the same click wrote before about that document, or that case; a click counts once."""
    done = house.ledger.event(event_id)
    return done if done is not None and done.document_id == document_id else None


def snapshot(house: House, who: Identity, document: Document, *, agreed: bool = False) -> Version:
    """The next immutable version of the draft's answers (design 11)."""
    draft = house.documents.draft(document.id)
    # Written as it is: an autosave that commits meanwhile conflicts with the freeze, and one of the two runs again on
    # what the other left. Else a note could be acknowledged and not stand in the frozen version.
    house.documents.save_draft(draft)
    answers = _worked_out(house, document, {f: value for f, value in draft.answers.items() if value is not None})
    version = Version(
        document_id=document.id,
        number=document.versions + 1,
        agreed=agreed,
        definition=document.definition,
        answers=answers,
        answers_digest=json_digest(answers),
        frozen_at=house.moment,
        frozen_by=who.person_id,
    )
    house.documents.add_version(version)
    return version


def _worked_out(house: House, document: Document, answers: dict[str, Any]) -> dict[str, Any]:
    """``answers`` with the computed fields of the form as they are now: a frozen version says what was seen."""
    form = house.definitions.of(document.definition)
    if all(field.computed is None for field in form.fields) and document.source is None:
        return answers
    outside = outside_facts(house, document, facts_of(house, document))
    if document.source is not None:
        # Of the one child nothing is kept that its parents' part does not let be there (O16b).
        showing = Showing(form, answers, outside)
        answers = {name: value for name, value in answers.items() if showing.shown(form.field(name)) is not False}
    return answers | computed_answers(form, answers, outside, phase="content")


def audit_row(house: House, who: Identity, action: str, object_id: str, child_id: str, purpose: str) -> AuditRow:
    """An attempt row for the audit log: ids only (R-71, R-111)."""
    return AuditRow(
        id=new_id(),
        phase="attempt",
        at=house.moment,
        request_id=house.request_id,
        person_id=who.person_id,
        role=who.role_name,
        action=action,
        object_id=object_id,
        child_id=child_id,
        purpose=purpose,
    )


def note(house: House, who: Identity, action: str, document: About, purpose: str = "") -> None:
    """Write the attempt row before anything happens; raises ``Unavailable``: reads fail closed (design 23)."""
    house.audit.write(audit_row(house, who, action, document.id, document.child_id, purpose or action))


def note_of_system(house: House, action: str, document: About, purpose: str = "") -> None:
    """``note`` of what no person does."""
    row = audit_row(house, SYSTEM, action, document.id, document.child_id, purpose or action)
    house.audit.write(msgspec.structs.replace(row, role=SYSTEM.person_id))


def note_if_possible(house: House, who: Identity, action: str, document: Document) -> None:
    """``note`` of a page from which something is withdrawn, shown also when the log cannot be written (design 23)."""
    try:
        note(house, who, action, document)
    except Unavailable:
        log.warning("audit row of %s of %s not written", action, document.id)


def note_later_if_needed(house: House, who: Identity, action: str, document: Document, key: str) -> None:
    """For withdrawals: the row now if possible, else through the outbox. Never stops the click (design 23)."""
    try:
        note(house, who, action, document)
    except Unavailable:
        log.warning("audit row of %s postponed for %s", action, key)
        house.outbox.add(
            "audit_withdrawal",
            {"event": key, "document": document.id, "person": who.person_id, "role": who.role_name, "action": action},
            house.moment,
        )


def tell(house: House, people: Iterable[str], text_id: str, about: str, **ids: str) -> None:
    """A notice without personal data to each person; the same notice about the same thing is one (``about``: an id)."""
    for person in people:
        notice_id = derived_id(bytes.fromhex(sha256(f"{text_id}:{about}:{person}".encode())))
        house.notices.add(Notice(id=notice_id, to_person=person, at=house.moment, text_id=text_id, ids=ids))


def leaders_near(house: House, unit_id: str) -> list[str]:
    """The leaders of the unit; of the nearest one above it that has any, where it has none itself."""
    for place in house.people.organigram().above(unit_id):
        found = [
            staff.id
            for staff in house.people.all_staff()
            if any(one.unit_id == place and one.role in LEADER_ROLES for one in staff.assignments)
        ]
        if found:
            return found
    return []


def receiver_people(house: House, document: Document) -> list[str]:
    """The receiving unit's leaders and the readers they named."""
    leaders = [
        staff.id
        for staff in house.people.all_staff()
        if any(a.unit_id == document.receiver_unit_id and a.role == "leader" for a in staff.assignments)
    ]
    return [*leaders, *document.named_readers]


def sender_people(house: House, document: Document) -> list[str]:
    """The author and the leaders of the sending unit."""
    leaders = [
        staff.id
        for staff in house.people.all_staff()
        if any(a.unit_id == document.unit_id and a.role == "leader" for a in staff.assignments)
    ]
    return list(dict.fromkeys([document.author, *leaders]))
