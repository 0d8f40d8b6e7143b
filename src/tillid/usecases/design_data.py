"""What every design begins with and leaves behind, of a form as of an addition: its data, its first revision, its audit rows.

A template leaves the same rows and words: two people take it into use too.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tillid.forms.definition import FormDefinition
from tillid.forms.design_check import with_way
from tillid.forms.designs import AdditionOf, Design
from tillid.forms.files import file_data
from tillid.kernel.ids import new_id
from tillid.process.access import Identity
from tillid.usecases.ports import House
from tillid.usecases.writing import audit_row, tell

OWN = ("version", "status", "id")  # given by the house, never by who edits
MOST_LETTERS = 2000  # of what a second person says


def definition_data(house: House, form: str, version: int) -> dict[str, Any]:
    """The data of a version as its file has it, its code lists written out."""
    for one in house.designs.published():
        if (one.form, one.version) == (form, version):
            return one.data
    return file_data(form, version)


def begun(
    house: House,
    who: Identity,
    base: FormDefinition,
    data: dict[str, Any],
    what: str,
    addition: AdditionOf | None = None,
) -> Design:
    """A new design with ``data``, to follow ``base`` or to add to it; its audit row comes first."""
    design = Design(
        id=new_id(),
        form=base.id,
        base=base.version,
        data={key: value for key, value in data.items() if key not in ("version", "status")},
        author=who.person_id,
        editors=(who.person_id,),
        changed_at=house.moment,
        what=what,
        addition=addition,
    )
    record(house, who, "start_design", design.id)
    design = with_way(design, base)
    house.designs.put(design)
    return design


def said(comment: str) -> str:
    """What a person wrote to the other of the two, as it is kept."""
    return comment.strip()[:MOST_LETTERS]


def record(house: House, who: Identity, action: str, object_id: str) -> None:
    """The audit row of a step, before it is taken."""
    house.audit.write(audit_row(house, who, action, object_id, "", action))


def ask_second_person(house: House, text_id: str, about: str, authors: Collection[str], **ids: str) -> None:
    """A notice to every administrator who may decide, which is none of the ``authors``; ``about``: what was sent, so that
    sending it once more tells them once more."""
    people = [
        one.id
        for one in house.people.all_staff()
        if one.id not in authors and any(each.role == "administrator" for each in one.assignments)
    ]
    tell(house, people, text_id, about, **ids)
