"""The archivist keeps and destroys: one document's mark, holds and destruction, and what is left of it (R-82, R-90).

Neither page shows a text or a child's name: what is in a document is read in the archive, with a purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.retention import after
from tillid.archive.retention_rules import our_rules
from tillid.consents.events import Event
from tillid.kernel.canonical import json_digest
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import is_id
from tillid.usecases.appraise import ClassMissing, DraftNotKept, KleSaysKeep, TransferUnsaid, appraise, approve_transfer
from tillid.usecases.destroy_evidence import KeptEvidence, hold_evidence, kept_evidence, lift_evidence_hold
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.hand_over import packing_of
from tillid.usecases.keep_document import LEAST, SEE, Kept, Outdated, ReasonWrong, keeping_page, lift_hold, place_hold
from tillid.usecases.kle_marks import kle_says
from tillid.usecases.order_destruction import (
    SamePerson,
    Stopped,
    cancel_destruction,
    confirm_destruction,
    order_destruction,
)
from tillid.usecases.ports import House
from tillid.web import keeping_words as said
from tillid.web.archive_search import Posted, posted
from tillid.web.archive_words import EVENT, name_of
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, message_of
from tillid.web.i18n import translate
from tillid.web.reading import reading, same_again
from tillid.web.render import language_of, page

TYPED = ("hvorfor", "hold", "maerke", "emne", "facet", "bestemmelse", "arkiv", "journal", "dag", "om")
# Which input an error is about; those of a reason stand under their own step.
AT_PART = {"subject": "emne", "facet": "facet", "basis": "bestemmelse"}


def look(request: Request) -> Response:
    """How one document is kept, or what is left of it."""
    if _is_gone(request):
        return _stone_page(request, {}, ())

    def build(house: House) -> Response:
        found = keeping_page(house, request.person, _document_id(request))
        return _page(request, found, {}, issue(request, found.document.id, _DIGEST))

    return reading(request, SEE, _document_id(request), build)


def act(request: Request) -> Response:
    """``trin`` says which step. What was typed comes back with what is missing."""
    name = request.POST.get("trin", "")
    if name not in _LOOKS and name not in _STEPS:
        raise HTTPNotFound()
    if _is_gone(request):
        return _act_on_evidence(request)
    if name in _LOOKS:
        return _LOOKS[name](request)
    found = keeping_page(request.house, request.person, _document_id(request))
    request.admitted = True
    typed = _typed(request)
    event_id = accept(request, found.document.id, _DIGEST, typed)
    try:
        _STEPS[name](request, typed, event_id)
    except (
        ReasonWrong,
        ClassMissing,
        DraftNotKept,
        KleSaysKeep,
        TransferUnsaid,
        SamePerson,
        Stopped,
        Outdated,
    ) as error:
        wrong: TillidError = error
    except NotFound:
        wrong = Outdated("the hold or the order stands no more")  # who may see the page may do what is on it
    else:
        return _done(request)
    return answered(_page(request, found, typed, request.POST["nonce"], [(_place(wrong, typed), message_of(request, wrong))]), 422)  # fmt: skip


def _from_case(request: Request) -> Response:
    """From the case's own page, with what leads back to it: a purpose stands in no address (R-111)."""
    found = keeping_page(request.house, request.person, _document_id(request))
    request.admitted = True
    return _page(request, found, {}, issue(request, found.document.id, _DIGEST), asked=posted(request.POST))


def _look_up(request: Request) -> Response:
    """What the municipality's KLE marks say of what was typed; nothing is decided by it."""
    found = keeping_page(request.house, request.person, _document_id(request))
    request.admitted = True
    typed = {**_typed(request), "trin": "vurder"}
    return _page(request, found, typed, request.POST.get("nonce", ""), looked_up=True)


