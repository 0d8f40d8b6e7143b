"""What a document is entered in the journal with: its date and a short theme (R-80; offentlighedsloven § 15).

The theme is the form's own words and its variant's, never anything that somebody wrote: a journal is read by many.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

import msgspec

from tillid.consents.events import Event
from tillid.forms.definition import FormDefinition

T = TypeVar("T")
JOURNALLED = "document_journalled"
HANDED = "journal_handed_over"  # to the municipality's own system (journal_exchange.py)
CONFIRMED = "journal_confirmed"  # by it
SETTING = "journalfoer_trivsel"
NOTIFICATION, WELLBEING = "underretning", frozenset({"trivselsskema", "trivselsvurdering"})


class Journalled(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``document_journalled``. ``date``: when the document was received or became final; ``version``: the frozen one."""

    date: date
    theme: str
    version: int


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``journal_handed_over``. ``entry``: the id of the event that entered it; ``digest``: SHA-256 of its ``journal.json``."""

    entry: str
    digest: str


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``journal_confirmed``: the journal's own case number and day. ``receipt``: SHA-256 of the file that said so."""

    entry: str
    case: str
    day: date
    receipt: str


def is_journalled(form_id: str, *, wellbeing: bool) -> bool:
    """Underretninger always; wellbeing forms if the municipality wants it (``wellbeing``: its setting); nothing else."""
    return form_id == NOTIFICATION or form_id in WELLBEING and wellbeing


def theme_of(definition: FormDefinition, variant: str) -> str:
    """``Underretningsskema: Bekymring for et ufødt barn``; the form's title alone where its variant is none of its own."""
    label = next((one.title for one in definition.variants if one.id == variant), "")
    return f"{definition.title}: {label}" if label else definition.title


def journalled(events: Iterable[Event]) -> Journalled | None:
    """The document's newest entry, of its events."""
    entries = [event for event in events if event.kind == JOURNALLED]
    return msgspec.convert(entries[-1].payload, Journalled) if entries else None


def handed(events: Iterable[Event], entry: str) -> Handed | None:
    """That the entry was given to the municipality's system."""
    return _about(events, HANDED, Handed, entry)


def confirmed(events: Iterable[Event], entry: str) -> Confirmed | None:
    """What the municipality's system has said of the entry."""
    return _about(events, CONFIRMED, Confirmed, entry)


def last_confirmed(events: Iterable[Event]) -> Confirmed | None:
    """The same of the document's newest entry."""
    known = list(events)
    entries = [event.id for event in known if event.kind == JOURNALLED]
    return confirmed(known, entries[-1]) if entries else None


def _about(events: Iterable[Event], kind: str, payload: type[T], entry: str) -> T | None:
    found = [event for event in events if event.kind == kind and event.payload.get("entry") == entry]
    return msgspec.convert(found[-1].payload, payload) if found else None
