"""The draft itself on its way to another version: who wrote what, what waits for a parent's confirmation, two texts in one
field. Pure; what is written and told is ``move_draft``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from tillid.documents.model import Draft, DraftField, WrittenFor
from tillid.documents.talks import again
from tillid.forms.definition import FormDefinition
from tillid.forms.upcasts import LeftOver, Moved, move_along

_KEPT = "Feltet havde to tekster. Denne kan ikke føres med; den bliver i den gamle kladde."


class MovedDraft(msgspec.Struct, frozen=True, kw_only=True):
    """``left_over``: everything that found no place, also texts that had lost a race. ``confirm_again``: how many fields
    hold words for a parent who must confirm them again."""

    draft: Draft
    moved: Moved
    left_over: tuple[LeftOver, ...]
    confirm_again: int


def moved_draft(draft: Draft, way: Sequence[FormDefinition], variant: str, moment: datetime) -> MovedDraft:
    """``draft`` of ``way[0]`` as a draft of ``way[-1]``. Nobody's "enig" goes along: it was about another text."""
    answers = {name: value for name, value in draft.answers.items() if value is not None}
    moved = move_along(answers, way, variant=variant)
    fields = {name: _field(draft, moved, name, moment) for name in moved.answers}
    fields |= {
        # An open page that knows the field must meet a newer revision, so that nothing is overwritten.
        name: DraftField(value=None, revision=old.revision + 1, by=old.by, side=old.side, at=moment)
        for name, old in draft.fields.items()
        if name not in fields and name in {field.id for field in way[-1].fields}
    }
    written_for, again = _written_for(draft, moved, way, fields)
    kept, left = _kept(draft, way, variant)
    made = replace(
        draft,
        fields=fields,
        written_for=written_for,
        kept=kept,
        agreed_by={},
        undo={},
        overridden={},
        form=way[-1].digest,
    )
    return MovedDraft(draft=made, moved=moved, left_over=(*moved.left_over, *left), confirm_again=again)


def brought_back(earlier: Draft, now: Draft, digest: str) -> Draft:
    """``earlier`` again as the working draft in place of ``now``, in the form with ``digest``."""
    newest = max((field.revision for field in (*now.fields.values(), *earlier.fields.values())), default=0)
    fields = {
        name: replace(field, revision=newest + 1) for name, field in earlier.fields.items()
    }  # open pages of the other version must not overwrite
    talks = {
        name: tuple(replace(one, revision=newest + 1) for one in found) for name, found in earlier.written_for.items()
    }
    return replace(earlier, fields=fields, written_for=talks, agreed_by={}, undo={}, overridden={}, form=digest)


def parents_words(draft: Draft) -> bool:
    """Whether the draft holds words that a parent wrote, or that were written for one."""
    return any(field.value is not None and (field.side == "parent" or name in draft.written_for)
               for name, field in draft.fields.items())  # fmt: skip


def _sources(draft: Draft, moved: Moved, name: str) -> list[str]:
    """The old fields whose answers are in the new field ``name``."""
    olds = moved.origins.get(name, ())
    return [old for old in olds if old in draft.fields and draft.fields[old].value is not None]


def _field(draft: Draft, moved: Moved, name: str, moment: datetime) -> DraftField:
    value = moved.answers[name]
    olds = [draft.fields[old] for old in _sources(draft, moved, name)]
    last = max(olds, key=lambda field: field.at)
    before = [*olds, *([draft.fields[name]] if name in draft.fields else [])]
    same = len(olds) == 1 and olds[0].value == value
    return DraftField(
        value=value,
        revision=max(field.revision for field in before) + 1,
        by=last.by,
        side="parent" if any(field.side == "parent" for field in olds) else "professional",
        at=last.at if same else moment,
    )


def _written_for(
    draft: Draft, moved: Moved, way: Sequence[FormDefinition], fields: dict[str, DraftField]
) -> tuple[dict[str, tuple[WrittenFor, ...]], int]:
    """Whose words wait for whom, each holder by name. A confirmation stands only for the very same words under the very
    same question; the second number is how many fields lost one."""
    found: dict[str, tuple[WrittenFor, ...]] = {}
    lost = 0
    for name in moved.answers:
        olds = _sources(draft, moved, name)
        talks = _talks(draft, olds)
        if not talks:
            continue
        asked = way[0].field(olds[0]).label == way[-1].field(name).label
        same = len(olds) == 1 and asked and draft.fields[olds[0]].value == moved.answers[name]
        revision = fields[name].revision
        found[name] = tuple(replace(one, revision=revision) for one in talks) if same else again(talks, revision)
        lost += not same and any(one.confirmed_at for one in talks)
    return found, lost


def _talks(draft: Draft, olds: Sequence[str]) -> list[WrittenFor]:
    """Who must stand by the words of ``olds``. Where they are the words of several, also who wrote the own ones: that
    parent has never read them together with the other's."""
    talks = [one for old in olds for one in draft.written_for.get(old, ())]
    own = {draft.fields[old].by: draft.fields[old] for old in olds
           if draft.fields[old].side == "parent" and old not in draft.written_for}  # fmt: skip
    if len(own.keys() | {one.with_holder for one in talks}) > 1:
        talks += [WrittenFor(by=by, with_holder=by, revision=field.revision) for by, field in own.items()]
    return talks


def _kept(
    draft: Draft, way: Sequence[FormDefinition], variant: str
) -> tuple[dict[str, tuple[DraftField, ...]], list[LeftOver]]:
    """Texts that lost a race go where their field went, if they can go there whole."""
    kept: dict[str, tuple[DraftField, ...]] = {}
    left: list[LeftOver] = []
    for name, texts in draft.kept.items():
        for text in texts:
            moved = move_along({name: text.value}, way, variant=variant)
            if len(moved.answers) == 1 and not moved.left_over:
                ((target, value),) = moved.answers.items()
                kept[target] = (*kept.get(target, ()), replace(text, value=value))
                continue
            words = [one.text for one in moved.left_over] or [str(value) for value in moved.answers.values()]
            label = next((field.label for field in way[0].fields if field.id == name), name)
            left += [
                LeftOver(field=name, label=label, version=way[0].version, text=one, reason="kept", why=_KEPT)
                for one in words
            ]
    return kept, left
