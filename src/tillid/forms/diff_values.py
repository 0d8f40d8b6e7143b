"""The leaves of a difference: two JSON values side by side, lists of named things one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

Kind = Literal["added", "removed", "renamed", "changed"]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is different. ``what``: a stable key path (``label``, ``settings.max``); ``name``: in Danish;
    ``before`` and ``after``: for people, empty = was not there."""

    what: str
    name: str
    before: str
    after: str


class ItemDiff(msgspec.Struct, frozen=True, kw_only=True):
    """A field, code list, text … that is new, gone, renamed or changed. ``was``: its old id when that differs; ``note``:
    where the text of a removed field goes."""

    id: str
    title: str
    kind: Kind
    was: str = ""
    note: str = ""
    changes: tuple[Change, ...] = ()


NAMES = {
    "title": "Titel",
    "purpose": "Formål",
    "label": "Spørgsmål",
    "help": "Hjælp",
    "guidance": "Vejledning",
    "support": "Støttespørgsmål",
    "text": "Tekst",
    "texts": "Tekster",
    "body": "Ordlyd",
    "meaning": "Betydning",
    "version": "Version",
    "type": "Svartype",
    "required": "Skal udfyldes",
    "shown_if": "Vises, når",
    "computed": "Beregnes som",
    "filled_by": "Udfyldes af",
    "visible_to": "Kan læses af",
    "sensitive": "Følsomt",
    "phase": "Fase",
    "section": "Afsnit",
    "settings.max": "Højst antal tegn",
    "settings.max_rows": "Højst antal rækker",
    "settings.code_list": "Kodeliste",
    "settings.columns": "Kolonner",
    "choices": "Svarmuligheder",
    "group": "Gruppe",
    "level": "Slags",
    "when": "Når",
    "fields": "Felter",
    "variants": "Varianter",
}


def plain(value: msgspec.Struct) -> dict[str, Any]:
    """A struct as JSON data, lists as lists."""
    return msgspec.json.decode(msgspec.json.encode(value))


def listed(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]], named: tuple[str, ...], title: str
) -> Iterator[ItemDiff]:
    """Two lists of mappings with an id each; their order is told when nothing else about them is."""
    olds, news = ({"/".join(str(item.get(k, "")) for k in named): item for item in items} for items in (before, after))
    for name, item in news.items():
        if name not in olds:
            yield ItemDiff(id=name, title=str(item.get(title, name)), kind="added", changes=tuple(_new(item, named)))
        elif changes := tuple(_keys(olds[name], item, "")):
            yield ItemDiff(id=name, title=str(item.get(title, name)), kind="changed", changes=changes)
    for name, item in olds.items():
        if name not in news:
            yield ItemDiff(id=name, title=str(item.get(title, name)), kind="removed")
    common = [name for name in olds if name in news]
    order = [name for name in news if name in olds]
    if common != order:
        change = Change(what="order", name="Rækkefølge", before=", ".join(common), after=", ".join(order))
        yield ItemDiff(id="order", title="Rækkefølgen", kind="changed", changes=(change,))


def _new(item: dict[str, Any], named: tuple[str, ...]) -> Iterator[Change]:
    for key, value in item.items():
        if key not in named and key != "title" and value:
            yield Change(what=key, name=NAMES.get(key, key), before="", after=said(value))


def _keys(before: dict[str, Any], after: dict[str, Any], path: str) -> Iterator[Change]:
    for key in {**before, **after}:
        what = f"{path}{key}"
        yield from changes_of(before.get(key), after.get(key), what, NAMES.get(what, NAMES.get(key, key)))


def changes_of(before: Any, after: Any, what: str, name: str) -> Iterator[Change]:
    """The differing leaves of two JSON values; lists of things with an id or a code are compared one by one."""
    if before == after or (not before and not after and not isinstance(before or after, bool)):
        return
    if isinstance(before, dict) and isinstance(after, dict) or _one_is_map(before, after):
        yield from _keys(before or {}, after or {}, f"{what}.")
    elif (key := _key_of(before, after)) is not None:
        olds, news = ({item[key]: item for item in items or []} for items in (before, after))
        for one in {**olds, **news}:
            title = _title(news.get(one) or olds[one])
            if one in olds and one in news:
                for change in _keys(olds[one], news[one], f"{what}.{one}."):
                    yield msgspec.structs.replace(change, name=f"{name}, »{title}«: {change.name}")
            else:
                first, second = (title if one in items else "" for items in (olds, news))
                yield Change(what=f"{what}.{one}", name=name, before=first, after=second)
        if [one for one in olds if one in news] != [one for one in news if one in olds]:
            yield Change(
                what=f"{what}.order", name=f"{name}, rækkefølge", before=", ".join(olds), after=", ".join(news)
            )
    else:
        yield Change(what=what, name=name, before=said(before), after=said(after))


def _one_is_map(before: Any, after: Any) -> bool:
    return {type(before), type(after)} == {dict, type(None)}


def _key_of(before: Any, after: Any) -> str | None:
    """``id`` or ``code`` when both are lists of mappings that have it."""
    if not isinstance(before or [], list) or not isinstance(after or [], list):
        return None
    items = [*(before or []), *(after or [])]
    for key in ("id", "code"):
        if items and all(isinstance(item, dict) and isinstance(item.get(key), str) for item in items):
            return key
    return None


def _title(item: dict[str, Any]) -> str:
    return str(item.get("label") or item.get("title") or item.get("id") or item.get("code"))


def said(value: Any) -> str:
    """A plain value for people."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, str):
        return f"»{value.strip()}«"
    if isinstance(value, list):
        return ", ".join(_title(one) if isinstance(one, dict) else str(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {said(one)}" for key, one in value.items())
    return str(value)
