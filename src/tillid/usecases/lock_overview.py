"""What a team writes about its group in a round ends with the round: locked, and from then on kept like the marks it was made of (T5, R-90).

Three things end it: the leader, who has read it; the leader's lock of the last assessment in the group, as the form says; and by itself
a stated time after the round's deadline, so that no paper stays open for ever and out of the archivist's sight.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

from tillid.archive.retention import after
from tillid.archive.retention_rules import our_rules
from tillid.documents.model import Document, Version
from tillid.kernel.clock import local_day
from tillid.process.access import Facts, Identity
from tillid.process.organisation import Round
from tillid.usecases.all_documents import in_all_documents
from tillid.usecases.choices import open_choices, refuse_words_of_who_left
from tillid.usecases.facts import Conflict
from tillid.usecases.keep_document import GROUP_LOCKED
from tillid.usecases.make_overview import OVERVIEW, groups_of, overview_id, round_named
from tillid.usecases.outside_facts import ASSESSMENT, assessments
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.writing import SYSTEM, note, note_of_system, record_event, snapshot

OPERATION = "lock_overview"
Cause = Literal["leader", "assessed", "time"]


class Locked(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``document_closed`` of a group's paper. ``round``: whose deadline its period is counted from; ``by``: what ended it."""

    why: str = GROUP_LOCKED
    version: int
    round: str
    by: Cause


def lock_overview(house: House, who: Identity, document: Document, facts: Facts) -> Version:
    """The leader's own lock. Nothing has to be filled in; the caller has asked for ``lock_overview``. Raises ``Conflict`` for a field
    that still holds two texts."""
    note(house, who, OPERATION, document)
    draft = house.documents.draft(document.id)
    if open_choices(house, draft, facts):
        raise Conflict("fields hold two texts")
    refuse_words_of_who_left(house, draft, facts)
    return _lock(house, who, document, "leader")


def lock_if_assessed(house: House, who: Identity, assessment: Document, version: Version) -> None:
    """Lock the paper of the child's group if that assessment was the last that was missing in its round."""
    if assessment.definition.form_id != ASSESSMENT:
        return
    child, round_ = house.people.child(assessment.child_id), _round_of(house, version.answers)
    if child is None or round_ is None:
        return
    document = house.documents.get(overview_id(round_.id, child.group))
    if document is not None and document.state == "draft" and _all_assessed(house, round_, child.group):
        note(house, who, OPERATION, document)
        _lock(house, who, document, "assessed")


def lock_overviews(open_house: OpenHouse) -> int:
    """Once a day: those whose time is over. Each is one transaction; returns how many."""
    count = 0
    for document_id in list(in_all_documents(open_house, _over)):
        with open_house() as house:
            document = house.documents.get(document_id)
            if document is not None and _is_over(house, document):
                note_of_system(house, OPERATION, document, "time")
                _lock(house, SYSTEM, document, "time")
                count += 1
    return count


def _over(house: House, document: Document) -> str | None:
    return document.id if _is_over(house, document) else None


def _is_over(house: House, document: Document) -> bool:
    if document.definition.form_id != OVERVIEW or document.state != "draft":
        return False
    round_ = _round_of(house, house.documents.draft(document.id).answers)
    return local_day(house.moment) >= locks_on(document, round_)


def locks_on(document: Document, round_: Round | None) -> date:
    """The day on which it is locked by itself, if nothing has ended it before."""
    begun = local_day(document.created_at)
    return after(max(begun, round_.deadline) if round_ is not None else begun, our_rules().round_ends)


def _lock(house: House, who: Identity, document: Document, by: Cause) -> Version:
    version = snapshot(house, who, document)
    house.documents.replace(msgspec.structs.replace(document, state="closed", versions=version.number))
    locked = Locked(version=version.number, round=round_named(version.answers), by=by)
    record_event(house, document, "document_closed", who.person_id, locked)
    house.outbox.add("render_copies", {"document": document.id, "version": str(version.number)}, house.moment)
    return version


def _all_assessed(house: House, round_: Round, group: str) -> bool:
    children = next((found for name, found in groups_of(house, round_) if name == group), [])
    wanted = [child for child in children if child.id in round_.assigned]
    return bool(wanted) and all(_assessed(house, child.id, round_) for child in wanted)


def _assessed(house: House, child_id: str, round_: Round) -> bool:
    locked = (house.documents.version(one.id, one.versions) for one in assessments(house.documents.of_child(child_id)))
    return any(one is not None and round_named(one.answers) == round_.id for one in locked)


def _round_of(house: House, answers: dict[str, Any]) -> Round | None:
    found = round_named(answers)
    return house.people.round(found) if found else None
