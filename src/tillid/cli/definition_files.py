"""``tillid definitions format`` and ``export``: what writes files."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from tillid.cli.forms import version
from tillid.forms.additions import addition_name
from tillid.forms.canonical_yaml import canonical_yaml
from tillid.forms.definition import FormDefinition
from tillid.forms.json_schema import answers_schema
from tillid.forms.loading import Definitions, load_definitions
from tillid.forms.problems import DefinitionError, Problem
from tillid.forms.yaml_comments import comments_of
from tillid.forms.yamldata import read_bytes, read_yaml
from tillid.kernel.errors import TillidError
from tillid.kernel.files import put_where_told


def formatted(args: argparse.Namespace) -> int:
    """Write every file in canonical form; all are read before the first is written. 3 with ``--check`` and a difference."""
    texts = {path: canonical_file(path) for path in _files(args.paths)}
    changed = [path for path, text in texts.items() if path.read_bytes() != text.encode()]
    if not args.check:
        for path in changed:
            put_where_told(path, texts[path].encode(), mode=0o644)
    said = "Ville ændre" if args.check else "Ændret"
    if args.json:
        print(
            json.dumps({"files": len(texts), "changed": [str(path) for path in changed]}, ensure_ascii=False, indent=2)
        )
    else:
        print(f"{len(texts)} filer. {said}: {', '.join(map(str, changed)) or 'intet'}.")
    return 3 if args.check and changed else 0


def canonical_file(path: Path) -> str:
    """The file in canonical form, its comments kept; raises ``DefinitionError`` if it is no YAML we take."""
    try:
        raw = read_bytes(path)
    except OSError:
        problem = Problem(file=str(path), line=0, field="", code="forms.unreadable", text="Filen kan ikke læses.")
        raise DefinitionError([problem]) from None
    source = read_yaml(raw, str(path))
    if source.problems:
        raise DefinitionError(source.problems)
    if not isinstance(source.data, dict) or not source.data:
        text = "Filen indeholder ingen definition."
        raise DefinitionError([Problem(file=str(path), line=0, field="", code="forms.none-found", text=text)])
    return canonical_yaml(source.data, comments_of(raw.decode()))


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted([*path.glob("*/v*.yaml"), *path.glob("code_lists/*/v*.yaml"), *path.glob("v*.yaml")])
        else:
            yield path


def export(args: argparse.Namespace) -> int:
    """The JSON Schema of one version to the screen, or of it or of all into ``--to``."""
    if args.name is None and args.to is None:
        raise TillidError(
            "nothing to export",
            code="cli.export",
            text="Skriv, hvilken version der skal skrives, eller --to MAPPE for alle.",
        )
    found = [version(args.name, args.root)] if args.name else _all(load_definitions(args.root))
    if args.to is None:
        print(_json(answers_schema(found[0])), end="")
        return 0
    written = []
    for one in found:
        added = addition_name(one).replace("/", "-")
        path = args.to / f"{one.name}{'+' if added else ''}{added}.schema.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        put_where_told(path, _json(answers_schema(one)).encode(), mode=0o644)
        written.append(str(path))
    print(
        _json({"written": written}) if args.json else f"Skrevet: {', '.join(written)}.",
        end="\n" if not args.json else "",
    )
    return 0


def _all(known: Definitions) -> list[FormDefinition]:
    """Every version, and after them those with what a municipality or a unit adds."""
    return [*known.all(), *(one.form for one in known.additions)]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
