"""A leader decides to share without consent, and lets it end (R-02, design 14)."""

from __future__ import annotations

from datetime import date
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import is_id
from tillid.usecases.decide_share import (
    END,
    LEAST_REASON,
    MOST,
    OPERATION,
    DecisionPage,
    InformedMissing,
    NothingChosen,
    ProvisionMissing,
    ReasonMissing,
    Said,
    UnfitWords,
    decide_share,
    decision_page,
    end_share,
)
from tillid.usecases.ports import House
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _, translate
from tillid.web.reading import reading
from tillid.web.render import language_of, page

NO_GROUND = _("Vælg, hvilket grundlag du bygger på.")
TYPED = ("hjemlet", "bestemmelse", "hvorfor", "orienteret", "svar", "indsigelse")
# Which input an error is about.
AT = {
    ProvisionMissing: "bestemmelse",
    ReasonMissing: "hvorfor",
    InformedMissing: "orienteret",
    NothingChosen: "del-1",
}
AT_PART = {"provision": "bestemmelse", "reason": "hvorfor", "objection": "indsigelse"}


def look(request: Request) -> Response:
    """What was decided, and the form for a new decision."""

    def build(house: House) -> Response:
        found = decision_page(house, request.person, _document_id(request))
        return _page(
            request, found, {}, issue(request, found.document.id, _digest(found)), request.GET.get("gjort", "")
        )

    return reading(request, (OPERATION, END), _document_id(request), build)


def decide(request: Request) -> Response:
    """``trin``: ``beslut`` or ``ophoer``. What was typed comes back with what is missing."""
    found = decision_page(request.house, request.person, _document_id(request))
    request.admitted = True
    if request.POST.get("trin") == "ophoer":
        decision = request.POST.get("beslutning", "")
        if not is_id(decision):
            raise HTTPNotFound()
        end_share(request.house, request.person, found.document.id, decision)
        return _back(request, "ophoert")
    if request.POST.get("trin") != "beslut":
        raise HTTPNotFound()
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in TYPED}
    typed["dele"] = sorted(set(request.POST.getall("del")))
    if typed["hjemlet"] not in found.grounds:
        problems = [("hjemlet", translate(NO_GROUND, language_of(request)))]
        return answered(_page(request, found, typed, request.POST.get("nonce", ""), "", problems), 422)
    event_id = accept(request, found.document.id, _digest(found), typed)
    try:
        decide_share(request.house, request.person, found.document.id, _said(typed), event_id=event_id)
    except (UnfitWords, *AT) as error:
        place = AT_PART[error.part] if isinstance(error, UnfitWords) else AT[type(error)]
        problems = [(place, message_of(request, error))]
        return answered(_page(request, found, typed, request.POST["nonce"], "", problems), 422)
    return _back(request, "besluttet")


def _said(typed: dict[str, Any]) -> Said:
    objection = {"ingen": "", "indsigelse": typed["indsigelse"].strip() or None}.get(typed["svar"])
    try:
        informed = date.fromisoformat(typed["orienteret"])
    except ValueError:
        informed = None
    return Said(
        ground=typed["hjemlet"],
        provision=typed["bestemmelse"],
        chosen=frozenset(typed["dele"]),
        reason=typed["hvorfor"],
        informed_on=informed,
        objection=objection,
    )


def _page(
    request: Request, found: DecisionPage, typed: dict[str, Any], nonce: str, done: str, problems: list = ()
) -> Response:
    blocked: TillidError | None = found.blocked
    return page(
        request,
        "decision.html",
        found=found,
        typed={**dict.fromkeys(TYPED, ""), "dele": [], **typed},
        nonce=nonce,
        done=done,
        problems=problems,
        blocked=message_of(request, blocked) if blocked else "",
        names={one.decided_by: _name(request, one.decided_by) for one, _ in found.made},
        least=LEAST_REASON,
        most=MOST,
    )


def _name(request: Request, person_id: str) -> str:
    staff = request.house.people.staff(person_id)
    return staff.name if staff else ""


def _digest(found: DecisionPage) -> str:
    """What the page was about: with another version the click counts no more. The same click twice is one decision."""
    items = [[one.id, one.digest] for one in found.items]
    return json_digest({"version": found.version, "items": items, "act": OPERATION})


def _back(request: Request, done: str) -> Response:
    return HTTPSeeOther(location=request.route_path("decision", document_id=_document_id(request)) + f"?gjort={done}")


def _document_id(request: Request) -> str:
    return request.matchdict["document_id"]
