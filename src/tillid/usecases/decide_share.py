"""A leader decides to share without consent, on a guideline or a provision of law, and ends it again (R-01, R-02, design 14).

Parents are never asked about it, and it is never shown as a consent: they are told, and can object. After a no to any part
of the same share, or a withdrawal, a guideline is no way any more; a provision of law is, by a new decision with reasons of its own (R-02).
"""

from __future__ import annotations

import msgspec

from tillid.consents.decision import DECIDED, Ground, ShareDecision, decisions_of, judge_decision
from tillid.consents.effective import Verdict, any_no
from tillid.consents.model import ConsentItem
from tillid.consents.of_age import BY_AGE
from tillid.consents.statement import consent_items, released_answers
from tillid.documents.model import Document, Version
from tillid.documents.rendering import RenderSection, unsaid
from tillid.forms.definition import FormDefinition
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Facts, Identity
from tillid.process.transitions import basis_code, decided_basis, decided_until
from tillid.usecases.copy_job import Head, head_of
from tillid.usecases.decision_said import (
    AlreadyDecided,
    GuidelineAfterNo,
    NothingChosen,
    ProtectedChosen,
    QuestionOpen,
    Said,
    refuse_unsaid,
    words,
)
from tillid.usecases.decision_stops import end_decision
from tillid.usecases.facts import allowed, judge_all, requests_of, require
from tillid.usecases.fill import definition_of
from tillid.usecases.ports import House
from tillid.usecases.protected import protected_in
from tillid.usecases.read_text import frozen_sections
from tillid.usecases.request_consent import organisation, purpose_of, receiving_unit, reference
from tillid.usecases.restricted import refuse_restricted
from tillid.usecases.writing import note, receiver_people, record_event, tell

OPERATION, END = "decide_share", "end_share"


class DecisionPage(msgspec.Struct, frozen=True, kw_only=True):
    """``grounds``: which are open for this share now; ``items``: what can be chosen from; ``answers_digest``: of the version's text; ``made``: earlier decisions with what
    is so of each, newest first; ``blocked``: why none can be made now."""

    document: Document
    receiver_name: str
    version: int | None
    answers_digest: str
    items: tuple[ConsentItem, ...]
    grounds: tuple[Ground, ...]
    after_no: bool
    made: tuple[tuple[ShareDecision, Verdict], ...]
    blocked: TillidError | None


def decision_page(house: House, who: Identity, document_id: str) -> DecisionPage:
    """What the leader can decide on, and what was decided; ``NotFound`` for everybody but the sender's leaders."""
    document, facts = require(house, who, (OPERATION, END), document_id)
    note(house, who, "decision_page", document)
    events = house.ledger.of_document(document_id)
    made = tuple(
        (one, judge_decision(one, events, house.moment, house.restored)) for one in reversed(decisions_of(events))
    )
    version = _version(house, document)
    receiver = house.people.unit(document.receiver_unit_id) if document.receiver_unit_id else None
    items: tuple[ConsentItem, ...] = ()
    grounds: tuple[Ground, ...] = ()
    blocked: TillidError | None = None
    after_no = _after_no(house, document)
    try:
        _refuse_second(house, document, facts)
        if version is not None:
            items = consent_items(definition_of(house, version), version.answers)
            grounds = _grounds(house, version, after_no) if allowed(house, who, OPERATION, facts) else ()
    except TillidError as error:
        blocked = error
    return DecisionPage(
        document=document,
        receiver_name=receiver.name if receiver else "",
        version=version.number if version else None,
        answers_digest=version.answers_digest if version else "",
        items=items,
        grounds=grounds,
        after_no=after_no,
        made=made,
        blocked=blocked,
    )


class DecisionPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What would be decided, before it is. ``decision``: with what the parents will read; ``head`` and ``sections``: what the
    receiver will."""

    document: Document
    decision: ShareDecision
    head: Head
    sections: tuple[RenderSection, ...]


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """``new``: whether this click registered it; else it was registered already, and may have ended since."""

    decision: ShareDecision
    new: bool


def preview_decision(house: House, who: Identity, document_id: str, said: Said, language: str) -> DecisionPreview:
    """Everything that ``decide_share`` asks, and nothing registered. Raises as it does."""
    document, facts = require(house, who, OPERATION, document_id)
    note(house, who, "decision_page", document)
    version, decision = _asked(house, who, document, facts, said, document_id)
    chosen = frozenset(item.id for item in decision.items)
    answers = released_answers(decision.items, chosen, version.answers)
    definition = definition_of(house, version)
    shown = frozen_sections(definition, version, answers, "receiver", language, part=",".join(sorted(chosen)))
    return DecisionPreview(
        document=document, decision=decision, head=unsaid(head_of(house, document, version), shown), sections=shown
    )


def decide_share(house: House, who: Identity, document_id: str, said: Said, *, event_id: str) -> Decided:
    """Record the decision; from this transaction on the receiver may read what is chosen. The same click twice is one.

    1. may the person? 2. log 3. is one basis free to be used? 4. is everything said that must be? 5. record, tell. Raises what is
    in ``decision_said.py``, ``NoReceiver``, ``BasisNotAllowed``."""
    document, facts = require(house, who, (OPERATION, END), document_id)
    if (done := house.ledger.event(event_id)) is not None and done.document_id == document_id:
        return Decided(decision=msgspec.convert(done.payload, ShareDecision), new=False)
    require(house, who, OPERATION, document_id)
    note(house, who, OPERATION, document)
    refuse_restricted(house, document_id)
    _, decision = _asked(house, who, document, facts, said, event_id)
    _record(house, who, document, decision, facts)
    return Decided(decision=decision, new=True)


def _asked(
    house: House, who: Identity, document: Document, facts: Facts, said: Said, decision_id: str
) -> tuple[Version, ShareDecision]:
    """The decision that ``said`` makes of the version that can be shared now."""
    version = _version(house, document)
    if version is None:
        raise NotFound("parents were given no version")
    _refuse_second(house, document, facts)
    after_no = _after_no(house, document)
    if said.ground == "guideline" and after_no:
        raise GuidelineAfterNo("after a no")
    refuse_unsaid(said, house.moment)
    return version, _decision(house, who, document, version, said, after_no=after_no, decision_id=decision_id)


def _decision(
    house: House, who: Identity, document: Document, version: Version, said: Said, *, after_no: bool, decision_id: str
) -> ShareDecision:
    definition = definition_of(house, version)
    sender, receiver = receiving_unit(house, document.unit_id), receiving_unit(house, document.receiver_unit_id)
    child = house.people.child(document.child_id)
    if child is None:
        raise NotFound("child unknown")
    transition = str(version.answers.get("overgangstype", ""))
    bases, months = house.settings.basis_of_transition, house.settings.consent_months
    return ShareDecision(
        id=decision_id,
        child_id=child.id,
        child_name=child.name,
        document=reference(document, version, definition),
        controller=sender.controller,
        from_unit=organisation(sender),
        to_unit=organisation(receiver),
        purpose=purpose_of(transition, child.name, receiver),
        basis=decided_basis(said.ground, " ".join(said.provision.split())[:200], transition, definition, bases),
        ground=said.ground,
        items=_chosen(house, document, definition, version, said),
        valid_to=decided_until(version.answers.get("startdato"), local_day(house.moment), months),
        reason=words(said.reason),
        informed_on=said.informed_on,
        objection=words(said.objection or ""),
        after_no=after_no,
        decided_by=who.person_id,
        decided_at=house.moment,
    )


def _chosen(
    house: House, document: Document, definition: FormDefinition, version: Version, said: Said
) -> tuple[ConsentItem, ...]:
    items = tuple(one for one in consent_items(definition, version.answers) if one.id in said.chosen)
    if not items:
        raise NothingChosen("no item")
    released = released_answers(items, said.chosen, version.answers)
    if found := protected_in(house, document, definition, released):
        labels = dict.fromkeys(definition.fields_by_id[one.field_id].label for one in found)
        raise ProtectedChosen(f"{len(found)} fields", fields=", ".join(labels))
    return items


def _record(house: House, who: Identity, document: Document, decision: ShareDecision, facts: Facts) -> None:
    event = record_event(
        house, document, DECIDED, who.person_id, decision, request_id=decision.id, event_id=decision.id
    )
    house.exclusions.add(document.id, event.id)
    house.outbox.add("index", {"document": document.id, "event": event.id}, house.moment)
    ids = {"document": document.id, "request": decision.id, "event": event.id}
    house.outbox.add("render_released", ids, house.moment)
    tell(house, receiver_people(house, document), "released", event.id, document=document.id)
    holders = facts.custody.current(house.moment) if facts.custody is not None else ()
    tell(house, [one.person_id for one in holders], "share_decided", event.id, document=document.id)


def end_share(house: House, who: Identity, document_id: str, decision_id: str) -> None:
    """The leader ends it: at once, as a withdrawal is (R-17). Raises ``NotFound`` when it is not effective now."""
    document, _ = require(house, who, END, document_id)
    note(house, who, END, document)
    events = house.ledger.of_document(document_id)
    decision = next((one for one in decisions_of(events) if one.id == decision_id), None)
    if decision is None or not judge_decision(decision, events, house.moment, house.restored).stands:
        raise NotFound("not effective")
    end_decision(house, document, decision_id, who.person_id)


def _version(house: House, document: Document) -> Version | None:
    """The agreed version, else the newest that parents were given: never words they have not had before them."""
    number = document.agreed_version or document.shared_version
    version = house.documents.version(document.id, number) if number else None
    return version if version is not None and "parent" in version.copies else None


def _after_no(house: House, document: Document) -> bool:
    """Whether there was a no to any part of the same share."""
    events = house.ledger.of_document(document.id)
    return any(any_no(one, events) for one in requests_of(events) if one.to_unit.id == document.receiver_unit_id)


def _refuse_second(house: House, document: Document, facts: Facts) -> None:
    """One basis at a time (R-01): not while parents are asked about the same, nor while consent or decision is effective."""
    events = house.ledger.of_document(document.id)
    for request, verdict in judge_all(house, events, facts.custody)[:1]:
        open_question = verdict.standing == "missing" and verdict.reason not in {"voided", "corrected", *BY_AGE}
        if request.to_unit.id == document.receiver_unit_id and (open_question or verdict.effective):
            raise QuestionOpen(verdict.reason)
    if facts.decided is not None and facts.decided.stands:
        raise AlreadyDecided("decided")


def _grounds(house: House, version: Version, after_no: bool) -> tuple[Ground, ...]:
    transition = str(version.answers.get("overgangstype", ""))
    allowed = definition_of(house, version).allowed_bases
    guideline = basis_code(transition, house.settings.basis_of_transition) == "retningslinje" and not after_no
    return tuple(
        one
        for one, open_ in (("guideline", guideline and "retningslinje" in allowed), ("provision", "lov" in allowed))
        if open_
    )
