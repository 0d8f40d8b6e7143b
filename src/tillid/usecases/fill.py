"""Filling a draft: open it, save fields as they change, settle what two people wrote at once. Nothing is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from tillid.documents.model import Document, Draft, DraftField, WrittenFor
from tillid.forms.answers import AnswerError, AnswerProblem, check_answers, clean_field
from tillid.forms.definition import FormDefinition
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import LEADER_ROLES, Facts, Identity
from tillid.usecases.facts import allowed, require
from tillid.usecases.outside_facts import outside_facts
from tillid.usecases.ports import House
from tillid.usecases.void import void_agreement
from tillid.usecases.writing import note, record_event

Side = Literal["professional", "parent"]
PARENT_SIDE = frozenset({"parent", "child"})
TEAM_SIDE = frozenset({"professional", "team"})
LEADER_SIDE = frozenset({"leader"})
PROFESSIONAL_SIDE = TEAM_SIDE | LEADER_SIDE


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """What the fill page shows. ``mine``: fields this person may write; ``for_parents``: parents' fields a professional
    may write in a talk; ``problems``: what is wrong or missing now; ``text_digest``: what "enig tekst" would agree to."""

    document: Document
    draft: Draft
    side: Side
    mine: frozenset[str]
    for_parents: frozenset[str]
    visible: tuple[str, ...]
    problems: tuple[AnswerProblem, ...]
    facts: dict[str, Any]
    text_digest: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A field as the browser sends it: stored value or ``None`` to empty it, and the revision it was based on."""

    value: Any
    base: int


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """Someone else changed the field meanwhile: both texts, none lost."""

    theirs: DraftField
    yours: DraftField


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """Outcome of a save. ``revisions``: the new revision per saved field; ``problems``: fields not saved, and why."""

    revisions: dict[str, int]
    problems: tuple[AnswerProblem, ...]
    clashes: dict[str, Clash]
    agreement_voided: bool = False


def side_of(who: Identity) -> Side:
    """Which part of the form ``who`` writes."""
    return "parent" if who.kind == "parent" else "professional"


def definition_of(house: House, document: Document) -> FormDefinition:
    """The very version the document is filled in; raises ``TillidError`` if its digest is no longer the pinned one."""
    definition = house.definitions.get(document.definition.form_id, document.definition.version)
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


def draft_view(house: House, who: Identity, document: Document, facts: Facts) -> DraftView:
    """The view without asking or logging; for use cases that have done both."""
    definition = definition_of(house, document)
    draft = house.documents.draft(document.id)
    outside = outside_facts(house, document, facts)
    side = side_of(who)
    reader = "parent" if side == "parent" else ("author" if document.round_id else "team")
    sides = {"team", "author"} if side == "professional" else {"parent"}
    visible = tuple(f.id for f in definition.fields if f.phase == "content" and sides & set(f.visible_to))
    mine, for_parents = _writable(house, who, definition, facts, visible)
    problems = problems_of(definition, draft, outside, PARENT_SIDE if side == "parent" else PROFESSIONAL_SIDE)
    return DraftView(
        document=document,
        draft=_projected(draft, visible, who),
        side=side,
        mine=mine,
        for_parents=for_parents,
        visible=visible,
        problems=tuple(p for p in problems if p.field_id in visible),
        facts=outside if reader != "parent" else {},
        text_digest=text_digest(draft),
    )


def problems_of(
    definition: FormDefinition, draft: Draft, outside: Mapping[str, Any], side: frozenset[str]
) -> tuple[AnswerProblem, ...]:
    """What is wrong or missing in the fields that ``side`` fills."""
    return tuple(check_answers(definition, draft.answers, outside, filled_by=set(side), complete=True))


def text_digest(draft: Draft) -> str:
    """SHA-256 over the answers: what a person agrees to is what the person saw."""
    return json_digest(draft.answers)


def _projected(draft: Draft, visible: tuple[str, ...], who: Identity) -> Draft:
    """What ``who`` may see. A parent learns of no talk with the other parent, nor whether that one has confirmed
    (design 24)."""
    seen = set(visible)
    talks = {k: w for k, w in draft.written_for.items() if who.kind == "staff" or w.with_holder == who.person_id}
    return msgspec.structs.replace(
        draft,
        fields={k: v for k, v in draft.fields.items() if k in seen},
        kept={k: v for k, v in draft.kept.items() if k in seen},
        written_for={k: v for k, v in talks.items() if k in seen},
    )


