"""YAML as plain data with the line of every value, and without YAML's surprises.

Only mappings with text keys, lists, text, whole numbers, ``true``/``false`` and ``null`` come out: the core of YAML 1.2
(https://yaml.org/spec/1.2.2/#103-core-schema) without floats. So ``no``, ``ja``, ``on`` and ``2026-11-25`` are text.
Refused: duplicate keys, anchors and aliases (they make bombs), tags, and whatever passes a limit of ``yamllimits``.
The parser's events are read one by one, so that a limit stops the reading before anything larger is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

import yaml

from tillid.forms.problems import Problem
from tillid.forms.yamllimits import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_VALUES,
    LinedData,
    Path,
    plain_problems,
    too_deep,
    too_many,
)
from tillid.kernel.files import NoFile

__all__ = ["LOADER", "MAX_BYTES", "MAX_DEPTH", "MAX_VALUES", "LinedData", "Path", "read_bytes", "read_yaml"]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: 13 times as fast
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\Z")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class _Stop(Exception):
    """The file is refused; what is wrong has been said."""


def read_bytes(path: FilePath) -> bytes:
    """The file, but never more of it than shows that it is too large; raises ``OSError``, also for a pipe: it would be waited for."""
    if path.is_fifo():
        raise NoFile("no file")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def read_yaml(source: bytes, file: str) -> LinedData:
    """``source`` as data; never raises: what is wrong is in ``problems`` (then ``data`` is not to be used)."""
    reader = _Reader(file)
    if len(source) > MAX_BYTES:
        reader.fault("forms.yaml-too-large", 0, f"Filen er over {MAX_BYTES // 1_000_000} MB.", "Del formularen op.")
        return reader.result(None)
    try:
        data = reader.document(yaml.parse(source.decode("utf-8"), Loader=LOADER))
    except _Stop:
        return reader.result(None)
    except UnicodeDecodeError:
        reader.fault("forms.yaml-encoding", 0, "Filen er ikke UTF-8.", "Gem filen som UTF-8.")
        return reader.result(None)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reader.fault(
            "forms.yaml-syntax", mark.line + 1 if mark else 0, f"Filen er ikke gyldig YAML: {error.problem}.", _MEND
        )
        return reader.result(None)
    except (yaml.YAMLError, ValueError):
        reader.fault("forms.yaml-syntax", 0, "Filen er ikke gyldig YAML.", _MEND)
        return reader.result(None)
    found = reader.result(data)
    found.problems.extend(plain_problems(found))
    return found


_MEND = "Ret linjen, eller se en af de andre filer efter."


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.values = 0
        self.field = ""  # the id of the field that is being read, for messages

    def result(self, data: Any) -> LinedData:
        return LinedData(file=self.file, data=data, lines=self.lines, problems=self.problems)

    def fault(self, code: str, line: int, text: str, suggestion: str) -> None:
        problem = Problem(file=self.file, line=line, field=self.field, code=code, text=text, suggestion=suggestion)
        self.problems.append(problem)

    def document(self, events: Iterator[yaml.Event]) -> Any:
        data = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and self.lines:
                line = event.start_mark.line + 1
                self.fault("forms.yaml-syntax", line, "Filen har mere end ét dokument.", "Slet linjen med ---.")
                raise _Stop
            if isinstance(event, yaml.NodeEvent):
                data = self.value(event, events, ())
        return data

    def value(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], path: Path) -> Any:
        line = event.start_mark.line + 1
        self.lines.setdefault(path, line)
        self.admit(event, line, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            found: list[Any] = []
            for item in events:
                if isinstance(item, yaml.SequenceEndEvent):
                    break
                found.append(self.value(item, events, (*path, len(found))))
            return found
        return _scalar(event)

    def admit(self, event: yaml.NodeEvent, line: int, path: Path) -> None:
        """Stops at what would make the rest unbounded or senseless to read."""
        self.values += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self.fault("forms.yaml-alias", line, "Ankre og henvisninger (& og *) må ikke bruges.", "Skriv det ud.")
            raise _Stop
        if event.tag is not None:
            self.fault("forms.yaml-tag", line, "Mærker (!…) og << må ikke bruges.", "Skriv værdien uden mærke.")
            raise _Stop
        if len(path) > MAX_DEPTH or self.values > MAX_VALUES:
            code, text, advice = too_deep() if len(path) > MAX_DEPTH else too_many()
            self.fault(code, line, text, advice)
            raise _Stop

    def mapping(self, events: Iterator[yaml.Event], path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        if _is_field(path):
            self.field = ""
        for key_event in events:
            if isinstance(key_event, yaml.MappingEndEvent):
                break
            key = self.key(key_event, events, path)
            value_event = next(events)
            if key is None:
                self.value(value_event, events, (*path, "?"))
            elif key in result:
                text = f"Nøglen »{key[:80]}« står to gange."
                self.fault("forms.yaml-duplicate-key", key_event.start_mark.line + 1, text, "Slet den ene.")
                self.value(value_event, events, (*path, "?"))
            else:
                self.lines[(*path, key)] = key_event.start_mark.line + 1
                result[key] = self.value(value_event, events, (*path, key))
                if key == "id" and _is_field(path) and isinstance(result[key], str):
                    self.field = result[key][:60]
        return result

    def key(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], path: Path) -> str | None:
        line = event.start_mark.line + 1
        self.admit(event, line, path)
        if isinstance(event, yaml.ScalarEvent) and (event.style or event.value != "<<"):
            return event.value
        self.fault("forms.yaml-key", line, "En nøgle skal være tekst.", "Skriv nøglen i anførselstegn, eller slet den.")
        if not isinstance(event, yaml.ScalarEvent):
            self.value(event, events, (*path, "?"))
        return None


def _scalar(event: yaml.ScalarEvent) -> str | int | bool | None:
    if event.style:  # quoted or block text is always text (plain is None, or "" from the C parser)
        return event.value
    if event.value in _WORDS:
        return _WORDS[event.value]
    return int(event.value) if _INT.match(event.value) else event.value


def _is_field(path: Path) -> bool:
    return len(path) == 4 and path[0] == "sections" and path[2] == "fields"
