"""What each person finds on the own front page: only what the person may open, and nothing about anybody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from tillid.consents.effective import HolderAnswer, Verdict, answers_of
from tillid.consents.model import ConsentRequest
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound
from tillid.process.access import LEADER_ROLES, Facts, Identity, relations
from tillid.process.organisation import Child, Round
from tillid.usecases.answer_meeting import MeetingLine, own_meetings
from tillid.usecases.facts import allowed, closed_to_answers, custody_of, facts_of, judge, requests_of
from tillid.usecases.later_part import named_in_lists, seen_parts
from tillid.usecases.municipal_rules import Reminder, child_reminders, gets_description, other_method
from tillid.usecases.open_round import LedRound, led_rounds
from tillid.usecases.own_consent import OwnState, own_state
from tillid.usecases.ports import House, Notice
from tillid.usecases.start_document import Beginning, beginnings, may_start_for
from tillid.usecases.whose_consent import is_of_age, may_answer
from tillid.usecases.writing import audit_row

ReceiverLine = Literal["waiting", "open", "unavailable"]


class DocumentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A document in a list. ``standing``: of the consent, for the sender's side and the parents (R-22)."""

    document: Document
    title: str
    child_name: str
    standing: str
    facts: Facts


class ChildLine(msgspec.Struct, frozen=True, kw_only=True):
    """A child of a unit the person works in."""

    child: Child
    unit_name: str
    documents: int


class NeutralLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a receiver's list shows of a document: number, sender, one of three words; never a name unless it is open, and
    never a parent's choice (R-22, design 24)."""

    document_id: str
    number: str
    sender: str
    line: ReceiverLine
    child_name: str
    since: str


class ConsentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A holder's own consents: what each covers in plain words, and whether it can be taken back (P5)."""

    request: ConsentRequest
    mine: HolderAnswer | None
    verdict: Verdict
    yes_titles: tuple[str, ...]
    may_answer: bool
    may_withdraw: bool
    state: OwnState


class StaffHome(msgspec.Struct, frozen=True, kw_only=True):
    """A professional's or leader's front page. ``rounds``: of the units the person leads; ``own_units``: with a page;
    ``own_parts``: what the place has written itself about children it received something of."""

    own_units: frozenset[str]
    children: tuple[ChildLine, ...]
    rounds: tuple[LedRound, ...]
    received: tuple[NeutralLine, ...]
    notices: tuple[Notice, ...]
    own_parts: tuple[DocumentLine, ...] = ()


class ParentHome(msgspec.Struct, frozen=True, kw_only=True):
    """A parent's front page, or that of a young person who decides itself (R-41). ``of_age``: ids of the ``children`` who do;
    ``register_silent``: of one of them nobody knows now who holds custody, so that more may be asked than is shown (R-33)."""

    children: tuple[Child, ...]
    documents: tuple[DocumentLine, ...]
    consents: tuple[ConsentLine, ...]
    meetings: tuple[MeetingLine, ...]
    notices: tuple[Notice, ...]
    of_age: frozenset[str] = frozenset()
    register_silent: bool = False


def staff_home(house: House, who: Identity) -> StaffHome:
    """Children of the own units and below, what was received, notices."""
    if who.kind != "staff":
        raise NotFound("not staff")
    organigram = house.people.organigram()
    units: set[str] = set()
    for one in who.assignments:
        if one.role in LEADER_ROLES:
            units |= organigram.below(one.unit_id)
        elif one.role == "professional":
            units.add(one.unit_id)
    children = [
        ChildLine(
            child=child,
            unit_name=organigram.units[unit].name,
            documents=sum(1 for d in house.documents.of_child(child.id) if _in_list(house, who, d)),
        )
        for unit in sorted(units)
        for child in house.people.children_of_unit(unit)
    ]
    places = sorted({a.unit_id for a in who.assignments})
    received = [line for unit in places for line in received_lines(house, who, unit)]
    notices = tuple(house.notices.of_person(who.person_id))
    rounds = led_rounds(house, who)
    return StaffHome(
        own_units=frozenset(units), children=tuple(children), rounds=rounds, received=tuple(received), notices=notices,
        own_parts=tuple(line for unit in places for line in _part_lines(house, who, unit)),
    )  # fmt: skip


def _part_lines(house: House, who: Identity, unit_id: str) -> list[DocumentLine]:
    """They stay in the list when what they follow on can be opened no more (design 11); then without a name, as that (R-22)."""
    lines = []
    for document in house.documents.to_unit(unit_id):
        for part in seen_parts(house, who, document):
            if house.people.child(part.child_id) is not None:
                lines.append(_line(house, part, named_in_lists(house, who, part)))
    return lines


def _in_list(house: House, who: Identity, document: Document) -> bool:
    facts = facts_of(house, document)
    return any(allowed(house, who, op, facts) for op in ("see_status", "see_draft", "read_individual"))


def received_lines(house: House, who: Identity, unit_id: str) -> list[NeutralLine]:
    """The receiver's neutral list for one unit."""
    lines = []
    for document in house.documents.to_unit(unit_id):
        facts = facts_of(house, document)
        may_open = allowed(house, who, "read_released", facts)
        if not may_open and not allowed(house, who, "see_receiver_line", facts):
            continue
        child = house.people.child(document.child_id) if may_open else None
        unit = house.people.unit(document.unit_id)
        lines.append(
            NeutralLine(
                document_id=document.id,
                number=document.number,
                sender=unit.name if unit else "",
                line="open" if may_open else _closed_line(facts),
                child_name=child.name if child else "",
                since=document.created_at.date().isoformat(),
            )
        )
    return lines


