"""Cases of earlier years, played through the use cases at their own moments, so that the archive holds real ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tillid.demo.archive_cases import ArchiveCase, archive_cases
from tillid.demo.playing import ParentLogin, Player
from tillid.kernel.clock import FixedClock
from tillid.kernel.ids import new_id
from tillid.usecases.agree import decline_transition
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.request_consent import request_consent
from tillid.usecases.seal_record import TIMESTAMP_STEP
from tillid.usecases.share_document import share_document
from tillid.usecases.start_document import start_document
from tillid.usecases.withdraw_consent import withdraw_consent

OpenAt = Callable[[FixedClock], OpenHouse]
FEW = 12  # the demo's; each case renders six documents


def load_past(open_at: OpenAt, login: ParentLogin, count: int = FEW) -> int:
    """Play ``count`` cases; ``open_at(clock)`` opens houses whose moment is that clock's. Returns how many."""
    for case in archive_cases(count):
        play(case, open_at, login)
    return count


def play(case: ArchiveCase, open_at: OpenAt, login: ParentLogin) -> str:
    """One case from the first draft to its outcome; returns the document's id."""
    clock = FixedClock(case.begun_at)
    player = Player(open_at(clock), login, leaves=frozenset({TIMESTAMP_STEP}))
    with player.open_house() as house:
        for parent, cpr in case.parents:
            house.people.put_parent(parent, cpr)
        house.people.put_child(case.child, case.child_cpr, case.custody)
    author = player.staff(case.author_id)
    with player.open_house() as house:
        document_id = start_document(house, author, case.child.id, case.form_id).id
    player.fill(author, document_id, case.professional)
    if case.leader:
        player.fill(player.leader_of(case.unit_id), document_id, case.leader)
    _at(clock, case.shared_at)
    with player.open_house() as house:
        share_document(house, author, document_id)
    player.drain()
    _at(clock, case.agreed_at)
    holders = player.holders(case.child.id)
    player.fill(holders[0], document_id, {**case.parents_part, **case.child_part})
    if case.outcome == "closed":
        with player.open_house() as house:
            decline_transition(house, holders[0], document_id)
    else:
        for who in (author, *holders):
            player.agree(who, document_id)
        player.drain()
        _consents(case, clock, player, document_id)
    player.drain()
    with player.open_house() as house:
        house.people.put_child(case.child_moved, case.child_cpr, case.custody)
        _no_stamps_of_today(house, document_id)
    return document_id


def _no_stamps_of_today(house: House, document_id: str) -> None:
    """No authority of those years is here, and a timestamp of today would be years younger than what the seals claim: that is a
    doubt, and rightly (ADR 0069)."""
    for entry in house.outbox.pending():
        if entry.step == TIMESTAMP_STEP:
            event = house.ledger.event(entry.ids["event"])
            if event is not None and event.document_id == document_id:
                house.outbox.remove(entry.key)


def _consents(case: ArchiveCase, clock: FixedClock, player: Player, document_id: str) -> None:
    author, holders = player.staff(case.author_id), player.holders(case.child.id)
    with player.open_house() as house:
        request_id = request_consent(house, author, document_id).id
    _at(clock, case.consented_at)
    for holder in holders:
        player.say_yes(holder, request_id)
    player.drain()
    if case.outcome == "withdrawn":
        _at(clock, case.withdrawn_at)
        with player.open_house() as house:
            withdraw_consent(house, holders[0], request_id, language="da", event_id=new_id())


def _at(clock: FixedClock, moment: datetime | None) -> None:
    if moment is not None:
        clock.moment = max(clock.moment, moment)
