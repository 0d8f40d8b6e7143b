"""The named outside facts a condition may ask. A definition can ask for nothing else from outside its own answers.

Each fact says who may know it: a condition must not tell its reader, by a field's being shown or required, what that
reader may not see (``checks.py`` refuses such a definition).
"""

from __future__ import annotations

from functools import cache
from typing import Literal, get_args

import msgspec

from tillid.forms.readers import ARCHIVE, AUTHOR, PARENT, READERS, RECEIVER, TEAM
from tillid.forms.settings import PREFIX, load_settings


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """``type`` is ``code``, ``boolean`` or ``number``; ``codes`` lists the codes when they are fixed (empty = per form)."""

    name: str
    type: str
    meaning: str
    visible_to: tuple[str, ...]
    codes: tuple[str, ...] = ()


_BOTH_SIDES = (AUTHOR, TEAM, PARENT, RECEIVER, ARCHIVE)
_OWN_SIDE = (AUTHOR, TEAM, PARENT, ARCHIVE)
# The one vocabulary of kinds of units: the organisation (``process/organisation.py``) uses it too.
UnitKind = Literal[
    "municipality", "area", "sundhedspleje", "dagpleje_vuggestue", "boernehave", "skole_sfo", "administration"
]
UNIT_KINDS: tuple[str, ...] = get_args(UnitKind)

FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        Fact(
            name="latest_position",
            type="code",
            codes=("groen", "gul", "roed"),
            visible_to=(AUTHOR, TEAM),
            meaning="The child's position in the latest finished assessment; never told to parents or receivers (T9).",
        ),
        Fact(
            name="variant",
            type="code",
            visible_to=_BOTH_SIDES,
            meaning="The variant of the form that is being filled.",
        ),
        Fact(
            name="sender_unit_kind",
            type="code",
            codes=UNIT_KINDS,
            visible_to=_BOTH_SIDES,
            meaning="What kind of place the document is written at.",
        ),
        Fact(
            name="receiver_unit_kind",
            type="code",
            codes=UNIT_KINDS,
            visible_to=_BOTH_SIDES,
            meaning="What kind of place receives the document.",
        ),
        Fact(
            name="joint_custody",
            type="boolean",
            visible_to=_OWN_SIDE,
            meaning="Whether more than one person holds custody of the child.",
        ),
        Fact(
            name="legal_basis",
            type="code",
            codes=("samtykke_gdpr", "samtykke_sundhed", "retningslinje", "lov"),
            visible_to=_OWN_SIDE,
            meaning="The basis the municipality has chosen for this transition (R-01).",
        ),
        Fact(
            name="has_sensitive_items",
            type="boolean",
            visible_to=_OWN_SIDE,
            meaning="Whether the consent asked for covers items that need their own yes (R-14).",
        ),
        Fact(
            name="parents_accept_evaluation",
            type="boolean",
            visible_to=_BOTH_SIDES,
            meaning="Whether the parents take part in the evaluation or have said yes to it for their child (O16b).",
        ),
    )
}
LEGAL_BASES = FACTS["legal_basis"].codes


@cache
def known_facts() -> dict[str, Fact]:
    """All facts by name: the ones above, and the municipal settings that conditions may ask for as ``setting_<id>``.

    A setting is the municipality's own public choice and says nothing about anybody, so every reader may know it.
    """
    settings = {
        PREFIX + one.id: Fact(
            name=PREFIX + one.id, type=one.fact_type, codes=one.codes, visible_to=READERS, meaning=one.title
        )
        for one in load_settings().values()
        if one.fact_type
    }
    return {**FACTS, **settings}
