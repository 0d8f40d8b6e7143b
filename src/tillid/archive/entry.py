"""What of a version goes into the archive's search.

In: texts, choices, tables and the units' names of the content phase that the archive may see (``visible_to``); of choices, numbers and
days also the value, for filters. Out, always: sensitive fields (an index is a copy that nobody is shown and no consent narrows),
positions and everything named after them (design 22), people and contact data, system values, every CPR number and every address,
wherever it was written (R-111), and the names of the case's people, wherever they were written (ADR 0055). What is done with a value its type
says (design 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from tillid.archive.filters import of_child
from tillid.archive.masking import mask_of, without_addresses
from tillid.archive.query import SearchEntry
from tillid.archive.scope import ArchiveState
from tillid.documents.model import Document, Version
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.searching import Search
from tillid.forms.readers import ARCHIVE, may_see
from tillid.kernel.clock import local_day
from tillid.kernel.cpr import without_cpr

MADE = 3  # raise with every change of what an entry holds: an index of another make is built anew
_NEVER_IN_NAMES = ("position", "adresse", "cpr", "telefon", "kontakt", "navn", "hvem")
_PEOPLE = frozenset(
    {"attest", "child_ref", "instant_person", "person", "person_list", "person_ref", "receipt", "user_ref"}
)


class Asked(NamedTuple):
    """A field, a column or a part that is searched. ``path``: its id, or the field's and its own; ``ways``: what is done with it."""

    path: str
    label: str
    field: Field
    ways: frozenset[Search]


def build_entry(
    definition: FormDefinition,
    document: Document,
    version: Version,
    *,
    state: ArchiveState,
    controller_id: str,
    sequence: int,
    names: Iterable[str] = (),
) -> SearchEntry:
    """The entry for one frozen version; ``sequence``: see ``SearchEntry``; ``names``: of the case's people."""
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
        variant=document.variant,
        text=mask_of(names).apply(text_of(definition, version.answers)),
        filed=filed_under(definition, document, version.answers),
        sequence=sequence,
    )


def text_of(definition: FormDefinition, answers: Mapping[str, Any], reader: str = ARCHIVE) -> str:
    """The searched words of ``answers`` that ``reader`` may see, a field's value a paragraph, in the order of the form; names still in
    them."""
    paragraphs: dict[str, list[str]] = {}
    for asked, value in _searched_values(definition, answers, reader):
        if "text" in asked.ways and (words := field_type(asked.field.type).search_text(value, asked.field, definition)):
            paragraphs.setdefault(asked.path.partition(".")[0], []).append(without_addresses(words))
    return without_cpr("\n\n".join("\n".join(words) for words in paragraphs.values()))


def filed_under(definition: FormDefinition, document: Document, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """What the version is filed under (``filters.py``), in order."""
    found = {of_child(document.child_id), f"variant={document.variant}"}
    for asked, value in _searched_values(definition, answers):
        values = field_type(asked.field.type).search_values(value, asked.field)
        found.update(f"{definition.id}/{asked.path}={one}" for one in values)
    return tuple(sorted(found))


def asked_fields(definition: FormDefinition) -> Iterator[Asked]:
    """Every field, column and part that is searched in some way, in the order of the form."""
    for field in definition.fields:
        if is_searched(field):
            yield from _asked(field)


def is_searched(field: Field, reader: str = ARCHIVE) -> bool:
    """Whether anything of a field is searched by ``reader``; of the archive: goes into the index."""
    return (
        bool(field_type(field.type).search)
        and field.phase == "content"
        and not field.sensitive
        and may_see(field.visible_to, reader)
        and _may_be_named(field)
    )


def people_in(definition: FormDefinition, answers: Mapping[str, Any]) -> Iterator[str]:
    """The names in the fields for people, whoever may see them: what is taken out of the words of the others."""
    for field in definition.fields:
        inner = field_type(field.type).inner(field)
        for row in _rows(answers.get(field.id)) if inner else [{field.id: answers.get(field.id)}]:
            for one in inner or (field,):
                value = row.get(one.id)
                if one.id == "navn" and isinstance(value, str):
                    yield value
                elif one.type in _PEOPLE:
                    yield from (person["name"] for person in _rows(value) if isinstance(person.get("name"), str))


def _asked(field: Field) -> Iterator[Asked]:
    kind = field_type(field.type)
    if not (inner := kind.inner(field)):
        yield Asked(field.id, field.label, field, frozenset(kind.search))
    for one in inner:
        ways = frozenset(kind.search) & frozenset(field_type(one.type).search)
        if ways and _may_be_named(one):
            yield Asked(f"{field.id}.{one.id}", f"{field.label}: {one.label}", one, ways)


def _searched_values(
    definition: FormDefinition, answers: Mapping[str, Any], reader: str = ARCHIVE
) -> Iterator[tuple[Asked, Any]]:
    for field in definition.fields:
        value = answers.get(field.id)
        if value is None or not is_searched(field, reader):
            continue
        every = tuple(_asked(field))
        for row in _rows(value) if every and every[0].field is not field else [{field.id: value}]:
            yield from ((asked, row[asked.field.id]) for asked in every if row.get(asked.field.id) is not None)


def _rows(value: Any) -> list[dict[str, Any]]:
    """The rows of a table, the people of a list, the one of what is no list."""
    return [row for row in (value if isinstance(value, list) else [value]) if isinstance(row, dict)]


def _may_be_named(field: Field) -> bool:
    named = (field.id, str(field.settings.get("code_list", "")))
    return not any(word in name for word in _NEVER_IN_NAMES for name in named)
