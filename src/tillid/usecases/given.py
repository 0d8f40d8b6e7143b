"""Which versions of a document its parents were given. What the team froze before, between or beside them is not theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tillid.consents.events import Event
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound
from tillid.usecases.ports import House


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A version the reader may open, and since when."""

    number: int
    at: datetime


def given_to_parents(events: Sequence[Event]) -> tuple[Given, ...]:
    """The versions that parents were given: shared, agreed, or locked while they had the text; oldest first."""
    given: dict[int, Given] = {}
    for event in events:
        shared = event.kind in ("version_shared", "version_agreed")
        if shared or (event.kind == "document_submitted" and given):
            number = event.payload["version"]
            given.setdefault(number, Given(number=number, at=event.at))
    return tuple(given[number] for number in sorted(given))


def parents_numbers(house: House, document: Document, number: int | None) -> list[int]:
    """``number`` if parents were given it; all they were given, newest first, if it is ``None``. Raises ``NotFound``."""
    given = [one.number for one in reversed(given_to_parents(house.ledger.of_document(document.id)))]
    found = [one for one in given if number in (None, one)]
    if not found:
        raise NotFound("not given to parents")
    return found
