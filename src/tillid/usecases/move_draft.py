"""A draft is moved to a newer version of its form, or brought back from it, through a preview (T30, ADR 0021).

Only the working draft moves, and only while nobody has agreed to it for good: in state draft, and in state shared as long
as no version is the agreed one. A frozen version keeps its own definition for ever. The draft as it was is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tillid.documents.earlier import EarlierDraft
from tillid.documents.model import DefinitionRef, Document, Draft, DraftField
from tillid.forms.answers import AnswerError, clean_field
from tillid.forms.definition import FormDefinition
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError
from tillid.process.access import Facts, Identity
from tillid.usecases.earlier_drafts import OPERATION, may_restore, movable, numbered
from tillid.usecases.facts import Conflict, require
from tillid.usecases.fill import definition_of, reader_of, text_digest
from tillid.usecases.move_preview import MovePreview, move_rows, restore_rows
from tillid.usecases.moved_draft import MovedDraft, brought_back, moved_draft, parents_words
from tillid.usecases.ports import House
from tillid.usecases.share_document import refuse_protected
from tillid.usecases.start_document import as_begun_at, definition_ref
from tillid.usecases.system_answers import system_answers
from tillid.usecases.writing import note, record_event, tell


class CannotMove(TillidError):
    code = "document.cannot-move"
    text = "Teksten er låst, eller begge sider er enige om den. Derfor bliver den i den version af skemaet, den er skrevet i."


class NoSuchWay(TillidError):
    code = "document.no-newer-version"
    text = "Der er ikke en nyere version af skemaet, som kladden kan flyttes til."


class FrozenSince(TillidError):
    code = "document.frozen-since"
    text = "Kladden er delt, siden den blev flyttet. Den gamle kladde kan læses, men ikke hentes tilbage."


def newer_version(house: House, document: Document) -> FormDefinition | None:
    """The version a draft of ``document`` could be moved to: the newest in use, if it is newer than its own and every
    version between is there."""
    newest = house.definitions.latest(document.definition.form_id)
    if not movable(document) or newest.version <= document.definition.version:
        return None
    try:
        _way(house, document, newest.version)
    except TillidError:
        return None
    return newest


def preview_move(
    house: House, who: Identity, document_id: str, version: int | None = None, *, language: str = "da"
) -> MovePreview:
    """What a move to ``version`` (default: the newest) would do; writes nothing but the audit row.

    Raises ``NotFound`` for who may not, ``CannotMove``, ``NoSuchWay``."""
    document, _ = _asked(house, who, document_id)
    note(house, who, "see_draft", document)
    way = _way(house, document, version)
    draft = house.documents.draft(document_id)
    made = moved_draft(draft, way, document.variant, house.moment)
    rows = move_rows(draft, made, way, reader_of(document, "professional"), language)
    return _preview(house, document, draft, way, seen_digest(draft, document, way[-1]), rows, made)


def move_draft(house: House, who: Identity, document_id: str, version: int, seen: str) -> Document:
    """1. may the person? 2. is it the very draft and version of the preview? 3. log 4. keep the old draft 5. move 6. the
    event 7. tell whom it concerns. Raises as ``preview_move``, and ``Conflict`` when anything has changed since."""
    document, facts = _asked(house, who, document_id)
    way = _way(house, document, version)
    draft = house.documents.draft(document_id)
    if seen != seen_digest(draft, document, way[-1]):
        raise Conflict("another draft than the one seen")
    note(house, who, OPERATION, document)
    made = moved_draft(draft, way, document.variant, house.moment)
    after = msgspec.structs.replace(
        document, definition=definition_ref(way[-1]), variant=made.moved.variant or document.variant
    )
    _keep(house, who, document, draft, after.definition, len(made.left_over))
    house.documents.replace(after)
    house.documents.save_draft(_completed(house, who, after, way, made.draft))
    _told(house, who, after, facts, draft, {"from": way[0].version, "to": way[-1].version, "left": len(made.left_over)})
    return after


def preview_restore(house: House, who: Identity, document_id: str, number: int, *, language: str = "da") -> MovePreview:
    """What bringing earlier draft ``number`` back would do. Raises as ``preview_move``, and ``FrozenSince``."""
    document, _ = _asked(house, who, document_id)
    note(house, who, "see_draft", document)
    earlier = _earlier(house, document, number)
    draft = house.documents.draft(document_id)
    then, now = definition_of(house, earlier), definition_of(house, document)
    rows = restore_rows(house, draft, earlier, then, now, reader_of(document, "professional"), language)
    made = _preview(house, document, draft, (now, then), seen_digest(draft, document, then), rows, None)
    words = document.state == "shared" and parents_words(earlier.draft)
    return msgspec.structs.replace(made, restores=number, tells_parents=made.tells_parents or words)


def restore_draft(house: House, who: Identity, document_id: str, number: int, seen: str) -> Document:
    """Earlier draft ``number`` becomes the working draft again; what is written since is kept as an earlier draft too."""
    document, facts = _asked(house, who, document_id)
    earlier = _earlier(house, document, number)
    draft = house.documents.draft(document_id)
    then = definition_of(house, earlier)
    if seen != seen_digest(draft, document, then):
        raise Conflict("another draft than the one seen")
    note(house, who, OPERATION, document)
    if document.state == "shared":  # parents read a shared draft as it stands
        refuse_protected(house, document, then, earlier.draft.answers)
    after = msgspec.structs.replace(document, definition=definition_ref(then), variant=earlier.variant)
    _keep(house, who, document, draft, after.definition, 0)
    house.documents.replace(after)
    house.documents.save_draft(brought_back(earlier.draft, draft, then.digest))
    _told(
        house,
        who,
        after,
        facts,
        draft,
        {"from": document.definition.version, "to": then.version, "restored": number},
        earlier.draft,
    )
    return after


def seen_digest(draft: Draft, document: Document, new: FormDefinition) -> str:
    """What the preview showed: the text, what waits for a choice, and both definitions."""
    return json_digest([text_digest(draft), draft.kept, draft.written_for, document.definition.digest, new.digest])


def _asked(house: House, who: Identity, document_id: str) -> tuple[Document, Facts]:
    document, facts = require(house, who, OPERATION, document_id)
    if not movable(document):
        raise CannotMove("agreed or locked")
    return document, facts


def _way(house: House, document: Document, version: int | None) -> list[FormDefinition]:
    """Every version from the document's own to ``version``; raises ``NoSuchWay``."""
    form_id, first = document.definition.form_id, document.definition.version
    newest = house.definitions.latest(form_id).version
    last = newest if version is None else version
    if not first < last <= newest:
        raise NoSuchWay(f"from {first} to {last}")
    try:
        later = (house.definitions.get(form_id, number) for number in range(first + 1, last + 1))
        way = [definition_of(house, document), *(as_begun_at(house, one, document.unit_id) for one in later)]
    except TillidError:
        raise NoSuchWay("a version between is missing") from None
    return way


