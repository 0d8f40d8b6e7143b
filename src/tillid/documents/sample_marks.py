"""Marks in a sample's answers, to search a finished copy for whose answers it holds (design 16)."""

from __future__ import annotations

from typing import Any

from tillid.forms.definition import Field, FormDefinition

_TEXTS = ("text", "long_text")


def marked_answers(definition: FormDefinition, answers: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """``answers`` with a word of its own in each that takes words, and field → word. Choices, dates and numbers take none."""
    marks = {one.id: f"Xq{number}qX" for number, one in enumerate(definition.fields)
             if marked(one, answers.get(one.id), "x") is not None}  # fmt: skip
    changed = {name: marked(definition.field(name), answers.get(name), mark) for name, mark in marks.items()}
    return answers | changed, marks


def marked(field: Field, value: Any, mark: str) -> Any:
    """``value`` with ``mark`` in the first place that takes words; ``None`` where there is none."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        made = marked(field, value[0], mark)
        return made and [made, *value[1:]]
    if isinstance(value, dict):
        keys = ("name", "title", "text", *_text_columns(field))
        key = next((one for one in keys if isinstance(value.get(one), str)), None)
        return {**value, key: mark} if key else None
    return mark if field.type in _TEXTS else None


def _text_columns(field: Field) -> list[str]:
    return [column["id"] for column in field.settings.get("columns", ()) if column["type"] in _TEXTS]
