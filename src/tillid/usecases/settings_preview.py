"""What a setting would change, shown before it is chosen: value by value, and which forms and additions follow it."""

from __future__ import annotations

from typing import Any

import msgspec

from tillid.forms.definition import FormDefinition
from tillid.forms.positions import with_position_words
from tillid.forms.settings import Setting, checked, load_settings, merged
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.ports import House
from tillid.usecases.running_state import require_administrator

ADDITIONS = "egne_felter"
FOLLOWED_BY_FORMS = frozenset({"positionssaet", "position_navne"})


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One value that becomes another; ``label``: of what, empty for a setting with one value."""

    label: str
    before: str
    after: str


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """``forms``: versions whose names of positions change; ``begins`` and ``ends``: additions that new documents get, or do
    not get any more; ``asked``: forms with a condition on the setting."""

    setting: Setting
    rows: tuple[Row, ...]
    forms: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


def preview_setting(house: House, who: Identity, setting_id: str, value: Any) -> Effect:
    """The effect of choosing ``value``; writes nothing. Raises ``NotFound`` and ``SettingError`` as ``choose`` does."""
    require_administrator(who)
    setting = load_settings().get(setting_id)
    if setting is None:
        raise NotFound("no such setting")
    whole = checked(setting, value)
    stored = house.choices.stored()
    now, then = merged(stored), merged({**stored, setting_id: whole})
    begins, ends = _additions(house, now[ADDITIONS], then[ADDITIONS])
    return Effect(
        setting=setting,
        rows=_rows(setting, now[setting_id], whole),
        forms=_renamed(house, now, then) if setting_id in FOLLOWED_BY_FORMS else (),
        begins=begins,
        ends=ends,
        asked=tuple(one.name for one in house.definitions.all() if _asks(one, f"setting_{setting_id}")),
    )


def value_words(setting: Setting, value: Any) -> str:
    """One value in words; empty for an empty one."""
    if setting.type == "yes_no":
        return "Ja" if value else "Nej"
    labels = {one.code: one.label for one in setting.allowed}
    if isinstance(value, list | tuple):
        return ", ".join(labels.get(one, str(one)) for one in value)
    return labels.get(value, str(value))


def _rows(setting: Setting, now: Any, then: Any) -> tuple[Row, ...]:
    if setting.type == "word_groups":
        return _lines(now.splitlines(), then.splitlines())
    pairs = [(label, now[key], then[key]) for key, label in setting.per.items()] if setting.per else [("", now, then)]
    return tuple(
        Row(label=label, before=value_words(setting, before), after=value_words(setting, after))
        for label, before, after in pairs
        if before != after
    )


def _lines(now: list[str], then: list[str]) -> tuple[Row, ...]:
    """Line by line: those that begin with the same word are one line changed, the others come or go."""
    gone = {_first(line): line for line in now if line.strip() and line not in then}
    come = {_first(line): line for line in then if line.strip() and line not in now}
    return tuple(
        Row(label="", before=gone.get(first, ""), after=come.get(first, "")) for first in dict.fromkeys([*gone, *come])
    )


def _first(line: str) -> str:
    return line.replace(">", ",").split(",")[0].strip().lower()


def _renamed(house: House, now: dict[str, Any], then: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        one.name
        for one in house.definitions.all()
        if with_position_words(one, now).code_lists != with_position_words(one, then).code_lists
    )


def _additions(house: House, now: str, then: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    newest = [one for one in house.definitions.additions if one.newest]
    here = {part.title for one in newest if one.permitted(now) for part in one.parts}
    soon = {part.title for one in newest if one.permitted(then) for part in one.parts}
    return tuple(sorted(soon - here)), tuple(sorted(here - soon))


def _asks(definition: FormDefinition, fact: str) -> bool:
    """Whether any of its conditions names the fact."""
    return f'"{fact}"'.encode() in msgspec.json.encode((definition.sections, definition.rules))
