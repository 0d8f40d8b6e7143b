"""Walk 1, the click: one holder answers, item by item; event, signed record and state commit together (station 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec

from tillid.consents.effective import HolderAnswer, Verdict, answers_of
from tillid.consents.events import Event
from tillid.consents.login import require_assured
from tillid.consents.model import ConsentRequest, ConsentText, Given
from tillid.consents.of_age import Question, asks_child
from tillid.consents.renewal import renewed_by
from tillid.consents.statement import words_for
from tillid.documents.model import Document
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import NotFound, TillidError, Unavailable
from tillid.process.access import Identity
from tillid.usecases.add_revision import let_add_revision
from tillid.usecases.decision_stops import let_decision_stop
from tillid.usecases.facts import (
    Conflict,
    closed_to_answers,
    custody_of,
    document_of_request,
    judge,
    request_of,
    require,
)
from tillid.usecases.own_consent import OwnState, own_state
from tillid.usecases.ports import House
from tillid.usecases.protected import protected_in_release
from tillid.usecases.restricted import refuse_restricted
from tillid.usecases.seal_record import attach_record
from tillid.usecases.whose_consent import may_answer
from tillid.usecases.writing import note, receiver_people, record_event, sender_people, tell


class Unanswered(TillidError):
    """``items``: ids of the rows without an answer."""

    code = "consent.unanswered"
    text = "Svar ja eller nej til hver linje. Der mangler svar på {count}. Intet er sendt endnu."

    def __init__(self, items: tuple[str, ...]) -> None:
        super().__init__(f"{len(items)} items", count=len(items))
        self.items = items


class AlreadyAnswered(TillidError):
    code = "consent.already-answered"
    text = "Du har allerede svaret. Du kan se dit svar under »Mine samtykker« og trække et ja tilbage der."


class NotSealed(Unavailable):
    """A consent without its signed record is not registered; nothing may be released on it (design 4)."""

    code = "consent.not-sealed"
    text = "Dit svar kunne ikke forsegles, og derfor er det ikke registreret. Prøv igen om lidt, eller ring til institutionen."


class NoRegister(Unavailable):
    """Nobody knows who holds custody now, so nobody's yes or no can count (R-33)."""

    code = "consent.no-register"
    text = "Vi kan ikke slå forældremyndigheden op lige nu. Dit svar er ikke registreret. Prøv igen om lidt."


class ConsentPage(msgspec.Struct, frozen=True, kw_only=True):
    """What one holder sees: never the other's answer, presence or contact data (design 24). ``digest``: what the nonce
    is bound to; ``mine``: the own answer, if given; ``live``: whether it can still be answered."""

    request: ConsentRequest
    text: ConsentText
    digest: str
    mine: HolderAnswer | None
    answers: dict[str, bool]
    verdict: Verdict
    live: bool
    state: OwnState


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """``event_id`` is the record's id; ``sealed``: whether the signed XML is there already."""

    event_id: str
    kind: str
    sealed: bool


def request_digest(request: Question, language: str) -> str:
    """What a nonce is bound to: the whole question, so that a changed document or text invalidates it."""
    return json_digest({"request": msgspec.to_builtins(request), "language": language})


def consent_page(house: House, who: Identity, request_id: str, language: str) -> ConsentPage:
    """The question and the own answer. Raises ``NotFound`` for everybody but a present custody holder, or the child that is asked itself."""
    document_id = document_of_request(house, request_id)
    document, facts = require(house, who, "see_consent", document_id)
    request, events = request_of(house, document_id, request_id)
    if who.person_id not in request.series:
        raise NotFound("not asked")
    note(house, who, "see_consent", document)
    verdict = judge(house, request, events, facts.custody)
    mine = answers_of(request, events).get(who.person_id)
    return ConsentPage(
        request=request,
        text=words_for(request, who.name, language),
        digest=request_digest(request, language),
        mine=mine,
        answers=_own_answers(events, request, who.person_id),
        verdict=verdict,
        live=mine is None
        and who.person_id in may_answer(house, request, facts.custody)
        and closed_to_answers(request, events, house.moment) is None,
        state=own_state(request, mine, events, verdict, house.moment),
    )


