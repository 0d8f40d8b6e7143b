"""The XML record of one consent event: built from the event and the request it answers, read back from what was signed.

A record is evidence of the event (design 15). It carries the event's digest, not the event: from a record alone nobody
can compute the event again, so ``verify`` cannot say that event and record tell the same; with the ledger it can (``record_told``).
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from tillid.consents import record_xml as x
from tillid.consents.events import Event
from tillid.consents.model import ConsentItem, ConsentRequest, Given, Withdrawn
from tillid.consents.of_age import Question
from tillid.consents.record_facts import RecordFacts, read_record
from tillid.consents.record_xml import RecordingSystem
from tillid.consents.statement import words_for
from tillid.kernel.errors import TillidError
from tillid.signatures.rendering import CURRENT, ON_PAPER, RENEWING, SECOND
from tillid.signatures.xml import element

__all__ = ["RecordError", "RecordFacts", "RecordingSystem", "Role", "build_record", "read_record"]

ELEMENTS = {
    "consent_given": "ConsentGiven",
    "consent_refused": "ConsentRefused",
    "consent_withdrawn": "ConsentWithdrawn",
}
Role = Literal["parent", "other", "self"]


class RecordError(TillidError):
    """Event and request do not make a record that could be true."""

    code = "records.contradiction"
    text = "Samtykket passer ikke til det, der blev spurgt om. Intet er registreret. Hent siden igen, og prøv igen."


def build_record(event: Event, request: ConsentRequest, *, role: Role, system: RecordingSystem) -> bytes:
    """The unsealed record of ``event`` (given, refused or withdrawn), valid against ``consent-1.xsd``.

    ``role``: what the holder is to the child in the custody register, or ``self``: the child, who decides (R-41). Raises
    ``TillidError``: ``records.contradiction``
    (event and request do not fit), ``records.characters``, ``records.cpr`` (R-102), ``records.schema``.
    """
    if event.kind not in ELEMENTS or (event.request_id, event.child_id) != (request.id, request.child_id):
        raise RecordError("event and request do not belong together")
    require_giver(event, request, role)
    body = _withdrawn(event, request, role) if event.kind == "consent_withdrawn" else _answer(event, request, role)
    return x.whole("ConsentRecord", event, request.controller, system, body)


def require_giver(event: Event, question: Question, role: Role) -> None:
    """Whoever was asked, and nobody else, stands in the record as the giver: the child itself, or a holder of custody (R-41). Raises
    ``RecordError``."""
    giver = event.payload["holder_id"]
    if giver not in question.series or (giver == event.child_id) != (role == "self"):
        raise RecordError("the giver was not asked, or is somebody else to the child")


def _answer(event: Event, request: ConsentRequest, role: Role) -> Any:
    """ConsentGiven (at least one yes) or ConsentRefused (none); every item of the request is answered (R-12)."""
    given = msgspec.convert(event.payload, Given)
    if set(given.answers) != {item.id for item in request.items}:
        raise RecordError("not every item of the request is answered, or another is")
    if given.text != words_for(request, given.holder_name, given.text.language):
        raise RecordError("the text shown is none of the request's texts")
    if any(given.answers.values()) != (event.kind == "consent_given"):
        raise RecordError("the kind of the event and its answers say different things")
    if given.oral and not request.oral_asked:
        raise RecordError("oral permission was not asked for")
    if given.renews and (event.kind != "consent_given" or given.renews.request_id != request.renews):
        raise RecordError("only a yes renews, and only what its question says")
    return element(
        ELEMENTS[event.kind],
        x.person("Holder", given.holder_id, given.holder_name, role),
        x.person("Child", request.child_id, request.child_name),
        x.organisation("From", request.from_unit),
        x.organisation("To", request.to_unit),
        x.purpose(request.purpose),
        x.basis(request.basis),
        x.document(request.document),
        x.items(request.items, given.answers),
        element("OralPermission", answer=x.yes_no(given.oral)) if request.oral_asked else None,
        element("ValidTo", request.valid_to.isoformat()),
        x.shown_text(given.text),
        how(given),
        x.sealed_as(RENEWING if given.renews else SECOND if role == "self" else ON_PAPER if given.paper else CURRENT),
        x.renews(given.renews) if given.renews else None,
        request=request.id,
    )


def how(given: Given) -> Any:
    """The login behind the click or the paper with its two employees: exactly one of them, and never one employee twice."""
    if given.login and not given.paper:
        return x.login(given.login)
    if given.paper and not given.login and given.paper.entered_by != given.paper.confirmed_by:
        return x.paper(given.paper)
    raise RecordError("login and paper do not fit, or one employee stands for both")


def _withdrawn(event: Event, request: ConsentRequest, role: Role) -> Any:
    """ConsentWithdrawn. The remark stays in the ledger: no reason may be demanded (R-16), so a record has none."""
    taken = msgspec.convert(event.payload, Withdrawn)
    return element(
        ELEMENTS[event.kind],
        element("Withdraws", event=taken.given_event, sha256=taken.given_digest),
        x.person("Holder", taken.holder_id, taken.holder_name, role),
        x.person("Child", request.child_id, request.child_name),
        x.organisation("From", request.from_unit),
        x.organisation("To", request.to_unit),
        x.purpose(request.purpose),
        x.document(request.document),
        x.items(_items(request, taken.items), None) if taken.items else element("Everything"),
        x.shown_text(taken.text),
        _who(taken),
        x.sealed_as(SECOND if role == "self" else CURRENT),
        request=request.id,
    )


def _items(request: ConsentRequest, ids: tuple[str, ...]) -> list[ConsentItem]:
    found = [request.item(item_id) for item_id in ids]
    if None in found:
        raise RecordError("an item is withdrawn that was not asked for")
    return [item for item in found if item]


def _who(taken: Withdrawn) -> Any:
    """The login of the holder, or the employee who recorded a call or a visit: exactly one of them."""
    if taken.method == "portal" and taken.login and not taken.recorded_by:
        return x.login(taken.login)
    if taken.method != "portal" and taken.recorded_by and not taken.login:
        return element("Recorded", by=taken.recorded_by, method=taken.method)
    raise RecordError("method, login and recorder do not fit")
