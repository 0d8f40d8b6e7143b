"""Static checks of what no version of a form may hold, whoever makes it (R-03, T9)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tillid.forms.checks_scope import Scope
from tillid.forms.problems import Problem

# The forms of the assessment: the municipality's own task, never a matter of consent.
WITHOUT_CONSENT = frozenset({"trivselsskema", "trivselsoverblik", "trivselsvurdering"})
# Marks that are one person's own, the team's overview of a group, and what is outside every folder (T9, R-54).
NEVER_SHARED = frozenset({"trivselsskema", "trivselsoverblik", "underretning"})
_CONSENT = re.compile(r"samtyk|tilladelse|tillader|\bgiv\w*\b[^.?]{0,20}\blov\b|consent")
SIGNATURES = frozenset({"xml_signature"})


def law_problems(scope: Scope) -> Iterator[Problem]:
    """Consent questions and legal bases in forms that never rest on consent; a way to the parents in forms that are never
    theirs: ``process/sharing.py`` goes by the states."""
    if scope.data["id"] in NEVER_SHARED and any(state["id"] == "shared" for state in scope.data["states"]):
        text = "Dette skema er ikke til forældrene og kan ikke have tilstanden »shared« (T9, R-54)."
        yield scope.problem(("states",), "forms.never-shared", text, "Slet tilstanden.")
    if scope.data["id"] not in WITHOUT_CONSENT:
        return
    if scope.data["allowed_bases"]:
        text = "Dette skema videregives aldrig og har intet grundlag for det."
        yield scope.problem(("allowed_bases",), "forms.consent-question", text, "Skriv allowed_bases: [].")
    for path, field in scope.placed_fields():
        if is_consent(field):
            yield scope.problem(
                (*path, "label"),
                "forms.consent-question",
                "Der må ikke spørges om samtykke i dette skema (R-03).",
                "Brug en samtykkeerklæring.",
            )


def is_consent(field: dict) -> bool:
    """Whether the field asks for a consent: by its type, its name or its words."""
    said = f"{field['id']} {field['label']}".lower()
    return field["type"] in SIGNATURES or _CONSENT.search(said) is not None
