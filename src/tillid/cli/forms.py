"""What the commands about forms share: a version by its name or file, a file with answers, and the checks of all."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tillid.forms.additions import FOLDER, load_additions
from tillid.forms.checks_upcasts import upcast_problems
from tillid.forms.code_lists import load_code_lists
from tillid.forms.definition import FormDefinition
from tillid.forms.loading import Definitions, load_definition, load_definitions
from tillid.forms.lock import load_beside_lock
from tillid.forms.problems import DefinitionError, Problem
from tillid.forms.yamldata import read_yaml
from tillid.kernel.errors import TillidError
from tillid.kernel.files import FileTooLarge, some_of
from tillid.kernel.paths import FORM_DEFINITIONS

MAX_ANSWERS = 5_000_000
_NAME = re.compile(r"([a-z][a-z0-9_]{0,59})/v([1-9][0-9]{0,3})\Z")


class BadFile(TillidError):
    """A file that cannot be read as what it should be."""

    code = "cli.answers-file"
    text = "Filen {file} kan ikke bruges: {why}"


def version(name: str, root: Path = FORM_DEFINITIONS) -> FormDefinition:
    """The version called ``form/vN`` below ``root``, also with what is added to it (``form/vN+addition/vM``), or the one in
    the YAML file ``name``.

    Raises ``DefinitionError`` for a file with faults and ``TillidError`` (``cli.form-name``) for anything else.
    """
    if name.endswith((".yaml", ".yml")):
        return load_definition(Path(name))
    if "+" in name:
        added = next((one.form for one in load_definitions(root).additions if one.full_name == name), None)
        if added is not None:
            return added
    found = _NAME.match(name)
    path = root / f"{name}.yaml"
    if found is None or not path.is_file():
        raise TillidError(
            "no such form version",
            code="cli.form-name",
            text="Der er ingen definition, der hedder {name}. Skriv fx overgangsbeskrivelse/v3, eller navnet på en "
            "YAML-fil. »tillid definitions list« viser alle.",
            name=name[:80],
        )
    return load_definition(path, shown_as=f"{name}.yaml")


def way(old: str, new: str, root: Path = FORM_DEFINITIONS) -> list[FormDefinition]:
    """All versions from ``old`` to ``new``; raises ``TillidError`` (``cli.no-way``) if it is no way forward in one form."""
    first, last = version(old, root), version(new, root)
    if first.id != last.id or first.version > last.version:
        raise TillidError(
            "not a way forward",
            code="cli.no-way",
            text="Man kan kun flytte frem inden for det samme skema, og {new} kommer ikke efter {old}.",
            old=first.name,
            new=last.name,
        )
    between = [version(f"{first.id}/v{number}", root) for number in range(first.version + 1, last.version)]
    return [first, *between, *([last] if last.version > first.version else [])]


def read_answers(path: Path) -> dict[str, Any]:
    """The answers in a JSON file: ``{field: answer}``, or the same under ``answers`` (as ``answers.json`` has it).

    Raises ``BadFile`` with one sentence for whatever else it is.
    """
    value = read_json(path)
    if isinstance(value, dict) and isinstance(value.get("answers"), dict):
        value = value["answers"]
    if not isinstance(value, dict):
        raise BadFile("no object", file=path, why="den skal indeholde en gruppe med felter og svar ({…}).")
    return value


def read_json(path: Path) -> Any:
    """The JSON value in a file; raises ``BadFile``. Refused beside what is no JSON: files over 5 MB, the same key twice."""
    try:
        text = some_of(path, MAX_ANSWERS).decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except FileTooLarge:
        raise BadFile("too large", file=path, why="den er over 5 MB.") from None
    except FileNotFoundError:
        raise BadFile("missing", file=path, why="den findes ikke.") from None
    except OSError:
        raise BadFile("unreadable", file=path, why="den kan ikke læses.") from None
    except RecursionError:
        raise BadFile("too deep", file=path, why="den har for mange niveauer.") from None
    except _Twice as error:
        raise BadFile("duplicate key", file=path, why=f"nøglen »{error}« står to gange.") from None
    except UnicodeDecodeError:
        raise BadFile("encoding", file=path, why="den er ikke UTF-8.") from None
    except json.JSONDecodeError as error:
        why = f"den er ikke gyldig JSON (linje {error.lineno}, tegn {error.colno})."
        raise BadFile("no JSON", file=path, why=why) from None
    except ValueError:
        raise BadFile("no JSON", file=path, why="den er ikke gyldig JSON.") from None


class _Twice(Exception):
    """The same key twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise _Twice(key[:60])
        made[key] = value
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are no JSON


def ways_problems(definitions: Definitions, root: Path) -> list[Problem]:
    """Every fault in the ways between two versions that are both there, with the lines of the newer file."""
    found: list[Problem] = []
    known = {(one.id, one.version): one for one in definitions.all()}
    for (form_id, number), new in known.items():
        old = known.get((form_id, number - 1))
        if old is not None:
            found += _way_problems(old, new, root / f"{new.name}.yaml", f"{new.name}.yaml")
    return found


def file_problems(path: Path) -> tuple[list[str], list[Problem]]:
    """The name in one file and its faults, with the way from the version before it if that lies beside it. A file with an
    addition is checked with the forms beside it."""
    if path.absolute().parent.parent.name == FOLDER:
        return _addition_problems(path.absolute())
    try:
        new = load_definition(path)
    except DefinitionError as error:
        return [], error.problems
    before = path.with_name(f"v{new.version - 1}.yaml")
    if not before.is_file():
        return [new.name], []
    try:
        old = load_definition(before)
    except DefinitionError as error:
        return [new.name], error.problems
    return [new.name], _way_problems(old, new, path, str(path))


def folder_problems(root: Path) -> tuple[list[str], list[Problem], Definitions | None]:
    """The names below ``root`` and the faults of all files."""
    try:
        definitions = load_beside_lock(root)
    except DefinitionError as error:
        return [], error.problems, None
    names = [*(one.name for one in definitions.all()), *(one.full_name for one in definitions.additions)]
    return names, ways_problems(definitions, root), definitions


def _addition_problems(path: Path) -> tuple[list[str], list[Problem]]:
    root = path.parent.parent.parent
    lists, _faults = load_code_lists(root)
    found, _digests, problems = load_additions(root, lists)
    shown_as = path.relative_to(root).as_posix()
    name = f"{path.parent.name}/{path.stem}"
    mine = [one for one in problems if one.file == shown_as]
    return [one.full_name for one in found if name in one.name.split("+")], mine


def _way_problems(old: FormDefinition, new: FormDefinition, path: Path, shown_as: str) -> list[Problem]:
    return upcast_problems(old, new, read_yaml(path.read_bytes(), shown_as))
