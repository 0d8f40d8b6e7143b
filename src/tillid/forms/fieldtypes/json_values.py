"""Pieces of JSON Schema 2020-12 that the types' ``value_schema`` are made of."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
# All but those that ``kernel.text.forbidden_characters`` names. (Lone surrogates cannot stand in JSON: RFC 7493.) Beyond the first
# plane by themselves: there is no other spelling of them that all engines read.
_SEEN = (
    r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*$"
)
_LEAP = "(?:(?:19|20)(?:0[48]|[2468][048]|[13579][26])|2000)"
DAY = (
    "(?:(?:(?:19|20)[0-9]{2}|2100)-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    f"|02-(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP}-02-29)"
)
CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"


def text(most: int, least: int = 0) -> Schema:
    """A text of so many characters (code points), all of which can be seen."""
    return {"type": "string", **({"minLength": least} if least else {}), "maxLength": most, "pattern": _SEEN}


def closed(properties: Schema, required: list[str]) -> Schema:
    """A mapping with these keys and no others."""
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def codes(list_id: str) -> Schema:
    """One code of a list; the lists stand once in ``$defs`` (``json_schema.py``)."""
    return {"$ref": f"#/$defs/{list_id}"}


def named(required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Schema:
    """As ``object_problems``: short texts, the required ones not empty."""
    return closed(
        {key: text(300, 1 if key in required else 0) for key in dict.fromkeys((*required, *optional))}, list(required)
    )


def matching(pattern: str, most: int) -> Schema:
    """A text of this pattern. Some engines let »$« stand before a last line end; the length does not."""
    return {"type": "string", "pattern": pattern, "maxLength": most}


INSTANT = matching(f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{CLOCK}:[0-5][0-9]Z$", 20)
WHO = closed({"at": INSTANT, "name": text(300, 1), "person_id": text(300)}, ["at", "name"])
