"""What belongs to a round and may be opened by somebody: the forms that are open to that person, and what the team has
written in the round about its children and groups.

What may not be opened is not there at all: no count and no gap tells of a colleague's form (design 25).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from tillid.documents.model import Document
from tillid.kernel.errors import TillidError
from tillid.process.access import Facts, Identity
from tillid.process.organisation import Round
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.ports import House

ReadOperation = Literal["read_team_copy", "read_individual"]


class RoundDocument(msgspec.Struct, frozen=True, kw_only=True):
    """``version``: the newest frozen one, 0 for a draft that the person may see; ``operation``: what opens its copy."""

    document: Document
    version: int
    operation: ReadOperation


def documents_of_round(house: House, who: Identity, round_: Round) -> list[RoundDocument]:
    """Child by child in the order of their names, what is about a group first; within a child the oldest first."""
    found = [seen for one in _belonging(house, round_) if (seen := _seen(house, who, one)) is not None]
    return sorted(
        found, key=lambda one: (_name(house, one.document), one.document.child_id, one.document.created_at, one.document.id)
    )  # fmt: skip


def operation_of(document: Document) -> ReadOperation:
    """What a reader of the sender's side must be allowed to open the team's copy of it."""
    return "read_individual" if document.round_id is not None else "read_team_copy"


def draft_seen(house: House, who: Identity, document: Document, facts: Facts) -> bool:
    """Whether it is a draft that was never frozen and that ``who`` may see."""
    return not document.versions and allowed(house, who, "see_draft", facts)


def _seen(house: House, who: Identity, document: Document) -> RoundDocument | None:
    facts, operation = facts_of(house, document), operation_of(document)
    if document.versions and allowed(house, who, operation, facts):
        return RoundDocument(document=document, version=document.versions, operation=operation)
    if draft_seen(house, who, document, facts):
        return RoundDocument(document=document, version=0, operation=operation)
    return None


def _belonging(house: House, round_: Round) -> list[Document]:
    marks = list(house.documents.of_round(round_.id))
    return marks + [
        one
        for one in house.documents.of_unit(round_.unit_id)
        if one.round_id is None and _round_named(house, one) == round_.id
    ]


def _round_named(house: House, document: Document) -> str:
    """The id of the round that the document says it was written in; only forms with such a field are opened for it."""
    try:
        form = house.definitions.of(document.definition)
    except TillidError:  # a form that is not known here any more
        return ""
    named = [field.id for field in form.fields if field.type == "round_ref"]
    if not named:
        return ""
    version = house.documents.version(document.id, document.versions) if document.versions else None
    answers = version.answers if version else house.documents.draft(document.id).answers
    values = (answers.get(field) for field in named)
    return next((value["id"] for value in values if isinstance(value, dict) and value.get("id")), "")


def _name(house: House, document: Document) -> str:
    child = house.people.child(document.child_id) if document.child_id else None
    return child.name if child else ""
