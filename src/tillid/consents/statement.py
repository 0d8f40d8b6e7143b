"""What is asked: the items of a version and the words around them (R-10 to R-15, design 12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from tillid.consents.model import ConsentItem, ConsentRequest, ConsentText
from tillid.forms.answers import projection
from tillid.forms.definition import FormDefinition
from tillid.kernel.canonical import json_digest
from tillid.kernel.cpr import without_cpr
from tillid.kernel.errors import TillidError

ATTACHMENT_TYPES = ("file", "document_list")
MOST_NAMED = 400  # characters; a record's line holds 500
HOLDER_NAME = "{navn}"
MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()


class UnaskableDocument(TillidError):
    code = "consent.nothing-to-ask"
    text = "Der er ikke noget i beskrivelsen, som kan gives videre endnu. Udfyld mindst ét afsnit, før I spørger om samtykke."


def consent_items(definition: FormDefinition, answers: Mapping[str, Any]) -> tuple[ConsentItem, ...]:
    """The rows a holder answers: each section's ordinary fields, each sensitive field and each attachment on its own.

    Only answered fields that the receiver may see; order as in the form. Raises ``UnaskableDocument`` when none is left.
    """
    visible = projection(definition, answers, "receiver")
    items: list[ConsentItem] = []
    for section in definition.sections:
        ordinary: dict[str, Any] = {}
        apart: list[ConsentItem] = []
        for field in section.fields:
            if field.id not in visible:
                continue
            value = visible[field.id]
            if field.type in ATTACHMENT_TYPES:
                title = _naming(field.label, value)
                apart.append(_item("attachment", field.id, title, section.id, {field.id: value}, field.sensitive))
            elif field.sensitive:
                apart.append(_item("sensitive", field.id, field.label, section.id, {field.id: value}, True))
            else:
                ordinary[field.id] = value
        if ordinary:
            items.append(_item("section", section.id, section.title, section.id, ordinary, False))
        items.extend(apart)
    if not items:
        raise UnaskableDocument(f"no item in {definition.id} v{definition.version}")
    return tuple(items)


def _naming(label: str, value: Any) -> str:
    """``Bilag: Sprogvurdering.pdf, Portfolio.pdf``: each file by its name, which the record holds (R-11), but never a CPR
    number, which it must not (R-102). What is left out for room is counted; the item's digest covers every file's."""
    entries = value if isinstance(value, list) else [value]
    names = [" ".join(without_cpr(one.get("title") or one.get("name") or "").split()) for one in entries]
    told, left = [], list(filter(None, names))
    while left and len(", ".join([*told, left[0]])) <= MOST_NAMED:
        told.append(left.pop(0))
    more = [f"og {len(left)} mere"] if left else []
    return f"{label}: {' '.join([', '.join(told), *more]).strip()}" if told or more else label


def _item(kind: Any, key: str, title: str, section_id: str, values: dict[str, Any], sensitive: bool) -> ConsentItem:
    prefix = "section" if kind == "section" else "field"
    return ConsentItem(
        id=f"{prefix}:{key}",
        kind=kind,
        title=title,
        section_id=section_id,
        field_ids=tuple(values),
        sensitive=sensitive,
        digest=json_digest(values),
    )


def released_answers(
    items: tuple[ConsentItem, ...], released: frozenset[str], answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers of the released items alone; what the receiver's copy is made of (design 16)."""
    allowed = {field for item in items if item.id in released for field in item.field_ids}
    return {field: value for field, value in answers.items() if field in allowed}


def filled_text(
    definition: FormDefinition, text_ids: tuple[str, ...], language: str, values: Mapping[str, str]
) -> ConsentText:
    """The paragraphs ``text_ids`` of the form in ``language`` with their placeholders filled: the very words shown."""
    texts = [definition.text(text_id, language) for text_id in text_ids]
    body = "\n\n".join(text.body.strip().format(**values) for text in texts)
    return ConsentText(id="+".join(text_ids), version=definition.version, language=language, body=body)


def words_for(request: ConsentRequest, holder_name: str, language: str) -> ConsentText:
    """The very words ``holder_name`` sees in ``language`` (else Danish), and which the record holds (R-10)."""
    text = next((one for one in request.texts if one.language == language), request.texts[0])
    return msgspec.structs.replace(text, body=text.body.replace(HOLDER_NAME, holder_name))


def danish_date(day: date) -> str:
    """``3. december 2026``."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"
