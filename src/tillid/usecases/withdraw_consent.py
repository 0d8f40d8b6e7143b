"""Walk 2: a holder takes a consent back. Effective in the click's own transaction; everything else follows (R-16, R-17).

Nothing here waits for a key, a queue, LibreOffice, the index or the audit store.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from tillid.consents.effective import HolderAnswer, Verdict
from tillid.consents.events import Event
from tillid.consents.login import require_assured
from tillid.consents.model import ConsentRequest, ConsentText, Withdrawn
from tillid.consents.of_age import asks_child
from tillid.consents.young_words import young_withdrawal
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.usecases.decision_stops import let_decision_stop
from tillid.usecases.facts import document_of_request, judge, request_of, require
from tillid.usecases.give_consent import Receipt
from tillid.usecases.own_consent import newest_yes
from tillid.usecases.ports import House
from tillid.usecases.writing import note_later_if_needed, receiver_people, record_event, sender_people, tell

Method = Literal["phone", "in_person"]
HowTold = Literal["portal", "phone", "in_person"]


class NothingToWithdraw(TillidError):
    code = "consent.nothing-to-withdraw"
    text = "Der er ikke noget samtykke at trække tilbage. Oplysningerne kan ikke åbnes af det nye sted."


def withdraw_consent(
    house: House,
    who: Identity,
    request_id: str,
    items: Iterable[str] = (),
    *,
    language: str,
    event_id: str,
    remark: str = "",
) -> Receipt:
    """``who`` takes back the own yes to ``items`` (none named = everything). No reason is asked for.

    ``event_id`` from the one-time nonce: the same click twice is one withdrawal. Raises ``NotFound`` for others,
    ``NothingToWithdraw``, ``NotAssured``: then the telephone is still there.
    """
    require_assured(who.login)
    return _withdraw(
        house, who, request_id, "withdraw", holder=who.person_id, items=tuple(items), method="portal",
        language=language, event_id=event_id, remark=remark,
    )  # fmt: skip


def record_withdrawal(
    house: House, who: Identity, request_id: str, holder_id: str, items: Iterable[str] = (), *, method: Method, event_id: str,
    remark: str = "",
) -> Receipt:  # fmt: skip
    """One employee records at once what a holder said by phone or in person (R-16), of ``items`` (none named = everything);
    also when the child has left, and when the holder holds custody no more."""
    return _withdraw(
        house, who, request_id, "record_withdrawal", holder=holder_id, items=tuple(items), method=method, language="da",
        event_id=event_id, remark=remark,
    )  # fmt: skip


def _withdraw(
    house: House,
    who: Identity,
    request_id: str,
    operation: str,
    *,
    holder: str,
    items: tuple[str, ...],
    method: HowTold,
    language: str,
    event_id: str,
    remark: str,
) -> Receipt:
    """1. the same click again? 2. may the person? 3. what is taken back? 4. the event; everything else follows."""
    document_id = document_of_request(house, request_id)
    done = house.ledger.event(event_id)
    if done is not None and done.document_id == document_id and done.actor == who.person_id:
        return _receipt(house, done)
    document, facts = require(house, who, operation, document_id)
    request, events = request_of(house, document_id, request_id)
    request, answer = newest_yes(request, events, holder)
    if holder not in request.series:
        raise NotFound("not asked")
    if answer is None or not answer.yes:
        raise NothingToWithdraw("nothing said yes to")
    taken = _taken(_left(request, items, answer), answer)
    given = next(event for event in events if event.id == answer.event_id)
    payload = _withdrawn(who, given, taken, withdrawal_words(house, request, language), method, remark)
    event = record_event(
        house,
        document,
        "consent_withdrawn",
        who.person_id,
        payload,
        series_id=request.series[holder],
        request_id=request.id,
        event_id=event_id,
    )
    note_later_if_needed(house, who, "withdraw", document, event.id)
    before, after = (judge(house, request, one, facts.custody) for one in (events, [*events, event]))
    _let_follow(house, document, event, holder, _told(before, after))
    let_decision_stop(house, document, events, event)
    return _receipt(house, event)


def _withdrawn(
    who: Identity, given: Event, items: tuple[str, ...], words: ConsentText, method: HowTold, remark: str
) -> Withdrawn:
    """What is put into the ledger and the record, bound to the yes (``given``) that it takes back."""
    in_portal = method == "portal"
    return Withdrawn(
        holder_id=given.payload["holder_id"],
        holder_name=given.payload["holder_name"],
        items=items,
        given_event=given.id,
        given_digest=given.digest,
        text=words,
        method=method,
        login=who.login if in_portal else None,
        recorded_by=None if in_portal else who.person_id,
        remark=remark,
    )


def _left(request: ConsentRequest, items: tuple[str, ...], answer: HolderAnswer) -> tuple[str, ...]:
    """Of ``items`` what is not taken back yet: a page that is older than another withdrawal still counts (R-16)."""
    if any(request.item(one) is None for one in items):
        raise NotFound("no such item")
    left = tuple(one for one in items if one in answer.yes)
    if items and not left:  # never let an empty rest mean "everything"
        raise NothingToWithdraw("taken back already, or never said yes to")
    return left


def _taken(items: tuple[str, ...], answer: HolderAnswer) -> tuple[str, ...]:
    """Naming all that is left is the same as everything."""
    return () if set(items) >= answer.yes else tuple(sorted(items))


def _told(before: Verdict, after: Verdict) -> str:
    """The notice to the receiver, empty for none: only of a change in what it can read. Any other would tell of a
    parent's choice (R-22). A silent register hides what could be read: then the receiver is told (R-18)."""
    if not before.signed or before.standing in ("refused", "withdrawn", "expired"):
        return ""
    if before.effective and after.effective:
        return "narrowed" if after.items != before.items else ""
    return "no_longer_available"


def _let_follow(house: House, document: Document, event: Event, holder: str, told: str) -> None:
    """Search stops at once; seal, index, narrower copy and notices (``told``: the receiver's) come through the outbox
    and the lists."""
    house.exclusions.add(document.id, event.id)
    house.outbox.add("seal_withdrawal", {"event": event.id}, house.moment)
    house.outbox.add("index", {"document": document.id, "event": event.id}, house.moment)
    if event.payload["items"]:
        ids = {"document": document.id, "request": event.request_id or "", "event": event.id}
        house.outbox.add("render_released", ids, house.moment)
    if told:
        tell(house, receiver_people(house, document), told, event.id, document=document.id)
    tell(house, sender_people(house, document), "consent_withdrawn", event.id, document=document.id)
    tell(house, [holder], "withdrawal_received", event.id, request=event.request_id or "")


def withdrawal_words(house: House, request: ConsentRequest, language: str) -> ConsentText:
    """The words shown before the click, with their id, version and language; to a young person its own (R-41)."""
    if asks_child(request):
        return young_withdrawal(request.to_unit.name, language)
    form = house.definitions.latest("samtykke_tilbagekaldelse")
    text = form.text("tilbagekald_virkning", language)
    body = text.body.strip().replace("{til}", request.to_unit.name).replace("{barn}", request.child_name)
    return ConsentText(id=text.id, version=text.version, language=text.language, body=body)


def _receipt(house: House, event: Event) -> Receipt:
    return Receipt(event_id=event.id, kind=event.kind, sealed=bool(house.ledger.attachments(event.id)))
