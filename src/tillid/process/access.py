"""One question: ``may(person, operation, facts, moment)``. The answer never comes from a cached flag (design 5, 14).

The table is ``permissions.csv``: operation × relation × state. A row that is not there is a no. Facts are gathered by
the use case from ledger, register and document; nothing here reads anything.
"""

from __future__ import annotations

import csv
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from tillid.consents.custody import Custody
from tillid.consents.effective import Verdict
from tillid.consents.held import HeldShare
from tillid.consents.login import is_assured
from tillid.consents.model import LoginEvidence
from tillid.documents.model import Document
from tillid.forms.problems import AnswerProblem
from tillid.process.organisation import Assignment, Organigram, Role, Round, Staff
from tillid.process.sharing import Way, steps

Relation = Literal[
    "author", "team", "leader", "former_team", "former_leader", "own_writer", "own_leader", "holder", "granted", "young", "receiver",
    "named", "archivist", "notification_archivist", "dpo", "round_peer", "asked_before", "notifier", "intake",
]  # fmt: skip
SENDER_ROLES: frozenset[Role] = frozenset({"professional", "leader", "area_leader"})
LEADER_ROLES: frozenset[Role] = frozenset({"leader", "area_leader"})
NOTIFICATION = "underretning"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks. ``kind`` ``young``: a child that decides about its own consents (R-41); its id is the child's. ``login`` is there for
    parents and the young: what proves the person behind a click;
    what the system makes in a parent's name (an ordered file) has none."""

    person_id: str
    name: str
    kind: Literal["staff", "parent", "young"]
    assignments: tuple[Assignment, ...] = ()
    login: LoginEvidence | None = None
    session_id: str = ""

    @classmethod
    def of_staff(cls, staff: Staff, session_id: str = "") -> Identity:
        """The employee with the assignments held now."""
        return cls(
            person_id=staff.id, name=staff.name, kind="staff", assignments=staff.assignments, session_id=session_id
        )

    def roles_in(self, units: tuple[str, ...]) -> frozenset[Role]:
        """The roles held in any of ``units``."""
        return frozenset(one.role for one in self.assignments if one.unit_id in units)

    @property
    def role_name(self) -> str:
        """For the audit log: ``parent``, ``young`` or the first role."""
        return self.kind if self.kind != "staff" or not self.assignments else self.assignments[0].role


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """All that the question needs to know of one document at one moment. ``custody``: ``None`` = register silent;
    ``verdict``: of the consent, ``decided``: of a leader's decision to share without one (design 14);
    ``way``: what its form's states let happen to it; ``release_stopped``: fields of what the consent lets through that
    hold an address which the register knows as protected by now (R-37); ``granted``: who may read by a leader's grant now (R-36);
    ``of_age``: the child decides about its own consents (R-41); ``child_unit``: where the child is now, empty without one that the
    register knows; ``source_readers``: of a receiver's own document, whom the leader let read what it follows on, while that is open;
    ``held``: what a backup that was put back holds (ADR 0082)."""

    document: Document
    way: Way = Way()
    organigram: Organigram
    custody: Custody | None
    verdict: Verdict | None
    decided: Verdict | None = None
    asked: bool
    asked_holders: frozenset[str] = frozenset()
    meeting_asked: bool = False
    archivable: bool = False
    release_stopped: tuple[AnswerProblem, ...] = ()
    round: Round | None = None
    submitted_by: frozenset[str] = frozenset()
    granted: frozenset[str] = frozenset()
    of_age: bool = False
    child_unit: str = ""
    source_readers: frozenset[str] = frozenset()
    held: tuple[HeldShare, ...] = ()


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """``reason`` is a stable code for the log, never shown: people get one answer for missing and forbidden alike."""

    allowed: bool
    reason: str


@cache
def table() -> dict[tuple[str, str], frozenset[str]]:
    """(operation, relation) → states in which it is allowed."""
    with (Path(__file__).parent / "permissions.csv").open(encoding="utf-8") as file:
        return {(row["operation"], row["relation"]): frozenset(row["states"].split()) for row in csv.DictReader(file)}


@cache
def operations() -> frozenset[str]:
    """Every operation the table knows."""
    return frozenset(operation for operation, _ in table())


