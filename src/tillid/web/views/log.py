"""Who read what about whom, for the data protection officer: times, names, actions and purposes, no content (R-71)."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.export_audit import child_audit, packed
from tillid.usecases.ports import AuditRow
from tillid.usecases.see_log import SHOWN, log_of_child, log_units, require_log
from tillid.usecases.see_notification_log import NotificationLog, notification_log, require_officer
from tillid.web.archive_words import ACTION, name_of
from tillid.web.log_words import OUTCOME, line_of, table
from tillid.web.reading import file_response, looked_anew
from tillid.web.render import language_of, page


def units(request: Request) -> Response:
    """Choose a child of the own controller."""
    return page(request, "log.html", units=log_units(request.house, request.person))


def child(request: Request) -> Response:
    """The newest rows about one child; asked again right before they leave."""
    child_id = request.matchdict["child_id"]
    found = log_of_child(request.house, request.person, child_id)
    request.admitted = True
    house, language = request.house, language_of(request)
    lines = [
        line_of(house, one.row, one.outcome, found.numbers.get(one.row.object_id, ""), language) for one in found.rows
    ]
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
    """The whole log about one child as one signed file, to keep and to check. This POST writes nothing to the database, so a
    fresh view drops nothing."""
    child_id, house = request.matchdict["child_id"], request.house
    found = child_audit(house, request.person, child_id)
    request.admitted = True
    data = packed(found, table(house, found, language_of(request)), house.event_log.vouch)
    require_log(*looked_anew(request, writes=False), child_id)
    return file_response(data, "application/zip", f"log-{child_id}.zip")
