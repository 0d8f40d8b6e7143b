"""What a parent is told when a text was changed after they read it (issue 5, part 6; ADR 0030, 0094).

That a page was opened is no proof of having read it, and the log is not asked. A parent who has said something about a text has
read that one; who has said nothing is told when it was changed, and can tell whether that was before or after.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tillid.consents.events import Event
from tillid.documents.model import Document
from tillid.kernel.errors import TillidError
from tillid.usecases.compare_versions import same_among
from tillid.usecases.facts import requests_of
from tillid.usecases.given import given_to_parents
from tillid.usecases.ports import House


class ChangedSince(msgspec.Struct, frozen=True, kw_only=True):
    """There is a newer text than ``before``. ``read_at``: when the parent last stood by that one, if they ever did;
    ``changed_at``: when the newer one was given."""

    before: int
    after: int
    changed_at: datetime
    read_at: datetime | None


def changed_for(house: House, document: Document, events: Sequence[Event], person_id: str) -> ChangedSince | None:
    """``changed_since_read``, unless the newer text says the same to parents: of a change that they may not see they are not
    told that there was one (T9)."""
    found = changed_since_read(events, person_id)
    if found is None:
        return None
    try:
        same = same_among(house, document, given_to_parents(events), "parent", found.before, found.after)
    except TillidError:
        return found  # they cannot be held against each other: that is not the same
    return None if same else found


def changed_since_read(events: Sequence[Event], person_id: str) -> ChangedSince | None:
    """Whether the parents were given another version after the one that this parent has acknowledged, agreed to or
    answered about; for who has done none of it, whether they were given another at all."""
    given = given_to_parents(events)
    if not given:
        return None
    number, at = _stood_by(events, person_id) or (given[-2].number if len(given) > 1 else given[-1].number, None)
    if number >= given[-1].number:
        return None
    return ChangedSince(before=number, after=given[-1].number, changed_at=given[-1].at, read_at=at)


def _stood_by(events: Sequence[Event], person_id: str) -> tuple[int, datetime] | None:
    """The newest version the parent has said something about, and when. A text that they agreed to and that was changed before
    it was frozen is no version: it was written on the one they had been given before."""
    about = {request.id: request.document.version for request in requests_of(events)}
    found: list[tuple[int, datetime]] = []
    agreed: datetime | None = None
    newest = 0
    for event in events:
        if event.kind == "text_acknowledged" and event.actor == person_id:
            found.append((event.payload["version"], event.at))
        elif event.kind in ("consent_given", "consent_refused") and event.actor == person_id:
            found.append((about[event.request_id or ""], event.at))
        elif event.kind == "agreement_confirmed" and event.payload["person"] == person_id:
            agreed = event.at
        elif event.kind == "agreement_voided":
            found += [(newest, agreed)] if agreed is not None and newest else []
            agreed = None
        elif event.kind in ("version_shared", "version_agreed"):
            newest = event.payload["version"]
            found += [(newest, agreed)] if agreed is not None else []
    return max(found, default=None)
