"""YAML as plain data with the line of every value, and without YAML's surprises.

Only mappings with text keys, lists, text, whole numbers, ``true``/``false`` and ``null`` come out: the core of YAML 1.2
(https://yaml.org/spec/1.2.2/#103-core-schema) without floats. So ``no``, ``ja``, ``on`` and ``2026-11-25`` are text.
Refused: duplicate keys, anchors and aliases (they make bombs), own tags, files over 1 MB, nesting over 60.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import yaml

from tillid.forms.problems import Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 60
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\Z")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
# What an unmarked node can be to a YAML 1.1 parser; its guesses (a date, a float) are not used.
_TAGS = {"map", "seq", "str", "int", "float", "bool", "null", "timestamp", "value"}
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


def read_yaml(source: bytes, file: str) -> LinedData:
    """``source`` as data; never raises: what is wrong is in ``problems`` (then ``data`` is not to be used)."""
    reader = _Reader(file)
    if len(source) > MAX_BYTES:
        reader.fault("forms.yaml-too-large", 0, "Filen er over 1 MB.", "Del formularen op.")
        return reader.result(None)
    try:
        node = yaml.compose(source.decode("utf-8"), Loader=_LOADER)
    except UnicodeDecodeError:
        reader.fault("forms.yaml-encoding", 0, "Filen er ikke UTF-8.", "Gem filen som UTF-8.")
        return reader.result(None)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reader.fault("forms.yaml-syntax", mark.line + 1 if mark else 0, f"Filen er ikke gyldig YAML: {error.problem}.")
        return reader.result(None)
    except (yaml.YAMLError, ValueError):
        reader.fault("forms.yaml-syntax", 0, "Filen er ikke gyldig YAML.")
        return reader.result(None)
    except RecursionError:
        reader.fault("forms.yaml-too-deep", 0, f"Filen har mere end {MAX_DEPTH} niveauer.")
        return reader.result(None)
    return reader.result(reader.value(node, ()) if node is not None else None)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def result(self, data: Any) -> LinedData:
        return LinedData(file=self.file, data=data, lines=self.lines, problems=self.problems)

    def fault(self, code: str, line: int, text: str, suggestion: str = "") -> None:
        self.problems.append(Problem(file=self.file, line=line, field="", code=code, text=text, suggestion=suggestion))

    def value(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self.seen:  # the same node twice = an alias
            self.fault("forms.yaml-alias", line, "Ankre og henvisninger (& og *) må ikke bruges.", "Skriv det ud.")
            return None
        self.seen.add(id(node))
        if len(path) > MAX_DEPTH:
            self.fault("forms.yaml-too-deep", line, f"Filen har mere end {MAX_DEPTH} niveauer.")
            return None
        if node.tag.removeprefix("tag:yaml.org,2002:") not in _TAGS or _is_relabelled(node):
            self.fault("forms.yaml-tag", line, "Mærker (!…) og << må ikke bruges.", "Skriv værdien uden mærke.")
            return None
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, number)) for number, item in enumerate(node.value)]
        return _scalar(node)

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str) or key_node.tag.endswith(":merge"):
                self.fault("forms.yaml-key", line, "En nøgle skal være tekst.")
                continue
            if key in result:
                self.fault("forms.yaml-duplicate-key", line, f"Nøglen »{key}« står to gange.", "Slet den ene.")
                continue
            self.lines[(*path, key)] = line
            result[key] = self.value(value_node, (*path, key))
        return result


def _is_relabelled(node: yaml.Node) -> bool:
    """Whether ``!!str`` stands before something that would be read as a number or a word of the language."""
    return node.tag.endswith(":str") and isinstance(node, yaml.ScalarNode) and not isinstance(_scalar(node), str)


def _scalar(node: yaml.ScalarNode) -> str | int | bool | None:
    if node.style:  # quoted or block text is always text (plain is None, or "" from the C loader)
        return node.value
    if node.value in _WORDS:
        return _WORDS[node.value]
    return int(node.value) if _INT.match(node.value) else node.value
