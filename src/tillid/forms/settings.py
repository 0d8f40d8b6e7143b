"""The municipal settings as data (``form_definitions/settings.yaml``, ADR 0022): what may differ, between which values, with
which default and from which source (O22, T2, T7, T10, T15, T31).

A value is plain data. A setting with ``per`` has a mapping with one value for each of its keys. What a municipality has not
set is the default; ``merged`` gives the whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from tillid.forms.problems import DefinitionError, Problem
from tillid.forms.word_groups import fault_in
from tillid.forms.yamldata import LinedData, read_bytes, read_yaml
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import FORM_DEFINITIONS
from tillid.kernel.text import unseen_characters

SETTINGS_FILE = FORM_DEFINITIONS / "settings.yaml"
PREFIX = "setting_"
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_KLE = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2} [A-ZÆØÅ][0-9]{2}\Z")
_COLOUR = re.compile(r"#[0-9a-f]{6}\Z")
_FACT_TYPES = {"choice": "code", "number": "number", "yes_no": "boolean"}


class Allowed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of a choice with its words."""

    code: str
    label: str


class Setting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing a municipality decides. ``units``: a single unit may decide otherwise; ``missing``:
    what of it the program does not do yet, for the administrators to know; ``per``: key → its words;
    ``used_by``: what follows it, or will."""

    id: str
    title: str
    type: Literal["choice", "choices", "number", "yes_no", "words", "colours", "word_groups", "kle"]
    default: Any
    source: str
    help: str = ""
    allowed: tuple[Allowed, ...] = ()
    min: int = 0
    max: int = 0
    per: dict[str, str] = {}
    units: bool = False
    missing: str = ""
    requirements: tuple[str, ...] = ()
    used_by: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """What may be chosen."""
        return tuple(one.code for one in self.allowed)

    @property
    def fact_type(self) -> str:
        """As what a condition may ask for it; empty = not at all."""
        return "" if self.per else _FACT_TYPES.get(self.type, "")


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """Who changed a setting last (a person id), and when."""

    by: str
    at: datetime


class SettingError(TillidError):
    """A value that the setting does not allow."""

    code = "settings.value"
    text = "»{title}« kan ikke være det. {limit}"


@cache
def load_settings(path: Path = SETTINGS_FILE) -> dict[str, Setting]:
    """Every setting by id, in the order of the file; raises ``DefinitionError``."""
    try:
        source = read_yaml(read_bytes(path), path.name)
    except OSError:
        text = "Filen findes ikke eller kan ikke læses."
        raise DefinitionError([Problem(file=path.name, line=0, field="", code="forms.settings", text=text)]) from None
    if source.problems:
        raise DefinitionError(source.problems)
    return settings_from(source)


def settings_from(source: LinedData) -> dict[str, Setting]:
    """The settings in YAML data already read; raises ``DefinitionError``."""
    try:
        found = msgspec.convert(source.data["settings"], tuple[Setting, ...])
    except (msgspec.ValidationError, KeyError, TypeError) as error:
        raise DefinitionError(
            [_problem(source, (), "", f"Indstillingerne har ikke den rigtige form: {error}")]
        ) from None
    problems = []
    seen: set[str] = set()
    for number, one in enumerate(found):
        path = ("settings", number)
        said = [] if _ID.match(one.id) else ["Id'et må kun have a-z, 0-9 og _."]
        said += ["Id'et findes to gange."] if one.id in seen else []
        said += (
            ["En liste med tilladte værdier mangler."] if one.type in ("choice", "choices") and not one.allowed else []
        )
        said += [] if one.source else ["Kilden mangler."]
        said += [] if said or not _fault(one, filled(one, one.default)) else ["Standarden er ikke en tilladt værdi."]
        problems += [_problem(source, path, one.id, text) for text in said]
        seen.add(one.id)
    if problems:
        raise DefinitionError(problems)
    return {one.id: one for one in found}


def filled(setting: Setting, value: Any) -> Any:
    """``value`` with one entry for each of ``per``: one value alone holds for all of them."""
    if not setting.per:
        return value
    given = value if isinstance(value, Mapping) else dict.fromkeys(setting.per, value)
    default = setting.default
    start = dict(default) if isinstance(default, Mapping) else dict.fromkeys(setting.per, default)
    return {**start, **given}


def checked(setting: Setting, value: Any) -> Any:
    """``value`` whole and in its stored shape; raises ``SettingError`` if the setting does not allow it."""
    whole = filled(setting, value)
    if limit := _fault(setting, whole):
        raise SettingError(f"value of {setting.id}", title=setting.title, limit=limit)
    return whole


def faulty(setting: Setting, value: Any) -> str:
    """Which key of ``per`` has a value that is not allowed, for a page that leads there; empty = none, or no ``per``."""
    whole = filled(setting, value)
    parts = whole.items() if setting.per and isinstance(whole, Mapping) else ()
    return next((key for key, part in parts if key in setting.per and _one_fault(setting, part)), "")


def merged(stored: Mapping[str, Any], known: Mapping[str, Setting] | None = None) -> dict[str, Any]:
    """Every setting's value: what is stored, else its default. A stored value that is no longer allowed is the default
    again, and one of a setting that no longer exists is left out."""
    known = load_settings() if known is None else known
    result = {}
    for one in known.values():
        whole = filled(one, stored.get(one.id, one.default))
        result[one.id] = filled(one, one.default) if _fault(one, whole) else whole
    return result


def setting_facts(values: Mapping[str, Any], known: Mapping[str, Setting] | None = None) -> dict[str, Any]:
    """The facts ``setting_<id>`` of merged ``values``, of those a condition may ask for."""
    known = load_settings() if known is None else known
    return {PREFIX + name: values[name] for name, one in known.items() if one.fact_type and name in values}


def settings_digest(path: Path = SETTINGS_FILE) -> str:
    """SHA-256 of the settings' RFC 8785 JSON, so that a stored choice can say of which list it is."""
    return json_digest(read_yaml(read_bytes(path), path.name).data)


