"""What a municipality or a single unit adds to a form: own sections and fields, with a version and a digest of their own (O22).

An overlay can only add, so the municipal minimum stays; ``weakened`` proves it of the result. Its form as data::

    id: solbjerg_egne               version: 1                      title: "Solbjergs egne spørgsmål"
    base: overgangsbeskrivelse/v3   base_digest: <SHA-256>          unit: <unit's id>       (left out: the municipality's)
    sections: [{after: samtalen, section: {id: egen_hverdag, title: …, fields: […]}}]
    fields: [{section: fagpersonens_del, after: u_krop, field: {id: egen_vaner, label: …, type: text, …}}]
    code_lists: [{id: egen_liste, …}]
    translations: {en: {sections: {egen_hverdag: {title: …}}, fields: {egen_vaner: {label: …}}}}

Own ids begin with ``egen_``, so that no later version of the form can take them. A field need not say ``required`` (no) or
``visible_to`` (author and team): nothing is asked of anybody or shown to parents unless the overlay says so in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tillid.forms.checks_overlays import added_problems, translated_problems, weakened
from tillid.forms.definition import FormDefinition
from tillid.forms.loading import definition_from, definition_of_data
from tillid.forms.overlays_data import NoPlace, merged
from tillid.forms.problems import DefinitionError, Problem
from tillid.forms.yamllimits import LinedData, Path, plain_problems
from tillid.kernel.canonical import json_digest

MOST_ADDED = 60
_BASE = re.compile(r"[a-z][a-z0-9_]{0,59}/v[1-9][0-9]{0,3}\Z")
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")


class OwnSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A section of its own; ``after``: the section it follows (left out: the last)."""

    section: dict[str, Any]
    after: str = ""


class OwnField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field in a section of the form; ``after``: the field it follows (left out: the last of the section)."""

    section: str
    field: dict[str, Any]
    after: str = ""


class Overlay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of what is added. ``digest``: SHA-256 of the RFC 8785 JSON of its data."""

    id: str
    version: int
    title: str
    base: str
    base_digest: str
    unit: str = ""
    notes: str = ""
    sections: tuple[OwnSection, ...] = ()
    fields: tuple[OwnField, ...] = ()
    code_lists: tuple[dict[str, Any], ...] = ()
    translations: dict[str, dict[str, dict[str, Any]]] = {}
    digest: str = ""

    @property
    def name(self) -> str:
        """How answers and records name it."""
        return f"{self.id}/v{self.version} {self.digest}"


def overlay_from(source: LinedData) -> Overlay:
    """The overlay in data already read; raises ``DefinitionError``."""
    if problems := source.problems or plain_problems(source):
        raise DefinitionError(problems)
    try:
        overlay = msgspec.convert(source.data, Overlay)
    except msgspec.ValidationError as error:
        text = f"Tilføjelsen har ikke den rigtige form: {error}"
        raise DefinitionError([_problem(source, (), text, "Skriv den som en af de andre tilføjelser.")]) from None
    fits = _ID.match(overlay.id) and _BASE.match(overlay.base) and 1 <= overlay.version <= 9999
    if not fits or overlay.digest or not overlay.title:
        text = "id, version, title eller base har ikke den rigtige form."
        raise DefinitionError([_problem(source, (), text, "Skriv dem som i en af de andre tilføjelser.")])
    if not 1 <= len(overlay.sections) + len(overlay.fields) <= MOST_ADDED:
        text = f"Der skal være mellem 1 og {MOST_ADDED} tilføjelser."
        raise DefinitionError([_problem(source, (), text, "Tilføj et felt, eller del tilføjelsen i to.")])
    return msgspec.structs.replace(overlay, digest=json_digest(source.data))


