"""A leader opens a round at its deadline: then who has submitted sees the colleagues' marks, also if somebody is missing.

Before the deadline a leader is told nothing of who has submitted, not even how many. After it the leader sees the names of
those who are missing (T27c), which is what opening is decided on, and never a mark (T4b, design 25).
"""

from __future__ import annotations

import msgspec

from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import LEADER_ROLES, Identity
from tillid.process.organisation import Child, Round
from tillid.process.rounds import may_lead_round, may_open_round, past_deadline
from tillid.usecases.make_overview import make_overviews
from tillid.usecases.municipal_rules import RoundPlan, round_plan
from tillid.usecases.ports import House
from tillid.usecases.writing import audit_row


class RoundNotDue(TillidError):
    code = "round.not-due"
    text = "Runden kan først åbnes, når fristen er gået. Intet er ændret."


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """Who was to fill a form about ``child`` and has not submitted it: names, nothing of what anybody wrote. An empty name
    is somebody whom the register no longer knows; the round waits for that one too until it is opened."""

    child: Child
    names: tuple[str, ...]


class LedRound(msgspec.Struct, frozen=True, kw_only=True):
    """A round as its leader may see it. ``due``: its deadline has passed; ``missing``: empty until then;
    ``plan``: on the round's own page, how many rounds a year there are to be (T2)."""

    round: Round
    unit_name: str
    due: bool
    missing: tuple[Missing, ...] = ()
    plan: RoundPlan | None = None


def led_rounds(house: House, who: Identity) -> tuple[LedRound, ...]:
    """The rounds of the units ``who`` leads, for the front page; who is missing is told on the round's own page only."""
    organigram = house.people.organigram()
    led = [one.unit_id for one in who.assignments if one.role in LEADER_ROLES]
    units = sorted({below for unit in led for below in organigram.below(unit)})
    return tuple(_led(house, round_) for unit in units for round_ in house.people.rounds_of_unit(unit))


def round_to_open(house: House, who: Identity, round_id: str) -> LedRound:
    """The page before opening, and after. Raises ``NotFound`` for everybody but the round's leaders; who is missing is
    logged before it is shown."""
    found = led_round(house, who, round_id)
    found = msgspec.structs.replace(found, plan=round_plan(house, found.round.unit_id))
    if not found.due:
        return found
    _note(house, who, "see_missing", found.round)
    return msgspec.structs.replace(found, missing=_missing(house, found.round))


def led_round(house: House, who: Identity, round_id: str) -> LedRound:
    """The round without who is missing; ``NotFound`` for everybody but its leaders (R-18). Writes no row."""
    round_ = house.people.round(round_id)
    if round_ is None or not may_lead_round(who, round_, house.people.organigram()).allowed:
        raise NotFound("no round of this leader's")
    return _led(house, round_)


def open_round(house: House, who: Identity, round_id: str) -> Round:
    """Open the round for good; a second click changes nothing. Raises ``RoundNotDue`` before the deadline has passed,
    ``NotFound`` for others. The act stands in the log of every child in the round, with the leader's name."""
    round_ = led_round(house, who, round_id).round
    if not may_open_round(who, round_, house.people.organigram(), house.moment).allowed:
        raise RoundNotDue("before the deadline")
    if round_.opened:
        return round_
    for child_id in round_.assigned or {"": ()}:
        _note(house, who, "open_round", round_, child_id)
    opened = msgspec.structs.replace(round_, opened=True)
    house.people.put_round(opened)
    make_overviews(house, who, opened)
    return opened


def _led(house: House, round_: Round) -> LedRound:
    unit = house.people.unit(round_.unit_id)
    return LedRound(round=round_, unit_name=unit.name if unit else "", due=past_deadline(round_, house.moment))


def _missing(house: House, round_: Round) -> tuple[Missing, ...]:
    """Per child in the round, the assigned who have not submitted; a child for whom nobody is missing is left out."""
    submitted = {(d.child_id, d.author) for d in house.documents.of_round(round_.id) if d.state != "draft"}
    found = []
    for child_id, assigned in round_.assigned.items():
        child = house.people.child(child_id)
        staff = [house.people.staff(one) for one in assigned if (child_id, one) not in submitted]
        names = tuple(sorted(member.name if member is not None else "" for member in staff))
        if child is not None and names:
            found.append(Missing(child=child, names=names))
    return tuple(sorted(found, key=lambda one: one.child.name))


def _note(house: House, who: Identity, action: str, round_: Round, child_id: str = "") -> None:
    house.audit.write(audit_row(house, who, action, round_.id, child_id, action))
