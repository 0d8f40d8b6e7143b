"""The additions in use: ``overlays/<id>/v<N>.yaml`` beside the forms, each joined with the version it was made for (O22).

A document keeps the name of what was added to its form (``solbjerg_egne/v1``; with the municipality's and the unit's own
``kommunens/v2+solbjerg_egne/v1``), so every combination of the versions that are there can be opened for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

import msgspec

from tillid.forms.code_lists import Lists, with_lists
from tillid.forms.definition import FormDefinition
from tillid.forms.overlays import Overlay, overlaid, overlay_from, permitted
from tillid.forms.problems import DefinitionError, Problem
from tillid.forms.yamldata import read_bytes, read_yaml
from tillid.forms.yamllimits import LinedData

FOLDER = "overlays"
_FILE_NAME = re.compile(r"v([1-9][0-9]{0,3})\.yaml\Z")
_Read = tuple[Overlay, LinedData]


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """A form with what one place adds to it. ``unit``: where it holds, empty = everywhere; ``newest``: new documents are
    begun with it; ``parts``: the overlays, the municipality's before the unit's."""

    form: FormDefinition
    parts: tuple[Overlay, ...]
    newest: bool

    @property
    def name(self) -> str:
        """How a document names it."""
        return addition_name(self.form)

    @property
    def full_name(self) -> str:
        """``overgangsbeskrivelse/v3+solbjerg_egne/v1``, for lists and messages."""
        return f"{self.form.name}+{self.name}"

    @property
    def unit(self) -> str:
        return self.parts[-1].unit

    def permitted(self, allowed: str) -> bool:
        """Whether the municipality lets all of it be (its setting ``egne_felter``)."""
        return all(permitted(one, allowed) for one in self.parts)


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a form with what is added to it, as a page or a command names it (``loading.Pinned``)."""

    form_id: str
    version: int
    overlay: str = ""
    phase: str = ""


def addition_name(form: FormDefinition) -> str:
    """``kommunens/v2+solbjerg_egne/v1``; empty for a form without additions."""
    return "+".join(one.split(" ")[0] for one in form.overlays)


def load_additions(root: Path, lists: Lists) -> tuple[tuple[Addition, ...], dict[str, str], list[Problem]]:
    """Every addition under ``root/overlays``, the overlays' digests by their name in LOCK, and what is wrong with the files."""
    read: list[_Read] = []
    problems: list[Problem] = []
    for path in sorted((root / FOLDER).glob("*/*.yaml")):
        shown_as = path.relative_to(root).as_posix()
        try:
            source = read_yaml(read_bytes(path), shown_as)
            overlay = overlay_from(source)
        except DefinitionError as error:
            problems += error.problems
            continue
        found = _FILE_NAME.match(path.name)
        if found is None or (path.parent.name, int(found[1])) != (overlay.id, overlay.version):
            text = f"Filen indeholder {overlay.id}/v{overlay.version}, men hedder noget andet."
            problems.append(
                _problem(source, "forms.wrong-file-name", text, "Ret filens navn eller dens id og version.")
            )
        read.append((overlay, source))
    problems += _rivals(read)
    made: list[Addition] = []
    for base in sorted({overlay.base for overlay, _ in read}):
        try:
            made += _joined(root, base, [one for one in read if one[0].base == base], lists)
        except DefinitionError as error:
            problems += error.problems
    digests = {f"{FOLDER}/{one.id}/v{one.version}": one.digest for one, _ in read}
    return tuple(made), digests, list(dict.fromkeys(problems))


def _rivals(read: Sequence[_Read]) -> list[Problem]:
    """Two different overlays for one place and one version: nobody could say which of them comes first."""
    first: dict[tuple[str, str], str] = {}
    problems = []
    for overlay, source in read:
        taken = first.setdefault((overlay.base, overlay.unit), overlay.id)
        if taken != overlay.id:
            text = f"Stedet har allerede en tilføjelse til {overlay.base}: {taken}."
            problems.append(_problem(source, "forms.overlay-twice", text, f"Lav en ny version af {taken}."))
    return problems


def _joined(root: Path, base: str, read: Sequence[_Read], lists: Lists) -> list[Addition]:
    path = root / f"{base}.yaml"
    if not path.is_file():
        text = f"Skemaet {base} findes ikke."
        raise DefinitionError([_problem(one, "forms.unknown-form", text, "Ret base.") for _, one in read])
    data = with_lists(read_yaml(read_bytes(path), f"{base}.yaml"), lists).data
    sources = {overlay.name: source for overlay, source in read}
    newest = {one.id: max(other.version for other, _ in read if other.id == one.id) for one, _ in read}
    made = []
    problems: list[Problem] = []
    for parts in combinations([overlay for overlay, _ in read]):
        try:
            form = overlaid(data, *(sources[one.name] for one in parts))
        except DefinitionError as error:
            problems += error.problems
            continue
        made.append(Addition(form=form, parts=parts, newest=all(newest[one.id] == one.version for one in parts)))
    if problems:
        raise DefinitionError(problems)
    return made


def combinations(overlays: Sequence[Overlay]) -> Iterable[tuple[Overlay, ...]]:
    """Every way additions can stand in a document: one of the municipality's, one of a unit's, or both in that order."""
    for base in sorted({one.base for one in overlays}):
        here = sorted((one for one in overlays if one.base == base), key=lambda one: (one.id, one.version))
        everywhere, units = [one for one in here if not one.unit], [one for one in here if one.unit]
        yield from ((one,) for one in (*everywhere, *units))
        yield from product(everywhere, units)


def _problem(source: LinedData, code: str, text: str, suggestion: str) -> Problem:
    return Problem(file=source.file, line=source.line(("base",)), field="", code=code, text=text, suggestion=suggestion)
