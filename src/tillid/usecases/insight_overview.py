"""A child's part of a trivselsoverblik: one sheet about a whole group, so no child's id stands on it (R-72, T5).

Its rows are stored nowhere; the child's own is gathered as the sheet does it, from the child's forms, and the other children's are not
there at all. What the team wrote about the group stands beside it, for the reviewer to leave out what is about others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tillid.archive.insight import Flag
from tillid.archive.insight_names import is_named, said_in, words_of
from tillid.documents.model import Document
from tillid.forms.definition import FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.base import flat_text
from tillid.process.organisation import Child, Round
from tillid.usecases.fill import definition_of
from tillid.usecases.make_overview import overview_id, round_named
from tillid.usecases.outside_facts import assessments
from tillid.usecases.ports import House

ROWS = "raekker"


def overviews_of(house: House, child: Child, documents: Sequence[Document]) -> list[Document]:
    """The sheets of groups that the child is or was in, as far as anything tells: its own forms in the round (``documents``: all of
    the child), without any its group now, or its name in the sheet."""
    found: dict[str, Document] = {}
    for unit_id in dict.fromkeys([child.unit_id, *child.left, *(one.unit_id for one in documents)]):
        groups = {one.group for one in house.people.children_of_unit(unit_id)}
        for round_ in house.people.rounds_of_unit(unit_id):
            own = _groups_of(house, child, round_, documents)
            for group in sorted(groups | own):
                sheet = house.documents.get(overview_id(round_.id, group))
                if sheet is not None and (group in own or _is_named(house, sheet, child)):
                    found[sheet.id] = sheet
    return list(found.values())


def row_of(house: House, sheet: Document, definition: FormDefinition, child_id: str) -> dict[str, Any]:
    """What the sheet shows of the child, as ``usecases/overview.py`` gathers it, by everything that is kept."""
    child, round_id = house.people.child(child_id), round_named(house.documents.draft(sheet.id).answers)
    own = house.documents.of_child(child_id)
    forms = [one for one in own if one.round_id == round_id and one.state != "draft"]
    decided = [_answers(house, one) for one in assessments(own)]
    here = [one for one in decided if round_named(one) == round_id]
    before = [one for one in decided if round_named(one) != round_id]
    marks = [_answers(house, one).get("position") for one in forms]
    joint = here[-1] if here else {}
    cells = {
        "barn": child.name if child else "",
        "forrige_position": (before[-1] if before else {}).get("samlet_position"),
        "markeringer": "\n".join(filter(None, (_mark(house, one) for one in forms))),
        "ses_forskelligt": len({str(one) for one in marks}) > 1 if marks else None,
        "samlet_position": joint.get("samlet_position"),
        "opfoelgning": bool(joint.get("f_opfoelgning")) if joint else None,
    }
    shown = definition.field(ROWS).columns_by_id if ROWS in definition.fields_by_id else {}
    return {name: value for name, value in cells.items() if name in shown and value not in (None, "")}


def flags_of_others(
    house: House, sheet: Document, definition: FormDefinition, seen: Mapping[str, Any], child_id: str
) -> tuple[Flag, ...]:
    """The answers in which another child of the place is named, be it by the first name alone."""
    children = {one.id: words_of(one.name) for one in house.people.children_of_unit(sheet.unit_id)}
    own = set(children.pop(child_id, ()))
    names = {word for name in children.values() for word in name[:-1] or name} - own
    texts = {
        field.id: flat_text(field_type(field.type).format(seen[field.id], field, definition))
        for field in definition.fields
        if field.id in seen and field.id != ROWS
    }
    return tuple(Flag(held="third_person", field=name) for name, text in texts.items() if names & said_in(text))


def _groups_of(house: House, child: Child, round_: Round, documents: Iterable[Document]) -> set[str]:
    forms = (one for one in documents if one.round_id == round_.id)
    found = {group for one in forms if (group := _group_named(house.documents.draft(one.id).answers))}
    return found or ({child.group} if child.unit_id == round_.unit_id else set())


def _is_named(house: House, sheet: Document, child: Child) -> bool:
    definition, answers = definition_of(house, sheet), house.documents.draft(sheet.id).answers
    texts = (
        flat_text(field_type(field.type).format(answers[field.id], field, definition))
        for field in definition.fields
        if answers.get(field.id) is not None
    )
    names = (child.name, *child.former_names)
    return any(is_named(name, text) for text in texts for name in names)


def _mark(house: House, form: Document) -> str:
    definition, answers = definition_of(house, form), _answers(house, form)
    field, author = definition.field("position"), house.people.staff(form.author)
    shown = field_type(field.type).format(answers["position"], field, definition) if "position" in answers else ""
    return f"{author.name if author else ''}: {flat_text(shown)}" if shown else ""


def _answers(house: House, document: Document) -> dict[str, Any]:
    version = house.documents.version(document.id, document.versions)
    return version.answers if version else {}


def _group_named(answers: Mapping[str, Any]) -> str:
    found = answers.get("gruppe")
    return found.get("id", "") if isinstance(found, dict) else ""
