"""Whole sets of answers as a pædagog, parents and a child would give them, kept apart by who writes what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from tillid.demo.data import FOLDER, DemoData, demo_data, read_records, refer

FILES = tuple(f"answers/{name}.yaml" for name in ("overgangsbeskrivelse", "trivselsskema", "trivselsvurdering", "fdr"))
# A transition is prepared at least this long before the child begins.
NOTICE = timedelta(days=60)


class _AnswerRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    form: str
    form_version: int
    variant: str
    child: str
    author: str
    unit: str
    professional: dict[str, Any] = {}
    leader: dict[str, Any] = {}
    team: dict[str, Any] = {}
    parents: dict[str, Any] = {}
    receiver: str | None = None
    contact: str | None = None
    starts: str | None = None
    round: str | None = None
    child_part: dict[str, Any] = {}


class AnswerSet(msgspec.Struct, frozen=True, kw_only=True):
    """One form filled for one child. Ids are the demo's; ``starts`` is ``MM-DD``; ``round_id`` for a trivselsskema."""

    name: str
    form_id: str
    form_version: int
    variant: str
    child_id: str
    author_id: str
    unit_id: str
    receiver_unit_id: str | None
    round_id: str | None
    starts: str | None
    professional: dict[str, Any]
    leader: dict[str, Any]
    team: dict[str, Any]
    parents: dict[str, Any]
    child: dict[str, Any]

    @property
    def answers(self) -> dict[str, Any]:
        """All parts together: field id → value, without the day the child begins."""
        return {**self.professional, **self.leader, **self.team, **self.parents, **self.child}

    def answers_on(self, today: date) -> dict[str, Any]:
        """``answers`` with ``startdato`` set to the next such day that leaves time to prepare."""
        day = self.start_after(today)
        return {**self.answers, **({"startdato": day.isoformat()} if day else {})}

    def start_after(self, today: date) -> date | None:
        """The next day with this month and day, at least 60 days from ``today``; ``None`` without a transition."""
        if self.starts is None:
            return None
        first = today + NOTICE
        days = (date.fromisoformat(f"{year}-{self.starts}") for year in (first.year, first.year + 1))
        return next(day for day in days if day >= first)


def read_answers(data: DemoData) -> dict[str, AnswerSet]:
    """All sets by name. Raises ``DemoError`` with file and name."""
    return {
        name: _answer_set(data, file, name, record)
        for file in FILES
        for name, record in read_records(FOLDER, file, _AnswerRecord).items()
    }


def _answer_set(data: DemoData, file: str, name: str, record: _AnswerRecord) -> AnswerSet:
    receiver = refer(file, name, record.receiver, data.units) if record.receiver else None
    professional = dict(record.professional)
    if receiver:
        professional["til_enhed"] = {"id": receiver.id, "name": receiver.name}
    if record.contact:
        contact = refer(file, name, record.contact, data.staff)
        professional["kontakt_afgiver"] = {"id": contact.id, "name": contact.name}
    return AnswerSet(
        name=name,
        form_id=record.form,
        form_version=record.form_version,
        variant=record.variant,
        child_id=refer(file, name, record.child, data.children).id,
        author_id=refer(file, name, record.author, data.staff).id,
        unit_id=refer(file, name, record.unit, data.units).id,
        receiver_unit_id=receiver.id if receiver else None,
        round_id=refer(file, name, record.round, data.rounds).id if record.round else None,
        starts=record.starts,
        professional=professional,
        leader=record.leader,
        team=record.team,
        parents=record.parents,
        child=record.child_part,
    )


ANSWERS: dict[str, AnswerSet] = read_answers(demo_data())
