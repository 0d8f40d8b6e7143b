"""Walk 2: take a consent back. One page, one click, no reason; by a parent here, or by an employee who is told so
(R-16, R-17). If the click cannot be registered, the page says exactly that and gives the phone number."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.errors import NotFound, TillidError
from tillid.usecases.facts import document_of_request
from tillid.usecases.give_consent import request_digest
from tillid.usecases.own_consent import OwnYes, own_yes, standing_yeses
from tillid.usecases.paper_answer import paper_waits
from tillid.usecases.ports import House
from tillid.usecases.withdraw_consent import (
    NothingToWithdraw,
    record_withdrawal,
    withdraw_consent,
    withdrawal_words,
)
from tillid.web.clicks import (
    REMARK_MAX,
    accept,
    issue,
    posted_count,
    recording_digest,
    remark,
    shown_language,
    withdrawal_digest,
)
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _, translate
from tillid.web.reading import reading
from tillid.web.render import language_of, page

METHODS = {"telefon": "phone", "personligt": "in_person"}
CHOOSE = _("Kryds af, hvad du vil trække tilbage.")


def form(request: Request) -> Response:
    """What happens, and two buttons: everything, or what is ticked."""

    def build(house: House) -> Response:
        return _page(request, own_yes(house, request.person, request.matchdict["request_id"]))

    return reading(request, "withdraw", document_of_request(request.house, request.matchdict["request_id"]), build)


def withdraw(request: Request) -> Response:
    """Effective in this click's transaction (R-17)."""
    request.when_failed = lambda error: not_registered(request, error)
    language = shown_language(request)
    found = own_yes(request.house, request.person, request.matchdict["request_id"])
    request.admitted = True
    scope, items = request.POST.get("omfang", ""), tuple(sorted(set(request.POST.getall("del"))))
    if scope not in ("alt", "dele"):
        raise HTTPNotFound()
    if scope == "dele" and not items:
        return answered(_page(request, found, problem=translate(CHOOSE, language_of(request))), 422)
    items = items if scope == "dele" else ()
    event_id = accept(request, found.request.id, _digest(found, language, posted_count(request, "set")), list(items))
    done = withdraw_consent(
        request.house,
        request.person,
        found.request.id,
        items,
        language=language,
        event_id=event_id,
        remark=remark(request),
    )
    return HTTPSeeOther(location=request.route_path("receipt", request_id=found.request.id, event_id=done.event_id))


def _digest(found: OwnYes, language: str, seen: int) -> str:
    return withdrawal_digest(request_digest(found.request, language), found.mine.event_digest, seen)


def _page(request: Request, found: OwnYes, *, problem: str = "") -> Response:
    if not found.mine.yes:
        raise NothingToWithdraw("taken back already")
    language = language_of(request)
    return page(
        request,
        "withdraw.html",
        found=found,
        effect=withdrawal_words(request.house, found.request, language),
        left=[item for item in found.request.items if item.id in found.mine.yes],
        nonce=issue(request, found.request.id, _digest(found, language, found.seen)),
        remark_max=REMARK_MAX,
        problems=[("dele", problem)] if problem else [],
    )


def not_registered(request: Request, error: Exception) -> Response | None:
    """The plain page for a click that did not count. ``None``: the ordinary answer says it (404, nothing to withdraw)."""
    if isinstance(error, NotFound | NothingToWithdraw) or not getattr(request, "admitted", False):
        return None
    known = isinstance(error, TillidError)
    reason = message_of(request, error) if known else ""
    code = error.code if known else "withdrawal.not-registered"
    return answered(page(request, "withdraw_failed.html", reason=reason, code=code, again=request.path), 503)


def staff_form(request: Request) -> Response:
    """For the employee who has a parent on the phone or at the door: whose yes, and how it was said."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        document, found = standing_yeses(house, request.person, document_id)
        rows = [
            (one, issue(request, _about(one.request.id, one.holder_id), recording_digest(one.seen))) for one in found
        ]
        done = "registreret" in request.GET
        waits = paper_waits(house, document_id)
        return page(request, "record_withdrawal.html", document=document, rows=rows, done=done, waits=waits,
                    remark_max=REMARK_MAX)  # fmt: skip

    return reading(request, "record_withdrawal", document_id, build)


def staff_record(request: Request) -> Response:
    """One employee, one click (R-16)."""
    request.when_failed = lambda error: not_registered(request, error)
    document, _found = standing_yeses(request.house, request.person, request.matchdict["document_id"])
    request.admitted = True
    method = METHODS.get(request.POST.get("metode", ""))
    request_id, holder = request.POST.get("samtykke", ""), request.POST.get("hvem", "")
    if method is None or document_of_request(request.house, request_id) != document.id:
        raise NotFound("no such way or no such consent")
    items = sorted(set(request.POST.getall("del")))
    event_id = accept(request, _about(request_id, holder), recording_digest(posted_count(request, "set")), items)
    record_withdrawal(
        request.house,
        request.person,
        request_id,
        holder,
        items,
        method=method,
        event_id=event_id,
        remark=remark(request),
    )
    return HTTPSeeOther(location=request.route_path("record_withdrawal", document_id=document.id) + "?registreret=1")


def _about(request_id: str, holder_id: str) -> str:
    return f"{request_id}.{holder_id}"
