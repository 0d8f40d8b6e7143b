"""One uploaded file, named by its digest. The bytes lie in the blob store; only this description is an answer."""

from __future__ import annotations

import re
from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import WRONG_TYPE, FieldType, normal_object, text_problems
from tillid.forms.fieldtypes.differences import checksum_words, told_apart
from tillid.forms.fieldtypes.json_values import Schema, closed, matching, text
from tillid.forms.problems import ValueProblem

MOST_BYTES = 10_000_000  # the server takes no larger posts
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_KEYS = {"sha256", "name", "media_type", "size"}
_DIGEST = "ab" * 32


class File(FieldType):
    """``{"sha256", "name", "media_type", "size"}``; a posted form holds the digest of a file already received."""

    name = "file"
    widget = "file"
    reference = "file"
    settings_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["media_types", "max_bytes"],
        "properties": {
            "media_types": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "max_bytes": {"type": "integer", "minimum": 1, "maximum": MOST_BYTES},
        },
    }
    _SETTINGS = {"media_types": ["image/png"], "max_bytes": 1000}
    good = ((_SETTINGS, {"sha256": _DIGEST, "name": "tegning.png", "media_type": "image/png", "size": 900}),)
    bad = (
        (_SETTINGS, {"sha256": "kort", "name": "t.png", "media_type": "image/png", "size": 9}),
        (_SETTINGS, {"sha256": _DIGEST, "name": "t.png", "media_type": "text/html", "size": 9}),
        (_SETTINGS, {"sha256": _DIGEST, "name": "t.png", "media_type": "image/png", "size": 1001}),
        (_SETTINGS, {"sha256": _DIGEST, "name": "t\u202egnp.exe", "media_type": "image/png", "size": 9}),
        (_SETTINGS, {"sha256": _DIGEST}),
        (_SETTINGS, "fil"),
    )

    def parse(self, values: list[str], field: Field) -> Any:
        return {"sha256": values[0]} if values and values[0] else None

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_object(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        properties = {
            "sha256": matching("^[0-9a-f]{64}$", 64),
            "name": text(200),
            "media_type": {"enum": list(field.settings["media_types"])},
            "size": {"type": "integer", "minimum": 0, "maximum": field.settings["max_bytes"]},
        }
        return closed(properties, list(properties))

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, dict) or set(value) != _KEYS or type(value["size"]) is not int or value["size"] < 0:
            return [WRONG_TYPE]
        if not isinstance(value["sha256"], str) or not _SHA256.match(value["sha256"]):
            return [WRONG_TYPE]
        problems = text_problems(value["name"], 200)
        if value["media_type"] not in field.settings["media_types"]:
            problems.append(ValueProblem(code="forms.wrong-file-type", text="Filen er af en type, feltet ikke tager."))
        most = field.settings["max_bytes"]
        if value["size"] > most:
            problems.append(
                ValueProblem(
                    code="forms.file-too-large",
                    text="Filen må højst fylde {most} MB.",
                    params={"most": f"{most / 1_000_000:g}".replace(".", ",")},
                )
            )
        return problems

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return value["name"]

    def told(
        self, old: Any, new: Any, field: Field, definition: FormDefinition, language: str = "da"
    ) -> tuple[str, str]:
        sides = ([(value["name"], checksum_words(value["sha256"], language))] if value else [] for value in (old, new))
        before, after = told_apart(*sides)
        return "".join(before), "".join(after)


TYPES = (File(),)