def _writable(house: House, who: Identity, definition: FormDefinition, facts: Facts,
              visible: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:  # fmt: skip
    by = {field.id: set(field.filled_by) for field in definition.fields if field.id in visible}
    mine = set()
    if allowed(house, who, "write_professional", facts):
        leads = bool(who.roles_in(facts.organigram.above(facts.document.unit_id)) & LEADER_ROLES)
        side = PROFESSIONAL_SIDE if leads else TEAM_SIDE
        mine |= {field for field, who_fills in by.items() if who_fills & side}
    if allowed(house, who, "write_parent", facts):
        mine |= {field for field, who_fills in by.items() if who_fills & PARENT_SIDE}
    for_parents = set()
    if allowed(house, who, "write_for_parent", facts):
        for_parents = {field for field, who_fills in by.items() if who_fills & PARENT_SIDE} - mine
    return frozenset(mine), frozenset(for_parents)


def save_fields(
    house: House, who: Identity, document_id: str, changes: Mapping[str, Change], *, together_with: str | None = None
) -> Saved:
    """Save each changed field that is right; report the rest. A field that somebody else changed since ``base`` is not
    overwritten: both texts are kept (``Draft.kept``) until the writer chooses.

    ``together_with``: the custody holder in whose talk a professional writes the parents' words; they stay unconfirmed
    until that parent confirms. Raises ``NotFound`` when ``who`` may write nothing here.
    """
    document, facts = require(house, who, "see_draft", document_id)
    view = draft_view(house, who, document, facts)
    definition = definition_of(house, document)
    if together_with is not None and (
        facts.custody is None or facts.custody.holder(together_with, house.moment) is None
    ):
        raise NotFound("not a holder")
    may_write = view.mine | (view.for_parents if together_with else frozenset())
    before = house.documents.draft(document_id)
    work = _Save(house, who, definition, before, together_with)
    for field_id, change in changes.items():
        if field_id not in may_write:
            raise NotFound("field not writable")
        work.save(field_id, change)
    if work.revisions or work.clashes:
        note(house, who, "write_draft", document)
        house.documents.save_draft(work.draft)
    # "Gem" on words that nobody changed takes back no agreement and voids no question.
    voided = work.draft.answers != before.answers and void_agreement(house, who, document)
    return Saved(revisions=work.revisions, problems=tuple(work.problems), clashes=work.clashes, agreement_voided=voided)


class _Save:
    """One save in progress: the draft so far and what happened to each field."""

    def __init__(
        self, house: House, who: Identity, definition: FormDefinition, draft: Draft, with_: str | None
    ) -> None:
        self.house, self.who, self.definition, self.draft, self.together_with = house, who, definition, draft, with_
        self.revisions: dict[str, int] = {}
        self.problems: list[AnswerProblem] = []
        self.clashes: dict[str, Clash] = {}

    def save(self, field_id: str, change: Change) -> None:
        try:
            value = clean_field(self.definition, field_id, change.value) if change.value is not None else None
        except AnswerError as error:
            self.problems.append(error.problem)
            return
        now = self.draft.fields.get(field_id)
        revision = now.revision if now else 0
        new = DraftField(
            value=value, revision=revision + 1, by=self.who.person_id, side=side_of(self.who), at=self.house.moment
        )
        if value == (now.value if now else None):  # also an empty field that was posted with its section
            self.revisions[field_id] = revision
        elif change.base != revision and now is not None:
            self._keep_both(field_id, now, new)
        else:
            self._write(field_id, new)

    def _keep_both(self, field_id: str, theirs: DraftField, yours: DraftField) -> None:
        yours = msgspec.structs.replace(yours, with_holder=self.together_with)
        kept = {**self.draft.kept, field_id: (*self.draft.kept.get(field_id, ()), yours)}
        self.draft = msgspec.structs.replace(self.draft, kept=kept)
        self.clashes[field_id] = Clash(theirs=theirs, yours=yours)

    def _write(self, field_id: str, new: DraftField) -> None:
        written_for = _whose_words(self.draft, self.who, field_id, new, self.together_with)
        fields = {**self.draft.fields, field_id: new}
        self.draft = msgspec.structs.replace(self.draft, fields=fields, written_for=written_for)
        self.revisions[field_id] = new.revision


def _whose_words(
    draft: Draft, who: Identity, field_id: str, new: DraftField, holder: str | None
) -> dict[str, WrittenFor]:
    """``draft.written_for`` with ``new`` in the field: words a professional wrote in ``holder``'s talk wait for that
    parent's confirmation, a parent's own wait for nobody's."""
    others = {field: written for field, written in draft.written_for.items() if field != field_id}
    if holder is not None and who.kind == "staff":
        return {**others, field_id: WrittenFor(by=who.person_id, with_holder=holder, revision=new.revision)}
    return others if who.kind == "parent" else draft.written_for


def settle_clash(
    house: House, who: Identity, document_id: str, field_id: str, *, keep: Literal["theirs", "yours"]
) -> None:
    """Choose between the current text and the writer's own kept one; the other's text stays in the draft's history of
    revisions only if chosen. Raises ``NotFound`` when there is nothing to settle."""
    document, facts = require(house, who, "see_draft", document_id)
    view = draft_view(house, who, document, facts)
    draft = house.documents.draft(document_id)
    own = [field for field in draft.kept.get(field_id, ()) if field.by == who.person_id]
    if not own or field_id not in view.mine | view.for_parents:
        raise NotFound("nothing kept")
    note(house, who, "write_draft", document)
    others = tuple(field for field in draft.kept[field_id] if field.by != who.person_id)
    kept = {**draft.kept, field_id: others}
    fields, written_for = dict(draft.fields), draft.written_for
    if keep == "yours":
        new = msgspec.structs.replace(own[-1], revision=draft.fields[field_id].revision + 1, with_holder=None)
        fields[field_id], written_for = new, _whose_words(draft, who, field_id, new, own[-1].with_holder)
    kept = {field: texts for field, texts in kept.items() if texts}
    house.documents.save_draft(msgspec.structs.replace(draft, fields=fields, kept=kept, written_for=written_for))
    if keep == "yours":
        void_agreement(house, who, document)


def confirm_words(house: House, who: Identity, document_id: str) -> int:
    """A parent confirms the words a professional wrote in their talk; returns how many fields that were (station 2)."""
    document, _ = require(house, who, "confirm_words", document_id)
    draft = house.documents.draft(document_id)
    mine = {f: w for f, w in draft.written_for.items() if w.with_holder == who.person_id and w.confirmed_at is None}
    if not mine:
        return 0
    note(house, who, "confirm_words", document)
    confirmed = {f: msgspec.structs.replace(w, confirmed_at=house.moment) for f, w in mine.items()}
    house.documents.save_draft(msgspec.structs.replace(draft, written_for={**draft.written_for, **confirmed}))
    record_event(house, document, "words_confirmed", who.person_id, {"fields": sorted(mine)})
    return len(mine)
