"""A document is begun: about a child of the own unit (station 2), or without one from the unit's page (D13)."""

from __future__ import annotations

import secrets

import msgspec

from tillid.documents.model import DefinitionRef, Document, Draft, DraftField, Source
from tillid.forms.additions import addition_name
from tillid.forms.definition import Code, FormDefinition
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import new_id
from tillid.process.access import Identity, works_with
from tillid.process.organisation import Child, Round
from tillid.process.starting import RULES, may_begin, variants_for
from tillid.usecases.inform_parents import inform_holders
from tillid.usecases.municipal_rules import may_be_begun, require_beginning
from tillid.usecases.ports import House
from tillid.usecases.system_answers import system_answers
from tillid.usecases.writing import note, record_event

# No vowels, no look-alikes: a number that can be read aloud and spells nothing.
_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


class WrongVariant(TillidError):
    code = "document.wrong-variant"
    text = "Vælg, hvilken slags det skal være, og prøv igen."


def may_start_for(house: House, who: Identity, child: Child) -> bool:
    """Whether ``who`` works with ``child``: own unit, or a leader above it (R-70)."""
    return works_with(who, child.unit_id, house.people.organigram())


def start_document(
    house: House, who: Identity, child_id: str, form_id: str, *, round_id: str | None = None, variant: str = ""
) -> Document:
    """A new draft of the newest version of ``form_id``. For a trivselsskema in a round the person's own earlier one is
    returned instead of a second. ``variant``: one of those the form offers for the child; the child's own where the form
    goes by age. Raises ``NotFound`` for a child that ``who`` does not work with or a form ``who`` may not begin, and
    ``WrongVariant``, and what the municipality's choices close (``require_beginning``)."""
    child = house.people.child(child_id)
    if child is None or not may_begin(who, form_id, child.unit_id, house.people.organigram()):
        raise NotFound("may not start")
    round_ = _round(house, who, child, round_id) if form_id == "trivselsskema" else None
    if round_ and (earlier := _own_in_round(house, who, child, round_)):
        return earlier
    require_beginning(house, form_id, child, child.unit_id)
    definition = as_begun_at(house, house.definitions.latest(form_id), child.unit_id)
    chosen = _variant(definition, child, variant)
    return _begun(house, who, definition, child.unit_id, chosen, child=child, round_=round_, asked=bool(variant))


def start_without_child(house: House, who: Identity, unit_id: str, form_id: str, variant: str) -> Document:
    """A new draft about no child, or about one that nothing in it may point to (D13). Raises as ``start_document``."""
    rule = RULES.get(form_id)
    if rule is None or not rule.without_child or not may_begin(who, form_id, unit_id, house.people.organigram()):
        raise NotFound("may not start")
    require_beginning(house, form_id, None, unit_id)
    definition = as_begun_at(house, house.definitions.latest(form_id), unit_id)
    return _begun(house, who, definition, unit_id, _variant(definition, None, variant))


def as_begun_at(house: House, form: FormDefinition, unit_id: str) -> FormDefinition:
    """``form`` with what the municipality and the unit add to it (O22), as far as the municipality lets them."""
    return house.definitions.at_unit(form, unit_id, house.settings.choices.get("egne_felter", ""))


def definition_ref(form: FormDefinition) -> DefinitionRef:
    """How a document names the form it is in."""
    return DefinitionRef(form_id=form.id, version=form.version, digest=form.digest, overlay=addition_name(form))


def put_document(
    house: House,
    who: Identity,
    definition: FormDefinition,
    unit_id: str,
    variant: str,
    *,
    child: Child | None = None,
    round_: Round | None = None,
    document_id: str | None = None,
    phase: str = "",
    source: Source | None = None,
) -> Document:
    """A new document, logged, not yet in the store; its draft is added by the caller. ``child_id`` is empty without one;
    ``phase``, ``source``: of a receiver's own (``later_part.py``)."""
    document = Document(
        id=document_id or new_id(),
        number="TD-" + "".join(secrets.choice(_ALPHABET) for _ in range(8)),
        child_id=child.id if child else "",
        unit_id=unit_id,
        definition=msgspec.structs.replace(definition_ref(definition), phase=phase),
        variant=variant,
        state="draft",
        created_at=house.moment,
        author=who.person_id,
        round_id=round_.id if round_ else None,
        source=source,
    )
    note(house, who, "start_document", document)
    return document


def first_draft(house: House, document: Document, values: dict) -> Draft:
    """The draft with what the system knows already."""
    fields = {
        field_id: DraftField(value=value, revision=1, by="system", side="professional", at=house.moment)
        for field_id, value in values.items()
    }
    return Draft(document_id=document.id, fields=fields)


def _begun(
    house: House,
    who: Identity,
    definition: FormDefinition,
    unit_id: str,
    variant: str,
    *,
    child: Child | None = None,
    round_: Round | None = None,
    asked: bool = True,
) -> Document:
    document = put_document(house, who, definition, unit_id, variant, child=child, round_=round_)
    known = system_answers(house, document, who, child=child, round_=round_, variant_asked=asked)
    house.documents.add(document, first_draft(house, document, known))
    record_event(house, document, "document_created", who.person_id, {"form": definition.name})
    if child is not None and round_ is not None:
        inform_holders(house, child)
    return document


def _variant(definition: FormDefinition, child: Child | None, wanted: str) -> str:
    """The variant to begin in. Without a choice the child's own kind of place, as long as that is one of the form's or the
    form asks for the variant in a field of its own (overgangstype)."""
    offered = {one.id for one in variants_for(definition, child)}
    if wanted:
        if wanted not in offered:
            raise WrongVariant("not offered")
        return wanted
    if child is None or (RULES[definition.id].variants == "asked" and definition.id != "overgangsbeskrivelse"):
        raise WrongVariant("none chosen")
    return child.variant


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


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """A form that can be begun here: what it is for in a line, and the variants to choose among (one: nothing to choose).
    ``addition``: the name of what the municipality and the unit add to it."""

    form_id: str
    title: str
    purpose: str
    variants: tuple[Code, ...]
    version: int = 1
    addition: str = ""


def beginnings(
    house: House, who: Identity, unit_id: str, child: Child | None, language: str = "da"
) -> tuple[Beginning, ...]:
    """What ``who`` may begin about ``child``, or at the unit without one; a trivselsskema is begun in its round instead."""
    organigram = house.people.organigram()
    known = {one.id for one in house.definitions.all()}
    found = []
    for form_id, rule in RULES.items():
        open_here = rule.beginner != "assigned" and may_begin(who, form_id, unit_id, organigram)
        if form_id in known and open_here and may_be_begun(house, form_id, child, unit_id):
            form = house.definitions.latest(form_id).in_language(language)
            if variants := variants_for(form, child):
                found.append(
                    Beginning(
                        form_id=form_id,
                        title=form.title,
                        purpose=form.purpose,
                        variants=variants,
                        version=form.version,
                        addition=addition_name(as_begun_at(house, form, unit_id)),
                    )
                )
    return tuple(found)
