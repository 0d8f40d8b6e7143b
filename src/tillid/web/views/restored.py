"""A backup was put back: what is held, and a person says that no withdrawal since is missing (ADR 0082)."""

from __future__ import annotations

from collections.abc import Sequence

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.consents.held import HeldShare
from tillid.consents.restored import Restored
from tillid.kernel.canonical import json_digest
from tillid.kernel.ids import is_id
from tillid.usecases.confirm_release import (
    OPERATION,
    SHOWN,
    HeldPage,
    NothingShown,
    confirm_release,
    confirm_restored,
    held_page,
    restorations,
)
from tillid.usecases.ports import House
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _
from tillid.web.marks import names_of
from tillid.web.reading import reading
from tillid.web.render import page

Problems = Sequence[tuple[str, str]]
SHOWN_BY = {
    "asked": _("Forældrene er spurgt, om de har trukket noget tilbage"),
    "receipts": _("De kvitteringer, forældrene har"),
    "mail": _("Mails, breve og notater fra samtaler"),
    "log_head": _("Et hoved af loggen over samtykker, som andre har gemt"),
    "audit": _("Loggen over læsninger"),
}
KIND = {
    "consent": _("Samtykke til at give videre til %(to)s"),
    "decision": _("En leders beslutning om at give videre til %(to)s"),
    "meeting": _("Samtykke til mødet »%(to)s«"),
    "grant": _("Adgang til at læse for %(to)s"),
}


def look(request: Request) -> Response:
    """What of one document is held."""
    document_id = _document_id(request)

    def build(house: House) -> Response:
        return _held(request, held_page(house, request.person, document_id))

    return reading(request, OPERATION, document_id, build)


def confirm(request: Request) -> Response:
    """One share; the same click twice is one."""
    document_id, share, shown = _document_id(request), request.POST.get("del", ""), request.POST.getall("vist")
    if not is_id(share):
        raise HTTPNotFound()
    event_id = accept(request, share, _digest(document_id), sorted(shown))
    try:
        confirm_release(request.house, request.person, document_id, share, shown, event_id=event_id)
    except NothingShown as error:
        found = held_page(request.house, request.person, document_id)
        request.admitted = True
        return answered(_held(request, found, problems=_problems(request, found.held, share, error)), 422)
    request.admitted = True
    return HTTPSeeOther(location=request.route_path("document", document_id=document_id))


def overview(request: Request) -> Response:
    """Every backup that was put back, for the administrator: no child's data."""
    return _restored(request)


def confirm_all(request: Request) -> Response:
    """All that one of them holds."""
    restored = request.POST.get("kopi", "")
    if not is_id(restored):
        raise HTTPNotFound()
    try:
        confirm_restored(request.house, request.person, restored, request.POST.getall("vist"))
    except NothingShown as error:
        every = restorations(request.house, request.person)
        return answered(_restored(request, problems=_problems(request, every, restored, error)), 422)
    request.admitted = True
    return HTTPSeeOther(location=request.route_path("restored"))


def _held(request: Request, found: HeldPage, problems: Problems = ()) -> Response:
    digest = _digest(found.document.id)
    nonces = {one.id: issue(request, one.id, digest) for one in found.held}
    return page(request, "held.html", found=found, nonces=nonces, kinds=KIND, shown_by=_shown_by(), problems=problems)


def _restored(request: Request, problems: Problems = ()) -> Response:
    every, name = restorations(request.house, request.person), names_of(request)
    request.admitted = True
    names = {one.looked_at.by: name(one.looked_at.by) for one in every if one.looked_at is not None}
    crumbs = ((_("Drift"), request.route_path("admin")), (_("Hentet tilbage fra en sikkerhedskopi"), ""))
    return page(request, "restored.html", every=every, names=names, shown_by=_shown_by(), crumbs=crumbs,
                problems=problems)  # fmt: skip


def _shown_by() -> list[tuple[str, str]]:
    return [(one, SHOWN_BY[one]) for one in SHOWN]


def _problems(request: Request, every: Sequence[HeldShare | Restored], chosen: str, error: NothingShown) -> Problems:
    """Beside the first box of the form that was sent."""
    at = next((n for n, one in enumerate(every, 1) if one.id == chosen), 1)
    return ((f"vist-{at}-1", message_of(request, error)),)


def _digest(document_id: str) -> str:
    return json_digest({"document": document_id, "act": OPERATION})


def _document_id(request: Request) -> str:
    return request.matchdict["document_id"]