def _act_on_evidence(request: Request) -> Response:
    """What is left of a destroyed document can be held, and let go."""
    kept_evidence(*_asked(request))
    request.admitted = True
    typed = _typed(request)
    if typed["trin"] not in ("hold", "slip"):  # a page that was opened while the document was there
        return _done(request)
    event_id = accept(request, _document_id(request), _DIGEST, typed)
    try:
        if typed["trin"] == "hold" and typed["hold"] in said.HOLD:
            hold_evidence(*_asked(request), typed["hold"], typed["hvorfor"], event_id=event_id)
        elif typed["trin"] == "slip":
            lift_evidence_hold(*_asked(request), _about(typed), typed["hvorfor"], event_id=event_id)
    except ReasonWrong as error:
        wrong: TillidError = error
    except NotFound:
        wrong = Outdated("the hold stands no more")
    else:
        return _done(request)
    return answered(_stone(request, kept_evidence(*_asked(request)), typed, [(_place(wrong, typed), message_of(request, wrong))]), 422)  # fmt: skip


def _done(request: Request) -> Response:
    return HTTPSeeOther(location=request.route_path("keeping", document_id=_document_id(request)) + "?gjort")


def _said(request: Request, events: Sequence[Event]) -> str:
    """What was done by the click that led here; nothing where something else has happened since."""
    if "gjort" not in request.GET or not events or events[-1].actor != request.person.person_id:
        return ""
    return said.DONE.get(events[-1].kind, "")


def _is_gone(request: Request) -> bool:
    return request.house.documents.get(_document_id(request)) is None


def _typed(request: Request) -> dict[str, Any]:
    return {"trin": request.POST["trin"], **{name: request.POST.get(name, "") for name in TYPED}}


# The acts are checked against what is so when they arrive; the value only vouches that this person was shown this page.
_DIGEST = json_digest({"act": "keeping"})


def _hold(request: Request, typed: dict[str, Any], event_id: str) -> None:
    if typed["hold"] not in said.HOLD:
        raise HTTPNotFound()
    place_hold(*_asked(request), typed["hold"], typed["hvorfor"], event_id=event_id)


def _lift(request: Request, typed: dict[str, Any], event_id: str) -> None:
    lift_hold(*_asked(request), _about(typed), typed["hvorfor"], event_id=event_id)


def _appraise(request: Request, typed: dict[str, Any], event_id: str) -> None:
    if typed["maerke"] not in said.MARK:
        raise HTTPNotFound()
    appraise(*_asked(request), typed["maerke"], subject=typed["emne"], facet=typed["facet"], basis=typed["bestemmelse"],
             reason=typed["hvorfor"], event_id=event_id)  # fmt: skip


def _transfer(request: Request, typed: dict[str, Any], event_id: str) -> None:
    try:
        day = date.fromisoformat(typed["dag"])
    except ValueError:
        day = None
    approve_transfer(*_asked(request), archive=typed["arkiv"], reference=typed["journal"], approved_on=day,
                     event_id=event_id)  # fmt: skip


def _order(request: Request, typed: dict[str, Any], event_id: str) -> None:
    order_destruction(*_asked(request), typed["hvorfor"], event_id=event_id)


def _confirm(request: Request, typed: dict[str, Any], event_id: str) -> None:
    confirm_destruction(*_asked(request), _about(typed), event_id=event_id)


def _cancel(request: Request, typed: dict[str, Any], event_id: str) -> None:
    cancel_destruction(*_asked(request), _about(typed), typed["hvorfor"], event_id=event_id)


_LOOKS: dict[str, Callable[[Request], Response]] = {"slaaop": _look_up, "sag": _from_case}
_STEPS: dict[str, Callable[[Request, dict[str, Any], str], None]] = {
    "hold": _hold,
    "slip": _lift,
    "vurder": _appraise,
    "aflevering": _transfer,
    "destruer": _order,
    "bekraeft": _confirm,
    "opgiv": _cancel,
}


def _asked(request: Request) -> tuple[House, Any, str]:
    return request.house, request.person, _document_id(request)


def _about(typed: dict[str, Any]) -> str:
    """The id of the hold or order that the button belongs to."""
    if not is_id(typed["om"]):
        raise HTTPNotFound()
    return typed["om"]


