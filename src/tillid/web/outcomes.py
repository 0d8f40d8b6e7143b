"""What came of a request: one outcome row for every attempt row it wrote, with the same request id (design 23, R-71).

The attempt stands before anything happens and stops the request when it cannot be written. The outcome is best effort:
it delays no answer and fails none; an attempt without an outcome is a request whose process ended under way, or within
the second after it.
"""

from __future__ import annotations

import logging

import msgspec
from pyramid.httpexceptions import HTTPException
from pyramid.request import Request
from pyramid_retry import is_error_retryable

from tillid.kernel.errors import TillidError
from tillid.kernel.ids import new_id
from tillid.usecases.ports import Audit, AuditRow, House

log = logging.getLogger(__name__)


class Remembering:
    """An audit log that keeps in ``attempts`` what one request has attempted, each once."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self.attempts: dict[tuple[str, ...], AuditRow] = {}

    def write(self, *rows: AuditRow) -> None:
        self._audit.write(*rows)
        for row in rows:
            self.attempts.setdefault((row.person_id, row.action, row.object_id, row.child_id, row.purpose), row)

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
        return getattr(self._audit, name)


def remembering(request: Request, house: House) -> House:
    """``house`` with the attempts of ``request`` remembered."""
    request.audit_of_request = Remembering(house.audit)
    return house.logging_to(request.audit_of_request)


def write_outcomes(request: Request, status: int | None) -> None:
    """The outcome rows of ``request`` by the status that was answered, ``None`` when nothing was."""
    audit = getattr(request, "audit_of_request", None)
    if audit is None or not audit.attempts:
        return
    outcome = outcome_of(request, status)
    try:
        at = request.registry.installation.clock.now()
        for row in audit.attempts.values():
            audit.later(msgspec.structs.replace(row, id=new_id(), phase="outcome", at=at, outcome=outcome))
    except Exception as error:  # the answer goes out whatever becomes of its row
        log.error("%s outcome not written: %s", request.request_id, type(error).__name__)


def outcome_of(request: Request, status: int | None) -> str:
    """``ok`` for an answer, ``refused`` for a no, ``failed`` for an error, and for a run that another one replaces."""
    error = getattr(request, "exception", None)
    # An error nobody foresaw may be answered by the uniform 404; it is a failure all the same.
    foreseen = error is None or isinstance(error, HTTPException | TillidError)
    if status is None or status >= 500 or not foreseen or (error is not None and is_error_retryable(request, error)):
        return "failed"
    return "ok" if status < 400 else "refused"
