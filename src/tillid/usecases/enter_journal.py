"""A document enters the journal in the transaction that makes it final, so that no click leaves one out (R-80)."""

from __future__ import annotations

from tillid.archive.journal import JOURNALLED, SETTING, Journalled, is_journalled, theme_of
from tillid.consents.events import Event
from tillid.documents.model import Document, Version
from tillid.kernel.clock import local_day
from tillid.usecases.fill import definition_of
from tillid.usecases.hand_to_journal import let_hand_over
from tillid.usecases.ports import House
from tillid.usecases.writing import record_event


def enter_journal(house: House, document: Document, version: Version, actor: str) -> Event | None:
    """Underretninger always, wellbeing forms by the municipality's setting. ``document``: as it is stored now, final; ``None`` for
    what is not entered."""
    wanted = house.settings.choices.get(SETTING) is True
    if not is_journalled(document.definition.form_id, wellbeing=wanted):
        return None
    theme = theme_of(definition_of(house, document), document.variant)
    entry = Journalled(date=local_day(version.frozen_at), theme=theme, version=version.number)
    event = record_event(house, document, JOURNALLED, actor, entry)
    let_hand_over(house, document, event)
    return event
