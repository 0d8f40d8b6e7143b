"""What of a version goes into the archive's full text.

In: texts, choices, tables and the child's and the units' names of the content phase that the archive may see
(``visible_to``). Out, always: sensitive fields (an index is a copy that nobody is shown and no consent narrows),
positions and everything named after them (design 22), addresses, other people's names and contact data, system values,
and every CPR number, wherever it was written (R-111). What a field's words are its type says (design 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tillid.archive.query import SearchEntry
from tillid.archive.scope import ArchiveState
from tillid.documents.model import Document, Version
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.readers import ARCHIVE, may_see
from tillid.kernel.clock import local_day
from tillid.kernel.cpr import without_cpr

# A new field type is not searched until it is named here.
SEARCHED_TYPES = frozenset(
    {"text", "long_text", "choice", "multi_choice", "table", "scale_text", "child_ref", "unit_ref", "item_list"}
)
_NEVER_IN_NAMES = ("position", "adresse", "cpr", "telefon", "kontakt")


def build_entry(
    definition: FormDefinition,
    document: Document,
    version: Version,
    *,
    state: ArchiveState,
    controller_id: str,
    sequence: int,
) -> SearchEntry:
    """The entry for one frozen version; ``sequence``: see ``SearchEntry``."""
    return SearchEntry(
        document_id=document.id,
        version=version.number,
        number=document.number,
        form_id=definition.id,
        title=definition.title,
        state=state,
        year=local_day(version.frozen_at).year,
        frozen_at=version.frozen_at,
        unit_id=document.unit_id,
        controller_id=controller_id,
        text=text_of(definition, version.answers),
        sequence=sequence,
    )


def text_of(definition: FormDefinition, answers: Mapping[str, Any]) -> str:
    """The searched words of ``answers``, a field's value a paragraph, in the order of the form."""
    words = (
        field_type(field.type).search_text(answers[field.id], field, definition)
        for field in definition.fields
        if is_searched(field) and answers.get(field.id) is not None
    )
    return without_cpr("\n\n".join(text for text in words if text))


def is_searched(field: Field) -> bool:
    """Whether a field's words go into the index."""
    named = (field.id, str(field.settings.get("code_list", "")))
    return (
        field.type in SEARCHED_TYPES
        and field.phase == "content"
        and not field.sensitive
        and may_see(field.visible_to, ARCHIVE)
        and not any(word in name for word in _NEVER_IN_NAMES for name in named)
    )
