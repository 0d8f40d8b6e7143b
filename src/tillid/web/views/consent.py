"""Walk 1, the consent page: read, answer row by row, see the own answer, send (station 5; R-12 to R-15).

GET shows the question. A POST carries ``trin``: ``se`` (check and preview), ``ret`` (back to the rows, nothing lost),
``send`` (the one click that counts).
"""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.facts import document_of_request
from tillid.usecases.give_consent import ConsentPage, Unanswered, consent_page, give_consent
from tillid.usecases.own_consent import own_answers
from tillid.usecases.ports import House
from tillid.usecases.read_text import item_fields
from tillid.web.clicks import accept, issue, shown_language
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _, translate
from tillid.web.reading import reading
from tillid.web.render import file_address, language_of, page
from tillid.web.views.parent import STATE_KIND, STATES

ORAL = "oral"
YES_NO = {"ja": True, "nej": False}
OPERATION = "see_consent"
SAID = {
    "consent_given": _("Du sagde ja"),
    "consent_refused": _("Du sagde nej"),
    "consent_withdrawn": _("Du trak tilbage"),
}


def question(request: Request) -> Response:
    """The consent page; when it is answered, the own answer and the way to take it back (R-16)."""

    def build(house: House) -> Response:
        found = consent_page(house, request.person, request.matchdict["request_id"], language_of(request))
        if not found.live:
            own = own_answers(house, request.person, found.request)
            return page(
                request, "consent_answered.html", found=found, own=own, words=SAID, states=STATES, kinds=STATE_KIND
            )
        return _form(request, found, {}, nonce=issue(request, found.request.id, found.digest))

    return reading(request, OPERATION, _document_id(request), build)


def answer(request: Request) -> Response:
    """One step on, as ``trin`` says; nothing but ``send`` registers anything."""
    language = shown_language(request)
    found = consent_page(request.house, request.person, request.matchdict["request_id"], language)
    request.admitted = True
    said = _posted(request, found)
    step = request.POST.get("trin", "")
    if step not in ("se", "ret", "send"):
        raise HTTPNotFound()
    items = {item: yes for item, yes in said.items() if item != ORAL}
    event_id = accept(request, found.request.id, found.digest, [items, said.get(ORAL)])
    nonce = request.POST["nonce"]
    if step == "ret":
        return _form(request, found, said, nonce=nonce)
    if missing := _missing(found, said):
        return answered(_form(request, found, said, nonce=nonce, missing=missing), 422)
    if step == "se":
        return page(request, "consent_preview.html", found=found, said=said, nonce=nonce, any_yes=any(items.values()))
    receipt = give_consent(
        request.house,
        request.person,
        found.request.id,
        items,
        oral=said.get(ORAL),
        language=language,
        event_id=event_id,
    )
    return HTTPSeeOther(location=request.route_path("receipt", request_id=found.request.id, event_id=receipt.event_id))


def _document_id(request: Request) -> str:
    return document_of_request(request.house, request.matchdict["request_id"])


def _posted(request: Request, found: ConsentPage) -> dict[str, bool]:
    """Item id (and ``oral``) → yes or no, for every row that was answered; anything but ja and nej is no answer."""
    wanted = [item.id for item in found.request.items] + ([ORAL] if found.request.oral_asked else [])
    return {one: YES_NO[said] for one in wanted if (said := request.POST.get(f"svar.{one}", "")) in YES_NO}


def _missing(found: ConsentPage, said: dict[str, bool]) -> list[str]:
    """Rows without an answer. Oral permission is asked only about what was said yes to."""
    missing = [item.id for item in found.request.items if item.id not in said]
    any_yes = any(yes for item, yes in said.items() if item != ORAL)
    return [*missing, ORAL] if found.request.oral_asked and any_yes and ORAL not in said else missing


def _form(
    request: Request, found: ConsentPage, said: dict[str, bool], *, nonce: str, missing: list[str] = ()
) -> Response:
    rows: list[dict[str, Any]] = []
    about = found.request.document
    fields = item_fields(request.house, found.request, found.text.language)
    for number, item in enumerate(found.request.items, start=1):
        rows.append(
            {
                "item": item,
                "id": f"svar-{number}",
                "fields": fields[item.id],
                "said": said.get(item.id),
                "missing": item.id in missing,
            }
        )
    problems = []
    if missing:
        language = language_of(request)
        problems = [
            (row["id"], translate(_("Svar ja eller nej: {title}"), language).format(title=row["item"].title))
            for row in rows
            if row["missing"]
        ]
        if ORAL in missing:
            problems.append(
                ("svar-mundtligt", translate(_("Svar ja eller nej til, om det også må fortælles mundtligt"), language))
            )
    return page(
        request,
        "consent.html",
        found=found,
        rows=rows,
        file_at=file_address(request, "attachment_of_version", document_id=about.document_id, version=about.version),
        oral=said.get(ORAL),
        oral_missing=ORAL in missing,
        nonce=nonce,
        problems=problems,
        unanswered=message_of(request, Unanswered(tuple(missing))) if missing else "",
    )
