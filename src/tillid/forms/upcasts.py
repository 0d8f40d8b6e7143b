"""Moving answers from one version of a form to the next. Pure and total: nothing raises, nothing is dropped silently.

The way is declared in the newer version (``upcast``, docs/moving_drafts.md). What has no place comes out in ``left_over``
with its full text; the caller shows it and keeps the old draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

import msgspec

from tillid.forms.carrying import STUMBLES, TEXTS, Loose, Mapped, Side, carry, fit, raw_words, words_of
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import TYPES
from tillid.forms.readers import READERS, may_see
from tillid.forms.showing import Showing
from tillid.forms.splitting import split
from tillid.forms.upcast_steps import Drop, Merge, Recode, Rename, Split, Step, Upcast, sources, targets, upcast_of

How = Literal["kept", "recoded", "renamed", "split", "merged", "moved", "dropped", "no_place"]
_HOW: dict[type, How] = {Recode: "recoded", Rename: "renamed", Split: "split", Merge: "merged"}


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one old field. ``moved``: dropped, its text kept elsewhere; ``no_place``: nobody has said.

    ``wider``: readers who may read the text in its new place and could not before; ``why``: the definition's own words.
    """

    field: str
    label: str
    how: How
    to: tuple[str, ...] = ()
    wider: tuple[str, ...] = ()
    why: str = ""


