"""Notes and restrictions beside a document, for a leader and the data protection officer (R-72)."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.consents.remarks import GROUNDS, NOTE_KINDS
from tillid.kernel.canonical import json_digest
from tillid.kernel.ids import is_id
from tillid.usecases.fasten_remark import (
    LEAST,
    MOST,
    OPERATION,
    RemarksPage,
    RemarkUnfit,
    fasten_note,
    lift_restriction,
    remarks_page,
    restrict,
)
from tillid.usecases.ports import House
from tillid.web.archive_words import name_of
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, message_of
from tillid.web.reading import reading
from tillid.web.render import page

TYPED = ("slags", "tekst", "grund", "hvorfor", "om")


def look(request: Request) -> Response:
    """What stands beside the document, and the forms for more."""

    def build(house: House) -> Response:
        found = remarks_page(house, request.person, _document_id(request))
        return _page(request, found, {}, issue(request, found.document.id, _DIGEST))

    return reading(request, OPERATION, _document_id(request), build)


def act(request: Request) -> Response:
    """``trin``: ``note``, ``begraens`` or ``ophaev``. What was typed comes back with what is wrong."""
    step = request.POST.get("trin", "")
    found = remarks_page(request.house, request.person, _document_id(request))
    request.admitted = True
    typed = {"trin": step, **{name: request.POST.get(name, "") for name in TYPED}}
    event_id = accept(request, found.document.id, _DIGEST, typed)
    try:
        _do(request, typed, event_id)
    except RemarkUnfit as error:
        problems = [
            (
                {"note": "tekst", "begraens": "hvorfor-ny"}.get(step, f"hvorfor-{typed['om']}"),
                message_of(request, error),
            )
        ]
        return answered(_page(request, found, typed, request.POST["nonce"], problems), 422)
    return HTTPSeeOther(location=request.route_path("remarks", document_id=found.document.id))


def _do(request: Request, typed: dict[str, str], event_id: str) -> None:
    asked = (request.house, request.person, _document_id(request))
    if typed["trin"] == "note" and typed["slags"] in NOTE_KINDS:
        fasten_note(*asked, typed["slags"], typed["tekst"], event_id=event_id)
    elif typed["trin"] == "begraens" and typed["grund"] in GROUNDS:
        restrict(*asked, typed["grund"], typed["hvorfor"], event_id=event_id)
    elif typed["trin"] == "ophaev" and is_id(typed["om"]):
        lift_restriction(*asked, typed["om"], typed["hvorfor"], event_id=event_id)
    else:
        raise HTTPNotFound()


def _page(request: Request, found: RemarksPage, typed: dict[str, Any], nonce: str, problems: list = ()) -> Response:
    return page(request, "remarks.html", found=found, document=found.document, typed={"trin": "", **dict.fromkeys(TYPED, ""), **typed},
                nonce=nonce, problems=problems, least=LEAST, most=MOST, name_of=lambda person: name_of(request.house, person))  # fmt: skip


_DIGEST = json_digest({"act": OPERATION})


def _document_id(request: Request) -> str:
    return request.matchdict["document_id"]
