"""What the municipality's choices ask of the people at a child: reminders, who gets a transition description, another method.

Reminders never stop anything and work out no position: they lay the municipality's rule beside what people have decided (T10,
T13, T15, T32). A position is read only where its reader may read the assessment, and the reading is logged first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

import msgspec

from tillid.consents.of_age import of_age_on
from tillid.documents.model import Document
from tillid.forms.settings import load_settings
from tillid.kernel.clock import local_day
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.process.starting import RULES
from tillid.process.transitions import days_to_fifteen
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.outside_facts import ASSESSMENT, assessments, latest_position
from tillid.usecases.ports import House
from tillid.usecases.writing import note

MINUTES, DIALOGUE_MEETING = "fdr", "dialogmoede"
WATCHED = ("gul", "roed")
YEAR = timedelta(days=365)
Kind = Literal["dialogue", "discussions", "fifteen_soon", "fifteen"]


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
    """One rule that what was decided asks for. ``wanted`` and ``held``: discussions of the child, for ``discussions``; ``day``: the fifteenth
    birthday, which is law and no choice of the municipality (R-41)."""

    kind: Kind
    wanted: int = 0
    held: int = 0
    day: date | None = None


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
    """That the child comes of age for consents, and what the team's newest assessment asks for, for who may read it; nothing is
    read unless a setting asks."""
    return (*_of_age(child, local_day(house.moment)), *_of_the_assessment(house, who, child))


def _of_age(child: Child, today: date) -> tuple[Reminder, ...]:
    left = days_to_fifteen(child.birth_date, today)
    if left is None:
        return ()
    return (Reminder(kind="fifteen_soon" if left else "fifteen", day=of_age_on(child.birth_date)),)


def _of_the_assessment(house: House, who: Identity, child: Child) -> tuple[Reminder, ...]:
    if not _asks(house, child.variant):
        return ()
    documents = house.documents.of_child(child.id)
    newest_first = reversed(assessments(documents))
    newest = next((one for one in newest_first if allowed(house, who, "see_draft", facts_of(house, one))), None)
    if newest is None:
        return ()
    note(house, who, "see_draft", newest)
    version = house.documents.version(newest.id, newest.versions)
    position = (version.answers if version else {}).get("samlet_position", "")
    return _reminders(house, newest, position, child.variant, documents)


def assessment_reminders(house: House, document: Document, answers: Mapping[str, Any]) -> tuple[Reminder, ...]:
    """The same beside an assessment that is not locked yet; the one being written counts as a discussion."""
    if document.definition.form_id != ASSESSMENT or document.versions:
        return ()
    documents = house.documents.of_child(document.child_id)
    return _reminders(house, document, answers.get("samlet_position", ""), document.variant, documents)


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


def _reminders(
    house: House, assessment: Document, position: str, variant: str, documents: Sequence[Document]
) -> tuple[Reminder, ...]:
    """``documents``: all of the child's; ``assessment`` counts as a discussion also before it is locked."""
    found = []
    held = len({assessment.id, *(one.id for one in assessments(documents))})
    if position in house.settings.choices.get("krav_dialogmoede", ()) and not _meeting_since(documents, assessment):
        found.append(Reminder(kind="dialogue"))
    if position in WATCHED and held < (wanted := _wanted(house, variant)):
        found.append(Reminder(kind="discussions", wanted=wanted, held=held))
    return tuple(found)


def _meeting_since(documents: Iterable[Document], assessment: Document) -> bool:
    """Whether a dialogue meeting about the child was begun with the assessment or after it."""
    return any(
        one.definition.form_id == MINUTES
        and one.variant == DIALOGUE_MEETING
        and one.created_at >= assessment.created_at
        for one in documents
    )