def _own_answers(events: list[Event], request: ConsentRequest, holder: str) -> dict[str, bool]:
    for event in events:
        own = event.request_id == request.id and event.kind in ("consent_given", "consent_refused")
        if own and event.payload["holder_id"] == holder:
            return dict(event.payload["answers"])
    return {}


def give_consent(
    house: House,
    who: Identity,
    request_id: str,
    answers: Mapping[str, bool],
    *,
    oral: bool | None,
    language: str,
    event_id: str,
) -> Receipt:
    """Register ``who``'s answer to every item. ``event_id`` comes from the one-time nonce: the same click twice gives the
    same record once. All no is a full answer, a refusal (R-12).

    1. same click again? 2. may the person, is the question still the question? 3. every row answered? 4. log
    5. event and signed record 6. complete? then signed and released. Raises ``Unanswered``, ``AlreadyAnswered``,
    ``Conflict``, ``NotAssured``, and ``Unavailable`` when the seal cannot be made or custody is not known (then nothing is
    registered).
    """
    require_assured(who.login)
    if (done := same_click(house, who, request_id, event_id)) is not None:
        return done
    document_id = document_of_request(house, request_id)
    request, events = request_of(house, document_id, request_id)
    if who.person_id in request.series:  # else it is nobody's business; a silent register finds no holder to let in
        _require_register(house, request)
    document, _ = require(house, who, "give_consent", document_id)
    require_live(house, who.person_id, request, events)
    require_answered(request, answers, oral)
    given = _given(who, request, answers, oral=bool(oral), language=language)
    note(house, who, "give_consent", document)
    return register(house, document, request, events, given, actor=who.person_id, event_id=event_id)


def register(
    house: House, document: Document, request: ConsentRequest, events: list[Event], given: Given, *, actor: str,
    event_id: str,
) -> Receipt:  # fmt: skip
    """Event and signed record of ``given`` in one transaction, and what follows of it; the caller has asked and checked.
    ``events``: of the document so far. Raises ``NotSealed``."""
    if any(given.answers.values()):
        refuse_restricted(house, document.id)  # a no is never stopped
        given = msgspec.structs.replace(given, renews=renewed_by(request, events, given.holder_id))
    event = record_event(
        house,
        document,
        "consent_given" if any(given.answers.values()) else "consent_refused",
        actor,
        given,
        series_id=request.series[given.holder_id],
        request_id=request.id,
        event_id=event_id,
    )
    with sealed_with_the_click():
        attach_record(house, event, request)
    _complete(house, document, request, [*events, event])
    let_decision_stop(house, document, events, event)
    let_add_revision(house, document.id, request.document.version, event.id)
    return Receipt(event_id=event.id, kind=event.kind, sealed=True)


def same_click(house: House, who: Identity, request_id: str, event_id: str) -> Receipt | None:
    """What ``who``'s same click wrote about the question before; a click counts once."""
    done = house.ledger.event(event_id)
    if done is None or done.request_id != request_id or done.actor != who.person_id:
        return None
    return Receipt(event_id=done.id, kind=done.kind, sealed=bool(house.ledger.attachments(done.id)))


def _given(who: Identity, request: ConsentRequest, answers: Mapping[str, bool], *, oral: bool, language: str) -> Given:
    """What is put into the ledger and the signed record."""
    assert who.login is not None, "who answers is always logged in"
    said = {item.id: bool(answers[item.id]) for item in request.items}
    return Given(
        holder_id=who.person_id,
        holder_name=who.name,
        answers=said,
        oral=oral and any(said.values()),
        text=words_for(request, who.name, language),
        login=who.login,
    )


@contextmanager
def sealed_with_the_click() -> Iterator[None]:
    """Around what attaches a signed record in the click's own transaction; raises ``NotSealed`` when the key is away."""
    try:
        yield
    except TillidError as error:
        if not error.code.startswith("seal."):
            raise
        raise NotSealed(error.code) from error


