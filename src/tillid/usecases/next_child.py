"""The children of a round for whom somebody still has a trivselsskema to fill, one after the other."""

from __future__ import annotations

from tillid.documents.model import Document
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.ports import House


def children_left(house: House, who: Identity, document: Document) -> tuple[Child, ...]:
    """The other children of the document's round for whom ``who`` is assigned and has not submitted: from the next by
    name on, and around. Empty for a document of no round. Tells of the own forms only (design 25)."""
    round_ = house.people.round(document.round_id) if document.round_id else None
    if round_ is None or who.kind != "staff":
        return ()
    mine = {d.child_id for d in house.documents.of_round(round_.id) if d.author == who.person_id and d.state != "draft"}
    assigned = [child for child, people in round_.assigned.items() if who.person_id in people and child not in mine]
    children = sorted(filter(None, map(house.people.child, assigned)), key=lambda child: (child.name, child.id))
    here = house.people.child(document.child_id)
    place = (here.name, here.id) if here else ("", "")
    after = [child for child in children if (child.name, child.id) > place]
    return (*after, *(child for child in children if (child.name, child.id) < place))
