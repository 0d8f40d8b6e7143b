"""A question that an archivist keeps: asked again by a click, or by Tillid when something new is committed (ADR 0054)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from tillid.archive.query import SearchQuery, checked

# Why nothing is asked any more until the owner says so again: the role had ended, or the question is none any longer.
Stop = Literal["", "no-role", "refused"]
# ``off``: no notice is wanted; ``rested``: nobody has asked for it again in time; ``watching``: new documents are told of.
Standing = Literal["off", "no-role", "refused", "rested", "watching"]


class SavedSearch(msgspec.Struct, frozen=True, kw_only=True):
    """``question``: what was asked, without whose archive it is: that is found out anew each time. ``purpose``: what it was
    saved for, logged with each notice. ``tell_until``: the last day on which something new is told, ``None``: never; ``stopped_on``:
    the day it was found that the owner is no archivist any more."""

    id: str
    owner: str
    title: str
    question: SearchQuery
    purpose: str
    saved_at: datetime
    look: str = ""
    columns: tuple[str, ...] = ()
    tell_until: date | None = None
    stop: Stop = ""
    stopped_on: date | None = None


def kept_question(query: SearchQuery) -> SearchQuery:
    """``query`` as it may be kept. Raises ``QueryRefused``."""
    return msgspec.structs.replace(
        checked(query), allowed_units=(), exclude=frozenset(), among=None, synonyms=None, page=1, size=20
    )


def standing(saved: SavedSearch, today: date, *, archivist: bool) -> Standing:
    """What becomes of something new; ``archivist``: whether the owner is one today."""
    if saved.tell_until is None:
        return "off"
    if not archivist:
        return "no-role"
    return saved.stop or ("watching" if today <= saved.tell_until else "rested")
