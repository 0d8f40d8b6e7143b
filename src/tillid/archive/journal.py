"""What a document is entered in the journal with: its date and a short theme (R-80; offentlighedsloven § 15).

The theme is the form's own words and its variant's, never anything that somebody wrote: a journal is read by many.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from tillid.consents.events import Event
from tillid.forms.definition import FormDefinition

JOURNALLED = "document_journalled"
SETTING = "journalfoer_trivsel"
NOTIFICATION, WELLBEING = "underretning", frozenset({"trivselsskema", "trivselsvurdering"})


class Journalled(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``document_journalled``. ``date``: when the document was received or became final; ``version``: the frozen one."""

    date: date
    theme: str
    version: int


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
