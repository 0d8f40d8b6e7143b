"""What a check needs to know of the definition around the place it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tillid.forms.problems import Problem
from tillid.forms.schema import nearest
from tillid.forms.yamllimits import LinedData, Path, field_at

MOST_COMPARED = 20_000  # comparing words is the slow part of telling a fault; a hostile file has thousands of them


class Scope:
    """The data of one file with its fields and code lists by id, and a way to say where something is wrong."""

    def __init__(self, source: LinedData) -> None:
        self.source = source
        self.data: dict[str, Any] = source.data
        self._compared = 0
        self.work = 0  # what trying conditions out has taken so far (``possible.py``)
        self.fields: dict[str, dict] = {}
        for _, field in self.placed_fields():
            self.fields.setdefault(field["id"], field)
        self.lists: dict[str, tuple[str, ...]] = {
            code_list["id"]: tuple(choice["code"] for choice in code_list["choices"])
            for code_list in self.data.get("code_lists", [])
        }
        self._only: dict[str, dict[str, tuple[str, ...]]] = {
            code_list["id"]: {c["code"]: tuple(c["variants"]) for c in code_list["choices"] if c.get("variants")}
            for code_list in self.data.get("code_lists", [])
        }

    def placed_fields(self) -> Iterator[tuple[Path, dict]]:
        """Every field with its path."""
        for s, section in enumerate(self.data["sections"]):
            for f, field in enumerate(section["fields"]):
                yield ("sections", s, "fields", f), field

    def phase_of(self, path: Path, field: dict) -> str:
        """The phase of the field at ``path``: its own or its section's."""
        return field.get("phase", self.data["sections"][path[1]].get("phase", "content"))

    def codes_of(self, field: dict) -> tuple[str, ...]:
        """The codes a choice field takes; none when its settings are wrong, which is reported on its own."""
        name = field.get("settings", {}).get("code_list")
        return self.lists.get(name, ()) if isinstance(name, str) else ()

    def fact_codes(self, name: str) -> tuple[str, ...]:
        """The codes of a fact whose codes each form says itself."""
        return tuple(variant["id"] for variant in self.data.get("variants", [])) if name == "variant" else ()

    def variants_of(self, field: dict) -> dict[str, tuple[str, ...]]:
        """Code → the only variants it is offered in, of the codes of ``field`` that are not offered in all of them."""
        name = field.get("settings", {}).get("code_list") if field else None
        return self._only.get(name, {}) if isinstance(name, str) else {}

    def texts_of(self, field: dict) -> list[str]:
        """The texts a field names in its settings, as far as they are names."""
        texts = field.get("settings", {}).get("texts")
        return [name for name in texts if isinstance(name, str)] if isinstance(texts, list) else []

    def nearest(self, word: Any, known: Iterable[str]) -> str:
        """»Mente du …?« (``schema.nearest``) for the first faults of a definition, nothing for those after them."""
        names = list(known)
        self._compared += len(names)
        return nearest(word, names) if self._compared <= MOST_COMPARED else ""

    def problem(self, path: Path, code: str, text: str, suggestion: str) -> Problem:
        """A fault at ``path``; every one says what to do about it."""
        return Problem(
            file=self.source.file,
            line=self.source.line(path),
            field=field_at(self.data, path),
            code=code,
            text=text,
            suggestion=suggestion,
        )
