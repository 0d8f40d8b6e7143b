"""Who read what about whom, for the data protection officer: times, names, actions and purposes, no content (R-71)."""

from __future__ import annotations

from dataclasses import dataclass

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.ports import AuditRow
from tillid.usecases.see_log import SHOWN, ChildLog, log_of_child, log_units
from tillid.web.archive_words import ACTION, SYSTEM, name_of
from tillid.web.i18n import _
from tillid.web.render import page
from tillid.web.words import ROLE

# The log keeps the role a person acted in; two of them are no role in the organisation.
ROLES = ROLE | {"parent": _("Forælder"), SYSTEM: _("Systemet"), "staff": _("Medarbejder")}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row in words. ``purpose``: as it was stated; empty when the action itself says it."""

    row: AuditRow
    name: str
    role: str
    action: str
    purpose: str
    document: str


def units(request: Request) -> Response:
    """Choose a child of the own controller."""
    return page(request, "log.html", units=log_units(request.house, request.person))


def child(request: Request) -> Response:
    """The newest rows about one child."""
    found = log_of_child(request.house, request.person, request.matchdict["child_id"])
    request.admitted = True
    return page(
        request, "log_child.html", found=found, lines=[_line(request, found, row) for row in found.rows], most=SHOWN
    )


def _line(request: Request, found: ChildLog, row: AuditRow) -> Line:
    return Line(
        row=row,
        name=name_of(request.house, row.person_id),
        role=ROLES.get(row.role, row.role),
        action=ACTION.get(row.action, row.action),
        purpose="" if row.purpose in (row.action, *ACTION) else row.purpose,
        document=found.numbers.get(row.object_id, ""),
    )
