"""The comments of a YAML file and what each stands at, so that formatting keeps them."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from tillid.forms.yamldata import LOADER, Path

_Marks = Iterator[tuple[Path, yaml.Node, int]]  # path, node, the line (from 0) the thing at the path begins on


def comments_of(text: str) -> dict[Path, list[str]]:
    """Path → comment lines (``# …``) that stand above it or at the end of its line; ``()`` = after everything.

    ``text`` must be YAML that ``read_yaml`` had nothing against.
    """
    root = yaml.compose(text, Loader=LOADER)
    if root is None:
        return {}
    lines = text.splitlines()
    begins: dict[int, Path] = {}
    ends: dict[int, int] = {}  # line → the column after the last thing that ends there
    inside: set[int] = set()  # lines within a text of several lines
    for path, node, line in _places(root, ()):
        begins.setdefault(line, path)
        last = node.end_mark
        if isinstance(node, yaml.ScalarNode):
            inside.update(range(node.start_mark.line + 1, last.line + (last.column > 0)))
        if isinstance(node, yaml.ScalarNode) and node.style not in ("|", ">") or getattr(node, "flow_style", False):
            ends[last.line] = max(ends.get(last.line, 0), last.column)
    return _found(lines, begins, ends, inside)


def _found(lines: list[str], begins: dict[int, Path], ends: dict[int, int], inside: set[int]) -> dict[Path, list[str]]:
    comments: dict[Path, list[str]] = {}
    waiting: list[str] = []
    for number, line in enumerate(lines):
        if line.lstrip().startswith("#") and number not in inside:
            waiting.append(line.strip())
            continue
        rest = line[ends[number] :].lstrip(" :,]}") if number in ends else ""
        if number in begins:
            waiting += [rest.strip()] if rest.startswith("#") else []
            if waiting:
                comments.setdefault(begins[number], []).extend(waiting)
            waiting = []
        elif rest.startswith("#"):
            waiting.append(rest.strip())
    if waiting:
        comments[()] = waiting
    return comments


def _places(node: yaml.Node, path: Path) -> _Marks:
    """Everything with its path, what lies outside before what lies inside it."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*path, key.value)
            yield place, value, key.start_mark.line
            yield place, key, key.start_mark.line
            yield from _places(value, place)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield (*path, number), item, item.start_mark.line
            yield from _places(item, (*path, number))
