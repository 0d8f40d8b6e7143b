"""Opening a draft to fill it: what this person sees, may write, and what is wrong or missing now.

Saving is ``save_fields``; what two people wrote at once is settled by ``settle_clash``; a parent confirms words written in
a talk by ``confirm_words``; a soft warning is let be by ``override_warning``. Nothing is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from tillid.documents.model import Document, Draft, DraftField, Version
from tillid.forms.answers import AnswerProblem, check_answers
from tillid.forms.computing import computed_answers
from tillid.forms.definition import FormDefinition
from tillid.forms.readers import may_see
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError
from tillid.process.access import LEADER_ROLES, Facts, Identity, is_notification
from tillid.usecases.choices import open_choices
from tillid.usecases.facts import allowed, require
from tillid.usecases.outside_facts import outside_facts
from tillid.usecases.ports import House
from tillid.usecases.writing import note

Side = Literal["professional", "parent"]
PARENT_SIDE = frozenset({"parent", "child"})
TEAM_SIDE = frozenset({"professional", "team"})
LEADER_SIDE = frozenset({"leader"})
PREPARING_SIDE = frozenset({"professional", "leader"})
PROFESSIONAL_SIDE = TEAM_SIDE | LEADER_SIDE
NOTIFIER_SIDE = frozenset({"notifier"})
# Who fills what a reader may be told is missing.
SIDES = {"parent": PARENT_SIDE, "notifier": NOTIFIER_SIDE, "team": PROFESSIONAL_SIDE, "author": PROFESSIONAL_SIDE}


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """What the fill page shows. ``mine``: fields this person may write; ``for_parents``: parents' fields a professional
    may write in a talk; ``problems``: what is wrong or missing now; ``text_digest``: what "enig tekst" would agree to;
    ``access``: the facts by which it was decided."""

    document: Document
    draft: Draft
    side: Side
    mine: frozenset[str]
    for_parents: frozenset[str]
    visible: tuple[str, ...]
    problems: tuple[AnswerProblem, ...]
    facts: dict[str, Any]
    text_digest: str
    access: Facts


def side_of(who: Identity) -> Side:
    """Which part of the form ``who`` writes."""
    return "professional" if who.kind == "staff" else "parent"


def reader_of(document: Document, side: Side) -> str:
    """As which reader of the definition somebody of ``side`` meets the draft."""
    if is_notification(document):
        return "notifier" if side == "professional" else "parent"
    return "parent" if side == "parent" else ("author" if document.round_id else "team")


def definition_of(house: House, document: Document | Version) -> FormDefinition:
    """The very version of the form that a draft is filled in, or that a frozen version was: the two differ once the draft
    has been moved. Raises ``TillidError`` if its digest is no longer the pinned one."""
    definition = house.definitions.of(document.definition)
    if definition.digest != document.definition.digest:
        raise TillidError(
            f"{definition.name} digest differs from the document's",
            code="document.definition-changed",
            text="Skemaet er ændret, siden dokumentet blev begyndt. Kontakt jeres administrator; intet er gået tabt.",
        )
    return definition


def open_draft(house: House, who: Identity, document_id: str) -> DraftView:
    """The draft as ``who`` may see it; an attempt row is written first."""
    document, facts = require(house, who, "see_draft", document_id)
    note(house, who, "see_draft", document)
    return draft_view(house, who, document, facts)


def draft_to_write(house: House, who: Identity, document_id: str) -> DraftView:
    """The draft for who is about to save in it; ``save_fields`` writes the attempt row before anything is answered."""
    document, facts = require(house, who, "see_draft", document_id)
    return draft_view(house, who, document, facts)


def draft_view(house: House, who: Identity, document: Document, facts: Facts) -> DraftView:
    """The view without asking or logging; for use cases that have done both."""
    definition = definition_of(house, document)
    side = side_of(who)
    draft = draft_for(house, document, facts, definition, side)
    draft = msgspec.structs.replace(draft, kept=open_choices(house, draft, facts))
    outside = outside_facts(house, document, facts)
    reader = reader_of(document, side)
    visible = tuple(f.id for f in definition.fields if f.phase == "content" and may_see(f.visible_to, reader))
    mine, for_parents = _writable(house, who, definition, facts, visible)
    problems = problems_of(definition, draft, outside, SIDES[reader])
    return DraftView(
        document=document,
        draft=_projected(with_computed(definition, draft, outside, house.moment), visible, who),
        side=side,
        mine=mine,
        for_parents=for_parents,
        visible=visible,
        problems=tuple(p for p in problems if p.field_id in visible),
        facts=outside if reader != "parent" else {},
        text_digest=text_digest(draft),
        access=facts,
    )


def draft_for(house: House, document: Document, facts: Facts, definition: FormDefinition, side: Side) -> Draft:
    """The draft as ``side`` meets it. Of a form that nobody agrees on word by word, parents see what was given to them,
    not the minutes while they are written; their own words are always the newest."""
    draft = house.documents.draft(document.id)
    given = house.documents.version(document.id, document.versions) if side == "parent" and facts.way.attested else None
    if given is None:
        return draft
    own = {field.id for field in definition.fields if set(field.filled_by) & PARENT_SIDE}
    seen = {
        field: DraftField(value=value, revision=0, by=given.frozen_by, side="professional", at=given.frozen_at)
        for field, value in given.answers.items()
        if field not in own
    }
    return msgspec.structs.replace(
        draft,
        fields={**{field: one for field, one in draft.fields.items() if field in own}, **seen},
        kept={field: texts for field, texts in draft.kept.items() if field in own},
    )


def with_computed(definition: FormDefinition, draft: Draft, outside: Mapping[str, Any], moment: datetime) -> Draft:
    """``draft`` with what its computed fields are worth now: worked out whenever it is shown, never saved with it, and put
    down when a version is frozen (``writing.py``)."""
    found = computed_answers(definition, draft.answers, outside, phase="content")
    by_system = {
        name: DraftField(value=value, revision=0, by="", side="professional", at=moment)
        for name, value in found.items()
    }
    return msgspec.structs.replace(draft, fields={**draft.fields, **by_system}) if by_system else draft


def problems_of(
    definition: FormDefinition, draft: Draft, outside: Mapping[str, Any], side: frozenset[str]
) -> tuple[AnswerProblem, ...]:
    """What is wrong or missing in the fields that ``side`` fills."""
    return tuple(check_answers(definition, draft.answers, outside, filled_by=set(side), complete=True))


def text_digest(draft: Draft) -> str:
    """SHA-256 over the answers, and over the form once the draft was moved to another: what a person agrees to is what the
    person saw."""
    return json_digest({"answers": draft.answers, "form": draft.form} if draft.form else draft.answers)


def _projected(draft: Draft, visible: tuple[str, ...], who: Identity) -> Draft:
    """What ``who`` may see. A parent learns of no talk with the other parent, nor whether that one has confirmed
    (design 24); what stood before a change only its writer can bring back."""
    seen = set(visible)
    talks = {
        name: tuple(one for one in found if who.kind == "staff" or one.with_holder == who.person_id)
        for name, found in draft.written_for.items()
    }
    return msgspec.structs.replace(
        draft,
        fields={k: v for k, v in draft.fields.items() if k in seen},
        kept={k: v for k, v in draft.kept.items() if k in seen},
        written_for={k: v for k, v in talks.items() if v and k in seen},
        overridden={k: v for k, v in draft.overridden.items() if who.kind == "staff" or v.by == who.person_id},
        undo={k: v for k, v in draft.undo.items() if k in seen and v.by == who.person_id},
    )


def _writable(house: House, who: Identity, definition: FormDefinition, facts: Facts,
              visible: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:  # fmt: skip
    by = {field.id: set(field.filled_by) for field in definition.fields if field.id in visible}
    mine = set()
    if allowed(house, who, "write_professional", facts):
        leads = bool(who.roles_in(facts.organigram.above(facts.document.unit_id)) & LEADER_ROLES)
        side = PROFESSIONAL_SIDE if leads else TEAM_SIDE
        mine |= {field for field, who_fills in by.items() if who_fills & side}
    if allowed(house, who, "write_notification", facts):
        mine |= {field for field, who_fills in by.items() if who_fills & NOTIFIER_SIDE}
    if allowed(house, who, "write_parent", facts):
        mine |= {field for field, who_fills in by.items() if who_fills & PARENT_SIDE}
    for_parents = set()
    if allowed(house, who, "write_for_parent", facts):
        for_parents = {field for field, who_fills in by.items() if who_fills & PARENT_SIDE} - mine
    return frozenset(mine), frozenset(for_parents)