def _closed_line(facts: Facts) -> ReceiverLine:
    """What was never open waits, whatever was answered: a line that changed at a no would tell of it (R-22, design 24)."""
    verdict = facts.verdict
    if verdict is None or verdict.reason == "corrected":  # for good; else what is missing may come again
        return "unavailable"
    return "waiting" if not verdict.signed or verdict.standing == "missing" else "unavailable"


class ChildPage(msgspec.Struct, frozen=True, kw_only=True):
    """A child's page for the professionals of its unit. ``beginnings``: the forms the person may begin about the child;
    ``reminders``, ``other_method``, ``gets_description``: what the municipality's choices mean here."""

    child: Child
    masked_cpr: str
    unit_name: str
    documents: tuple[DocumentLine, ...]
    rounds: tuple[Round, ...]
    beginnings: tuple[Beginning, ...]
    reminders: tuple[Reminder, ...] = ()
    other_method: bool = False
    gets_description: bool = True


def child_page(house: House, who: Identity, child_id: str, language: str = "da") -> ChildPage:
    """The child's documents that ``who`` may see, logged before they are told; ``NotFound`` for a child ``who`` does not work with (R-70)."""
    child = house.people.child(child_id)
    if child is None or not may_start_for(house, who, child):
        raise NotFound("not this person's child")
    house.audit.write(audit_row(house, who, "see_child", child.id, child.id, "see_child"))
    unit = house.people.unit(child.unit_id)
    documents = tuple(
        _line(house, d, child.name, language) for d in house.documents.of_child(child.id) if _in_list(house, who, d)
    )
    rounds = tuple(
        r for r in house.people.rounds_of_unit(child.unit_id) if who.person_id in r.assigned.get(child.id, ())
    )
    return ChildPage(
        child=child,
        masked_cpr=house.people.masked_cpr(child.id),
        unit_name=unit.name if unit else "",
        documents=documents,
        rounds=rounds,
        beginnings=beginnings(house, who, child.unit_id, child, language),
        reminders=child_reminders(house, who, child),
        other_method=other_method(house, child.unit_id),
        gets_description=gets_description(house, child),
    )


def _line(house: House, document: Document, child_name: str, language: str = "da") -> DocumentLine:
    facts = facts_of(house, document)
    form = house.definitions.of(document.definition).in_language(language)
    standing = facts.verdict.word if facts.verdict is not None and facts.asked else ""
    return DocumentLine(document=document, title=form.title, child_name=child_name, standing=standing, facts=facts)


def parent_home(house: House, who: Identity) -> ParentHome:
    """The children a parent holds custody of, what is shared about them, and the own consents (P3, P5, P8); of a young person: itself."""
    if who.kind == "staff":
        raise NotFound("an employee")
    own = house.people.child(who.person_id) if who.kind == "young" else None
    children = (own,) if own else tuple(house.people.children_of_holder(who.person_id, house.moment))
    documents, consents, meetings = [], [], []
    for child in children:
        for document in house.documents.of_child(child.id):
            facts = facts_of(house, document)
            if allowed(house, who, "read_parent_copy", facts) or allowed(house, who, "see_draft", facts):
                documents.append(_line(house, document, child.name))
            if allowed(house, who, "see_consent", facts):
                consents += own_consents(house, who, document)
            if allowed(house, who, "withdraw_meeting", facts):
                meetings += own_meetings(house, who, document, facts)
    notices = tuple(house.notices.of_person(who.person_id))
    documents += _granted(house, who, notices)
    return ParentHome(
        children=children,
        documents=tuple(documents),
        consents=tuple(consents),
        meetings=tuple(meetings),
        notices=notices,
        of_age=frozenset(child.id for child in children if is_of_age(house, child.id)),
        register_silent=any(custody_of(house, child.id) is None for child in children),
    )


def _granted(house: House, who: Identity, notices: Iterable[Notice]) -> list[DocumentLine]:
    """What a foster parent was told of and may read now (R-36): the notice leads there, the ledger decides."""
    told = dict.fromkeys(one.ids["document"] for one in notices if one.text_id == "reading_granted")
    found = []
    for document in filter(None, map(house.documents.get, told)):
        child = house.people.child(document.child_id)
        if child and "granted" in relations(who, facts_of(house, document), house.moment):
            found.append(msgspec.structs.replace(_line(house, document, child.name), standing=""))
    return found


def own_consents(house: House, who: Identity, document: Document) -> list[ConsentLine]:
    """The holder's own answers about ``document``, newest request first."""
    events = house.ledger.of_document(document.id)
    custody = custody_of(house, document.child_id)
    lines = []
    for request in reversed(requests_of(events)):
        if who.person_id not in request.series:
            continue
        mine = answers_of(request, events).get(who.person_id)
        verdict = judge(house, request, events, custody)
        titles = tuple(item.title for item in request.items if mine and item.id in mine.yes)
        state = own_state(request, mine, events, verdict, house.moment)
        lines.append(
            ConsentLine(
                request=request,
                mine=mine,
                verdict=verdict,
                yes_titles=titles,
                may_answer=mine is None
                and who.person_id in may_answer(house, request, custody)
                and closed_to_answers(request, events, house.moment) is None,
                may_withdraw=mine is not None and bool(mine.yes) and state != "asked_again",
                state=state,
            )
        )
    return lines
