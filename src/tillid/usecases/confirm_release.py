"""A backup was put back; a person has looked and says that no withdrawal since is missing: then it is open again (R-17, R-18, ADR 0082).

For one share by a leader of where it was written, who knows what the parents have said; for all of an installation by its
administrator, who has the logs and sees nothing of any child. Parents take back at once, whatever is held.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import msgspec

from tillid.consents.held import HeldShare
from tillid.consents.restored import CONFIRMED, Confirmed, LookedAt, Restored, Shown
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Facts, Identity
from tillid.usecases.facts import gathered, require
from tillid.usecases.ports import AuditRow, House
from tillid.usecases.retry_step import begin_anew
from tillid.usecases.running_state import require_administrator
from tillid.usecases.writing import already, audit_row, note, receiver_people, record_event, tell

OPERATION = "confirm_release"
ALL = "confirm_restored"
HELD_BACK = "release.restored"  # what a step says that waits for it
SHOWN: tuple[Shown, ...] = get_args(Shown)


class NothingShown(TillidError):
    code = "restored.nothing-shown"
    text = "Vælg, hvad der viser, at ingen tilbagekaldelse mangler."


class HeldPage(msgspec.Struct, frozen=True, kw_only=True):
    """``held``: what can be confirmed; ``restored``: the backups that hold it."""

    document: Document
    held: tuple[HeldShare, ...]
    restored: tuple[Restored, ...]


def held_page(house: House, who: Identity, document_id: str) -> HeldPage:
    """What of the document is held back; ``NotFound`` for everybody but the sender's leaders, and when nothing is."""
    document, facts = require(house, who, OPERATION, document_id)
    note(house, who, "held_page", document)
    return HeldPage(document=document, held=facts.held, restored=_holding(house, facts))


def confirm_release(
    house: House, who: Identity, document_id: str, share_id: str, shown_by: Iterable[str], *, event_id: str
) -> None:
    """``share_id`` is open again with this transaction, as far as nothing else stops it. The same click (``event_id``) twice is one.
    Raises ``NotFound``, ``NothingShown``."""
    if already(house, document_id, event_id) is not None:
        return
    document, facts = require(house, who, OPERATION, document_id)
    share = next((one for one in facts.held if one.id == share_id), None)
    if share is None:
        raise NotFound("not held")
    said = Confirmed(restored=share.restored, shown_by=_shown(shown_by))
    note(house, who, OPERATION, document)
    event = record_event(house, document, CONFIRMED, who.person_id, said, request_id=share_id, event_id=event_id)
    _let_follow(house, document, share_id, event.id)


def _let_follow(house: House, document: Document, share_id: str, event_id: str) -> None:
    """Where the share is what the receiver reads by: its copy may never have been made. The archive's index is the same as before: a
    case that is held stays its."""
    facts, found = gathered(house, document)
    if found is None or found[0].id != share_id or not found[1].effective:
        return
    ids = {"document": document.id, "request": share_id, "event": event_id}
    house.outbox.add("render_released", ids, house.moment)
    if not facts.release_stopped:  # else ``render_released`` tells the sender
        tell(house, receiver_people(house, document), "released", event_id, document=document.id)


def restorations(house: House, who: Identity) -> tuple[Restored, ...]:
    """Every backup that was put back, newest first; ``NotFound`` for who is no administrator."""
    require_administrator(who)
    return tuple(reversed(house.restorations.all()))


def confirm_restored(house: House, who: Identity, restored_id: str, shown_by: Iterable[str]) -> None:
    """All that this one held is open again with this transaction, as far as nothing else stops it. Raises ``NotFound``,
    ``NothingShown``; the row in the log comes first, and without it nothing is opened."""
    require_administrator(who)
    one = next((one for one in house.restorations.all() if one.id == restored_id), None)
    if one is None:
        raise NotFound("no such restoration")
    if one.looked_at is not None:
        return
    looked_at = LookedAt(by=who.person_id, at=house.moment, shown_by=_shown(shown_by))
    house.audit.write(_row(house, who, one, looked_at))
    house.restorations.look_at(restored_id, looked_at)
    for entry in house.outbox.pending():
        if entry.last_error == HELD_BACK:  # now, not in an hour
            begin_anew(house, entry)


def _row(house: House, who: Identity, one: Restored, looked_at: LookedAt) -> AuditRow:
    return audit_row(house, who, ALL, one.id, "", " ".join(looked_at.shown_by))


def _shown(chosen: Iterable[str]) -> tuple[Shown, ...]:
    asked = set(chosen)
    found = tuple(one for one in SHOWN if one in asked)
    if not found or asked - set(SHOWN):
        raise NothingShown("nothing, or what is not on the list")
    return found


def _holding(house: House, facts: Facts) -> tuple[Restored, ...]:
    ids = {one for share in facts.held for one in share.restored}
    return tuple(one for one in house.restorations.all() if one.id in ids)
