"""A professional locks the own trivselsskema (station 2), and sees the colleagues' marks only when all may (T4b). A leader
locks the team's assessment or the minutes in the same way (T6, D7)."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from tillid.documents.model import Document, Version
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.process.organisation import Child, Round
from tillid.usecases.attest_form import attest_form
from tillid.usecases.enter_journal import enter_journal
from tillid.usecases.facts import allowed, facts_of, require
from tillid.usecases.fill import PROFESSIONAL_SIDE, definition_of, problems_of
from tillid.usecases.lock_overview import lock_overview
from tillid.usecases.make_overview import group_is_in, make_overviews
from tillid.usecases.outside_facts import outside_facts
from tillid.usecases.ports import House
from tillid.usecases.share_document import NotReady
from tillid.usecases.start_document import may_start_for
from tillid.usecases.writing import leaders_near, note, record_event, snapshot, tell


def submit_form(house: House, who: Identity, document_id: str, *, heard: Collection[str] = ()) -> Version:
    """Walk 1 for a form that is locked without being shared: check, log, freeze, lock. Raises ``NotReady`` with the fields
    that are wrong or missing; ``NotFound`` for who may neither submit (one's own) nor attest (the team's, by its leader:
    ``attest_form``, which says what ``heard`` is) nor lock what the team wrote about its group."""
    document, facts = require(house, who, ("submit", "attest", "lock_overview"), document_id)
    if allowed(house, who, "attest", facts):
        return attest_form(house, who, document, facts, heard=heard)
    if allowed(house, who, "lock_overview", facts):
        return lock_overview(house, who, document, facts)
    note(house, who, "submit", document)  # also of what is refused below
    definition = definition_of(house, document)
    draft = house.documents.draft(document_id)
    outside = outside_facts(house, document, facts)
    if problems := problems_of(definition, draft, outside, PROFESSIONAL_SIDE):
        raise NotReady(problems)
    version = snapshot(house, who, document)
    submitted = msgspec.structs.replace(document, state="submitted", versions=version.number)
    house.documents.replace(submitted)
    event = record_event(house, document, "document_submitted", who.person_id, {"version": version.number})
    enter_journal(house, submitted, version, who.person_id)
    if version.answers.get("akut") is True:
        # Promised beside the question: the leader hears of it at once. Which child, never who or what was written.
        tell(house, leaders_near(house, document.unit_id), "act_now", event.id, child=document.child_id)
    if facts.round is not None:
        _overview(house, who, document, facts.round)
    return version


def _overview(house: House, who: Identity, document: Document, round_: Round) -> None:
    """The last of a group to submit opens the group's overview (T5)."""
    child = house.people.child(document.child_id)
    if child is not None and group_is_in(house, round_, child.group):
        make_overviews(house, who, round_, group=child.group)


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One professional's submitted form as a colleague may see it."""

    document: Document
    author: str
    answers: dict


class BlindView(msgspec.Struct, frozen=True, kw_only=True):
    """A child in a round as ``who`` may see it. ``marks`` stay empty until all assigned have submitted or the round is
    open, and for who has not submitted; no count of submitted forms is told either (design 25). ``own_mark``: the own form
    once it is submitted."""

    child: Child
    round: Round
    own: Document | None
    own_mark: Mark | None
    open: bool
    marks: tuple[Mark, ...] = ()


def round_of_child(house: House, who: Identity, child_id: str, round_id: str) -> BlindView:
    """A child in a round for who is assigned to the child there and still works with it; else ``NotFound`` (R-70)."""
    child, round_ = house.people.child(child_id), house.people.round(round_id)
    if child is None or round_ is None or round_.unit_id != child.unit_id:
        raise NotFound("no such child in the round")
    if not may_start_for(house, who, child) or who.person_id not in round_.assigned.get(child.id, ()):
        raise NotFound("not assigned")
    return see_round(house, who, child, round_)


def still_open(house: House, who: Identity, view: BlindView) -> bool:
    """Whether every mark of ``view`` may still be shown; asked on a fresh view before the page leaves, without a row."""
    return marks_open(house, who, view.marks)


def marks_open(house: House, who: Identity, marks: tuple[Mark, ...]) -> bool:
    """Whether every one of ``marks`` may be shown to ``who`` now."""
    documents = (house.documents.get(mark.document.id) for mark in marks)
    return all(one is not None and allowed(house, who, "read_individual", facts_of(house, one)) for one in documents)


def see_round(house: House, who: Identity, child: Child, round_: Round) -> BlindView:
    """The own form and, when design 25 allows, the colleagues'; each read is logged before it is shown."""
    documents = [d for d in house.documents.of_round(round_.id) if d.child_id == child.id]
    own = next((d for d in documents if d.author == who.person_id), None)
    submitted = own is not None and own.state != "draft"
    own_mark = _mark(house, who, own) if own is not None and submitted else None
    marks = []
    for document in documents:
        if document.state == "draft" or document.author == who.person_id:
            continue
        if not allowed(house, who, "read_individual", facts_of(house, document)):
            return BlindView(child=child, round=round_, own=own, own_mark=own_mark, open=False)
        marks.append(_mark(house, who, document))
    opened = submitted and bool(marks)
    return BlindView(child=child, round=round_, own=own, own_mark=own_mark, open=opened, marks=tuple(marks))


def _mark(house: House, who: Identity, document: Document) -> Mark:
    """The submitted answers; each read is logged before it is shown."""
    note(house, who, "read_individual", document)
    version = house.documents.version(document.id, document.versions)
    return Mark(document=document, author=document.author, answers=version.answers if version else {})
