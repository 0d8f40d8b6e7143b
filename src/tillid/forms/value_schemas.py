"""JSON Schema 2020-12 of one stored answer, type by type: the same yes and no as the type's own ``validate``.

A type that is not listed here may bring its schema itself (``value_schema(field, definition)``); a contract test runs
every type's good and bad samples against it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import TYPES
from tillid.forms.fieldtypes.lists import MOST, ObjectList
from tillid.forms.fieldtypes.parts import part_field
from tillid.forms.fieldtypes.references import Reference
from tillid.forms.fieldtypes.table import DEFAULT_MAX_ROWS, column_fields

Schema = dict[str, Any]
# The characters of ``kernel.text`` that nobody can see. (Lone surrogates cannot stand in JSON: RFC 7493.)
_SEEN = (
    r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ufffe\uffff]*$"
)
_LEAP = "(?:(?:19|20)(?:0[48]|[2468][048]|[13579][26])|2000)"
_DAY = (
    "(?:(?:(?:19|20)[0-9]{2}|2100)-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    f"|02-(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP}-02-29)"
)
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_CPR = (
    "^(?:(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])(?:0[13578]|1[02])[0-9]{2}"
    "|(?:0[1-9]|[12][0-9]|30|6[1-9]|[78][0-9]|90)(?:0[469]|11)[0-9]{2}"
    "|(?:0[1-9]|1[0-9]|2[0-8]|6[1-9]|7[0-9]|8[0-8])02[0-9]{2}"
    "|(?:29|89)02(?:[02468][048]|[13579][26]))[0-9]{4}$"
)


def value_schema(field: Field, definition: FormDefinition) -> Schema:
    """The schema of a stored, not empty answer to ``field``; raises ``KeyError`` for a type that has none."""
    kind = TYPES[field.type]
    own = getattr(kind, "value_schema", None)
    if own is not None:
        return own(field, definition)
    if parts := kind.parts(field):
        return _together(
            field.type,
            closed(
                {part.key: value_schema(part_field(field, part), definition) for part in parts},
                [part.key for part in parts if part.required or field.settings.get("whole")],
            ),
        )
    if isinstance(kind, Reference):
        return _named(("id", "name"), kind.optional)
    if isinstance(kind, ObjectList):
        return {"type": "array", "maxItems": MOST, "items": _item(kind)}
    return _SCHEMAS[field.type](field, definition)


def text(most: int, least: int = 0) -> Schema:
    """A text of so many characters (code points), all of which can be seen."""
    return {"type": "string", **({"minLength": least} if least else {}), "maxLength": most, "pattern": _SEEN}


def closed(properties: Schema, required: list[str]) -> Schema:
    """A mapping with these keys and no others."""
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def codes(list_id: str) -> Schema:
    """One code of a list; the lists stand once in ``$defs`` (``json_schema.py``)."""
    return {"$ref": f"#/$defs/{list_id}"}


def _named(required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Schema:
    """As ``object_problems``: short texts, the required ones not empty."""
    return closed(
        {key: text(300, 1 if key in required else 0) for key in dict.fromkeys((*required, *optional))}, list(required)
    )


def _item(kind: ObjectList) -> Schema:
    if kind.name == "text_version_ref":
        return _named(("id", "version", "language"))
    if kind.name != "document_list":
        return _named(tuple(dict.fromkeys((kind.key, kind.title))), kind.keys)
    keys = (kind.key, kind.title, *kind.keys)
    # A file of its own is named by its digest, a document of ours by its id.
    plain = {key: text(300) for key in dict.fromkeys(keys)}
    filled = {key: {"minLength": 1} for key in keys}
    return {
        **closed({**plain, "title": text(300, 1)}, ["title"]),
        "if": {"required": ["sha256"]},
        "then": {"properties": {"sha256": filled["sha256"]}},
        "else": {"required": [kind.key], "properties": {kind.key: filled[kind.key]}},
    }


def _together(name: str, schema: Schema) -> Schema:
    """What a combination asks between its parts, as far as JSON Schema can say it."""
    if name in ("unit_or_text", "document_or_text"):
        return {**schema, "minProperties": 1, "maxProperties": 1}
    if name in ("period", "percent_period"):
        return {**schema, "$comment": "»from« may not be after »to«; JSON Schema cannot compare two values."}
    return {**schema, "minProperties": 1}


def _choice_text(field: Field, definition: FormDefinition) -> Schema:
    return closed({"code": codes(field.settings["code_list"]), "text": text(field.settings["max"])}, ["code"])


def _steps(field: Field) -> Schema:
    return {"type": "integer", "minimum": field.settings["from"], "maximum": field.settings["to"]}


def _scale_text(field: Field, definition: FormDefinition) -> Schema:
    return closed({"score": _steps(field), "text": text(field.settings["max"])}, ["score"])


def _table(field: Field, definition: FormDefinition) -> Schema:
    row = closed({column.id: value_schema(column, definition) for column in column_fields(field)}, [])
    return {"type": "array", "maxItems": field.settings.get("max_rows", DEFAULT_MAX_ROWS), "items": row}


def _file(field: Field, definition: FormDefinition) -> Schema:
    properties = {
        "sha256": _pattern("^[0-9a-f]{64}$", 64),
        "name": text(200),
        "media_type": {"enum": list(field.settings["media_types"])},
        "size": {"type": "integer", "minimum": 0, "maximum": field.settings["max_bytes"]},
    }
    return closed(properties, list(properties))


def _pattern(pattern: str, most: int) -> Schema:
    # Some engines let »$« stand before a last line end; the length does not.
    return {"type": "string", "pattern": pattern, "maxLength": most}


def _number(field: Field, definition: FormDefinition) -> Schema:
    return {"type": "integer", "minimum": field.settings["min"], "maximum": field.settings["max"]}


_INSTANT = _pattern(f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}:[0-5][0-9]Z$", 20)
_WHO = closed({"at": _INSTANT, "name": text(300, 1), "person_id": text(300)}, ["at", "name"])
_SCHEMAS: dict[str, Callable[[Field, FormDefinition], Schema]] = {
    "text": lambda f, d: text(f.settings["max"]),
    "long_text": lambda f, d: text(f.settings["max"]),
    "choice": lambda f, d: codes(f.settings["code_list"]),
    "multi_choice": lambda f, d: {"type": "array", "items": codes(f.settings["code_list"])},
    "choice_text": _choice_text,
    "scale": lambda f, d: _steps(f),
    "scale_text": _scale_text,
    "yes_no": lambda f, d: {"type": "boolean"},
    "yes_no_unknown": lambda f, d: {"enum": ["yes", "no", "unknown"]},
    "date": lambda f, d: _pattern(f"^{_DAY}$", 10),
    "moment": lambda f, d: _pattern(f"^{_DAY}T{_CLOCK}:[0-5][0-9]Z$", 20),
    "time": lambda f, d: _pattern(f"^{_CLOCK}$", 5),
    "number": _number,
    "percent": lambda f, d: {"type": "number", "minimum": 0, "maximum": 100, "x-tillid-decimals": 1},
    "cpr": lambda f, d: _pattern(_CPR, 10),
    "person": lambda f, d: _named(("name",), ("person_id",)),
    "table": _table,
    "file": _file,
    "instant": lambda f, d: _INSTANT,
    "instant_person": lambda f, d: _WHO,
    "attest": lambda f, d: _WHO,
    "receipt": lambda f, d: {"type": "array", "items": _WHO},
    "computed": lambda f, d: text(500),
    "language_code": lambda f, d: _pattern("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", 500),
    "xml_signature": lambda f, d: _named(("record_id", "sha256")),
    "document_ref": lambda f, d: _named(("document_id", "title"), ("version", "sha256")),
}
