"""The overview of a round: the marks beside each other, child by child, for the team's dialogue (T5, design 25).

The rows are gathered each time and never stored: who may see a colleague's mark is asked at that moment. There are no
counts, no totals and no order by position (T32), and nothing is worked out from the marks (R-74): a joint position is the
one that the team has decided and the leader has attested. What the team writes about the group is a document of its own,
made by the system when the group's marks open.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from tillid.documents.model import Document
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity, works_with
from tillid.process.organisation import Child, Round
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.lock_overview import locks_on
from tillid.usecases.make_overview import groups_of, overview_id, round_named
from tillid.usecases.outside_facts import assessments
from tillid.usecases.ports import House
from tillid.usecases.submit_form import Mark, marks_open, see_round
from tillid.usecases.writing import note


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One child. ``marks``: the own one and, when they are open to the reader, the colleagues'. ``differ``: the open marks
    are not all the same. ``previous`` and ``joint``: code of the team's attested position before and in this round, else
    empty. ``assigned``: whether anybody is set on the child at all (T1)."""

    child: Child
    marks: tuple[Mark, ...]
    open: bool
    differ: bool
    previous: str
    joint: str
    follow_up: bool
    assigned: bool


class GroupOverview(msgspec.Struct, frozen=True, kw_only=True):
    """A group's rows by the children's names. ``document``: what the team writes about the group, once it is made;
    ``answers``: what stands in it; ``may_lock``: the reader can end it; ``locks_on``: the day it ends by
    itself, while it is open."""

    group: str
    rows: tuple[Row, ...]
    document: Document | None
    answers: dict[str, Any]
    may_lock: bool
    locks_on: date | None


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    round: Round
    unit_name: str
    groups: tuple[GroupOverview, ...]


def see_overview(house: House, who: Identity, round_id: str) -> Overview:
    """The round's overview for who works in its unit or leads it, else ``NotFound`` (R-70). Each mark and each attested
    position is logged before it is shown."""
    round_ = house.people.round(round_id)
    if round_ is None or not works_with(who, round_.unit_id, house.people.organigram()):
        raise NotFound("no round of this person's unit")
    unit = house.people.unit(round_.unit_id)
    groups = tuple(_group(house, who, round_, name, children) for name, children in groups_of(house, round_))
    return Overview(round=round_, unit_name=unit.name if unit else "", groups=groups)


def overview_still_open(house: House, who: Identity, found: Overview) -> bool:
    """Whether everything in ``found`` may still be shown; asked on a fresh view before the page leaves, without a row."""
    if not works_with(who, found.round.unit_id, house.people.organigram()):
        return False
    rows = [row for group in found.groups for row in group.rows]
    return all(marks_open(house, who, row.marks) for row in rows)


def _group(house: House, who: Identity, round_: Round, name: str, children: list[Child]) -> GroupOverview:
    document, answers, may_lock, ends = _paper(house, who, round_, name)
    return GroupOverview(
        group=name,
        rows=tuple(_row(house, who, round_, child) for child in children),
        document=document,
        answers=answers,
        may_lock=may_lock,
        locks_on=ends,
    )


def _paper(
    house: House, who: Identity, round_: Round, group: str
) -> tuple[Document | None, dict[str, Any], bool, date | None]:
    """What the team writes about the group as far as ``who`` may see it, what stands in it (logged), whether ``who`` can end it, and
    the day it ends by itself."""
    document = house.documents.get(overview_id(round_.id, group))
    if document is None:
        return None, {}, False, None
    facts = facts_of(house, document)
    if allowed(house, who, "see_draft", facts):
        note(house, who, "see_draft", document)
        answers = house.documents.draft(document.id).answers
        return document, answers, allowed(house, who, "lock_overview", facts), locks_on(document, round_)
    if allowed(house, who, "read_team_copy", facts):
        return document, _frozen(house, who, document, "read_team_copy"), False, None
    return None, {}, False, None


def _row(house: House, who: Identity, round_: Round, child: Child) -> Row:
    view = see_round(house, who, child, round_)
    marks = (*((view.own_mark,) if view.own_mark else ()), *view.marks)
    decided = assessments(house.documents.of_child(child.id))
    seen = [
        (d, _frozen(house, who, d, "see_draft"))
        for d in decided
        if allowed(house, who, "see_draft", facts_of(house, d))
    ]
    here = [answers for _, answers in seen if round_named(answers) == round_.id]
    before = [answers for _, answers in seen if round_named(answers) != round_.id]
    joint = here[-1] if here else {}
    return Row(
        child=child,
        marks=marks,
        open=view.open,
        differ=view.open and len({one.answers.get("position") for one in marks}) > 1,
        previous=(before[-1] if before else {}).get("samlet_position", ""),
        joint=joint.get("samlet_position", ""),
        follow_up=bool(joint.get("f_opfoelgning")),
        assigned=child.id in round_.assigned,
    )


def _frozen(house: House, who: Identity, document: Document, operation: str) -> dict[str, Any]:
    """What stands in the newest version; the read is logged first."""
    note(house, who, operation, document)
    version = house.documents.version(document.id, document.versions)
    return version.answers if version else {}
