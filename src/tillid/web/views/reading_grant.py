"""A leader lets a foster parent read a document for a time, and ends it (R-36)."""

from __future__ import annotations

from datetime import date

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.canonical import json_digest
from tillid.usecases.grant_reading import (
    LEAST_BASIS,
    MOST_BASIS,
    OPERATION,
    GrantIncomplete,
    GrantPage,
    end_grant,
    grant_page,
    grant_reading,
)
from tillid.usecases.ports import House
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, told_at
from tillid.web.i18n import _
from tillid.web.reading import reading
from tillid.web.render import page

# What of a ``GrantIncomplete`` stands where on the page, and what is said there.
SAID = {
    "person": (
        "cpr",
        _("Skriv plejeforælderens CPR-nummer. Personen skal være kendt her, have MitID og må ikke selv have forældremyndigheden."),
    ),
    "basis": ("afgoerelse", _("Skriv afgørelsen, som adgangen bygger på, med mindst {count} tegn og ingen CPR-numre.")),
    "until": ("dag", _("Vælg en sidste dag, der højst ligger et år fremme.")),
}  # fmt: skip


def look(request: Request) -> Response:
    """Who may read by a grant, who could, and the form for one more."""

    def build(house: House) -> Response:
        found = grant_page(house, request.person, _document_id(request))
        return _page(request, found, issue(request, found.document.id, _digest(found)))

    return reading(request, OPERATION, _document_id(request), build)


def record(request: Request) -> Response:
    """Record a grant, or end the one that ``ophoer`` names. The number typed is never shown again."""
    found = grant_page(request.house, request.person, _document_id(request))
    request.admitted = True
    cpr, basis, until, ended = (request.POST.get(name, "") for name in ("cpr", "afgoerelse", "dag", "ophoer"))
    event_id = accept(request, found.document.id, _digest(found), [cpr, basis, until, ended])
    try:
        if ended:
            end_grant(request.house, request.person, found.document.id, ended, event_id=event_id)
        else:
            grant_reading(request.house, request.person, found.document.id, cpr=cpr, basis=basis, until=_day(until),
                          event_id=event_id)  # fmt: skip
    except GrantIncomplete as error:
        problems = told_at(request, SAID, error.parts, count=LEAST_BASIS)
        return answered(_page(request, found, request.POST.get("nonce", ""), basis, until, problems), 422)
    return HTTPSeeOther(location=request.route_path("reading_grant", document_id=_document_id(request)))


def _page(
    request: Request, found: GrantPage, nonce: str, basis: str = "", until: str = "", problems: list | tuple = ()
) -> Response:
    names = {one.by: staff.name for one, _ in found.grants if (staff := request.house.people.staff(one.by))}
    return page(request, "reading_grant.html", found=found, nonce=nonce, basis=basis, until=until, problems=problems, names=names,
                least=LEAST_BASIS, most=MOST_BASIS)  # fmt: skip


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _digest(found: GrantPage) -> str:
    return json_digest({"act": OPERATION, "grants": [one.id for one, holds in found.grants if holds]})


def _document_id(request: Request) -> str:
    return request.matchdict["document_id"]
