"""A leader decides to share without consent, and lets it end (R-02, design 14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import is_id
from tillid.kernel.text import normal_newlines
from tillid.usecases.decide_share import (
    END,
    OPERATION,
    DecisionPage,
    decide_share,
    decision_page,
    end_share,
    preview_decision,
)
from tillid.usecases.decision_said import (
    LEAST_REASON,
    MOST,
    InformedMissing,
    NothingChosen,
    ProtectedChosen,
    ProvisionMissing,
    ReasonMissing,
    Said,
    UnfitWords,
)
from tillid.usecases.ports import House
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _, translate
from tillid.web.marks import names_of
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
    ProtectedChosen: "del-1",
}
AT_PART = {"provision": "bestemmelse", "reason": "hvorfor", "objection": "indsigelse"}


def look(request: Request) -> Response:
    """What was decided, and the form for a new decision."""

    def build(house: House) -> Response:
        found = decision_page(house, request.person, _document_id(request))
        return _page(request, found, {}, request.GET.get("gjort", ""))

    return reading(request, (OPERATION, END), _document_id(request), build)


def decide(request: Request) -> Response:
    """``trin``: ``se`` (what would be decided), ``ret`` (back to the form), ``beslut`` or ``ophoer``. What was typed comes back
    with what is missing."""
    found = decision_page(request.house, request.person, _document_id(request))
    request.admitted = True
    step = request.POST.get("trin")
    if step == "ophoer":
        decision = request.POST.get("beslutning", "")
        if not is_id(decision):
            raise HTTPNotFound()
        end_share(request.house, request.person, found.document.id, decision)
        return _back(request, "ophoert")
    if step not in ("se", "ret", "beslut"):
        raise HTTPNotFound()
    typed: dict[str, Any] = {name: normal_newlines(request.POST.get(name, "")) for name in TYPED}
    typed["dele"] = sorted(set(request.POST.getall("del")))
    if step == "ret":
        return _page(request, found, typed)
    if step == "beslut":
        # Bound to what the preview showed: nothing is decided that was not seen (design 18).
        return _decided(request, found, typed, accept(request, found.document.id, _digest(found, typed), typed))
    if found.blocked is not None or typed["hjemlet"] not in found.grounds:
        problems = [] if found.blocked else [("hjemlet", translate(NO_GROUND, language_of(request)))]
        return answered(_page(request, found, typed, problems=problems), 422)
    try:
        made = preview_decision(request.house, request.person, found.document.id, _said(typed), language_of(request))
    except (UnfitWords, *AT) as error:
        return _again(request, found, typed, error)
    nonce = issue(request, found.document.id, _digest(found, typed))
    return page(request, "decision_preview.html", found=made, typed=typed, nonce=nonce)


def _decided(request: Request, found: DecisionPage, typed: dict[str, Any], event_id: str) -> Response:
    try:
        made = decide_share(request.house, request.person, found.document.id, _said(typed), event_id=event_id)
    except (UnfitWords, *AT) as error:
        return _again(request, found, typed, error)
    return _back(request, "besluttet" if made.new else "allerede")


def _again(request: Request, found: DecisionPage, typed: dict[str, Any], error: TillidError) -> Response:
    """The form once more, with what is wrong beside its field."""
    place = AT_PART[error.part] if isinstance(error, UnfitWords) else AT[type(error)]
    return answered(_page(request, found, typed, problems=[(place, message_of(request, error))]), 422)


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
    request: Request,
    found: DecisionPage,
    typed: dict[str, Any],
    done: str = "",
    problems: Sequence[tuple[str, str]] = (),
) -> Response:
    blocked: TillidError | None = found.blocked
    name = names_of(request)
    return page(
        request,
        "decision.html",
        found=found,
        typed={**dict.fromkeys(TYPED, ""), "dele": [], **typed},
        done=done,
        problems=problems,
        blocked=message_of(request, blocked) if blocked else "",
        names={one.decided_by: name(one.decided_by) for one, _ in found.made},
        least=LEAST_REASON,
        most=MOST,
    )


def _digest(found: DecisionPage, typed: dict[str, Any]) -> str:
    """What the preview showed: with another version or other words the click counts no more. The same click twice is one decision,
    whatever is so of it by then."""
    return json_digest({"version": found.version, "answers": found.answers_digest, "act": OPERATION, "typed": typed})


def _back(request: Request, done: str) -> Response:
    return HTTPSeeOther(location=request.route_path("decision", document_id=_document_id(request)) + f"?gjort={done}")


def _document_id(request: Request) -> str:
    return request.matchdict["document_id"]
