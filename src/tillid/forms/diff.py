"""What changed between two versions of a form, field by field: as data (JSON) and as Danish text for people.

A field that the newer version's ``upcast`` renames is the same field under another name. Every key of a definition is
compared: what this module has no words for is told under its own name, so that nothing new in the format goes unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.definition_words import (
    computed_words,
    condition_words,
    fillers_words,
    readers_words,
    required_words,
    type_words,
)
from tillid.forms.diff_values import NAMES, Change, ItemDiff, changes_of, listed, plain
from tillid.forms.upcast_steps import Drop, Merge, Recode, Rename, Split, Step, Upcast, targets, upcast_of


class DefinitionDiff(msgspec.Struct, frozen=True, kw_only=True):
    """``parts``: Danish heading → what is different there (form, sections, fields, code lists, texts …)."""

    old: str
    new: str
    parts: dict[str, tuple[ItemDiff, ...]]

    @property
    def same(self) -> bool:
        return not any(self.parts.values())


def diff_definitions(old: FormDefinition, new: FormDefinition) -> DefinitionDiff:
    """Everything that differs; digest and version number are what makes them two, and are not told."""
    declared = upcast_of(new)
    if declared is None or declared.from_version != old.version or old.id != new.id:
        declared = Upcast(from_version=old.version)
    before, after = plain(old), plain(new)
    parts = {
        "Formularen": tuple(_form(before, after)),
        "Afsnit": tuple(_sections(old, new)),
        "Felter": tuple(_fields(old, new, declared)),
    }
    for data, definition in ((before, old), (after, new)):
        data["rules"], data["translations"] = _rules(definition), _translations(definition)
    for key, (heading, named, title) in _LISTS.items():
        parts[heading] = tuple(listed(before.get(key, []), after.get(key, []), named, title))
    return DefinitionDiff(old=old.name, new=new.name, parts={name: found for name, found in parts.items() if found})


def diff_lines(diff: DefinitionDiff) -> list[str]:
    """The difference as lines of text: ``+`` new, ``-`` gone, ``~`` changed."""
    if diff.same:
        return [f"{diff.old} og {diff.new} er ens."]
    lines = [f"Fra {diff.old} til {diff.new}"]
    for heading, items in diff.parts.items():
        lines += ["", heading]
        for item in items:
            lines += _item_lines(item)
    return lines


def _item_lines(item: ItemDiff) -> Iterator[str]:
    mark = {"added": "+", "removed": "-"}.get(item.kind, "~")
    words = {"added": " er ny", "removed": " er fjernet", "renamed": f" hed før {item.was}", "changed": ""}[item.kind]
    name = f"{item.title} ({item.id})" if item.title and item.title != item.id else item.id
    yield f"  {mark} {name}{words}{'. ' + item.note if item.note else ''}"
    for change in item.changes:
        if item.kind == "added":
            yield f"      {change.name}: {change.after}"
        elif not change.before:
            yield f"      {change.name}: nu {change.after}"
        elif not change.after:
            yield f"      {change.name}: ikke mere {change.before}"
        else:
            yield f"      {change.name}: før {change.before} – nu {change.after}"


# What is told elsewhere, or is what makes the two versions two.
_NOT_FORM = {"id", "version", "digest", "upcast", "sections", "name"}
_LISTS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "variants": ("Varianter", ("id",), "title"),
    "phases": ("Faser", ("id",), "title"),
    "states": ("Tilstande", ("id",), "title"),
    "definitions": ("Ord og betydning", ("term",), "term"),
    "code_lists": ("Kodelister", ("id",), "title"),
    "texts": ("Tekster", ("id", "language"), "id"),
    "rules": ("Regler", ("id",), "text"),
    "settings": ("Indstillinger", ("id",), "title"),
    "translations": ("Oversættelser", ("id",), "id"),
}
_FORM_NAMES = {
    "title": "Titel",
    "purpose": "Formål",
    "page": "Omfang",
    "basis": "Retsgrundlag",
    "signature": "Underskrift",
    "history": "Historie",
    "notes": "Noter",
    "status": "Status",
    "allowed_bases": "Tilladte grundlag for videregivelse",
}


def _form(before: dict[str, Any], after: dict[str, Any]) -> Iterator[ItemDiff]:
    keys = [key for key in {**before, **after} if key not in _NOT_FORM and key not in _LISTS]
    for key in keys:
        if found := tuple(changes_of(before.get(key), after.get(key), key, _FORM_NAMES.get(key, key))):
            yield ItemDiff(id=key, title=_FORM_NAMES.get(key, key), kind="changed", changes=found)


def _rules(definition: FormDefinition) -> list[dict[str, Any]]:
    """The rules with their conditions and fields in words."""
    labels = {field.id: f"»{field.label}«" for field in definition.fields}
    return [
        {
            **plain(rule),
            "level": [{"soft": "kan tilsidesættes med en grund", "hard": "skal rettes"}.get(rule.level, rule.level)],
            "when": [condition_words(rule.when, definition)],
            "fields": [labels.get(name, name) for name in rule.fields],
        }
        for rule in definition.rules
    ]


def _translations(definition: FormDefinition) -> list[dict[str, Any]]:
    """The translated words one by one, each under the place it belongs to (``en/fields/u_greb``)."""
    found = []
    for language, words in plain(definition).get("translations", {}).items():
        found.append({"id": language, **{key: text for key, text in words.items() if isinstance(text, str)}})
        for group, named in words.items():
            for name, said in named.items() if isinstance(named, dict) else ():
                found.append(
                    {"id": f"{language}/{group}/{name}", **(said if isinstance(said, dict) else {"text": said})}
                )
    return found


def _sections(old: FormDefinition, new: FormDefinition) -> Iterator[ItemDiff]:
    def bare(definition: FormDefinition) -> list[dict[str, Any]]:
        return [{k: v for k, v in plain(s).items() if k != "fields"} for s in definition.sections]

    yield from listed(bare(old), bare(new), ("id",), "title")


def _fields(old: FormDefinition, new: FormDefinition, declared: Upcast) -> Iterator[ItemDiff]:
    """New fields in the order of the form, each beside the old one it comes from; then what is gone."""
    olds, taken = {field.id: field for field in old.fields}, declared.taken
    news = {field.id: field for field in new.fields}
    heirs = {step.to: step.field for step in declared.steps if isinstance(step, Rename)}
    for field in news.values():
        was = heirs.get(field.id, field.id)
        if was not in olds or (was == field.id and isinstance(taken.get(was), Rename)):
            yield ItemDiff(
                id=field.id, title=field.label, kind="added", note=_given(field.id, declared, olds),
                changes=tuple(_field_words(None, field, old, new)),
            )  # fmt: skip
            continue
        changes = tuple(_field_words(olds[was], field, old, new))
        note = _given(field.id, declared, olds)
        if was != field.id:
            yield ItemDiff(id=field.id, title=field.label, kind="renamed", was=was, note=note, changes=changes)
        elif changes or note:
            yield ItemDiff(id=field.id, title=field.label, kind="changed", note=note, changes=changes)
    for field in olds.values():
        step = taken.get(field.id)
        if field.id not in news and not isinstance(step, Rename):
            note = "Systemet udfyldte det." if field.phase == "derived" else _fate(step, news)
            yield ItemDiff(id=field.id, title=field.label, kind="removed", note=note)


def _given(field_id: str, declared: Upcast, olds: Mapping[str, Field]) -> str:
    """Which old answers come into the field, beside its own."""
    names = [
        name
        for name, step in declared.taken.items()
        if isinstance(step, Split | Merge | Drop) and field_id in targets(step) and name != field_id
    ]
    labels = ", ".join(f"»{olds[name].label}«" for name in names if name in olds)
    return f"Får svar fra {labels}." if labels else ""


def _fate(step: Step | None, news: Mapping[str, Field]) -> str:
    if step is None or isinstance(step, Recode):
        return "Det er ikke sagt, hvor svaret skal hen."
    labels = ", ".join(f"»{news[name].label}«" for name in targets(step) if name in news)
    if isinstance(step, Drop):
        return f"Teksten flyttes til {labels}. {step.why}" if labels else f"Teksten flyttes ikke. {step.why}"
    return f"Svaret {'deles ud på' if isinstance(step, Split) else 'samles i'} {labels}."


def _field_words(before: Field | None, after: Field, old: FormDefinition, new: FormDefinition) -> Iterator[Change]:
    """What is different in one field, or all there is to say of a new one."""
    was, now = (plain(field) if field else {} for field in (before, after))
    said: dict[str, Callable[[Any, FormDefinition], str]] = {
        "type": lambda value, _: type_words(value),
        "required": required_words,
        "shown_if": condition_words,
        "computed": computed_words,
        "filled_by": lambda value, _: fillers_words(tuple(value)),
        "visible_to": lambda value, _: readers_words(tuple(value)),
        "section": lambda value, form: _title_of(value, form),
    }
    for key in {**was, **now}:
        if key == "id" or was.get(key) == now.get(key) or (before is None and now.get(key) == "content"):
            continue  # a new field belongs to the content unless it says otherwise
        if key in said:
            first = said[key](was[key], old) if was.get(key) is not None else ""
            second = said[key](now[key], new) if now.get(key) is not None else ""
            yield Change(what=key, name=NAMES.get(key, key), before=first, after=second)
        elif now.get(key) or was.get(key):
            yield from changes_of(was.get(key), now.get(key), key, NAMES.get(key, key))


def _title_of(section_id: str, definition: FormDefinition) -> str:
    return next((f"»{s.title}«" for s in definition.sections if s.id == section_id), section_id)
