"""What a meeting agreed on: followed up, closed when all is done, and opened again (D7, R-90)."""

from __future__ import annotations

from collections.abc import Sequence

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.canonical import json_digest
from tillid.usecases.close_agreements import (
    WAYS_IN,
    AgreementsOpen,
    AgreementsPage,
    agreements_page,
    cancel_meeting,
    close_agreements,
    reopen_agreements,
)
from tillid.usecases.ports import House
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _
from tillid.web.reading import reading
from tillid.web.render import language_of, page
from tillid.web.views.document import trail


def look(request: Request) -> Response:
    """What was agreed on, what happens when it is closed, and the button; or who closed it, and the way back."""

    def build(house: House) -> Response:
        found = _found(request)
        return _page(request, found, issue(request, found.document.id, _digest(found)))

    return reading(request, WAYS_IN, _document_id(request), build)


def act(request: Request) -> Response:
    """Close it, say that it is not held, or open it again."""
    found = _found(request)
    request.admitted = True
    step, said = request.POST.get("trin", ""), _said(request, found)
    if step not in ("afslut", "aflys", "aabn"):
        raise HTTPNotFound()
    event_id = accept(request, found.document.id, request.POST.get("set", ""), [step, said])
    try:
        _do(request, found, step, said, event_id)
    except AgreementsOpen as error:
        problems = [(f"aftale-{place + 1}", message_of(request, error)) for place in error.places[:1]]
        wrong = _page(request, found, request.POST.get("nonce", ""), said, problems, error.places)
        return answered(wrong, 422)
    return HTTPSeeOther(location=request.route_path("document", document_id=_document_id(request)))


def _do(request: Request, found: AgreementsPage, step: str, said: Sequence[str], event_id: str) -> None:
    """The same click again is done already; any other click on a page that is not so any more fits nothing."""
    house, who, document_id = request.house, request.person, found.document.id
    same = request.POST.get("set", "") == _digest(found)
    if step == "afslut":
        close_agreements(house, who, document_id, found.version if same else 0, said, event_id=event_id)
    elif step == "aflys":
        cancel_meeting(house, who, document_id, found.version if same else 0, event_id=event_id)
    else:
        reopen_agreements(house, who, document_id, found.closing if same else "", event_id=event_id)


def _found(request: Request) -> AgreementsPage:
    return agreements_page(request.house, request.person, _document_id(request), language_of(request))


def _said(request: Request, found: AgreementsPage) -> list[str]:
    """What was chosen for each agreement, in order; empty where nothing was."""
    return [request.POST.get(f"aftale.{place}", "") for place in range(1, len(found.agreements) + 1)]


def _page(
    request: Request,
    found: AgreementsPage,
    nonce: str,
    said: Sequence[str] | None = None,
    problems: Sequence[tuple[str, str]] = (),
    missing: Sequence[int] = (),
) -> Response:
    if said is None:
        said = found.outcomes or [one.status if one.status in found.ends else "" for one in found.agreements]
    closer = request.house.people.staff(found.closed_by)
    return page(
        request,
        "agreements.html",
        found=found,
        said=said,
        nonce=nonce,
        seen=_digest(found),
        problems=problems,
        missing=missing,
        closer=closer.name if closer else "",
        crumbs=trail(request, found.document, found.title, _("Aftaler")),
    )


def _digest(found: AgreementsPage) -> str:
    return json_digest({"version": found.version, "turn": found.turn})


def _document_id(request: Request) -> str:
    return request.matchdict["document_id"]
