"""The named outside facts that a form's conditions may ask about (station 1)."""

from __future__ import annotations

from typing import Any

from tillid.documents.model import Document
from tillid.process.access import Facts
from tillid.process.transitions import basis_code
from tillid.usecases.ports import House


def outside_facts(house: House, document: Document, facts: Facts) -> dict[str, Any]:
    """Fact name → value; a fact that is not known is left out, and conditions treat it as unknown.

    ``latest_position`` comes from a team's trivselsvurdering, which issue 4 brings: until then it is not known.
    """
    known: dict[str, Any] = {"variant": document.variant}
    if facts.custody is not None:
        known["joint_custody"] = len(facts.custody.current(house.moment)) > 1
    transition = house.documents.draft(document.id).answers.get("overgangstype")
    if isinstance(transition, str):
        known["legal_basis"] = basis_code(transition, house.settings.basis_of_transition)
    return known