def overlaid(base: Mapping[str, Any], *sources: LinedData) -> FormDefinition:
    """``base`` (the data of a checked definition, its code lists written out) with the overlays in ``sources``, the
    municipality's before a unit's.

    Raises ``DefinitionError``: for another base than an overlay was made for, for whatever the static check finds in the
    whole, and for what no addition may do (``checks_overlays``). The result's digest is over base and overlays.
    """
    minimum = definition_from(LinedData(file=f"{base['id']}/v{base['version']}", data=base, lines={}, problems=[]))
    data, added = base, []
    for source in sources:
        overlay = overlay_from(source)
        if (overlay.base, overlay.base_digest) != (minimum.name, minimum.digest):
            text = f"Tilføjelsen er lavet til {overlay.base} i en anden udgave."
            raise DefinitionError([_problem(source, ("base",), text, "Lav en ny version af tilføjelsen.")])
        whole = _whole(data, source)
        problems = whole.problems or [
            *added_problems(base, overlay.sections, overlay.fields, overlay.code_lists, source),
            *translated_problems(base, overlay.translations, source),
        ]
        if problems:
            raise DefinitionError(problems)
        result = definition_from(whole)
        data = whole.data
        added.append(overlay)
    if problems := weakened(minimum, result):
        raise DefinitionError(problems)
    return _named(result, minimum.digest, added)


def joined(base: Mapping[str, Any], base_digest: str, overlays: Sequence[Overlay]) -> FormDefinition:
    """As ``overlaid``, of overlays that were checked when they were published: not checked anew, for a document that people
    have filled must open for ever."""
    data = dict(base)
    for one in overlays:
        data = merged(data, overlay_data(one))
    return _named(definition_of_data(data), base_digest, overlays)


def overlay_data(overlay: Overlay) -> dict[str, Any]:
    """The overlay as plain data, what stands for itself left out. The digest is of its file, which may say more."""
    plain = msgspec.json.decode(msgspec.json.encode(overlay))
    return {key: value for key, value in plain.items() if key != "digest" and value not in ("", [], {})}


def _named(form: FormDefinition, base_digest: str, overlays: Sequence[Overlay]) -> FormDefinition:
    digest = json_digest({"base": base_digest, "overlays": [one.digest for one in overlays]})
    return msgspec.structs.replace(form, digest=digest, overlays=tuple(one.name for one in overlays))


def permitted(overlay: Overlay, allowed: str) -> bool:
    """Whether the municipality lets it be; ``allowed``: its setting ``egne_felter``."""
    return allowed == "kommune_og_enhed" or (allowed == "kommune" and not overlay.unit)


def _whole(base: Mapping[str, Any], source: LinedData) -> LinedData:
    """The whole as data, with the lines of what was added."""
    try:
        data = merged(base, source.data)
    except NoPlace as error:
        problem = _problem(source, error.place, error.message, "Vælg et sted, der er i skemaet.")
        return LinedData(file=source.file, data=dict(base), lines={}, problems=[problem])
    return LinedData(file=source.file, data=data, lines=_lines(data, source), problems=[])


def _lines(data: Mapping[str, Any], source: LinedData) -> dict[Path, int]:
    """Where each added field of the whole stands in the overlay's file, by its id."""
    own: dict[str, int] = {}
    for path, line in source.lines.items():
        if path[-1:] == ("id",):
            value: Any = source.data
            for step in path:
                value = value[step]
            own[str(value)] = line
    lines: dict[Path, int] = {}
    for s, section in enumerate(data["sections"]):
        if str(section.get("id")) in own:
            lines["sections", s] = own[str(section["id"])]
        for f, field in enumerate(section["fields"] if isinstance(section["fields"], list) else ()):
            if isinstance(field, dict) and str(field.get("id")) in own:
                lines["sections", s, "fields", f] = own[str(field["id"])]
    return lines


def _problem(source: LinedData, path: Path, text: str, suggestion: str) -> Problem:
    return Problem(
        file=source.file, line=source.line(path), field="", code="forms.overlay", text=text, suggestion=suggestion
    )
