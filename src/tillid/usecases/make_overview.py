"""The document in which a team writes about its group in a round; made by the system when the group's marks open (T5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tillid.kernel.canonical import sha256
from tillid.kernel.ids import derived_id
from tillid.process.access import Identity
from tillid.process.organisation import Child, Round
from tillid.usecases.ports import House
from tillid.usecases.start_document import as_begun_at, first_draft, put_document
from tillid.usecases.system_answers import system_answers
from tillid.usecases.writing import record_event

OVERVIEW = "trivselsoverblik"


def overview_id(round_id: str, group: str) -> str:
    """The id of the one document about ``group`` in the round."""
    return derived_id(bytes.fromhex(sha256(f"{OVERVIEW}:{round_id}:{group}".encode())))


def make_overviews(house: House, who: Identity, round_: Round, *, group: str | None = None) -> None:
    """The documents for the round's groups (or for ``group``) that are not there yet: when the round is opened, or when
    the last of a group has submitted."""
    definition = as_begun_at(house, house.definitions.latest(OVERVIEW), round_.unit_id)
    for name, children in groups_of(house, round_):
        id_ = overview_id(round_.id, name)
        if (group is not None and name != group) or house.documents.get(id_) is not None:
            continue
        if house.documents.tombstone(id_) is not None:
            continue  # written, kept for its time and destroyed
        document = put_document(house, who, definition, round_.unit_id, children[0].variant, document_id=id_)
        named = {"gruppe": {"id": name, "name": name}, "runde": {"id": round_.id, "name": round_.title}}
        known = system_answers(house, document, who, child=None) | named
        house.documents.add(document, first_draft(house, document, known))
        record_event(house, document, "document_created", who.person_id, {"form": definition.name})


def round_named(answers: Mapping[str, Any]) -> str:
    """The id of the round that a form is about, as its answers name it; empty for none."""
    found = answers.get("runde")
    return found.get("id", "") if isinstance(found, dict) else ""


def group_is_in(house: House, round_: Round, group: str) -> bool:
    """Whether everybody who is set on a child of the group has submitted."""
    submitted = {(d.child_id, d.author) for d in house.documents.of_round(round_.id) if d.state != "draft"}
    children = next((found for name, found in groups_of(house, round_) if name == group), [])
    wanted = {(child.id, one) for child in children for one in round_.assigned.get(child.id, ())}
    return bool(wanted) and wanted <= submitted


def groups_of(house: House, round_: Round) -> list[tuple[str, list[Child]]]:
    """The groups with a child in the round, each with all its children: none may be missing (T1)."""
    children = sorted(house.people.children_of_unit(round_.unit_id), key=lambda one: (one.name, one.id))
    named = sorted({one.group for one in children if one.id in round_.assigned})
    return [(name, [one for one in children if one.group == name]) for name in named]
