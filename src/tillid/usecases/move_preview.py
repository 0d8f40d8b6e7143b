"""What the preview of a move shows: old and new side by side, each field's fate, and in full what found no place.

Only what the reader may see: of other fields the preview tells how many, never what.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tillid.documents.earlier import EarlierDraft
from tillid.documents.model import Document, Draft
from tillid.forms.carrying import words_of
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.readers import may_see
from tillid.forms.upcasts import Fate, How, LeftOver, move_along
from tillid.kernel.errors import TillidError
from tillid.usecases.moved_draft import MovedDraft
from tillid.usecases.ports import House


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a text stands afterwards. ``shown_above``: the same new field was shown with an earlier row."""

    label: str
    words: str
    shown_above: bool = False


class MoveRow(msgspec.Struct, frozen=True, kw_only=True):
    """One old field that has an answer. ``wider``: who can read it afterwards and could not before; ``left``: whether some
    or all of it found no place; ``shown_above``: what stands now was shown with an earlier row."""

    label: str
    words: str
    how: How
    places: tuple[Place, ...]
    wider: tuple[str, ...] = ()
    why: str = ""
    left: bool = False
    shown_above: bool = False


class MovePreview(msgspec.Struct, frozen=True, kw_only=True):
    """``left_over``: in full; ``unseen``: how many fields go along (or not) that the reader may not see; ``new_fields`` and
    ``hidden``: labels; ``seen``: the digest to send back; ``restores``: the earlier draft that is brought back."""

    old: FormDefinition
    new: FormDefinition
    rows: tuple[MoveRow, ...]
    left_over: tuple[LeftOver, ...] = ()
    unseen: int = 0
    new_fields: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    document: Document | None = None
    child_name: str = ""
    seen: str = ""
    clears_agreement: bool = False
    tells_parents: bool = False
    confirm_again: int = 0
    restores: int | None = None


def move_rows(draft: Draft, made: MovedDraft, way: Sequence[FormDefinition], reader: str, language: str) -> MovePreview:
    """The rows of a move, for ``reader``."""
    said = {form.version: form.in_language(language) for form in way}
    old, new, moved = said[way[0].version], said[way[-1].version], made.moved
    news = {field.id: field for field in new.fields}
    shown: set[str] = set()
    left = {one.field for one in made.left_over}
    rows, unseen = [], 0
    for fate in moved.fates:
        field, value = old.field(fate.field), draft.answers.get(fate.field)
        if value is None:
            continue
        if not may_see(field.visible_to, reader):
            unseen += 1
            continue
        places = tuple(
            _place(news[name], moved.answers[name], new, name in shown)
            for name in fate.to
            if name in moved.answers and may_see(news[name].visible_to, reader)
        )
        shown.update(fate.to)
        rows.append(_row(fate, field.label, words_of(value, field, old), places, fate.field in left))
    seen_left = tuple(_labelled(one, said) for one in made.left_over if _may_read(one, way, reader))
    return MovePreview(
        old=old,
        new=new,
        rows=tuple(rows),
        left_over=seen_left,
        unseen=unseen,
        new_fields=tuple(
            f.label
            for f in new.fields
            if f.id not in moved.origins and f.phase == "content" and may_see(f.visible_to, reader)
        ),
        hidden=tuple(news[name].label for name in moved.hidden if may_see(news[name].visible_to, reader)),
        notes=moved.notes,
    )


def restore_rows(
    house: House,
    draft: Draft,
    earlier: EarlierDraft,
    then: FormDefinition,
    now: FormDefinition,
    reader: str,
    language: str,
) -> MovePreview:
    """The rows of bringing ``earlier`` back: what stands now beside what stood then, field by field of the old form."""
    fates = _fates(house, earlier, then, now)
    then, now = then.in_language(language), now.in_language(language)
    news = {field.id: field for field in now.fields}
    rows: list[MoveRow] = []
    used: set[str] = set()
    unseen = 0
    for field in then.fields:
        targets = [name for name in fates.get(field.id, ()) if name in news and draft.answers.get(name) is not None]
        before = earlier.draft.answers.get(field.id)
        if before is None and not targets:
            continue
        if not may_see(field.visible_to, reader):
            unseen += 1
            continue
        words = "\n\n".join(words_of(draft.answers[name], news[name], now) for name in targets if name not in used)
        above = bool(targets) and used.issuperset(targets)
        used.update(targets)
        place = Place(label=field.label, words=words_of(before, field, then) if before is not None else "")
        label = ", ".join(dict.fromkeys(news[name].label for name in targets)) or field.label
        rows.append(MoveRow(label=label, words=words, how="kept", places=(place,), shown_above=above))
    for field in now.fields:
        value = draft.answers.get(field.id)
        if value is not None and field.id not in used and may_see(field.visible_to, reader):
            rows.append(MoveRow(label=field.label, words=words_of(value, field, now), how="dropped", places=()))
    return MovePreview(old=now, new=then, rows=tuple(rows), unseen=unseen)


def _fates(
    house: House, earlier: EarlierDraft, then: FormDefinition, now: FormDefinition
) -> dict[str, tuple[str, ...]]:
    """Old field → the fields of the present form its text went to; by id where the way is not known (a second return)."""
    try:
        way = [then, *(house.definitions.get(then.id, number) for number in range(then.version + 1, now.version)), now]
        moved = move_along({}, way, variant=earlier.variant) if then.version < now.version else None
    except TillidError:
        moved = None
    if moved is None:
        return {field.id: (field.id,) for field in then.fields}
    return {fate.field: fate.to for fate in moved.fates}


def _row(fate: Fate, label: str, words: str, places: tuple[Place, ...], left: bool) -> MoveRow:
    return MoveRow(label=label, words=words, how=fate.how, places=places, wider=fate.wider, why=fate.why, left=left)


def _place(field: Field, value: object, definition: FormDefinition, above: bool) -> Place:
    return Place(label=field.label, words=words_of(value, field, definition), shown_above=above)


def _labelled(one: LeftOver, said: dict[int, FormDefinition]) -> LeftOver:
    """With the field's label in the reader's language."""
    fields = said[one.version].fields if one.version in said else ()
    label = next((field.label for field in fields if field.id == one.field), one.label)
    return msgspec.structs.replace(one, label=label)


def _may_read(one: LeftOver, way: Sequence[FormDefinition], reader: str) -> bool:
    definition = next((form for form in way if form.version == one.version), way[0])
    field = next((field for field in definition.fields if field.id == one.field), None)
    return field is None or may_see(field.visible_to, reader)
