"""The named outside facts that conditions may ask about (``forms/facts.py``): of a document, and of a consent asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tillid.consents.model import ConsentItem
from tillid.documents.model import Document
from tillid.process.access import Facts
from tillid.process.transitions import basis_code
from tillid.usecases.ports import House


def outside_facts(house: House, document: Document, facts: Facts) -> dict[str, Any]:
    """Fact name → value for the form that ``document`` is filled in; a fact that is not known is left out, and conditions
    treat it as unknown.

    Never known here: ``latest_position`` comes from a team's trivselsvurdering and ``parents_accept_evaluation`` from the
    evaluation after the transition, neither of which is built yet; ``has_sensitive_items`` belongs to a consent
    (``consent_facts``). ``receiver_unit_kind`` follows the answer being written, so that it is known before the first
    sharing.
    """
    answers = house.documents.draft(document.id).answers
    known: dict[str, Any] = {"variant": document.variant}
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
    return known


def consent_facts(items: Sequence[ConsentItem], holders: int) -> dict[str, Any]:
    """Fact name → value for the declaration around a question about ``items`` to ``holders`` custody holders."""
    return {"joint_custody": holders > 1, "has_sensitive_items": any(item.sensitive for item in items)}