def require_live(house: House, holder_id: str, request: ConsentRequest, events: list[Event]) -> None:
    """Raises unless ``holder_id`` was asked, has not answered, and the question is still the question."""
    if holder_id not in request.series:
        raise NotFound("not asked")
    if holder_id in answers_of(request, events):
        raise AlreadyAnswered("second answer")
    closed = closed_to_answers(request, events, house.moment)
    if closed == "expired":
        raise Conflict(
            "the request has run out",
            code="consent.expired",
            text="Fristen for at svare er gået. Dit svar er ikke registreret. Spørg institutionen.",
        )
    if closed == "asked_again":
        raise Conflict("asked again", code="consent.asked-again", text="Du er spurgt igen om den samme tekst. Dit svar er ikke "
                       "registreret. Svar på det nye spørgsmål, du finder det på forsiden.")  # fmt: skip
    if closed is not None:
        raise Conflict(f"the request is {closed}", code="consent.document-changed", text="Teksten er ændret, siden du blev spurgt. "
                       "Dit svar er ikke registreret. Du får besked, når der er en ny tekst at svare på.")  # fmt: skip
    _require_register(house, request)


def _require_register(house: House, request: ConsentRequest) -> None:
    if not asks_child(request) and custody_of(house, request.child_id) is None:
        raise NoRegister("custody")


def require_answered(request: ConsentRequest, answers: Mapping[str, bool], oral: bool | None) -> None:
    """Raises ``Unanswered`` for the rows that have neither yes nor no (R-12)."""
    missing = tuple(item.id for item in request.items if item.id not in answers)
    if request.oral_asked and oral is None and any(answers.get(item.id) for item in request.items):
        missing = (*missing, "oral")
    if missing:
        raise Unanswered(missing)
    if set(answers) - {item.id for item in request.items}:
        raise NotFound("unknown item")


def _complete(house: House, document: Document, request: ConsentRequest, events: list[Event]) -> None:
    """Signed when every required holder has given and something is left in common (R-32); the release follows."""
    custody = custody_of(house, document.child_id)
    if judge(house, request, events, custody).reason == "not-signed":
        signed = record_event(house, document, "set_signed", "system", request_id=request.id)
        house.documents.replace(msgspec.structs.replace(document, state="signed"))
        house.exclusions.add(document.id, signed.id)
        house.outbox.add("render_released", {"document": document.id, "request": request.id}, house.moment)
        house.outbox.add("index", {"document": document.id, "event": signed.id}, house.moment)
        verdict = judge(house, request, [*events, signed], custody)
        if not verdict.held and not protected_in_release(
            house, document, (request, verdict)
        ):  # else ``render_released`` tells the sender
            tell(house, receiver_people(house, document), "released", signed.id, document=document.id)
    else:
        _narrowed_by_a_later_answer(house, document, request, events)
    tell(house, sender_people(house, document), "consent_answered", events[-1].id, document=document.id)


def _narrowed_by_a_later_answer(house: House, document: Document, request: ConsentRequest, events: list[Event]) -> None:
    """Where the resident parent's yes was enough (R-31), the other's later no narrows or closes what is open already:
    search, copy and receiver follow as they do a withdrawal. ``events`` end with the answer."""
    custody = custody_of(house, document.child_id)
    before, after = judge(house, request, events[:-1], custody), judge(house, request, events, custody)
    if not before.effective or before.items == after.items:
        return
    ids = {"document": document.id, "event": events[-1].id}
    house.exclusions.add(document.id, events[-1].id)
    house.outbox.add("index", ids, house.moment)
    if after.effective:
        house.outbox.add(
            "render_released", {"document": document.id, "request": request.id, "event": events[-1].id}, house.moment
        )
    told = "narrowed" if after.effective else "no_longer_available"
    tell(house, receiver_people(house, document), told, events[-1].id, document=document.id)
