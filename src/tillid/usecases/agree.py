""" "Enig tekst": when both sides agree on the very same words, they are frozen as the agreed version (O9, design 11).

An agreement is never a consent and is never stored or shown as one (R-23).
"""

from __future__ import annotations

import msgspec

from tillid.documents.model import Document, Draft, Version
from tillid.documents.talks import confirmed_by, waiting_for
from tillid.forms.facts import known_facts
from tillid.forms.readers import may_see
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Facts, Identity
from tillid.usecases.choices import open_choices
from tillid.usecases.decision_stops import let_decision_stop
from tillid.usecases.facts import Conflict, require
from tillid.usecases.fill import PARENT_SIDE, PROFESSIONAL_SIDE, definition_of, problems_of, text_digest
from tillid.usecases.outside_facts import outside_facts
from tillid.usecases.ports import House
from tillid.usecases.share_document import NotReady, freeze, refuse_protected, with_receiver
from tillid.usecases.void import void_incomplete_requests
from tillid.usecases.writing import note, record_event, tell


class WordsNotConfirmed(TillidError):
    code = "document.words-not-confirmed"
    text = (
        "Noget er skrevet for jer i en samtale. Læs det igennem, og bekræft det, før I siger, at I er enige i teksten."
    )


class AgreementState(msgspec.Struct, frozen=True, kw_only=True):
    """Who has agreed to the present text, and who is missing (person ids; ``"professional"`` for the sender's side)."""

    agreed: tuple[str, ...]
    missing: tuple[str, ...]
    version: int | None


def confirm_agreement(
    house: House, who: Identity, document_id: str, seen_digest: str, *, on_behalf_of: str | None = None
) -> AgreementState:
    """``who`` agrees to the text with ``seen_digest``; the last one needed freezes it.

    ``on_behalf_of``: a holder who cannot log in told a professional in a talk (R-106). Raises ``Conflict`` when the text
    is another than the one seen, ``NotReady`` when something is missing, ``WordsNotConfirmed``.
    """
    document, facts = require(house, who, "agree", document_id)
    draft = house.documents.draft(document_id)
    note(house, who, "agree", document)  # also of what is refused below
    if text_digest(draft) != seen_digest:
        raise Conflict("agree to another text")
    person = _whose(house, who, facts, on_behalf_of)
    if document.agreed_version is not None and draft.agreed_by.get(person) == seen_digest:
        # The same click again, or an old page: the words are frozen, and a consent asked about them stands.
        return agreement_state(house, document, facts, draft)
    if unsettled := open_choices(house, draft, facts):
        raise Conflict(f"{len(unsettled)} fields hold two texts")
    _require_complete(house, who, document, draft, facts)
    if who.kind == "staff":
        refuse_protected(house, document, definition_of(house, document), draft.answers)
    if on_behalf_of is not None:
        # Who cannot log in confirms the words in the talk in which the agreement is given.
        draft = confirmed_by(draft, {person}, house.moment)
    _require_confirmed(draft, person)
    draft = msgspec.structs.replace(draft, agreed_by={**draft.agreed_by, person: seen_digest})
    house.documents.save_draft(draft)
    payload = {"digest": seen_digest, "person": person, "on_behalf": on_behalf_of is not None}
    record_event(house, document, "agreement_confirmed", who.person_id, payload)
    state = agreement_state(house, document, facts, draft)
    if state.missing:
        return state
    return msgspec.structs.replace(state, version=_freeze_agreed(house, who, document).number)


def _whose(house: House, who: Identity, facts: Facts, on_behalf_of: str | None) -> str:
    if who.kind == "parent":
        return who.person_id
    if on_behalf_of is None:
        return "professional"
    parent = house.people.parent(on_behalf_of)
    holds = facts.custody is not None and facts.custody.holder(on_behalf_of, house.moment)
    if parent is None or parent.mitid or not holds:
        raise NotFound("may not agree for that person")
    return on_behalf_of


def _require_complete(house: House, who: Identity, document: Document, draft: Draft, facts: Facts) -> None:
    """A parent's click never depends on a fact that parents may not see: a refusal would tell of it (T9, ``u_behov``)."""
    definition = definition_of(house, document)
    outside = outside_facts(house, document, facts)
    if who.kind == "parent":
        outside = {k: v for k, v in outside.items() if may_see(known_facts()[k].visible_to, "parent")}
    if problems := problems_of(definition, draft, outside, PROFESSIONAL_SIDE | PARENT_SIDE):
        raise NotReady(problems)


def _require_confirmed(draft: Draft, person: str) -> None:
    """A parent's agreement needs that parent's own confirmation of words written for them; the lock needs all."""
    if pending := waiting_for(draft, person):
        raise WordsNotConfirmed(f"{len(pending)} fields")


def agreement_state(house: House, document: Document, facts: Facts, draft: Draft) -> AgreementState:
    """Who has agreed to the draft's present text: the sender's side and every custody holder."""
    holders = [h.person_id for h in facts.custody.current(house.moment)] if facts.custody else ["custody-unknown"]
    now = text_digest(draft)
    agreed = tuple(person for person, digest in draft.agreed_by.items() if digest == now)
    missing = tuple(person for person in ("professional", *holders) if person not in agreed)
    return AgreementState(agreed=agreed, missing=missing, version=document.agreed_version)


def _freeze_agreed(house: House, who: Identity, document: Document) -> Version:
    draft = house.documents.draft(document.id)
    document = with_receiver(document, draft.answers)
    void_incomplete_requests(house, who, document)
    version = freeze(house, who, document, agreed=True)
    event = record_event(house, document, "version_agreed", who.person_id, {"version": version.number})
    tell(house, [document.author], "text_agreed", event.id, document=document.id)
    return version


def decline_transition(house: House, who: Identity, document_id: str) -> None:
    """A holder wants no overgangsbeskrivelse: respected at once, the document closes without release (O14)."""
    document, _ = require(house, who, "decline", document_id)
    note(house, who, "decline", document)
    void_incomplete_requests(house, who, document)
    before = house.ledger.of_document(document_id)
    let_decision_stop(house, document, before, record_event(house, document, "transition_declined", who.person_id))
    event = record_event(house, document, "document_closed", who.person_id, {"why": "declined"})
    closed = msgspec.structs.replace(house.documents.get(document.id) or document, state="closed")
    house.documents.replace(closed)
    if number := closed.agreed_version or closed.versions:
        # The archive's from now on. An order of its own: the one from when it was shared may be under way.
        ids = {"document": document.id, "version": str(number), "cause": event.id}
        house.outbox.add("render_copies", ids, house.moment)
    house.exclusions.add(document.id, event.id)
    house.outbox.add("index", {"document": document.id, "event": event.id}, house.moment)
    tell(house, [document.author], "transition_declined", event.id, document=document.id)
