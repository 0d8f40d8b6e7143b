"""An edit after "enig tekst" voids the agreement and every incomplete request (R-11, design 13)."""

from __future__ import annotations

import msgspec

from tillid.documents.model import Document
from tillid.process.access import Identity
from tillid.usecases.facts import custody_of, judge, requests_of
from tillid.usecases.ports import House
from tillid.usecases.writing import record_event, tell


def void_agreement(house: House, who: Identity, document: Document) -> bool:
    """Take back every "enig" of the present text; a complete set goes on covering its own version. Returns whether there
    was anything to take back. The other side is told that the text changed."""
    draft = house.documents.draft(document.id)
    if not draft.agreed_by and document.agreed_version is None:
        return False
    house.documents.save_draft(msgspec.structs.replace(draft, agreed_by={}))
    house.documents.replace(msgspec.structs.replace(document, agreed_version=None))
    event = record_event(house, document, "agreement_voided", who.person_id, {"version": document.agreed_version})
    void_incomplete_requests(house, who, document)
    # "professional" stands for the sender's side in ``agreed_by``; a notice needs a person.
    agreed = {document.author if one == "professional" else one for one in draft.agreed_by}
    others = agreed - {who.person_id}
    tell(house, sorted(others), "text_changed", event.id, document=document.id)
    return True


def void_incomplete_requests(house: House, who: Identity, document: Document) -> None:
    """Void what is asked but not complete: nobody can say yes to a text that is no longer the text."""
    events = house.ledger.of_document(document.id)
    custody = custody_of(house, document.child_id)
    for request in requests_of(events):
        verdict = judge(house, request, events, custody)
        if verdict.reason == "voided" or verdict.signed:
            continue
        record_event(house, document, "request_voided", who.person_id, {"why": "text-changed"}, request_id=request.id)
        tell(house, request.required_holders, "request_voided", request.id, document=document.id)
