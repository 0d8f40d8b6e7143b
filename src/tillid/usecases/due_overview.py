"""The archivist's look at the whole of the own controller: what falls due by month, what is held, what another rule would move (R-82, R-90).

The months are as they were worked out last; each document that is shown is asked about anew, and what it says then counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from tillid.archive.due_index import NO_DAY, begin_key, form_key, page_of
from tillid.archive.keeping import Placed, keeping_of
from tillid.archive.retention import Moved, Rule, after, is_period, preview
from tillid.archive.retention_rules import our_rules
from tillid.archive.rule_run import RuleRun
from tillid.consents.events import Event
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.process.organisation import Unit
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.keep_document import SEE, Kept, kept
from tillid.usecases.keepers import knows_of, places_of
from tillid.usecases.ports import House
from tillid.usecases.writing import audit_row

SIZE = 50
MOST_MOVED = 100


class PeriodWrong(TillidError):
    code = "keeping.period"
    text = "Skriv perioden som et tal med dage, måneder eller år, for eksempel 5 år."


class DueOverview(msgspec.Struct, frozen=True, kw_only=True):
    """``at``: when it was worked out, ``None`` before the first time; ``months``: month → how many; ``waiting``: how many without a day;
    ``month``, ``shown``: the one looked at and a page of it; ``pages``: how many there are; ``unit``: the one place it is
    of; ``runs``: what rules alone destroyed."""

    at: datetime | None
    months: dict[str, int]
    waiting: int
    runs: Sequence[RuleRun]
    month: str = ""
    shown: tuple[Kept, ...] = ()
    page: int = 1
    pages: int = 1
    unit: Unit | None = None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A hold that stands. ``destroyed``: what is held is the evidence of a destroyed document, whose id it has."""

    document_id: str
    number: str
    form_id: str
    unit_id: str
    placed: Placed
    destroyed: bool


class RulePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What another period would do. ``moved``: some of them with their numbers; ``earlier``, ``later``, ``all``: how many."""

    rule: Rule
    period: str
    moved: tuple[tuple[Document, Moved], ...]
    earlier: int
    later: int
    all: int


def due_overview(house: House, who: Identity, month: str = "", page: int = 1, unit_id: str = "") -> DueOverview:
    """``unit_id``: of that place alone. Raises ``NotFound`` for who is no archivist, there. One row in the log."""
    places = places_at(house, who, unit_id)
    house.audit.write(audit_row(house, who, "due_list", unit_id, "", "due_list"))
    found = house.keeping.due_totals()
    months = found.of(places) if found is not None else {}
    waiting = months.pop(NO_DAY, 0)
    overview = DueOverview(
        at=found.at if found else None, months=months, waiting=waiting, runs=house.keeping.runs()[:12],
        unit=house.people.unit(unit_id) if unit_id else None,
    )  # fmt: skip
    if found is None or month not in months:
        return overview
    pages = -(-months[month] // SIZE)
    page = min(max(page, 1), pages)
    entries = page_of(found, places, month, (page - 1) * SIZE, SIZE, house.keeping.due_piece)
    shown = [_kept(house, who, one.id) for one in entries]
    return msgspec.structs.replace(
        overview, month=month, shown=tuple(one for one in shown if one is not None), page=page, pages=pages
    )


def places_at(house: House, who: Identity, unit_id: str = "") -> frozenset[str]:
    """The places ``who`` looks after; of one unit. Raises ``NotFound`` where there are none."""
    places = places_of(house, who)
    found = frozenset(one for one in places if not unit_id or one.endswith(f":{unit_id}"))
    if not found:
        raise NotFound("not an archivist")
    return found


def _kept(house: House, who: Identity, document_id: str) -> Kept | None:
    document = house.documents.get(document_id)
    if document is None:
        return None  # destroyed since
    facts = facts_of(house, document)
    return kept(house, document, facts) if allowed(house, who, SEE, facts) else None


def held_now(house: House, who: Identity) -> tuple[Held, ...]:
    """Every hold that stands at the archivist's own places, oldest first. Raises ``NotFound``. One row in the log."""
    places_at(house, who)
    house.audit.write(audit_row(house, who, "due_list", "", "", "held"))
    found = [_held(house, who, event) for event in house.ledger.open_holds()]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.placed.at, one.placed.id)))