def _earlier(house: House, document: Document, number: int) -> EarlierDraft:
    found = numbered(house, document.id, number)
    if not may_restore(document, found):
        raise FrozenSince("a version was frozen since")
    return found


def _keep(house: House, who: Identity, document: Document, draft: Draft, to: DefinitionRef, left: int) -> None:
    house.documents.keep_draft(
        EarlierDraft(
            document_id=document.id,
            number=len(house.documents.earlier_drafts(document.id)) + 1,
            draft=draft,
            definition=document.definition,
            variant=document.variant,
            to=to,
            moved_at=house.moment,
            moved_by=who.person_id,
            versions=document.versions,
            left_over=left,
        )
    )


def _completed(house: House, who: Identity, document: Document, way: Sequence[FormDefinition], draft: Draft) -> Draft:
    """With what the system knows for fields that are new and that nobody but the system fills."""
    old = {field.id for field in way[0].fields}
    wanted = [
        f.id for f in way[-1].fields if f.id not in old and f.id not in draft.fields and f.filled_by == ("system",)
    ]
    if not wanted:
        return draft
    child = house.people.child(document.child_id) if document.child_id else None
    round_ = house.people.round(document.round_id) if document.round_id else None
    known = system_answers(house, document, who, child=child, round_=round_)
    fields = dict(draft.fields)
    for name in wanted:
        try:
            value = clean_field(way[-1], name, known.get(name))
        except AnswerError:
            continue  # the register's value is none that this field takes: it stays empty
        if value is not None:
            fields[name] = DraftField(value=value, revision=1, by="system", side="professional", at=house.moment)
    return msgspec.structs.replace(draft, fields=fields)


def _told(
    house: House,
    who: Identity,
    document: Document,
    facts: Facts,
    before: Draft,
    payload: dict,
    after: Draft | None = None,
) -> None:
    """The event; "enig" falls, and both sides are told: the parents if their words or their "enig" are concerned."""
    event = record_event(house, document, "draft_moved", who.person_id, payload)
    if before.agreed_by:
        record_event(house, document, "agreement_voided", who.person_id, {"version": None})
    concerned = {document.author}
    if (
        document.state == "shared"
        and (before.agreed_by or parents_words(before) or (after and parents_words(after)))
        and facts.custody is not None
    ):
        concerned |= {holder.person_id for holder in facts.custody.current(house.moment)}
    tell(house, sorted(concerned - {who.person_id, "system"}), "draft_moved", event.id, document=document.id)


def _preview(
    house: House,
    document: Document,
    draft: Draft,
    way: Sequence[FormDefinition],
    seen: str,
    rows: MovePreview,
    made: MovedDraft | None,
) -> MovePreview:
    """``rows`` with what is known of the document around them."""
    child = house.people.child(document.child_id) if document.child_id else None
    return msgspec.structs.replace(
        rows,
        document=document,
        child_name=child.name if child else "",
        seen=seen,
        clears_agreement=bool(draft.agreed_by),
        tells_parents=document.state == "shared" and (bool(draft.agreed_by) or parents_words(draft)),
        confirm_again=made.confirm_again if made else 0,
    )
