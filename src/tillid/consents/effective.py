"""What is effective now: a pure function of events, custody and one moment (design 13; R-17, R-22, R-31 to R-33, R-41).

*Signed* is history: every required holder has given and the intersection of their yeses was not empty. *Effective* is
the answer to "may the receiver read, this second?". The Plone workflow state is never asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

import msgspec

from tillid.consents.custody import Custody
from tillid.consents.events import Event, EventKind
from tillid.consents.model import ConsentRequest, Given, Withdrawn
from tillid.consents.of_age import BY_AGE, NOT_YET, PARENTS_ENDED, Question, asks_child, decides_itself
from tillid.consents.restored import REASON as RESTORED
from tillid.consents.restored import Restored, holding
from tillid.kernel.clock import end_of

Standing = Literal["missing", "valid", "refused", "withdrawn", "expired"]
Kinds = tuple[EventKind, EventKind, EventKind]
ENDED: frozenset[Standing] = frozenset({"refused", "withdrawn", "expired"})
ASKED_AGAIN = "asked-again"  # why a question counts no more: another has taken its place


class HolderAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One holder's newest answer and what later withdrawals left of it. ``yes``: item ids still said yes to."""

    holder_id: str
    event_id: str
    event_digest: str
    at: datetime
    refused: bool
    yes: frozenset[str]
    oral: bool
    withdrawn_at: datetime | None = None
    withdrawn_items: frozenset[str] = frozenset()

    @property
    def closed(self) -> bool:
        """Whether this answer alone closes the set: a full refusal or nothing left after withdrawals (R-32)."""
        return self.refused or not self.yes


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a request at one moment. ``reason``: a stable code for logs and tests; ``items``: what is released; ``unasked``:
    somebody whose answer is missing was never asked, having got custody since."""

    standing: Standing
    effective: bool
    signed: bool
    items: frozenset[str]
    oral: bool
    reason: str
    waiting_for: tuple[str, ...] = ()
    unasked: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing but a fresh question can help (R-21): it has ended, or others are to be asked by now (R-33, R-41)."""
        return self.standing in ENDED or self.reason in BY_AGE or self.unasked

    @property
    def held(self) -> bool:
        """Whether it would be effective, if it were known that nothing was taken back before a backup was put back (ADR 0082)."""
        return self.reason == RESTORED

    @property
    def stands(self) -> bool:
        """Effective, or held back: nothing that is known has ended it."""
        return self.effective or self.held

    @property
    def word(self) -> str:
        """For who may see how it stands."""
        return "held" if self.held else self.standing


CONSENT: Kinds = ("consent_given", "consent_refused", "consent_withdrawn")


def answers_of(request: Question, events: Iterable[Event], kinds: Kinds = CONSENT) -> dict[str, HolderAnswer]:
    """Holder id → that holder's answer after withdrawals; the first answer per holder counts, later ones need a new
    request (R-21). ``kinds``: of the events that say yes, no, and not any more."""
    yes, no, taken_back = kinds
    answers: dict[str, HolderAnswer] = {}
    for event in events:
        if event.request_id != request.id:
            continue
        if event.kind in (yes, no):
            given = msgspec.convert(event.payload, Given)
            answers.setdefault(given.holder_id, _first_answer(event, given, refused=event.kind == no))
        elif event.kind == taken_back:
            withdrawn = msgspec.convert(event.payload, Withdrawn)
            if withdrawn.holder_id in answers:
                answers[withdrawn.holder_id] = _narrowed(answers[withdrawn.holder_id], event, withdrawn)
    return answers


def any_no(request: ConsentRequest, events: Iterable[Event]) -> bool:
    """Whether anybody has ever said no to, or taken back, any part of what ``request`` asked: what has run out since, stays said (R-02)."""
    return any(len(said.yes) < len(request.items) for said in answers_of(request, events).values())


def _first_answer(event: Event, given: Given, *, refused: bool) -> HolderAnswer:
    yes = frozenset(item for item, said in given.answers.items() if said)
    return HolderAnswer(
        holder_id=given.holder_id,
        event_id=event.id,
        event_digest=event.digest,
        at=event.at,
        refused=refused,
        yes=yes,
        oral=given.oral and bool(yes),
    )


def _narrowed(answer: HolderAnswer, event: Event, withdrawn: Withdrawn) -> HolderAnswer:
    taken = frozenset(withdrawn.items) or answer.yes
    left = answer.yes - taken
    return msgspec.structs.replace(
        answer,
        yes=left,
        oral=answer.oral and bool(left),
        withdrawn_at=event.at,
        withdrawn_items=answer.withdrawn_items | taken,
    )


def required_holders(
    request: ConsentRequest, custody: Custody, moment: datetime, resident_suffices: bool
) -> frozenset[str]:
    """Who must have said yes at ``moment``: all holders; the resident one alone only where the municipality's setting
    for the transition says so and residence is not shared (R-31)."""
    current = custody.current(moment)
    residents = [holder for holder in current if holder.resident]
    if resident_suffices and not custody.shared_residence and len(residents) == 1:
        return frozenset({residents[0].person_id})
    return frozenset(holder.person_id for holder in current)


