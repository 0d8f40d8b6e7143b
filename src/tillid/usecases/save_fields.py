"""Saving a draft field by field: merged by field, checked by revision, with the last change kept to be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from tillid.documents.files import files_in
from tillid.documents.model import Draft, DraftField, Undo, WrittenFor
from tillid.documents.talks import again
from tillid.forms.answers import AnswerError, AnswerProblem, clean_field
from tillid.forms.definition import FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.base import FieldType
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.fill import DraftView, definition_of, draft_to_write, draft_view, side_of
from tillid.usecases.ports import House
from tillid.usecases.protected import protected_in
from tillid.usecases.void import void_agreement
from tillid.usecases.whose_words import whose_words
from tillid.usecases.writing import note

# Autosave stores every second; "Fortryd" takes back what was written in one go, not its last second.
ONE_GO = timedelta(seconds=30)
TYPED = frozenset({"text", "textarea", "table"})


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A field as the browser sends it: stored value or ``None`` to empty it, and the revision it was based on. ``page``
    and ``turn``: which open page sends it, and as which of its requests, so that an answer that was lost on the way never
    makes somebody's own words a clash, and an old request that comes late changes nothing."""

    value: Any
    base: int
    page: str = ""
    turn: int = 0


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


def save_fields(
    house: House,
    who: Identity,
    document_id: str,
    changes: Mapping[str, Change],
    *,
    together_with: str | None = None,
    view: DraftView | None = None,
) -> Saved:
    """Save each changed field that is right; report the rest. A field that somebody else changed since ``base`` is not
    overwritten: both texts are kept (``Draft.kept``) until the writer chooses.

    ``together_with``: the custody holder in whose talk a professional writes the parents' words; they stay unconfirmed
    until that parent confirms. ``view``: of this transaction, by ``draft_to_write``, if there is one already. Raises
    ``NotFound`` when ``who`` may write nothing here.
    """
    view = view or draft_to_write(house, who, document_id)
    work = _Save(house, who, view, together_with)
    for field_id, change in changes.items():
        work.save(field_id, change)
    return work.done()


def undo_change(
    house: House, who: Identity, document_id: str, field_id: str, *, together_with: str | None = None
) -> Saved:
    """Put back what stood in the field before ``who``'s own last change; done again, it brings the change back. Nothing
    happens when somebody else has written since. Raises ``NotFound`` when ``who`` may not write the field."""
    view = draft_to_write(house, who, document_id)
    work = _Save(house, who, view, together_with)
    work.undo(field_id)
    return work.done()


def view_after(house: House, who: Identity, view: DraftView, saved: Saved) -> DraftView:
    """``view`` as it is after ``saved``, in the same transaction."""
    if saved.agreement_voided:
        return draft_view(house, who, *require(house, who, "see_draft", view.document.id))
    return draft_view(house, who, view.document, view.access)


