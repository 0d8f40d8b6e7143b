"""What is no document and still about the child: who was asked and answered, notices, and who has read what (R-71, R-72).

Employees are told of by their role: a person is entitled to know that and why somebody looked, not as a rule who it was (CJEU
C-579/21). What another parent did stands in a line of its own, so that it can be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from tillid.archive.insight import InsightCase
from tillid.consents.events import Event
from tillid.usecases.ports import AuditRow, House

CONSENTS = frozenset(
    {
        "version_shared", "text_acknowledged", "agreement_confirmed", "version_agreed", "version_corrected",
        "transition_declined", "request_created", "request_voided", "consent_given", "consent_refused", "consent_withdrawn",
        "set_signed", "meeting_asked", "meeting_given", "meeting_refused", "meeting_withdrawn", "share_decided", "share_ended",
        "handed_out", "reading_granted", "reading_ended", "reader_named", "reception_acknowledged", "note_fastened",
        "restriction_placed", "restriction_lifted", "release_confirmed",
    }
)  # fmt: skip
By = Literal["asks", "other", "staff", "system"]
LOG_MOST = 100_000


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``what``: the kind of an event, an action of the log or a notice's text id; ``role``: of an employee; ``number``: of the document."""

    at: datetime
    what: str
    by: By
    role: str = ""
    number: str = ""
    version: int | str = ""


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """``left_out``: how many lines about another parent are not among ``rows``."""

    rows: tuple[Row, ...]
    left_out: int = 0


def by_whom(house: House, case: InsightCase, event: Event) -> By:
    """Whose step it was, seen from who asks."""
    return _by(house, case, event.payload.get("holder_id") or event.actor)


def consent_rows(house: House, case: InsightCase, document_id: str, last: str, *, without_others: bool) -> Rows:
    """What happened with one document between the institution and the parents, up to the event with the digest ``last``: that was
    the newest when it was collected."""
    document = house.documents.get(document_id)
    number = document.number if document else ""
    events = _until(house.ledger.of_document(document_id), last)
    rows = [
        Row(
            at=one.at,
            what=one.kind,
            by=by_whom(house, case, one),
            number=number,
            version=one.payload.get("version", ""),
        )
        for one in events
    ]
    return _without(rows, without_others)


def log_rows(house: House, case: InsightCase, *, without_others: bool) -> Rows:
    """Who has read or done what about the child, until it was collected; oldest first."""
    # Rows of that very second may still have come in afterwards.
    until, every = case.collected_at or house.moment, house.audit.of_child(case.child_id, LOG_MOST)
    attempts = [row for row in every if row.phase != "outcome" and row.at < until]
    numbers = _numbers(house, attempts)
    rows = [
        Row(
            at=one.at,
            what=one.action,
            by=_by(house, case, one.person_id),
            role=one.role,
            number=numbers.get(one.object_id, ""),
        )
        for one in attempts
    ]
    return _without(rows, without_others)


def notice_rows(house: House, case: InsightCase, person_id: str) -> Rows:
    """The messages one parent has had about this child's documents."""
    found = []
    for notice in house.notices.of_person(person_id):
        document = house.documents.get(notice.ids.get("document", ""))
        request = house.ledger.of_request(notice.ids.get("request", ""))
        about = document.child_id if document else request[0].child_id if request else notice.ids.get("child")
        if about == case.child_id and _before(case, notice.at):
            number = document.number if document else ""
            found.append(Row(at=notice.at, what=notice.text_id, by=_by(house, case, person_id), number=number))
    return Rows(rows=tuple(sorted(found, key=lambda one: (one.at, one.what, one.number))))


def _by(house: House, case: InsightCase, person_id: str) -> By:
    if person_id and person_id == case.request.holder_id:
        return "asks"
    if house.people.parent(person_id) is not None:
        return "other"
    return "staff" if house.people.staff(person_id) is not None else "system"


def _until(events: Iterable[Event], last: str) -> Iterator[Event]:
    for event in events:
        if event.kind in CONSENTS:
            yield event
        if event.digest == last:
            return


def _before(case: InsightCase, moment: datetime) -> bool:
    """A package says what was there when it was collected, whenever it is made."""
    return case.collected_at is None or moment <= case.collected_at


def _without(rows: list[Row], without_others: bool) -> Rows:
    kept = tuple(one for one in rows if not (without_others and one.by == "other"))
    return Rows(rows=kept, left_out=len(rows) - len(kept))


def _numbers(house: House, rows: Iterable[AuditRow]) -> dict[str, str]:
    ids = {one.object_id for one in rows if one.object_id}
    return {document.id: document.number for one in ids if (document := house.documents.get(one)) is not None}
