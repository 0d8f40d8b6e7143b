"""From a posted form to changes: texts parsed by the field's own type, references completed from our registers."""

from __future__ import annotations

from functools import partial
from typing import Any

from pyramid.request import Request

from tillid.documents.model import Document
from tillid.forms.definition import Field
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.base import Find
from tillid.forms.fieldtypes.parts import Parts, part_field
from tillid.kernel.ids import is_id
from tillid.process.access import is_notification
from tillid.usecases.attach_file import admit_file
from tillid.usecases.fill import DraftView
from tillid.usecases.ports import House
from tillid.usecases.save_fields import Change
from tillid.web.fields import Option
from tillid.web.numbers import whole
from tillid.web.rows import RowStep, stepped
from tillid.web.uploads import received

WHAT_IT_IS = ".skema"  # ends the name of the question beside a file
UNIT_KINDS = frozenset({"dagpleje_vuggestue", "boernehave", "skole_sfo"})


def change_of(request: Request, view: DraftView, one: Field, step: RowStep | None = None) -> Change:
    """What was posted under the field's name, and the revision it was based on; with ``step`` done to its rows."""
    page = request.POST.get("page", "")
    return Change(
        value=_value(request, view, one, step),
        base=whole(request.POST.get(f"base.{one.id}"), 8) or 0,
        page=page if is_id(page) else "",
        turn=whole(request.POST.get("turn"), 8) or 0,
    )


def _value(request: Request, view: DraftView, one: Field, step: RowStep | None) -> Any:
    stored = view.draft.answers.get(one.id)
    if one.type == "file":
        if request.POST.get(f"f.{one.id}.remove"):
            return None
        return _received(request, view, one, one, f"f.{one.id}") or stored
    if one.type == "document_list":
        return _attachments(request, view, one, stored)
    texts = [text for text in request.POST.getall(f"f.{one.id}") if isinstance(text, str)]
    kind = field_type(one.type)
    value = kind.parse(stepped(texts, one, step) if step else texts, one)
    value = kind.completed(kind.restored(value, stored, one), one, _finder(request.house, view.document))
    return _with_files(request, view, one, value, stored)


def _received(request: Request, view: DraftView, one: Field, as_: Field, name: str) -> dict[str, Any] | None:
    """The file posted as ``name`` to ``one``, whose limits are those of ``as_``, with what was said of it beside it."""
    said = request.POST.get(f"{name}{WHAT_IT_IS}", "")
    admit = partial(admit_file, request.house, request.person, view.document, one, said=said)
    return received(request.house, request.POST.get(name), as_, admit)


def _attachments(request: Request, view: DraftView, one: Field, stored: Any) -> Any:
    """Those kept, and the new file."""
    removed = set(request.POST.getall(f"f.{one.id}.remove"))
    kept = [item for item in stored or [] if item.get("sha256", item.get("document_id")) not in removed]
    new = _received(request, view, one, one, f"f.{one.id}")
    if new is not None and all(item.get("sha256") != new["sha256"] for item in kept):
        kept.append({"sha256": new["sha256"], "title": new["name"], "media_type": new["media_type"]})
    return kept or None


def _with_files(request: Request, view: DraftView, one: Field, value: Any, stored: Any) -> Any:
    """A value made of parts with its files, which are posted beside its texts, and what the system put there."""
    kind = field_type(one.type)
    posted = {part.key for part in kind.posted(one)} if isinstance(kind, Parts) else set()
    for part in kind.parts(one):
        if part.key in posted or not (value is None or isinstance(value, dict)):
            continue
        kept = stored.get(part.key) if isinstance(stored, dict) else None
        if part.type == "file":
            name = f"f.{one.id}.{part.key}"
            new = _received(request, view, one, part_field(one, part), name)
            kept = new or (None if request.POST.get(f"{name}.remove") else kept)
        if kept is not None:
            value = {**(value or {}), part.key: kept}
    return value


def _finder(house: House, document: Document) -> Find:
    """Looks among what the writer is offered."""

    def find(register: str, by: str, text: str) -> dict[str, Any] | None:
        place = 0 if by == "id" else 1
        found = [option for option in options_for(house, document, register) if option[place] == text]
        # Two of one name are not told apart by a name.
        return {"id": found[0][0], "name": found[0][1]} if len(found) == 1 else None

    return find


def options_for(house: House, document: Document, reference: str) -> tuple[Option, ...]:
    """What a reference field may be set to, as (id, name)."""
    if reference == "unit":
        units = house.people.organigram().units.values()
        # A child is moved to another place; a notification is mostly about a child of the own one.
        own = "" if is_notification(document) else document.unit_id
        found = [(u.id, u.name) for u in units if u.kind in UNIT_KINDS and u.id != own]
    elif reference in ("user", "person"):
        found = _staff(house, house.people.organigram().above(document.unit_id))
    else:
        found = []
    return tuple(sorted(found, key=lambda pair: pair[1]))


def _staff(house: House, units: tuple[str, ...]) -> list[Option]:
    """Professionals and leaders of the unit and its leaders above."""
    roles = {"professional", "leader", "area_leader"}
    return [
        (staff.id, staff.name)
        for staff in house.people.all_staff()
        if any(a.unit_id in units and a.role in roles for a in staff.assignments)
    ]
