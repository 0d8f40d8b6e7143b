"""Who has read the underretninger that the own municipality received, for its data protection officer (R-71).

By the rows of the log alone: numbers, moments, names and actions. No child, no kind, no content, no draft, and not who sent
it (R-53, R-54): the one person that the page calls »Den, der sendte den«.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from tillid.documents.model import Document
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity, is_notification, units_of_controller
from tillid.usecases.open_attachment import ACTION as ATTACHMENT
from tillid.usecases.ports import House
from tillid.usecases.see_log import LogRow, with_outcomes
from tillid.usecases.writing import audit_row

ACTION = "see_notification_log"
READING = frozenset({"read_notification", ATTACHMENT})


class NotificationLog(msgspec.Struct, frozen=True, kw_only=True):
    """One that was sent. ``rows``: who read it, newest first; ``sender``: person id, for leaving the name out."""

    number: str
    sent_at: datetime
    sender: str
    rows: tuple[LogRow, ...]


def notification_log(house: House, who: Identity) -> tuple[NotificationLog, ...]:
    """Those sent to the units of the own controller, newest first; the look is logged first. ``NotFound`` for who is no
    data protection officer."""
    units = require_officer(house, who)
    house.audit.write(audit_row(house, who, ACTION, "", "", ACTION))
    documents = [one for unit in sorted(units) for one in house.documents.to_unit(unit) if is_notification(one)]
    found = [log for one in documents if (log := _of(house, one)) is not None]
    return tuple(sorted(found, key=lambda one: one.sent_at, reverse=True))


def require_officer(house: House, who: Identity) -> frozenset[str]:
    """The units whose data protection officer ``who`` is; ``NotFound`` when there are none."""
    units = units_of_controller(who, "dpo", house.people.organigram())
    if not units:
        raise NotFound("not a data protection officer")
    return frozenset(units)


def _of(house: House, document: Document) -> NotificationLog | None:
    version = house.documents.version(document.id, document.versions) if document.versions else None
    if version is None:
        return None
    # Outside every child's folder: its rows lie under an id of its own.
    rows = with_outcomes(house.audit.of_child(document.child_id))
    return NotificationLog(
        number=document.number,
        sent_at=version.frozen_at,
        sender=document.author,
        rows=tuple(one for one in rows if one.row.action in READING and one.row.object_id == document.id),
    )
