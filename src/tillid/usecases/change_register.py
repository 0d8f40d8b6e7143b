"""What a register tells anew of a child or a parent. A name that changed, or a person who is new to the family, changes what is
taken out of the family's searched words: their documents are in no search until that is done (ADR 0055)."""

from __future__ import annotations

from collections.abc import Iterable

from tillid.consents.custody import Custody
from tillid.kernel.ids import new_id
from tillid.process.organisation import Child, Parent
from tillid.usecases.facts import custody_of
from tillid.usecases.names_of_case import family_of
from tillid.usecases.ports import House


def child_told(house: House, child: Child, cpr: str, custody: Custody) -> None:
    """Store what the register says of a child. An earlier name stays known to it."""
    before, held = house.people.child(child.id), _holders(custody_of(house, child.id))
    house.people.put_child(child, cpr, custody)
    if before is None or before.name != child.name or held != _holders(custody):
        _index_again(house, family_of(house, child.id))


def parent_told(house: House, parent: Parent, cpr: str) -> None:
    """Store what the register says of a parent, in the same way."""
    before = house.people.parent(parent.id)
    house.people.put_parent(parent, cpr)
    if before is not None and before.name != parent.name:
        _index_again(house, family_of(house, parent.id))


def _holders(custody: Custody | None) -> frozenset[tuple[str, str]]:
    return frozenset((holder.person_id, holder.name) for holder in (custody.holders if custody else ()))


def _index_again(house: House, children: Iterable[str]) -> None:
    for child_id in sorted(children):
        # A step that has read the old name must not write after the one that reads the new: both ask about the custody, and
        # of two transactions of which one writes it, one runs again.
        if (custody := custody_of(house, child_id)) is not None:
            house.people.put_custody(custody)
        for document in house.documents.of_child(child_id):
            if document.versions:
                cause = new_id()
                house.exclusions.add(document.id, cause)
                house.outbox.add("index", {"document": document.id, "event": cause}, house.moment)
