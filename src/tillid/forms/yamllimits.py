"""How large, deep and visible the data of a definition may be, wherever it comes from (a file, the designer, an import)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tillid.forms.problems import Problem
from tillid.kernel.text import unseen_characters

MAX_BYTES = 1_000_000
MAX_DEPTH = 60
MAX_VALUES = 60_000  # our largest definition with all its lists has under 4,000
Path = tuple[str | int, ...]


class LinedData(msgspec.Struct, frozen=True, kw_only=True):
    """``data`` and, for every path in it, the line (from 1) it stands on."""

    file: str
    data: Any
    lines: dict[Path, int]
    problems: list[Problem]

    def line(self, path: Path) -> int:
        """The line of ``path`` or of the nearest thing around it that has one."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 0


def too_deep() -> tuple[str, str, str]:
    """Code, text and what to do."""
    return "forms.yaml-too-deep", f"Filen har mere end {MAX_DEPTH} niveauer.", "Gør det, der står her, enklere."


def too_many() -> tuple[str, str, str]:
    """Code, text and what to do."""
    return "forms.yaml-too-many", f"Filen har mere end {MAX_VALUES} værdier.", "Del formularen op."


def plain_problems(source: LinedData) -> list[Problem]:
    """What no definition may hold, found in one walk that does not recurse: too much, too deep, values that are no plain
    data, and characters that nobody can see (zero-width, right-to-left overrides …)."""
    problems: list[Problem] = []
    for number, (path, value) in enumerate(_walk(source.data)):
        if number > MAX_VALUES:
            return [*problems, _problem(source, (), *too_many())]
        if len(path) > MAX_DEPTH:
            return [*problems, _problem(source, path, *too_deep())]
        if isinstance(value, str):
            # By far most texts are ASCII that can be printed; asking that first halves the time.
            if not (value.isascii() and value.isprintable()) and (hidden := unseen_characters(value)):
                problems.append(_hidden(source, path, hidden))
        elif value is not None and not isinstance(value, dict | list | bool | int):
            text = "Værdien er ikke tekst, et helt tal eller ja/nej."
            problems.append(_problem(source, path, "forms.yaml-value", text, "Skriv den som tekst."))
        elif isinstance(value, int) and abs(value) >= 2**53:
            text = "Tallet er for stort (grænse: 2^53)."
            problems.append(_problem(source, path, "forms.yaml-value", text, "Skriv et mindre tal."))
    return problems


def _walk(data: Any) -> Iterator[tuple[Path, Any]]:
    stack: list[tuple[Path, Any]] = [((), data)]
    while stack:
        path, value = stack.pop()
        yield path, value
        if len(path) > MAX_DEPTH:
            continue
        if isinstance(value, dict):
            for key, part in value.items():
                if not isinstance(key, str) or not key.isprintable():
                    yield (*path, str(key)), key
                stack.append(((*path, key), part))
        elif isinstance(value, list):
            stack.extend(((*path, number), part) for number, part in enumerate(value))


def _hidden(source: LinedData, path: Path, hidden: list[str]) -> Problem:
    where = ".".join(str(step) for step in path[-2:] if str(step).isprintable())
    text = f"Teksten ({where}) indeholder tegn, der ikke kan ses: {', '.join(hidden[:5])}."
    return _problem(source, path, "forms.forbidden-characters", text, "Slet dem, eller skriv teksten igen.")


def _problem(source: LinedData, path: Path, code: str, text: str, suggestion: str) -> Problem:
    field = field_at(source.data, path)
    return Problem(file=source.file, line=source.line(path), field=field, code=code, text=text, suggestion=suggestion)


def field_at(data: Any, path: Path) -> str:
    """The id of the field that ``path`` leads into, or an empty text."""
    if len(path) >= 4 and path[0] == "sections" and path[2] == "fields":
        try:
            found = data["sections"][path[1]]["fields"][path[3]]["id"]
        except (KeyError, IndexError, TypeError):
            return ""
        # What nobody can see would turn the message itself around.
        return (
            "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in found[:60]) if isinstance(found, str) else ""
        )
    return ""
