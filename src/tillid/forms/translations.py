"""A definition in another language: the words of ``translations``, and the Danish ones where a translation is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from tillid.forms.definition import Choice, Code, CodeList, Field, FormDefinition, Rule, Section

T = TypeVar("T", Code, Rule, Section, Field, CodeList, Choice)


def in_language(definition: FormDefinition, language: str) -> FormDefinition:
    """``definition`` with the words of ``language``; the same object when it has none. Ids, codes and digest stay."""
    words = definition.translations.get(language)
    if not words:
        return definition
    return msgspec.structs.replace(
        definition,
        title=words.get("title", definition.title),
        purpose=words.get("purpose", definition.purpose),
        variants=_each(definition.variants, words.get("variants", {})),
        phases=_each(definition.phases, words.get("phases", {})),
        states=_each(definition.states, words.get("states", {})),
        sections=tuple(_section(section, words) for section in definition.sections),
        code_lists=tuple(_list(one, words.get("choices", {})) for one in definition.code_lists),
        rules=tuple(_said(rule, {"text": words.get("rules", {}).get(rule.id, rule.text)}) for rule in definition.rules),
    )


def _section(section: Section, words: Mapping[str, Any]) -> Section:
    said = _said(section, words.get("sections", {}).get(section.id, {}))
    return msgspec.structs.replace(said, fields=_each(section.fields, words.get("fields", {})))


def _list(one: CodeList, words: Mapping[str, Any]) -> CodeList:
    choices = tuple(_said(choice, words.get(f"{one.id}.{choice.code}", {})) for choice in one.choices)
    return msgspec.structs.replace(one, choices=choices)


def _each(items: tuple[T, ...], words: Mapping[str, Any]) -> tuple[T, ...]:
    return tuple(_said(item, words.get(item.id, {})) for item in items)  # type: ignore[union-attr]


def _said(item: T, words: Mapping[str, Any]) -> T:
    """``item`` with the words it has; lists (guidance, support) become tuples, as loading makes them."""
    if not words:
        return item
    return msgspec.structs.replace(item, **{k: tuple(v) if isinstance(v, list) else v for k, v in words.items()})
