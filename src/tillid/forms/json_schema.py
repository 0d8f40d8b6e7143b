"""The answers of one version of a form as JSON Schema 2020-12 (https://json-schema.org/draft/2020-12/schema).

What the standard has words for is said in them (types, limits, codes, titles); the rest stands in annotations whose names
begin with ``x-tillid-`` (docs/forms_commands.md). A validator that does not know them ignores them. ``required`` is never
used at the top: a draft may be incomplete; what must be answered, and when, is ``x-tillid-required``.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tillid.forms.definition import CodeList, Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.json_values import Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def answers_schema(definition: FormDefinition) -> Schema:
    """The schema of the answers alone: field id → stored answer, without empty ones. Derived fields never occur."""
    return {
        "$schema": DIALECT,
        "$id": ":".join([f"urn:tillid:answers:{definition.id}:{definition.version}", *_added(definition)]),
        "title": definition.title,
        "description": definition.purpose,
        "x-tillid-form": definition.id,
        "x-tillid-version": definition.version,
        "x-tillid-status": definition.status,
        "x-tillid-digest": definition.digest,
        **({"x-tillid-additions": list(definition.overlays)} if definition.overlays else {}),
        "x-tillid-variants": _plain(definition.variants),
        "x-tillid-phases": _plain(definition.phases),
        "x-tillid-allowed-bases": list(definition.allowed_bases),
        "x-tillid-rules": _plain(definition.rules),
        "x-tillid-sections": [
            {
                "id": section.id,
                "title": section.title,
                "phase": section.phase,
                "guidance": list(section.guidance),
                "fields": [field.id for field in section.fields],
            }
            for section in definition.sections
        ],
        "type": "object",
        "additionalProperties": False,
        "properties": {
            field.id: _property(field, definition) for field in definition.fields if field.phase != "derived"
        },
        "$defs": {code_list.id: _codes(code_list) for code_list in definition.code_lists},
    }


def _added(definition: FormDefinition) -> list[str]:
    """What a municipality or a unit adds: ``skovtroldens_aftaler:1``."""
    return [one.split(" ")[0].replace("/v", ":") for one in definition.overlays]


def _property(field: Field, definition: FormDefinition) -> Schema:
    said: Schema = {
        **field_type(field.type).value_schema(field, definition),
        "title": field.label,
        "x-tillid-type": field.type,
        "x-tillid-section": field.section,
        "x-tillid-phase": field.phase,
        "x-tillid-required": field.required,
        "x-tillid-filled-by": list(field.filled_by),
        "x-tillid-visible-to": list(field.visible_to),
    }
    if field.help:
        said["description"] = field.help
    for key, value in (
        ("x-tillid-shown-if", field.shown_if),
        ("x-tillid-computed", field.computed),
        ("x-tillid-sensitive", field.sensitive),
        ("x-tillid-support", list(field.support)),
    ):
        if value:
            said[key] = value
    return said


def _codes(code_list: CodeList) -> Schema:
    """One code of the list; each with its label, the way the specification shows for enumerations with titles."""
    return {
        "title": code_list.title,
        "x-tillid-code-list": code_list.id,
        "x-tillid-code-list-version": code_list.version,
        "oneOf": [_code(choice) for choice in _plain(code_list.choices)],
    }


def _code(choice: dict[str, Any]) -> Schema:
    made: Schema = {"const": choice["code"], "title": choice["label"]}
    if choice.get("help"):
        made["description"] = choice["help"]
    extra = {key: value for key, value in choice.items() if key not in ("code", "label", "help") and value}
    return made | {f"x-tillid-{key.replace('_', '-')}": value for key, value in extra.items()}


def _plain(structs: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(structs))