def is_notification(document: Document) -> bool:
    """Whether it is an underretning: outside every child's folder, always (R-54)."""
    return document.definition.form_id == NOTIFICATION


def is_authors_alone(document: Document) -> bool:
    """Whether its draft is nobody's to read but its author's: a mark (design 25), an underretning (R-54)."""
    return document.round_id is not None or is_notification(document)


def relations(who: Identity, facts: Facts, moment: datetime) -> frozenset[Relation]:
    """How ``who`` stands to the document at ``moment``."""
    document, found = facts.document, set()
    if is_notification(document):
        return _to_notification(who, facts)
    individual = document.round_id is not None
    if who.kind == "young":
        return _to_own(who, facts)
    if who.kind == "parent":
        if who.login is not None and not is_assured(who.login):
            return frozenset()  # nobody reads or answers by a login that is not sure whose it is
        if individual:
            return frozenset()  # a mark is never a parent's to read, whatever became of it (T9)
        if facts.custody is None:
            # The register is silent: nothing opens, but who was asked can still take a yes back.
            return frozenset({"asked_before"}) if who.person_id in facts.asked_holders else frozenset()
        if facts.custody.holder(who.person_id, moment):
            return frozenset({"holder"})
        return frozenset({"granted"}) if who.person_id in facts.granted else frozenset()
    found |= _of_sender(who, facts)
    if document.receiver_unit_id and not individual:
        at_receiver = who.roles_in((document.receiver_unit_id,))
        if "leader" in at_receiver:
            found.add("receiver")
        elif who.person_id in document.named_readers and "professional" in at_receiver:
            found.add("named")
    if document.unit_id in units_of_controller(who, "archivist", facts.organigram):
        found.add("archivist")
    if document.unit_id in units_of_controller(who, "dpo", facts.organigram):
        found.add("dpo")
    return frozenset(found)


def _of_sender(who: Identity, facts: Facts) -> frozenset[Relation]:
    """Who works or leads where it was written; once the child has gone to a place where the person does neither, ``former_team`` and
    ``former_leader``, who read nothing of it any more, and nobody to a mark (R-70, ADR 0071)."""
    document, found = facts.document, set[Relation]()
    if document.source is not None:
        return _to_later_part(who, facts)
    if not works_with(who, document.unit_id, facts.organigram):
        return frozenset()
    stays = not facts.child_unit or works_with(who, facts.child_unit, facts.organigram)
    if document.round_id is not None:
        if stays and document.author == who.person_id:
            found.add("author")
        if stays and facts.round is not None and who.person_id in facts.submitted_by:
            found.add("round_peer")
        return frozenset(found)
    found.add("team" if stays else "former_team")
    if leads(who, document.unit_id, facts.organigram):
        found.add("leader" if stays else "former_leader")
    return frozenset(found)


def _to_later_part(who: Identity, facts: Facts) -> frozenset[Relation]:
    """What a receiver wrote in a document of its own is for nobody there who was never let read what it follows on: for the leader of
    that very place, for who began it, and for whom the leader named, these no longer than that is open; for nobody once the child
    is at neither place (R-70, ADR 0074)."""
    own, source = facts.document, facts.document.source
    assert source is not None
    if facts.child_unit not in ("", own.unit_id, source.unit_id):
        return frozenset()
    here = who.roles_in((own.unit_id,))
    if "leader" in here:
        return frozenset({"own_writer", "own_leader"})
    named = who.person_id == own.author or who.person_id in facts.source_readers
    return frozenset({"own_writer"}) if named and "professional" in here else frozenset()


def works_with(who: Identity, unit_id: str, organigram: Organigram) -> bool:
    """Whether ``who`` is a professional of the unit, or a leader of it or above it (R-70)."""
    if who.kind != "staff":
        return False
    return "professional" in who.roles_in((unit_id,)) or leads(who, unit_id, organigram)


def leads(who: Identity, unit_id: str, organigram: Organigram) -> bool:
    """Whether ``who`` is a leader of the unit or of one above it."""
    return who.kind == "staff" and bool(who.roles_in(organigram.above(unit_id)) & LEADER_ROLES)


def _to_own(who: Identity, facts: Facts) -> frozenset[Relation]:
    """The child itself, from its fifteenth birthday, to what its parents were given about it; never to a mark (T9), and no register of
    custody is asked (R-41)."""
    own = facts.of_age and facts.document.child_id == who.person_id and facts.document.round_id is None
    sure = who.login is None or is_assured(who.login)
    return frozenset({"young"}) if own and sure else frozenset()