def _fault(setting: Setting, whole: Any) -> str:
    """Why ``whole`` is not allowed, in Danish; empty if it is."""
    if not setting.per:
        return _one_fault(setting, whole)
    if not isinstance(whole, Mapping) or set(whole) != set(setting.per):
        return "Der skal være en værdi til hver."
    return next((said for said in (_one_fault(setting, part) for part in whole.values()) if said), "")


def _one_fault(setting: Setting, value: Any) -> str:
    if setting.type == "choice":
        return "" if isinstance(value, str) and value in setting.codes else "Vælg en af værdierne på listen."
    if setting.type == "choices":
        fits = isinstance(value, list | tuple) and all(isinstance(one, str) and one in setting.codes for one in value)
        return "" if fits and len(set(value)) == len(value) else "Vælg blandt værdierne på listen."
    if setting.type == "number":
        fits = type(value) is int and setting.min <= value <= setting.max
        return "" if fits else f"Skriv et helt tal fra {setting.min} til {setting.max}."
    if setting.type == "yes_no":
        return "" if isinstance(value, bool) else "Vælg ja eller nej."
    if setting.type == "colours":
        return "" if isinstance(value, str) and _COLOUR.match(value) else "Skriv farven som # og seks tegn, fx #2e7d32."
    if setting.type == "kle":
        fits = value == "" or isinstance(value, str) and _KLE.match(value)
        return "" if fits else "Skriv KLE-emne og handlingsfacet som 00.00.00 A00, eller lad feltet være tomt."
    if setting.type == "word_groups":
        fits = isinstance(value, str) and len(value) <= setting.max and not unseen_characters(value)
        return fault_in(value) if fits else f"Skriv højst {setting.max} tegn."
    fits = isinstance(value, str) and len(value) <= setting.max and "\n" not in value and not unseen_characters(value)
    return "" if fits else f"Skriv højst {setting.max} tegn på én linje."


def _problem(source: LinedData, path: tuple, field: str, text: str) -> Problem:
    return Problem(file=source.file, line=source.line(path), field=field, code="forms.settings", text=text)
