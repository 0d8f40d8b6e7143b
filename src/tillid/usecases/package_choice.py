"""Which documents are packed: of a child, a place, a year, a search, or what is to be handed over now; of one data controller at a time (R-05).

Only what is the archive's (design 22); the order is the same each time, so that a run that was killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Literal, TypeVar

import msgspec

from tillid.archive.keeping import keeping_of
from tillid.archive.retention_rules import our_rules
from tillid.consents.model import Organisation
from tillid.documents.model import Document
from tillid.kernel.clock import local_day
from tillid.kernel.errors import TillidError
from tillid.usecases.package_document import Holds, NotTheArchives, UnknownDocument, archives_version
from tillid.usecases.retention_report import due_lines

T = TypeVar("T")
Forget = Callable[[], None]
AT_ONCE = 200  # documents


class SeveralControllers(TillidError):
    """``named``: names and ids of institutions."""

    code = "package.controllers"
    text = "Dokumenterne har flere dataansvarlige. Vælg en med --controller: {named}."


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """``value``: the id of the document, child or place, or the year; of a search the digest of its list; empty for ``due``.
    ``named``: a search's documents. ``controller``: the id of one whose documents alone are meant; empty: all, if they are one's."""

    kind: Literal["document", "child", "unit", "year", "search", "due"]
    value: str = ""
    named: tuple[str, ...] = ()
    controller: str = ""


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """One document to be packed."""

    document_id: str
    child_id: str
    controller: Organisation


def documents_of(house: Holds, choice: Choice, today: date, forget: Forget = lambda: None) -> list[Chosen]:
    """In order. ``forget``: lets go of what was read, asked now and then. Raises ``UnknownDocument`` for an id that leads to nothing, ``NotTheArchives`` for a named document that is not,
    ``SeveralControllers``."""
    found = [one for document in _asked(house, choice, today, forget) if (one := _chosen(house, choice, document))]
    controllers = {one.controller.id: one.controller for one in found}
    if len(controllers) > 1:
        named = ", ".join(f"{one.name} ({one.id})" for one in controllers.values())
        raise SeveralControllers("several controllers", named=named)
    return found


def _asked(house: Holds, choice: Choice, today: date, forget: Forget) -> Iterable[Document]:
    if choice.kind == "document":
        document = house.documents.get(choice.value)
        return [_there(document, choice.value)]
    if choice.kind == "child":
        _there(house.people.child(choice.value), choice.value)
        return _ordered(house.documents.of_child(choice.value))
    if choice.kind == "unit":
        _there(house.people.unit(choice.value), choice.value)
        places = house.people.organigram().below(choice.value)
        return _ordered(one for place in places for one in house.documents.of_unit(place))
    if choice.kind == "year":
        return _every(house, forget)
    if choice.kind == "search":
        return [_there(house.documents.get(one), one) for one in choice.named]
    return _due(house, today, forget)


def _there(found: Any, named: str) -> Any:
    if found is None:
        raise UnknownDocument("no such id", named=named[:60])
    return found


def _ordered(documents: Iterable[Document]) -> list[Document]:
    return sorted(documents, key=lambda one: (one.created_at, one.id))


def _every(house: Holds, forget: Forget) -> Iterator[Document]:
    for document_id in _forgetting(house.documents.ids(), forget):
        if (document := house.documents.get(document_id)) is not None:
            yield document


def _due(house: Holds, today: date, forget: Forget) -> Iterator[Document]:
    """To be kept, due, and not with the archive yet (R-83). What is undecided is not handed over (R-82)."""
    lines = due_lines(house.documents, house.ledger, house.people, our_rules())
    for line in _forgetting(lines, forget):
        if line.due is None or line.due > today or line.mark != "bevares":
            continue
        document = house.documents.get(line.document.id)
        if document is not None and keeping_of(house.ledger.of_document(document.id)).transfer is None:
            yield document


def _forgetting(things: Iterable[T], forget: Forget) -> Iterator[T]:
    """The whole store is looked at, and not held in memory."""
    for count, one in enumerate(things, start=1):
        yield one
        if count % AT_ONCE == 0:
            forget()


def _chosen(house: Holds, choice: Choice, document: Document) -> Chosen | None:
    unit = house.people.unit(document.unit_id)
    if unit is None or choice.controller not in ("", unit.controller.id):
        return None
    try:
        version = archives_version(house, document, house.ledger.of_document(document.id))
    except NotTheArchives:
        if choice.kind == "document":
            raise
        return None
    if choice.kind == "year" and str(local_day(version.frozen_at).year) != choice.value:
        return None
    return Chosen(document_id=document.id, child_id=document.child_id, controller=unit.controller)
