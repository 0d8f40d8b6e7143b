"""The one way a definition is written as YAML: what ``tillid definitions format`` and the designer write, byte for byte.

The same data always gives the same bytes: keys in the order of ``_ORDER`` (others after them, by name), two spaces, flow
style for what fits on a line of 120 characters and is no section, field, list or text of its own, codes bare and all
other text in double quotes, lines of a long text as a literal block. Comments are no data: ``format`` keeps them (above
what they stand at), the designer writes ``notes`` instead. Digests are taken of the data, so formatting changes none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tillid.forms.yamldata import Path

WIDTH = 120
_ORDER = """
    id code term version status level language title label purpose meaning page basis signature history notes help group
    default values source statistics_code allowed_bases support type settings code_list alternative_lists max max_rows
    columns when required shown_if computed filled_by visible_to sensitive hidden phase variants phases states definitions
    guidance sections rules code_lists choices texts from note steps rename recode split merge drop fields field to into
    text_to codes column label_column titled part has lines why wider text body new translations upcast
""".split()
_PLACE = {key: number for number, key in enumerate(_ORDER)}
# Things of their own: one below the other, however short they are.
_BLOCKS = {"sections", "code_lists", "rules", "translations", "upcast", "steps", "columns", "guidance", "support"}
_TOP_BLOCKS = {"variants", "phases", "states", "definitions", "settings"}
_BARE = re.compile(r"[a-z][a-z0-9_]*\Z")
# Words that some YAML reader takes for something else than text.
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_BLOCK_TEXT = re.compile(r"[^\s][^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\t\r]*\Z")
Comments = Mapping[Path, Sequence[str]]


def canonical_yaml(data: Mapping[str, Any], comments: Comments | None = None) -> str:
    """``data`` (as ``read_yaml`` gives it) in canonical form. ``comments``: path → lines that stand above it; ``()`` =
    at the end of the file."""
    return "\n".join(_Writer(comments or {}).file(data)) + "\n"


class _Writer:
    def __init__(self, comments: Comments) -> None:
        self.comments = comments
        # Whatever lies around a comment cannot stand on one line.
        self.broken = {path[:length] for path in comments for length in range(len(path))}

    def file(self, data: Mapping[str, Any]) -> Iterator[str]:
        before: bool | None = None
        for key in _sorted(data):
            lines = list(self.entry(key, data[key], (key,), ""))
            spread = len(lines) > 1 + len(self.comments.get((key,), ()))
            if before or (spread and before is not None):
                yield ""
            yield from lines
            before = spread
        yield from self.above((), "")

    def above(self, path: Path, indent: str) -> Iterator[str]:
        yield from (f"{indent}{line}" for line in self.comments.get(path, ()))

    def entry(self, key: str, value: Any, path: Path, indent: str) -> Iterator[str]:
        """``key: value``, on one line if it may."""
        yield from self.above(path, indent)
        head = f"{indent}{_text(key)}:"
        if isinstance(value, str) and (block := _block(value)) is not None:
            yield f"{head} {'|' if value.endswith(chr(10)) else '|-'}"
            yield from (f"{indent}  {line}" if line else "" for line in block)
        elif (flow := self.flow(value, path, len(head) + 1)) is not None:
            yield f"{head} {flow}"
        else:
            yield head
            yield from self.inside(value, path, f"{indent}  ")

    def inside(self, value: Any, path: Path, indent: str) -> Iterator[str]:
        if isinstance(value, Mapping):
            for key in _sorted(value):
                yield from self.entry(key, value[key], (*path, key), indent)
            return
        for number, item in enumerate(value):
            place = (*path, number)
            yield from self.above(place, indent)
            flow = self.flow(item, place, len(indent) + 2)
            if flow is not None:
                yield f"{indent}- {flow}"
            else:
                lines = list(self.inside(item, place, f"{indent}  "))
                first = next(n for n, line in enumerate(lines) if not line.lstrip().startswith("#"))
                yield from (line[2:] for line in lines[:first])
                yield f"{indent}- {lines[first].lstrip()}"
                yield from lines[first + 1 :]

    def flow(self, value: Any, path: Path, column: int) -> str | None:
        """``value`` on one line, or ``None`` if it is to be spread out."""
        if not isinstance(value, Mapping | list):
            return _scalar(value)
        if not value:
            return "{}" if isinstance(value, Mapping) else "[]"
        if path in self.broken or path[-1] in _BLOCKS or _is_own(path) or _holds_block(value):
            return None
        text = _flow(value)
        return text if column + len(text) <= WIDTH else None


def _is_own(path: Path) -> bool:
    """Whether something at ``path`` is a thing of its own: a section, a field, a code list, a rule, a text."""
    if len(path) == 1 and path[0] in _TOP_BLOCKS:
        return True
    if path == ("texts",) or path[0] == "translations":
        return len(path) < 4
    if len(path) > 1 and path[-2] in ("sections", "code_lists", "rules") and isinstance(path[-1], int):
        return True
    if path[0] == "sections" and "fields" in path:
        return path[-1] == "fields" or (path[-2] == "fields" and isinstance(path[-1], int))
    return path[-1] == "choices" or (len(path) == 2 and path[0] == "texts")


def _sorted(mapping: Mapping[str, Any]) -> list[str]:
    return sorted(mapping, key=lambda key: (_PLACE.get(key, len(_PLACE)), key))


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_flow(value[key])}" for key in _sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _text(value)


def _text(text: str) -> str:
    if _BARE.match(text) and text not in _WORDS:
        return text
    # JSON's escapes are YAML's; what JSON leaves alone and YAML does not is escaped here.
    return re.sub(
        "[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]",
        lambda found: f"\\u{ord(found[0]):04x}",
        json.dumps(text, ensure_ascii=False),
    )


def _block(text: str) -> list[str] | None:
    """The lines of a literal block, or ``None`` if quotes are needed (or enough)."""
    if "\n" not in text or text.endswith("\n\n") or not _BLOCK_TEXT.match(text):
        return None
    lines = text.removesuffix("\n").split("\n")
    return None if any(line != line.rstrip() for line in lines) else lines


def _holds_block(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_block, value.values()))
    if isinstance(value, list):
        return any(map(_holds_block, value))
    return isinstance(value, str) and _block(value) is not None