def _to_notification(who: Identity, facts: Facts) -> frozenset[Relation]:
    """The notifier, once it is addressed the municipality's intake, and who looks after how long it is kept, with a role for that
    alone (ADR 0060). No colleague, leader, parent, ordinary archivist or data protection officer stands to it in any way: nobody can
    stop it, and nobody hears of it from us (R-50, R-53, R-54)."""
    if who.kind != "staff":
        return frozenset()
    found: set[Relation] = {"notifier"} if facts.document.author == who.person_id else set()
    addressed = facts.document.receiver_unit_id
    above = (facts.organigram.above(one.unit_id) for one in who.assignments if one.role == "intake")
    if addressed is not None and any(addressed in units for units in above):
        found.add("intake")
    if facts.document.unit_id in units_of_controller(who, "notification_archivist", facts.organigram):
        found.add("notification_archivist")
    return frozenset(found)


def units_of_controller(who: Identity, role: Role, organigram: Organigram) -> frozenset[str]:
    """The units of the own data controller (R-05) for which ``who`` is ``role``: below the assignment, same controller."""
    found: set[str] = set()
    for one in who.assignments:
        if one.role == role and one.unit_id in organigram.units:
            own = organigram.units[one.unit_id].controller.id
            found |= {u for u in organigram.below(one.unit_id) if organigram.units[u].controller.id == own}
    return frozenset(found)


def states(facts: Facts) -> frozenset[str]:
    """The states the document is in, as the table names them; several hold at once (``signed`` and ``effective``)."""
    document = facts.document
    now = set(steps(document, facts.way))
    if document.state == "draft" and not document.versions and not is_authors_alone(document):
        now.add("team_draft")
    if document.state != "shared" or facts.way.shared:  # closed where the form lets no parent in
        now.add(document.state)
    if document.state == "shared" and document.agreed_version is not None:
        now.add("agreed")
    if facts.asked:
        now.add("asked")
    if facts.held:
        now.add("held")
    if facts.meeting_asked:
        now |= {"meeting", "meeting_open"} if document.state in ("draft", "shared") else {"meeting"}
    if facts.decided is not None:
        now.add("decided")
    if any(one is not None and one.effective for one in (facts.verdict, facts.decided)) and not facts.release_stopped:
        now.add("effective")
    if _may_be_renewed(facts):
        now.add("ended")
    if facts.round is not None and _round_open(facts):
        now.add("open_round")
    if facts.archivable:
        now.add("archivable")
    return frozenset(now)


def _may_be_renewed(facts: Facts) -> bool:
    """The consent has ended, with the day that the child decides itself too (R-41), or waits for who was never asked, and its version is
    still the agreed one: a fresh question may be put (R-21)."""
    document, verdict = facts.document, facts.verdict
    open_case = document.state in ("shared", "signed") and document.agreed_version is not None
    return open_case and verdict is not None and verdict.over


def _round_open(facts: Facts) -> bool:
    """All assigned have submitted, or the round was opened at its deadline (design 25)."""
    assert facts.round is not None
    assigned = frozenset(facts.round.assigned.get(facts.document.child_id, ()))
    return facts.round.opened or bool(assigned) and assigned <= facts.submitted_by


def may(who: Identity, operation: str, facts: Facts, moment: datetime) -> Decision:
    """Whether ``who`` may do ``operation``; raises ``KeyError`` for an operation that no row names."""
    if operation not in operations():
        raise KeyError(operation)
    standing = relations(who, facts, moment)
    current = states(facts)
    allowed_by = [one for one in standing if table().get((operation, one), frozenset()) & current]
    if allowed_by:
        return Decision(allowed=True, reason=f"{operation} as {min(allowed_by)}")
    return Decision(allowed=False, reason=f"no row for {operation} as {sorted(standing)} in {sorted(current)}")


def may_all(who: Identity, facts: Facts, moment: datetime) -> frozenset[str]:
    """Every operation that ``may`` allows; for a page that shows all ways on."""
    standing, current = relations(who, facts, moment), states(facts)
    return frozenset(operation for (operation, one), when in table().items() if one in standing and when & current)
