"""From files to definitions: read, check everything, and report every fault at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from tillid.forms.beside import beside_digests
from tillid.forms.checks import check_definition
from tillid.forms.code_lists import Lists, list_digests, load_code_lists, with_lists
from tillid.forms.definition import FormDefinition
from tillid.forms.phases import of_phase
from tillid.forms.problems import DefinitionError, Problem
from tillid.forms.schema import schema_problems
from tillid.forms.yamldata import LinedData, read_bytes, read_yaml
from tillid.forms.yamllimits import plain_problems
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError
from tillid.kernel.once import Once
from tillid.kernel.paths import FORM_DEFINITIONS

if TYPE_CHECKING:
    from tillid.forms.additions import Addition

# What was found to be fine is fine whenever the same data comes again (an edit taken back, a base with its additions).
_FINE: Once[FormDefinition] = Once(64)
_FILE_NAME = re.compile(r"v([1-9][0-9]{0,3})\.yaml\Z")


class Pinned(Protocol):
    """What a document says of its form."""

    @property
    def form_id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def overlay(self) -> str: ...
    @property
    def phase(self) -> str: ...


class Definitions:
    """All known versions of all forms. ``list_digests``: of what lies beside them, by name in LOCK.

    ``resting``: (form, version) in which nothing new is begun, for it was withdrawn or its day has not come; what is begun
    in it opens all the same. ``additions``: the forms with what a municipality or a unit adds to them (O22)."""

    def __init__(
        self,
        definitions: list[FormDefinition],
        list_digests: dict[str, str] | None = None,
        *,
        resting: Collection[tuple[str, int]] = (),
        additions: Sequence[Addition] = (),
    ) -> None:
        self.list_digests = list_digests or {}
        self.resting = frozenset(resting)
        self.additions = tuple(additions)
        self._added = {(one.form.id, one.form.version, one.name): one.form for one in self.additions}
        self._known = {(d.id, d.version): d for d in sorted(definitions, key=lambda d: (d.id, d.version))}

    def get(self, form_id: str, version: int) -> FormDefinition:
        """That version; raises ``TillidError`` (``forms.unknown-form``)."""
        try:
            return self._known[form_id, version]
        except KeyError:
            raise _unknown_form() from None

    def of(self, pinned: Pinned) -> FormDefinition:
        """The version that a document is in, with what was added to it, or its one later phase; raises ``TillidError``
        (``forms.unknown-form``, ``forms.no-such-phase``)."""
        form = self._whole(pinned)
        return of_phase(form, pinned.phase) if pinned.phase else form

    def _whole(self, pinned: Pinned) -> FormDefinition:
        if not pinned.overlay:
            return self.get(pinned.form_id, pinned.version)
        try:
            return self._added[pinned.form_id, pinned.version, pinned.overlay]
        except KeyError:
            raise _unknown_form() from None

    def at_unit(self, form: FormDefinition, unit_id: str, allowed: str) -> FormDefinition:
        """``form`` as it is begun at the unit: with the newest additions to it of the municipality and of the unit itself,
        as far as the municipality lets them be (``allowed``: its setting ``egne_felter``)."""
        found = [
            one
            for one in self.additions
            if one.newest
            and (one.form.id, one.form.version) == (form.id, form.version)
            and one.unit in ("", unit_id)
            and one.permitted(allowed)
        ]
        return max(found, key=lambda one: (len(one.parts), bool(one.unit))).form if found else form

    def latest(self, form_id: str) -> FormDefinition:
        """The highest version of the form that is in use; raises ``TillidError`` (``forms.unknown-form``)."""
        found = [d for d in self.all() if d.id == form_id and (form_id, d.version) not in self.resting]
        if not found:
            raise _unknown_form()
        return found[-1]

    def all(self) -> tuple[FormDefinition, ...]:
        """Every version, by form and version."""
        return tuple(self._known.values())


def load_definition(path: Path, *, shown_as: str = "", lists: Lists | None = None) -> FormDefinition:
    """The definition in the file ``path``; raises ``DefinitionError`` with every fault found in it.

    ``shown_as`` is the file's name in messages (default: the path as given); ``lists``: the code lists it may refer to
    (default: those beside its folder).
    """
    if lists is None:
        lists, _faults = load_code_lists(path.parent.parent)
    file = shown_as or str(path)
    try:
        source = read_yaml(read_bytes(path), file)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        text = "Filen findes ikke." if missing else "Filen kan ikke læses."
        raise DefinitionError([_fault(file, "forms.unreadable", text)]) from error
    return definition_from(source, lists)


def definition_from(source: LinedData, lists: Lists | None = None) -> FormDefinition:
    """The definition in YAML data already read; raises ``DefinitionError``. ``lists``: what it may refer to."""
    if not source.lines and (faults := plain_problems(source)):  # data that was never a file
        raise DefinitionError(faults)
    source = with_lists(source, lists or {})
    if source.problems:
        raise DefinitionError(source.problems)
    try:
        key = hashlib.sha256(msgspec.json.encode(source.data)).digest()
    except (TypeError, ValueError, RecursionError):  # no JSON: the check says what is wrong
        return _checked(source)
    return _FINE.get(key, lambda: _checked(source))


def _checked(source: LinedData) -> FormDefinition:
    if problems := schema_problems(source) or check_definition(source):
        raise DefinitionError(problems)
    return definition_of_data(source.data)


def definition_of_data(data: dict[str, Any]) -> FormDefinition:
    """The definition in data that was checked before, its code lists written out."""
    return msgspec.convert({**_with_places(data), "digest": json_digest(data)}, FormDefinition)


def shaped(data: dict[str, Any]) -> FormDefinition | None:
    """The definition, if the data is of the shape of one; nothing more is asked."""
    try:
        return definition_of_data(data)
    except (msgspec.ValidationError, KeyError, TypeError, TillidError):
        return None


def load_definitions(root: Path = FORM_DEFINITIONS) -> Definitions:
    """Every ``<form>/v<N>.yaml`` under ``root`` and what is added to them (``overlays/<id>/v<N>.yaml``); raises
    ``DefinitionError`` with the faults of all files together."""
    from tillid.forms.additions import load_additions  # it imports this module

    loaded, lists = load_forms(root)
    additions, digests, problems = load_additions(root, lists)
    if problems:
        raise DefinitionError(problems)
    return Definitions(loaded, {**list_digests(lists), **digests, **beside_digests(root)}, additions=additions)


def load_forms(root: Path) -> tuple[list[FormDefinition], Lists]:
    """Every ``<form>/v<N>.yaml`` and every code list under ``root``, without what is added; raises ``DefinitionError``."""
    loaded: list[FormDefinition] = []
    lists, problems = load_code_lists(root)
    files = sorted(root.glob("*/*.yaml")) if root.is_dir() else []
    if not files:
        problems.append(_fault(str(root), "forms.none-found", "Her er ingen formulardefinitioner."))
    for path in files:
        shown_as = path.relative_to(root).as_posix()
        try:
            definition = load_definition(path, shown_as=shown_as, lists=lists)
        except DefinitionError as error:
            problems += error.problems
            continue
        found = _FILE_NAME.match(path.name)
        if found is None or (path.parent.name, int(found[1])) != (definition.id, definition.version):
            text = f"Filen indeholder {definition.name}, men hedder noget andet."
            problems.append(_fault(shown_as, "forms.wrong-file-name", text, f"Kald den {definition.name}.yaml."))
        loaded.append(definition)
    if problems:
        raise DefinitionError(problems)
    return loaded, lists


def _with_places(data: dict[str, Any]) -> dict[str, Any]:
    """``data`` with section and phase written into each field; the digest is taken of the file's data without them."""
    sections = []
    for section in data["sections"]:
        phase = section.get("phase", "content")
        fields = [{"phase": phase, **field, "section": section["id"]} for field in section["fields"]]
        sections.append({**section, "fields": fields})
    return {**data, "sections": sections}


def _fault(file: str, code: str, text: str, suggestion: str = "") -> Problem:
    return Problem(file=file, line=0, field="", code=code, text=text, suggestion=suggestion)


def _unknown_form() -> TillidError:
    return TillidError(
        "no such form or version", code="forms.unknown-form", text="Skemaet findes ikke i denne version."
    )
