"""What a meeting agreed on, as its locked minutes have it: found by the list of states that a row can be in, for whatever form (D7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type

STATUS_LIST, OPEN = "aftale_status", "aaben"


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """``words``: label and text of each filled column but the state; ``status``: the code of that, empty where none was chosen."""

    words: tuple[tuple[str, str], ...]
    status: str


def agreements_in(
    definition: FormDefinition, answers: Mapping[str, Any], language: str = "da"
) -> tuple[Agreement, ...]:
    """In the order of the minutes; none where the form has no list of agreements, or the meeting agreed on nothing."""
    return tuple(
        Agreement(words=tuple(_words(row, field, status, definition, language)), status=row.get(status) or "")
        for field, status in _lists(definition)
        for row in answers.get(field.id) or ()
    )


def ways_to_end(definition: FormDefinition) -> dict[str, str]:
    """Code → label of the states of an agreement that is not open any more."""
    if not any(_lists(definition)):
        return {}
    return {one.code: one.label for one in definition.code_list(STATUS_LIST).choices if one.code != OPEN}


def _lists(definition: FormDefinition) -> Iterator[tuple[Field, str]]:
    """The fields that list agreements, each with the id of the column that says how one stands."""
    for field in definition.fields:
        for column in field.columns:
            if column.settings.get("code_list") == STATUS_LIST:
                yield field, column.id


def _words(
    row: Mapping[str, Any], field: Field, status: str, definition: FormDefinition, language: str
) -> Iterator[tuple[str, str]]:
    for column in field.columns:
        if column.id != status and column.id in row:
            yield column.label, str(field_type(column.type).format(row[column.id], column, definition, language))