class LeftOver(msgspec.Struct, frozen=True, kw_only=True):
    """A text that could not be carried, in full. ``version``: the version in which ``field`` is; ``reason`` is stable."""

    field: str
    label: str
    version: int
    text: str
    reason: str
    why: str


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """``fates``: per old field in the order of the form; ``origins``: new field → old fields; ``hidden``: fields with an
    answer that the new version's own conditions do not show; ``notes``: what the definitions say about the way."""

    answers: dict[str, Any]
    variant: str | None
    fates: tuple[Fate, ...]
    origins: dict[str, tuple[str, ...]]
    left_over: tuple[LeftOver, ...] = ()
    hidden: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def move(
    answers: Mapping[str, Any],
    old: FormDefinition,
    new: FormDefinition,
    *,
    variant: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Moved:
    """``answers`` of ``old`` as answers of ``new``, by ``new``'s upcast if it is from ``old``'s version, else by ids.

    ``variant`` is the document's; it narrows code lists. ``facts`` serve to tell what the new version hides.
    """
    declared = upcast_of(new)
    if declared is None or declared.from_version != old.version or old.id != new.id:
        declared = Upcast(from_version=old.version)
    work = _Move(old, new, declared, variant)
    work.run(answers)
    return work.result(facts or {})


def move_along(
    answers: Mapping[str, Any],
    way: Sequence[FormDefinition],
    *,
    variant: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Moved:
    """The same over several versions, ``way`` = oldest to newest; what a step leaves over is not tried again."""
    if len(way) < 2:
        return move(answers, way[0], way[0], variant=variant, facts=facts)
    done = move(answers, way[0], way[1], variant=variant, facts=facts)
    for old, new in pairwise(way[1:]):
        done = _joined(done, move(done.answers, old, new, variant=done.variant, facts=facts))
    return done


class _Move:
    """One step in progress: the new answers, the texts to be appended, what is left."""

    def __init__(self, old: FormDefinition, new: FormDefinition, declared: Upcast, variant: str | None) -> None:
        self.old, self.new, self.declared = old, new, declared
        self.variant = declared.variants.get(variant, variant) if variant is not None else None
        self.places = {field.id: field for field in new.fields if field.phase != "derived"}
        self.taken = declared.taken
        self.answers: dict[str, Any] = {}
        self.left: list[LeftOver] = []
        # target → (old field, heading, text), in the order in which they are appended
        self.texts: dict[str, list[tuple[Field, str, str]]] = {}

    def run(self, answers: Mapping[str, Any]) -> None:
        known = {field.id: field for field in self.old.fields}
        for field in known.values():
            if answers.get(field.id) is not None and not isinstance(self.taken.get(field.id), Merge | Drop):
                self._one(field, answers[field.id])
        for step in self.declared.steps:
            for name in sources(step) if isinstance(step, Merge | Drop) else ():
                if name in known and answers.get(name) is not None:
                    self._text(step, known[name], answers[name])  # type: ignore[arg-type]
        for target, parts in self.texts.items():
            self._append(target, parts)
        for name, value in answers.items():
            if name not in known and value is not None:
                unknown = Field(id=str(name)[:60], label=str(name)[:60], type="text")
                self._leave(unknown, [_loose(raw_words(value), "unknown", "Den gamle version har ikke feltet.")])

    def _one(self, field: Field, value: Any) -> None:
        if field.phase == "derived":
            self._leave(field, [_loose(words_of(value, field, self.old), "derived", "Feltet udfyldes af systemet.")])
            return
        step = self.taken.get(field.id)
        if isinstance(step, Split):
            given, loose = split(
                value, Side(field=field, definition=self.old), step, self.places, self.new, self.variant
            )
            self._leave(field, loose)
            for target, part in given:
                self._put(target, part, field, words_of(part, self.places[target], self.new))
            return
        target = step.to if isinstance(step, Rename) else field.id
        if target not in self.places:
            words = words_of(value, field, self.old)
            self._leave(field, [_loose(words, "no-place", "Feltet findes ikke i den nye version.")])
            return
        mapped = Mapped(codes=step.codes, columns=step.columns, why=step.why) if step else None  # type: ignore[union-attr]
        part, loose = carry(value, Side(field=field, definition=self.old), self._side(target), mapped)
        self._leave(field, loose)
        if part is not None:
            self._put(target, part, field, words_of(value, field, self.old))

    def _put(self, target: str, value: Any, field: Field, words: str) -> None:
        """One value per field; a second text goes below the first, anything else is left over."""
        if target not in self.answers:
            self.answers[target] = value
        elif self.places[target].type in TEXTS:
            self.texts.setdefault(target, []).append((field, "", words))
        else:
            self._leave(field, [_loose(words, "occupied", "Der står allerede et svar i det nye felt.")])

    def _text(self, step: Merge | Drop, field: Field, value: Any) -> None:
        """A value that becomes text in another field, or a row of a table, or is left over by intention."""
        words = words_of(value, field, self.old)
        target = step.into if isinstance(step, Merge) else step.text_to
        if not words or _is_empty(field, value):
            return
        if target not in self.places:
            why = step.why if isinstance(step, Drop) else "Feltet findes ikke i den nye version."
            self._leave(field, [_loose(words, "dropped" if isinstance(step, Drop) else "no-place", why)])
        elif isinstance(step, Merge) and step.column:
            self._row(step, field, words)
        else:
            titled = field.id != target and (isinstance(step, Drop) or step.titled)
            self.texts.setdefault(target, []).append((field, field.label if titled else "", words))

    def _row(self, step: Merge, field: Field, words: str) -> None:
        rows = self.answers.get(step.into, [])
        label = {step.label_column: field.label} if step.label_column else {}
        self._try(step.into, [*rows, {**label, step.column: words}], field, words)

    def _append(self, target: str, parts: list[tuple[Field, str, str]]) -> None:
        """Part by part while there is room; a part that has none is left over whole."""
        for field, heading, words in parts:
            part = f"{heading}:\n{words}" if heading else words
            now = self.answers.get(target)
            if self.places[target].type not in TEXTS:
                self._leave(field, [_loose(words, "no-type", "Det nye felt er ikke en tekst.")])
            else:
                self._try(target, f"{now}\n\n{part}" if now else part, field, words)

    def _try(self, target: str, value: Any, field: Field, words: str) -> None:
        try:
            fitted, loose = fit(value, self._side(target), whole=words)
        except STUMBLES:
            fitted, loose = None, [_loose(words, "no-type", "Det nye felt kan ikke rumme et svar af denne slags.")]
        self._leave(field, loose)
        if fitted is not None:
            self.answers[target] = fitted

    def _side(self, target: str) -> Side:
        return Side(field=self.places[target], definition=self.new, variant=self.variant)

    def _leave(self, field: Field, loose: list[Loose]) -> None:
        self.left += [
            LeftOver(
                field=field.id,
                label=field.label,
                version=self.old.version,
                text=one.text,
                reason=one.reason,
                why=one.why,
            )
            for one in loose
        ]

    def result(self, facts: Mapping[str, Any]) -> Moved:
        fates = tuple(self._fate(field) for field in self.old.fields if field.phase != "derived")
        ordered = {field.id: self.answers[field.id] for field in self.new.fields if field.id in self.answers}
        showing = Showing(self.new, ordered, {"variant": self.variant, **facts} if self.variant else facts)
        origins: dict[str, tuple[str, ...]] = {}
        for fate in fates:
            for target in fate.to:
                origins[target] = (*origins.get(target, ()), fate.field)
        return Moved(
            answers=ordered,
            variant=self.variant,
            fates=fates,
            origins=origins,
            left_over=tuple(self.left),
            hidden=tuple(name for name in ordered if showing.shown(self.places[name]) is False),
            notes=(self.declared.note,) if self.declared.note else (),
        )

    def _fate(self, field: Field) -> Fate:
        step: Step | None = self.taken.get(field.id)
        named = targets(step) if step is not None else (field.id,)
        to = tuple(name for name in named if name in self.places)
        if step is None:
            how: How = "kept" if to else "no_place"
        elif isinstance(step, Drop):
            how = "moved" if to else "dropped"
        else:
            how = _HOW[type(step)] if to else "no_place"
        wider = tuple(reader for reader in READERS if any(self._newly(reader, field, name) for name in to))
        return Fate(
            field=field.id, label=field.label, how=how, to=to, wider=wider, why=getattr(step, "why", "") if step else ""
        )

    def _newly(self, reader: str, field: Field, target: str) -> bool:
        return may_see(self.places[target].visible_to, reader) and not may_see(field.visible_to, reader)


def _is_empty(field: Field, value: Any) -> bool:
    return TYPES[field.type].is_empty(value) if field.type in TYPES else False


def _loose(text: str, reason: str, why: str) -> Loose:
    return Loose(text=text, reason=reason, why=why)


def _joined(first: Moved, second: Moved) -> Moved:
    """Two steps as one: fates from the first version's fields to the last version's."""
    later = {fate.field: fate for fate in second.fates}
    fates = tuple(_onward(fate, [later[name] for name in fate.to if name in later]) for fate in first.fates)
    origins = {
        target: tuple(dict.fromkeys(old for middle in middles for old in first.origins.get(middle, ())))
        for target, middles in second.origins.items()
    }
    return msgspec.structs.replace(
        second,
        fates=fates,
        origins={target: olds for target, olds in origins.items() if olds},
        left_over=(*first.left_over, *second.left_over),
        notes=(*first.notes, *second.notes),
    )


def _onward(fate: Fate, later: list[Fate]) -> Fate:
    if not later:
        return fate
    to = tuple(dict.fromkeys(name for one in later for name in one.to))
    turned = next((one for one in later if one.how != "kept"), None)
    how = fate.how if turned is None else turned.how if fate.how == "kept" or not to else fate.how
    wider = tuple(reader for reader in READERS if reader in {*fate.wider, *(r for one in later for r in one.wider)})
    why = fate.why or next((one.why for one in later if one.why), "")
    return msgspec.structs.replace(fate, to=to, how=how, wider=wider, why=why)
