"""The named outside facts that conditions may ask about (``forms/facts.py``): of a document, and of a consent asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tillid.consents.model import ConsentItem
from tillid.documents.model import Document, Draft
from tillid.documents.talks import waiting
from tillid.forms.definition import FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.settings import setting_facts
from tillid.process.access import Facts
from tillid.process.transitions import basis_code
from tillid.usecases.ports import House

ASSESSMENT = "trivselsvurdering"


def outside_facts(house: House, document: Document, facts: Facts) -> dict[str, Any]:
    """Fact name → value for the form that ``document`` is filled in; a fact that is not known is left out, and conditions
    treat it as unknown.

    ``latest_position`` is the team's own: of the newest trivselsvurdering that a leader of the document's unit has attested
    (O5), never of another place's. ``parents_accept_evaluation`` is of a receiver's own document alone: whether the parents have
    written in it, or confirmed what was written in their talk (O16b). Never known here: ``has_sensitive_items``, which belongs to a
    consent (``consent_facts``). ``receiver_unit_kind`` follows the answer being written, so that it is known before the first sharing.
    """
    draft = house.documents.draft(document.id)
    answers = draft.answers
    known: dict[str, Any] = {"variant": document.variant, **setting_facts(house.settings.at_unit(document.unit_id))}
    receiver = answers.get("til_enhed")
    chosen = receiver.get("id") if isinstance(receiver, dict) else None
    for name, unit_id in (
        ("sender_unit_kind", document.unit_id),
        ("receiver_unit_kind", chosen or document.receiver_unit_id),
    ):
        unit = facts.organigram.units.get(unit_id) if unit_id else None
        if unit is not None:
            known[name] = unit.kind
    if facts.custody is not None:
        known["joint_custody"] = len(facts.custody.current(house.moment)) > 1
    transition = answers.get("overgangstype")
    if isinstance(transition, str):
        known["legal_basis"] = basis_code(transition, house.settings.basis_of_transition)
    # Asking costs a look at the child's other documents: only for forms with a condition on it.
    if "latest_position" in house.definitions.of(document.definition).facts_asked and (
        position := latest_position(house, document.child_id, document.unit_id)
    ):
        known["latest_position"] = position
    if document.source is not None:
        known["parents_accept_evaluation"] = _parents_take_part(house.definitions.of(document.definition), draft)
    return known


def _parents_take_part(form: FormDefinition, draft: Draft) -> bool:
    """Whether a field that is theirs has words that are their own by now."""
    theirs = (field for field in form.fields if "parent" in field.filled_by and field.id not in waiting(draft))
    answers = draft.answers
    return any(answers.get(one.id) is not None and not field_type(one.type).is_empty(answers[one.id]) for one in theirs)


def assessments(documents: Iterable[Document]) -> list[Document]:
    """The team's locked assessments among ``documents``, oldest first."""
    found = [one for one in documents if one.definition.form_id == ASSESSMENT and one.versions]
    return sorted(found, key=lambda one: (one.created_at, one.id))


def latest_position(house: House, child_id: str, unit_id: str) -> str:
    """The child's position in the newest trivselsvurdering that the unit has attested; empty for none."""
    attested = [one for one in assessments(house.documents.of_child(child_id)) if one.unit_id == unit_id]
    versions = [house.documents.version(one.id, one.versions) for one in attested]
    newest = max((one for one in versions if one is not None), key=lambda one: one.frozen_at, default=None)
    return newest.answers.get("samlet_position", "") if newest is not None else ""


def consent_facts(items: Sequence[ConsentItem], holders: int) -> dict[str, Any]:
    """Fact name → value for the declaration around a question about ``items`` to ``holders`` custody holders."""
    return {"joint_custody": holders > 1, "has_sensitive_items": any(item.sensitive for item in items)}
