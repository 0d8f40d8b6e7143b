"""What the municipality's choices ask of the people at a child: reminders, who gets a transition description, another method.

Reminders never stop anything and work out no position: they lay the municipality's rule beside what people have decided (T10,
T13, T15, T32). A position is read only where its reader may read the assessment, and the reading is logged first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Literal

import msgspec

from tillid.documents.model import Document
from tillid.forms.settings import load_settings
from tillid.kernel.clock import local_day
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.process.starting import RULES
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.outside_facts import latest_position
from tillid.usecases.ports import House
from tillid.usecases.writing import note

ASSESSMENT, MINUTES, DIALOGUE_MEETING = "trivselsvurdering", "fdr", "dialogmoede"
WATCHED = ("gul", "roed")
YEAR = timedelta(days=365)
Kind = Literal["dialogue", "discussions"]


class NotForThisChild(TillidError):
    code = "document.not-for-this-child"
    text = (
        "Kommunen har valgt, at kun børn i gul eller rød position får en overgangsbeskrivelse. Teamets seneste vurdering "
        "af barnet viser ikke gul eller rød."
    )


class OtherMethod(TillidError):
    code = "document.other-method"
    text = "Stedet bruger en anden metode til trivselsvurdering end modellens skemaer. Derfor kan skemaet ikke begyndes her."


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """One rule that what was decided asks for. ``wanted`` and ``held``: discussions of the child, for ``discussions``."""

    kind: Kind
    wanted: int = 0
    held: int = 0


class RoundPlan(msgspec.Struct, frozen=True, kw_only=True):
    """``wanted``: age group in words → rounds a year; ``held``: rounds of the unit in the last year, those under way too."""

    wanted: tuple[tuple[str, int], ...]
    held: int


def require_beginning(house: House, form_id: str, child: Child | None, unit_id: str) -> None:
    """Raises ``NotForThisChild`` or ``OtherMethod`` where the municipality's choice closes the way."""
    rule = RULES[form_id]
    if rule.of_the_method and other_method(house, unit_id):
        raise OtherMethod(form_id)
    if child is not None and rule.may_be_for_few and not gets_description(house, child):
        raise NotForThisChild(form_id)


def may_be_begun(house: House, form_id: str, child: Child | None, unit_id: str) -> bool:
    """Whether ``require_beginning`` lets it be."""
    try:
        require_beginning(house, form_id, child, unit_id)
    except (NotForThisChild, OtherMethod):
        return False
    return True


def gets_description(house: House, child: Child) -> bool:
    """Whether the child is among those who get a transition description (the setting ``overgang_for_alle``). A position that
    the child's own unit has not decided counts as none."""
    if house.settings.choices.get("overgang_for_alle") != "kun_gul_roed":
        return True
    return latest_position(house, child.id, child.unit_id) in WATCHED


def other_method(house: House, unit_id: str) -> bool:
    """Whether the unit assesses in another way than with the model's forms (the setting ``metode``, T31)."""
    return house.settings.at_unit(unit_id).get("metode") == "anden"


def marks_call_for_parents(house: House, positions: Iterable[str]) -> bool:
    """Whether the open marks of a child reach what the municipality has set for talking with the parents: one red, or so many
    yellow (``taerskel_foraeldre``). The number itself is told to nobody (T32)."""
    found = list(positions)
    return "roed" in found or found.count("gul") >= house.settings.choices.get("taerskel_foraeldre", 99)


def child_reminders(house: House, who: Identity, child: Child) -> tuple[Reminder, ...]:
    """What the team's newest assessment asks for, for who may read it; nothing is read unless a setting asks."""
    if not _asks(house, child.variant):
        return ()
    seen = [one for one in _assessments(house, child.id) if allowed(house, who, "see_draft", facts_of(house, one))]
    if not seen:
        return ()
    note(house, who, "see_draft", seen[-1])
    version = house.documents.version(seen[-1].id, seen[-1].versions)
    position = (version.answers if version else {}).get("samlet_position", "")
    return _reminders(house, seen[-1], position, child.variant, len(_assessments(house, child.id)))


def assessment_reminders(house: House, document: Document, answers: Mapping[str, Any]) -> tuple[Reminder, ...]:
    """The same beside an assessment that is not locked yet; the one being written counts as a discussion."""
    if document.definition.form_id != ASSESSMENT or document.versions:
        return ()
    held = len(_assessments(house, document.child_id)) + 1
    return _reminders(house, document, answers.get("samlet_position", ""), document.variant, held)


def round_plan(house: House, unit_id: str) -> RoundPlan:
    """How many rounds a year the municipality has chosen for the ages at the unit, and how many there were (T2)."""
    labels, wanted = load_settings()["runder"].per, house.settings.choices.get("runder", {})
    ages = {child.variant for child in house.people.children_of_unit(unit_id)}
    today = local_day(house.moment)
    held = [one for one in house.people.rounds_of_unit(unit_id) if one.deadline > today - YEAR]
    lines = tuple((label, wanted[key]) for key, label in labels.items() if key in ages and key in wanted)
    return RoundPlan(wanted=lines, held=len(held))


def _asks(house: House, variant: str) -> bool:
    choices = house.settings.choices
    return bool(choices.get("krav_dialogmoede")) or _wanted(house, variant) > 0


def _wanted(house: House, variant: str) -> int:
    return house.settings.choices.get("krav_droeftelser_foer_luk", {}).get(variant, 0)


def _reminders(house: House, assessment: Document, position: str, variant: str, held: int) -> tuple[Reminder, ...]:
    found = []
    if position in house.settings.choices.get("krav_dialogmoede", ()) and not _meeting_since(house, assessment):
        found.append(Reminder(kind="dialogue"))
    if position in WATCHED and held < (wanted := _wanted(house, variant)):
        found.append(Reminder(kind="discussions", wanted=wanted, held=held))
    return tuple(found)


def _meeting_since(house: House, assessment: Document) -> bool:
    """Whether a dialogue meeting about the child was begun with the assessment or after it."""
    return any(
        one.definition.form_id == MINUTES
        and one.variant == DIALOGUE_MEETING
        and one.created_at >= assessment.created_at
        for one in house.documents.of_child(assessment.child_id)
    )


def _assessments(house: House, child_id: str) -> list[Document]:
    """The team's locked assessments, oldest first."""
    found = [one for one in house.documents.of_child(child_id) if one.definition.form_id == ASSESSMENT and one.versions]
    return sorted(found, key=lambda one: (one.created_at, one.id))
