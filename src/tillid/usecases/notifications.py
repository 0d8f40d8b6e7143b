"""Reading underretninger: the notifier's own list, the intake's list of received ones, and one that was sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from tillid.archive.journal import Confirmed, Journalled, journalled, last_confirmed
from tillid.consents.attestation import STATEMENTS
from tillid.documents.model import Document, Version
from tillid.forms.answers import AnswerProblem, projection
from tillid.forms.definition import FormDefinition, Rule
from tillid.forms.rules import LEVELS, broken_rules
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity, is_notification
from tillid.process.organisation import Child
from tillid.usecases.facts import allowed, facts_of, require
from tillid.usecases.fill import DraftView, definition_of, open_draft
from tillid.usecases.notify import intake_towns, may_notify, stopping
from tillid.usecases.ports import House
from tillid.usecases.start_document import may_start_for
from tillid.usecases.writing import note


class NotificationLine(msgspec.Struct, frozen=True, kw_only=True):
    """One in a list: number and moments, never a child's name (R-111). ``urgent``: the notifier says the child is in danger
    now; told to the intake alone, as ``entry``, how it stands in the journal (R-80; none of what is older than it), and ``confirmed``, the
    case number in the municipality's own (U23)."""

    document: Document
    sent_at: datetime | None
    urgent: bool = False
    entry: Journalled | None = None
    confirmed: Confirmed | None = None


class NotifyPage(msgspec.Struct, frozen=True, kw_only=True):
    """Where a notification is begun. ``child``: the one it would be about, if begun from its page."""

    form: FormDefinition
    child: Child | None
    mine: tuple[NotificationLine, ...]


class NotificationReview(msgspec.Struct, frozen=True, kw_only=True):
    """Everything to read before it is sent. ``missing``: what alone can stop it; ``reminders``: what else could be there."""

    view: DraftView
    missing: tuple[AnswerProblem, ...]
    reminders: tuple[Rule, ...]
    urgent: bool

    @property
    def statement(self) -> str:
        """The words that the notifier attests with the click."""
        return STATEMENTS["notifier"].body


class SentNotification(msgspec.Struct, frozen=True, kw_only=True):
    """As ``reader`` may see it. ``answers``: that reader's projection of the frozen version. ``case``: the municipality's own number, for
    the intake alone: under it lies what the notifier has no access to; ``case_day``: told to both."""

    document: Document
    definition: FormDefinition
    version: Version
    reader: str
    answers: dict[str, Any]
    sender: str
    workplace: str
    entry: Journalled | None = None
    case: str = ""
    case_day: date | None = None


def notify_page(house: House, who: Identity, child_id: str | None = None) -> NotifyPage:
    """Raises ``NotFound`` for who is no employee, or a child that ``who`` does not work with."""
    child = house.people.child(child_id) if child_id else None
    if not may_notify(who) or (child_id and (child is None or not may_start_for(house, who, child))):
        raise NotFound("may not notify")
    units = dict.fromkeys(one.unit_id for one in who.assignments)
    documents = [d for unit in units for d in house.documents.of_unit(unit)]
    mine = [d for d in documents if is_notification(d) and d.author == who.person_id]
    return NotifyPage(form=house.definitions.latest("underretning"), child=child, mine=_newest_first(house, mine))


def received_notifications(house: House, who: Identity) -> tuple[NotificationLine, ...]:
    """What the municipality of ``who``, its intake, has received; newest first. ``NotFound`` for anybody else."""
    towns = towns_of(house, who)
    if not towns:
        raise NotFound("not the intake")
    readable = [d for d in sent_to(house, towns) if allowed(house, who, "read_notification", facts_of(house, d))]
    return _newest_first(house, readable, intake=True)


def towns_of(house: House, who: Identity) -> frozenset[str]:
    """The top units whose intake ``who`` is."""
    return intake_towns(house.people.organigram(), who.assignments if who.kind == "staff" else ())


def sent_to(house: House, towns: Iterable[str]) -> Iterator[Document]:
    """Everything that was sent to ``towns``; not yet asked whether it may be read."""
    return (one for town in sorted(towns) for one in house.documents.to_unit(town) if is_notification(one))


def _newest_first(house: House, documents: list[Document], *, intake: bool = False) -> tuple[NotificationLine, ...]:
    lines = []
    for document in documents:
        version = house.documents.version(document.id, document.versions) if document.versions else None
        urgent = intake and version is not None and version.answers.get("akut") is True
        sent_at = version.frozen_at if version else None
        events = house.ledger.of_document(document.id) if intake else []
        lines.append(
            NotificationLine(
                document=document,
                sent_at=sent_at,
                urgent=urgent,
                entry=journalled(events),
                confirmed=last_confirmed(events),
            )
        )
    return tuple(sorted(lines, key=lambda line: line.sent_at or line.document.created_at, reverse=True))


def review_notification(house: House, who: Identity, document_id: str) -> NotificationReview:
    """The notifier's own draft, asked for and logged. Raises ``NotFound``, also for a document that is no notification."""
    view = open_draft(house, who, document_id)
    if not is_notification(view.document):
        raise NotFound("no notification")
    missing = stopping(view.problems)
    asked = {one.field_id for one in missing}
    return NotificationReview(
        view=view,
        missing=missing,
        reminders=tuple(
            one for one in reminders(definition_of(house, view.document), view) if one.fields[0] not in asked
        ),
        urgent=view.draft.answers.get("akut") is True,
    )


def reminders(definition: FormDefinition, view: DraftView) -> tuple[Rule, ...]:
    """Every rule that finds something: information, whatever the rule's level, and never a reason to give (R-50)."""
    answers = view.draft.answers
    found = {rule.id for level in LEVELS for rule in broken_rules(definition, answers, view.facts, level)}
    return tuple(rule for rule in definition.rules if rule.id in found)


def read_notification(house: House, who: Identity, document_id: str) -> SentNotification:
    """One that was sent, for its notifier or the intake; an attempt row is written first. Raises ``NotFound``."""
    document, _ = require(house, who, "read_notification", document_id)
    note(house, who, "read_notification", document)
    version = house.documents.version(document_id, document.versions)
    if version is None:
        raise NotFound("no such version")
    definition = definition_of(house, document)
    reader = reader_of_sent(who, document)
    events = house.ledger.of_document(document_id)
    confirmed = last_confirmed(events)
    sender, unit = house.people.staff(version.frozen_by), house.people.unit(document.unit_id)
    return SentNotification(
        document=document,
        definition=definition,
        version=version,
        reader=reader,
        answers=projection(definition, version.answers, reader),
        sender=sender.name if sender else "",
        workplace=unit.name if unit else "",
        entry=journalled(events),
        case=confirmed.case if confirmed and reader == "authority" else "",
        case_day=confirmed.day if confirmed else None,
    )


def reader_of_sent(who: Identity, document: Document) -> str:
    """As which reader of the definition ``who`` reads a notification that was sent."""
    return "notifier" if document.author == who.person_id else "authority"
