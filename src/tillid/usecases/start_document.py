"""A professional begins a document about a child of the own unit (station 2)."""

from __future__ import annotations

import secrets
from typing import Any

from tillid.documents.model import DefinitionRef, Document, Draft, DraftField
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import new_id
from tillid.process.access import LEADER_ROLES, Identity
from tillid.process.organisation import Child, Round
from tillid.usecases.ports import House
from tillid.usecases.writing import note, record_event

# No vowels, no look-alikes: a number that can be read aloud and spells nothing.
_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
STARTABLE = ("overgangsbeskrivelse", "trivselsskema")


def may_start_for(house: House, who: Identity, child: Child) -> bool:
    """Whether ``who`` works with ``child``: own unit, or a leader above it (R-70)."""
    if who.kind != "staff":
        return False
    above = house.people.organigram().above(child.unit_id)
    return "professional" in who.roles_in((child.unit_id,)) or bool(who.roles_in(above) & LEADER_ROLES)


def start_document(
    house: House, who: Identity, child_id: str, form_id: str, *, round_id: str | None = None
) -> Document:
    """A new draft of the newest version of ``form_id``. For a trivselsskema in a round the person's own earlier one is
    returned instead of a second. Raises ``NotFound`` for a child that ``who`` does not work with."""
    child = house.people.child(child_id)
    if child is None or not may_start_for(house, who, child) or form_id not in STARTABLE:
        raise NotFound("may not start")
    round_ = _round(house, who, child, round_id) if form_id == "trivselsskema" else None
    if round_ and (earlier := _own_in_round(house, who, child, round_)):
        return earlier
    definition = house.definitions.latest(form_id)
    document = Document(
        id=new_id(),
        number="TD-" + "".join(secrets.choice(_ALPHABET) for _ in range(8)),
        child_id=child.id,
        unit_id=child.unit_id,
        definition=DefinitionRef(form_id=definition.id, version=definition.version, digest=definition.digest),
        variant=child.variant,
        state="draft",
        created_at=house.moment,
        author=who.person_id,
        round_id=round_.id if round_ else None,
    )
    note(house, who, "start_document", document)
    house.documents.add(document, _first_draft(house, who, document, child, round_))
    record_event(house, document, "document_created", who.person_id, {"form": definition.name})
    return document


def _round(house: House, who: Identity, child: Child, round_id: str | None) -> Round:
    rounds = [
        one for one in house.people.rounds_of_unit(child.unit_id) if who.person_id in one.assigned.get(child.id, ())
    ]
    if round_id is not None:
        rounds = [one for one in rounds if one.id == round_id]
    if not rounds:
        raise TillidError(
            "not assigned in any round",
            code="round.not-assigned",
            text="Du er ikke sat på barnet i en åben runde. Bed din leder om at sætte dig på, før du udfylder et trivselsskema.",
        )
    return rounds[-1]


def _own_in_round(house: House, who: Identity, child: Child, round_: Round) -> Document | None:
    mine = (d for d in house.documents.of_round(round_.id) if d.child_id == child.id and d.author == who.person_id)
    return next(mine, None)


def _first_draft(house: House, who: Identity, document: Document, child: Child, round_: Round | None) -> Draft:
    values = system_answers(house, document, child, who, round_)
    fields = {
        field_id: DraftField(value=value, revision=1, by="system", side="professional", at=house.moment)
        for field_id, value in values.items()
    }
    return Draft(document_id=document.id, fields=fields)


def system_answers(
    house: House, document: Document, child: Child, who: Identity, round_: Round | None
) -> dict[str, Any]:
    """What the system knows already; only fields the form has (no CPR, no address: R-37, R-111)."""
    unit = house.people.unit(document.unit_id)
    custody = house.people.custody(child.id)
    known: dict[str, Any] = {
        "barn": {"id": child.id, "name": child.name},
        "enhed": {"id": document.unit_id, "name": unit.name if unit else ""},
        "fra_enhed": {"id": document.unit_id, "name": unit.name if unit else ""},
        "gruppe": {"id": child.group, "name": child.group},
        "variant": child.variant,
        "kontakt_afgiver": {"id": who.person_id, "name": who.name},
        "udfyldt_af": {"id": who.person_id, "name": who.name},
        "foraeldremyndighed": [{"person_id": h.person_id, "name": h.name} for h in custody.current(house.moment)],
        "dato": local_day(house.moment).isoformat(),
    }
    if round_:
        known["runde"] = {"id": round_.id, "name": round_.title}
    form = house.definitions.get(document.definition.form_id, document.definition.version)
    content = {field.id for field in form.fields if field.phase == "content"}
    return {field_id: value for field_id, value in known.items() if field_id in content}
