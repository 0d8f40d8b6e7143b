"""A form with every field answered as fully as it takes, for the benchmark of the forms."""

from __future__ import annotations

from typing import Any

import msgspec

from tillid.forms.definition import Field, FormDefinition

WORDS = (
    "Hun bygger gerne en hel by af papkasser, giver alle husene navne og husker længe, hvad man har lovet hende. "
    "I skift har hun brug for, at en voksen står ved siden af og siger, hvad der nu skal ske.\n"
)
ID = "5b0d6f0e-3f0b-4c64-9f0a-0d6d5a1f7c21"
ROWS = 4
# Everything that the conditions of the form ask for, so that none of them is left undecided.
FACTS: dict[str, Any] = {
    "variant": "bh_sk",
    "latest_position": "gul",
    "legal_basis": "retningslinje",
    "sender_unit_kind": "boernehave",
    "receiver_unit_kind": "skole_sfo",
    "joint_custody": True,
    "has_sensitive_items": True,
}


def full_answers(definition: FormDefinition, variant: str) -> dict[str, Any]:
    """Raw answers to every field of phase ``content``: texts of the full length, a few rows in each table."""
    return {
        field.id: _coded(field, definition, variant) if field.type == "choice" else _raw(field)
        for field in definition.fields
        if field.phase == "content"
    }


def text(most: int) -> str:
    """Words of ``most`` characters, less a blank at the end."""
    return (WORDS * (most // len(WORDS) + 1))[:most].strip()


def _coded(field: Field, definition: FormDefinition, variant: str) -> str:
    codes = definition.code_list(field.settings["code_list"]).codes
    return variant if variant in codes else codes[0]


def _raw(field: Field) -> Any:
    if field.type in ("text", "long_text"):
        return text(field.settings["max"])
    if field.type == "table":
        row = {column.id: _raw(column) for column in field.columns}
        return [msgspec.json.decode(msgspec.json.encode(row)) for _ in range(ROWS)]
    if field.type == "file":
        return {"sha256": "ab" * 32, "name": "tegning.png", "media_type": "image/png", "size": 480_000}
    return {
        "yes_no": True,
        "date": "5.3.2026",
        "person_list": [{"name": "Line Lindgaard"}, {"name": "Jonas Bruun Lindgaard"}],
        "document_list": [{"document_id": ID, "title": "Sprogvurdering"}],
    }.get(field.type, {"id": ID, "name": "Børnehaven Skovbrynet"})
