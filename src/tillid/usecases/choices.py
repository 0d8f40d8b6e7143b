"""Texts that lost a race wait for their writer's choice, as long as there is a writer who can choose (O2, ``settle_clash``).

A parent who has lost custody sees nothing any more, and an employee who has left writes nothing: their text stays in the
draft, stands nowhere, and stops nobody. The sender's side is told whose it was, never what it says.
"""

from __future__ import annotations

import msgspec

from tillid.documents.model import Draft, DraftField
from tillid.documents.talks import waiting
from tillid.forms.definition import FormDefinition
from tillid.kernel.errors import TillidError
from tillid.process.access import Facts, Identity
from tillid.usecases.facts import allowed
from tillid.usecases.ports import House

WRITING = ("write_professional", "write_for_parent", "write_notification")
Kept = dict[str, tuple[DraftField, ...]]


class HolderLeft(TillidError):
    """Words wait for somebody who can confirm nothing any more."""

    code = "document.holder-left"
    text = (
        "Noget er skrevet i en samtale med en, som ikke længere har del i forældremyndigheden. Gå ordene igennem med en af "
        "de nuværende forældre, og gem dem i den samtale, eller slet dem."
    )


class LeftBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A text in the field with ``label`` that nobody can choose any more; ``writer``: the name, empty when not known."""

    label: str
    writer: str


def open_choices(house: House, draft: Draft, facts: Facts) -> Kept:
    """The kept texts that somebody can still choose."""
    found = {name: tuple(one for one in texts if _can_choose(house, one, facts)) for name, texts in draft.kept.items()}
    return {name: texts for name, texts in found.items() if texts}


def left_behind(house: House, definition: FormDefinition, draft: Draft, facts: Facts) -> tuple[LeftBehind, ...]:
    """The others, for the sender's side."""
    return tuple(
        LeftBehind(label=definition.field(name).label, writer=_writer(house, one))
        for name, texts in draft.kept.items()
        for one in texts
        if not _can_choose(house, one, facts)
    )


def refuse_words_of_who_left(house: House, draft: Draft, facts: Facts) -> None:
    """Raises ``HolderLeft`` when words wait for somebody who has lost custody; silent as long as the register is."""
    holders = {holder for found in waiting(draft).values() for holder in found}
    if facts.custody is not None and any(facts.custody.holder(one, house.moment) is None for one in holders):
        raise HolderLeft("words of a former holder wait")


def _can_choose(house: House, text: DraftField, facts: Facts) -> bool:
    if text.side == "parent":
        # A silent register is no reason to pass over anybody.
        return facts.custody is None or facts.custody.holder(text.by, house.moment) is not None
    staff = house.people.staff(text.by)
    if staff is None:
        return False
    who = Identity.of_staff(staff)
    return any(allowed(house, who, operation, facts) for operation in WRITING)


def _writer(house: House, text: DraftField) -> str:
    person = house.people.parent(text.by) if text.side == "parent" else house.people.staff(text.by)
    return person.name if person is not None else ""