def evaluate(
    request: ConsentRequest,
    events: Sequence[Event],
    custody: Custody | None,
    moment: datetime,
    *,
    restored: Collection[Restored],
    resident_suffices: bool = False,
    born: date | None = None,
) -> Verdict:
    """The state of ``request`` at ``moment``. ``custody`` is ``None`` when the register does not answer: then nothing
    is released (R-33). ``events``: all events of the document, in order. ``restored``: every backup that was put back. ``born``: the child's birthday: what its parents
    consented to ends with its fifteenth, and from then on what it says itself counts (R-41); without it no question to the child does,
    and what parents said is not ended by age."""
    own = [event for event in events if event.request_id == request.id]
    answers = answers_of(request, own)
    signed = any(event.kind == "set_signed" for event in own)
    released = _intersection(answers.values())
    found = (
        _closed_by_a_holder(answers.values())
        or _closed_by_the_text(request, own, events)
        or _closed_by_age(request, born, moment)
        or _not_answered_by_all(request, answers, custody, moment, resident_suffices, signed)
        or _by_what_all_gave(request, answers.values(), released, moment, signed)
    )
    if found.reason == "effective" and asked_again(request, events):
        found = _Found("missing", ASKED_AGAIN)
    if found.reason == "effective" and holding(request.id, request.created_at, events, restored):
        found = _Found("missing", RESTORED)
    effective = found.reason == "effective"
    return Verdict(
        standing=found.standing,
        effective=effective,
        signed=signed,
        items=released if effective else frozenset(),
        oral=effective and bool(released) and all(answer.oral for answer in answers.values()),
        reason=found.reason,
        waiting_for=tuple(sorted(found.waiting)),
        unasked=not found.waiting <= request.series.keys(),
    )


class _Found(NamedTuple):
    standing: Standing
    reason: str
    waiting: frozenset[str] = frozenset()


def _closed_by_a_holder(answers: Collection[HolderAnswer]) -> _Found | None:
    """1. What one holder closed stays closed, also after that holder has left (design 13)."""
    if any(answer.withdrawn_at and answer.closed for answer in answers):
        return _Found("withdrawn", "withdrawn")
    if any(answer.refused for answer in answers):
        return _Found("refused", "refused")
    return None


def _closed_by_the_text(request: ConsentRequest, own: Iterable[Event], events: Iterable[Event]) -> _Found | None:
    """2. An edit voids an incomplete request; a complete one covers its version until that is marked corrected (R-11)."""
    if any(event.kind == "request_voided" for event in own):
        return _Found("missing", "voided")
    return _Found("missing", "corrected") if _corrected(request, events) else None


def _closed_by_age(request: ConsentRequest, born: date | None, moment: datetime) -> _Found | None:
    """3. Parents' yeses are not silently carried on into the years in which the child is asked itself, and before that it is not
    the child's to say (R-41)."""
    of_age = born is not None and decides_itself(born, moment)
    if asks_child(request):
        return None if of_age else _Found("missing", NOT_YET)
    return _Found("missing", PARENTS_ENDED) if of_age else None


def _not_answered_by_all(
    request: ConsentRequest,
    answers: Mapping[str, HolderAnswer],
    custody: Custody | None,
    moment: datetime,
    resident_suffices: bool,
    signed: bool,
) -> _Found | None:
    """4. Who must have answered is asked of the register now, not when the question was put (R-33); of a child that decides itself,
    nobody else."""
    if asks_child(request):
        required = frozenset({request.child_id})
    elif custody is None:
        return _Found("missing", "custody-unknown")
    else:
        required = required_holders(request, custody, moment, resident_suffices)
    if not required:
        return _Found("missing", "no-holder")
    missing = required - answers.keys()
    return _Found("missing", "suspended" if signed else "waiting", missing) if missing else None


def _by_what_all_gave(
    request: ConsentRequest,
    answers: Collection[HolderAnswer],
    released: frozenset[str],
    moment: datetime,
    signed: bool,
) -> _Found:
    """5. An empty intersection releases nothing and is not signed (R-32); "til og med D" ends at D+1 00:00 Copenhagen
    time."""
    if not released:
        return _Found("withdrawn" if any(a.withdrawn_at for a in answers) else "refused", "nothing-in-common")
    if moment >= end_of(request.valid_to):
        return _Found("expired", "expired")
    return _Found("valid", "effective") if signed else _Found("missing", "not-signed")


def _intersection(answers: Iterable[HolderAnswer]) -> frozenset[str]:
    sets = [answer.yes for answer in answers]
    return frozenset.intersection(*sets) if sets else frozenset()


def asked_again(request: ConsentRequest, events: Sequence[Event]) -> bool:
    """Whether a later question is about the very same version: then that one is to be answered, and this one opens nothing, also
    when who had come since has left again (R-21)."""
    asked = (event for event in reversed(events) if event.kind == "request_created")
    same = (one.request_id for one in asked if one.payload["document"]["version"] == request.document.version)
    return next(same, request.id) != request.id


def _corrected(request: ConsentRequest, events: Iterable[Event]) -> bool:
    corrections = [event for event in events if event.kind == "version_corrected"]
    return any(event.payload.get("version") == request.document.version for event in corrections)
