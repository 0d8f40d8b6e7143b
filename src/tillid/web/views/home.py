"""The front page: strangers choose how to log in; everybody else sees their own list."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.editing import may_go_on
from tillid.usecases.forget_drafts import NOTICE_TEXT as DRAFT_ENDING
from tillid.usecases.lists import NeutralLine, StaffHome, staff_home
from tillid.usecases.ports import Notice
from tillid.usecases.retry_step import NOTICE as GIVEN_UP
from tillid.usecases.saved_searches import began_as
from tillid.web.reading import same_again
from tillid.web.render import page
from tillid.web.routes import has_route
from tillid.web.views import parent


def home(request: Request) -> Response:
    """Login for strangers, the own list for parents and staff."""
    if request.person is None:
        return page(request, "login.html", back="")
    return _staff(request) if request.person.kind == "staff" else parent.home(request)


def _staff(request: Request) -> Response:
    def build(found: StaffHome) -> Response:
        units = request.house.people.organigram().units
        roles = [(a.role, units[a.unit_id].name) for a in request.person.assignments if a.unit_id in units]
        return page(
            request,
            "home_staff.html",
            home=found,
            roles=roles,
            address=_address(request, found.received),
            received_path=_received(request),
        )

    return same_again(request, staff_home, build)


# Notices about a case of insight, and whose page of it they lead to.
CASES = {"insight_asks_intake": "intake_insight_case", "insight_intake_answered": "insight_case"}


def _address(request: Request, received: tuple[NeutralLine, ...]):
    """Where a notice leads; nowhere for what the reader may no longer open (the page behind it decides anew)."""
    open_now = {line.document_id for line in received if line.line == "open"}

    def address(notice: Notice) -> str:
        if "search" in notice.ids:
            kept = began_as(request.house, request.person, notice.ids["search"])
            return request.route_path("saved_search", search_id=kept.id) if kept else ""
        if notice.text_id in CASES:
            return request.route_path(CASES[notice.text_id], case_id=notice.ids["case"])
        if "request" in notice.ids and has_route("consent"):
            return request.route_path("consent", request_id=notice.ids["request"])
        if "template" in notice.ids:
            return request.route_path("proposal", proposal_id=notice.ids["template"])
        if "design" in notice.ids:
            return request.route_path("design_review", design_id=notice.ids["design"])
        if notice.text_id == "stored_damaged":
            return request.route_path("fixity")
        if notice.text_id == GIVEN_UP:
            return request.route_path("admin") + "#udbakke"
        if notice.text_id == DRAFT_ENDING and not _goes_on(request, notice):
            return ""
        if "notification" in notice.ids:
            return request.route_path("notification", document_id=notice.ids["notification"])
        if "child" in notice.ids:
            return request.route_path("child", child_id=notice.ids["child"])
        if notice.text_id in ("released", "narrowed", "no_longer_available", "remark_received"):
            released = notice.text_id != "no_longer_available" and notice.ids["document"] in open_now
            return request.route_path("released", document_id=notice.ids["document"]) if released else ""
        return request.route_path("document", document_id=notice.ids["document"]) if "document" in notice.ids else ""

    return address


def _goes_on(request: Request, notice: Notice) -> bool:
    """Whether the draft of the notice is still there to write in: not gone, and not about a child that has left."""
    return any(may_go_on(request.house, request.person, one) for one in notice.ids.values())


def _received(request: Request):
    def path(line: NeutralLine) -> str:
        return request.route_path("released", document_id=line.document_id) if has_route("released") else ""

    return path