def _place(error: TillidError, typed: dict[str, Any]) -> str:
    if isinstance(error, ClassMissing):
        return AT_PART[error.part]
    if isinstance(error, TransferUnsaid):
        return "arkiv"
    if isinstance(error, KleSaysKeep):
        return "emne"
    if isinstance(error, DraftNotKept):
        return "maerke-bevares"
    if not isinstance(error, ReasonWrong):
        return ""
    return f"grund-slip-{typed['om']}" if typed["trin"] == "slip" else f"grund-{typed['trin']}"


def _page(request: Request, found: Kept, typed: dict[str, Any], nonce: str, problems: list = (), *, looked_up: bool = False, asked: Posted | None = None) -> Response:  # fmt: skip
    house, document = request.house, found.document
    subject, facet = (
        typed[name] if typed.get("trin") == "vurder" else getattr(found.filed, part, "")
        for name, part in (("emne", "subject"), ("facet", "facet"))
    )
    to_pack = found.keeping.mark == "bevares" and found.keeping.transfer is None
    packing = packing_of(house, document, house.ledger.of_document(document.id)) if to_pack else ""
    unit = house.people.unit(document.unit_id)
    readable = allowed(house, request.person, "read_archived", facts_of(house, document))
    return page(request, "keeping.html", found=found, notice=_said(request, found.events), readable=readable, cooling_off=said.period(our_rules().cooling_off)[0], document=document, document_id=document.id, typed={"trin": "", **dict.fromkeys(TYPED, ""), **typed},
                nonce=nonce, problems=problems, said=said, lines=_lines(request, found.events), least=LEAST, asked=asked,
                kle=kle_says(house, subject, facet), subject=subject, facet=facet, packing=packing, looked_up=looked_up, title=title_of_form(house, document.definition.form_id), unit_name=unit.name if unit else "",
                name_of=lambda person: name_of(house, person))  # fmt: skip


def _stone_page(request: Request, typed: dict[str, Any], problems: Sequence = ()) -> Response:
    return same_again(
        request,
        lambda house, who: kept_evidence(house, who, _document_id(request)),
        lambda found: _stone(request, found, typed, problems),
    )


def _stone(request: Request, found: KeptEvidence, typed: dict[str, Any], problems: Sequence = ()) -> Response:
    house, stone = request.house, found.stone
    unit = house.people.unit(stone.unit_id)
    nonce = request.POST.get("nonce") or issue(request, stone.id, _DIGEST)
    gone = after(local_day(stone.after_restore or stone.destroyed_at), our_rules().backups_keep)
    return page(request, "tombstone.html", stone=stone, notice=_said(request, found.events), keeping=found.keeping, document_id=stone.id, nonce=nonce, said=said,
                typed={"trin": "", **dict.fromkeys(TYPED, ""), **typed}, problems=problems, least=LEAST, backups_gone=gone,
                title=title_of_form(house, stone.form_id), unit_name=unit.name if unit else "", lines=_lines(request, found.events),
                name_of=lambda person: name_of(house, person))  # fmt: skip


def _lines(request: Request, events: Iterable[Event]) -> list[tuple[Any, ...]]:
    """Moment, words, who and why of each."""
    return [(one.at, EVENT[one.kind], name_of(request.house, one.actor), _why(request, one.payload)) for one in events]


def _why(request: Request, payload: dict[str, Any]) -> str:
    """The reason as it was written; of an order that was given up by itself, what stopped it."""
    reason = str(payload.get("reason", ""))
    codes = reason.split()
    if codes and all(code in said.STOP for code in codes):
        return " ".join(translate(said.STOP[code], language_of(request)) for code in codes)
    return reason


def title_of_form(house: House, form_id: str) -> str:
    """The form's title; its id where it is not known here any more."""
    try:
        return house.definitions.latest(form_id).title
    except TillidError:
        return form_id


def _document_id(request: Request) -> str:
    return request.matchdict["document_id"]
