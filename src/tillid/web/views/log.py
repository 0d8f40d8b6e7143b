"""Who read what about whom, for the data protection officer: times, names, actions and purposes, no content (R-71)."""

from __future__ import annotations

from dataclasses import dataclass

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.gathering import purpose_of
from tillid.usecases.ports import AuditRow
from tillid.usecases.see_log import SHOWN, ChildLog, LogRow, export_log, log_of_child, log_units, require_log
from tillid.usecases.see_notification_log import NotificationLog, notification_log, require_officer
from tillid.web.archive_words import ACTION, ROLES, name_of
from tillid.web.i18n import _
from tillid.web.reading import file_response, looked_anew
from tillid.web.render import page
from tillid.web.words import CPR_REASON, GATHER_PURPOSE

OUTCOME = {"ok": _("Gennemført"), "refused": _("Afvist"), "failed": _("Mislykkedes")}


_PURPOSE = {
    **{f"cpr:{code}": text for code, text in CPR_REASON.items()},
    **{purpose_of(code): text for code, text in GATHER_PURPOSE.items()},
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row in words. ``purpose``: as it was stated; empty when the action itself says it. ``outcome``: empty when nothing
    is known of it."""

    row: AuditRow
    name: str
    role: str
    action: str
    purpose: str
    document: str
    outcome: str


def units(request: Request) -> Response:
    """Choose a child of the own controller."""
    return page(request, "log.html", units=log_units(request.house, request.person))


def child(request: Request) -> Response:
    """The newest rows about one child; asked again right before they leave."""
    child_id = request.matchdict["child_id"]
    found = log_of_child(request.house, request.person, child_id)
    request.admitted = True
    lines = [_line(request, found, one) for one in found.rows]
    response = page(request, "log_child.html", found=found, lines=lines, most=SHOWN)
    require_log(*looked_anew(request), child_id)
    return response


def notifications(request: Request) -> Response:
    """Who has read underretninger that were sent; asked again right before it leaves."""
    found = notification_log(request.house, request.person)
    request.admitted = True
    lines = [(one, [(row, _reader(request, one, row.row)) for row in one.rows]) for one in found]
    response = page(request, "log_notifications.html", lines=lines, actions=ACTION, outcomes=OUTCOME)
    require_officer(*looked_anew(request))
    return response


def _reader(request: Request, one: NotificationLog, row: AuditRow) -> str | None:
    """``None`` for who sent it: the page names nobody for having a worry (R-53)."""
    return None if row.person_id == one.sender else name_of(request.house, row.person_id)


def export(request: Request) -> Response:
    """The whole log about one child as JSON lines, to keep or to check the chain with. This POST writes nothing to the
    database, so a fresh view drops nothing."""
    child_id = request.matchdict["child_id"]
    data = export_log(request.house, request.person, child_id)
    request.admitted = True
    require_log(*looked_anew(request, writes=False), child_id)
    return file_response(data, "application/jsonl", f"log-{child_id}.jsonl")


def _line(request: Request, found: ChildLog, one: LogRow) -> Line:
    row = one.row
    return Line(
        row=row,
        name=name_of(request.house, row.person_id),
        role=ROLES.get(row.role, row.role),
        action=ACTION.get(row.action, row.action),
        purpose="" if row.purpose in (row.action, *ACTION) else _PURPOSE.get(row.purpose, row.purpose),
        document=found.numbers.get(row.object_id, ""),
        outcome=OUTCOME.get(one.outcome, ""),
    )
