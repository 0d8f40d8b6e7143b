"""One shared document as a parent meets it: what it is, what it waits for, what can be done (P3, station 4)."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from tillid.consents.decision import ShareDecision, decisions_of, judge_decision
from tillid.consents.reading_grant import grants_of, held_by
from tillid.documents.model import Document
from tillid.documents.talks import waiting_for
from tillid.forms.answers import AnswerProblem
from tillid.forms.readers import may_see
from tillid.kernel.errors import NotFound
from tillid.process.access import Facts, Identity
from tillid.process.organisation import Unit
from tillid.usecases.acknowledge_text import acknowledged
from tillid.usecases.changed_since import ChangedSince, changed_for
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.fill import PARENT_SIDE, definition_of, draft_for, problems_of, text_digest
from tillid.usecases.given import given_to_parents
from tillid.usecases.lists import ConsentLine, own_consents
from tillid.usecases.outside_facts import outside_facts
from tillid.usecases.ports import House
from tillid.usecases.writing import note

WAYS_IN = ("see_draft", "read_parent_copy", "see_consent")


class ParentDocument(msgspec.Struct, frozen=True, kw_only=True):
    """``to_confirm``: fields written for this parent in a talk and not confirmed; ``mine_agreed``: whether this parent
    has agreed to the present words; of the other parent nothing is told but whether all have agreed (design 24).
    ``acknowledged``: when this parent acknowledged having read the newest version; ``to_write``: whether the parent has a
    part to write; ``agreeing``: whether the form is one that both sides agree on.

    ``decisions``: what a leader has decided to share without consent, newest first, and whether it is so now; for who may read
    the text, which a parent who was asked and holds custody no more may not.
    ``changed``: the text is another than the one this parent has stood by, or before, if they have said nothing; ``can_compare``: there is an earlier version.
    ``reads_until``: the last day for who reads by a leader's grant alone (R-36), and so sees nothing of what the parents are told;
    ``others_read_until``: for the custody holders, of each grant that holds: that it does, not who has it.
    ``young``: who reads is the child itself, who decides about its own consents and writes nothing (R-41).
    ``missing``: what is still empty in the parents' part and must not be.
    """

    document: Document
    title: str
    child_name: str
    sender: Unit
    receiver_name: str
    can_read: bool
    can_write: bool
    can_agree: bool
    can_decline: bool
    to_confirm: int
    mine_agreed: bool
    all_agreed: bool
    agreeing: bool
    to_write: bool
    can_acknowledge: bool
    acknowledged: datetime | None
    missing: tuple[AnswerProblem, ...]
    consents: tuple[ConsentLine, ...]
    decisions: tuple[tuple[ShareDecision, bool], ...]
    changed: ChangedSince | None
    can_compare: bool
    reads_until: date | None = None
    others_read_until: tuple[date, ...] = ()
    young: bool = False

    @property
    def reads_only(self) -> bool:
        """Whether the reader has no part in writing it or agreeing on it."""
        return self.young or self.reads_until is not None


def parent_document(house: House, who: Identity, document_id: str) -> ParentDocument:
    """The page of one document; ``NotFound`` for everybody who is not a custody holder it is shared with, who reads by a grant, or the
    child itself when it decides (P8, R-36, R-41)."""
    document = house.documents.get(document_id)
    if document is None or who.kind == "staff":
        raise NotFound("no document for a parent")
    facts = facts_of(house, document)
    way = next((operation for operation in WAYS_IN if allowed(house, who, operation, facts)), None)
    if way is None:
        raise NotFound("not shared with this person")
    note(house, who, way, document)
    return document_for_parent(house, who, document, facts)


def document_for_parent(house: House, who: Identity, document: Document, facts: Facts) -> ParentDocument:
    """The same for the list on the front page: without asking and logging, for nothing of the text is shown."""
    definition = definition_of(house, document)
    draft = draft_for(house, document, facts, definition, "parent")
    content = [field for field in definition.fields if field.phase == "content"]
    may_acknowledge = allowed(house, who, "acknowledge", facts)
    events = house.ledger.of_document(document.id)
    known = acknowledged(events).get(who.person_id) if may_acknowledge else None
    child = house.people.child(document.child_id)
    sender = house.people.unit(document.unit_id)
    receiver = house.people.unit(document.receiver_unit_id) if document.receiver_unit_id else None
    writing = allowed(house, who, "write_parent", facts)
    if child is None or sender is None:
        raise NotFound("child or unit unknown")
    missing = problems_of(definition, draft, outside_facts(house, document, facts), PARENT_SIDE) if writing else ()
    can_read = allowed(house, who, "read_parent_copy", facts)
    holder = facts.custody is not None and facts.custody.holder(who.person_id, house.moment) is not None
    young = who.kind == "young"
    grant = None if holder or young else held_by(events, who.person_id, house.moment)
    return ParentDocument(
        document=document,
        title=definition.title,
        child_name=child.name,
        sender=sender,
        receiver_name=receiver.name if receiver else "",
        can_read=can_read,
        can_write=writing,
        can_agree=allowed(house, who, "agree", facts),
        can_decline=allowed(house, who, "decline", facts),
        to_confirm=len(waiting_for(draft, who.person_id)) if writing else 0,
        mine_agreed=draft.agreed_by.get(who.person_id) == text_digest(draft),
        all_agreed=document.agreed_version is not None,
        agreeing=facts.way.agreed,
        to_write=writing and any(may_see(f.visible_to, "parent") and set(f.filled_by) & PARENT_SIDE for f in content),
        can_acknowledge=may_acknowledge,
        acknowledged=known.at if known is not None and known.version == document.versions else None,
        missing=missing,
        consents=tuple(own_consents(house, who, document)) if allowed(house, who, "see_consent", facts) else (),
        decisions=tuple(
            (one, judge_decision(one, events, house.moment, house.restored).stands)
            for one in reversed(decisions_of(events))
        )
        if can_read and (holder or young)
        else (),
        changed=changed_for(house, document, events, who.person_id) if can_read else None,
        can_compare=len(given_to_parents(events)) > 1,
        young=young,
        reads_until=grant.until if can_read and grant else None,
        others_read_until=tuple(one.until for one in grants_of(events) if one.holds_at(house.moment)) if holder else (),
    )
