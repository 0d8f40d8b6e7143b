"""Code lists as files of their own: ``code_lists/<id>/v<N>.yaml``, referred to by ``{id, version}`` (R-63).

A stored answer keeps its code; the frozen version keeps which version of the list it was chosen from. A definition's digest
is taken over its data with every list written out, so both spellings of one definition have one digest.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tillid.forms.problems import Problem
from tillid.forms.schema import code_list_problems, nearest
from tillid.forms.yamldata import LinedData, read_bytes, read_yaml
from tillid.kernel.canonical import json_digest

FOLDER = "code_lists"
_FILE_NAME = re.compile(r"v([1-9][0-9]{0,3})\.yaml\Z")
Lists = dict[tuple[str, int], dict[str, Any]]


def load_code_lists(root: Path) -> tuple[Lists, list[Problem]]:
    """Every list under ``root/code_lists`` by id and version, and what is wrong with the files."""
    lists: Lists = {}
    problems: list[Problem] = []
    for path in sorted((root / FOLDER).glob("*/*.yaml")):
        shown_as = path.relative_to(root).as_posix()
        source = read_yaml(read_bytes(path), shown_as)
        faults = source.problems or code_list_problems(source) or _duplicates(source)
        if faults:
            problems += faults
            continue
        found, data = _FILE_NAME.match(path.name), source.data
        if found is None or (path.parent.name, int(found[1])) != (data["id"], data["version"]):
            text = f"Filen indeholder {data['id']}/v{data['version']}, men hedder noget andet."
            problems.append(_problem(source, (), "forms.wrong-file-name", text))
        lists[data["id"], data["version"]] = data
    return lists, problems


def with_lists(source: LinedData, lists: Lists) -> LinedData:
    """``source`` with every reference to a list replaced by the list; what is not known is among ``problems``."""
    data = source.data
    named = data.get("code_lists") if isinstance(data, dict) else None
    if not isinstance(named, list) or all(not _is_reference(one) for one in named):
        return source
    problems, resolved = list(source.problems), []
    for number, one in enumerate(named):
        if not _is_reference(one):
            resolved.append(one)
        elif (one["id"], one["version"]) in lists:
            resolved.append(lists[one["id"], one["version"]])
        else:
            text = f"Kodelisten »{one['id']}« version {one['version']} findes ikke."
            known = nearest(f"{one['id']}/v{one['version']}", (f"{name}/v{number}" for name, number in lists))
            problems.append(_problem(source, ("code_lists", number), "forms.unknown-code-list", text, known))
    return LinedData(file=source.file, data={**data, "code_lists": resolved}, lines=source.lines, problems=problems)


def list_digests(lists: Lists) -> dict[str, str]:
    """``code_lists/<id>/v<N>`` → SHA-256 of the list's RFC 8785 JSON, for LOCK."""
    return {f"{FOLDER}/{name}/v{number}": json_digest(data) for (name, number), data in lists.items()}


def _is_reference(one: Any) -> bool:
    return isinstance(one, dict) and set(one) == {"id", "version"} and type(one["version"]) is int


def _duplicates(source: LinedData) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for number, choice in enumerate(source.data["choices"]):
        if choice["code"] in seen:
            place = ("choices", number, "code")
            text = f"Koden »{choice['code']}« findes to gange."
            problems.append(_problem(source, place, "forms.duplicate-id", text, "Giv det ene et andet id."))
        seen.add(choice["code"])
    return problems


def _problem(source: LinedData, path: tuple, code: str, text: str, suggestion: str = "") -> Problem:
    return Problem(file=source.file, line=source.line(path), field="", code=code, text=text, suggestion=suggestion)
