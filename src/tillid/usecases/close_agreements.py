"""A meeting is followed up until all that was agreed on is done: then who holds the agreements closes it (D7, R-90).

The minutes stay as they were locked. How each agreement ended is an event of its own, in codes and no words; the day of it is what the
sheet's period is counted from. What was closed too early is opened again, and counted from nothing until it is closed anew. A meeting that was
called and is not held is closed by its leader, and so falls due as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tillid.consents.events import Event
from tillid.documents.agreements import Agreement, agreements_in, ways_to_end
from tillid.documents.model import Document, State, Version
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.usecases.facts import Conflict, allowed, require
from tillid.usecases.fill import definition_of
from tillid.usecases.ports import House
from tillid.usecases.writing import already, note, record_event, tell

CLOSE, REOPEN, CANCEL = "close_agreements", "reopen_agreements", "cancel_meeting"
WAYS_IN = (CLOSE, REOPEN, CANCEL)
NOT_HELD = "meeting_not_held"
CLOSED, REOPENED = "document_closed", "document_reopened"


class AgreementsOpen(TillidError):
    """``places``: of the agreements for which nobody has said how they ended, from 0."""

    code = "agreements.open"
    text = (
        "Vælg for hver aftale, hvordan den er afsluttet. Er en aftale stadig i gang, kan mødet ikke afsluttes endnu. Intet er "
        "ændret."
    )

    def __init__(self, places: Sequence[int]) -> None:
        super().__init__(f"{len(places)} agreements")
        self.places = tuple(places)


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of ``document_closed`` of a meeting. ``version``: the minutes, of one that was not held the invitation; ``outcomes``: how each
    of its agreements ended, in order."""

    why: str = "agreements_done"
    version: int
    outcomes: tuple[str, ...]


class AgreementsPage(msgspec.Struct, frozen=True, kw_only=True):
    """``ends``: code → label of how an agreement can end; ``closing``: the event that closed it, while that stands; ``outcomes``: what it
    says; ``held``: there are minutes; ``given``: the parents have this version; ``turn``: how often it was closed or opened again so far."""

    document: Document
    title: str
    version: int
    agreements: tuple[Agreement, ...]
    ends: dict[str, str]
    closing: str
    closed_by: str
    closed_at: datetime | None
    outcomes: tuple[str, ...]
    held: bool
    given: bool
    turn: int


def agreements_page(house: House, who: Identity, document_id: str, language: str = "da") -> AgreementsPage:
    """What was agreed on at a locked meeting, for who works with it, or for its leader that one is called; logged. Raises ``NotFound``
    before that, and for others."""
    document, _ = require(house, who, WAYS_IN, document_id)
    note(house, who, "agreements_page", document)
    version = _minutes(house, document)
    definition = definition_of(house, version).in_language(language)
    turns = _turns(house, document)
    closing = _closing(turns)
    return AgreementsPage(
        document=document,
        title=definition.title,
        version=version.number,
        agreements=agreements_in(definition, version.answers, language),
        ends=ways_to_end(definition),
        closing=closing.id if closing else "",
        closed_by=closing.actor if closing else "",
        closed_at=closing.at if closing else None,
        outcomes=msgspec.convert(closing.payload, Done).outcomes if closing else (),
        held=document.attested_version is not None,
        given=document.shared_version == version.number,
        turn=len(turns),
    )


def close_agreements(
    house: House, who: Identity, document_id: str, version: int, outcomes: Sequence[str], *, event_id: str
) -> None:
    """1. may the person? 2. the same click before? 3. log 4. has every agreement ended? 5. close 6. let the archive have it. Raises
    ``AgreementsOpen``; ``Conflict`` when it was closed, or other minutes were locked, since the page was read."""
    document, _ = require(house, who, WAYS_IN, document_id)
    if already(house, document_id, event_id):
        return
    note(house, who, CLOSE, document)
    minutes = _minutes(house, document)
    if document.state != "submitted" or minutes.number != version:
        raise Conflict("closed or locked anew meanwhile")
    definition = definition_of(house, minutes)
    ends, wanted = ways_to_end(definition), len(agreements_in(definition, minutes.answers))
    if len(outcomes) != wanted or any(one not in ends for one in outcomes):
        said = [*outcomes, *[""] * wanted]
        raise AgreementsOpen([place for place in range(wanted) if said[place] not in ends])
    done = Done(version=version, outcomes=tuple(outcomes))
    _is_now(house, document, "closed", record_event(house, document, CLOSED, who.person_id, done, event_id=event_id))


def cancel_meeting(house: House, who: Identity, document_id: str, version: int, *, event_id: str) -> None:
    """The meeting that version ``version`` calls is not held: the sheet closes as it is, and its parents are told. Raises ``Conflict`` when
    it was locked, shared anew or closed since the page was read."""
    document, facts = require(house, who, WAYS_IN, document_id)
    if already(house, document_id, event_id):
        return
    note(house, who, CANCEL, document)
    if not allowed(house, who, CANCEL, facts) or document.versions != version:
        raise Conflict("locked, shared or closed meanwhile")
    done = Done(why=NOT_HELD, version=version, outcomes=())
    event = record_event(house, document, CLOSED, who.person_id, done, event_id=event_id)
    _is_now(house, document, "closed", event)
    # The archive's copy; an order of its own: the one from when it was shared may be under way.
    ids = {"document": document_id, "version": str(version), "cause": event.id}
    house.outbox.add("render_copies", ids, house.moment)
    if facts.custody is not None:
        tell(
            house,
            [one.person_id for one in facts.custody.current(house.moment)],
            NOT_HELD,
            event.id,
            document=document_id,
        )
    if facts.of_age:
        tell(house, [document.child_id], "meeting_about_you_not_held", event.id, document=document_id)


def reopen_agreements(house: House, who: Identity, document_id: str, closing: str, *, event_id: str) -> None:
    """Follow up again what ``closing`` closed, or call the meeting after all; nothing is due until it is closed anew. Raises ``Conflict`` when that does not stand any
    more."""
    document, _ = require(house, who, WAYS_IN, document_id)
    if already(house, document_id, event_id):
        return
    note(house, who, REOPEN, document)
    stands = _closing(_turns(house, document))
    if document.state != "closed" or stands is None or stands.id != closing:
        raise Conflict("opened again meanwhile")
    before: State = "submitted" if document.attested_version is not None else "shared"
    _is_now(house, document, before, record_event(house, document, REOPENED, who.person_id, event_id=event_id))


def _is_now(house: House, document: Document, state: State, event: Event) -> None:
    """A closed case is the archive's to find, an open one is not (design 22)."""
    house.documents.replace(msgspec.structs.replace(document, state=state))
    house.exclusions.add(document.id, event.id)
    house.outbox.add("index", {"document": document.id, "event": event.id}, house.moment)


def _turns(house: House, document: Document) -> list[Event]:
    return [event for event in house.ledger.of_document(document.id) if event.kind in (CLOSED, REOPENED)]


def _closing(turns: Sequence[Event]) -> Event | None:
    return turns[-1] if turns and turns[-1].kind == CLOSED else None


def _minutes(house: House, document: Document) -> Version:
    version = house.documents.version(document.id, document.versions)
    if version is None:
        raise NotFound("no locked minutes")
    return version