def _held(house: House, who: Identity, event: Event) -> Held | None:
    """What the hold that ``event`` placed holds, if it stands and ``who`` may know of it."""
    holds = keeping_of(house.ledger.of_document(event.document_id)).holds
    placed = next((one for one in holds if one.id == event.id), None)
    document, stone = house.documents.get(event.document_id), house.documents.tombstone(event.document_id)
    if placed is None:
        return None
    if document is not None and allowed(house, who, SEE, facts_of(house, document)):
        return Held(document_id=document.id, number=document.number, form_id=document.definition.form_id,
                    unit_id=document.unit_id, placed=placed, destroyed=False)  # fmt: skip
    if document is None and stone is not None and knows_of(house, who, stone):
        return Held(document_id=stone.id, number=stone.number, form_id=stone.form_id, unit_id=stone.unit_id, placed=placed,
                    destroyed=True)  # fmt: skip
    return None


def preview_rule(house: House, who: Identity, rule_id: str, period: str) -> RulePreview:
    """What another ``period`` of one rule would do to what the archivist looks after; changes nothing. Raises ``NotFound``,
    ``PeriodWrong``."""
    places = places_at(house, who)
    if not is_period(period):
        raise PeriodWrong(period)
    now = our_rules().of_forms()
    rule = next((one for one in now.values() if one.id == rule_id), None)
    if rule is None:
        raise NotFound("no such rule")
    other = {form: msgspec.structs.replace(rule, period=period) for form in rule.forms}
    house.audit.write(audit_row(house, who, "due_list", "", "", "preview_rule"))
    found = [house.keeping.due_form(form_key(place, form)) for place in sorted(places) for form in rule.forms]
    everything = sum(one.dated + one.undated for one in found)
    moves = _moves(house, rule, period)
    if len(moves) <= 1:
        count = 0 if moves <= {""} else sum(one.dated for one in found)
        earlier = count if moves == {"earlier"} else 0
        moved = preview(now, {**now, **other}, (one.document for form in found for one in form.first))[:MOST_MOVED]
    else:
        moved, earlier, count = _all_moved(house, places, rule, now, {**now, **other})
    shown = [(document, one) for one in moved if (document := _seen(house, who, one.id)) is not None]
    return RulePreview(
        rule=rule, period=period, moved=tuple(shown), earlier=earlier, later=count - earlier, all=everything
    )


def _moves(house: House, rule: Rule, period: str) -> set[str]:
    """Which ways another period moves the days that anything is counted from, of all that there are: one way, save where the two
    are nearly the same (a year and 365 days). Then the numbers that are known say how many, and no document is read."""
    days = (day for form in rule.forms for day in house.keeping.due_begins(begin_key(form, rule.trigger)))
    return {_way(after(day, rule.period), after(day, period)) for day in days}


def _way(was: date, will: date) -> str:
    return "" if was == will else "earlier" if will < was else "later"


def _all_moved(
    house: House, places: frozenset[str], rule: Rule, now: Mapping[str, Rule], other: Mapping[str, Rule]
) -> tuple[list[Moved], int, int]:
    """The first that are moved, how many get an earlier day, how many another; read piece by piece, and not held."""
    first: list[Moved] = []
    earlier = count = 0
    for place in sorted(places):
        for piece in house.keeping.due_pieces(place):
            for one in preview(now, other, (entry.document for entry in piece if entry.form_id in rule.forms)):
                earlier += one.before is not None and one.after is not None and one.after < one.before
                count += 1
                first += [one] if len(first) < MOST_MOVED else []
    return first, earlier, count


def _seen(house: House, who: Identity, document_id: str) -> Document | None:
    document = house.documents.get(document_id)
    return document if document is not None and allowed(house, who, SEE, facts_of(house, document)) else None
