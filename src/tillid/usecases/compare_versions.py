"""What changed between two versions that the reader has been given: for the sender's side, and for each parent alone."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tillid.documents.comparing import Comparison, compare, reads_the_same
from tillid.documents.model import Document, Reader, Version
from tillid.forms.definition import FormDefinition
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.fill import definition_of
from tillid.usecases.given import Given, given_to_parents
from tillid.usecases.open_copy import READER, Operation
from tillid.usecases.ports import House
from tillid.usecases.writing import note


class ChangedText(msgspec.Struct, frozen=True, kw_only=True):
    """``before`` and ``after``: the versions compared; ``given``: all that can be chosen, oldest first."""

    document: Document
    title: str
    before: Given
    after: Given
    given: tuple[Given, ...]
    comparison: Comparison


def compare_versions(
    house: House, who: Identity, document_id: str, before: int | None, after: int | None, language: str
) -> ChangedText:
    """Version ``before`` beside ``after`` (default: the two newest) as ``who`` may see them; an attempt row comes first.

    Raises ``NotFound`` for who may not read, and for a number that is not among the versions given to that reader."""
    operation = reading_operation(who)
    document, _ = require(house, who, operation, document_id)
    note(house, who, operation, document)
    return compared(house, who, document, before, after, language)


def compared(
    house: House, who: Identity, document: Document, before: int | None, after: int | None, language: str
) -> ChangedText:
    """``compare_versions`` for who was asked and logged already: a number that reader was not given is ``NotFound``."""
    reader = READER[reading_operation(who)]
    return compared_among(house, document, _given(house, who, document), reader, before, after, language)


def compared_among(
    house: House, document: Document, given: Sequence[Given], reader: Reader, before: int | None, after: int | None,
    language: str,
) -> ChangedText:  # fmt: skip
    """The same for whose versions are ``given``, as ``reader`` may see them."""
    if len(given) < 2:
        raise NotFound("nothing to compare")
    last = _chosen(given, after, given[-1])
    first = _chosen(
        given, before, max((one for one in given if one.number < last.number), default=given[0], key=_number)
    )
    if first.number >= last.number:
        raise NotFound("the later version is not later")
    old, new = (_version(house, document.id, one.number) for one in (first, last))
    way = _way(house, old, new)
    return ChangedText(
        document=document,
        title=way[-1].title,
        before=first,
        after=last,
        given=tuple(given),
        comparison=compare(way, old.answers, new.answers, reader=reader, language=language, variant=document.variant),
    )


def same_among(
    house: House, document: Document, given: Sequence[Given], reader: Reader, before: int, after: int
) -> bool:
    """Whether two of ``given`` read the same to ``reader``. Raises as ``compared_among``."""
    old, new = (_version(house, document.id, _chosen(given, one, given[-1]).number) for one in (before, after))
    return reads_the_same(_way(house, old, new), old.answers, new.answers, reader, document.variant)


def reading_operation(who: Identity) -> Operation:
    """What must be allowed: each side reads its own projection."""
    return "read_parent_copy" if who.kind != "staff" else "read_team_copy"


def _given(house: House, who: Identity, document: Document) -> tuple[Given, ...]:
    if who.kind != "staff":
        return given_to_parents(house.ledger.of_document(document.id))
    numbers = range(1, document.versions + 1)
    return tuple(Given(number=number, at=_version(house, document.id, number).frozen_at) for number in numbers)


def _chosen(given: Sequence[Given], number: int | None, otherwise: Given) -> Given:
    if number is None:
        return otherwise
    found = next((one for one in given if one.number == number), None)
    if found is None:
        raise NotFound("not given to this reader")
    return found


def _number(one: Given) -> int:
    return one.number


def _version(house: House, document_id: str, number: int) -> Version:
    version = house.documents.version(document_id, number)
    if version is None:
        raise NotFound("version missing")
    return version


def _way(house: House, old: Version, new: Version) -> list[FormDefinition]:
    """The form of ``old``, those between, and the form of ``new``; one alone where both are answers to the same."""
    first, last = definition_of(house, old), definition_of(house, new)
    if first.digest == last.digest or first.version == last.version:
        return [last]
    return [
        first,
        *(house.definitions.get(first.id, number) for number in range(first.version + 1, last.version)),
        last,
    ]