class _Save:
    """One save in progress: the draft so far and what happened to each field."""

    def __init__(self, house: House, who: Identity, view: DraftView, with_: str | None) -> None:
        self.house, self.who, self.view, self.together_with = house, who, view, with_
        if with_ is not None and (
            view.access.custody is None or view.access.custody.holder(with_, house.moment) is None
        ):
            raise NotFound("not a holder")
        self.may_write = view.mine | (view.for_parents if with_ else frozenset())
        self.definition: FormDefinition = definition_of(house, view.document)
        self.before = self.draft = house.documents.draft(view.document.id)
        self.revisions: dict[str, int] = {}
        self.problems: list[AnswerProblem] = []
        self.clashes: dict[str, Clash] = {}
        self.sent: set[str] = set()  # files, whose bytes are stored whatever becomes of the answer

    def save(self, field_id: str, change: Change) -> None:
        if field_id not in self.may_write:
            raise NotFound("field not writable")
        self.sent |= set(files_in(change.value))
        try:
            value = clean_field(self.definition, field_id, change.value) if change.value is not None else None
        except AnswerError as error:
            self.problems.append(error.problem)
            return
        if found := self._protected(field_id, value):
            self.problems += found
            return
        now = self.draft.fields.get(field_id)
        revision = now.revision if now else 0
        new = msgspec.structs.replace(self._new(value, revision), page=change.page, turn=change.turn)
        # An empty field is posted with its section, and a late request after a newer one of its page: nothing new.
        late = self._same_page(now, change) and now is not None and change.turn < now.turn
        if late or (value == (now.value if now else None) and not self._takes_over(field_id)):
            self.revisions[field_id] = revision
        elif now is not None and self._meets_another(field_id, now, change):
            self._keep_both(field_id, now, new)
        else:
            self._write(field_id, new, in_one_go=True)

    def undo(self, field_id: str) -> None:
        if field_id not in self.may_write:
            raise NotFound("field not writable")
        now, before = self.draft.fields.get(field_id), self.draft.undo.get(field_id)
        if (
            now is not None
            and before is not None
            and before.by == self.who.person_id
            and before.revision == now.revision
        ):
            if found := self._protected(field_id, before.value):
                self.problems += found
                return
            self._write(field_id, self._new(before.value, now.revision), in_one_go=False)
            self._wait_again(field_id, before.written_for)

    def _wait_again(self, field_id: str, talks: tuple[WrittenFor, ...]) -> None:
        """Words written for one parent are not another's by being brought back: they wait for that parent, unless it is
        that parent who brings them back."""
        if waits := again((one for one in talks if one.with_holder != self.who.person_id), self.revisions[field_id]):
            self.draft = msgspec.structs.replace(self.draft, written_for={**self.draft.written_for, field_id: waits})

    def done(self) -> Saved:
        """Log and store; "Gem" on words that nobody changed takes back no agreement and voids no question (R-11)."""
        document = self.view.document
        if self.revisions or self.clashes:
            note(self.house, self.who, "write_draft", document)
        if self.draft is not self.before:
            self.house.documents.save_draft(self.draft)
        if self.sent:
            self.house.documents.leave_files(document.id, self.sent)
        changed = self.draft is not self.before and self.draft.answers != self.before.answers
        voided = changed and void_agreement(self.house, self.who, document)
        return Saved(revisions=self.revisions, problems=tuple(self.problems), clashes=self.clashes, agreement_voided=voided)  # fmt: skip

    def _new(self, value: Any, revision: int) -> DraftField:
        return DraftField(
            value=value, revision=revision + 1, by=self.who.person_id, side=side_of(self.who), at=self.house.moment
        )

    def _protected(self, field_id: str, value: Any) -> tuple[AnswerProblem, ...]:
        """R-37: parents read a shared draft as it is written. Told to the sender's side only (``refuse_protected``)."""
        document = self.view.document
        if self.who.kind != "staff" or document.state != "shared" or value is None:
            return ()
        return protected_in(self.house, document, self.definition, {field_id: value})

    def _takes_over(self, field_id: str) -> bool:
        """The very words that were written with somebody who has left custody since, gone through with a present holder."""
        custody, talks = self.view.access.custody, self.draft.written_for.get(field_id, ())
        left = [one for one in talks if custody and custody.holder(one.with_holder, self.house.moment) is None]
        return self.together_with is not None and any(one.confirmed_at is None for one in left)

    def _same_page(self, now: DraftField | None, change: Change) -> bool:
        """Whether what stands there came from the very page that sends ``change``."""
        return now is not None and bool(change.page) and now.page == change.page and now.by == self.who.person_id

    def _meets_another(self, field_id: str, now: DraftField, change: Change) -> bool:
        """Whether somebody else wrote there meanwhile, or the writer has a text there that waits for the choice: writing
        on changes that one, or the other's would be overwritten before anybody chose."""
        waits = any(kept.by == self.who.person_id for kept in self.draft.kept.get(field_id, ()))
        return waits or (change.base != now.revision and not self._same_page(now, change))

    def _keep_both(self, field_id: str, theirs: DraftField, yours: DraftField) -> None:
        yours = msgspec.structs.replace(yours, with_holder=self.together_with)
        others = (kept for kept in self.draft.kept.get(field_id, ()) if kept.by != self.who.person_id)
        self.draft = msgspec.structs.replace(self.draft, kept={**self.draft.kept, field_id: (*others, yours)})
        self.clashes[field_id] = Clash(theirs=theirs, yours=yours)

    def _write(self, field_id: str, new: DraftField, *, in_one_go: bool) -> None:
        kind = field_type(self.definition.field(field_id).type)
        custody = self.view.access.custody
        written_for = whose_words(self.draft, self.who, field_id, new, self.together_with, custody)
        self.draft = msgspec.structs.replace(
            self.draft,
            fields={**self.draft.fields, field_id: new},
            written_for=written_for,
            undo={**self.draft.undo, field_id: _undo(self.draft, field_id, new, kind, in_one_go)},
        )
        self.revisions[field_id] = new.revision


def _undo(draft: Draft, field_id: str, new: DraftField, kind: FieldType, in_one_go: bool) -> Undo:
    """What "Fortryd" brings back after ``new``: what stood before the writer began, not a second ago."""
    now, before = draft.fields.get(field_id), draft.undo.get(field_id)
    goes_on = now is not None and now.by == new.by and new.at - now.at < ONE_GO and _typing(kind, now.value, new.value)
    if in_one_go and goes_on and before is not None and now is not None and before.revision == now.revision:
        return msgspec.structs.replace(before, revision=new.revision)
    return Undo(
        value=now.value if now else None,
        by=new.by,
        revision=new.revision,
        written_for=draft.written_for.get(field_id, ()),
    )


def _typing(kind: FieldType, before: Any, after: Any) -> bool:
    """Whether ``after`` is ``before`` with more or other letters; a choice, a row that came, went or moved, and a file are
    changes of their own."""
    if isinstance(before, list) and isinstance(after, list):
        moved = sorted(map(repr, before)) == sorted(map(repr, after))
        return kind.widget in TYPED and len(before) == len(after) and not moved
    return kind.widget in TYPED and isinstance(before, str) and isinstance(after, str)
