"""One document's own page, for the sender's side and the parents: where it stands and what the person may do now."""

from __future__ import annotations

import msgspec

from tillid.consents.custody import Holder
from tillid.documents.model import Document, Draft, Version
from tillid.forms.definition import FormDefinition
from tillid.kernel.errors import NotFound
from tillid.process.access import Facts, Identity, operations
from tillid.usecases.agree import AgreementState, agreement_state
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.fill import definition_of, text_digest
from tillid.usecases.lists import ConsentLine, own_consents
from tillid.usecases.ports import House
from tillid.usecases.writing import note

WAYS_IN = ("see_status", "see_draft", "read_parent_copy", "read_individual", "see_consent")


class DocumentPage(msgspec.Struct, frozen=True, kw_only=True):
    """``may``: the operations allowed now; ``agreement``: who agrees to the present text, while that is open (parents see
    only the own part: no parent sees the other's presence, design 24); ``holders``: for the sender's side alone.
    ``standing``: of the consent, empty when nothing was asked. ``newest``: the newest frozen version."""

    document: Document
    definition: FormDefinition
    child_name: str
    unit_name: str
    receiver_name: str
    may: frozenset[str]
    standing: str
    newest: Version | None
    text_digest: str
    agreement: AgreementState | None
    holders: tuple[Holder, ...]
    waiting_for_words: int
    consents: tuple[ConsentLine, ...]


def document_page(house: House, who: Identity, document_id: str) -> DocumentPage:
    """Raises ``NotFound`` for who has no way in; an attempt row is written first."""
    document = house.documents.get(document_id)
    if document is None:
        raise NotFound("no document")
    facts = facts_of(house, document)
    may = frozenset(operation for operation in operations() if allowed(house, who, operation, facts))
    if may.isdisjoint(WAYS_IN):
        raise NotFound("no way in")
    note(house, who, "see_document", document)
    draft = house.documents.draft(document_id)
    return DocumentPage(
        document=document,
        definition=definition_of(house, document),
        child_name=_name(house.people.child(document.child_id)),
        unit_name=_name(house.people.unit(document.unit_id)),
        receiver_name=_name(house.people.unit(document.receiver_unit_id)) if document.receiver_unit_id else "",
        may=may,
        standing=facts.verdict.standing if facts.verdict is not None and facts.asked else "",
        newest=house.documents.version(document_id, document.versions) if document.versions else None,
        text_digest=text_digest(draft),
        agreement=_agreement(house, who, document, facts, draft),
        holders=_holders(house, who, facts),
        waiting_for_words=_waiting(who, draft),
        consents=tuple(own_consents(house, who, document)) if who.kind == "parent" else (),
    )


def _agreement(house: House, who: Identity, document: Document, facts: Facts, draft: Draft) -> AgreementState | None:
    if document.state != "shared":
        return None
    state = agreement_state(house, document, facts, draft)
    if who.kind != "parent":
        return state
    own = {who.person_id, "professional"}
    return AgreementState(
        agreed=tuple(p for p in state.agreed if p in own),
        missing=tuple(p for p in state.missing if p in own),
        version=state.version,
    )


def _holders(house: House, who: Identity, facts: Facts) -> tuple[Holder, ...]:
    return facts.custody.current(house.moment) if who.kind == "staff" and facts.custody is not None else ()


def _waiting(who: Identity, draft: Draft) -> int:
    """How many fields were written for this parent and wait to be confirmed."""
    return sum(1 for w in draft.written_for.values() if w.with_holder == who.person_id and w.confirmed_at is None)


def _name(found) -> str:  # type: ignore[no-untyped-def]
    return found.name if found is not None else ""
