"""Which forms can be begun, by whom, in which variants, and what the leader attests (D2, D13, T6, T15, O20).

The newest version of each form says what its variants are; here stands which of them fit a child, and which need none.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import msgspec

from tillid.forms.definition import Code, FormDefinition
from tillid.process.access import Identity, leads, works_with
from tillid.process.organisation import Child, Organigram

# Who begins it: anybody who works with the child, its leader alone (D2), or who is set on the child in a round (T4).
Beginner = Literal["team", "leader", "assigned"]


class StartRule(msgspec.Struct, frozen=True, kw_only=True):
    """``variants``: ``child`` = the child's own, by age and place; ``asked`` = the person chooses. ``without_child``: it can
    also be begun from the unit's page (D13); ``never_about_a_child``: variants that only then can be chosen; ``from_place``:
    the child's kind of place → the variants to choose among there. ``of_the_method``: a unit with another method does
    without it (T31); ``may_be_for_few``: the municipality may keep it to children in yellow or red position."""

    beginner: Beginner
    variants: Literal["child", "asked"] = "child"
    without_child: bool = False
    never_about_a_child: frozenset[str] = frozenset()
    from_place: dict[str, tuple[str, ...]] = {}
    of_the_method: bool = False
    may_be_for_few: bool = False


# Where a child can go from the place it is at (O20); a child of another kind of place is offered every transition.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "sundhedspleje": ("sp_dp",),
    "dagpleje_vuggestue": ("dp_bh",),
    "boernehave": ("bh_bh", "bh_sk"),
    "skole_sfo": ("sk_sk", "ind_mel"),
}
RULES: dict[str, StartRule] = {
    "overgangsbeskrivelse": StartRule(beginner="team", variants="asked", from_place=TRANSITIONS, may_be_for_few=True),
    "trivselsskema": StartRule(beginner="assigned", of_the_method=True),
    "trivselsvurdering": StartRule(beginner="team", of_the_method=True),
    "fdr": StartRule(
        beginner="leader",
        variants="asked",
        without_child=True,
        never_about_a_child=frozenset({"faglig_sparring"}),
    ),
}


def may_begin(who: Identity, form_id: str, unit_id: str, organigram: Organigram) -> bool:
    """Whether ``who`` may begin ``form_id`` at the unit; a round's assignments are asked by the use case."""
    rule = RULES.get(form_id)
    if rule is None:
        return False
    return leads(who, unit_id, organigram) if rule.beginner == "leader" else works_with(who, unit_id, organigram)


def variants_for(definition: FormDefinition, child: Child | None) -> tuple[Code, ...]:
    """The variants that can be begun for ``child`` (``None`` = without a child), in the order of the form."""
    rule = RULES[definition.id]
    if child is None:
        return definition.variants if rule.without_child else ()
    if rule.variants == "child":
        return _of(definition, (child.variant,))
    if offered := _of(definition, rule.from_place.get(child.variant, ())):
        return offered
    return tuple(one for one in definition.variants if one.id not in rule.never_about_a_child)


def _of(definition: FormDefinition, ids: Collection[str]) -> tuple[Code, ...]:
    return tuple(one for one in definition.variants if one.id in ids)
