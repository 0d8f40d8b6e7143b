"""The structural check of a definition: JSON Schema 2020-12, with line, field and a suggestion in Danish."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import jsonschema

from tillid.forms.problems import Problem
from tillid.forms.yamllimits import LinedData, Path, field_at

SCHEMA_FILE = FilePath(__file__).with_name("schema.json")
MOST_TOLD = 500  # faults of structure in one file; more would be told of a file that is no definition at all
_TYPES = {
    "string": "tekst (sæt den i anførselstegn)",
    "object": "en gruppe med nøgler",
    "array": "en liste",
    "integer": "et helt tal",
    "boolean": "true eller false",
}


@cache
def _validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    return jsonschema.Draft202012Validator(_without_references(schema, schema["$defs"]))


def _without_references(part: Any, named: dict[str, Any]) -> Any:
    """``part`` with each ``$ref`` replaced by what it names: looking names up again at each value takes half the time.

    Possible because nothing in our schema contains itself (that would be a ``RecursionError`` at the first use).
    """
    if isinstance(part, list):
        return [_without_references(one, named) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _without_references(named[part["$ref"].removeprefix("#/$defs/")], named)
    return {key: _without_references(one, named) for key, one in part.items() if key != "$defs"}


def schema_problems(source: LinedData) -> list[Problem]:
    """Everything in ``source`` that the schema of definitions refuses, in the order of the file."""
    return list(located(_validator().iter_errors(source.data), source, ()))


@cache
def _list_validator() -> jsonschema.Draft202012Validator:
    named = json.loads(SCHEMA_FILE.read_text("utf-8"))["$defs"]
    return jsonschema.Draft202012Validator(_without_references(named["code_list"], named))


def code_list_problems(source: LinedData) -> list[Problem]:
    """The same for a code list that is a file of its own."""
    return list(located(_list_validator().iter_errors(source.data), source, ()))


def settings_problems(schema: dict[str, Any], settings: Any, source: LinedData, path: Path) -> list[Problem]:
    """The same for the settings of one field against its type's ``settings_schema``."""
    return list(located(jsonschema.Draft202012Validator(schema).iter_errors(settings), source, path))


def located(errors: Iterable[jsonschema.ValidationError], source: LinedData, base: Path) -> Iterator[Problem]:
    """``errors`` with file, line, field and a Danish text."""
    ordered = sorted(errors, key=lambda e: source.line((*base, *e.absolute_path)))
    for error in ordered[:MOST_TOLD]:
        path = (*base, *error.absolute_path)
        text, suggestion, key = _words(error)
        yield Problem(
            file=source.file,
            line=source.line((*path, key) if key else path),
            field=field_at(source.data, path),
            code="forms.schema",
            text=text,
            suggestion=suggestion,
        )


def nearest(word: Any, known: Iterable[str]) -> str:
    """»Mente du …?« or the list of what is known."""
    if len(str(word)) > 200:  # comparing takes time in the square of the length
        return ""
    names = sorted(known)
    close = difflib.get_close_matches(str(word), names, n=1, cutoff=0.5)
    if close:
        return f"Mente du »{close[0]}«?"
    return f"Kendte: {', '.join(names)}." if names else ""


def _words(error: jsonschema.ValidationError) -> tuple[str, str, str | None]:
    """Text, suggestion and the key inside the place that the error is about."""
    value, expected = error.instance, error.validator_value
    if error.validator == "additionalProperties":
        known = set(error.schema.get("properties", {}))
        extra = next(key for key in value if key not in known)
        return f"Nøglen »{str(extra)[:80]}« findes ikke her.", nearest(extra, known) or "Slet den.", extra
    if error.validator == "required":
        missing = [key for key in expected if key not in value]
        return f"Der mangler: {', '.join(missing)}.", "Tilføj det.", None
    if error.validator == "enum":
        return f"»{str(value)[:80]}« kan ikke bruges her.", nearest(value, map(str, expected)), None
    if error.validator == "type":
        kinds = [expected] if isinstance(expected, str) else expected
        named = " eller ".join(_TYPES.get(k, k) for k in kinds)
        return f"Værdien skal være {named}.", f"Skriv {named}.", None
    if error.validator == "pattern":
        return (
            f"»{str(value)[:80]}« er ikke en gyldig kode.",
            "Brug små bogstaver a-z, tal og _ og begynd med et bogstav.",
            None,
        )
    if error.validator == "uniqueItems":
        return "Listen har det samme to gange.", "Slet det ene.", None
    limits = {
        "minItems": ("Listen er for kort", "Tilføj det, der mangler."),
        "maxItems": ("Listen er for lang", "Del den op, eller slet noget."),
        "minLength": ("Teksten må ikke være tom", "Skriv den."),
        "maxLength": ("Teksten er for lang", "Skriv den kortere."),
        "minimum": ("Tallet er for lille", f"Skriv mindst {expected}."),
        "maximum": ("Tallet er for stort", f"Skriv højst {expected}."),
    }
    text, advice = limits.get(error.validator, ("Værdien kan ikke bruges", f"Brug {str(expected)[:200]}."))
    return f"{text} (grænse: {expected}).", advice, None
