"""How a document is kept: its rule and day, its mark, what holds it; and holds, placed and lifted (R-82, R-90).

The page tells of the document and nothing of what is in it: no text, no child's name.
"""

from __future__ import annotations

from datetime import date

import msgspec

from tillid.archive.keeping import (
    KINDS,
    LIFTED,
    PLACED,
    Hold,
    HoldKind,
    Keeping,
    Lifted,
    Stop,
    earliest,
    keeping_of,
    stops_destruction,
    stops_order,
)
from tillid.archive.kle import Filed, filed
from tillid.archive.retention import Happened, Rule, due_day, happened_to
from tillid.archive.retention_rules import our_rules
from tillid.consents.events import Event, EventKind
from tillid.documents.model import Document, Draft
from tillid.kernel.clock import local_day
from tillid.kernel.cpr import as_written
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Facts, Identity
from tillid.process.organisation import Child
from tillid.usecases.facts import facts_of, require
from tillid.usecases.followers import followers
from tillid.usecases.ports import House, People
from tillid.usecases.writing import already, note, record_event

SEE, HOLD = "see_keeping", "hold_document"
GROUP_LOCKED = "group_locked"  # why a ``document_closed`` was written (lock_overview.py)
LEAST, MOST = 10, 1000  # characters of a reason


class ReasonWrong(TillidError):
    code = "keeping.reason"
    text = "Skriv en begrundelse på mindst {count} tegn. Skriv ikke CPR-numre i den."


class Outdated(TillidError):
    """Somebody else, or the same person in another window, was there in between."""

    code = "keeping.outdated"
    text = "Der er sket noget med dokumentet, siden du åbnede siden. Det, du bad om, er ikke gjort. Siden viser, hvordan det står nu."


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """``due``: the first day its period is over; ``stops``: why its destruction cannot be asked for; ``stops_now``: why it is
    not destroyed now; ``filed``: its KLE subject and facet, decided or suggested; ``first_day``: of a confirmed order; ``evidence_due``: the day its consents' own period is over (``None``: there are none); ``events``: about the keeping alone."""

    document: Document
    rule: Rule | None
    filed: Filed | None
    due: date | None
    keeping: Keeping
    stops: tuple[Stop, ...]
    stops_now: tuple[Stop, ...]
    first_day: date | None
    evidence_due: date | None
    events: tuple[Event, ...]


def kept(house: House, document: Document, facts: Facts | None = None) -> Kept:
    """How ``document`` is kept at the request's moment; asks nobody for leave."""
    facts = facts or facts_of(house, document)
    events = house.ledger.of_document(document.id)
    rules, today = our_rules(), local_day(house.moment)
    rule, draft = rules.of_forms().get(document.definition.form_id), None
    if document.versions == 0:  # nobody was given it: the period of a draft, as long as anybody writes in it none
        rule, draft = rules.of_kind("draft"), house.documents.draft(document.id)
    happened = happened_of(house.people, document, events, draft)
    due, keeping = due_day(rule, happened), keeping_of(events)
    in_use = _in_use(facts) or happened.get("consent_ended", today) > today
    known = {"has_rule": rule is not None, "in_use": in_use, "followed": bool(followers(house, document))}
    return Kept(
        document=document,
        rule=rule,
        filed=filed(keeping.appraisal, rule, document.definition.form_id, house.settings.choices),
        due=due,
        keeping=keeping,
        stops=stops_order(keeping, due, today, **known),
        stops_now=stops_destruction(keeping, due, today, rules.cooling_off, **known),
        first_day=earliest(keeping.order, rules.cooling_off),
        evidence_due=due_day(rules.of_kind("evidence"), happened),
        events=tuple(event for event in events if event.kind in KINDS),
    )


def happened_of(people: People, document: Document, events: list[Event], draft: Draft | None = None) -> Happened:
    """What periods are counted from, as ledger and register tell it."""
    round_id = document.round_id or _round_in(events)
    round_ = people.round(round_id) if round_id else None
    child = people.child(document.child_id)
    return happened_to(
        document,
        events,
        draft=draft,
        round_closed=round_.deadline if round_ is not None else None,
        child_left=_child_left(document, child) if child is not None else None,
    )


def _child_left(document: Document, child: Child) -> date | None:
    """When the child left the place; for a receiver's own document the place of what it follows on, which it never outlives."""
    return child.left.get(document.source.unit_id if document.source is not None else document.unit_id)


def _round_in(events: list[Event]) -> str:
    """The round of a group's paper, as the event that locked it names it."""
    return next((event.payload["round"] for event in events if event.payload.get("why") == GROUP_LOCKED), "")


def _in_use(facts: Facts) -> bool:
    return any(one is not None and one.stands for one in (facts.verdict, facts.decided))


def keeping_page(house: House, who: Identity, document_id: str) -> Kept:
    """The same for an archivist of the document's own controller (R-05), logged; ``NotFound`` for everybody else."""
    document, facts = require(house, who, SEE, document_id)
    note(house, who, SEE, document)
    return kept(house, document, facts)


def place_hold(house: House, who: Identity, document_id: str, kind: HoldKind, reason: str, *, event_id: str) -> Event:
    """From now on nobody destroys it, whatever was decided. Raises ``ReasonWrong``, ``NotFound``."""
    payload = Hold(kind=kind, reason=stated(reason))
    return keep_event(house, who, HOLD, document_id, PLACED, payload, event_id)


def lift_hold(house: House, who: Identity, document_id: str, hold_id: str, reason: str, *, event_id: str) -> Event:
    """The hold stands no more. Raises ``ReasonWrong``; ``NotFound`` also when it does not stand."""
    if done := already(house, document_id, event_id):
        return done
    if all(one.id != hold_id for one in keeping_of(house.ledger.of_document(document_id)).holds):
        raise NotFound("no such hold")
    return keep_event(house, who, HOLD, document_id, LIFTED, Lifted(hold=hold_id, reason=stated(reason)), event_id)


def keep_event(
    house: House,
    who: Identity,
    operation: str,
    document_id: str,
    kind: EventKind,
    payload: msgspec.Struct,
    event_id: str,
) -> Event:
    """1. may the person? 2. the same click before? 3. log 4. record."""
    document, _ = require(house, who, operation, document_id)
    if done := already(house, document_id, event_id):
        return done
    note(house, who, operation, document)
    return record_event(house, document, kind, who.person_id, payload, event_id=event_id)


def stated(reason: str) -> str:
    """The reason as it is stored. Raises ``ReasonWrong``."""
    words = as_written(reason, LEAST, MOST)
    if words is None:
        raise ReasonWrong("reason", count=LEAST)
    return words
